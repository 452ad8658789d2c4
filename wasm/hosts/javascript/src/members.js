// A member's settings: those of the manifest whose approval holds. On which day a case is judged, and what a call sets itself, only the module says: whoever read
// either a second time would sometimes read it otherwise.
import { withFirst } from "./case.js";
import { ClaimBroken, SettingRefused } from "./errors.js";

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

/** What a member has set otherwise than the group. */
export function differsOf(manifest, code) {
  const { members } = manifest.logic;
  const found = members.find((member) => member.code === code);
  if (found) return found.differs;
  const expected = members.length > 0 ? `one of ${members.map((member) => member.code).join(", ")}` : "no member: the rule knows none";
  throw new SettingRefused([{ code: "member", at: "", expected }]);
}

/** The settings of a call with those of a member before them. */
export function before(given, differs) {
  return withFirst(given, differs.map(({ parameter, value }) => [parameter, value]));
}

/** What a member has set, and a call does not set itself. A way says which of it is in force, with a 1 for each that is and a 0 for each that is not. */
export class Own {
  #given;
  #differs;

  constructor(given, differs) {
    this.#given = given;
    this.#differs = differs;
  }

  /** The decision with what is in force on the day of the case, which its first decision says. Where the case reaches what the rule claims to be impossible, the
   * module says no day: then it is asked in every way that there may be. */
  decision(decide) {
    const by = (way) => decide(before(this.#given, this.#those(way, "1")), this.#notApplied(way));
    let last;
    for (const way of this.#ways()) {
      try {
        const decision = by(way);
        const right = this.#on(decision.asOf === null ? undefined : london(new Date(decision.asOf)));
        return right === way ? decision : by(right);
      } catch (error) {
        if (!(error instanceof ClaimBroken || error instanceof SettingRefused)) throw error;
        last = error;
      }
    }
    throw last;
  }

  /** What may be in force, on one day or another: all of it first, and at last none. */
  #ways() {
    const days = this.#differs.flatMap(({ approved_on: from, until }) => [from, until ?? undefined]);
    return new Set(["1".repeat(this.#differs.length), ...days.map((day) => this.#on(day)), this.#on(undefined)]);
  }

  /** What is in force on a day; without one nothing is. */
  #on(day) {
    const holds = ({ approved_on: from, until = null }) => day !== undefined && from <= day && (until === null || day <= until);
    return this.#differs.map((differs) => (holds(differs) ? "1" : "0")).join("");
  }

  #those(way, which) {
    return this.#differs.filter((_, place) => way[place] === which);
  }

  #notApplied(way) {
    return this.#those(way, "0").map(({ parameter, approved_on: approvedOn, until = null }) => ({ parameter, approvedOn, until }));
  }
}
