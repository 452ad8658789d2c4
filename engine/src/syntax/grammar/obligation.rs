//! Obligations and their clauses.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::declarations::{citation, label};
use super::expression::{expression, sum};
use super::fault::{Res, told};
use super::habits::elsewhere;
use super::input::Tokens;
use super::query::{bare_query, two_lengths};
use super::recover::{Block, block, keyword};
use super::spoken::spoken;
use super::words::{REASON, after, is_name_at, named, pathed, phrase, sign, word, word_on_line, worded};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::newcomers::number_in_words;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Clause, ClauseKind, Deadline, Expr, ExprKind, Obligation, Query};
use crate::text::Spanned;

const CLAUSES: &[&str] =
    &["source", "applies", "from", "for", "every", "expect", "all", "earlier", "excused", "severity"];

/// What is said of what is due again and again.
const EVERY: &str = "what is due again and again is said with `every`: `every 1 h from first InService`, `expect Reading`; each event is judged with `for each Reading`";

/// `NAME ["label"] { clauses }`
pub fn obligation<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Obligation> {
    let (rest, name) = named("the name of the obligation")(input)?;
    let (rest, label) = label(rest)?;
    let (rest, clauses) = block(Block { starts: CLAUSES, commas: false }, clause)(rest)?;
    Ok((rest, Obligation { doc: start.doc(), name, label, clauses, span: rest.since(start) }))
}

