//! Examples: what is supplied, `=>`, and what must come out.

use nom::Parser;
use nom::combinator::{cut, opt};

use super::comparison::{comparison_sign, share_unit};
use super::fault::{Res, Wanted, message, missing, told};
use super::input::Tokens;
use super::primary::atom;
use super::recover::{Block, block, declaration_ahead, separated, skip_entry};
use super::twice::given_twice;
use super::words::{after, any_word, is_name_at, named, number, pathed, phrase, sign, text, text_of, worded};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::cases::EXPECTS_NOTHING;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{
    Comparison, Date, Example, Expectation, Expected, Expr, ExprKind, Given, Name, Number, Path, Supplied,
};
use crate::text::Span;
use crate::values::calendar::{MONTHS, days_from_date};
use crate::values::dimension;
use crate::values::interval::Edge;

/// What to do about a case that nobody has answered.
const NOT_ANSWERED: &str =
    "whoever knows the standard works the answer out by hand and writes it here: `=> total 3, risk low`";

const ENTRIES: Block = Block { starts: &[], commas: true };

/// `"name" { facts => expectations }`
pub fn example<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Example> {
    let (rest, name) =
        worded("the name of the example in double quotes", "whoever reads that it fails is told its name")(input)?;
    let (rest, opener) = sign("{")(rest)?;
    let (given, expect, mut rest) = contents(rest);
    if rest.is_sign("}") {
        rest = rest.next();
    } else {
        let fault = Diagnostic::error(codes::E0203, opener, "this `{` is not closed", "opened here");
        rest.report(fault.because(rest.span(), "`}` belongs before this").help("put a `}` after the last entry"));
    }
    let span = rest.since(start);
    given_twice(input, &given);
    if expect.is_empty() && !faults_within(rest, span) {
        let title = "this example expects nothing";
        let fault = Diagnostic::error(codes::E1003, name.span, title, "nothing after `=>`");
        rest.report(fault.help(EXPECTS_NOTHING));
    }
    Ok((rest, Example { name, given, expect, span }))
}

fn faults_within(input: Tokens<'_>, span: Span) -> bool {
    input.shared.faults.borrow().iter().any(|fault| span.covers(fault.primary.span))
}

/// A body without braces, up to the end of the text.
pub fn body(input: Tokens<'_>) -> (Vec<Given>, Vec<Expectation>) {
    let (mut given, mut expect, mut rest) = contents(input);
    while !rest.at_end() {
        let title = if rest.is_sign("}") { "this `}` closes nothing" } else { "a case cannot contain a declaration" };
        rest.report(Diagnostic::error(
            codes::E0211,
            rest.span(),
            title,
            "only facts, events and expected answers belong here",
        ));
        let (more_given, more_expected, after) = contents(rest.next());
        given.extend(more_given);
        expect.extend(more_expected);
        rest = after;
    }
    given_twice(input, &given);
    (given, expect)
}

/// Entries up to a closing brace, the next declaration or the end.
fn contents(input: Tokens<'_>) -> (Vec<Given>, Vec<Expectation>, Tokens<'_>) {
    let mut rest = Tokens { in_example: true, ..input };
    let (mut given_read, mut expected) = (Vec::new(), Vec::new());
    let mut after_arrow = false;
    while !rest.at_end() && !rest.is_sign("}") && !declaration_ahead(rest) {
        if rest.is_sign("=>") {
            after_arrow = true;
            rest = rest.next();
            continue;
        }
        if after_arrow && rest.is_sign("?") {
            let fault = Diagnostic::error(codes::E1008, rest.span(), "this case has a question and no answer", "what?");
            rest.report(fault.help(NOT_ANSWERED));
            rest = rest.next();
            continue;
        }
        let read = if after_arrow {
            expectation.map(|one| expected.push(one)).parse(rest)
        } else {
            given.map(|one| given_read.push(one)).parse(rest)
        };
        rest = match read {
            Ok((after, ())) if after.at > rest.at => separated(after),
            Ok(_) => rest.next(),
            Err(error) => {
                let failed = match &error {
                    nom::Err::Error(fault) | nom::Err::Failure(fault) => fault.at(),
                    nom::Err::Incomplete(_) => rest.at,
                };
                rest.report(message(rest, error));
                skip_entry(rest, failed, ENTRIES)
            }
        };
    }
    (given_read, expected, Tokens { in_example: false, ..rest })
}

