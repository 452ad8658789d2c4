//! Figures, signs and brackets as they are written elsewhere, where the grammar could not go on: each with how it is written here.

use super::fault::Wanted;
use super::input::Tokens;
use super::newcomers::declared;
use super::prose::prose;
use super::words::{is_name_at, unclosed_title};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::newcomers::meant_by;
use crate::syntax::tokens::Kind;
use crate::text::Span;
use crate::values::units::is_unit;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The most tokens that are read beside the cursor.
const FURTHEST: usize = 60;

/// The message for what stands here, if it is such a habit.
pub fn habit(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    point(here)
        .or_else(|| digits(here))
        .or_else(|| date_in_words(here))
        .or_else(|| half_of_the_day(here))
        .or_else(|| unit_in_words(here))
        .or_else(|| question_mark(here))
        .or_else(|| range_of_one_end(here))
        .or_else(|| range_compared(here))
        .or_else(|| half_a_condition(here))
        .or_else(|| window_back(here))
        .or_else(|| no_event(here))
        .or_else(|| name_of_digits(here, wanted))
        .or_else(|| when_of_a_choice(here, wanted))
        .or_else(|| comparison_left_out(here, wanted))
        .or_else(|| prose(here, wanted))
}

/// The cursor so many tokens back, on the same line.
pub fn back(here: Tokens<'_>, by: usize) -> Option<Tokens<'_>> {
    let mut at = here;
    for _ in 0..by {
        if at.token(0).starts_line {
            return None;
        }
        at = Tokens { at: at.at.checked_sub(1)?, ..at };
    }
    Some(at)
}

/// Whether a number stands at the cursor.
pub fn is_number(at: Tokens<'_>) -> bool {
    matches!(at.kind(), Kind::Number { .. })
}

/// The number at the cursor, where it is a whole one.
pub fn whole(at: Tokens<'_>) -> Option<i64> {
    match at.kind() {
        Kind::Number { digits, places: 0, pounds: false } => Some(digits),
        _ => None,
    }
}

/// The message for what is written in another way.
pub fn elsewhere(span: Span, title: &str) -> Diagnostic {
    Diagnostic::error(codes::E0213, span, title, "written in another way")
}

/// `.5`, `70.` and `3...5`.
fn point(here: Tokens<'_>) -> Option<Diagnostic> {
    let title = "a number has digits on both sides of its point";
    let beside = here.next().gap() == 0 && !here.token(1).starts_line;
    let point = here.is_sign(".");
    if point && beside && is_number(here.next()) {
        let span = here.span().to(here.next().span());
        let at = Span { end: here.span().start, ..here.span() };
        let after_dots = back(here, 1).is_some_and(|last| last.is_sign(".."));
        let fault = if after_dots {
            elsewhere(here.span(), "a range is written with two dots").edit(here.span(), "")
        } else {
            elsewhere(span, title).help(format!("write `0{}`", here.text_of(span))).edit(at, "0")
        };
        return Some(fault);
    }
    let number = back(here, 1).filter(|last| point && is_number(*last) && here.gap() == 0)?;
    if beside && here.token(1).kind == Kind::Name {
        return None;
    }
    let span = number.span().to(here.span());
    Some(elsewhere(span, title).help(format!("write `{}`", number.text(0))).edit(here.span(), ""))
}

/// `1.5e3`, `0x10`: a number is written with all its digits.
fn digits(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = back(here, 1).filter(|last| is_number(*last) && here.gap() == 0)?;
    let rest = here.text(0).strip_prefix(['e', 'E', 'x', 'X'])?;
    let figures = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_hexdigit());
    (here.kind() == Kind::Name && figures).then(|| {
        let span = number.span().to(here.span());
        elsewhere(span, "a number is written with all its digits")
            .help("write them out, in groups where that helps: `1_500`, `0.002`")
    })
}

