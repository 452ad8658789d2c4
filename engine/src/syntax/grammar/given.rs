//! Facts and answers of a case as they are written elsewhere: `frail is yes`, `not frail`, `age 3-5`, `frail yes and age 65`.

use super::fault::Wanted;
use super::habits::{back, elsewhere, is_number};
use super::input::Tokens;
use super::newcomers::range_of;
use super::words::is_name_at;
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// Words for what a record does not have; none of them says that it is recorded that there is none.
const NOT_THERE: [&str; 8] = ["missing", "unknown", "unrecorded", "blank", "empty", "null", "known", "recorded"];

/// The message for what stands in the place of a value or of a name in a case, if it is such a habit.
pub fn given(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Thing(thing) = wanted else { return None };
    match thing {
        _ if !here.in_example => None,
        "a value or a name" => said_of_a_name(here),
        "the name of a fact or an event" | "the name of an answer" => negated(here),
        _ => None,
    }
}

/// `frail is yes`, `w is missing`, `age in 3..5`, `k > 3` after `=>`
fn said_of_a_name(here: Tokens<'_>) -> Option<Diagnostic> {
    let name = back(here, 1).filter(|last| is_name_at(*last, 0))?;
    let (said, next) = (name.text(0), here.next());
    let up_to_next = Span { end: next.span().start, ..here.span() };
    if matches!(here.kind(), Kind::Sign("!=" | "<>")) {
        return Some(not_a_value(here, said));
    }
    match here.text(0) {
        "not" if NOT_THERE.contains(&next.text(0)) => Some(not_there(name, next)),
        "is" if next.is_word("not") && NOT_THERE.contains(&next.text(1)) => Some(not_there(name, next.next())),
        "is" if NOT_THERE.contains(&next.text(0)) => Some(not_there(name, next)),
        "-" if !is_number(next) => Some(not_there(name, here)),
        "is" if next.is_word("not") => Some(not_a_value(here, said)),
        "is" | "==" => {
            let title = "a name and its value stand side by side";
            let fault =
                elsewhere(here.span(), title).help(format!("leave out `{}`: `{said} yes`, `{said} 3`", here.text(0)));
            Some(truth(fault.edit(up_to_next, ""), next))
        }
        "in" if is_number(next) => {
            let fault = elsewhere(here.span(), "what lies in a range has the range beside its name");
            Some(fault.help(format!("leave out `in`: `{said} 3..5`")).edit(up_to_next, ""))
        }
        "<" | "<=" | ">" | ">=" => {
            let title = "what must come out is a value, and not a condition on it";
            let help =
                format!("write the value, or of what cannot be known all that is possible: `{said} unknown 3..20`");
            Some(elsewhere(here.span(), title).help(help))
        }
        _ => None,
    }
}

/// `true` and `false` beside a sign that is left out.
pub fn truth(fault: Diagnostic, value: Tokens<'_>) -> Diagnostic {
    match value.text(0).to_ascii_lowercase().as_str() {
        "true" => fault.edit(value.span(), "yes"),
        "false" => fault.edit(value.span(), "no"),
        _ => fault,
    }
}

fn not_there(name: Tokens<'_>, last: Tokens<'_>) -> Diagnostic {
    let span = name.span().to(last.span());
    let said = name.text(0);
    elsewhere(span, "what a case does not give is missing, and nothing is written for it")
        .help(format!("leave `{said}` out; `{said} none` says that it is recorded that there is none"))
}

fn not_a_value(here: Tokens<'_>, said: &str) -> Diagnostic {
    let fault = elsewhere(here.span(), "a case says what a fact is, and not what it is not");
    fault.help(format!("write the value of `{said}`, or leave `{said}` out where it is not known"))
}

/// `not frail`, `!frail`
fn negated(here: Tokens<'_>) -> Option<Diagnostic> {
    let not = here.is_word("not") || here.kind() == Kind::Stray && matches!(here.text(0), "!" | "¬");
    let name = Some(here.next()).filter(|name| not && is_name_at(*name, 0))?;
    let written = format!("{} no", name.text(0));
    let span = here.span().to(name.span());
    Some(
        elsewhere(span, "a name and its value stand side by side")
            .help(format!("write `{written}`"))
            .edit(span, written),
    )
}

/// `frail yes and age 65`, `route oral or iv`, `age 3-5`: what follows a value in a case.
pub fn beside(here: Tokens<'_>) -> Option<Diagnostic> {
    if !here.in_example {
        return None;
    }
    let last = back(here, 1)?;
    match (here.kind(), here.text(0)) {
        (Kind::Name, "and") | (Kind::Sign("&&"), _) => {
            let span = Span { start: last.span().end, ..here.span() };
            let fault = elsewhere(
                here.span(),
                "the entries of a case have a comma between them, or stand on lines of their own",
            );
            Some(fault.help("write `,`").edit(span, ","))
        }
        (Kind::Name, "or") | (Kind::Sign("||"), _) => {
            let fault = elsewhere(here.span(), "a case gives one value of each fact");
            Some(fault.help("a number that lies between two is a range, `3..5`; for what comes of either value write a case for each"))
        }
        (Kind::Sign("-"), _) if is_number(last) && is_number(here.next()) => Some(range_of(here)),
        _ => None,
    }
}
