/** Asks rules of Concord: a case in, answers with reasons out. */

/** A number that JavaScript cannot hold exactly, or that goes in digit by digit: `new Exact("37.10")`. */
export class Exact {
  constructor(text: string);
  readonly text: string;
}

/** A value of a case or an answer: durations as ISO 8601 (`PT45M`), instants in UTC, dates and times of day as texts. */
export type Plain = string | number | boolean | Exact;

/** An instant: a `Date`, an instant with its zone, a day, or between which two it lies. */
export type Instant = string | Date | Between<string | Date>;

/** A length of time: `1 h 30 min`, `PT1H30M`. */
export type Duration = string;

/** Between which two a value lies, ends included. */
export interface Between<V> {
  from: V;
  to: V;
}

/** A value, between which two it lies, beyond which it lies (`<0.5`), or nothing. */
export type Known<V> = V | Between<V> | null;

/** A number beyond which another lies: `<0.5`, `>=15`. */
export type Beyond = `${"<" | "<=" | "≤" | ">" | ">=" | "≥"}${number}`;

/** A number of a case. */
export type NumberIn = Known<number | bigint | Exact> | Beyond;

/** A number in one of several units. */
export interface InUnit<U extends string> {
  value: Exclude<NumberIn, null>;
  unit: U;
}

/** A case: facts by name, and `events`, `not_supplied`, `as_of`. What is left out, `null` or `undefined` is missing. */
export type Case = Readonly<Record<string, unknown>>;

/** A case, or its text as JSON. */
export type Given<C = Case> = C | ReadonlyMap<string, unknown> | string | Uint8Array;

/** Something that is missing and would settle an answer. */
export interface Need {
  readonly kind: "fact" | "field" | "time" | "events" | "parameter" | "decision";
  readonly text: string;
  readonly fact?: string;
  readonly event?: string;
  readonly field?: string;
  readonly parameter?: string;
  readonly answer?: string;
  readonly until?: string;
}

interface Answered {
  /** The answer in words. */
  readonly text: string;
  /** Why, a sentence each; there with `explain`. */
  readonly because?: readonly string[];
  readonly source?: string;
}

export interface Value<V = Plain> extends Answered {
  readonly kind: "value";
  readonly value: V;
}

/** Recorded as absent, or the rule gives no value. */
export interface None extends Answered {
  readonly kind: "none";
  readonly value: null;
}

export interface Possible<V = Plain> {
  readonly or_none: boolean;
  readonly from?: V;
  readonly to?: V;
  readonly values?: readonly V[];
}

export interface Unknown<V = Plain> extends Answered {
  readonly kind: "unknown";
  readonly possible: Possible<V>;
  readonly needs: readonly Need[];
}

export type Verdicts = "not applicable" | "excused" | "met" | "late" | "missed" | "open";

/** How an obligation was kept. */
export interface Verdict extends Answered {
  readonly kind: "verdict";
  readonly verdict: Verdicts | "unknown";
  readonly from?: string;
  readonly due?: string;
  readonly due_on?: string;
  readonly done?: string;
  readonly late_by?: string;
  readonly late_by_days?: number;
  readonly late_by_working_days?: number;
  readonly excuse?: string;
  readonly possible?: readonly Verdicts[];
  readonly needs?: readonly Need[];
}

/** What an answer is; `kind` tells. */
export type Answer<V = Plain> = Value<V> | None | Unknown<V> | Verdict;

export interface Fault {
  /** Such as `D08`; `concord explain D08` says more. */
  readonly code: string;
  /** Where, as a JSON pointer. */
  readonly at: string;
  /** What belongs there. */
  readonly expected?: string;
}

export class ConcordError extends Error {}
export class CaseRefused extends ConcordError {
  readonly faults: readonly Fault[];
}
export class SettingRefused extends ConcordError {
  readonly faults: readonly Fault[];
}
export class RuleRefused extends ConcordError {
  readonly code: "sha256" | "module" | "interface" | "json" | "fingerprint" | "draft" | "self_test" | "stopped" | "twice";
  readonly why: string;
}
export class ClaimBroken extends ConcordError {
  readonly claim: string;
}
export class LimitReached extends ConcordError {
  readonly limit: "deadline" | "room";
}

