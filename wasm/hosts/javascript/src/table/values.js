// Values of a case as the integers that a module has for them, and back.
import { Exact } from "../exact.js";

const DAY = 86_400_000;
const UNITS = [7 * DAY, DAY, 3_600_000, 60_000, 1_000];
const DURATION = /^(-?)P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3}0*)?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** What `configure` takes for a setting as a decision has it. */
export function integer(kind, value) {
  const given = kind.kind === "number" ? scaled(value, kind.places) : kind.kind === "enum" ? kind.variants.indexOf(value) : READERS[kind.kind](value);
  return BigInt(given);
}

/** A number at its declared places, or undefined where it has more of them. */
export function scaled(value, places) {
  if (typeof value === "number") {
    const scale = 10 ** places;
    const whole = Math.round(value * scale);
    return whole / scale === value ? whole : undefined;
  }
  if (typeof value !== "bigint" && !(value instanceof Exact)) return undefined;
  const [whole, fraction = ""] = String(value).split(".");
  const kept = fraction.replace(/0+$/, "");
  return kept.length > places ? undefined : Number(whole + kept.padEnd(places, "0"));
}

/** How a value of each kind is read: an integer, or undefined where it is none of its kind. */
export const READERS = {
  yes_no: (value) => (typeof value === "boolean" ? Number(value) : undefined),
  duration(value) {
    const found = typeof value === "string" ? DURATION.exec(value) : null;
    if (!found || value.endsWith("P") || value.endsWith("T")) return undefined;
    const length = UNITS.reduce((sum, unit, place) => sum + Number(found[place + 2] ?? 0) * unit, 0);
    return Number.isInteger(length) ? (found[1] ? -length : length) : undefined;
  },
  instant(value) {
    const at = value instanceof Date ? value.getTime() : typeof value === "string" && INSTANT.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(at) ? undefined : at;
  },
  date(value) {
    const at = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : NaN;
    const there = !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
    return there ? at / DAY : undefined;
  },
  time_of_day(value) {
    const found = typeof value === "string" ? CLOCK.exec(value) : null;
    if (!found || found[1] > "23" || found[2] > "59" || found[3] > "59") return undefined;
    const [hours, minutes, seconds = 0] = found.slice(1, 4).map((part) => Number(part ?? 0));
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + Number((found[4] ?? "").padEnd(3, "0"));
  },
  nhs_number(value) {
    const digits = typeof value === "string" ? value.replaceAll(" ", "") : "";
    if (!/^\d{10}$/.test(digits)) return undefined;
    const sum = [...digits.slice(0, 9)].reduce((total, digit, place) => total + (10 - place) * Number(digit), 0);
    return (11 - (sum % 11)) % 11 === Number(digits[9]) ? Number(digits) : undefined;
  },
};

/** A value as answers have it. */
export function shown(kind, value, codes) {
  switch (kind.kind) {
    case "number":
      return Number.isSafeInteger(Number(value)) ? Number(value) / 10 ** kind.places : exactly(value, kind.places);
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
      return new Date(Number(value)).toISOString().slice(11, 23).replace(/(:00)?\.000$|\.(\d*?)0+$/, (_, __, parts) => (parts ? `.${parts}` : ""));
    case "duration":
      return duration(BigInt(value));
    default:
      return codes.text(BigInt(value));
  }
}

function exactly(value, places) {
  if (places === 0) return new Exact(String(value));
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  return new Exact(`${value < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

function duration(value) {
  const length = value < 0n ? -value : value;
  const [hours, minutes, rest] = [length / 3_600_000n, (length / 60_000n) % 60n, length % 60_000n];
  const parts = rest % 1_000n ? `.${String(rest % 1_000n).padStart(3, "0")}` : "";
  const said = (hours ? `${hours}H` : "") + (minutes ? `${minutes}M` : "") + (rest ? `${rest / 1_000n}${parts}S` : "");
  return `${value < 0n ? "-" : ""}PT${said || "0S"}`;
}
