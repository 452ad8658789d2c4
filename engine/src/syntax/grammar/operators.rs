//! Conditions as they are written elsewhere, where the grammar could not go on: `CASE WHEN a THEN b END`, `a xor b`, `age not > 65`, `2h30`.

use super::choices::name_of;
use super::fault::Wanted;
use super::habits::{back, elsewhere, is_number, whole};
use super::input::Tokens;
use super::newcomers::{between_two, not_a_unit};
use super::recover::declaration_ahead;
use super::words::{RESERVED, is_name_at};
use crate::diagnostics::Diagnostic;
use crate::syntax::newcomers::meant_by;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens of a choice that are read for it.
const FURTHEST: usize = 200;

/// The message for what stands here, if it is such a condition.
pub fn operator(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let before = Tokens { at: here.at.saturating_sub(1), ..here };
    case_when(before, false)
        .or_else(|| exclusive(here))
        .or_else(|| hours_and_minutes(here))
        .or_else(|| metres_for_minutes(here))
        .or_else(|| not_after_a_value(here, wanted))
        .or_else(|| parted_sign(here))
        .or_else(|| parted_unit(here))
}

/// `age > = 65`
fn parted_sign(here: Tokens<'_>) -> Option<Diagnostic> {
    let first = back(here, 1).filter(|first| here.is_sign("=") && (first.is_sign(">") || first.is_sign("<")))?;
    let written = format!("{}=", first.text(0));
    let span = first.span().to(here.span());
    let title = format!("`{}` is written `{written}`", here.text_of(span));
    Some(elsewhere(span, &title).help("its two signs stand together").edit(span, written))
}

/// `90 mm Hg`, `12 per minute`, `5 µg/dL`: a unit of which a part was read as one.
fn parted_unit(here: Tokens<'_>) -> Option<Diagnostic> {
    let last = back(here, 1)?;
    let unit = last.kind() == Kind::Unit;
    if unit && last.text(0) == "mm" && here.text(0).eq_ignore_ascii_case("hg") {
        let span = last.span().to(here.span());
        return Some(not_a_unit(here.text_of(span), span).help("write `mmHg`").edit(span, "mmHg"));
    }
    if is_number(last) && here.is_word("per") {
        let of = match here.text(1).to_ascii_lowercase().as_str() {
            "minute" | "minutes" | "mins" => "min",
            "second" | "sec" => "s",
            "hour" | "hr" => "h",
            "litre" | "liter" | "l" => "L",
            "days" => "day",
            _ => return None,
        };
        let (span, written) = (here.span().to(here.next().span()), format!("per {of}"));
        return Some(not_a_unit(here.text_of(span), span).help(format!("write `{written}`")).edit(span, written));
    }
    let joined = unit && here.is_sign("/") && here.gap() == 0 && here.next().gap() == 0;
    (joined && matches!(here.token(1).kind, Kind::Name | Kind::Unit)).then(|| {
        let span = last.span().to(here.next().span());
        let fault = not_a_unit(here.text_of(span), span);
        if fault.help.is_some() { fault } else { fault.help("`concord explain E0210` lists the units") }
    })
}

fn is(at: Tokens<'_>, word: &str) -> bool {
    at.kind() == Kind::Name && at.text(0).eq_ignore_ascii_case(word)
}

/// `CASE WHEN a THEN b WHEN c THEN d ELSE e END`; in a table it needs brackets.
pub fn case_when(case: Tokens<'_>, in_brackets: bool) -> Option<Diagnostic> {
    if !is(case, "case") || !is(case.next(), "when") {
        return None;
    }
    let (mut edits, mut open, mut last) = (Vec::new(), Vec::new(), case);
    let mut at = case;
    while at.at - case.at < FURTHEST && !at.at_end() && !declaration_ahead(at) {
        last = at;
        let said = at.text(0).to_ascii_lowercase();
        let named = at.kind() == Kind::Name;
        match said.as_str() {
            "case" if is(at.next(), "when") => {
                let begins = if in_brackets && open.is_empty() { "(if" } else { "if" };
                edits.push((at.span().to(at.next().span()), begins.to_owned()));
                open.push(false);
                at = at.next();
            }
            "when" if named => edits.push((at.span(), "else if".to_owned())),
            "then" if named => edits.push((at.span(), "then".to_owned())),
            "else" if named => {
                edits.push((at.span(), "else".to_owned()));
                if let Some(has_else) = open.last_mut() {
                    *has_else = true;
                }
            }
            "end" if named => {
                let whole = Span { start: at.previous().map_or(at.span().start, |last| last.span.end), ..at.span() };
                let otherwise = if open.pop() == Some(true) { "" } else { " else none" };
                let closes = if in_brackets && open.is_empty() { ")" } else { "" };
                edits.push((whole, format!("{otherwise}{closes}")));
            }
            _ => edits.extend(small(at)),
        }
        if open.is_empty() {
            break;
        }
        at = at.next();
    }
    let fault = elsewhere(case.span().to(last.span()), "one of several is `if … then … else`");
    let fault =
        fault.help("as in `if age >= 65 then 2 else if age >= 18 then 1 else 0`; a table says the same in rows");
    Some(edits.into_iter().fold(fault, |fault, (span, written)| fault.edit(span, written)))
}

