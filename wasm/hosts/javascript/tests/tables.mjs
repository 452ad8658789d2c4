// Tables answer as cases do: `CONCORD_MODULES=FOLDER node --test tables.mjs`. Every case of the vectors is a row, without its events.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CaseRefused, Exact, Rule, SettingRefused } from "../src/index.js";
import { read } from "../src/exact.js";

const FOLDER = process.env.CONCORD_MODULES ?? "target/hosts/rules";
const AS_OF = "2026-03-05T18:00:00Z";
const RANGES = ["number", "duration", "instant", "date", "time_of_day"];

const loaded = (name) => Rule.loadSync(join(FOLDER, `${name}.wasm`), { allowDraft: true });

/** The value of an answer, its kind and its ends, as a table has them. */
function expected(answer) {
  if (answer.kind === "value") return [answer.value, "value", null, null];
  if (answer.kind === "none") return [null, "none", null, null];
  if (answer.kind === "unknown") return [null, "unknown", answer.possible.from ?? null, answer.possible.to ?? null];
  return answer.verdict === "unknown" ? [null, "unknown"] : [answer.verdict, "value"];
}

/** The facts of a vector, whatever they are written as. */
function factsOf(rule, vector) {
  const facts = rule.schema.facts.map(({ name }) => [name, vector.case[name]]);
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined && value !== null));
}

test("every rule answers rows as cases", () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".vectors.json"))) {
    const rule = loaded(file.replace(".vectors.json", ""));
    const cases = read(readFileSync(join(FOLDER, file), "utf8")).cases.map((vector) => factsOf(rule, vector));
    const columns = { as_of: cases.map(() => AS_OF) };
    rule.schema.facts.forEach(({ name, may_be_none: mayBeNone }, place) => {
      // Recorded as none is said in a column of its own, or as a case says it.
      const apart = mayBeNone && place % 2 === 1;
      columns[name] = cases.map((of) => (apart && of[name] === "none" ? null : of[name]));
      if (apart) columns[`${name}.none`] = cases.map((of) => of[name] === "none");
    });
    const wanted = rule.schema.answers.map(({ name }) => name);
    const table = rule.evaluateTable(columns, wanted);
    const kinds = rule.schema.events.map(({ name }) => name);
    const decisions = cases.map((of) => rule.evaluate({ ...of, as_of: AS_OF, not_supplied: kinds }));
    for (const { name, type } of rule.schema.answers) {
      const parts = RANGES.includes(type?.kind) ? ["", ".kind", ".from", ".to"] : ["", ".kind"];
      decisions.forEach((decision, row) => {
        const found = parts.map((part) => table[name + part][row]);
        assert.deepEqual(found, expected(decision.answer(name)).slice(0, parts.length), `${file} ${name} ${row}`);
      });
    }
  }
});

test("a row with an entry that no column holds is asked about as a case", () => {
  const rule = loaded("news2");
  const odd = [{ value: 0.97, unit: "1" }, ">=96", { from: 92, to: 93 }, "96"];
  const spo2 = [96, ">=96", { from: 92, to: 93 }, null];
  const table = rule.evaluateTable({ spo2, scale: Array(4).fill("scale_1") }, ["saturation", "total"]);
  spo2.forEach((value, row) => {
    const answer = rule.evaluate({ scale: "scale_1", ...(value === null ? {} : { spo2: value }) });
    for (const name of ["saturation", "total"]) {
      const found = ["", ".kind", ".from", ".to"].map((part) => table[name + part][row]);
      assert.deepEqual(found, expected(answer.answer(name)), `${name} ${row}`);
    }
  });
  assert.throws(() => rule.evaluateTable({ spo2: odd }, ["total"]), (error) => error instanceof CaseRefused && error.faults.some(({ at }) => at.startsWith("/3/spo2")));
  assert.throws(
    () => rule.evaluateTable({ spo2: ["<97", 96, "banana"], pulse: [1, 2, 3000] }, ["total"]),
    (error) => error instanceof CaseRefused && error.faults.map(({ at }) => at).join() === "/2/spo2,/2/pulse",
  );
});

