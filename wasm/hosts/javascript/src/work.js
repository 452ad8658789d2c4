// How much work a case is at most. No engine for JavaScript stops a call that has begun, so one that may take too long is not begun.
import { LimitReached } from "./errors.js";

const A_MILLISECOND = 100_000; // operators; processors of today do several times as many

/** Refuses a case whose bound of work is more than the deadline, in milliseconds, has room for; where none is left, any. */
export function within({ work }, text, deadline) {
  const events = eventsIn(text);
  const unplaced = events.filter((event) => typeof event?.at !== "string" || !event.at.includes(":")).length;
  const of = (factors) => factors.reduceRight((sum, factor) => sum * events.length + factor, 0);
  const { factors, unplaced: each } = work.operators;
  if (deadline <= 0 || of(factors) + unplaced * of(each) > deadline * A_MILLISECOND) throw new LimitReached("deadline");
}

function eventsIn(text) {
  try {
    const { events } = JSON.parse(new TextDecoder().decode(text));
    return Array.isArray(events) ? events : [];
  } catch {
    return []; // the module says what is wrong with it
  }
}
