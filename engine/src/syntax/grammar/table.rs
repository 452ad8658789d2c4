//! Decision tables: a header line, then one row a line.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::{many0, separated_list1};

use super::cells::{all_others, points};
use super::comparison::{comparison_sign, odd, share_unit};
use super::declarations::{citation, of_event};
use super::expression::expression;
use super::fault::{Res, Wanted, found, hyphenated, missing, told};
use super::input::{Tokens, nested};
use super::measure::band_ahead;
use super::newcomers::{range_of, unit_meant};
use super::primary::atom;
use super::recover::{Block, entries, keyword};
use super::rows::{misread, unread};
use super::words::{after, between, date, named, path, pathed, sign, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Asks, Cell, Column, Comparison, Expr, ExprKind, Name, Policy, Row, RowOutput, Table, Test};
use crate::text::{Span, Spanned};

/// `NAME [of EVENT] [first | any | collect HOW] { header rows } [source …]`
pub fn table<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Table> {
    let (rest, name) = named("the name of the table")(input)?;
    let (rest, of) = of_event(rest)?;
    let (rest, policy) = policy(rest)?;
    let (rest, opener) = sign("{")(rest)?;
    let (rest, (inputs, outputs, header)) = header(Tokens { in_table: true, ..rest })?;
    let read_row = |i| row(i, inputs.len(), outputs.len(), header);
    let (rest, rows) = entries(rest, opener, Block { starts: &[], commas: false }, &read_row)?;
    let rest = Tokens { in_table: false, ..rest };
    let (rest, source) = opt(after("source", citation)).parse(rest)?;
    let span = rest.since(start);
    Ok((rest, Table { doc: start.doc(), name, of, policy, inputs, outputs, rows, source, span }))
}

