//! Why a parser could not go on, and how that is said to the author.

use nom::error::{ErrorKind, ParseError};

use super::cells::cell;
use super::clauses::clause;
use super::given::given;
use super::habits::habit;
use super::input::Tokens;
use super::newcomers::{brought, unit_meant};
use super::operators::operator;
use super::words::RESERVED;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::spelling::nearest;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// What every parser of the grammar returns.
pub type Res<'a, T> = nom::IResult<Tokens<'a>, T, Fault>;

/// What belongs at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A word of the language.
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
    /// Something in words: `a name`.
    Thing(&'static str),
    /// One of the words that begin an entry: what an entry is called, and the words.
    Entry(&'static str, &'static [&'static str]),
}

/// Why a parser could not go on.
#[derive(Debug)]
pub enum Fault {
    /// Something else belongs at the token `at`.
    Missing { at: usize, wanted: Wanted },
    /// A message already made; `at` says how far the parser had come.
    Told { at: usize, message: Box<Diagnostic> },
}

impl Fault {
    /// The token that could not be read.
    pub fn at(&self) -> usize {
        match self {
            Fault::Missing { at, .. } | Fault::Told { at, .. } => *at,
        }
    }
}

impl<'a> ParseError<Tokens<'a>> for Fault {
    fn from_error_kind(input: Tokens<'a>, _: ErrorKind) -> Self {
        Fault::Missing { at: input.at, wanted: Wanted::Thing("something else") }
    }

    fn append(_: Tokens<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }

    fn or(self, other: Self) -> Self {
        if other.at() > self.at() { other } else { self }
    }
}

/// Fails, and lets another alternative try.
pub fn missing<'a, T>(input: Tokens<'a>, wanted: Wanted) -> Res<'a, T> {
    Err(nom::Err::Error(Fault::Missing { at: input.at, wanted }))
}

/// The plain form of nom's `cut`: after this, no alternative is tried.
pub fn committed<T>(result: Res<'_, T>) -> Res<'_, T> {
    result.map_err(|error| match error {
        nom::Err::Error(fault) => nom::Err::Failure(fault),
        other => other,
    })
}

/// Fails for good with a message of its own.
pub fn told<'a, T>(input: Tokens<'a>, message: Diagnostic) -> Res<'a, T> {
    Err(nom::Err::Failure(Fault::Told { at: input.at, message: Box::new(message) }))
}

/// The message for a fault.
pub fn message(input: Tokens<'_>, error: nom::Err<Fault>) -> Diagnostic {
    let (at, wanted) = match error {
        nom::Err::Incomplete(_) => (input.at, Wanted::Thing("more")),
        nom::Err::Error(Fault::Told { message, .. }) | nom::Err::Failure(Fault::Told { message, .. }) => {
            return *message;
        }
        nom::Err::Error(Fault::Missing { at, wanted }) | nom::Err::Failure(Fault::Missing { at, wanted }) => {
            (at, wanted)
        }
    };
    let here = Tokens { at, ..input };
    operator(here, wanted)
        .or_else(|| given(here, wanted))
        .or_else(|| cell(here, wanted))
        .or_else(|| clause(here, wanted))
        .or_else(|| habit(here, wanted))
        .or_else(|| unit_meant(here))
        .or_else(|| word_meant(here, wanted))
        .or_else(|| brought(here, wanted))
        .or_else(|| reserved(here, wanted))
        .or_else(|| hyphenated(here))
        .or_else(|| no_entry(here, wanted))
        .unwrap_or_else(|| plain(here, wanted))
}

/// What a window goes on with.
pub const FROM_WHEN: Wanted = Wanted::Thing("`before` or `after`, with what to count from,");
const WINDOW_INSIDE: &str = "such as `any Review within 1 h after first Triage`; asked of each of some events, the query stands in brackets with its window: `any Fall where not (any Review within 1 h after at)`";

/// What is missing, and what stands there instead.
fn plain(here: Tokens<'_>, wanted: Wanted) -> Diagnostic {
    let missing = match wanted {
        Wanted::Word(word) => format!("`{word}` is missing"),
        Wanted::Sign(sign) => format!("`{sign}` is missing"),
        Wanted::Thing(thing) | Wanted::Entry(thing, _) => format!("{thing} is missing"),
    };
    let last = here.previous().filter(|_| here.token(0).starts_line && here.kind() != Kind::Stray);
    if let Some(last) = last {
        // Point at the end of the line that is too short, not at the next.
        let end = Span { start: last.span.end, ..last.span };
        let label = if here.at_end() { "the text ends here" } else { "nothing more follows on this line" };
        let fault = Diagnostic::error(codes::E0201, end, missing, label);
        return if wanted == FROM_WHEN { fault.help(WINDOW_INSIDE) } else { fault };
    }
    let fault = Diagnostic::error(codes::E0201, here.span(), missing, format!("instead there is {}", found(here)));
    match wanted {
        FROM_WHEN => fault.help(WINDOW_INSIDE),
        Wanted::Sign(sign @ (":" | "=")) => {
            let before = Span { end: here.span().start, ..here.span() };
            fault.help(format!("put `{sign}` before it")).edit(before, format!("{sign} "))
        }
        _ => fault,
    }
}

