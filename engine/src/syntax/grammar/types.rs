//! Types, and subjects with their facts and events.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, peek, success};

use super::choices::{behind_a_type, choices};
use super::coding::{codings, other_units, taking};
use super::fault::{Fault, Res, committed, told};
use super::input::Tokens;
use super::query::bare_query;
use super::recover::{Block, block};
use super::words::{named, number_range, pathed, phrase, sign, unit, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::spelling::nearest;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Ends, Event, Fact, Number, Path, Subject, TypeExpr, TypeKind, Unit};
use crate::text::Span;
use crate::values::units::is_unit;

/// The words that are types; for suggestions.
const TYPES: &[&str] =
    &["integer", "decimal", "real", "organisation", "text", "date", "instant", "duration", "code", "optional"];
/// Words of other languages, and the type they stand for here.
const FOREIGN: &[(&str, &str)] = &[
    ("percentage", "integer 0..100 %"),
    ("percent", "integer 0..100 %"),
    ("money", "decimal £0.00..£500.00"),
    ("currency", "decimal £0.00..£500.00"),
    ("numeric", "decimal"),
    ("time", "time of day"),
    ("varchar", "text"),
    ("char", "text"),
    ("organisation_code", "organisation"),
    ("boolean", "yes/no"),
    ("bool", "yes/no"),
    ("int", "integer"),
    ("float", "decimal"),
    ("double", "decimal"),
    ("string", "text"),
    ("datetime", "instant"),
    ("timestamp", "instant"),
    ("organization", "organisation"),
];

