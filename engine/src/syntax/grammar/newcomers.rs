//! What was probably meant where the grammar could not go on: words and habits of other languages, and of prose.

use super::choices::name_of;
use super::declarations::DECLARATIONS;
use super::fault::Wanted;
use super::habits::{back, habit};
use super::input::Tokens;
use super::words::{RESERVED, is_name_at};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::newcomers::meant_by;
use crate::syntax::spelling::{alternatives, near};
use crate::syntax::tokens::Kind;
use crate::text::Span;
use crate::values::units;

/// The most words of a name with blanks in it.
const MOST_WORDS: usize = 6;

/// The message for what stands here, if it is something that newcomers bring.
pub fn brought(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    habit(here, wanted)
        .or_else(|| spaced_name(here, wanted))
        .or_else(|| bullet(here, wanted))
        .or_else(|| range_with_a_dash(here))
        .or_else(|| capitals(here))
        .or_else(|| foreign_word(here))
        .or_else(|| words_of_one_name(here))
}

/// `between`, `greater than`: the word at the cursor, or one that was read as a name just before it.
fn foreign_word(here: Tokens<'_>) -> Option<Diagnostic> {
    // `days between` says more than `between`: several words that began before the cursor come first.
    for (step, several) in [(2, true), (1, true), (0, false), (1, false), (2, false)] {
        let Some(at) = back(here, step).filter(|at| at.kind() == Kind::Name) else { continue };
        let words: Vec<&str> =
            (0..5).take_while(|ahead| at.token(*ahead).kind == Kind::Name).map(|ahead| at.text(ahead)).collect();
        let Some(found) = meant_by(&words) else { continue };
        let length = found.said.split(' ').count();
        if declared(at) {
            continue;
        }
        // What was read as a name is a newcomer only if it ends where the grammar stopped.
        if step > length || several && step >= length {
            continue;
        }
        let span = at.span().to(at.token(length - 1).span);
        let title = match found.said {
            "otherwise" => "`otherwise` stands behind the last answer of a `choose`".to_owned(),
            _ => format!("the language has no `{}`", at.text_of(span)),
        };
        let fault = Diagnostic::error(codes::E0213, span, title, "written in another way").help(found.help());
        let fault = found.word().into_iter().fold(fault, |fault, word| fault.edit(span, word));
        let fault = with_the_sign(fault, found.sign(), (at, at.skip(length)));
        return Some(between_two(at).unwrap_or(fault));
    }
    None
}

/// `BETWEEN 1 AND 5`, `is between 3 mg and 5 mg`: both ends are there.
pub fn between_two(at: Tokens<'_>) -> Option<Diagnostic> {
    let low = at.next();
    let and = low.skip(1 + usize::from(unit(low).is_some()));
    let high = and.next();
    let number = |at: Tokens<'_>| matches!(at.kind(), Kind::Number { .. });
    let said = at.kind() == Kind::Name && at.text(0).eq_ignore_ascii_case("between");
    if !said || !number(low) || !and.text(0).eq_ignore_ascii_case("and") || !number(high) {
        return None;
    }
    let is = back(at, 1).filter(|is| is.is_word("is"));
    let last = unit(high).unwrap_or(high);
    let span = is.unwrap_or(at).span().to(last.span());
    let (of_low, of_high) = (unit(low).map(|unit| unit.text(0)), unit(high).map(|unit| unit.text(0)));
    let range = match (of_low, of_high) {
        (Some(first), Some(second)) if first != second => {
            format!("{} {first}..{} {second}", low.text(0), high.text(0))
        }
        (first, second) => {
            let unit = second.or(first).map_or_else(String::new, |unit| format!(" {unit}"));
            format!("{}..{}{unit}", low.text(0), high.text(0))
        }
    };
    let written = if at.in_example || at.in_table { range } else { format!("in {range}") };
    let title = format!("`{}` is written `{written}`", at.text_of(span));
    let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
    Some(fault.help("a range has two dots, and both ends count").edit(span, written))
}

/// `age is at least 65`: the words between a value and a number become a sign.
fn with_the_sign(fault: Diagnostic, sign: Option<&str>, (at, number): (Tokens<'_>, Tokens<'_>)) -> Diagnostic {
    let is = back(at, 1).filter(|is| is.is_word("is"));
    let first = is.unwrap_or(at);
    let compared = back(first, 1).is_some_and(|value| is_name_at(value, 0) || value.is_sign(")"));
    match sign.filter(|_| compared && matches!(number.kind(), Kind::Number { .. })) {
        Some(sign) => {
            let last = number.previous().map_or(at.span(), |last| last.span);
            fault.edit(first.span().to(last), sign)
        }
        None => fault,
    }
}

