// The module for batches in one instance: where its columns lie, and the calls.
import { LimitReached, RuleRefused } from "../errors.js";
import { started } from "../instance.js";

const CHUNK = 16_384;
const PAGE = 65_536;
const RECORDS = 24 << 20; // room for records of rows that are not complete; chunks are smaller where a record is large
const VIEWS = { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: BigInt64Array };

/** One instance, which serves one table at a time. */
export class Batches {
  constructor(module, layout) {
    this.layout = layout;
    this.exports = started(module).exports;
    this.chunk = Math.min(CHUNK, Math.floor(RECORDS / layout.record_out / 8) * 8);
  }

  /** Puts settings in force, and no others. */
  configure(settings) {
    settings.forEach((value, place) => {
      const refused = value === undefined ? this.exports.unconfigure(place) : this.exports.configure(place, value);
      if (refused) throw new RuleRefused("stopped", "the module for batches refuses a setting that the module allows");
    });
  }

  /** Sets room aside for these columns and these outputs, and writes where they are. */
  prepare(read, outputs) {
    const { layout, chunk } = this;
    let end = Math.ceil(this.exports.heap.value / 64) * 64;
    const room = (count) => {
      const at = end;
      end = Math.ceil((end + count) / 64) * 64;
      return at;
    };
    this.at = { columns: room(layout.columns), out: room(layout.columns_out) };
    const places = new Map([...read].map(([name, { of }]) => [name, { values: room(chunk * of.bytes), there: room(chunk / 8 + 8) }]));
    const low = new Map(outputs.map((output) => [output, room(chunk * layout.outputs[output].bytes)]));
    const none = room(4 * chunk + 8);
    this.at.records = room(layout.record_out * chunk);
    this.#grow(end);
    this.#bind(read, places, low);
    this.#point(places, low, none);
  }

  #grow(end) {
    const { memory } = this.exports;
    const pages = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
    if (pages <= 0) return;
    try {
      memory.grow(pages);
    } catch {
      throw new LimitReached("room");
    }
  }

  #bind(read, places, low) {
    const { buffer } = this.exports.memory;
    this.values = new Map([...read].map(([name, { of }]) => [name, new VIEWS[of.bytes](buffer, places.get(name).values, this.chunk)]));
    this.there = new Map([...places].map(([name, { there }]) => [name, new Uint8Array(buffer, there, this.chunk / 8 + 8)]));
    this.low = new Map([...low].map(([output, at]) => [output, new VIEWS[this.layout.outputs[output].bytes](buffer, at, this.chunk)]));
    this.memory = new DataView(buffer);
  }

  #point(places, low, none) {
    const { layout, chunk, memory, at } = this;
    const slot = (address, value) => memory.setBigInt64(address, BigInt(value), true);
    new Uint8Array(memory.buffer, at.columns, at.out + layout.columns_out - at.columns).fill(0);
    slot(at.out + 8, at.records);
    slot(at.out + 16, chunk);
    for (const [output, address] of low) slot(at.out + 24 + 8 * output, address);
    if (layout.events.length > 0) {
      new Uint8Array(memory.buffer, none, 4 * chunk + 8).fill(0);
      slot(at.columns + 16, (1n << BigInt(layout.events.length)) - 1n);
      for (let part = 0; part < 3 + layout.event_field_bytes.length; part += 1) slot(at.columns + layout.columns_events + 8 * part, none);
    }
    if (places.has("as_of")) slot(at.columns + 8, places.get("as_of").values);
    layout.facts.forEach(({ name }, place) => {
      if (!places.has(name)) return;
      slot(at.columns + 32 + 16 * place, places.get(name).values);
      slot(at.columns + 40 + 16 * place, places.get(name).there);
    });
  }

  /** Writes these rows of the columns; the values that are refused. */
  fill(read, start, stop) {
    const refused = [];
    for (const [name, column] of read) {
      for (const of of column.write(this.values.get(name), this.there.get(name), start, stop)) refused.push({ ...of, name });
    }
    for (const name of read.keys()) {
      const fact = name.endsWith(".none") ? name.slice(0, -5) : undefined;
      if (fact && read.has(fact)) this.#nones(name, fact, read.get(fact).of.bytes, start, stop, refused);
    }
    return refused;
  }

  /** Where a fact is recorded as none; one that has a value as well is refused. */
  #nones(name, fact, bytes, start, stop, refused) {
    const [none, values, there] = [this.values.get(name), this.values.get(fact), this.there.get(fact)];
    const [said, least] = [this.there.get(name), bytes === 8 ? -(1n << 63n) : -(2 ** (8 * bytes - 1))];
    for (let place = 0; place < stop - start; place += 1) {
      const bit = 1 << (place & 7);
      if (none[place] !== 1 || !(said[place >> 3] & bit)) continue;
      // A value that no column holds is one all the same.
      const odd = refused.some((of) => of.row === start + place && of.name === fact);
      if (odd || there[place >> 3] & bit) refused.push({ row: start + place, name, value: true });
      values[place] = least;
      there[place >> 3] |= bit;
    }
  }

  /** Answers the rows that were filled in; what is possible in those that are not complete. */
  answer(rows) {
    const incomplete = this.exports.evaluate_batch(rows, this.at.columns, this.at.out);
    if (incomplete < 0) throw new RuleRefused("stopped", `the module gives ${incomplete} for a batch with room for every row`);
    return incomplete;
  }

  /** Of a record of an incomplete row: its row, its status, and what is possible of an output. */
  record(number, output) {
    const { memory, layout } = this;
    const at = this.at.records + number * layout.record_out;
    const slot = (part) => memory.getBigInt64(at + 8 + 8 * (part * layout.outputs.length + output), true);
    return { status: memory.getUint32(at, true), row: memory.getUint32(at + 4, true), low: slot(0), high: slot(1), presence: slot(2) };
  }
}