/// `5 January 2026`, `January 5, 2026`: in a rule a date has its year first.
fn date_in_words(here: Tokens<'_>) -> Option<Diagnostic> {
    let month = |at: Tokens<'_>| {
        let said = at.text(0).to_ascii_lowercase();
        let named = |month: &&str| **month == *said || said.len() == 3 && month.starts_with(&said);
        MONTHS.iter().position(|month| at.kind() == Kind::Name && named(month))
    };
    let last = back(here, 1)?;
    let (first, day, month, year) = match (month(here), month(last)) {
        (Some(named), _) => (last, whole(last)?, named, here.next()),
        (None, Some(named)) => {
            let comma = usize::from(here.is_sign_at(1, ","));
            (last, whole(here)?, named, here.skip(1 + comma))
        }
        (None, None) => return None,
    };
    let number = whole(year).filter(|year| (1900..2200).contains(year) && (1..=31).contains(&day))?;
    let span = first.span().to(year.span());
    let written = format!("{number:04}-{:02}-{day:02}", month + 1);
    let title = "a date is written year first, with two digits for month and day";
    let fault = Diagnostic::error(codes::E0105, span, title, "not read as a date");
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `8am`, `8:30 pm`: a day has 24 hours.
fn half_of_the_day(here: Tokens<'_>) -> Option<Diagnostic> {
    let said = here.text(0);
    let afternoon = said.eq_ignore_ascii_case("pm");
    let half = here.kind() == Kind::Name && (afternoon || said.eq_ignore_ascii_case("am"));
    let clock = back(here, 1).filter(|_| half)?;
    let (hours, minutes) = match clock.kind() {
        Kind::Time(_) => clock.text(0).split_once(':')?,
        _ => (clock.text(0), "00"),
    };
    let hour: u8 = hours.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let hour = hour % 12 + if afternoon { 12 } else { 0 };
    let span = clock.span().to(here.span());
    let written = format!("{hour:02}:{minutes}");
    Some(elsewhere(span, "a time of day has hours from 0 to 23").help(format!("write `{written}`")).edit(span, written))
}

/// `2.0 mmol per litre`: a unit is written with its signs.
fn unit_in_words(here: Tokens<'_>) -> Option<Diagnostic> {
    let unit = back(here, 1).filter(|last| here.is_word("per") && last.kind() == Kind::Unit)?;
    let of = match here.text(1) {
        "litre" | "liter" | "l" | "L" => "L",
        "millilitre" | "milliliter" | "ml" | "mL" => "mL",
        "minute" => "min",
        "hour" => "h",
        "day" => "day",
        _ => return None,
    };
    let (span, written) = (unit.span().to(here.next().span()), format!("{}/{of}", unit.text(0)));
    let title = format!("`{}` is not a unit that the language knows", here.text_of(span));
    let fault = Diagnostic::error(codes::E0210, span, title, "a unit belongs here");
    Some(if is_unit(&written) { fault.help(format!("write `{written}`")).edit(span, written) } else { fault })
}

/// `age > 65 ? 2 : 1`
fn question_mark(here: Tokens<'_>) -> Option<Diagnostic> {
    let help = "one of several is `if … then … else`: `if age >= 65 then 2 else 1`";
    let fault = here.is_sign("?").then(|| elsewhere(here.span(), "the language has no `?`").help(help))?;
    let equals = (1..FURTHEST).map_while(|by| back(here, by)).find(|at| at.is_sign("=") && defines(*at));
    let colon = (1..FURTHEST).map(|by| here.skip(by)).find(|at| at.is_sign(":") || at.at_end());
    Some(match (equals, colon.filter(|at| at.is_sign(":"))) {
        (Some(equals), Some(colon)) => {
            let begins = equals.next().span();
            let begins = Span { end: begins.start, ..begins };
            fault.edit(begins, "if ").edit(here.span(), "then").edit(colon.span(), "else")
        }
        _ => fault,
    })
}

/// Whether the sign at the cursor stands after the name, or the title, of a `define`.
fn defines(equals: Tokens<'_>) -> bool {
    (2..4).any(|by| back(equals, by).is_some_and(|at| at.is_word("define")))
}