/// The unit of the number at the cursor.
fn unit(number: Tokens<'_>) -> Option<Tokens<'_>> {
    Some(number.next()).filter(|unit| unit.kind() == Kind::Unit && !unit.token(0).starts_line)
}

/// Whether the text gives the word at the cursor a meaning of its own.
pub fn declared(here: Tokens<'_>) -> bool {
    let name = here.text(0);
    let tokens = here.shared.tokens;
    let is = |place: usize, wanted: &str| tokens.get(place).is_some_and(|token| here.text_of(token.span) == wanted);
    (0..tokens.len()).any(|place| {
        let before = place.checked_sub(1).is_some_and(|b| DECLARATIONS.iter().chain(&["event"]).any(|w| is(b, w)));
        is(place, name) && (is(place + 1, ":") || before)
    })
}

/// `If`, `AND`: words of the language are written in small letters.
fn capitals(here: Tokens<'_>) -> Option<Diagnostic> {
    let small = |at: Tokens<'_>, ahead: usize| {
        let said = at.text(ahead);
        let lower = said.to_ascii_lowercase();
        let known = at.token(ahead).kind == Kind::Name && said != lower;
        RESERVED.iter().find(|word| known && **word == lower).copied()
    };
    let first = (0..3).filter_map(|step| back(here, step)).find(|at| small(*at, 0).is_some())?;
    let word = small(first, 0)?;
    let title = format!("`{}` is written `{word}`", first.text(0));
    let mut fault = Diagnostic::error(codes::E0213, first.span(), title, "words of the language have small letters");
    fault = fault.help("write the words of the language in small letters");
    let mut at = first;
    while !(at.at_end() || at.at > first.at && super::recover::declaration_ahead(at)) {
        if let Some(word) = small(at, 0) {
            fault = fault.edit(at.span(), word);
        }
        fault = also_of_sql(fault, at);
        at = at.next();
    }
    Some(fault)
}

/// What stands beside words in capitals, in SQL: `IS NULL`, `IN ('a', 'b')`.
fn also_of_sql(fault: Diagnostic, at: Tokens<'_>) -> Diagnostic {
    let is = |at: Tokens<'_>, word: &str| at.text(0).eq_ignore_ascii_case(word);
    if is(at, "null") && back(at, 1).is_some_and(|last| is(last, "is") || is(last, "not")) {
        return fault.edit(at.span(), "none");
    }
    if !is(at, "in") || !at.is_sign_at(1, "(") {
        return fault;
    }
    let Some(closes) = (2..80).find(|ahead| at.is_sign_at(*ahead, ")")) else { return fault };
    let mut fault = fault.edit(at.token(1).span, "{ ").edit(at.token(closes).span, " }");
    for ahead in 2..closes {
        let said = at.text(ahead).trim_matches(['"', '“', '”', '‘', '’', '\'']);
        if let Some(name) = name_of(said).filter(|_| at.token(ahead).kind == Kind::Text) {
            fault = fault.edit(at.token(ahead).span, name);
        }
    }
    fault
}

/// `define very old = …`: the words of a name are joined with `_`.
fn spaced_name(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let ends = |at: Tokens<'_>| match wanted {
        Wanted::Sign(sign @ ("=" | ":" | "{")) => at.is_sign(sign),
        Wanted::Entry("the policy of the table", _) => at.is_sign("{"),
        _ => false,
    };
    let first = back(here, 1).filter(|at| is_name_at(*at, 0))?;
    let mut last = here;
    let mut words = 2;
    while is_name_at(last, 0) && !last.token(0).starts_line && !ends(last.next()) {
        last = last.next();
        words += 1;
    }
    if words > MOST_WORDS || !is_name_at(last, 0) || last.token(0).starts_line {
        return None;
    }
    Some(joined(first, words))
}

/// `heart rate > 100` where `heart_rate` is declared.
fn words_of_one_name(here: Tokens<'_>) -> Option<Diagnostic> {
    let first = back(here, 1).filter(|at| is_name_at(*at, 0) && is_name_at(here, 0))?;
    let name = format!("{}_{}", first.text(0), here.text(0));
    let known = here.shared.tokens.iter().any(|token| token.kind == Kind::Name && here.text_of(token.span) == name);
    known.then(|| joined(first, 2))
}

pub fn joined(first: Tokens<'_>, words: usize) -> Diagnostic {
    let span = first.span().to(first.token(words - 1).span);
    let names: Vec<&str> = (0..words).map(|ahead| first.text(ahead)).collect();
    let title = format!("a name is one word: `{}`", names.join("_"));
    let mut fault = Diagnostic::error(codes::E0208, span, title, "several words")
        .help("join the words with `_`; a title for people may follow in quotes");
    for ahead in 1..words {
        let gap = Span { start: first.token(ahead - 1).span.end, end: first.token(ahead).span.start, ..span };
        fault = fault.edit(gap, "_");
    }
    fault
}

/// `- age : integer`: lists in a letter have bullets.
fn bullet(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let entry = matches!(wanted, Wanted::Entry(..)) || matches!(wanted, Wanted::Thing(thing) if thing.contains("name"));
    let sign = ["-", "*", "+"].into_iter().find(|sign| here.is_sign(sign))?;
    if !entry || !here.token(0).starts_line {
        return None;
    }
    let span = Span { end: here.token(1).span.start, ..here.span() };
    let title = "an entry has no bullet before it";
    let fault = Diagnostic::error(codes::E0201, here.span(), title, format!("leave out `{sign}`"));
    Some(fault.help("each entry stands on a line of its own").edit(span, ""))
}

