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

/** What is written with these digits: a number of JavaScript where one is equal to it. */
export function numbered(text) {
  return held(text) ? Number(text) : new Exact(text);
}

/** Whether a number of JavaScript is equal to these digits. */
function held(text) {
  const plain = (of) => of.replace(/\.0+$|(\.\d*?[1-9])0+$/, "$1");
  return plain(digits(Number(text))) === plain(text);
}

/** A number by its shortest text, digit by digit; JavaScript gives what is small or large an exponent. */
export function digits(number) {
  const [, sign, first, rest = "", small, large] = /^(-?)(\d)(?:\.(\d+))?e(?:-(\d+)|\+(\d+))$/.exec(String(number)) ?? [];
  if (small !== undefined) return `${sign}0.${"0".repeat(Number(small) - 1)}${first}${rest}`;
  return large === undefined ? String(number) : `${sign}${first}${rest.padEnd(Number(large), "0")}`;
}
