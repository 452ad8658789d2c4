//! Several values counted, and the greatest of them, as they are written elsewhere: `at least 2 of a, b, c`, `count of a, b > 7, c`,
//! `MIN of a, b`.

use super::habits::{elsewhere, whole};
use super::input::Tokens;
use super::recover::declaration_ahead;
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens of a list that are read for it.
const FURTHEST: usize = 200;

const NUMBERS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// The words before a number of them, and the sign that they are.
const SO_MANY: &[(&[&str], &str)] = &[
    (&["at", "least"], ">="),
    (&["at", "most"], "<="),
    (&["more", "than"], ">"),
    (&["fewer", "than"], "<"),
    (&["less", "than"], "<"),
    (&["no", "more", "than"], "<="),
    (&["not", "more", "than"], "<="),
    (&["no", "fewer", "than"], ">="),
    (&["no", "less", "than"], ">="),
    (&["exactly"], "="),
];

/// What takes one or a figure of several values elsewhere, and what does here.
const FOLDS: &[(&str, &str)] = &[
    ("min", "lowest"),
    ("minimum", "lowest"),
    ("smallest", "lowest"),
    ("least", "lowest"),
    ("max", "highest"),
    ("maximum", "highest"),
    ("largest", "highest"),
    ("greatest", "highest"),
    ("total", "sum"),
    ("sum", "sum"),
    ("count", "count"),
];

/// The message for what stands here, if it is such a list.
pub fn listed(here: Tokens<'_>) -> Option<Diagnostic> {
    so_many_of(here).or_else(|| conditions(here)).or_else(|| fold(here)).or_else(|| joined_last(here))
}

/// `any of a, b, and c`
fn joined_last(here: Tokens<'_>) -> Option<Diagnostic> {
    let word = here.is_word("and") || here.is_word("or");
    let list = before(here, FURTHEST).find(|at| at.is_word_at(1, "of") || at.is_sign("{"));
    list.filter(|_| word && here.previous().is_some_and(|last| last.kind == Kind::Sign(",")))?;
    let said = here.text(0);
    let title = format!("the last of a list stands behind its comma, without `{said}`");
    let gap = Span { end: here.next().span().start, ..here.span() };
    Some(elsewhere(here.span(), &title).help("leave it out: a comma alone stands between them").edit(gap, ""))
}

/// Those before the cursor in the same declaration, the nearest first, and the cursor.
fn before(here: Tokens<'_>, most: usize) -> impl Iterator<Item = Tokens<'_>> {
    (0..=here.at).rev().take(most).map(move |at| Tokens { at, ..here })
}

/// `at least 2 of a, b, c`; `2 or more of a, b, c`
fn so_many_of(here: Tokens<'_>) -> Option<Diagnostic> {
    let (start, number, sign, list) = before(here, 6).find_map(|start| {
        let said =
            SO_MANY.iter().find(|(words, _)| words.iter().zip(0..).all(|(word, ahead)| start.is_word_at(ahead, word)));
        if let Some((words, sign)) = said {
            let number = start.skip(words.len());
            return number.is_word_at(1, "of").then(|| (start, number, *sign, number.skip(2)));
        }
        let more = start.is_word_at(1, "or") && (start.is_word_at(2, "more") || start.is_word_at(2, "fewer"));
        let sign = if start.is_word_at(2, "more") { ">=" } else { "<=" };
        (more && start.is_word_at(3, "of")).then(|| (start, start, sign, start.skip(4)))
    })?;
    let count = whole(number).or_else(|| {
        let place = NUMBERS.iter().position(|word| number.text(0).eq_ignore_ascii_case(word))?;
        i64::try_from(place + 1).ok()
    })?;
    let (items, last) = items(list)?;
    let span = start.span().to(last.span());
    let written = format!("(count of {}) {sign} {count}", items.join(", "));
    let fault = elsewhere(span, "how many of several hold is counted, and then compared");
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `count of a, b > 7, c`: a condition among others stands in brackets.
fn conditions(here: Tokens<'_>) -> Option<Diagnostic> {
    let start = before(here, FURTHEST)
        .filter(|_| here.is_sign(","))
        .find(|at| matches!(at.text(0), "count" | "any" | "all") && at.is_word_at(1, "of"))?;
    let (items, last) = items(start.skip(2)).filter(|(_, last)| here.at < last.at)?;
    let span = start.span().to(last.span());
    let written = format!("{} of {}", start.text(0), items.join(", "));
    let fault = elsewhere(span, "in a list, each condition that compares stands in brackets");
    let help = format!("write `{written}`, or name a condition of its own: `define high = urea > 7`");
    Some(fault.help(help).edit(span, written))
}

/// `MIN of a, b`
fn fold(here: Tokens<'_>) -> Option<Diagnostic> {
    let known = |at: &Tokens<'_>| FOLDS.iter().find(|(word, _)| at.text(0).eq_ignore_ascii_case(word));
    let start = before(here, FURTHEST).filter(|_| here.is_sign(",")).find(|at| {
        at.kind() == Kind::Name && at.is_word_at(1, "of") && known(at).is_some_and(|(_, here)| *here != at.text(0))
    })?;
    let meant = known(&start)?.1;
    let (_, last) = items(start.skip(2)).filter(|(_, last)| here.at < last.at)?;
    let said = start.text(0);
    let fault = elsewhere(start.span().to(last.span()), &format!("`{said} of` several values is `{meant} of`"));
    Some(fault.help(format!("write `{meant} of`")).edit(start.span(), meant))
}

/// The members of a list, those that compare in brackets, and its last token. It ends with its line, unless that ends in a comma.
pub fn items(start: Tokens<'_>) -> Option<(Vec<String>, Tokens<'_>)> {
    let mut items = Vec::new();
    let (mut at, mut begins, mut depth) = (start, start, 0_usize);
    loop {
        let within = at.at > start.at;
        let ends = depth == 0
            && within
            && (at.token(0).starts_line && !follows_comma(at)
                || matches!(at.text(0), "and" | "or" | "then" | "else" | "=>" | "}" | ")")
                || declaration_ahead(at));
        if ends || at.at_end() || at.at - start.at > FURTHEST {
            break;
        }
        match at.text(0) {
            "(" | "{" => depth += 1,
            ")" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                items.push(item(begins, at)?);
                begins = at.next();
            }
            _ => {}
        }
        at = at.next();
    }
    items.push(item(begins, at)?);
    Some((items, Tokens { at: at.at.checked_sub(1)?, ..at }))
}

fn follows_comma(at: Tokens<'_>) -> bool {
    at.previous().is_some_and(|last| last.kind == Kind::Sign(","))
}

/// What stands from one token up to another, in brackets where it is more than a name or a call.
fn item(begins: Tokens<'_>, ends: Tokens<'_>) -> Option<String> {
    let last = ends.previous().filter(|_| begins.at < ends.at)?;
    let span: Span = begins.span().to(last.span);
    let said = begins.text_of(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let compares = (0..ends.at - begins.at).any(|ahead| {
        matches!(begins.token(ahead).kind, Kind::Sign("=" | "<" | "<=" | ">" | ">="))
            || matches!(begins.text(ahead), "is" | "in" | "and" | "or")
    });
    let negated = begins.text(0).eq_ignore_ascii_case("not") && begins.is_sign_at(1, "(");
    Some(match said.get(3..).filter(|_| negated) {
        Some(inner) => format!("(not {})", inner.trim_start()),
        None if compares && !begins.is_sign("(") => format!("({said})"),
        None => said,
    })
}
