//! Numbers, times and periods as people write them in British English.

use super::model::{ControlChart, Gap};

/// A count with thousands separated: `1,234`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What stands for a count that small-number control suppresses.
pub const SUPPRESSED: &str = "1 to 7";

/// A count, or that it is suppressed.
pub fn shown(n: u64, hidden: bool) -> String {
    if hidden { SUPPRESSED.into() } else { count(n) }
}

/// A count, perhaps suppressed, and its noun.
pub fn shown_counted(n: u64, hidden: bool, one: &str, many: &str) -> String {
    if hidden { format!("{SUPPRESSED} {many}") } else { counted(n, one, many) }
}

/// A count of a list that names nothing without a case: 0 is suppressed.
pub fn at_most(n: u64) -> String {
    shown(n, n == 0)
}

/// A part of a whole, either of them perhaps suppressed: `481 of 823`.
pub fn part_of(numerator: u64, denominator: u64, hidden: u8) -> String {
    format!("{} of {}", shown(numerator, hidden & 1 != 0), shown(denominator, hidden & 2 != 0))
}

/// A count and its noun: `1 case`, `1,234 cases`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A proportion as a percentage with one decimal. What is neither 0 nor 1 is never shown as 0% or 100%.
pub fn percent(p: f64) -> String {
    if !p.is_finite() {
        return "not known".into();
    }
    if p > 0.0 && p < 0.0005 {
        return "under 0.1%".into();
    }
    if p < 1.0 && p > 0.9995 {
        return "over 99.9%".into();
    }
    format!("{}%", decimal(p * 100.0, 1))
}

/// A part of a whole as a percentage; a dash when there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".into();
    }
    percent(part as f64 / whole as f64)
}

/// A figure with a fixed number of decimals and a true minus sign.
pub fn decimal(x: f64, places: usize) -> String {
    if !x.is_finite() {
        return "not known".into();
    }
    let text = format!("{x:.places$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_string(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A probability: `0.032`, or `under 0.001`.
pub fn probability(p: f64) -> String {
    if p < 0.001 {
        return "under 0.001".into();
    }
    decimal(p, 3)
}

/// A small positive figure with four significant places: between-organisation variances and the like.
pub fn small(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    if x.abs() < 0.0001 {
        return "under 0.0001".into();
    }
    decimal(x, 4)
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// A duration in its two largest units, rounded to the smaller: `2 h 5 min`, `3 days 4 h`.
pub fn duration(milliseconds: i64) -> String {
    let exact = milliseconds.unsigned_abs();
    let sign = if milliseconds < 0 { "−" } else { "" };
    let (seconds, minutes, hours) = (rounded(exact, SECOND), rounded(exact, MINUTE), rounded(exact, HOUR));
    let text = match () {
        () if exact == 0 => "0 min".into(),
        () if exact < 10 * SECOND && !exact.is_multiple_of(SECOND) => {
            format!("{:.1} s", exact as f64 / SECOND as f64)
        }
        () if seconds < 60 => format!("{seconds} s"),
        () if seconds < 3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        () if minutes < 2 * 24 * 60 => two(minutes / 60, "h", minutes % 60, "min"),
        () => two(hours / 24, "days", hours % 24, "h"),
    };
    format!("{sign}{text}")
}

fn two(large: u64, large_name: &str, little: u64, little_name: &str) -> String {
    match little {
        0 => format!("{} {large_name}", count(large)),
        _ => format!("{} {large_name} {little} {little_name}", count(large)),
    }
}

fn rounded(ms: u64, unit: u64) -> u64 {
    ms.saturating_add(unit / 2) / unit
}

/// A file's size in decimal units: `38.4 MB`.
pub fn bytes(n: u64) -> String {
    let x = n as f64;
    match n {
        0..1_000 => counted(n, "byte", "bytes"),
        1_000..1_000_000 => format!("{:.1} kB", x / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", x / 1e6),
        _ => format!("{:.1} GB", x / 1e9),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A month `2016-04` as its year and its number from 1, if it is one.
pub fn year_and_month(period: &str) -> Option<(i32, u32)> {
    let (year, month) = period.split_once('-')?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    (1..=12).contains(&month).then_some((year, month))
}

/// A month `2016-04` as `Apr 2016`; anything else as it is.
pub fn period(text: &str) -> String {
    let named = year_and_month(text).and_then(|(year, month)| {
        let name = MONTHS.get(month as usize - 1)?.get(..3)?;
        Some(format!("{name} {year}"))
    });
    named.unwrap_or_else(|| text.to_string())
}

/// The periods of a chart that have no rate: `Jan 2026 to Jun 2026`.
pub fn missing_periods(chart: &ControlChart) -> String {
    let gaps: Vec<String> = chart.gaps.iter().map(gap).collect();
    match gaps.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, [one, two, three, rest @ ..])) if !rest.is_empty() => {
            format!("{one}, {two}, {three} and {} more, the last {last}", count(rest.len() as u64))
        }
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// A gap by its first and last period.
pub fn gap(gap: &Gap) -> String {
    let (first, last) = (period(&gap.first), period(&gap.last));
    if gap.periods == 1 { first } else { format!("{first} to {last}") }
}

/// An instant `2026-10-31T09:30:00Z` as `31 October 2026 at 09:30 UTC`; anything else as it is.
pub fn instant(text: &str) -> String {
    date_and_time(text).unwrap_or_else(|| text.to_string())
}

fn date_and_time(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let (month, day) = date.rsplit_once('-')?;
    let (year, month) = year_and_month(month)?;
    let day: u32 = day.parse().ok()?;
    let name = MONTHS.get(month as usize - 1)?;
    let date = format!("{day} {name} {year}");
    if rest.is_empty() {
        return Some(date);
    }
    let time = rest.get(..5)?;
    let zone = match rest.rfind(['Z', 'z', '+', '-']).and_then(|at| rest.get(at..))? {
        "Z" | "z" | "+00:00" => "UTC".to_string(),
        offset => format!("(UTC{})", offset.replace('-', "−")),
    };
    Some(format!("{date} at {time} {zone}"))
}

/// The first letter in upper case, for a phrase that opens a cell or a sentence.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A phrase with its full stop.
pub fn stopped(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ':', '…']) { text.to_string() } else { format!("{text}.") }
}
