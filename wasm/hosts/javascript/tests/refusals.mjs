// What must be refused, what workers must not break, and what reloading must not lose: `CONCORD_MODULES=FOLDER node --test refusals.mjs`.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { read } from "../src/exact.js";
import { CaseRefused, Exact, LimitReached, Rule, RuleRefused, SettingRefused } from "../src/index.js";
import { Rules } from "../src/rules.js";

const FOLDER = process.env.CONCORD_MODULES ?? "target/hosts/rules";
const SECONDS = Number(process.env.CONCORD_SECONDS ?? 1);
const AS_OF = "2026-03-05T18:00:00Z";

const bytes = (name) => readFileSync(join(FOLDER, `${name}.wasm`));
const sha256 = (content) => createHash("sha256").update(content).digest("hex");
const loaded = (name, options) => Rule.loadSync(bytes(name), { allowDraft: true, ...options });

/** Holds that both ways of loading refuse it with a code. */
async function refused(code, content, options) {
  const refusal = (error) => error instanceof RuleRefused && error.code === code;
  await assert.rejects(Rule.load(content, { allowDraft: true, ...options }), refusal);
  assert.throws(() => Rule.loadSync(content, { allowDraft: true, ...options }), refusal);
}

const faultsOf = (ask, kind = CaseRefused) => {
  try {
    ask();
  } catch (error) {
    assert(error instanceof kind, error);
    return error.faults.map(({ code, at }) => `${code} ${at}`);
  }
  return assert.fail("it was not refused");
};

test("the hash that was given is held to", async () => {
  const content = bytes("news2");
  assert.equal((await Rule.load(content, { sha256: sha256(content), allowDraft: true })).info.sha256, sha256(content));
  await refused("sha256", content, { sha256: "0".repeat(64) });
});

test("what would run as soon as it is started is refused", async () => {
  await refused("module", Buffer.from("0061736d01000000010401600000030201000801000a0901070003400c000b0b", "hex"));
});

test("one bit flipped anywhere is refused", async () => {
  const content = bytes("news2");
  const hash = sha256(content);
  for (let place = 0; place < content.length; place += 997) {
    const flipped = Buffer.from(content);
    flipped[place] ^= 1;
    await refused("sha256", flipped, { sha256: hash });
  }
});

test("what a damaged module says of itself is refused, and nothing else comes of it", async () => {
  for (const [name, from] of [["news2", 0.8], ["sepsis", 0.7]]) {
    const content = bytes(name);
    for (let place = Math.floor(content.length * from); place < content.length; place += 131) {
      const damaged = Buffer.from(content);
      damaged[place] ^= 1 << place % 8; // of what is packed: texts, manifest and golden cases
      try {
        const rule = Rule.loadSync(damaged, { allowDraft: true });
        rule.evaluate(name === "news2" ? { spo2: 91 } : { as_of: AS_OF, age: 70 }, { explain: true }).answer(name === "news2" ? "total" : "antibiotics_1h");
      } catch (error) {
        assert(error instanceof RuleRefused, error);
      }
    }
  }
});

test("a file that is not the one of the manifest beside it is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-"));
  copyFileSync(join(FOLDER, "news2.wasm"), join(folder, "news2.wasm"));
  copyFileSync(join(FOLDER, "aki.manifest.json"), join(folder, "news2.manifest.json"));
  await refused("sha256", join(folder, "news2.wasm"));
  rmSync(folder, { recursive: true });
});

