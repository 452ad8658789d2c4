//! Clauses, examples and codes as they are written elsewhere, where the grammar could not go on: each with how it is written here.

use super::fault::Wanted;
use super::habits::{back, elsewhere, is_number, whole};
use super::input::Tokens;
use super::newcomers::range_of;
use super::obligation::ordinal;
use super::words::is_name_at;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// Words for a rate without the unknown.
const LEFT_OUT: &[&str] = &["excluded", "ignored", "omitted", "skipped", "dropped", "removed"];
/// Words for the number of events that are needed, and for the number that is allowed.
const NEEDED: &[&[&str]] = &[&["at", "least"], &["no", "fewer", "than"], &["no", "less", "than"]];
const ALLOWED: &[&[&str]] = &[&["at", "most"], &["no", "more", "than"], &["up", "to"]];

/// The message for what stands here, if it is such a habit.
pub fn clause(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    of_the_unknown(here, wanted)
        .or_else(|| all_cases(here, wanted))
        .or_else(|| so_many(here))
        .or_else(|| first_word(here, wanted))
        .or_else(|| deadline(here, wanted))
        .or_else(|| sign_before_a_value(here, wanted))
        .or_else(|| arrow(here))
        .or_else(|| dash_in_a_range(here, wanted))
        .or_else(|| bare_code(here, wanted))
}

/// `unknown excluded`
fn of_the_unknown(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let asked = matches!(wanted, Wanted::Entry("what is done with the unknown", _));
    asked.then(|| {
        let title = "the unknown count against, or are left out";
        let fault = elsewhere(here.span(), title)
            .help("`unknown counts against` makes each of them a miss, `unknown left out` leaves them out of the rate");
        if LEFT_OUT.contains(&here.text(0)) { fault.edit(here.span(), "left out") } else { fault }
    })
}

/// `of all cases`
fn all_cases(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let measured = matches!(wanted, Wanted::Entry("what is measured", _));
    (measured && here.is_word("all") && here.is_word_at(1, "cases")).then(|| {
        let span = Span { end: here.token(1).span.start, ..here.span() };
        elsewhere(here.span(), "`of cases` are all of them").help("leave out `all`").edit(span, "")
    })
}

/// `expect at least 2 Review`, `expect no more than 2 Fall`
fn so_many(here: Tokens<'_>) -> Option<Diagnostic> {
    let first = (0..4).filter_map(|step| back(here, step)).find(|at| at.is_word("expect"))?.next();
    let words = |all: &&&[&str]| all.iter().zip(0..).all(|(word, ahead)| first.is_word_at(ahead, word));
    let (said, needed) = match NEEDED.iter().find(words) {
        Some(said) => (said, true),
        None => (ALLOWED.iter().find(words)?, false),
    };
    let number = first.skip(said.len());
    let count = whole(number).and_then(|count| u32::try_from(count).ok())?;
    let (title, written) = if needed {
        ("how many are needed is a number before the event", count.to_string())
    } else {
        ("that no more may happen is said of the first that is too many", format!("no {}", ordinal(count + 1)))
    };
    let span = first.span().to(number.span());
    let help = format!("write `expect {written} {}`", number.text(1));
    Some(elsewhere(span, title).help(help).edit(span, written))
}

/// `when frail`, `if frail`, `each Fall`, `for every Fall`, and `and Review` after what is expected
fn first_word(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    if !matches!(wanted, Wanted::Entry("a clause", _)) {
        return None;
    }
    let every =
        back(here, 1).filter(|last| last.is_word("every") && back(*last, 1).is_some_and(|at| at.is_word("for")));
    if let Some(every) = every {
        let fault = elsewhere(every.span(), "each event is judged with `for each`");
        return Some(fault.help("`every` says how often: `every 4 h`").edit(every.span(), "each"));
    }
    let at = here.span();
    match here.text(0) {
        "when" | "if" => {
            let fault = elsewhere(at, "for whom an obligation applies is said with `applies when`");
            Some(
                fault
                    .help("`applies when age >= 65`; of each event by itself `for each Fall where harm`")
                    .edit(at, "applies when"),
            )
        }
        "each" => {
            let fault = elsewhere(at, "each event is judged with `for each`");
            Some(fault.help("write `for each Fall`").edit(at, "for each"))
        }
        "and" => {
            let fault = elsewhere(at, "an obligation expects one thing");
            Some(fault.help("write an obligation for each, and `obligation bundle { all of first_one, second_one }` for both together"))
        }
        _ => None,
    }
}

/// `expect Review in 1 h`
fn deadline(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let clause = matches!(wanted, Wanted::Entry("a clause", _));
    let begins = matches!(here.text(0), "in" | "inside") && is_number(here.next());
    (clause && begins).then(|| {
        elsewhere(here.span(), "how long there is for it is said with `within`")
            .help("write `within 1 h`")
            .edit(here.span(), "within")
    })
}

/// `frail = yes` and `frail: yes` in an example
fn sign_before_a_value(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let value = matches!(wanted, Wanted::Thing("a value or a name")) && !here.in_table;
    let sign = here.is_sign("=") || here.is_sign(":");
    back(here, 1).filter(|last| value && sign && is_name_at(*last, 0)).map(|name| {
        // A sign that touches the name leaves the blank after it.
        let end = if here.gap() == 0 { here.span().end } else { here.token(1).span.start };
        let title = "a name and its value stand side by side";
        elsewhere(here.span(), title)
            .help(format!("leave out `{}`: `{} yes`, `{} 3`", here.text(0), name.text(0), name.text(0)))
            .edit(Span { end, ..here.span() }, "")
    })
}

/// `frail yes -> risk high`
fn arrow(here: Tokens<'_>) -> Option<Diagnostic> {
    (here.is_sign("-") && here.is_sign_at(1, ">") && here.next().gap() == 0).then(|| {
        let span = here.span().to(here.token(1).span);
        elsewhere(span, "what must come out stands after `=>`").help("write `=>`").edit(span, "=>")
    })
}

/// `integer 0-130 years`
fn dash_in_a_range(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let dots = matches!(wanted, Wanted::Sign(".."));
    (dots && here.is_sign("-") && is_number(here.next())).then(|| range_of(here))
}

/// `codes treated { 30, E11.4 }`
fn bare_code(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let code = matches!(wanted, Wanted::Thing("a code in double quotes"))
        && matches!(here.kind(), Kind::Name | Kind::Number { .. });
    code.then(|| {
        let mut last = here;
        while last.next().gap() == 0 && !(last.is_sign_at(1, ",") || last.is_sign_at(1, "}") || last.next().at_end()) {
            last = last.next();
        }
        let span = here.span().to(last.span());
        let written = format!("\"{}\"", here.text_of(span));
        let fault = Diagnostic::error(codes::E0201, span, "a code stands in double quotes", "written without them");
        fault.help(format!("write `{written}`")).edit(span, written)
    })
}
