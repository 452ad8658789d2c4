// Many cases at once, column by column, through the module's entry for batches. Every value is held to its declared range first, as the module takes that for granted.
import { CaseRefused } from "../errors.js";
import { wantedColumns } from "./answers.js";
import { Batches } from "./batches.js";
import { Codes } from "./codes.js";
import { AS_OF, columnOf } from "./facts.js";
import { integer } from "./values.js";

const MOST_FAULTS = 50;
const YES_NO = { type: { kind: "yes_no" }, from: 0, to: 1, bytes: 1 };
const instances = new WeakMap();

/** What `Rule.evaluateTable` does. */
export function evaluateTable({ rule, manifest, module, settingsOf }, columns, want, { asOf, settings, ignoreUnknown = false }) {
  const codes = new Codes(manifest.logic.codes);
  const wanted = wantedColumns(manifest, want, codes);
  const { read, rows } = columnsOf(rule, manifest, columns, asOf, codes, ignoreUnknown);
  const given = settings === undefined ? {} : settingsOf(settings);
  const values = rule.schema.parameters.map((of) => (of.name in given ? integer(of.type, given[of.name]) : undefined));
  const batches = instances.get(module) ?? new Batches(module, manifest.layout);
  instances.set(module, batches);
  batches.configure(values);
  batches.prepare(read, [...new Set(wanted.map((of) => of.output))], rows);
  run(rule, batches, read, wanted, rows);
  return Object.fromEntries(wanted.flatMap((of) => of.columns()));
}

/** Answers chunk after chunk. Where any value is refused, all of them are looked at and none is answered. */
function run(rule, batches, read, wanted, rows) {
  const faults = [];
  for (let start = 0; start < rows; start += batches.chunk) {
    const stop = Math.min(start + batches.chunk, rows);
    const refused = batches.fill(read, start, stop).sort((a, b) => a.row - b.row);
    for (const of of refused.slice(0, MOST_FAULTS + 1 - faults.length)) faults.push(faultOf(rule, of));
    if (faults.length > MOST_FAULTS) throw new CaseRefused([...faults.slice(0, MOST_FAULTS), { code: "D19", at: "" }]);
    if (faults.length > 0) continue;
    const records = batches.answer(stop - start);
    for (const of of wanted) of.take(batches, start, stop, records);
  }
  if (faults.length > 0) throw new CaseRefused(faults);
}

/** What the module says of a value, asked about it as a case: code and expectation are its own. */
function faultOf(rule, { row, name, value }) {
  const fact = name.replace(/\.none$/, "");
  if (fact !== name) return { code: value === true ? "D16" : "D07", at: `/${row}/${name}` };
  for (const tried of [value, []]) {
    const [said] = rule.check({ [name]: tried }).filter((fault) => fault.at.startsWith(`/${name}`));
    if (said) return { ...said, at: `/${row}${said.at}` };
  }
  return { code: value === null || value === undefined ? "D12" : "D11", at: `/${row}/${name}` };
}

/** The columns that the rule has, as it has them, and how many rows there are. */
function columnsOf(rule, manifest, columns, asOf, codes, ignoreUnknown) {
  const facts = new Map(rule.schema.facts.map((of) => [of.name, of]));
  const read = new Map();
  const unknown = [];
  let at = asOf;
  for (const [name, values] of Object.entries(columns)) {
    const fact = facts.get(name.replace(/\.none$/, ""));
    if (facts.has(name)) read.set(name, columnOf(facts.get(name), values, codes));
    else if (fact?.may_be_none) read.set(name, columnOf({ ...YES_NO, name }, values, codes));
    else if (name === "as_of" && at === undefined) at = values;
    else if (!manifest.logic.labels.includes(name)) unknown.push({ code: name === "as_of" ? "D05" : "D06", at: `/${name}` });
  }
  if (unknown.length > 0 && !ignoreUnknown) throw new CaseRefused(unknown);
  const lengths = new Set(Object.values(columns).map((values) => values.length));
  if (lengths.size > 1) throw new RangeError("the columns are of several lengths");
  const [rows = at?.length ?? 0] = lengths;
  if (at !== undefined) {
    const every = typeof at === "string" || at instanceof Date;
    read.set("as_of", columnOf(AS_OF, every ? { length: rows, every: at } : at, codes));
  } else if (rule.check({}).some((fault) => fault.code === "D12")) {
    throw new CaseRefused([{ code: "D12", at: "/as_of" }]);
  }
  return { read, rows };
}
