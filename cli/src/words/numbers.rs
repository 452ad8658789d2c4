//! Counts, shares and other figures, and what stands for those that small-number control suppresses.

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

/// What stands for a count that is withheld, as it would tell another.
pub const NOT_SHOWN: &str = "not shown";

/// In the bits of what is hidden of a row: more is hidden than what lies between 1 and 7, so that whatever is hidden may be 0, few or many.
pub const WITHHELD: u8 = 1 << 7;

/// A count, or that it is suppressed.
pub fn shown(n: u64, hidden: bool) -> String {
    if hidden { SUPPRESSED.into() } else { count(n) }
}

/// A count of a row, or what stands for it: bit `place` of what is hidden.
pub fn told(n: u64, hidden: u8, place: u8) -> String {
    instead(hidden, place).map_or_else(|| count(n), str::to_owned)
}

/// What stands for a count of a row, where it is hidden.
pub fn instead(hidden: u8, place: u8) -> Option<&'static str> {
    let withheld = hidden & WITHHELD != 0;
    (hidden >> place & 1 != 0).then_some(if withheld { NOT_SHOWN } else { SUPPRESSED })
}

/// What stands for a rate of which a count is hidden.
pub fn missing(hidden: u8) -> &'static str {
    if hidden & WITHHELD != 0 { NOT_SHOWN } else { "suppressed" }
}

/// Cases of a row with their noun: `1 case`, `1 to 7 cases`, `a number of cases that is not shown`.
pub fn told_counted(n: u64, hidden: u8, place: u8, one: &str, many: &str) -> String {
    match instead(hidden, place) {
        None => counted(n, one, many),
        Some(NOT_SHOWN) => format!("a number of {many} that is not shown"),
        Some(instead) => format!("{instead} {many}"),
    }
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
    format!("{} of {}", told(numerator, hidden, 0), told(denominator, hidden, 1))
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

/// No more decimals than these tell a percentage from another.
const MOST_PLACES: usize = 4;

/// How many decimals tell two proportions apart as percentages: one, but for those that are no longer the same with more.
pub fn places_beside(p: f64, other: f64) -> usize {
    let differ = |places: &usize| decimal(p * 100.0, *places) != decimal(other * 100.0, *places);
    let apart = (1..=MOST_PLACES).find(differ);
    // What differs in no place, or in nothing, is written as ever.
    apart.unwrap_or(1)
}

/// A proportion as a percentage beside another, with as many decimals as tell the two apart.
pub fn percent_beside(p: f64, other: f64) -> String {
    match places_beside(p, other) {
        1 => percent(p),
        places => format!("{}%", decimal(p * 100.0, places)),
    }
}

/// A part of a whole as a percentage; a dash when there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".into();
    }
    percent(part as f64 / whole as f64)
}

/// A part of a whole with its percentage: `481 of 823 (58.4%)`.
pub fn part_and_share(part: u64, whole: u64) -> String {
    let of = format!("{} of {}", count(part), count(whole));
    if whole == 0 { of } else { format!("{of} ({})", share(part, whole)) }
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

/// The same with its sign, `+2.5` or `−2.5`; 0 has none.
pub fn signed(x: f64, places: usize) -> String {
    let text = decimal(x, places);
    let nothing = text.chars().all(|c| c == '0' || c == '.');
    if nothing || text.starts_with('−') || !x.is_finite() { text } else { format!("+{text}") }
}

/// A figure with a fixed number of decimals and its thousands separated: `1,234.50`.
pub fn grouped(x: f64, places: u8) -> String {
    let text = decimal(x, usize::from(places));
    let (sign, digits) = text.strip_prefix('−').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) =
        digits.split_once('.').map_or((digits, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    match whole.parse() {
        Ok(whole) => format!("{sign}{}{rest}", count(whole)),
        Err(_) => text,
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
