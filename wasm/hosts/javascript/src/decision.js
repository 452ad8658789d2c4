// What came of a case: its answers, and all that is needed to give them again.
import { reading } from "./errors.js";
import { read } from "./exact.js";

const NAMES = ["package", "version", "status", "unverified", "fingerprint", "as_of", "settings", "answers"];

/** A decision of the record that a module wrote; `beside` is what the record does not say. */
export function decisionOf(json, beside) {
  return new Decision(json, beside);
}

class Decision {
  #record;

  constructor(json, { sha256, member, notApplied }) {
    this.json = json;
    this.sha256 = sha256;
    this.member = member;
    this.notApplied = notApplied;
  }

  /** The record, read when it is first asked for. */
  get record() {
    return (this.#record ??= reading("the decision that the module wrote cannot be read", () => recordOf(this.json)));
  }

  /** An answer by its name; a name that the rule does not have is an error. */
  answer(name) {
    if (!Object.hasOwn(this.answers, name)) throw new RangeError(`the rule has no answer ${name}`);
    return this.answers[name];
  }

  get answers() {
    return this.record.answers;
  }

  get package() {
    return this.record.package;
  }

  get version() {
    return this.record.version;
  }

  get status() {
    return this.record.status;
  }

  get unverified() {
    return this.record.unverified;
  }

  get fingerprint() {
    return this.record.fingerprint;
  }

  get asOf() {
    return this.record.as_of;
  }

  get settings() {
    return this.record.settings;
  }
}

function recordOf(json) {
  const record = read(json);
  if (NAMES.some((name) => !(name in record))) throw new TypeError("it is no decision");
  return record;
}
