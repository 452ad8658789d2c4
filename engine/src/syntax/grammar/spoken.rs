//! Lengths of time as they are spoken, where one belongs: `one hour`, `half an hour`, `a day`, `3 business days`.

use super::habits::{back, elsewhere, whole};
use super::input::Tokens;
use crate::diagnostics::Diagnostic;
use crate::syntax::newcomers::number_in_words;
use crate::syntax::tokens::Kind;

/// Units as they are spoken, each as its words, and as it is written after one and after several.
const UNITS: [(&[&str], &str, &str); 27] = [
    (&["minute"], "min", "min"),
    (&["minutes"], "min", "min"),
    (&["min"], "min", "min"),
    (&["mins"], "min", "min"),
    (&["hour"], "h", "h"),
    (&["hours"], "h", "h"),
    (&["hr"], "h", "h"),
    (&["hrs"], "h", "h"),
    (&["h"], "h", "h"),
    (&["day"], "day", "days"),
    (&["days"], "day", "days"),
    (&["week"], "week", "weeks"),
    (&["weeks"], "week", "weeks"),
    (&["month"], "month", "months"),
    (&["months"], "month", "months"),
    (&["year"], "year", "years"),
    (&["years"], "year", "years"),
    (&["calendar", "day"], "calendar day", "calendar days"),
    (&["calendar", "days"], "calendar day", "calendar days"),
    (&["working", "day"], "working day", "working days"),
    (&["working", "days"], "working day", "working days"),
    (&["business", "day"], "working day", "working days"),
    (&["business", "days"], "working day", "working days"),
    (&["workday"], "working day", "working days"),
    (&["workdays"], "working day", "working days"),
    (&["fortnight"], "fortnight", "fortnights"),
    (&["fortnights"], "fortnight", "fortnights"),
];

/// A number as it is spoken, how many tokens it is, and how many halves go with it.
struct Said {
    number: i64,
    tokens: usize,
    half: bool,
}

/// The message for such a length at the cursor.
pub fn spoken(at: Tokens<'_>) -> Option<Diagnostic> {
    let (after, written) = part_of_an_hour(at).or_else(|| counted(at)).or_else(|| business(at))?;
    let last = after.previous()?.span;
    let span = at.span().to(last);
    let title = format!("`{}` is written `{written}`", at.text_of(span));
    let help = match written.split_once(' ') {
        Some((number, unit @ ("day" | "days"))) => format!(
            "write `{written}`, of 24 hours each from where it begins; days on the calendar are `{number} calendar {unit}`"
        ),
        _ => format!("write `{written}`"),
    };
    Some(elsewhere(span, &title).help(help).edit(span, written))
}

/// The same where the grammar could not go on within such a length: `first Fall + two hours`.
pub fn spoken_around(here: Tokens<'_>) -> Option<Diagnostic> {
    let mut begun = (0..4).filter_map(|by| back(here, by)).filter_map(spoken);
    begun.rfind(|fault| fault.primary.span.end > here.span().start)
}

/// `half an hour`, `a quarter of an hour`, `half a day`
fn part_of_an_hour(at: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let at = if at.is_word("a") && at.is_word_at(1, "quarter") { at.next() } else { at };
    let (parts, rest) = match at.text(0) {
        "half" => (2, at.next()),
        "quarter" if at.is_word_at(1, "of") => (4, at.skip(2)),
        _ => return None,
    };
    if !rest.is_word("a") && !rest.is_word("an") {
        return None;
    }
    let written = match rest.text(1) {
        "hour" => format!("{} min", 60 / parts),
        "day" => format!("{} h", 24 / parts),
        _ => return None,
    };
    Some((rest.skip(2), written))
}

/// `one hour`, `an hour`, `twenty-four hours`, `one and a half hours`, `an hour and a half`
fn counted(at: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let said = number(at)?;
    let (after, one, several) = unit(at.skip(said.tokens))?;
    let half_behind = ["and", "a", "half"].iter().zip(0..).all(|(word, ahead)| after.is_word_at(ahead, word));
    let (after, half) = if half_behind { (after.skip(3), true) } else { (after, said.half) };
    let number = said.number;
    let written = match (half, one) {
        (false, "fortnight") => format!("{} weeks", number.checked_mul(2)?),
        (false, "year") => format!("{} months", number.checked_mul(12)?),
        (false, _) => format!("{number} {}", if number == 1 { one } else { several }),
        (true, "h") => format!("{} min", number.checked_mul(60)?.checked_add(30)?),
        (true, "day") => format!("{} h", number.checked_mul(24)?.checked_add(12)?),
        _ => return None,
    };
    Some((after, written))
}

/// `3 business days`
fn business(at: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let number = whole(at).filter(|_| matches!(at.text(1), "business" | "workday" | "workdays"))?;
    let (after, one, several) = unit(at.next())?;
    Some((after, format!("{number} {}", if number == 1 { one } else { several })))
}

fn number(at: Tokens<'_>) -> Option<Said> {
    let small = |ahead: usize| at.text(ahead).to_ascii_lowercase();
    let first = small(0);
    let (mut number, mut tokens) = match first.as_str() {
        "a" | "an" => (1, 1),
        _ => (number_in_words(&first)?, 1),
    };
    let dash = usize::from(at.is_sign_at(1, "-"));
    let ones = number_in_words(&small(1 + dash)).filter(|ones| number >= 20 && *ones < 10);
    if let Some(ones) = ones {
        (number, tokens) = (number + ones, 2 + dash);
    }
    let half = ["and", "a", "half"].iter().zip(tokens..).all(|(word, ahead)| at.is_word_at(ahead, word));
    Some(Said { number, tokens: if half { tokens + 3 } else { tokens }, half })
}

/// The unit at the cursor, which may be one token of two words.
fn unit(at: Tokens<'_>) -> Option<(Tokens<'_>, &'static str, &'static str)> {
    if at.token(0).starts_line || !matches!(at.kind(), Kind::Name | Kind::Unit) {
        return None;
    }
    let found = |(words, one, several): &(&[&str], &'static str, &'static str)| {
        let as_one = at.text(0).split_whitespace().eq(words.iter().copied());
        let by_word = words.iter().zip(0..).all(|(word, ahead)| at.text(ahead) == *word);
        (as_one || by_word).then(|| (at.skip(if as_one { 1 } else { words.len() }), *one, *several))
    };
    UNITS.iter().find_map(found)
}