test("what is not a module is refused", async () => {
  await refused("module", Buffer.from("<!doctype html><title>Sign in</title>"));
  await refused("module", bytes("news2").subarray(0, -100));
  await refused("module", Buffer.from("0061736d01000000010401600000020701016101620000", "hex"));
  const page = () => Promise.resolve(new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
  await assert.rejects(Rule.load(page()), (error) => error.code === "module");
});

test("another version of the interface is refused", async () => {
  const other = Buffer.from(bytes("news2"));
  const at = other.indexOf(Buffer.from([0x7f, 0, 0x41, 3, 0x0b]));
  other[at + 3] = 4;
  await refused("interface", other);
  await refused("interface", Buffer.from("0061736d01000000", "hex"));
});

test("the fingerprint that was given is held to", async () => {
  await refused("fingerprint", bytes("news2"), { fingerprint: "0".repeat(64) });
  loaded("news2", { fingerprint: loaded("news2").info.fingerprint });
});

test("a draft is refused unless it is allowed", () => refused("draft", bytes("news2"), { allowDraft: false }));

test("a module that answers otherwise is refused", async () => {
  // A pulse of 91 as one of 90.
  const other = bytes("wrong/news2");
  await refused("self_test", other);
  const rule = Rule.loadSync(other, { allowDraft: true, verify: false });
  const total = [rule, loaded("news2")].map((of) => of.evaluate({ pulse: 91 }).answers.total.possible.from);
  assert.deepEqual(total, [0, 1]);
});

test("a later version says so", () => {
  const rule = loaded("later/news2");
  assert.deepEqual([rule.info.version, rule.evaluate({}).version], ["1.0.1", "1.0.1"]);
});

test("numbers and times of JavaScript go in exactly, and what is no number is not missing", () => {
  const rule = loaded("news2");
  assert.equal(rule.evaluate({ temperature: new Exact("35.0") }).answer("warmth").value, 3);
  assert.equal(rule.evaluate(new Map([["pulse", 91n]])).answer("heart").value, 1);
  assert.deepEqual(faultsOf(() => rule.evaluate({ temperature: 37.15 })), ["D09 /temperature"]);
  for (const nothing of [NaN, -Infinity, new Date(""), "\ud800"]) {
    assert.deepEqual(faultsOf(() => rule.evaluate({ pulse: 91, spo2: nothing })), ["D07 /spo2"]);
    assert.deepEqual(faultsOf(() => loaded("sepsis").evaluate({ events: [{ event: "Lactate", at: nothing }] }, { asOf: AS_OF })), ["D07 /events/0/at"]);
    assert.deepEqual(faultsOf(() => rule.evaluate({}, { asOf: nothing })), ["D07 /as_of"]);
    assert.deepEqual(faultsOf(() => loaded("sepsis").evaluate({}, { asOf: AS_OF, settings: { antibiotics_within: nothing } }), SettingRefused), ["D07 /antibiotics_within"]);
  }
  assert.deepEqual(faultsOf(() => rule.evaluate({ "\ud800": 1 })), ["D06 /\ufffd"]);
  assert.deepEqual(faultsOf(() => rule.evaluate('{"scale": "\ud800"}')), ["D02 "]);
  assert.deepEqual(rule.check({ spo2: undefined, pulse: null }), []);
  const at = new Date("2026-01-05T18:00:00Z");
  const decision = loaded("sepsis").evaluate({ age: 70, events: [{ event: "SepsisTriage", at: new Date(at - 7_200_000) }] }, { asOf: at });
  assert.equal(decision.answer("antibiotics_1h").due, "2026-01-05T17:00:00Z");
});

test("as_of is said once", () => {
  const rule = loaded("sepsis");
  for (const given of [{ as_of: AS_OF }, ` { "as_of": "${AS_OF}" }`]) {
    rule.evaluate(given);
    assert.deepEqual(faultsOf(() => rule.evaluate(given, { asOf: AS_OF })), ["D05 /as_of"]);
  }
  rule.evaluate(" {} ", { asOf: AS_OF });
  assert.deepEqual(rule.check({}).map(({ code }) => code), ["D12"]);
  assert.deepEqual(rule.check({}, { asOf: AS_OF }), []);
});

test("of what nothing would be read is refused, and is not a case in which everything is missing", () => {
  const rule = loaded("news2");
  class Behind {
    #of = { spo2: 85 };
    get spo2() {
      return this.#of.spo2;
    }
  }
  class Open {
    constructor() {
      this.spo2 = 85;
    }
  }
  const given = { spo2: 85, scale: "scale_1" };
  const nothing = () => [
    ...[Promise.resolve(given), new Behind(), new Set([1]), new URLSearchParams({ spo2: "85" }), /85/, new Error("85"), new WeakMap()],
    ...[new Blob(["{}"]), new Response("{}"), Object.assign(Promise.resolve(given), given), () => given],
  ];
  for (const of of nothing()) {
    assert.throws(() => rule.evaluate(of), TypeError);
    assert.throws(() => rule.evaluate({ spo2: of }), TypeError);
    assert.throws(() => rule.evaluate(given, { settings: of }), TypeError);
    assert.throws(() => rule.evaluateTable(of, ["saturation"]), TypeError);
  }
  const known = rule.evaluate(given).json;
  const bare = Object.assign(Object.create(null), given);
  const own = Object.defineProperty({ scale: "scale_1" }, "spo2", { get: () => 85, enumerable: true });
  for (const of of [bare, own, new Map(Object.entries(given)), Object.assign(new Open(), { scale: "scale_1" })]) {
    assert.deepEqual(JSON.parse(rule.evaluate(of).json), JSON.parse(known));
  }
  assert.equal(rule.evaluate(new Map()).json, rule.evaluate({}).json);
  for (const of of [[given, given], [], "{}", null, { spo2: 85 }, { spo2: Promise.resolve([85]) }, { spo2: new Set([85]) }]) {
    assert.throws(() => rule.evaluateTable(of, ["saturation"]), TypeError);
  }
  assert.deepEqual(rule.evaluateTable(new Map([["pulse", [91]]]), ["heart"]), rule.evaluateTable({ pulse: [91] }, ["heart"]));
});

test("a small number is a number, and no list has holes", () => {
  const small = (text) => read(`{"a":${text},"b":"00000000000000000000"}`).a;
  for (const [text, number] of [["0.000000003", 3e-9], ["-0.00000015", -1.5e-7], ["0.0000001", 1e-7], ["0.000000120", 1.2e-7]]) assert.equal(small(text), number);
  assert(small("0.0000000123456789012345678") instanceof Exact);
  const events = [{ event: "SepsisTriage", at: null }];
  events.length = 2;
  assert.deepEqual(faultsOf(() => loaded("sepsis").evaluate({ events }, { asOf: AS_OF })), ["D07 /events/1"]);
});

test("settings hold for one call", () => {
  const rule = loaded("sepsis");
  assert.deepEqual(rule.evaluate({}, { asOf: AS_OF, settings: { antibiotics_within: "PT45M" } }).settings, { antibiotics_within: "PT45M" });
  assert.deepEqual(rule.evaluate({}, { asOf: AS_OF }).settings, {});
  const outside = () => rule.evaluate({}, { asOf: AS_OF, settings: { antibiotics_within: "PT2H" } });
  assert.deepEqual(faultsOf(outside, SettingRefused), ["D08 /antibiotics_within"]);
});

test("a member's settings hold as long as their approval", () => {
  const rule = loaded("sepsis");
  for (const [asOf, holds] of [["2026-01-31T23:59:59Z", false], ["2026-02-01T00:00:00Z", true], ["2027-02-01T12:00:00Z", true]]) {
    const decision = rule.evaluate({}, { asOf, member: "XX1" });
    assert.deepEqual(decision.settings, holds ? { antibiotics_within: "PT45M" } : {});
    assert.deepEqual(decision.notApplied.map(({ parameter }) => parameter), holds ? [] : ["antibiotics_within"]);
  }
  const own = rule.evaluate({}, { asOf: AS_OF, member: "XX1", settings: { antibiotics_within: "30 min" } });
  assert.deepEqual(own.settings, { antibiotics_within: "PT30M" });
  assert.deepEqual(faultsOf(() => rule.evaluate({}, { asOf: AS_OF, member: "nobody" }), SettingRefused), ["member "]);
  assert.equal(loaded("hiring").evaluate({}, { asOf: AS_OF, member: "RTF" }).settings.hired_within, 56);
});

test("an option that there is not is refused", async () => {
  const rule = loaded("sepsis");
  const content = bytes("sepsis");
  for (const ask of [
    () => rule.evaluate({}, { asOf: AS_OF, setting: { antibiotics_within: "PT45M" } }),
    () => rule.check({}, { as_of: AS_OF }),
    () => rule.evaluateTable({ age: [70] }, ["antibiotics_1h"], { asOf: AS_OF, member: "XX1" }),
    () => rule.evaluate({}, { asOf: AS_OF, deadline: "5" }),
    () => rule.evaluate({}, AS_OF),
    () => Rule.loadSync(content, { allowDraft: true, SHA256: "00" }),
    () => Rule.fromMessage(rule.toMessage(), { allowDraft: true }),
  ]) assert.throws(ask, TypeError);
  await assert.rejects(Rule.load(content, { allow_draft: true }), TypeError);
  await assert.rejects(Rules.open(FOLDER, { allowDraft: true, onrefused: () => {} }), TypeError);
});

test("a case that may outlast its deadline is not begun", () => {
  const rule = loaded("rtt");
  const events = Array.from({ length: 20_000 }, () => ({ event: "Status", at: null }));
  assert.throws(() => rule.evaluate({ as_of: AS_OF, events }, { deadline: 50 }), (error) => error instanceof LimitReached && error.limit === "deadline");
  rule.evaluate({ as_of: AS_OF }, { deadline: 1_000 });
  for (const deadline of [0, -1]) assert.throws(() => rule.evaluate({ as_of: AS_OF }, { deadline }), LimitReached);
});

test("answers have no value that stands for others", () => {
  const decision = loaded("news2").evaluate({ spo2: 97 });
  assert.equal(decision.answers.total.kind, "unknown");
  assert(!("value" in decision.answers.total));
  assert.throws(() => decision.answer("totals"), RangeError);
});

test("a large case leaves no large instance", () => {
  const rule = loaded("sepsis");
  const events = Array.from({ length: 60_000 }, () => ({ event: "Lactate", at: null, value: 2.1 }));
  rule.evaluate({ as_of: AS_OF, events });
  rule.evaluate({ as_of: AS_OF });
});

test("hooks are told", () => {
  const [calls, decisions] = [[], []];
  const rule = loaded("news2", { onCall: (call) => calls.push(call), onDecision: (...of) => decisions.push(of) });
  rule.evaluate('{"spo2": 97}');
  assert.throws(() => rule.evaluate({ spo2: 101 }), CaseRefused);
  assert.deepEqual(calls.map(({ outcome }) => outcome), ["answered", "refused"]);
  assert.deepEqual(calls[1].codes, ["D08"]);
  assert(calls[0].unknown > 0);
  assert.equal(calls[0].cases, 1);
  assert.equal(decisions[0][1], sha256('{"spo2": 97}'));
  rule.check({ spo2: 101 });
  assert.deepEqual([calls.length, decisions.length], [2, 1]);
});

test("eight workers share a rule", async () => {
  const rule = loaded("sepsis");
  const cases = Array.from({ length: 100 }, (_, age) => ({ as_of: AS_OF, age, events: [{ event: "SepsisTriage", at: null }] }));
  const settings = [{}, { antibiotics_within: "PT45M" }];
  const right = settings.map((of) => cases.map((given) => rule.evaluate(given, { settings: of }).json));
  const data = { message: rule.toMessage(), cases, settings, right, seconds: SECONDS };
  const answers = Array.from({ length: 8 }, () => new Promise((resolve, reject) => {
    new Worker(new URL("worker.mjs", import.meta.url), { workerData: data }).once("message", resolve).once("error", reject);
  }));
  for (const { done, wrong, grown } of await Promise.all(answers)) {
    assert.equal(wrong, 0);
    assert(done > 0);
    assert(grown < 32 << 20, `a worker grew by ${grown} bytes`);
  }
});

test("a folder that is not there or has no module is an error, and so is what is refused where nobody is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-"));
  const absent = (error) => error.code === "ENOENT" && error.message.includes(folder);
  writeFileSync(join(folder, "._news2.wasm"), "left by a Mac");
  await assert.rejects(Rules.open(join(folder, "none"), { allowDraft: true }), absent);
  await assert.rejects(Rules.open(folder, { allowDraft: true }), absent);
  copyFileSync(join(FOLDER, "news2.wasm"), join(folder, "news2.wasm"));
  await assert.rejects(Rules.open(folder), (error) => error instanceof RuleRefused && error.code === "draft" && error.message.includes(folder));
  const rules = await Rules.open(folder, { allowDraft: true });
  writeFileSync(join(folder, "aki.wasm"), "<html>");
  await assert.rejects(rules.reload(), (error) => error.code === "module");
  await assert.rejects(rules.reload(), (error) => error.code === "module");
  assert.equal(rules.get("clinical.news2").info.version, "1.0.0");
  rmSync(folder, { recursive: true });
});

