// The corpus, in Node and in browsers.
import { CaseRefused, ClaimBroken, Exact, Rule, SettingRefused } from "../src/index.js";
import { read } from "../src/exact.js";
import { sha256 } from "../src/sha256.js";

/** Whether two values of JSON are the same; keys may stand in any order. */
function same(one, other) {
  if (one instanceof Exact && other instanceof Exact) return one.text === other.text;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}

/** Whether a faulty case is refused as it must be. */
function refused(rule, of) {
  const given = of.bytes === undefined ? of.case : Uint8Array.from(of.bytes.match(/../g), (byte) => parseInt(byte, 16));
  try {
    const decision = rule.evaluate(given, { settings: of.settings, member: of.member });
    return of.record !== undefined && decision.json.includes(of.record) && decision.notApplied.length === of.not_applied;
  } catch (error) {
    if (error instanceof CaseRefused) return same(error.faults, of.refused);
    if (error instanceof SettingRefused) return same(error.faults, of.setting_refused);
    if (error instanceof ClaimBroken) return error.claim === of.broken;
    throw error;
  }
}

/** The two lines of a host, and the cases that do not hold. `modules` are `name`, the `bytes` of a module, and its `vectors` as a text. */
export async function corpus(modules, faulty) {
  const [failed, records, rules] = [[], [], new Map()];
  const asked = new Set(faulty.cases.map(({ module }) => module)); // the others are let go: an engine has room for some hundreds
  let tried = 0;
  const hold = (holds, name, of) => {
    tried += 1;
    if (!holds) failed.push(`${name}: ${of}`);
  };
  for await (const { name, bytes, vectors } of modules) {
    const rule = await Rule.load(bytes, { allowDraft: true });
    if (asked.has(name) && !rules.has(name)) rules.set(name, rule);
    for (const vector of read(vectors).cases) {
      const decision = rule.evaluate(vector.case, { settings: vector.settings, explain: true });
      records.push(`${decision.json}\n`);
      hold(same(decision.answers, vector.answers), name, vector.name);
    }
  }
  for (const of of faulty.cases) hold(refused(rules.get(of.module), of), of.module, of.name);
  const hash = sha256(new TextEncoder().encode(records.join("")));
  return { lines: [`${tried - failed.length} passed, ${failed.length} failed`, `records ${hash}`], failed, tried };
}
