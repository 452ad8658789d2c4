// Options, by name. One that is misspelt must not be taken for one that was left out: a hash that nobody looked at, a setting that is not in force.

const HOOKS = ["onCall", "onDecision"];
export const OF_MESSAGE = HOOKS;
export const OF_LOAD = ["sha256", "fingerprint", "allowDraft", "verify", ...HOOKS];
export const OF_RULES = [...OF_LOAD, "onChange", "onRefused"];
export const OF_EVALUATE = ["asOf", "member", "settings", "explain", "deadline"];
export const OF_CHECK = ["asOf"];
export const OF_TABLE = ["asOf", "settings", "ignoreUnknown"];

/** Refuses options that there are not, and a deadline that is no length of time. */
export function holdToOptions(options, names) {
  if (typeof options !== "object" || options === null || Array.isArray(options)) throw new TypeError("options are an object");
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new TypeError(`there is no option ${unknown.join(", ")} here; the options are ${names.join(", ")}`);
  const { deadline } = options;
  if (deadline !== undefined && (typeof deadline !== "number" || Number.isNaN(deadline))) throw new TypeError("a deadline is a number of milliseconds");
}