/** A member's setting that was not in force, as its approval does not hold on the day of `as_of`. */
export interface NotApplied {
  readonly parameter: string;
  readonly approvedOn: string;
  readonly until: string | null;
}

/** The answers to one case, and all that is needed to give them again. */
export interface Decision<A = Readonly<Record<string, Answer>>> {
  readonly package: string;
  readonly version: string;
  readonly status: "draft" | "approved";
  readonly unverified: boolean;
  readonly fingerprint: string;
  readonly asOf: string | null;
  readonly settings: Readonly<Record<string, Plain>>;
  readonly answers: A;
  /** An answer by its name; a name that the rule does not have is a RangeError. */
  answer<N extends keyof A & string>(name: N): A[N];
  /** The decision record as the module wrote it. */
  readonly json: string;
  /** The same, read. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The hash of the module. */
  readonly sha256: string;
  readonly member: string | null;
  readonly notApplied: readonly NotApplied[];
}

/** One call, for metrics. Nothing of the patient. */
export interface Call {
  readonly package: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly outcome: "answered" | "refused" | "setting_refused" | "claim_broken" | "limit" | "stopped";
  readonly seconds: number;
  readonly codes: readonly string[];
  /** How many answers are not known; of a table, of those that were wanted. */
  readonly unknown: number;
  /** How many cases it was about: one, or the rows of a table. */
  readonly cases: number;
}

export interface Hooks {
  onCall?: ((call: Call) => void) | undefined;
  /** Is given the decision, and the SHA-256 of the case's text as it went in. */
  onDecision?: ((decision: Decision, caseSha256: string) => void) | undefined;
}

export interface LoadOptions extends Hooks {
  sha256?: string | undefined;
  fingerprint?: string | undefined;
  /** Whether a rule may answer that nobody has approved. No unless said. */
  allowDraft?: boolean | undefined;
  /** Whether the module answers its golden cases first. Yes unless said. */
  verify?: boolean | undefined;
}

export interface EvaluateOptions {
  asOf?: string | Date | undefined;
  member?: string | undefined;
  settings?: Given | undefined;
  explain?: boolean | undefined;
  /** In milliseconds: a case that may take longer is refused before it is begun. */
  deadline?: number | undefined;
}

export interface Info {
  readonly package: string;
  readonly version: string;
  readonly title: string;
  readonly owner: string | null;
  readonly status: "draft" | "approved";
  readonly unverified: boolean;
  readonly fingerprint: string;
  readonly sha256: string;
  readonly sources: readonly string[];
  readonly members: readonly string[];
}

/** What a case may hold and an answer may be, as `layout` of the manifest has them. */
export interface Schema {
  readonly facts: readonly Readonly<Record<string, unknown>>[];
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  readonly answers: readonly Readonly<Record<string, unknown>>[];
}

export type Column = ArrayLike<unknown>;

export interface TableOptions {
  asOf?: string | Date | ArrayLike<string | Date> | undefined;
  settings?: Given | undefined;
  /** Whether columns that the rule does not know are let pass. No unless said. */
  ignoreUnknown?: boolean | undefined;
}

/** Bytes, a file (in Node), a URL, or what `fetch` gives. */
export type Source = Uint8Array | ArrayBuffer | string | URL | Response | Promise<Response>;

/** What another worker makes a rule of. */
export type Message = Readonly<Record<string, unknown>>;

export class Rule<C = Case, A = Readonly<Record<string, Answer>>> {
  private constructor();
  static load<C = Case, A = Readonly<Record<string, Answer>>>(source: Source, options?: LoadOptions): Promise<Rule<C, A>>;
  static loadSync<C = Case, A = Readonly<Record<string, Answer>>>(source: Uint8Array | ArrayBuffer | string | URL, options?: LoadOptions): Rule<C, A>;
  static fromMessage<C = Case, A = Readonly<Record<string, Answer>>>(message: Message, hooks?: Hooks): Rule<C, A>;
  toMessage(): Message;
  readonly info: Info;
  readonly schema: Schema;
  evaluate(given: Given<C>, options?: EvaluateOptions): Decision<A>;
  check(given: Given<C>, options?: { asOf?: string | Date | undefined }): readonly Fault[];
  evaluateTable(columns: Readonly<Record<string, Column>> | ReadonlyMap<string, Column>, want: readonly string[], options?: TableOptions): Record<string, unknown[]>;
}