test("a file that was refused for what lies beside it is taken when that is right, and told once until then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-"));
  const put = (from, ending) => copyFileSync(join(FOLDER, `${from}${ending}`), join(folder, `news2${ending}`));
  for (const ending of [".manifest.json", ".batch.wasm", ".wasm"]) put("news2", ending);
  symlinkSync(join(folder, "none"), join(folder, "away.wasm"));
  const refusals = [];
  const rules = await Rules.open(folder, { allowDraft: true, onRefused: (file, error) => refusals.push(`${file.slice(folder.length + 1)} ${error.code}`) });
  const first = rules.get("clinical.news2");
  put("later/news2", ".wasm");
  for (let turn = 0; turn < 3; turn += 1) await rules.reload();
  assert.equal(rules.get("clinical.news2"), first);
  assert.deepEqual(refusals, ["away.wasm ENOENT", "news2.wasm sha256"]);
  put("later/news2", ".manifest.json");
  await rules.reload();
  assert.equal(rules.get("clinical.news2").info.version, "1.0.1");
  put("news2", ".manifest.json");
  await rules.reload();
  assert.deepEqual(refusals.slice(2), ["news2.wasm sha256"]);
  assert.equal(rules.get("clinical.news2").info.version, "1.0.1");
  rmSync(folder, { recursive: true });
});

