// Asks rules of Concord: a case in, answers with reasons out.
export { CaseRefused, ClaimBroken, ConcordError, LimitReached, RuleRefused, SettingRefused } from "./errors.js";
export { Exact } from "./exact.js";
export { Rule } from "./rule.js";
