// A case as JSON: numbers exactly, times as a case has them.
import { Exact } from "./exact.js";

const encoder = new TextEncoder();

/** What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place. */
const NOTHING = "[[]]";

/** Half of a character, which no UTF-8 has. */
const HALF = /\p{Surrogate}/gu;
const NO_UTF8 = Uint8Array.of(0xff);

/** The text of a case, in UTF-8. One that is a text already goes in as it stands. */
export function textOf(given) {
  if (given instanceof Uint8Array) return given;
  if (typeof given !== "string") return encoder.encode(write(given));
  return given.search(HALF) < 0 ? encoder.encode(given) : NO_UTF8;
}

/** The same case with `as_of`, put before whatever else it says, so that saying it twice is seen. */
export function judgedAt(text, asOf) {
  const blank = (byte) => byte === 32 || byte === 9 || byte === 10 || byte === 13;
  const brace = text.findIndex((byte) => !blank(byte));
  if (text[brace] !== 0x7b) return text;
  const rest = text.subarray(brace + 1);
  const comma = rest.find((byte) => !blank(byte)) === 0x7d ? "" : ",";
  const head = encoder.encode(`{"as_of":${write(asOf)}${comma}`);
  const joined = new Uint8Array(head.length + rest.length);
  joined.set(head);
  joined.set(rest, head.length);
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
  if (Array.isArray(value)) return `[${value.map((of) => (of === undefined ? "null" : write(of))).join(",")}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const said = entries.filter(([, of]) => of !== undefined);
  return `{${said.map(([key, of]) => `${JSON.stringify(String(key).replace(HALF, "\ufffd"))}:${write(of)}`).join(",")}}`;
}