/// A word that begins nothing here.
fn no_entry(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Entry(entry, words) = wanted else {
        return None;
    };
    let follows = entry == "a declaration" && !here.token(0).starts_line;
    let title = match found(here) {
        found if follows => format!("{found} cannot follow here"),
        found => format!("{entry} cannot begin with {found}"),
    };
    let fault = Diagnostic::error(codes::E0201, here.span(), title, "this cannot be used here");
    if entry == "a declaration" && here.is_word("event") {
        return Some(if here.is_sign_at(2, "=") {
            fault.help("a set of events is declared with `events`").edit(here.span(), "events")
        } else {
            fault.help("an event is declared in the subject: `subject Stay { event Fall { harm : yes/no } }`")
        });
    }
    if entry == "what is measured" && matches!(here.text(0), "sum" | "median" | "mean" | "percentile") {
        return Some(fault.help(
            "a number made of the cases is a `value`: `value sum of amount`; a share in pounds is `weighted by amount`",
        ));
    }
    let asks = matches!(here.text(0), "where" | "within" | "after" | "before" | "since" | "until" | "during");
    if asks && !here.token(0).starts_line {
        return Some(
            fault.help("to ask about events, begin with `first`, `last`, `count` or the like: `first Fall where …`"),
        );
    }
    if follows {
        return Some(fault.help(
            "what stands before it is complete: two conditions are joined with `and` or `or`, and a declaration begins on a line of its own",
        ));
    }
    Some(fault.help(format!("{entry} begins with one of: {}", words.join(", "))))
}

/// `on-oxygen` where `on_oxygen` is meant.
pub fn hyphenated(here: Tokens<'_>) -> Option<Diagnostic> {
    let last = here.previous()?;
    let next = here.token(1);
    let joined = here.is_sign("-") && here.gap() == 0 && next.span.start == here.span().end;
    if !joined || last.kind != Kind::Name || !matches!(next.kind, Kind::Name | Kind::Number { .. } | Kind::Unit) {
        return None;
    }
    let span = last.span.to(next.span);
    let said = here.text_of(span);
    let title = format!("`{said}` is not one name, because `-` means minus");
    let fault = Diagnostic::error(codes::E0208, span, title, "read as a subtraction");
    Some(fault.help("join the words of a name with `_`").edit(here.span(), "_"))
}

/// The token at the cursor as it is named in a message.
pub fn found(input: Tokens<'_>) -> String {
    match input.kind() {
        Kind::End => "nothing more".to_owned(),
        Kind::Text => "text in quotes".to_owned(),
        _ => {
            let text = input.text(0);
            let short: String = text.chars().take(40).collect();
            if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
        }
    }
}

/// `becuase` where `because` belongs.
fn word_meant(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Word(word) = wanted else {
        return None;
    };
    if here.kind() != Kind::Name {
        return None;
    }
    nearest(here.text(0), [word])?;
    Some(misspelt(here, word))
}

/// "Did you mean", with the edit.
pub fn misspelt(here: Tokens<'_>, word: &str) -> Diagnostic {
    let said = here.text(0);
    Diagnostic::error(codes::E0202, here.span(), format!("`{said}` is not a word of the language here"), "unknown word")
        .help(format!("did you mean `{word}`?"))
        .edit(here.span(), word)
}

/// A word of the language where a name belongs.
fn reserved(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Thing(thing) = wanted else {
        return None;
    };
    let said = here.text(0);
    if !thing.contains("name") || here.kind() != Kind::Name || !RESERVED.contains(&said) {
        return None;
    }
    let is = here.previous().filter(|last| here.text_of(last.span) == "is");
    if let Some(is) = is.filter(|_| matches!(said, "within" | "after" | "before" | "since" | "until")) {
        let title = format!("`{said}` says which events are meant, and no value is asked with it");
        let fault = Diagnostic::error(codes::E0213, is.span.to(here.span()), title, "written in another way");
        return Some(fault.help(format!(
            "ask whether there is one: `any Review {said} …`; or compare two times: `first Review <= first Fall + 4 h`"
        )));
    }
    if thing == "a value or a name" && here.in_example && here.is_word("not") && here.is_word_at(1, "met") {
        let fault =
            Diagnostic::error(codes::E0213, here.span().to(here.next().span()), "a verdict is one word", "no verdict");
        return Some(fault.help("write what it is: `missed`, `late`, `open`, or `not applicable`"));
    }
    if thing == "a value or a name" && here.in_example && matches!(said, "from" | "to" | "since") {
        let title = format!("`{said}` stands in no case: when something was stands after `at`");
        let fault = Diagnostic::error(codes::E0213, here.span(), title, "written in another way");
        return Some(
            fault.help("write `Stay at 2026-01-05 09:00`, and when it ended behind it, `{ end 2026-01-08 11:00 }`"),
        );
    }
    if thing == "a value or a name" {
        let title = format!("a value is missing before `{said}`");
        let fault = Diagnostic::error(codes::E0208, here.span(), title, "a word of the language, and no value");
        return Some(
            fault.help("what is compared, or joined, stands on both sides of such a word: `frail and age >= 65`"),
        );
    }
    let title = format!("`{said}` is a word of the language and cannot be a name");
    let fault = Diagnostic::error(codes::E0208, here.span(), title, format!("{thing} belongs here"));
    Some(fault.help(format!("choose another name, such as `{said}_1` or a longer word")))
}
