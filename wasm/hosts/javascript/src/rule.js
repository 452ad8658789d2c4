// A rule: loaded once, asked often.
import { judgedAt, textOf } from "./case.js";
import { decisionOf } from "./decision.js";
import { CaseRefused, ClaimBroken, ConcordError, LimitReached, RuleRefused, SettingRefused, reading } from "./errors.js";
import { read } from "./exact.js";
import { Instance, holdToForm, holdToInterface, notTaken, started } from "./instance.js";
import { Own, before, differsOf } from "./members.js";
import { OF_CHECK, OF_EVALUATE, OF_LOAD, OF_MESSAGE, OF_TABLE, holdToOptions } from "./options.js";
import { sha256 } from "./sha256.js";
import { bytesOf, bytesOfSync } from "./sources.js";
import { Table } from "./table/index.js";
import { within } from "./work.js";

const decoder = new TextDecoder();
const NONE = textOf("{}");
const MOST = 1 << 24; // bytes of what a manifest places
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
    const said = reading("it does not say what it is", () => this.#instance.describe());
    reading("its manifest cannot be read", () => this.#describe(read(this.#instance.decoded(said)), hash), "json");
    this.onCall = options.onCall;
    this.onDecision = options.onDecision;
    this.#hold(options);
  }

  #describe(manifest, hash) {
    this.#manifest = manifest;
    this.info = infoOf(manifest, hash);
    const { facts, events, parameters, answers } = manifest.layout;
    this.schema = { facts, events, parameters, answers };
    holdToLayout(manifest);
  }

  /** A rule from bytes, a file (Node), a URL, or what `fetch` gives. */
  static async load(source, options = {}) {
    holdToOptions(options, OF_LOAD);
    const found = await bytesOf(source);
    const hash = holdToHash(found, options);
    const module = await WebAssembly.compile(found.bytes).catch((error) => Promise.reject(notTaken(error)));
    return new Rule({ ...found, module, hash }, options);
  }

  /** A rule from bytes or a file, at once. */
  static loadSync(source, options = {}) {
    holdToOptions(options, OF_LOAD);
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
  static fromMessage(message, hooks = {}) {
    holdToOptions(hooks, OF_MESSAGE);
    const { onCall, onDecision } = hooks;
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
    const failures = verify ? reading("it stops at its golden cases", () => this.#instance.exports.self_test()) : 0;
    if (failures !== 0) {
      throw new RuleRefused("self_test", `${failures} of its golden cases are not answered as they must be`);
    }
  }

  /** The answers to a case. Throws `CaseRefused`, `SettingRefused`, `ClaimBroken` or `LimitReached`. */
  evaluate(given, options = {}) {
    holdToOptions(options, OF_EVALUATE);
    const begin = performance.now();
    const plain = textOf(given);
    const text = options.asOf === undefined ? plain : judgedAt(plain, options.asOf);
    let decision;
    try {
      decision = this.#evaluate(text, options);
    } catch (error) {
      this.#tellWhy(error, 1, begin);
      throw error;
    }
    if (this.onCall) {
      const unknown = Object.values(decision.answers).filter((of) => of.kind === "unknown" || of.verdict === "unknown").length;
      this.#tell({ outcome: "answered", codes: [], unknown, cases: 1 }, begin);
    }
    this.onDecision?.(decision, sha256(text));
    return decision;
  }

  #tell(call, begin) {
    this.onCall?.({ ...this.#identity, ...call, seconds: (performance.now() - begin) / 1000 });
  }

  #tellWhy(error, cases, begin) {
    if (!(error instanceof ConcordError)) return;
    const codes = (error.faults ?? []).map((fault) => fault.code);
    this.#tell({ outcome: OUTCOMES.get(error.constructor), codes, unknown: 0, cases }, begin);
  }

  get #identity() {
    const { package: name, version, fingerprint } = this.info;
    return { package: name, version, fingerprint };
  }

  #evaluate(text, { member, settings, explain = false, deadline }) {
    if (deadline !== undefined) within(this.#manifest, text, deadline);
    const given = settings === undefined ? NONE : textOf(settings);
    const decide = (wanted, notApplied) => this.#decide(text, explain, wanted, { member: member ?? null, notApplied });
    if (member === undefined) return decide(given, []);
    return this.#own(member, given, settings !== undefined).decision(decide);
  }

  #decide(text, explain, wanted, beside) {
    const said = this.#with((instance) => {
      const refused = configure(instance, wanted);
      if (refused) return { refused };
      const came = instance.say(explain ? "explain_json" : "evaluate_json", text);
      return { ...came, refused: refusal(came) };
    });
    if (said.refused) throw said.refused;
    return decisionOf(said.said, { sha256: this.info.sha256, ...beside });
  }

  /** What the instance gives. It is kept unless the call fails. */
  #with(ask) {
    const instance = (this.#instance ??= new Instance(started(this.#module)));
    this.#instance = undefined;
    let came;
    try {
      came = ask(instance);
    } catch (error) {
      throw error instanceof ConcordError ? error : new RuleRefused("stopped", error.message);
    }
    if (instance.small) this.#instance = instance;
    return came;
  }

  /** What a member has set, but for what the call sets itself: that the module says, which refuses it twice. */
  #own(member, given, asked) {
    const differs = differsOf(this.#manifest, member);
    if (!asked) return new Own(given, differs);
    const refused = this.#with((instance) => configure(instance, given));
    if (refused) throw refused;
    const twice = ({ faults = [] } = {}) => faults.some(({ code }) => code === "D05");
    return new Own(given, differs.filter((of) => !twice(this.#with((instance) => configure(instance, before(given, [of]))))));
  }

  /** What is wrong with a case; nothing where it can be answered. */
  check(given, options = {}) {
    holdToOptions(options, OF_CHECK);
    const plain = textOf(given);
    const { asOf } = options;
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
    holdToOptions(options, OF_TABLE);
    const settingsOf = (settings) => this.#evaluate(textOf('{"as_of":"1970-01-01T00:00:00Z"}'), { settings }).settings;
    this.batchModule ??= new WebAssembly.Module(this.#batches ?? this.#bytes);
    const begin = performance.now();
    const decide = (given, settings) => this.#evaluate(textOf(given), { settings });
    const table = new Table({ rule: this, manifest: this.#manifest, module: this.batchModule, settingsOf, decide }, columns, want, options);
    try {
      table.answer();
    } catch (error) {
      this.#tellWhy(error, table.rows, begin);
      throw error;
    }
    if (this.onCall) this.#tell({ outcome: "answered", codes: [], unknown: table.unknown, cases: table.rows }, begin);
    if (this.onDecision) this.#log(table.cases(), options.settings);
    return table.columns();
  }

  /** Tells the decision log of each row of a table as of a case. */
  #log(cases, settings) {
    for (const given of cases) {
      const text = textOf(given);
      try {
        this.onDecision(this.#evaluate(text, { settings }), sha256(text));
      } catch (error) {
        if (!(error instanceof ClaimBroken)) throw error;
      }
    }
  }
}

function configure(instance, wanted) {
  const words = decoder.decode(wanted);
  if (instance.settings === words) return undefined;
  const { status, said } = instance.say("configure_json", wanted);
  if (status !== 0) return new SettingRefused(faultsIn(said));
  instance.settings = words;
  return undefined;
}

/** What a status other than 0 means. */
function refusal({ status, said }) {
  if (status === 1) return new CaseRefused(faultsIn(said));
  return status === 2 ? new ClaimBroken(JSON.parse(said).broken) : undefined;
}

function faultsIn(said) {
  return JSON.parse(said).refused.map(({ code, at, ...expected }) => ({ code, at, ...expected }));
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

/** Refuses, with whatever error comes of it, a manifest that does not say what tables, members and deadlines rely on. */
function holdToLayout({ layout, logic, work }) {
  const sizes = layout.outputs.map((of) => of.bytes).concat(layout.facts.map((of) => of.bytes));
  const places = [layout.columns, layout.columns_events, layout.columns_out, layout.record_out, layout.event_field_bytes.length];
  const parts = layout.answers.flatMap((of) => ("output" in of ? [of.output] : [of.verdict, of.trigger, of.due, of.done]));
  const names = [...layout.facts, ...layout.events, ...layout.parameters, ...layout.answers].map((of) => of.name);
  const kinds = [...layout.facts, ...layout.parameters].map((of) => of.type.kind);
  const whole =
    sizes.every((bytes) => [1, 2, 4, 8].includes(bytes)) &&
    places.every((place) => Number.isInteger(place) && place >= 0 && place <= MOST) &&
    layout.record_out > 0 &&
    parts.every((part) => part in layout.outputs) &&
    [...names, ...kinds, ...layout.verdicts, ...logic.codes, ...logic.labels].every((name) => typeof name === "string") &&
    [...work.operators.factors, work.operators.unplaced.length].every(Number.isFinite);
  if (!whole) throw new TypeError("it does not say where columns lie");
}

function infoOf({ logic }, hash) {
  const { package: name, version, title, owner = null, status, unverified, fingerprint, sources, members } = logic;
  return Object.freeze({ package: name, version, title, owner, status, unverified, fingerprint, sha256: hash, sources, members: members.map((member) => member.code) });
}