/// What stands in a condition of SQL beside its signs: `AND`, `NULL`, a choice in quotes.
fn small(at: Tokens<'_>) -> Option<(Span, String)> {
    let said = at.text(0);
    let lower = said.to_ascii_lowercase();
    match at.kind() {
        Kind::Name if said != lower && RESERVED.contains(&lower.as_str()) => Some((at.span(), lower)),
        Kind::Name if lower == "null" => Some((at.span(), "none".to_owned())),
        Kind::Text if said.starts_with(['\'', '‘', '’']) => {
            let inner = said.trim_matches(['\'', '‘', '’']);
            name_of(inner).map(|name| (at.span(), name))
        }
        _ => None,
    }
}

/// `frail xor alone`
fn exclusive(here: Tokens<'_>) -> Option<Diagnostic> {
    let left = back(here, 1).filter(|_| is(here, "xor"))?;
    let joint = |at: Tokens<'_>| ["and", "or", "not", "xor"].iter().any(|word| is(at, word));
    let alone = back(left, 1).is_none_or(|at| !joint(at)) && !joint(here.skip(2)) && !joint(here.next());
    let help = "one of two and not both is `frail is not alone`, where both are yes or no; conditions stand in brackets: `(age > 65) is not frail`";
    let fault = elsewhere(here.span(), "the language has no `xor`").help(help);
    Some(if alone { fault.edit(here.span(), "is not") } else { fault })
}

/// `2h30`, `2h30min`: hours and minutes in one word.
fn hours_and_minutes(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = back(here, 1).filter(|last| here.kind() == Kind::Name && here.gap() == 0 && is_number(*last))?;
    let hours = whole(number)?;
    let rest = here.text(0).strip_prefix(['h', 'H'])?;
    let figures = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let minutes: i64 = figures.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    if !["", "m", "min", "mins"].contains(&rest.get(figures.len()..)?) {
        return None;
    }
    let written = match (here.in_example, minutes) {
        (_, 0) => format!("{hours} h"),
        (true, _) => format!("{hours} h {minutes} min"),
        (false, _) => format!("{} min", hours.checked_mul(60)?.checked_add(minutes)?),
    };
    let span = number.span().to(here.span());
    let fault = elsewhere(span, "hours and minutes are not written as one word");
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `2 h 30 m` in a case: `m` is metres.
fn metres_for_minutes(here: Tokens<'_>) -> Option<Diagnostic> {
    let unit = here.next();
    let hours = back(here, 1).is_some_and(|last| last.kind() == Kind::Unit && last.text(0) == "h");
    (here.in_example && hours && is_number(here) && unit.kind() == Kind::Unit && unit.text(0) == "m").then(|| {
        let blank = if unit.gap() == 0 { " " } else { "" };
        let fault = elsewhere(unit.span(), "`m` is metres, and minutes are `min`");
        fault.help("write `min`").edit(unit.span(), format!("{blank}min"))
    })
}

/// `age not > 65`, `route not oral`, `age not between 3 and 5`
fn not_after_a_value(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let value = back(here, 1).filter(|last| is(here, "not") && (is_name_at(*last, 0) || is_number(*last)))?;
    let words: Vec<&str> = (0..5).map(|ahead| here.text(ahead)).collect();
    if here.in_table || here.in_example || meant_by(&words).is_some() || value.token(0).kind == Kind::Unit {
        return None;
    }
    let next = here.next();
    if let Some(fault) = between_two(next) {
        return Some(fault);
    }
    let opposite = match next.kind() {
        Kind::Sign(">") => "<=",
        Kind::Sign(">=") => "<",
        Kind::Sign("<") => ">=",
        Kind::Sign("<=") => ">",
        Kind::Sign("=" | "==") => "is not",
        _ if matches!(wanted, Wanted::Entry("a clause", _)) && !(is_number(next) || is_name_at(next, 0)) => {
            return None;
        }
        _ => {
            let fault = elsewhere(here.span(), "`not` stands before a condition, or after `is`");
            let fault = fault.help(format!("as in `not frail`, `{} is not {}`", value.text(0), next.text(0)));
            return Some(fault.edit(here.span(), "is not"));
        }
    };
    let span = here.span().to(next.span());
    let title = format!("`{}` is written `{opposite}`", here.text_of(span));
    Some(elsewhere(span, &title).help("`not` stands before a whole condition, or after `is`").edit(span, opposite))
}
