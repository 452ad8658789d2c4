// A member's settings: those of the manifest whose approval holds.
import { SettingRefused } from "./errors.js";

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
  const settings = {};
  const notApplied = [];
  for (const { parameter, value, approved_on: approvedOn, until = null } of found.differs) {
    const holds = day && approvedOn <= day && (until === null || day <= until);
    if (holds) settings[parameter] = value;
    else notApplied.push({ parameter, approvedOn, until });
  }
  return { settings, notApplied };
}
