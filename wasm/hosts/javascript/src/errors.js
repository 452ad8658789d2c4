// What can go wrong, as errors with codes and places. No message repeats a value of the case.

/** Whatever a rule does not answer. */
export class ConcordError extends Error {
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

const inWords = ({ code, at, expected }) => code + (at && ` at ${at}`) + (expected ? `: expected ${expected}` : "");

/** The case is faulty, and nothing was answered. */
export class CaseRefused extends ConcordError {
  constructor(faults) {
    super(faults.map(inWords).join("; "));
    this.faults = faults;
  }
}

/** A setting is not one that the rule allows, and nothing was answered. */
export class SettingRefused extends ConcordError {
  constructor(faults) {
    super(faults.map(inWords).join("; "));
    this.faults = faults;
  }
}

/** The module is not one that may answer. */
export class RuleRefused extends ConcordError {
  constructor(code, why) {
    super(`${code}: ${why}`);
    this.code = code;
    this.why = why;
  }
}

/** What is read of what a module says: one that is damaged says what cannot be read, and names what is not there. */
export function reading(why, read, code = "stopped") {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConcordError ? error : new RuleRefused(code, `${why}: it is damaged (${error.message})`);
  }
}

/** The case reaches what the rule claims to be impossible. */
export class ClaimBroken extends ConcordError {
  constructor(claim) {
    super(claim);
    this.claim = claim;
  }
}

/** The case would take longer than its deadline (`deadline`), or needs more memory than there is (`room`). */
export class LimitReached extends ConcordError {
  constructor(limit) {
    super(limit);
    this.limit = limit;
  }
}