/// `9-11` or `9 to 11` in a row or after `in`: a range has two dots.
fn range_with_a_dash(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = |at: Tokens<'_>| matches!(at.kind(), Kind::Number { .. });
    let to = here.is_word("to") && number(here.next()) && back(here, 1).is_some_and(number);
    to.then(|| range_of(here))
}

/// The message for a range whose two dots are the token at the cursor.
pub fn range_of(here: Tokens<'_>) -> Diagnostic {
    let (before, after) = (here.previous().map_or(here.span(), |last| last.span), here.token(1).span);
    let gap = Span { start: before.end, end: after.start, ..before };
    range_between(before.to(after), gap, here.text_of(before), here.text_of(after))
}

/// The message for a range from `low` to `high` with something else than two dots at `gap`.
pub fn range_between(whole: Span, gap: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::error(codes::E0213, whole, "a range is written with two dots", "not a range")
        .help(format!("write `{low}..{high}`; both ends count"))
        .edit(gap, "..")
}

/// `5 mins` where `5 min` is meant; a unit that might be another by a power of ten is never chosen.
pub fn unit_meant(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = here.previous().is_some_and(|last| matches!(last.kind, Kind::Number { .. }));
    if !number || here.kind() != Kind::Name || here.token(0).starts_line {
        return None;
    }
    let (said, span) = whole_unit(here);
    if let Some(fault) = behind_pounds(here, said, span) {
        return Some(fault);
    }
    let glued = here.gap() == 0;
    let alone = glued || stands_alone(here);
    let short = GLUED.iter().find(|(short, _)| alone && *short == said);
    let fault = match short {
        Some((_, unit)) => without_such_a_unit(said, span).help(format!("did you mean `{unit}`?")).edit(span, *unit),
        None => not_a_unit(said, span),
    };
    let fault = if glued { with_a_blank(fault) } else { fault };
    let told = fault.help.is_some() || alone;
    told.then(|| if fault.help.is_some() { fault } else { fault.help(WHERE_UNITS_ARE) })
}

/// `£250 GBP`, `£1.5k`: a sum has its unit before it, and all its digits.
fn behind_pounds(here: Tokens<'_>, said: &str, span: Span) -> Option<Diagnostic> {
    let number = here.previous().filter(|last| matches!(last.kind, Kind::Number { pounds: true, .. }))?;
    let alike = matches!(said, "GBP" | "pounds" | "pound" | "gbp");
    if !alike && here.gap() > 0 {
        return None;
    }
    let title = "a sum of money has `£` before it and nothing behind it";
    let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
    let from = Span { start: number.span.end, ..span };
    Some(if alike {
        fault.help("leave it out").edit(from, "")
    } else {
        fault.help("write all its digits, in groups where that helps: `£1_500`, `£1_500_000`")
    })
}

/// Short for a unit where nothing but a unit can be meant: directly behind a number, or alone behind one.
const GLUED: &[(&str, &str)] = &[("y", "years"), ("yo", "years"), ("Y", "years"), ("w", "weeks"), ("mo", "months")];

/// `18yrs` becomes `18 years`.
fn with_a_blank(mut fault: Diagnostic) -> Diagnostic {
    for edit in &mut fault.edits {
        edit.replacement.insert(0, ' ');
    }
    fault
}

const WHERE_UNITS_ARE: &str = "`concord explain E0210` lists the units";

/// The message for a word in the place of a unit, with help where something near is known.
pub fn not_a_unit(said: &str, span: Span) -> Diagnostic {
    let fault = without_such_a_unit(said, span);
    if let Some(unit) = units::meant(said) {
        return fault.help(format!("did you mean `{unit}`?")).edit(span, unit);
    }
    if let Some(words) = units::unclear(said) {
        return fault.help(format!("{words}; they differ by 1000, so no choice is made for you"));
    }
    let near = near(said, units::spellings(), 4);
    if near.is_empty() {
        return fault;
    }
    fault.help(format!("near to it: {}; which one is meant is not decided for you", alternatives(&near)))
}

fn without_such_a_unit(said: &str, span: Span) -> Diagnostic {
    let title = format!("`{said}` is not a unit that the language knows");
    Diagnostic::error(codes::E0210, span, title, "a unit belongs here")
}

/// Whether nothing but a unit can be meant: the entry ends after the word.
fn stands_alone(here: Tokens<'_>) -> bool {
    let (_, whole) = whole_unit(here);
    let after = (1..8).map(|ahead| here.skip(ahead)).find(|at| at.span().start >= whole.end).unwrap_or(here.next());
    here.gap() == 1 && !here.in_table && (after.token(0).starts_line || after.is_sign(",") || after.is_sign("}"))
}

/// `mcmol/L` is one word to whoever wrote it.
fn whole_unit(here: Tokens<'_>) -> (&str, Span) {
    let mut span = here.span();
    let mut at = here;
    while at.is_sign_at(1, "/") && at.next().gap() == 0 && at.skip(2).gap() == 0 {
        at = at.skip(2);
        span = span.to(at.span());
    }
    (here.text_of(span), span)
}