test("arrays of every kind, in chunks", () => {
  const rule = loaded("news2");
  const rows = 50_003;
  const spo2 = Uint8Array.from({ length: rows }, (_, row) => (row % 71) + 30);
  const table = rule.evaluateTable({ spo2, scale: Array(rows).fill("scale_1"), pulse: [null, ...Array(rows - 1).fill(80)] }, ["saturation", "heart"]);
  const right = new Map();
  for (let value = 30; value <= 100; value += 1) right.set(value, rule.evaluate({ spo2: value, scale: "scale_1" }).answer("saturation").value);
  assert(table.saturation.every((value, row) => value === right.get(spo2[row])));
  assert.deepEqual(table["heart.kind"].slice(0, 2), ["unknown", "value"]);
});

test("what may not stand in a row is refused with its place", () => {
  const rule = loaded("news2");
  const faults = (columns, options, of = rule, want = ["total"]) => {
    try {
      of.evaluateTable(columns, want, options);
    } catch (error) {
      assert(error instanceof CaseRefused, error);
      return error.faults.map(({ code, at }) => `${code} ${at}`);
    }
    return [];
  };
  assert.deepEqual(faults({ spo2: [97, 101, null, 29] }), ["D08 /1/spo2", "D08 /3/spo2"]);
  assert.deepEqual(faults({ temperature: [37.1, 37.15, NaN] }), ["D09 /1/temperature", "D07 /2/temperature"]);
  assert.deepEqual(faults({ scale: ["scale_1", "scale_3"] }), ["D10 /1/scale"]);
  assert.deepEqual(faults({ spo2: ["97"] }), ["D07 /0/spo2"]);
  assert.deepEqual(faults({ on_oxygen: [1] }), ["D07 /0/on_oxygen"]);
  assert.deepEqual(faults({ colour: ["red"] }), ["D06 /colour"]);
  assert.deepEqual(faults({ colour: ["red"], spo2: [97] }, { ignoreUnknown: true }), []);
  assert.equal(faults({ spo2: Array(60).fill(1) }).length, 51);
  assert.throws(() => rule.evaluateTable({ spo2: [97] }, ["totals"]), RangeError);
  const sepsis = loaded("sepsis");
  assert.deepEqual(faults({ age: [70] }, {}, sepsis, ["organ_signs"]), ["D12 /as_of"]);
  assert.deepEqual(faults({ age: [70] }, { asOf: ["2026-03-05T18:00:00"] }, sepsis, ["organ_signs"]), ["D11 /0/as_of"]);
  sepsis.evaluateTable({ age: [70] }, ["antibiotics_1h", "antibiotics_1h.due"], { asOf: new Date(AS_OF), settings: { antibiotics_within: "PT45M" } });
  const outside = () => sepsis.evaluateTable({ age: [70] }, ["organ_signs"], { asOf: AS_OF, settings: { antibiotics_within: "PT2H" } });
  assert.throws(outside, SettingRefused);
});

test("hooks are told", () => {
  const [calls, decisions] = [[], []];
  const hooks = { allowDraft: true, onCall: (call) => calls.push(call), onDecision: (decision) => decisions.push(decision) };
  const rule = Rule.loadSync(join(FOLDER, "news2.wasm"), hooks);
  rule.evaluateTable({ respiration_rate: [25, 12], spo2: [91, null], scale: Array(2).fill("scale_1"), on_oxygen: [true, false] }, ["saturation", "risk"]);
  assert.throws(() => rule.evaluateTable({ spo2: [97, 200] }, ["risk"]), CaseRefused);
  assert.deepEqual(calls.map(({ outcome, unknown, cases }) => [outcome, unknown, cases]), [["answered", 2, 2], ["refused", 0, 2]]);
  assert.deepEqual(calls[1].codes, ["D08"]);
  assert.deepEqual(decisions.map((decision) => decision.answer("saturation").kind), ["value", "unknown"]);
  const sepsis = Rule.loadSync(join(FOLDER, "sepsis.wasm"), hooks);
  sepsis.evaluateTable({ age: [70, null] }, ["antibiotics_1h", "antibiotics_1h.due"], { asOf: AS_OF, settings: { antibiotics_within: "PT45M" } });
  assert.deepEqual(decisions.slice(2).map(({ settings }) => settings), Array(2).fill({ antibiotics_within: "PT45M" }));
  assert.deepEqual([calls[2].unknown, calls[2].cases], [2, 2]);
});