test("what is refused changes nothing, and reloading under load mixes no versions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-"));
  const put = (content, name = "news2.wasm") => {
    writeFileSync(join(folder, "new"), content);
    renameSync(join(folder, "new"), join(folder, name));
  };
  const [one, other] = [bytes("news2"), bytes("later/news2")];
  const [refusals, changes] = [[], []];
  put(one);
  const rules = await Rules.open(folder, { allowDraft: true, onRefused: (...of) => refusals.push(of), onChange: (...of) => changes.push(of) });
  const first = rules.get("clinical.news2");
  put("<html>");
  await rules.reload();
  assert.equal(rules.get("clinical.news2"), first);
  assert.equal(refusals[0][1].code, "module");

  rules.watch(10);
  const seen = new Set();
  const end = performance.now() + SECONDS * 1_000;
  while (performance.now() < end || seen.size < 2) {
    for (const content of [other, one]) {
      put(content);
      const wanted = sha256(content);
      for (let asked = ""; asked !== wanted; await pause(1)) {
        const rule = rules.get("clinical.news2");
        const decision = rule.evaluate({ spo2: 97 });
        asked = decision.sha256;
        seen.add(`${decision.sha256} ${decision.version} ${rule.info.version}`);
      }
    }
  }
  rules.close();
  assert.deepEqual(seen, new Set([`${sha256(one)} 1.0.0 1.0.0`, `${sha256(other)} 1.0.1 1.0.1`]));

  unlinkSync(join(folder, "news2.wasm"));
  put(bytes("sepsis"), "sepsis.wasm");
  await rules.reload();
  assert.equal(rules.get("acute.sepsis", "1.0.0").info.package, "acute.sepsis");
  assert.throws(() => rules.get("clinical.news2"), RangeError);
  assert(changes.length >= 4);
  rmSync(folder, { recursive: true });
});