fn clause(input: Tokens<'_>) -> Res<'_, Clause> {
    let (rest, which) = keyword(CLAUSES, "a clause")(input)?;
    let (rest, kind) = match which {
        "source" => citation.map(ClauseKind::Source).parse(rest),
        "applies" => after("when", expression).map(ClauseKind::Applies).parse(rest),
        "from" => expression.map(ClauseKind::From).parse(rest),
        "for" if rest.is_word("each") => cut(each).parse(rest.next()),
        "for" => named("`each`, or the organisation that answers for it").map(ClauseKind::For).parse(rest),
        "every" => every(rest),
        "expect" => expect(rest),
        "all" => after("of", separated_list1(sign(","), cut(expression))).map(ClauseKind::AllOf).parse(rest),
        "earlier" => earlier(rest),
        "excused" => excused.map(|(when, because)| ClauseKind::Excused { when, because }).parse(rest),
        _ => word_on_line.map(ClauseKind::Severity).parse(rest),
    }?;
    Ok((rest, Clause { kind, span: rest.since(input) }))
}

/// After `for each`: `period of CLOCK`, `day of EVENT`, `whole day of EVENT`, or an event.
fn each(input: Tokens<'_>) -> Res<'_, ClauseKind> {
    if let Ok((rest, _)) = phrase(&["period", "of"])(input) {
        return cut(pathed("the name of a clock")).map(ClauseKind::ForEachPeriod).parse(rest);
    }
    if matches!(input.text(0), "hour" | "minute" | "week" | "month" | "year") && input.is_word_at(1, "of") {
        let title = format!("there is no `for each {} of`", input.text(0));
        let fault =
            Diagnostic::error(codes::E0213, input.span().to(input.next().span()), title, "written in another way");
        return told(input, fault.help(EVERY));
    }
    let whole = input.is_word("whole");
    if let Ok((rest, _)) = phrase(&["day", "of"])(input.skip(usize::from(whole))) {
        let days = |query| ClauseKind::ForEachDay { query, whole };
        return cut(|i| bare_query(i, false)).map(days).parse(rest);
    }
    (|i| bare_query(i, false)).map(ClauseKind::ForEach).parse(input)
}

/// `EXPR [from EXPR] [until EXPR]`; `from` on a line of its own is the obligation's.
fn every(input: Tokens<'_>) -> Res<'_, ClauseKind> {
    if let Some(fault) = spoken(input) {
        return told(input, fault);
    }
    let (mut rest, interval) = sum(Tokens { until_ends: true, ..input })?;
    let mut from = None;
    if rest.is_word("from") && !rest.token(0).starts_line {
        let (after, read) = cut(expression).parse(rest.next())?;
        (rest, from) = (after, Some(read));
    }
    let (rest, until) = opt(after("until", expression)).parse(Tokens { until_ends: false, ..rest })?;
    Ok((rest, ClauseKind::Every { interval, from, until }))
}

/// `[no] [number] QUERY [deadline]`
fn expect(input: Tokens<'_>) -> Res<'_, ClauseKind> {
    let negated = input.is_word("no");
    let (rest, query) = several(input.skip(usize::from(negated)), negated)?;
    let (rest, deadline) = match rest.text(0) {
        "within" => {
            if let Some(fault) = spoken(rest.next()) {
                return told(rest.next(), fault);
            }
            let (after, length) = cut(sum).parse(rest.next())?;
            if let Some(fault) = two_lengths(rest, &length) {
                return told(rest.next(), fault);
            }
            (after, Some(Deadline::Within(length)))
        }
        "before" => cut(|i| bare_query(i, false)).map(|query| Some(Deadline::Before(query))).parse(rest.next())?,
        "by" => cut(by).map(Some).parse(rest.next())?,
        _ => (rest, None),
    };
    Ok((rest, ClauseKind::Expect { query, negated, deadline }))
}

/// `BloodCulture`, or `2 BloodCulture`, which the second completes.
fn several(input: Tokens<'_>, negated: bool) -> Res<'_, Query> {
    let named = is_name_at(input, 1) || input.is_sign_at(1, "(");
    if let Some(number) = number_in_words(input.text(0)).filter(|_| named && !input.token(1).starts_line) {
        let title = format!("`{}` is written `{number}`", input.text(0));
        let fault = Diagnostic::error(codes::E0213, input.span(), title, "numbers are written in figures");
        return told(input, fault.help(format!("write `{number}`")).edit(input.span(), number.to_string()));
    }
    let Kind::Number { digits, places: 0, pounds: false } = input.kind() else { return bare_query(input, true) };
    let Some(nth) = u32::try_from(digits).ok().filter(|_| named) else { return bare_query(input, true) };
    if nth == 0 || negated {
        return told(input, how_many(input, nth));
    }
    let (rest, mut query) = bare_query(input.next(), true)?;
    if query.function.is_some() {
        let title = "so many events are expected, or one in particular";
        return told(input, Diagnostic::error(codes::E0201, query.span, title, "both are said"));
    }
    (query.function, query.nth) = (Some(Spanned { node: "nth".to_owned(), span: input.span() }), Some(nth));
    query.span = input.span().to(query.span);
    Ok((rest, query))
}

/// `expect no 2 Fall`, which could mean two things, and `expect 0 Fall`.
fn how_many(input: Tokens<'_>, nth: u32) -> Diagnostic {
    if nth == 0 {
        let title = "none at all is `no`";
        let fault = Diagnostic::error(codes::E0201, input.span(), title, "not a number of events");
        return fault.help("write `expect no Fall within 24 h`");
    }
    let ordinal = ordinal(nth);
    let title = format!("`no {nth}` can be read in two ways");
    let fault = Diagnostic::error(codes::E0201, input.span(), title, "which of them is one too many?");
    fault.help(format!("write `no {ordinal}`: fewer are allowed")).edit(input.span(), ordinal)
}

/// `2nd`
pub fn ordinal(nth: u32) -> String {
    let ending = match (nth % 100, nth % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{nth}{ending}")
}

/// `10:00 next day`, `10:00 same day`, `10:00 2 days later`, or an instant.
fn by(input: Tokens<'_>) -> Res<'_, Deadline> {
    let (rest, time) = sum(input)?;
    let clock = |rest, days, time| Ok((rest, Deadline::ByClock { time, days }));
    if let Ok((rest, _)) = phrase(&["next", "day"])(rest) {
        return clock(rest, Some(1), time);
    }
    if let Ok((rest, _)) = phrase(&["same", "day"])(rest) {
        return clock(rest, Some(0), time);
    }
    if let Kind::Number { digits, places: 0, .. } = rest.kind()
        && rest.token(1).kind == Kind::Unit
        && matches!(rest.text(1), "day" | "days")
        && let Ok(days) = u8::try_from(digits)
    {
        let (rest, _) = cut(word("later")).parse(rest.skip(2))?;
        return clock(rest, Some(days), time);
    }
    if rest.is_word("next") && matches!(rest.text(1), "working" | "working day" | "business") {
        let days = if matches!(rest.text(2), "day" | "days") { 3 } else { 2 };
        let span = rest.span().to(rest.skip(days).previous().map_or(rest.span(), |last| last.span));
        let fault = elsewhere(span, "a time of day on the next working day cannot be said");
        return told(rest, fault.help("the end of that day is `within 1 working day`; `by 10:00 next day` goes by the calendar, and falls on a Saturday after a Friday"));
    }
    let plain = matches!(time, Expr { kind: ExprKind::TimeOfDay(_), .. });
    if plain { clock(rest, None, time) } else { Ok((rest, Deadline::By(time))) }
}

/// `counts` or `does not count`
fn earlier(input: Tokens<'_>) -> Res<'_, ClauseKind> {
    if let Ok((rest, _)) = phrase(&["does", "not", "count"])(input) {
        return Ok((rest, ClauseKind::Earlier(false)));
    }
    word("counts").map(|_| ClauseKind::Earlier(true)).parse(input)
}

/// After `excused`: `when EXPR because "reason"`.
pub fn excused(input: Tokens<'_>) -> Res<'_, (Expr, String)> {
    let reason = worded("the reason in double quotes", REASON).map(|said| said.node);
    (after("when", expression), cut(after("because", reason))).parse(input)
}
