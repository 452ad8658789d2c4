// Columns that go in: checked, and written as the module has them.
import { READERS, scaled } from "./values.js";

/** The last instant that a case can have: with the next begins the year 2200, which ranges of a module include. */
const LAST = 7_258_118_399_999;

/** The instants at which cases are judged, as a fact. */
export const AS_OF = { name: "as_of", type: { kind: "instant" }, from: -2_208_988_800_000, to: LAST, bytes: 8, required: true };

/** The column of a fact: how it is written, value by value. */
export function columnOf(of, values, codes) {
  const read = reader(of, codes);
  const to = of.type.kind === "instant" && of.to > LAST ? LAST : of.to;
  const [low, high] = of.bytes === 8 ? [BigInt(of.from), BigInt(to)] : [of.from, to];
  const number = of.bytes === 8 ? BigInt : Number;
  const every = "every" in values && !Array.isArray(values) && !ArrayBuffer.isView(values);
  // A number in binary with less precision is the decimal that it stands for.
  const short = values instanceof Float32Array;
  const at = every ? () => values.every : short ? (row) => shortest(values[row]) : (row) => values[row];
  return { of, required: of.required === true, write: (to, there, start, stop) => write({ read, low, high, number, at, required: of.required === true }, to, there, start, stop) };
}

/** The number of the shortest text that stands for a number of 32 bits. */
export function shortest(value) {
  for (let digits = 6; digits <= 9; digits += 1) {
    const found = Number(value.toPrecision(digits));
    if (Math.fround(found) === value) return found;
  }
  return value;
}

/** Writes these rows and which of them are there; the rows that are refused. */
function write({ read, low, high, number, at, required }, to, there, start, stop) {
  const refused = [];
  there.fill(0);
  for (let row = start, place = 0; row < stop; row += 1, place += 1) {
    const value = at(row);
    if (value === null || value === undefined) {
      if (required) refused.push({ row, value });
      continue;
    }
    const found = read(value);
    const given = found === undefined ? undefined : number(found);
    if (given === undefined || given < low || given > high) {
      refused.push({ row, value });
      continue;
    }
    to[place] = given;
    there[place >> 3] |= 1 << (place & 7);
  }
  return refused;
}

function reader({ type }, codes) {
  if (type.kind === "number") return (value) => scaled(value, type.places);
  // Recorded as none, as a case says it: the module is asked.
  if (type.kind === "code") return (value) => (value === "none" ? undefined : codes.number(value));
  if (type.kind !== "enum") return READERS[type.kind];
  const places = new Map(type.variants.map((name, place) => [name, place]));
  return (value) => places.get(value);
}
