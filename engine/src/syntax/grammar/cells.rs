//! Tables as they are written elsewhere, where the grammar could not go on: cells that do not matter, ranges with one end, and the lines of Markdown.

use super::fault::Wanted;
use super::habits::{back, elsewhere, is_number};
use super::input::Tokens;
use super::newcomers::between_two;
use super::rows::unread;
use crate::diagnostics::Diagnostic;
use crate::syntax::newcomers::meant_by;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens of a table that are read for it.
const FURTHEST: usize = 4_000;

/// The message for what stands here, if it is such a habit.
pub fn cell(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let bars = bars(here, wanted);
    if bars.is_some() || !here.in_table {
        return bars;
    }
    line_under_the_header(here)
        .or_else(|| does_not_matter(here))
        .or_else(|| plus(here))
        .or_else(|| and_over(here))
        .or_else(|| if in_the_header(wanted) { None } else { unread(row_of(here)) })
}

/// Whether a name of the header is missing, and no part of a row.
fn in_the_header(wanted: Wanted) -> bool {
    matches!(wanted, Wanted::Thing(thing) if thing.contains("column") || thing.contains("of an answer") || thing.contains("of the answers"))
}

/// The first token of the line at the cursor.
fn row_of(here: Tokens<'_>) -> Tokens<'_> {
    let first = (0..=here.at).rev().map(|at| Tokens { at, ..here }).find(|at| at.token(0).starts_line);
    first.unwrap_or(here)
}

/// Words for all other rows, alone and with `else` or `others` behind them.
const OTHERS: [&str; 9] =
    ["default", "others", "rest", "remaining", "all", "any", "anything", "everything", "everyone"];

/// `otherwise | 0` as the last row, of so many columns.
pub fn all_others(row: Tokens<'_>, columns: usize) -> Option<Diagnostic> {
    let said = row.text(0);
    let small = said.to_ascii_lowercase();
    let named = row.kind() == Kind::Name;
    // A choice may be called so.
    let elsewhere_too = || row.shared.tokens.iter().filter(|token| row.text_of(token.span) == said).count() > 1;
    let alone = matches!(small.as_str(), "otherwise" | "else") || OTHERS.contains(&small.as_str()) && !elsewhere_too();
    let two = OTHERS.contains(&small.as_str()) && matches!(row.text(1), "else" | "others" | "other");
    let last = match (row.is_sign_at(1, "|"), row.is_sign_at(2, "|")) {
        (true, _) if named && alone && small != "any" => row,
        (false, true) if named && two => row.next(),
        _ => return None,
    };
    let span = row.span().to(last.span());
    let fault = elsewhere(span, "a row for all others has `any` in each cell")
        .help("put it last, and let the first row that fits answer: `table risk first { … any  any | low }`; or write out what it stands for")
        .edit(span, vec!["any"; columns].join("  "));
    let Some(opener) = opener(row) else { return Some(fault) };
    let first = opener.previous().is_some_and(|last| row.text_of(last.span) == "first");
    let place = Span { end: opener.span().start, ..opener.span() };
    Some(if first { fault } else { fault.edit(place, "first ") })
}

/// The `{` of the table in which a row stands.
fn opener(row: Tokens<'_>) -> Option<Tokens<'_>> {
    let mut depth = 0_usize;
    for at in (0..row.at).rev().map(|at| Tokens { at, ..row }).take(FURTHEST) {
        match at.kind() {
            Kind::Sign("}") => depth += 1,
            Kind::Sign("{") if depth == 0 => return Some(at),
            Kind::Sign("{") => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `under 18`, `65 and over`, `between 18 and 64` in a row up to its bar: all that is said so in it.
pub fn words_for_signs(row: Tokens<'_>, bar: Tokens<'_>) -> Option<Diagnostic> {
    let mut told: Option<Diagnostic> = None;
    let mut at = row;
    while at.at < bar.at {
        let words: Vec<&str> = (0..4).map(|ahead| at.text(ahead)).collect();
        let meant = meant_by(&words).filter(|_| at.kind() == Kind::Name);
        let number = at.skip(meant.map_or(0, |meant| meant.said.split(' ').count()));
        let Some(meant) = meant.filter(|_| is_number(number)) else {
            at = at.next();
            continue;
        };
        let Some(sign) = meant.sign() else {
            let Some(fault) = between_two(at) else { return told };
            let earlier = told.unwrap_or_else(|| fault.clone().without_edits());
            told = Some(fault.edits.into_iter().fold(earlier, |told, edit| told.edit(edit.span, edit.replacement)));
            at = number.next();
            continue;
        };
        let (last, written) = (number, format!("{sign} {}", number.text(0)));
        let span = at.span().to(last.span());
        let title = format!("`{}` is written `{written}`", at.text_of(span));
        let fault = told.unwrap_or_else(|| elsewhere(span, &title).help("a cell compares with a sign, or has a range"));
        told = Some(fault.edit(span, written));
        at = last.next();
    }
    told
}

/// `1 point`: how many points are a number.
pub fn points(answers: Tokens<'_>, rest: Tokens<'_>) -> Option<Diagnostic> {
    let at = (answers.at..rest.at)
        .map(|at| Tokens { at, ..answers })
        .find(|at| matches!(at.text(0), "point" | "points" | "pts") && back(*at, 1).is_some_and(is_number))?;
    let before = back(at, 1)?.span();
    let span = Span { start: before.end, ..at.span() };
    Some(elsewhere(at.span(), "points are a number, with nothing after it").help("leave it out").edit(span, ""))
}

/// `| spo2 | points |`, and `spo2 | oxygen | points`.
fn bars(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    if !matches!(wanted, Wanted::Thing("the name of an answer")) || !here.is_sign("|") {
        return None;
    }
    let opener = (0..here.at).rev().map(|at| Tokens { at, ..here }).take(FURTHEST).find(|at| at.is_sign("{"))?;
    let mut fault = elsewhere(here.span(), "one `|` stands in each line of a table: before its answers")
        .help("what is asked stands side by side, with blanks between: `spo2  on_oxygen | points`");
    let mut line = opener.next();
    while !line.is_sign("}") && !line.at_end() && line.at - opener.at < FURTHEST {
        let length = (1..FURTHEST).find(|ahead| ends(line, *ahead)).unwrap_or(FURTHEST);
        for span in needless(line, length) {
            fault = fault.edit(span, "");
        }
        line = line.skip(length);
    }
    Some(fault)
}

/// Whether the line ends before the token so far ahead.
fn ends(line: Tokens<'_>, ahead: usize) -> bool {
    line.token(ahead).starts_line || line.is_sign_at(ahead, "}") || line.skip(ahead).at_end()
}

/// What a line of so many tokens has too many of.
fn needless(line: Tokens<'_>, length: usize) -> Vec<Span> {
    let is_bar = |ahead: &usize| line.is_sign_at(*ahead, "|");
    if is_rule(line, length) {
        return vec![line.span().to(line.token(length - 1).span)];
    }
    let bars: Vec<usize> = (0..length).filter(is_bar).collect();
    let kept = bars.iter().rfind(|ahead| **ahead > 0 && **ahead + 1 < length).copied();
    bars.iter().filter(|ahead| Some(**ahead) != kept).map(|ahead| line.token(*ahead).span).collect()
}

/// Whether a line is made of dashes and bars alone.
fn is_rule(line: Tokens<'_>, length: usize) -> bool {
    let signs = |sign: &str| (0..length).filter(|ahead| line.is_sign_at(*ahead, sign)).count();
    signs("-") > 1 && signs("-") + signs("|") + signs(":") == length
}

/// `---|---` under the header.
fn line_under_the_header(here: Tokens<'_>) -> Option<Diagnostic> {
    let length = (1..FURTHEST).find(|ahead| ends(here, *ahead)).filter(|_| here.token(0).starts_line)?;
    is_rule(here, length).then(|| {
        let span = here.span().to(here.token(length - 1).span);
        elsewhere(span, "a table has no line under its header").help("leave it out").edit(span, "")
    })
}

/// `-` and `*` in the place of a cell.
fn does_not_matter(here: Tokens<'_>) -> Option<Diagnostic> {
    let sign = (here.is_sign("-") || here.is_sign("*")) && !is_number(here.next());
    sign.then(|| {
        elsewhere(here.span(), "a cell that does not matter is `any`").help("write `any`").edit(here.span(), "any")
    })
}

/// `5+`
fn plus(here: Tokens<'_>) -> Option<Diagnostic> {
    let sign = [Some(here), back(here, 1)].into_iter().flatten().find(|at| at.is_sign("+"))?;
    let number = back(sign, 1).filter(|number| is_number(*number) && sign.gap() == 0)?;
    let written = format!("{}..", number.text(0));
    let fault = elsewhere(number.span().to(sign.span()), "a range without an upper end has its two dots");
    Some(fault.help(format!("write `{written}`")).edit(sign.span(), ".."))
}

/// `5 and over`, `65 or more`
pub fn and_over(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = back(here, 1).filter(|number| is_number(*number) && (here.is_word("and") || here.is_word("or")))?;
    let sign = match here.text(1) {
        "over" | "above" | "more" | "older" | "up" | "higher" => ">=",
        "under" | "below" | "less" | "fewer" | "younger" | "lower" => "<=",
        _ => return None,
    };
    let span = number.span().to(here.token(1).span);
    let written = format!("{sign} {}", number.text(0));
    Some(elsewhere(span, "one end is a comparison").help(format!("write `{written}`")).edit(span, written))
}
