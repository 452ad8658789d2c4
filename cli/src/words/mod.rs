//! Numbers, times and phrases as people write them in British English: the one place for the words of summaries and reports.

mod numbers;
mod times;
mod visible;

pub use numbers::{
    NOT_SHOWN, SUPPRESSED, WITHHELD, at_most, bytes, count, counted, decimal, grouped, instead, missing,
    part_and_share, part_of, percent, percent_beside, places_beside, probability, share, shown, shown_counted, signed,
    small, told, told_counted,
};
pub use times::{duration, instant, noun_of, period, year_and_month};
pub use visible::{acts, no_formula, visible};

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

/// Names one after another: `a`, `a and b`, `a, b and c`; nothing where there is none.
pub fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
