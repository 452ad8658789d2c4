// Values of a case as the integers that a module has for them, and back.
import { Exact, digits, numbered } from "../exact.js";

const DAY = 86_400_000;
const UNITS = [7 * DAY, DAY, 3_600_000, 60_000, 1_000];
const DURATION = /^(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** So many digits a number of JavaScript tells apart, whatever its size: below it a decimal is the only one that is nearest to its number. */
const APART = 1e15;

/** What `configure` takes for a setting as a decision has it. */
export function integer(kind, value, codes) {
  if (kind.kind === "number") return BigInt(scaled(value, kind.places));
  if (kind.kind === "enum") return BigInt(kind.variants.indexOf(value));
  return BigInt(kind.kind === "code" ? codes.number(value) : READERS[kind.kind](value));
}

/** A number at its declared places, or undefined where it has more of them. One beyond what a number of JavaScript holds exactly is a `bigint`. */
export function scaled(value, places) {
  if (typeof value === "number") {
    const scale = 10 ** places;
    const whole = Math.round(value * scale);
    if (Math.abs(whole) < APART) return whole / scale === value ? whole : undefined;
    return Number.isFinite(value) ? ofDigits(digits(value), places) : undefined;
  }
  return typeof value === "bigint" || value instanceof Exact ? ofDigits(String(value), places) : undefined;
}

function ofDigits(text, places) {
  const [whole, fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "");
  return kept.length > places ? undefined : BigInt(whole + kept.padEnd(places, "0"));
}

/** The milliseconds at which a day begins in UTC, or undefined where the calendar of a case, from 1900 to 2199, has no such day. */
function dayOf(year, month, day) {
  const at = new Date(Date.UTC(year, month - 1, day));
  const there = year >= 1900 && year < 2200 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return there ? at.getTime() : undefined;
}

/** The milliseconds of a time of day, or undefined where no clock shows it. */
function clockOf(hours, minutes, seconds = "0", parts = "") {
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(parts.padEnd(3, "0"));
}

/** How a value of each kind is read: an integer, or undefined where it is not in the plain form of its kind. What else a case takes, the module reads. */
export const READERS = {
  yes_no: (value) => (typeof value === "boolean" ? Number(value) : undefined),
  duration(value) {
    const found = typeof value === "string" && value !== "P" && value !== "-P" ? DURATION.exec(value) : null;
    if (!found) return undefined;
    const length = UNITS.reduce((sum, unit, place) => sum + Math.round(Number(found[place + 2] ?? 0) * unit), 0);
    return Number.isSafeInteger(length) ? (found[1] ? -length : length) : undefined;
  },
  instant(value) {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
    const found = typeof value === "string" ? INSTANT.exec(value) : null;
    if (!found) return undefined;
    const [day, clock, ahead] = [dayOf(...found.slice(1, 4).map(Number)), clockOf(...found.slice(4, 8)), found[8] ? clockOf(found[9], found[10]) : 0];
    if (day === undefined || clock === undefined || ahead === undefined) return undefined;
    return day + clock - (found[8] === "-" ? -ahead : ahead);
  },
  date(value) {
    const found = typeof value === "string" ? DATE.exec(value) : null;
    const at = found ? dayOf(...found.slice(1).map(Number)) : undefined;
    return at === undefined ? undefined : at / DAY;
  },
  time_of_day(value) {
    const found = typeof value === "string" ? CLOCK.exec(value) : null;
    return found ? clockOf(...found.slice(1)) : undefined;
  },
  nhs_number(value) {
    if (typeof value !== "string" || !/^\d{10}$|^\d{3} \d{3} \d{4}$/.test(value)) return undefined;
    const digits = value.replaceAll(" ", "");
    const sum = [...digits.slice(0, 9)].reduce((total, digit, place) => total + (10 - place) * Number(digit), 0);
    return (11 - (sum % 11)) % 11 === Number(digits[9]) ? Number(digits) : undefined;
  },
};

/** A value as answers have it. */
export function shown(kind, value, codes) {
  switch (kind.kind) {
    case "number":
      return Math.abs(Number(value)) < APART ? Number(value) / 10 ** kind.places : exactly(BigInt(value), kind.places);
    case "yes_no":
      return Number(value) === 1;
    case "enum":
    case "verdict":
      return kind.variants[Number(value)];
    case "instant":
      return new Date(Number(value)).toISOString().replace(".000Z", "Z");
    case "date":
      return new Date(Number(value) * DAY).toISOString().slice(0, 10);
    case "time_of_day":
      return new Date(Number(value)).toISOString().slice(11, 23).replace(/(:00)?\.000$/, "");
    case "duration":
      return duration(BigInt(value));
    default:
      return codes.text(BigInt(value));
  }
}

/** A number of JavaScript where one is equal to it, and otherwise its digits, as a record has them. */
function exactly(value, places) {
  const text = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const point = text.length - places;
  const fraction = text.slice(point).replace(/(?!^)0+$/, "");
  return numbered(`${value < 0n ? "-" : ""}${text.slice(0, point)}${fraction && `.${fraction}`}`);
}

function duration(value) {
  const length = value < 0n ? -value : value;
  const [hours, minutes, rest] = [length / 3_600_000n, (length / 60_000n) % 60n, length % 60_000n];
  const parts = rest % 1_000n ? `.${String(rest % 1_000n).padStart(3, "0")}` : "";
  const said = (hours ? `${hours}H` : "") + (minutes ? `${minutes}M` : "") + (rest ? `${rest / 1_000n}${parts}S` : "");
  return `${value < 0n ? "-" : ""}PT${said || "0S"}`;
}
