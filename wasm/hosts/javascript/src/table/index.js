// Many cases at once, column by column, through the module's entry for batches. Every value is held to its declared range first, as the module takes that for granted.
import { entriesOf } from "../case.js";
import { CaseRefused, ClaimBroken, reading } from "../errors.js";
import { wantedColumns } from "./answers.js";
import { Batches } from "./batches.js";
import { Codes } from "./codes.js";
import { AS_OF, columnOf, shortest } from "./facts.js";
import { integer } from "./values.js";

const MOST_FAULTS = 50;
const YES_NO = { type: { kind: "yes_no" }, from: 0, to: 1, bytes: 1 };
const instances = new WeakMap();

/** What `Rule.evaluateTable` does, step by step. */
export class Table {
  #of;
  #columns;
  #options;
  #codes;
  #wanted;
  #at;

  constructor(of, columns, want, options) {
    this.#of = of;
    this.#columns = columnsOf(columns);
    this.#options = options;
    this.#codes = new Codes(of.manifest.logic.codes);
    this.#wanted = wantedColumns(of.manifest, want, this.#codes);
    const lengths = new Set(Object.values(this.#columns).map((values) => values.length));
    if (lengths.size > 1) throw new RangeError("the columns are of several lengths");
    const { asOf } = options;
    [this.rows = isEvery(asOf) ? 0 : asOf?.length ?? 0] = lengths;
    this.#at = asOf ?? this.#columns.as_of;
  }

  /** Answers every row, or none. */
  answer() {
    const { rule, manifest, module, settingsOf } = this.#of;
    const read = this.#read();
    const { settings } = this.#options;
    const given = settings === undefined ? {} : settingsOf(settings);
    const values = rule.schema.parameters.map((of) => (of.name in given ? integer(of.type, given[of.name], this.#codes) : undefined));
    reading("the module for batches does what its interface excludes", () => {
      const batches = instances.get(module) ?? new Batches(module, manifest.layout);
      instances.set(module, batches);
      batches.configure(values);
      batches.prepare(read, [...new Set(this.#wanted.map((of) => of.output))], this.rows);
      run({ rule, batches, read, wanted: this.#wanted, rows: this.rows, asked: (row) => this.#asked(row) });
    });
  }

  /** The columns that the rule has, as it has them. */
  #read() {
    const { rule, manifest } = this.#of;
    const { asOf, ignoreUnknown = false } = this.#options;
    const facts = new Map(rule.schema.facts.map((of) => [of.name, of]));
    const read = new Map();
    const unknown = [];
    for (const [name, values] of Object.entries(this.#columns)) {
      const fact = facts.get(name.replace(/\.none$/, ""));
      if (facts.has(name)) read.set(name, columnOf(facts.get(name), values, this.#codes));
      else if (fact?.may_be_none) {
        read.set(name, columnOf({ ...YES_NO, name }, values, this.#codes));
        // What is recorded as none needs a column to stand in.
        if (!(fact.name in this.#columns)) read.set(fact.name, columnOf(fact, { length: this.rows, every: null }, this.#codes));
      }
      else if (name === "as_of" && asOf !== undefined) unknown.push({ code: "D05", at: "/as_of" });
      else if (name !== "as_of" && !manifest.logic.labels.includes(name)) unknown.push({ code: "D06", at: `/${name}` });
    }
    if (unknown.length > 0 && !ignoreUnknown) throw new CaseRefused(unknown);
    const at = this.#at;
    if (at !== undefined) read.set("as_of", columnOf(AS_OF, isEvery(at) ? { length: this.rows, every: at } : at, this.#codes));
    else if (rule.check({}).some((fault) => fault.code === "D12")) throw new CaseRefused([{ code: "D12", at: "/as_of" }]);
    return read;
  }

  /** How many of the answers that are wanted are not known, in all rows; parts of an obligation do not count. */
  get unknown() {
    return this.#wanted.reduce((sum, of) => sum + of.unknown, 0);
  }

  /** Each row as a case. */
  *cases() {
    for (let row = 0; row < this.rows; row += 1) yield this.#case(row);
  }

  #case(row) {
    const { facts, events } = this.#of.rule.schema;
    const given = events.length > 0 ? { not_supplied: events.map((of) => of.name) } : {};
    for (const { name } of facts) {
      const column = this.#columns[name];
      const own = column instanceof Float32Array ? shortest(column[row]) : column?.[row];
      const value = this.#columns[`${name}.none`]?.[row] ? "none" : own;
      if (value !== null && value !== undefined) given[name] = value;
    }
    if (this.#at !== undefined) given.as_of = isEvery(this.#at) ? this.#at : this.#at[row];
    return given;
  }

  /** The answers to a row that is asked about as a case; none of one that reaches what the rule claims to be impossible. */
  #asked(row) {
    try {
      return this.#of.decide(this.#case(row), this.#options.settings).answers;
    } catch (error) {
      if (error instanceof ClaimBroken) return undefined;
      if (!(error instanceof CaseRefused)) throw error;
      throw new CaseRefused(error.faults.map((fault) => ({ ...fault, at: `/${row}${fault.at}` })));
    }
  }

  /** The columns that come out. */
  columns() {
    return Object.fromEntries(this.#wanted.flatMap((of) => of.columns()));
  }
}

/** Columns by name, of an object or a `Map`; what has none that can be read is refused, and so is what is no column. */
function columnsOf(columns) {
  if (typeof columns !== "object" || columns === null || Array.isArray(columns)) throw new TypeError("a table is an object of columns");
  const entries = entriesOf(columns, "a table");
  const other = entries.find(([, values]) => typeof values !== "object" || typeof values?.length !== "number");
  if (other) throw new TypeError(`the column ${other[0]} is no list`);
  return Object.fromEntries(entries);
}

const isEvery = (at) => typeof at === "string" || at instanceof Date;

/** Answers chunk after chunk. Where any value is refused, all of them are looked at and none is answered. A row with an entry that no column can hold, as `"<0.5"`, is
 * asked about as a case. */
function run({ rule, batches, read, wanted, rows, asked }) {
  const faults = [];
  const cases = [];
  for (let start = 0; start < rows; start += batches.chunk) {
    const stop = Math.min(start + batches.chunk, rows);
    for (const of of batches.fill(read, start, stop).sort((a, b) => a.row - b.row)) {
      const fault = faultOf(rule, of);
      if (fault) faults.push(fault);
      else if (cases.at(-1) !== of.row) cases.push(of.row);
      if (faults.length > MOST_FAULTS) throw new CaseRefused([...faults.slice(0, MOST_FAULTS), { code: "D19", at: "" }]);
    }
    if (faults.length > 0) continue;
    const records = batches.answer(stop - start);
    for (const of of wanted) of.take(batches, start, stop, records);
  }
  if (faults.length > 0) throw new CaseRefused(faults);
  for (const row of cases) {
    const answers = asked(row);
    for (const of of wanted) of.put(row, answers);
  }
}

/** What the module says of a value, asked about it as a case: code and expectation are its own. Undefined where it takes it. */
function faultOf(rule, { row, name, value }) {
  const fact = name.replace(/\.none$/, "");
  if (fact !== name) return { code: value === true ? "D16" : "D07", at: `/${row}/${name}` };
  if (value === null || value === undefined) return { code: "D12", at: `/${row}/${name}` };
  const said = rule.check({ [name]: value }).find(({ at }) => at === `/${name}` || at.startsWith(`/${name}/`));
  return said && { ...said, at: `/${row}${said.at}` };
}
