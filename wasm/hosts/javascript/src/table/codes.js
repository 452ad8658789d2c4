// Codes as numbers, as wasm/ABI.md packs them.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
const LISTED = -420_000_000_000_000_000n;
const GIVEN = -500_000_000_000_000_000n;

/** The codes of a rule, and those of one table beside them. */
export class Codes {
  #listed;
  #given = [];

  constructor(ofTheRule) {
    this.#listed = ofTheRule;
  }

  /** A code's number; undefined where it is not one that a case can hold. */
  number(given) {
    if (typeof given !== "string" || given.trim() !== given || !/^[^\p{C}\p{Zl}\p{Zp}]{1,40}$/u.test(given)) return undefined;
    if (/^(0|[1-9]\d{0,17})$/.test(given)) return BigInt(given);
    const text = given.replace(/[a-z]/g, (letter) => letter.toUpperCase());
    if (/^[0-9A-Z._-]{1,11}$/.test(text)) {
      return -[...text].reduce((value, character) => 40n * value + BigInt(ALPHABET.indexOf(character) + 1), 0n);
    }
    const place = this.#listed.indexOf(text);
    if (place >= 0) return LISTED - 2n * BigInt(place);
    if (!this.#given.includes(text)) this.#given.push(text);
    return GIVEN - 2n * BigInt(this.#given.indexOf(text));
  }

  /** The code that a number stands for. */
  text(number) {
    if (number >= 0n) return String(number);
    if (number <= GIVEN) return this.#given[Number((GIVEN - number) / 2n)];
    if (number <= LISTED) return this.#listed[Number((LISTED - number) / 2n)];
    let text = "";
    for (let rest = -number; rest > 0n; rest /= 40n) text = ALPHABET[Number(rest % 40n) - 1] + text;
    return text;
  }
}
