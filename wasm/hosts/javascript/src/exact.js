// Numbers that JavaScript cannot hold exactly, as their digits.

/** A decimal by its digits: `new Exact("37.10")`. In answers, what no number of JavaScript is equal to. */
export class Exact {
  constructor(text) {
    if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) throw new TypeError("these are not the digits of a number");
    this.text = text;
    Object.freeze(this);
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.text;
  }
}

const LONG = /\d[\d.]{15}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const MARK = "\u0000exact:";

/** JSON as a module writes it, in which numbers keep all their digits. */
export function read(text) {
  if (!LONG.test(text)) return JSON.parse(text);
  const marked = text.replace(TOKEN, (token) => (token[0] === '"' || held(token) ? token : `"\\u0000exact:${token}"`));
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(MARK) ? new Exact(value.slice(MARK.length)) : value,
  );
}

/** Whether a number of JavaScript is equal to these digits. */
function held(digits) {
  const plain = (text) => text.replace(/\.0+$|(\.\d*?[1-9])0+$/, "$1");
  return plain(written(Number(digits))) === plain(digits);
}

/** A number digit by digit; JavaScript gives what is small an exponent. */
function written(number) {
  const [, sign, first, rest = "", exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(number)) ?? [];
  return exponent === undefined ? String(number) : `${sign}0.${"0".repeat(Number(exponent) - 1)}${first}${rest}`;
}