/// `Observation { … }`, `Patient : encounters.Patient`
pub fn subject<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Subject> {
    let (rest, name) = named("the name of the subject")(input)?;
    let (rest, takes) = opt(of_another("the subject that this one takes over")).parse(rest)?;
    let (rest, lines) = if takes.is_none() || rest.is_sign("{") {
        block(Block { starts: &[], commas: true }, line)(rest)?
    } else {
        (rest, Vec::new())
    };
    let (mut facts, mut events, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for one in lines {
        match one {
            Line::Fact(fact) => facts.push(fact),
            Line::Event(event) => events.push(event),
            Line::Ends(end) => ends.push(end),
        }
    }
    Ok((rest, Subject { doc: start.doc(), name, takes, facts, events, ends, span: rest.since(start) }))
}

enum Line {
    Fact(Fact),
    Event(Event),
    Ends(Ends),
}

fn line(input: Tokens<'_>) -> Res<'_, Line> {
    if input.is_word("ends") && input.next().is_word("with") {
        return ends.map(Line::Ends).parse(input);
    }
    let event_ahead = input.is_word("event") && !input.is_sign_at(1, ":");
    if event_ahead { event.map(Line::Event).parse(input) } else { fact.map(Line::Fact).parse(input) }
}

/// `ends with Discharge, Death where expected`; what follows a comma and is no other entry is one more event.
fn ends(input: Tokens<'_>) -> Res<'_, Ends> {
    let (rest, _) = phrase(&["ends", "with"])(input)?;
    let (mut rest, first) = cut(|i| bare_query(i, false)).parse(rest)?;
    let mut events = vec![first];
    while rest.is_sign(",") && !rest.is_sign_at(2, ":") && !rest.next().is_word("event") {
        let (after, event) = cut(|i| bare_query(i, false)).parse(rest.next())?;
        events.push(event);
        rest = after;
    }
    Ok((rest, Ends { events, span: rest.since(input) }))
}

/// `respiration_rate : integer 0..100 per min`
fn fact(input: Tokens<'_>) -> Res<'_, Fact> {
    let in_event = || {
        let opener = (1..=input.at).map(|by| Tokens { at: input.at - by, ..input }).find(|at| at.is_sign("{"));
        opener.is_some_and(|open| open.at > 1 && Tokens { at: open.at - 2, ..open }.is_word("event"))
    };
    if input.is_word("at") && input.is_sign_at(1, ":") && in_event() {
        return told(input, time_of_its_own(input));
    }
    let (rest, name) = named("the name of a fact")(input)?;
    if let Some(fault) = range_in_brackets(rest, ": integer", ": decimal") {
        return told(rest, fault);
    }
    let (rest, _) = sign(":")(rest)?;
    if let Some(fault) = choices(if rest.is_word("optional") { rest.next() } else { rest }) {
        return told(rest, fault);
    }
    let (rest, ty) = cut(type_expr).parse(rest)?;
    let (rest, also) = other_units(rest)?;
    let (rest, from) = codings(rest)?;
    let (rest, taking) = if from.is_empty() { (rest, None) } else { taking(rest)? };
    Ok((rest, Fact { name, ty, also, from, taking, span: rest.since(input) }))
}

/// `event Antibiotics { route : Route }`, `event Observations : news2.Observation`, `event Ward : span`
fn event(input: Tokens<'_>) -> Res<'_, Event> {
    let (rest, _) = word("event")(input)?;
    let (rest, name) = cut(named("the name of the event")).parse(rest)?;
    if name.node == "event" {
        let title = "`event` is every event of a case, and cannot be the name of one";
        let fault = Diagnostic::error(codes::E0208, name.span, title, "the name of the event belongs here");
        return told(rest, fault.help("choose another name, such as `Event_1` or a longer word"));
    }
    if rest.is_word("at") && !rest.token(0).starts_line {
        return told(rest, time_of_its_own(rest));
    }
    let lasts = rest.is_sign(":") && rest.is_word_at(1, "span") && !rest.is_sign_at(2, ".");
    let lasts = lasts.then(|| rest.next().span());
    let (rest, carries) = if lasts.is_some() {
        (rest.skip(2), None)
    } else {
        opt(of_another("the subject that the event carries")).parse(rest)?
    };
    let (rest, from) = codings(rest)?;
    let (rest, fields) =
        if rest.is_sign("{") { block(Block { starts: &[], commas: true }, fact)(rest)? } else { (rest, Vec::new()) };
    Ok((rest, Event { name, carries, lasts, from, fields, span: rest.since(input) }))
}

/// `event Discharge at date`
fn time_of_its_own(at: Tokens<'_>) -> Diagnostic {
    let ahead = (1..6).take_while(|ahead| {
        !at.token(*ahead).starts_line
            && !at.is_sign_at(*ahead, "{")
            && !at.is_sign_at(*ahead, "}")
            && !at.is_sign_at(*ahead, ",")
    });
    let last = ahead.last().map_or(at.span(), |ahead| at.token(ahead).span);
    let span = at.span().to(last);
    let from = Span { start: at.previous().map_or(span.start, |last| last.span.end), ..span };
    let fault =
        Diagnostic::error(codes::E0213, span, "each event has its time by itself", "nothing is declared for it");
    fault.help("leave it out: the time of an event is its `at`").edit(from, "")
}

/// `: news2.Observation`
fn of_another<'a>(thing: &'static str) -> impl Parser<Tokens<'a>, Output = Path, Error = Fault> {
    (sign(":"), cut(pathed(thing))).map(|(_, path)| path)
}

/// A type; `optional` stands once, before it.
pub fn type_expr(input: Tokens<'_>) -> Res<'_, TypeExpr> {
    if !input.is_word("optional") {
        let (rest, ty) = plain_type(input)?;
        let Some((fault, words, optional)) = behind_a_type(input, rest) else { return Ok((rest, ty)) };
        input.report(fault);
        let (rest, span) = (rest.skip(words), ty.span);
        let kind = if optional { TypeKind::Optional(Box::new(ty)) } else { ty.kind };
        return Ok((rest, TypeExpr { kind, span }));
    }
    let (rest, of) = committed(plain_type(input.next()))?;
    Ok((rest, TypeExpr { kind: TypeKind::Optional(Box::new(of)), span: rest.since(input) }))
}

fn plain_type(input: Tokens<'_>) -> Res<'_, TypeExpr> {
    let (rest, kind) = alt((
        map((word("yes"), cut(sign("/")), cut(word("no"))), |_| TypeKind::YesNo),
        map((word("integer"), figures), |(_, (range, unit))| TypeKind::Integer { range, unit }),
        map((word("decimal"), figures), |(_, (range, unit))| TypeKind::Decimal { range, unit }),
        map(word("real"), |_| TypeKind::Real),
        map(word("organisation"), |_| TypeKind::Organisation),
        map(word("text"), |_| TypeKind::Text),
        map(word("date"), |_| TypeKind::Date),
        map(word("instant"), |_| TypeKind::Instant),
        map(phrase(&["time", "of", "day"]), |_| TypeKind::TimeOfDay),
        duration,
        map(word("code"), |_| TypeKind::Code),
        map(phrase(&["nhs", "number"]), |_| TypeKind::NhsNumber),
        named_type,
    ))
    .parse(input)?;
    Ok((rest, TypeExpr { kind, span: rest.since(input) }))
}

/// `duration 0..28 days`; days on the calendar are a number of them.
fn duration(input: Tokens<'_>) -> Res<'_, TypeKind> {
    let (rest, _) = word("duration")(input)?;
    if matches!(rest.text(0), "in" | "of") && is_of_time(rest.text(1)) && !rest.token(0).starts_line {
        let span = rest.span().to(rest.next().span());
        let from = Span { start: input.span().end, ..span };
        let title = "a duration has no unit of its own: each is written with one";
        let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
        return told(rest, fault.help("leave it out, or write a range, as in `duration 0..60 days`").edit(from, ""));
    }
    let (rest, range) = range(rest)?;
    let of_calendar = |number: &Number| {
        let unit = number.unit.as_ref().and_then(|unit| unit.text.split_once(' '));
        unit.is_some_and(|(which, days)| matches!(which, "calendar" | "working") && matches!(days, "day" | "days"))
    };
    if let Some((low, high)) = range.as_ref().filter(|(_, high)| of_calendar(high)) {
        let title = "a duration is so many hours and minutes, and days on the calendar are not";
        let fault = Diagnostic::error(codes::E0213, input.span(), title, "a number of days");
        let written = input.text_of(low.span.to(high.span));
        return told(input, fault.help(format!("write `integer {written}`")).edit(input.span(), "integer"));
    }
    Ok((rest, TypeKind::Duration { range }))
}

/// A range, if a number follows.
fn range(input: Tokens<'_>) -> Res<'_, Option<(Number, Number)>> {
    let number_ahead = peek(super::words::number).parse(input).is_ok();
    if number_ahead { cut(number_range).map(Some).parse(input) } else { success(None).parse(input) }
}

type Figures = (Option<(Number, Number)>, Option<Unit>);

/// `0..100 per min`: the unit is written once, after the second number.
fn figures(input: Tokens<'_>) -> Res<'_, Figures> {
    let kind = input.previous().map_or("integer", |last| input.text_of(last.span));
    if let Some(fault) = range_in_brackets(input, "", "").filter(|_| kind == "integer" || kind == "decimal") {
        return told(input, fault);
    }
    if input.kind() == Kind::Name && !input.token(0).starts_line && is_of_time(input.text(0)) {
        let fault = Diagnostic::error(codes::E0213, input.span(), "a number has its range before its unit", "no range");
        return told(input, fault.help("write the lowest and the highest value, as in `integer 0..60 days`"));
    }
    let (rest, found) = range(input)?;
    let Some((mut low, mut high)) = found else {
        return opt(unit).map(|unit| (None, unit)).parse(rest);
    };
    let unit = high.unit.take();
    if low.unit == unit {
        low.unit = None;
    }
    Ok((rest, (Some((low, high)), unit)))
}

/// `age (0-5)`, `age : integer (0 to 5)`: a range in brackets, with what kind of number it is where that is not said.
fn range_in_brackets(at: Tokens<'_>, integer: &str, decimal: &str) -> Option<Diagnostic> {
    let low = at.next();
    let number = |at: Tokens<'_>| match at.kind() {
        Kind::Number { places, pounds, .. } => Some(places > 0 || pounds),
        _ => None,
    };
    let joint = low.next();
    let joined = ["-", ".."].iter().any(|sign| joint.is_sign(sign)) || joint.is_word("to");
    let high = joint.next();
    let is_decimal = number(low)? || number(high)?;
    let unit = Some(high.next()).filter(|unit| unit.kind() == Kind::Unit);
    let end = high.skip(1 + usize::from(unit.is_some()));
    if !at.is_sign("(") || !joined || !end.is_sign(")") {
        return None;
    }
    let unit = unit.map(|unit| format!(" {}", unit.text(0))).unwrap_or_default(); // it may have none
    let kind = if is_decimal { decimal } else { integer };
    let written = format!("{kind} {}..{}{unit}", low.text(0), high.text(0));
    let span = at.span().to(end.span());
    let title = "a range has two dots, and no brackets";
    let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
    let blank = if at.gap() == 0 && kind.is_empty() { " " } else { "" };
    Some(fault.help(format!("write `{}`", written.trim())).edit(span, format!("{blank}{}", written.trim_start())))
}

/// Words for units of time that a type may be taken to be of.
fn is_of_time(said: &str) -> bool {
    const UNITS: [&str; 13] =
        ["min", "minutes", "h", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years"];
    UNITS.contains(&said)
}

/// A unit where a type belongs: `los : days`, `weight : kg`.
fn unit_for_a_type(input: Tokens<'_>) -> Option<Diagnostic> {
    let said = input.text(0);
    let tokens = input.shared.tokens;
    let text = |place: usize| tokens.get(place).map_or("", |token| input.text_of(token.span));
    let declared = (1..tokens.len()).any(|place| text(place) == said && text(place - 1) == "enum");
    let of_time = is_of_time(said);
    if declared || input.is_sign_at(1, ".") || !(of_time || is_unit(said)) {
        return None;
    }
    let fault = Diagnostic::error(codes::E0202, input.span(), format!("there is no type `{said}`"), "this is a unit");
    Some(fault.help(if of_time {
        format!("a number of {said} is a number with its range and its unit, as in `integer 0..60 days`; how long something took is a `duration`, as in `duration 0..60 days`")
    } else {
        format!("a unit stands behind a number and its range, as in `decimal 0.0..100.0 {said}`")
    }))
}

/// An enum by its name; words of other languages are told what they are here.
fn named_type(input: Tokens<'_>) -> Res<'_, TypeKind> {
    let said = input.text(0);
    if let Some(fault) = capital_type(input)
        .or_else(|| number_type(input))
        .or_else(|| bare_range(input))
        .or_else(|| unit_for_a_type(input))
    {
        return told(input, fault);
    }
    let foreign = FOREIGN.iter().find(|(word, _)| *word == said).map(|(_, here)| *here);
    let capital = said.starts_with(|c: char| c.is_ascii_uppercase());
    let plain = !input.is_sign_at(1, ".") && !capital;
    let meant = foreign.or_else(|| plain.then(|| nearest(said, TYPES.iter().copied())).flatten());
    let Some(meant) = meant else {
        let thing = "a type, such as `yes/no`, `integer 0..10` or the name of an enum,";
        return pathed(thing).map(TypeKind::Named).parse(input);
    };
    let title = format!("there is no type `{said}`");
    let fault = Diagnostic::error(codes::E0202, input.span(), title, "a type belongs here");
    let fault = fault.help(format!("did you mean `{meant}`?")).edit(input.span(), meant);
    told(input, fault)
}

/// `Integer`, `Yes/No`, `NHS number`: types have small letters, unless the text has an enum of this name.
fn capital_type(input: Tokens<'_>) -> Option<Diagnostic> {
    let said = input.text(0);
    let small = said.to_ascii_lowercase();
    let capital = input.kind() == Kind::Name && small != said && !input.is_sign_at(1, ".");
    let tokens = input.shared.tokens;
    let text = |place: usize| tokens.get(place).map_or("", |token| input.text_of(token.span));
    let declared = (1..tokens.len()).any(|place| text(place) == said && text(place - 1) == "enum");
    if !capital || declared {
        return None;
    }
    let slash = input.is_sign_at(1, "/") && input.text(2).eq_ignore_ascii_case("no");
    let (span, meant) = match small.as_str() {
        "yes" if slash => (input.span().to(input.token(2).span), "yes/no".to_owned()),
        "nhs" if input.text(1).eq_ignore_ascii_case("number") => {
            (input.span().to(input.token(1).span), "nhs number".to_owned())
        }
        "time" if input.is_word_at(1, "of") => (input.span(), "time".to_owned()),
        _ => {
            let foreign = FOREIGN.iter().find(|(word, _)| *word == small).map(|(_, here)| *here);
            let own = TYPES.iter().find(|word| **word == small).copied();
            (input.span(), own.or(foreign)?.to_owned())
        }
    };
    let title = format!("there is no type `{}`", input.text_of(span));
    let fault = Diagnostic::error(codes::E0202, span, title, "types have small letters");
    Some(fault.help(format!("write `{meant}`")).edit(span, meant))
}

/// `score : 0..5`, `cost : £0..£500`: a range without what kind of number it is.
fn bare_range(input: Tokens<'_>) -> Option<Diagnostic> {
    let decimal = match input.kind() {
        Kind::Number { places, pounds, .. } => places > 0 || pounds,
        _ => return None,
    };
    let word = if decimal { "decimal" } else { "integer" };
    let place = Span { end: input.span().start, ..input.span() };
    let title = "before a range stands which kind of number it is";
    let fault = Diagnostic::error(codes::E0202, input.span(), title, "a type belongs here");
    let fault = fault
        .help(format!("write `{word}` before it; `decimal` is recorded with decimal places"))
        .edit(place, format!("{word} "));
    let dash = input.next();
    let ranged = matches!(dash.token(1).kind, Kind::Number { .. }) && !dash.token(0).starts_line;
    let other = dash.is_sign("-") || dash.is_word("to") || dash.is_sign("..") && dash.text(0) != "..";
    Some(if ranged && other { fault.edit(dash.span(), "..") } else { fault })
}

/// `number`: which of two is meant is for the author to say.
fn number_type(input: Tokens<'_>) -> Option<Diagnostic> {
    input.text(0).eq_ignore_ascii_case("number").then(|| {
        let fault = Diagnostic::error(codes::E0202, input.span(), "there is no type `number`", "which kind of number?");
        fault.help("write `decimal` for what is recorded with decimal places, as in `decimal 0.0..100.0 mmol/L`, and `integer` for whole numbers")
    })
}