/// `x in 3..` and `x in ..3`: outside a table a range has both its ends.
fn range_of_one_end(here: Tokens<'_>) -> Option<Diagnostic> {
    let at = |by: usize, sign: &str| back(here, by).is_some_and(|at| at.is_sign(sign) || at.is_word(sign));
    let (span, bound, sign) = if here.is_sign("..") && at(1, "in") && is_number(here.next()) {
        (here.span().to(here.next().span()), here.next(), "<=")
    } else {
        let dots = Tokens { at: here.at.checked_sub(1)?, ..here };
        let bound = back(dots, 1).filter(|bound| dots.is_sign("..") && is_number(*bound))?;
        back(dots, 2).filter(|before| before.is_word("in"))?;
        (bound.span().to(dots.span()), bound, ">=")
    };
    let title = "outside a table a range has both its ends";
    Some(elsewhere(span, title).help(format!("one end is a comparison: `{sign} {}`", bound.text(0))))
}

/// `x is 3..5`: a range stands after `in`.
fn range_compared(here: Tokens<'_>) -> Option<Diagnostic> {
    let before = back(here, 2).filter(|_| here.is_sign("..") && back(here, 1).is_some_and(is_number))?;
    if !(before.is_word("is") || before.is_sign("=")) {
        return None;
    }
    let fault = elsewhere(before.span(), "a range stands after `in`");
    Some(fault.help("both ends count: `age in 18..64`").edit(before.span(), "in"))
}

/// `x > 3 and < 5`: each side of `and` says what is compared.
fn half_a_condition(here: Tokens<'_>) -> Option<Diagnostic> {
    let sign = matches!(here.kind(), Kind::Sign("<" | "<=" | ">" | ">=" | "="));
    let joint = back(here, 1).filter(|last| sign && (last.is_word("and") || last.is_word("or")))?;
    let named = back(joint, 3).filter(|at| is_name_at(*at, 0) && matches!(at.token(1).kind, Kind::Sign(_)));
    let title = format!("each side of `{}` is a whole condition", joint.text(0));
    let fault = Diagnostic::error(codes::E0213, here.span(), title, "what is compared stands before it");
    let Some(name) = named.map(|at| at.text(0)) else {
        return Some(fault.help("name it again, as in `age > 3 and age < 5`"));
    };
    let place = Span { end: here.span().start, ..here.span() };
    Some(
        fault
            .help(format!("name it again: `{name} {} {}`", here.text(0), here.text(1)))
            .edit(place, format!("{name} ")),
    )
}

/// `within last 24 h`, `in the last 7 days`: a window says what it is counted from.
fn window_back(here: Tokens<'_>) -> Option<Diagnostic> {
    let last = back(here, 1).filter(|last| is_number(here) && (last.is_word("last") || last.is_word("past")))?;
    if here.next().kind() == Kind::Name && declared(here.next()) {
        let event = here.text(1);
        let fault = elsewhere(last.span().to(here.span()), "one event is asked for at a time, or how many there were");
        return Some(fault.help(format!("the last is `last {event}`, the one before it `last {event} before last {event}`; how many there were in a time is `count {event} within 24 h before as of`")));
    }
    let fault = elsewhere(last.span().to(here.span()), "a window says what it is counted from");
    Some(fault.help("such as `last Review within 24 h before as of`, `count Fall within 24 h after first Triage`"))
}

/// `no Fall`: whether there is none is asked with `any`.
fn no_event(here: Tokens<'_>) -> Option<Diagnostic> {
    let no = back(here, 1).filter(|last| last.is_word("no") && here.kind() == Kind::Name)?;
    let tokens = here.shared.tokens;
    let event = (1..tokens.len()).any(|place| {
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| here.text_of(token.span) == word);
        is(place, here.text(0)) && is(place - 1, "event")
    });
    event.then(|| {
        let span = no.span().to(here.span());
        elsewhere(span, "that something did not happen is asked with `not any`")
            .help(format!("write `not any {}`", here.text(0)))
            .edit(no.span(), "not any")
    })
}

/// `2nd_line`: where a name belongs.
fn name_of_digits(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let name = matches!(wanted, Wanted::Thing(thing) if thing.contains("name of"));
    let figure = matches!(here.kind(), Kind::Number { .. } | Kind::Ordinal(_));
    (name && figure && !here.token(0).starts_line).then(|| {
        Diagnostic::error(codes::E0208, here.span(), "a name begins with a letter", "a name cannot begin with a figure")
            .help("put the figure behind, or write it as a word: `line_2`, `second_line`")
    })
}

