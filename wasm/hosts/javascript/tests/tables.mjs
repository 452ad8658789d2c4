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

const KINDS = () => Rule.loadSync(join(FOLDER, "kinds/kinds.wasm"), { allowDraft: true });
const ROWS = read(readFileSync(new URL("../../corpus/rows.json", import.meta.url), "utf8"));

/** What a call gives, or of what is refused, codes and expectations. */
function saidBy(call) {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CaseRefused || error instanceof SettingRefused)) throw error;
    return error.faults.map(({ code, expected }) => ({ code, expected }));
  }
}

/** Holds a row between two others to the case with its value. */
function holdsAsACase(rule, fact, value) {
  const [good, answer] = [ROWS.good[fact], fact === "as_of" ? "now" : `of_${fact}`];
  const asOf = fact === "as_of" ? undefined : ROWS.as_of;
  const parts = RANGES.includes(rule.schema.answers.find(({ name }) => name === answer).type.kind) ? ["", ".kind", ".from", ".to"] : ["", ".kind"];
  const one = saidBy(() => expected(rule.evaluate({ [fact]: value, not_supplied: ["Come"] }, { asOf }).answer(answer)).slice(0, parts.length));
  const column = [good, value, good];
  const many = saidBy(() => {
    const table = rule.evaluateTable({ big: [1, 1, 1], [fact]: column }, [answer], { asOf });
    return parts.map((part) => table[answer + part][1]);
  });
  assert.deepEqual(many, one, `${fact} ${String(value)}`);
  try {
    rule.evaluateTable({ [fact]: column }, [answer], { asOf });
  } catch (error) {
    assert(error.faults.every(({ at }) => at === `/1/${fact}`), `${fact} ${String(value)}: ${error.message}`);
  }
}

test("every value of a column is taken as in a case", () => {
  const rule = KINDS();
  for (const [fact, values] of Object.entries(ROWS.values)) for (const value of values) holdsAsACase(rule, fact, value);
});

test("and so are the values of JavaScript", () => {
  const rule = KINDS();
  const own = {
    big: [2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 70n, new Exact("12345678901234567"), new Exact("1.5"), Infinity, -Infinity, NaN, 1e17, 1e22, 2 ** 53, -0],
    small: [0.1 + 0.2, new Exact("0.1000"), new Exact("0.1001"), Infinity, 5n],
    amount: [new Exact("1234567890123456.78"), new Exact("9999999999999999.990"), 5n, 1e22, 2n ** 70n],
    few: [5n, new Exact("5"), 2n ** 70n],
    seen: [new Date("2026-03-29T01:30:00.5Z"), new Date(NaN), new Date(Date.UTC(2200, 0, 1)), new Date(Date.UTC(2199, 11, 31, 23, 59, 59, 999)), new Date(Date.UTC(1899, 11, 31))],
    born: [new Date("2026-03-29T00:00:00Z")],
    tag: ["\ud800", { code: "A1" }],
  };
  for (const [fact, values] of Object.entries(own)) for (const value of values) holdsAsACase(rule, fact, value);
  const wide = new BigInt64Array([2n ** 53n + 1n, 5n]);
  assert.deepEqual(rule.evaluateTable({ big: wide }, ["of_big"], { asOf: ROWS.as_of }).of_big, [new Exact("9007199254740993"), 5]);
  for (let count = 0; count < 500; count += 1) {
    holdsAsACase(rule, "amount", Number((Math.random() * 10 ** (count % 17)).toFixed(2)));
    holdsAsACase(rule, "fine", Number(((Math.random() - 0.5) * 2 * 10 ** (count % 3)).toFixed(9)));
  }
});

test("what is recorded as none may stand alone, and a short number is the decimal that it stands for", () => {
  const rule = KINDS();
  const table = rule.evaluateTable({ "few.none": [true, false, null], "ward.none": [false, true, true] }, ["of_few", "of_ward"], { asOf: ROWS.as_of });
  assert.deepEqual([table["of_few.kind"], table["of_ward.kind"]], [["none", "unknown", "unknown"], ["unknown", "none", "none"]]);
  const short = [38.4, 0.001, -99.999, 16.5, 0];
  assert.deepEqual(rule.evaluateTable({ small: new Float32Array(short) }, ["of_small"], { asOf: ROWS.as_of }).of_small, short);
  const [late] = saidBy(() => rule.evaluateTable({ big: [1] }, ["now"], { asOf: "2026-02-30T00:00:00Z" }));
  assert.equal(late.code, "D11");
});

test("settings are in force in a table as in a case", () => {
  const rule = KINDS();
  const wanted = rule.schema.parameters.map(({ name }) => `of_${name}`);
  for (const settings of ROWS.settings) {
    const one = saidBy(() => wanted.map((name) => rule.evaluate({}, { asOf: ROWS.as_of, settings }).answer(name).value));
    const many = saidBy(() => {
      const table = rule.evaluateTable({ big: [1] }, wanted, { asOf: ROWS.as_of, settings });
      return wanted.map((name) => table[name][0]);
    });
    assert.deepEqual(many, one, JSON.stringify(settings, (_, of) => (of instanceof Exact ? of.text : of)));
  }
  const tags = ["A1", "B2", "007", "7"];
  for (const tag of tags) {
    const { same_tag: same } = rule.evaluateTable({ tag: tags }, ["same_tag"], { asOf: ROWS.as_of, settings: { code_set: tag } });
    assert.deepEqual(same, tags.map((of) => of === tag), tag);
  }
});
