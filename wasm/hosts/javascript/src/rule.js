// A rule: loaded once, asked often.
import { judgedAt, textOf } from "./case.js";
import { decisionOf } from "./decision.js";
import { CaseRefused, ClaimBroken, ConcordError, LimitReached, RuleRefused, SettingRefused } from "./errors.js";
import { read } from "./exact.js";
import { Instance, holdToForm, holdToInterface, notTaken } from "./instance.js";
import { ofMember } from "./members.js";
import { sha256 } from "./sha256.js";
import { bytesOf, bytesOfSync } from "./sources.js";
import { evaluateTable } from "./table/index.js";
import { within } from "./work.js";

const decoder = new TextDecoder();
const NONE = textOf("{}");
const OUTCOMES = new Map([
  [CaseRefused, "refused"],
  [SettingRefused, "setting_refused"],
  [ClaimBroken, "claim_broken"],
  [LimitReached, "limit"],
  [RuleRefused, "stopped"],
]);

/** A rule that answers. `Rule.load` and `Rule.loadSync` make one. */
export class Rule {
  #module;
  #instance;
  #manifest;
  #bytes;
  #batches;

  /** @param {object} made what `load` has made: the bytes, the module, and the hash */
  constructor({ bytes, module, hash, batches }, options = {}) {
    this.#bytes = bytes;
    this.#batches = batches;
    this.#module = module;
    this.#instance = holdToInterface(module);
    this.#manifest = read(this.#instance.describe());
    this.info = infoOf(this.#manifest, hash);
    const { facts, events, parameters, answers } = this.#manifest.layout;
    this.schema = { facts, events, parameters, answers };
    this.onCall = options.onCall;
    this.onDecision = options.onDecision;
    this.#hold(options);
  }

  /** A rule from bytes, a file (Node), a URL, or what `fetch` gives. */
  static async load(source, options = {}) {
    const found = await bytesOf(source);
    const hash = holdToHash(found, options);
    const module = await WebAssembly.compile(found.bytes).catch((error) => Promise.reject(notTaken(error)));
    return new Rule({ ...found, module, hash }, options);
  }

  /** A rule from bytes or a file, at once. */
  static loadSync(source, options = {}) {
    const found = bytesOfSync(source);
    const hash = holdToHash(found, options);
    try {
      return new Rule({ ...found, module: new WebAssembly.Module(found.bytes), hash }, options);
    } catch (error) {
      throw error instanceof WebAssembly.CompileError ? notTaken(error) : error;
    }
  }

  /** What another worker makes this rule of, with `Rule.fromMessage`: it is compiled and checked once. */
  toMessage() {
    return { bytes: this.#bytes, module: this.#module, batches: this.#batches, hash: this.info.sha256 };
  }

  /** A rule of another worker. */
  static fromMessage(message, { onCall, onDecision } = {}) {
    return new Rule(message, { allowDraft: true, verify: false, onCall, onDecision });
  }

  #hold({ fingerprint, allowDraft = false, verify = true }) {
    const { info } = this;
    if (fingerprint !== undefined && fingerprint.toLowerCase() !== info.fingerprint) {
      throw new RuleRefused("fingerprint", `the fingerprint of its logic is ${info.fingerprint}`);
    }
    if (info.status !== "approved" && !allowDraft) {
      throw new RuleRefused("draft", `${info.package} ${info.version} is a draft: nobody has approved it`);
    }
    const failures = verify ? this.#instance.exports.self_test() : 0;
    if (failures !== 0) {
      throw new RuleRefused("self_test", `${failures} of its golden cases are not answered as they must be`);
    }
  }

  /** The answers to a case. Throws `CaseRefused`, `SettingRefused`, `ClaimBroken` or `LimitReached`. */
  evaluate(given, options = {}) {
    const begin = performance.now();
    const plain = textOf(given);
    const text = options.asOf === undefined ? plain : judgedAt(plain, options.asOf);
    let decision;
    try {
      decision = this.#evaluate(text, options);
    } catch (error) {
      if (error instanceof ConcordError) this.#tell({ outcome: OUTCOMES.get(error.constructor), codes: (error.faults ?? []).map((fault) => fault.code), unknown: 0 }, begin);
      throw error;
    }
    if (this.onCall) {
      const unknown = Object.values(decision.answers).filter((of) => of.kind === "unknown" || of.verdict === "unknown").length;
      this.#tell({ outcome: "answered", codes: [], unknown }, begin);
    }
    this.onDecision?.(decision, sha256(text));
    return decision;
  }

  #tell(call, begin) {
    this.onCall?.({ ...this.#identity, ...call, seconds: (performance.now() - begin) / 1000 });
  }

  get #identity() {
    const { package: name, version, fingerprint } = this.info;
    return { package: name, version, fingerprint };
  }

  #evaluate(text, { member, settings, explain = false, deadline }) {
    if (deadline !== undefined) within(this.#manifest, text, deadline);
    const { wanted, notApplied } = this.#settings(text, member, settings);
    const instance = (this.#instance ??= new Instance(new WebAssembly.Instance(this.#module)));
    this.#instance = undefined; // not kept, should the call fail
    let refused;
    let said;
    try {
      refused = configure(instance, wanted);
      if (!refused) {
        const came = instance.say(explain ? "explain_json" : "evaluate_json", text);
        ({ said } = came);
        refused = refusal(came);
      }
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new RuleRefused("stopped", error.message) : error;
    }
    if (instance.small) this.#instance = instance;
    if (refused) throw refused;
    return decisionOf(said, { sha256: this.info.sha256, member: member ?? null, notApplied });
  }

  #settings(text, member, settings) {
    const given = settings === undefined ? NONE : textOf(settings);
    if (member === undefined) return { wanted: given, notApplied: [] };
    const of = ofMember(this.#manifest, member, asOfIn(text));
    let own;
    try {
      own = typeof settings === "object" && !(settings instanceof Uint8Array) ? settings : read(decoder.decode(given));
    } catch {
      return { wanted: given, notApplied: [] }; // the module says what is wrong with it
    }
    const mapped = own instanceof Map ? Object.fromEntries(own) : own;
    if (typeof mapped !== "object" || mapped === null || Array.isArray(mapped)) return { wanted: given, notApplied: [] };
    const notApplied = of.notApplied.filter(({ parameter }) => !Object.hasOwn(mapped, parameter));
    return { wanted: textOf({ ...of.settings, ...mapped }), notApplied };
  }

  /** What is wrong with a case; nothing where it can be answered. */
  check(given, { asOf } = {}) {
    const plain = textOf(given);
    try {
      this.#evaluate(asOf === undefined ? plain : judgedAt(plain, asOf), {});
    } catch (error) {
      if (error instanceof CaseRefused) return error.faults;
      if (!(error instanceof ClaimBroken)) throw error;
    }
    return [];
  }

  /** Answers of many cases, column by column. */
  evaluateTable(columns, want, options = {}) {
    const settingsOf = (settings) => this.#evaluate(textOf('{"as_of":"1970-01-01T00:00:00Z"}'), { settings }).settings;
    this.batchModule ??= new WebAssembly.Module(this.#batches ?? this.#bytes);
    return evaluateTable({ rule: this, manifest: this.#manifest, module: this.batchModule, settingsOf }, columns, want, options);
  }
}

function configure(instance, wanted) {
  const words = decoder.decode(wanted);
  if (instance.settings === words) return undefined;
  const { status, said } = instance.say("configure_json", wanted);
  if (status !== 0) return new SettingRefused(JSON.parse(said).refused);
  instance.settings = words;
  return undefined;
}

/** What a status other than 0 means. */
function refusal({ status, said }) {
  if (status === 1) return new CaseRefused(JSON.parse(said).refused);
  return status === 2 ? new ClaimBroken(JSON.parse(said).broken) : undefined;
}

/** The instant of a case's `as_of`, where it has one that can be read: the module refuses any other. */
function asOfIn(text) {
  try {
    const at = new Date(JSON.parse(decoder.decode(text)).as_of);
    return Number.isNaN(at.getTime()) ? undefined : at;
  } catch {
    return undefined;
  }
}

/** Refuses bytes that are not those that were asked for, or not WebAssembly. */
function holdToHash({ bytes, manifest, batches }, { sha256: wanted }) {
  const hash = sha256(bytes);
  if (wanted !== undefined && hash !== wanted.toLowerCase()) {
    throw new RuleRefused("sha256", `its SHA-256 is ${hash}, not ${wanted.toLowerCase()}`);
  }
  if (manifest && hash !== manifest.module.sha256) {
    throw new RuleRefused("sha256", `the manifest beside it is of a module with the SHA-256 ${manifest.module.sha256}`);
  }
  if (batches && sha256(batches) !== manifest.batches.sha256) {
    throw new RuleRefused("sha256", "the module for batches beside it is not the one that its manifest names");
  }
  holdToForm(bytes);
  return hash;
}

function infoOf({ logic }, hash) {
  const { package: name, version, title, owner = null, status, unverified, fingerprint, sources, members } = logic;
  return Object.freeze({ package: name, version, title, owner, status, unverified, fingerprint, sha256: hash, sources, members: members.map((member) => member.code) });
}