/// `c01 if oxygen` in a `choose`.
fn when_of_a_choice(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let choice = matches!(wanted, Wanted::Thing(thing) if thing.starts_with("`when`"));
    (choice && here.is_word("if")).then(|| {
        let fault = elsewhere(here.span(), "in a `choose` the condition stands after `when`");
        fault.help("write `when`").edit(here.span(), "when")
    })
}

/// `age 18-64`, `weight 70`: what is compared, and with what, but not how.
fn comparison_left_out(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let ends = matches!(wanted, Wanted::Entry("a declaration", _)) && is_number(here);
    // `between 3 and 5` is more than a name and a number.
    let left = back(here, 1).filter(|left| ends && is_name_at(*left, 0) && meant_by(&[left.text(0)]).is_none())?;
    let gap = here.next();
    let joined = (gap.is_sign("-") || gap.is_word("to")) && is_number(gap.next());
    let (low, name) = (here.text(0), left.text(0));
    let span = left.span().to(if joined { gap.next().span() } else { here.span() });
    let fault = elsewhere(span, "a value and a number are joined by a comparison");
    if !joined {
        return Some(fault.help(format!("say which: `{name} >= {low}`, `{name} <= {low}`, `{name} = {low}`")));
    }
    let high = gap.next().text(0);
    let at = Span { end: here.span().start, ..here.span() };
    let between = Span { start: here.span().end, end: gap.next().span().start, ..here.span() };
    let fault = fault.help(format!("write `{name} in {low}..{high}`; both ends count"));
    Some(fault.edit(at, "in ").edit(between, ".."))
}

/// After `in`: `(65, 70)` and `(18..64)` have no brackets or other ones; `{ 1..3, 9 }` has a range among values.
pub fn brackets_after_in(rest: Tokens<'_>, opener: Span, open: &str) -> Option<Diagnostic> {
    let at = (0..rest.at).rev().find(|at| rest.shared.tokens.get(*at).is_some_and(|token| token.span == opener))?;
    let opened = Tokens { at, ..rest };
    let before = back(opened, 1)?;
    let negated = before.is_word("not") && back(before, 1).is_some_and(|is| is.is_word("is"));
    let equals = negated || before.is_word("is");
    if !(before.is_word("in") || equals && open == "(") {
        return None;
    }
    if open == "{"
        && (rest.kind() == Kind::Text || is_number(rest) || is_name_at(rest, 0))
        && !rest.token(0).starts_line
    {
        let after = rest.previous().map_or(rest.span(), |last| last.span);
        let place = Span { start: after.end, end: after.end, ..after };
        let title = "between the values of a list stands a comma";
        let fault = Diagnostic::error(codes::E0209, rest.span(), title, "another value begins here");
        return Some(fault.help("put a comma before it").edit(place, ","));
    }
    if open == "{" {
        let title = unclosed_title(open);
        return rest.is_sign("..").then(|| {
            Diagnostic::error(codes::E0203, opener, title, "a list of single values")
                .because(rest.span(), "a range is no single value")
                .help("a range stands by itself: `age in 18..64 or age = 70`")
        });
    }
    let closes =
        (0..80).take_while(|ahead| !rest.token(*ahead).starts_line).find(|ahead| rest.is_sign_at(*ahead, ")"))?;
    let closer = rest.token(closes).span;
    let span = opener.to(closer);
    // What is asked with `is` is asked with `in`.
    let asked = |fault: Diagnostic| match (equals, negated.then(|| back(before, 1)).flatten()) {
        (true, Some(is)) => fault.edit(is.span().to(before.span()), "not in"),
        (true, None) => fault.edit(before.span(), "in"),
        _ => fault,
    };
    if rest.is_sign("..") {
        let fault = elsewhere(span, "a range needs no brackets").help("write `age in 18..64`; both ends count");
        return Some(asked(fault).edit(opener, "").edit(closer, ""));
    }
    rest.is_sign(",").then(|| {
        let fault = elsewhere(span, "a list stands in braces").help("write `route in { oral, intravenous }`");
        asked(fault).edit(opener, "{ ").edit(closer, " }")
    })
}
