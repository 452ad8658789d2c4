// A case as JSON: numbers exactly, times as a case has them.
import { Exact } from "./exact.js";

const encoder = new TextEncoder();

/** What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place. */
const NOTHING = "[[]]";

/** Half of a character, which no UTF-8 has. */
const HALF = /\p{Surrogate}/gu;
const NO_UTF8 = Uint8Array.of(0xff);
/** What some programs write before a text in UTF-8. */
const MARK = [0xef, 0xbb, 0xbf];

/** The text of a case, in UTF-8. One that is a text already goes in as it stands. */
export function textOf(given) {
  if (given instanceof Uint8Array) return given;
  if (typeof given !== "string") return encoder.encode(write(given));
  return given.search(HALF) < 0 ? encoder.encode(given) : NO_UTF8;
}

/** The same case with `as_of`. */
export function judgedAt(text, asOf) {
  return withFirst(text, [["as_of", asOf]]);
}

const isBlank = (byte) => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** An object with these entries put before whatever else it says, so that saying one twice is seen. What is no object stays as it is. */
export function withFirst(text, entries) {
  const start = MARK.every((byte, place) => text[place] === byte) ? MARK.length : 0;
  const brace = start + text.subarray(start).findIndex((byte) => !isBlank(byte));
  if (entries.length === 0 || brace < start || text[brace] !== 0x7b) return text;
  const [head, rest] = [text.subarray(0, brace + 1), text.subarray(brace + 1)];
  const comma = rest.find((byte) => !isBlank(byte)) === 0x7d ? "" : ",";
  const said = encoder.encode(`${entries.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(",")}${comma}`);
  const joined = new Uint8Array(head.length + said.length + rest.length);
  joined.set(head);
  joined.set(said, head.length);
  joined.set(rest, head.length + said.length);
  return joined;
}

/** As `JSON.stringify`, but that numbers keep their digits, and that what is no number, no time and no text stays none: it must not become "missing". */
function write(value) {
  switch (typeof value) {
    case "string":
      return value.search(HALF) < 0 ? JSON.stringify(value) : NOTHING;
    case "number":
      return Number.isFinite(value) ? String(value) : NOTHING;
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      break;
    default:
      throw new TypeError(`a case has nothing that is a ${typeof value}`);
  }
  if (value === null) return "null";
  if (value instanceof Exact) return value.text;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? NOTHING : JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, (of) => (of === undefined ? "null" : write(of))).join(",")}]`;
  const said = entriesOf(value, "a case").filter(([, of]) => of !== undefined);
  return `{${said.map(([key, of]) => `${JSON.stringify(String(key).replace(HALF, "\ufffd"))}:${write(of)}`).join(",")}}`;
}

/** What an object or a `Map` holds, by name. One of which nothing would be read, as it holds nothing of its own, is refused: a `Promise`, a `Response`, a record whose values are behind getters. */
export function entriesOf(value, what) {
  if (value instanceof Map) return [...value];
  const entries = Object.entries(value);
  const prototype = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (typeof value.then === "function" || (entries.length === 0 && !plain)) {
    throw new TypeError(`${what} has nothing that is a ${prototype?.constructor?.name || "promise"}: nothing would be read of it`);
  }
  return entries;
}