fn given(input: Tokens<'_>) -> Res<'_, Given> {
    if let Ok((rest, _)) = phrase(&["as", "of"])(input) {
        return cut(atom).map(Given::AsOf).parse(rest);
    }
    if input.is_word("parameter") && is_name_at(input, 1) {
        return cut((named("the name of a parameter"), value))
            .map(|(name, value)| Given::Parameter { name, value })
            .parse(input.next());
    }
    if input.is_word("like") && matches!(input.token(1).kind, Kind::Text) {
        return cut(text_of("the name of a case in double quotes")).map(Given::Like).parse(input.next());
    }
    let (rest, name) = named("the name of a fact or an event")(input)?;
    if let Ok((rest, _)) = phrase(&["not", "supplied"])(rest) {
        return Ok((rest, Given::NotSupplied(name)));
    }
    if rest.is_word("at") || rest.is_sign("{") {
        return event(input, rest, name);
    }
    cut(supplied).map(|supplied| Given::Fact { name: name.clone(), supplied }).parse(rest)
}

/// A value, on the line of its name: otherwise the next name would be read as one.
fn value(input: Tokens<'_>) -> Res<'_, Expr> {
    if input.token(0).starts_line { missing(input, Wanted::Thing("a value on the same line")) } else { amount(input) }
}

/// A value, or a range in which it lies: `0.5..2.0`, `<0.5`, `>=15.0`.
fn supplied(input: Tokens<'_>) -> Res<'_, Supplied> {
    let edge = match comparison_sign(input, false).filter(|_| !input.token(0).starts_line) {
        Some(Comparison::Less) => Some(Edge::Below),
        Some(Comparison::LessOrEqual) => Some(Edge::AtMost),
        Some(Comparison::Greater) => Some(Edge::Above),
        Some(Comparison::GreaterOrEqual) => Some(Edge::AtLeast),
        Some(Comparison::Equal | Comparison::NotEqual) | None => None,
    };
    if let Some(edge) = edge {
        return cut(value).map(|value| Supplied::Beyond(edge, value)).parse(input.next());
    }
    let (rest, mut low) = value(input)?;
    if !rest.is_sign("..") {
        return Ok((rest, Supplied::Value(low)));
    }
    let (rest, high) = cut(amount).parse(rest.next())?;
    share_unit(&mut low, &high);
    Ok((rest, Supplied::Range(low, high)))
}

/// An [`atom`], or a duration in several units, the largest first, as it is shown: `1 h 30 min`.
fn amount(input: Tokens<'_>) -> Res<'_, Expr> {
    let (mut rest, mut value) = atom(input)?;
    while let ExprKind::Number(whole) = &value.kind
        && !rest.token(0).starts_line
        && matches!(rest.kind(), Kind::Number { .. })
    {
        let (after, part) = number(rest)?;
        let span = rest.since(input).to(part.span);
        let Some(sum) = added(whole, &part, span) else { break };
        (rest, value) = (after, Expr { kind: ExprKind::Number(sum), span });
    }
    Ok((rest, value))
}

/// `1 h` and `30 min` as `90 min`; none where they are not whole durations, the greater first.
fn added(whole: &Number, part: &Number, span: Span) -> Option<Number> {
    let milliseconds = |number: &Number| {
        let unit = number.unit.as_ref().filter(|_| number.places == 0)?;
        dimension::milliseconds(&unit.text)
    };
    let (large, small) = (milliseconds(whole)?, milliseconds(part)?);
    let count = large.checked_div(small).filter(|count| *count > 1 && count * small == large)?;
    let digits = whole.digits.checked_mul(count)?;
    let part_digits = if whole.digits < 0 { -part.digits } else { part.digits };
    Some(Number { digits: digits.checked_add(part_digits)?, places: 0, unit: part.unit.clone(), span })
}

/// `at 2026-01-05 10:00 { route intravenous }`; `at 2026-01-05` for one known to the day, `at unknown` for an event that happened at a time nobody recorded
fn event<'a>(start: Tokens<'a>, input: Tokens<'a>, name: Name) -> Res<'a, Given> {
    let (rest, at) = match phrase(&["at", "unknown"])(input) {
        Ok((rest, _)) => (rest, None),
        Err(_) => opt(after("at", supplied)).parse(input)?,
    };
    let (rest, fields) = if rest.is_sign("{") {
        let field = |i| (named("the name of a fact of the event"), cut(supplied)).parse(i);
        block(ENTRIES, field)(rest)?
    } else {
        (rest, Vec::new())
    };
    Ok((rest, Given::Event { name, at, fields, span: rest.since(start) }))
}

fn expectation(input: Tokens<'_>) -> Res<'_, Expectation> {
    let (rest, name) = pathed("the name of an answer")(input)?;
    let (rest, kind) = cut(expected).parse(rest)?;
    Ok((rest, Expectation { name, kind, span: rest.since(input) }))
}

fn expected(input: Tokens<'_>) -> Res<'_, Expected> {
    match input.text(0) {
        "unknown" => unknown(input.next()),
        "met" | "late" | "missed" | "open" | "excused" => verdict(input),
        "not" if input.is_word_at(1, "applicable") => verdict(input),
        _ => value.map(Expected::Value).parse(input),
    }
}

/// `[lo..hi [or none] | { a, b, none }] [needs x, y]`
fn unknown(input: Tokens<'_>) -> Res<'_, Expected> {
    let mut rest = input;
    let (mut range, mut one_of, mut needs) = (None, Vec::new(), None);
    if rest.is_sign("{") {
        (rest, one_of) = block(ENTRIES, possible)(rest)?;
    } else if matches!(
        rest.kind(),
        Kind::Number { .. } | Kind::Sign("-") | Kind::Date(_) | Kind::DateTime { .. } | Kind::Time(_)
    ) {
        let (after, (mut low, _, high)) = (amount, cut(sign("..")), cut(amount)).parse(rest)?;
        share_unit(&mut low, &high);
        (rest, range) = (after, Some((low, high)));
    }
    if rest.is_word("or") && rest.is_word_at(1, "none") {
        one_of.push(Name { node: "none".to_owned(), span: rest.next().span() });
        rest = rest.skip(2);
    }
    if rest.is_word("needs") {
        let (after, found) = needed(rest.next())?;
        (rest, needs) = (after, Some(found));
    }
    Ok((rest, Expected::Unknown { range, one_of, needs }))
}

/// A choice or a verdict: `not applicable` has two words.
fn possible(input: Tokens<'_>) -> Res<'_, Name> {
    if let Ok((rest, span)) = phrase(&["not", "applicable"])(input) {
        return Ok((rest, Name { node: "not applicable".to_owned(), span }));
    }
    any_word(input)
}

/// `x, y`: after a comma, a name with nothing behind it is one more thing needed.
fn needed(input: Tokens<'_>) -> Res<'_, Vec<Path>> {
    let (mut rest, first) = cut(needed_one).parse(input)?;
    let mut read = vec![first];
    while rest.is_sign(",") {
        let Ok((after, one)) = needed_one(rest.next()) else { break };
        let alone = after.is_sign(",") || after.is_sign("}") || after.is_sign("=>") || after.token(0).starts_line;
        if !alone {
            break;
        }
        read.push(one);
        rest = after;
    }
    Ok((rest, read))
}

/// `spo2`, `Antibiotics`, `Antibiotics.route`, `Antibiotics.at` (a word of the language and no name), and as they are said of an
/// answer: `route of Antibiotics`, `time of Antibiotics`, `Antibiotics (not supplied)`, `parameter daytime_from`.
fn needed_one(input: Tokens<'_>) -> Res<'_, Path> {
    let start = if input.is_word("parameter") && is_name_at(input, 1) { input.next() } else { input };
    let (mut rest, first) = named("the name of what is needed")(start)?;
    let mut parts = vec![first];
    if rest.is_sign(".") {
        let (after, field) = cut(any_word).parse(rest.next())?;
        parts.push(field);
        rest = after;
    } else if rest.is_word("of") {
        let (after, event) = cut(named("the name of an event")).parse(rest.next())?;
        if let Some(field) = parts.first_mut().filter(|field| field.node == "time") {
            "at".clone_into(&mut field.node);
        }
        parts.insert(0, event);
        rest = after;
    } else if rest.is_sign("(")
        && rest.is_word_at(1, "not")
        && rest.is_word_at(2, "supplied")
        && rest.is_sign_at(3, ")")
    {
        rest = rest.skip(4);
    }
    Ok((rest, Path { parts, span: rest.since(input) }))
}

fn verdict(input: Tokens<'_>) -> Res<'_, Expected> {
    let words = if input.is_word("not") { 2 } else { 1 };
    let mut rest = input.skip(words);
    let span = rest.since(input);
    let node = if words == 2 { "not applicable".to_owned() } else { input.text(0).to_owned() };
    let verdict = Name { node: node.clone(), span };
    let (mut by, mut due, mut because) = (None, None, None);
    match node.as_str() {
        "late" => (rest, by) = opt(after("by", amount)).parse(rest)?,
        "excused" => (rest, because) = opt(after("because", text.map(|said| said.node))).parse(rest)?,
        _ => {}
    }
    if node == "open" || matches!(rest.token(1).kind, Kind::Date(_) | Kind::DateTime { .. }) || is_day(rest.next()) {
        (rest, due) = opt(after("due", due_when)).parse(rest)?;
    }
    Ok((rest, Expected::Verdict { verdict, by, due, because }))
}

/// `29 January 2026`, as a day is shown, or an [`atom`].
fn due_when(input: Tokens<'_>) -> Res<'_, Expr> {
    if is_day(input) { day(input) } else { cut(atom).parse(input) }
}

/// Whether a number and the name of a month stand here, on one line.
fn is_day(input: Tokens<'_>) -> bool {
    let number = matches!(input.kind(), Kind::Number { places: 0, pounds: false, .. });
    number && !input.token(1).starts_line && MONTHS.contains(&input.text(1))
}

fn day(input: Tokens<'_>) -> Res<'_, Expr> {
    let number = |input: Tokens<'_>| match input.kind() {
        Kind::Number { digits, places: 0, pounds: false } if !input.token(0).starts_line => Some(digits),
        _ => None,
    };
    let Some(year) = number(input.skip(2)) else {
        let span = input.skip(2).since(input);
        let fault = Diagnostic::error(codes::E0105, span, "a day is written with its year", "of which year?");
        return told(input, fault.help("write `29 January 2026` or `2026-01-29`"));
    };
    let rest = input.skip(3);
    let span = rest.since(input);
    let month = MONTHS.iter().position(|month| *month == input.text(1)).map_or(0, |place| place as u8 + 1);
    let date = number(input).and_then(|day| {
        let date = Date { year: i32::try_from(year).ok()?, month, day: u8::try_from(day).ok()? };
        let known = (1900..=2199).contains(&year) && days_from_date(year, month.into(), day).is_some();
        known.then_some(date)
    });
    let Some(date) = date else {
        let title = "this is not a day in the calendar";
        return told(input, Diagnostic::error(codes::E0104, span, title, "no such day between 1900 and 2199"));
    };
    Ok((rest, Expr { kind: ExprKind::Date(date), span }))
}