fn policy(input: Tokens<'_>) -> Res<'_, Policy> {
    if input.is_sign("{") {
        return Ok((input, Policy::Unique));
    }
    let (rest, which) = keyword(&["first", "any", "collect"], "the policy of the table")(input)?;
    match which {
        "first" => return Ok((rest, Policy::First)),
        "any" => return Ok((rest, Policy::Any)),
        _ => {}
    }
    let hows = &["sum", "count", "max", "min", "list"];
    let (after, how) = keyword(hows, "the way to collect")(rest)?;
    Ok((after, Policy::Collect(Spanned { node: how.to_owned(), span: rest.span() })))
}

type Header = (Vec<Column>, Vec<Name>, Span);

fn header(input: Tokens<'_>) -> Res<'_, Header> {
    let same_line = |i: Tokens<'_>| i.at == input.at || !i.token(0).starts_line;
    let mut rest = input;
    let mut inputs = Vec::new();
    while same_line(rest) && !rest.is_sign("|") {
        let (after, one) = column(rest)?;
        inputs.push(one);
        rest = after;
    }
    if !rest.is_sign("|") || !same_line(rest) {
        return missing(rest, Wanted::Thing("`|` and the names of the answers, on the line of the header,"));
    }
    let (mut rest, bar) = sign("|")(rest)?;
    let mut outputs = Vec::new();
    while same_line(rest) && !rest.is_sign("}") {
        let (after, one) = named("the name of an answer")(rest)?;
        outputs.push(one);
        rest = after;
    }
    if outputs.is_empty() {
        let title = "this table has no answers";
        let label = "the name of the answer belongs after this bar";
        return told(rest, Diagnostic::error(codes::E0207, bar, title, label));
    }
    Ok((rest, (inputs, outputs, rest.since(input))))
}

/// `spo2`, `news2.total`, `(bmi(weight, height)) as bmi`
fn column(input: Tokens<'_>) -> Res<'_, Column> {
    if input.is_sign("(") {
        let (rest, expr) = between("(", expression, ")")(input)?;
        let (rest, title) = after("as", named("a name for the column")).parse(rest)?;
        return Ok((rest, Column { expr, title: title.node, span: rest.since(input) }));
    }
    let (rest, path) = pathed("the name of a column, or `|`,")(input)?;
    let title = rest.text_of(path.span).to_owned();
    let span = path.span;
    Ok((rest, Column { expr: Expr { kind: ExprKind::Path(path), span }, title, span }))
}

fn row<'a>(input: Tokens<'a>, cells_wanted: usize, outputs_wanted: usize, header: Span) -> Res<'a, Row> {
    let same_line = |i: Tokens<'a>| i.at == input.at || !i.token(0).starts_line;
    if let Some(fault) = all_others(input, cells_wanted).or_else(|| misread(input)) {
        return told(input, fault);
    }
    let mut rest = input;
    let mut cells = Vec::new();
    while same_line(rest) && !rest.is_sign("|") && !rest.is_sign("}") {
        let (after, one) = cell(rest)?;
        cells.push(one);
        rest = after;
    }
    if !rest.is_sign("|") || !same_line(rest) {
        return missing(rest, Wanted::Thing("`|` and the answers, on the line of the row,"));
    }
    misspelt_unit(input, rest)?;
    if cells.len() > cells_wanted {
        dash_of_a_range(input, rest)?;
        if let Some(fault) = unread(input) {
            return told(rest, fault);
        }
    }
    let counted = |what, have, want, span| count(rest, what, have, want, span, header);
    counted("condition", cells.len(), cells_wanted, rest.since(input))?;
    let answers = rest.next();
    let (rest, outputs) = if answers.is_word("impossible") {
        (answers.next(), RowOutput::Impossible(answers.span()))
    } else {
        let value = |i: Tokens<'a>| {
            let ends = !same_line(i) || i.is_sign("}") || i.is_word("from") || i.is_word("until");
            if ends { missing(i, Wanted::Thing("an answer")) } else { cut(atom).parse(i) }
        };
        let (rest, values) = many0(value).parse(answers)?;
        let span = if rest.at > answers.at { rest.since(answers) } else { input.span() };
        if values.len() > outputs_wanted {
            misspelt_unit(answers, rest)?;
            if let Some(fault) = points(answers, rest) {
                return told(rest, fault);
            }
        }
        counted("answer", values.len(), outputs_wanted, span)?;
        (rest, RowOutput::Values(values))
    };
    let (rest, from) = opt(after("from", date)).parse(rest)?;
    let (rest, until) = opt(after("until", date)).parse(rest)?;
    let in_force = (from.is_some() || until.is_some()).then_some((from, until));
    if same_line(rest) && !rest.is_sign("}") {
        let title = format!("{} cannot follow the answers of this row", found(rest));
        let fault = Diagnostic::error(codes::E0207, rest.span(), title, "the row is complete before this");
        return told(rest, hyphenated(rest).unwrap_or(fault));
    }
    Ok((rest, Row { asks: Asks::Cells(cells), outputs, in_force, span: rest.since(input) }))
}

/// `5 mins` reads as two conditions; say what was meant.
fn misspelt_unit<'a>(start: Tokens<'a>, end: Tokens<'a>) -> Res<'a, ()> {
    let mut rest = start;
    while rest.at < end.at {
        if rest.gap() <= 1
            && let Some(fault) = unit_meant(rest)
        {
            return told(rest, fault);
        }
        rest = rest.next();
    }
    Ok((end, ()))
}

/// `9-11` reads as two conditions.
fn dash_of_a_range<'a>(start: Tokens<'a>, end: Tokens<'a>) -> Res<'a, ()> {
    let number = |kind| matches!(kind, Kind::Number { .. });
    let mut rest = start;
    while rest.at < end.at {
        let after_number = rest.gap() <= 1 && rest.previous().is_some_and(|last| number(last.kind));
        if rest.is_sign("-") && after_number && rest.next().gap() <= 1 && number(rest.token(1).kind) {
            return told(rest, range_of(rest));
        }
        rest = rest.next();
    }
    Ok((end, ()))
}

