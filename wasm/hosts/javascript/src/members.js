// A member's settings: those of the manifest whose approval holds.
import { SettingRefused } from "./errors.js";
import { Exact } from "./exact.js";

const HOUR = 3_600_000;

/** The day in London, by the summer time that has held since 1996: from the last Sunday of March to that of October, 01:00 UTC. */
export function london(at) {
  const change = (month) => {
    const last = new Date(Date.UTC(at.getUTCFullYear(), month, 31, 1));
    return last.getTime() - last.getUTCDay() * 24 * HOUR;
  };
  const summer = change(2) <= at.getTime() && at.getTime() < change(9);
  return new Date(at.getTime() + (summer ? HOUR : 0)).toISOString().slice(0, 10);
}

/** What is in force for a member at an instant, and what is not; without one nothing is. */
export function ofMember(manifest, code, at) {
  const { members } = manifest.logic;
  const found = members.find((member) => member.code === code);
  if (!found) {
    const expected = members.length > 0 ? `one of ${members.map((member) => member.code).join(", ")}` : "no member: the rule knows none";
    throw new SettingRefused([{ code: "member", at: "", expected }]);
  }
  const day = at && london(at);
  const kinds = new Map(manifest.layout.parameters.map((of) => [of.name, of.type.kind]));
  const settings = {};
  const notApplied = [];
  for (const { parameter, member, approved_on: approvedOn, until = null } of found.differs) {
    const holds = day && approvedOn <= day && (until === null || day <= until);
    if (holds) settings[parameter] = value(kinds.get(parameter), member);
    else notApplied.push({ parameter, approvedOn, until });
  }
  return { settings, notApplied };
}

/** A value in words as a case has it. */
function value(kind, words) {
  const digits = kind === "number" && /^-?\d+(\.\d+)?/.exec(words);
  if (digits) return new Exact(digits[0]);
  return kind === "yes_no" ? words === "yes" : words;
}
