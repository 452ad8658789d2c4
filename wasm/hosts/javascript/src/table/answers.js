// Columns that come out: what is known of an answer in each row, and what a null in it means.
import { READERS, shown } from "./values.js";

const INSTANT = { kind: "instant" };
const SETS = ["enum", "verdict"];
const RANGES = ["number", "duration", "instant", "date", "time_of_day"];
const PARTS = { from: "trigger", due: "due", done: "done" };

/** What is asked for, by the names of answers and of the instants of obligations. */
export function wantedColumns({ layout }, want, codes) {
  const answers = new Map(layout.answers.map((of) => [of.name, of]));
  const verdict = { kind: "verdict", variants: layout.verdicts };
  return [...new Set(want)].map((name) => {
    const of = answers.get(name);
    if (of) return new Wanted({ name, answer: name }, of.output ?? of.verdict, of.type ?? verdict, layout, codes);
    const dot = name.lastIndexOf(".");
    const obligation = answers.get(name.slice(0, dot));
    const part = PARTS[name.slice(dot + 1)];
    if (obligation?.verdict === undefined || !part) throw new RangeError(`the rule has no answer ${name}`);
    return new Wanted({ name, answer: name.slice(0, dot), part: name.slice(dot + 1) }, obligation[part], INSTANT, layout, codes);
  });
}

/** One answer of all rows. */
class Wanted {
  constructor({ name, answer, part }, output, kind, layout, codes) {
    this.output = output;
    this.name = name;
    this.answer = answer;
    this.part = part;
    this.kind = kind;
    const { bytes } = layout.outputs[output];
    this.none = bytes === 8 ? -(1n << 63n) : -(2 ** (8 * bytes - 1));
    const known = new Map();
    const often = SETS.includes(kind.kind) || (kind.kind === "number" && bytes < 4);
    this.show = (value) => shown(kind, value, codes);
    if (often) this.show = (value) => known.get(value) ?? known.set(value, shown(kind, value, codes)).get(value);
    this.values = [];
    this.kinds = [];
    this.from = new Map();
    this.to = new Map();
  }

  /** What came out for these rows. */
  take(batches, start, stop, records) {
    const low = batches.low.get(this.output);
    for (let row = start; row < stop; row += 1) {
      const value = low[row - start];
      const none = value === this.none;
      this.values[row] = none ? null : this.show(value);
      this.kinds[row] = none ? "none" : "value";
    }
    for (let number = 0; number < records; number += 1) this.#incomplete(batches.record(number, this.output), start);
  }

  /** A row in which something is missing, of which a record says what is possible. */
  #incomplete({ status, row: place, low, high, presence }, start) {
    const row = start + place;
    const one = SETS.includes(this.kind.kind) ? (high & (high - 1n)) === 0n : low === high;
    const known = presence === 1n && one;
    const kind = status & 2 ? "broken" : presence === 2n ? "none" : known ? "value" : "unknown";
    this.kinds[row] = kind;
    this.values[row] = kind === "value" ? this.show(low) : null;
    if (kind !== "unknown" || !(presence & 1n) || !RANGES.includes(this.kind.kind)) return;
    this.from.set(row, this.show(low));
    this.to.set(row, this.show(high));
  }

  /** What a decision says of it, of a row that was asked about as a case; without one the row is broken. */
  put(row, answers) {
    const of = answers?.[this.answer];
    this.from.delete(row);
    this.to.delete(row);
    const said = of && (this.part ? this.#part(of) : "verdict" in of ? this.#verdict(of) : of);
    this.kinds[row] = said?.kind ?? "broken";
    this.values[row] = said?.kind === "value" ? this.#same(said.value) : null;
    const { from, to } = said?.possible ?? {};
    if (said?.kind !== "unknown" || from === undefined || !RANGES.includes(this.kind.kind)) return;
    this.from.set(row, this.#same(from));
    this.to.set(row, this.#same(to));
  }

  /** Of an instant of an obligation a decision says its value alone. */
  #part(of) {
    const value = of[this.part];
    return value === undefined ? { kind: of.verdict === "unknown" ? "unknown" : "none" } : { kind: "value", value };
  }

  #verdict({ verdict }) {
    return verdict === "unknown" ? { kind: "unknown" } : { kind: "value", value: verdict };
  }

  /** A value of a decision as tables have it. */
  #same(value) {
    const read = RANGES.includes(this.kind.kind) && this.kind.kind !== "number" ? READERS[this.kind.kind](value) : undefined;
    return read === undefined ? value : this.show(read);
  }

  /** In how many rows it is not known. */
  get unknown() {
    return this.kind === INSTANT ? 0 : this.kinds.filter((kind) => kind === "unknown").length;
  }

  /** The columns and their names. */
  columns() {
    const end = (ends) => this.values.map((_, row) => ends.get(row) ?? null);
    const found = [[this.name, this.values], [`${this.name}.kind`, this.kinds]];
    if (RANGES.includes(this.kind.kind)) found.push([`${this.name}.from`, end(this.from)], [`${this.name}.to`, end(this.to)]);
    return found;
  }
}