/// A row must have as many entries as its header.
fn count<'a>(at: Tokens<'a>, what: &str, have: usize, want: usize, span: Span, header: Span) -> Res<'a, ()> {
    if have == want {
        return Ok((at, ()));
    }
    let plural = if have == 1 { "" } else { "s" };
    let title = format!("this row has {have} {what}{plural}, but the header calls for {want}");
    let label = if have < want { "too few" } else { "too many" };
    let fault = Diagnostic::error(codes::E0207, span, title, label).because(header, "the header");
    told(at, fault.help("write `any` for a condition that does not matter, and `none` for an answer without a value"))
}

/// `9..11`, `voice, pain`
fn cell(input: Tokens<'_>) -> Res<'_, Cell> {
    let (rest, mut tests) = separated_list1(sign(","), cut(test)).parse(input)?;
    if tests.len() > 1 && tests.iter().any(|test| matches!(test, Test::Not(_))) {
        let span = rest.since(input);
        let fault = Diagnostic::error(
            codes::E0212,
            span,
            "`not` before a list could mean two things",
            "all of them, or only the next?",
        );
        return told(rest, fault.help("put the list in braces: `not { voice, pain }` is all but these two"));
    }
    let test = match (tests.pop(), tests.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Test::OneOf(tests.into_iter().chain(last).collect()),
    };
    Ok((rest, Cell { test, span: rest.since(input) }))
}

fn test(input: Tokens<'_>) -> Res<'_, Test> {
    let one = |test| Ok((input.next(), test));
    if matches!(input.kind(), Kind::Sign("!=" | "<>")) {
        let blank = if input.next().gap() == 0 { "not " } else { "not" };
        odd(input, blank, ());
        return cut(|i| nested(i, test)).map(|inner| Test::Not(Box::new(inner))).parse(input.next());
    }
    if let Some(op) = comparison_sign(input, true) {
        let (rest, operand) = cut(atom).parse(input.next())?;
        let test = if op == Comparison::Equal { Test::Is(operand) } else { Test::Compare(op, operand) };
        return Ok((rest, test));
    }
    match input.text(0) {
        "any" => one(Test::Any),
        "none" => one(Test::None),
        "not" => cut(|i| nested(i, test)).map(|inner| Test::Not(Box::new(inner))).parse(input.next()),
        "{" => set(input),
        "in" if input.is_sign_at(1, "{") => set(input.next()),
        "in" if band_ahead(input.next()) => value_or_range(input.next()),
        "in" => (word("in"), cut(path)).map(|(_, list)| Test::InList(list)).parse(input),
        ".." => (sign(".."), cut(atom)).map(|(_, high)| Test::Compare(Comparison::LessOrEqual, high)).parse(input),
        _ => value_or_range(input),
    }
}

fn set(input: Tokens<'_>) -> Res<'_, Test> {
    let (rest, tests) = between("{", separated_list1(sign(","), cut(|i| nested(i, test))), "}")(input)?;
    Ok((rest, Test::OneOf(tests)))
}

/// `3`, `9..11`, `80..`: the two dots stand directly against the numbers.
fn value_or_range(input: Tokens<'_>) -> Res<'_, Test> {
    let (rest, mut low) = atom(input)?;
    let glued = |i: Tokens<'_>| !i.in_table || i.gap() == 0;
    if !rest.is_sign("..") || !glued(rest) {
        return Ok((rest, Test::Is(low)));
    }
    let high_at = rest.next();
    let ends = high_at.is_sign("|") || high_at.is_sign(",") || high_at.is_sign("}") || high_at.token(0).starts_line;
    if ends || !glued(high_at) {
        return Ok((high_at, Test::Compare(Comparison::GreaterOrEqual, low)));
    }
    let (rest, high) = cut(atom).parse(high_at)?;
    share_unit(&mut low, &high);
    Ok((rest, Test::Range(low, high)))
}
