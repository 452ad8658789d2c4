//! Why a parser could not go on, and how that is said to the author.

use nom::error::{ErrorKind, ParseError};

use super::input::Tokens;
use super::words::RESERVED;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::spelling::nearest;
use crate::syntax::tokens::Kind;
use crate::values::units;

/// What every parser of the grammar returns.
pub type Res<'a, T> = nom::IResult<Tokens<'a>, T, Fault>;

/// What belongs at a place.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// A word of the language.
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
    /// Something in words: `a name`.
    Thing(&'static str),
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
    if let Some(message) = unit_meant(here).or_else(|| word_meant(here, wanted)).or_else(|| reserved(here, wanted)) {
        return message;
    }
    let belongs = match wanted {
        Wanted::Word(word) => format!("`{word}` belongs here"),
        Wanted::Sign(sign) => format!("`{sign}` belongs here"),
        Wanted::Thing(thing) => format!("{thing} belongs here"),
    };
    let found = found(here);
    Diagnostic::error(codes::E0201, here.span(), format!("{belongs}, but there is {found}"), belongs)
}

/// The token at the cursor as it is named in a message.
pub fn found(input: Tokens<'_>) -> String {
    match input.kind() {
        Kind::End => "nothing more".to_owned(),
        Kind::Text => "a text in quotes".to_owned(),
        _ => {
            let text = input.text(0);
            let short: String = text.chars().take(40).collect();
            if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
        }
    }
}

/// `becuase` where `because` belongs.
fn word_meant(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Word(word) = wanted else { return None };
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

/// `5 mins` where `5 min` is meant.
pub fn unit_meant(here: Tokens<'_>) -> Option<Diagnostic> {
    let number = here.previous().is_some_and(|last| matches!(last.kind, Kind::Number { .. }));
    if !number || here.kind() != Kind::Name || here.token(0).starts_line {
        return None;
    }
    let said = here.text(0);
    let unit = units::meant(said).or_else(|| nearest(said, units::spellings()))?;
    let title = format!("`{said}` is not a unit that the language knows");
    let fault = Diagnostic::error(codes::E0210, here.span(), title, "this stands where a unit belongs");
    Some(fault.help(format!("did you mean `{unit}`?")).edit(here.span(), unit))
}

/// A word of the language where a name belongs.
fn reserved(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Thing(thing) = wanted else { return None };
    let said = here.text(0);
    if !thing.contains("name") || here.kind() != Kind::Name || !RESERVED.contains(&said) {
        return None;
    }
    let title = format!("`{said}` is a word of the language and cannot be a name");
    let fault = Diagnostic::error(codes::E0208, here.span(), title, format!("{thing} belongs here"));
    Some(fault.help(format!("choose another name, such as `{said}_value`")))
}
