//! Going on after a fault: at the next row, clause or declaration.

use super::clauses::clause;
use super::declarations::{DECLARATIONS, Declared, declaration};
use super::fault::{Fault, Res, Wanted, found, hyphenated, message, missing, misspelt};
use super::given::beside;
use super::habits::{back, habit};
use super::input::Tokens;
use super::newcomers::{brought, joined, unit_meant};
use super::operators::operator;
use super::words::is_name_at;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::spelling::nearest;
use crate::syntax::tokens::{Kind, Token};
use crate::text::Span;

/// The words before a name that they declare; facts and fields have only a colon behind it.
const DECLARE: [&str; 11] =
    ["define", "table", "choose", "enum", "event", "events", "parameter", "obligation", "codes", "clock", "path"];
/// The most tokens one declaration may have.
const LONGEST_DECLARATION: usize = 100_000;

/// How the entries of a block are told apart.
#[derive(Clone, Copy)]
pub struct Block {
    /// The words that begin an entry; empty when any line may.
    pub starts: &'static [&'static str],
    /// Entries may stand on one line with commas between them, and must not without.
    pub commas: bool,
}

/// Reads all declarations of a file and hands each on.
pub fn declarations<'a>(input: Tokens<'a>, mut take: impl FnMut(Declared)) {
    let mut rest = input;
    while !rest.at_end() {
        if rest.is_sign("}") {
            let title = "this `}` closes nothing";
            rest.report(Diagnostic::error(codes::E0211, rest.span(), title, "no `{` is open here"));
            rest = rest.next();
            continue;
        }
        match declaration(rest) {
            Ok((after, declared)) if after.at > rest.at => {
                check_length(rest, after);
                take(declared);
                rest = after;
            }
            Ok(_) => rest = skip_to_declaration(rest, rest.at),
            Err(error) => {
                let next = skip_to_declaration(rest, failed_at(&error, rest));
                rest.report(message(rest, error).declaring(declared_between(rest, next)));
                rest = next;
            }
        }
    }
}

/// What a declaration is taken to declare whose name could not be read: any name that nothing else declares.
pub const WITHOUT_NAME: &str = "*";

/// The names that a text declares which is stepped over.
fn declared_between(from: Tokens<'_>, to: Tokens<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = from;
    while rest.at < to.at {
        let begins = rest.at == from.at || rest.token(0).starts_line;
        let word = rest.text(0);
        let declares = DECLARE.contains(&word) || begins && nearest(word, DECLARE.iter().copied()).is_some();
        if begins && word == "use" {
            names.extend(name_of_use(rest, to));
        } else if declares && is_name_at(rest, 1) {
            names.push(rest.text(1).to_owned());
        } else if DECLARE.contains(&word) && begins && rest.is_sign_at(1, "{") {
            names.push(WITHOUT_NAME.to_owned());
        } else if is_name_at(rest, 0) && (rest.is_sign_at(1, ":") || begins && rest.is_sign_at(1, "(")) {
            names.push(word.to_owned());
        }
        rest = rest.next();
    }
    names
}

/// What a `use` line calls the package: the last name on the line.
fn name_of_use(start: Tokens<'_>, end: Tokens<'_>) -> Option<String> {
    let mut last = None;
    let mut rest = start.next();
    while rest.at < end.at && !rest.token(0).starts_line {
        if is_name_at(rest, 0) {
            last = Some(rest.text(0).to_owned());
        }
        rest = rest.next();
    }
    last
}

fn check_length<'a>(start: Tokens<'a>, end: Tokens<'a>) {
    if end.at - start.at > LONGEST_DECLARATION {
        let title = format!("this declaration has more than {LONGEST_DECLARATION} words and symbols");
        let fault = Diagnostic::error(codes::E0206, start.span(), title, "it begins here");
        start.report(fault.help("split it into several"));
    }
}

fn failed_at(error: &nom::Err<Fault>, input: Tokens<'_>) -> usize {
    match error {
        nom::Err::Incomplete(_) => input.at,
        nom::Err::Error(fault) | nom::Err::Failure(fault) => fault.at(),
    }
}

fn skip_to_declaration(start: Tokens<'_>, failed: usize) -> Tokens<'_> {
    let mut rest = start.next();
    while !rest.at_end() {
        let near = rest.token(0).starts_line && near(rest.text(0), DECLARATIONS).is_some();
        if rest.at >= failed && (declaration_ahead(rest) || near && shaped(rest)) {
            break;
        }
        rest = rest.next();
    }
    rest
}

/// Whether a declaration begins here, by its word and by what follows it.
pub fn declaration_ahead(input: Tokens<'_>) -> bool {
    input.token(0).starts_line && DECLARATIONS.contains(&input.text(0)) && shaped(input)
}

/// Whether what follows the word at the cursor is what follows the word of a declaration.
fn shaped(input: Tokens<'_>) -> bool {
    let third = input.token(2).kind;
    match input.token(1).kind {
        Kind::Text => matches!(third, Kind::Text | Kind::Sign("{")),
        Kind::Name | Kind::Unit if is_name_at(input, 1) => match input.text(0) {
            "use" => matches!(third, Kind::Sign(".")) || input.is_word_at(2, "as"),
            "parameter" => matches!(third, Kind::Sign(":")),
            "table" | "choose" | "define" if input.is_word_at(2, "of") => true,
            "table" => {
                matches!(third, Kind::Sign("{"))
                    || ["first", "any", "collect"].iter().any(|word| input.is_word_at(2, word))
            }
            "choose" => matches!(third, Kind::Sign("{")) || input.is_word_at(2, "first"),
            _ => matches!(third, Kind::Sign("{" | "=" | "." | ":") | Kind::Text) || input.is_word_at(2, "from"),
        },
        _ => false,
    }
}

/// `{`, entries, `}`: an entry that cannot be read is reported and stepped over.
pub fn block<'a, T>(
    kind: Block,
    entry: impl Fn(Tokens<'a>) -> Res<'a, T>,
) -> impl FnMut(Tokens<'a>) -> Res<'a, Vec<T>> {
    move |input| {
        let (rest, opener) = super::words::sign("{")(input)?;
        entries(rest, opener, kind, &entry)
    }
}

/// The entries of a block up to and with its `}`.
pub fn entries<'a, T>(
    input: Tokens<'a>,
    opener: Span,
    kind: Block,
    entry: &impl Fn(Tokens<'a>) -> Res<'a, T>,
) -> Res<'a, Vec<T>> {
    let mut rest = Tokens { starts: kind.starts, ..input };
    let restore = |rest: Tokens<'a>| Tokens { starts: input.starts, ..rest };
    let mut read = Vec::new();
    loop {
        if rest.is_sign("}") {
            return Ok((restore(rest.next()), read));
        }
        if rest.at_end() || declaration_ahead(rest) {
            let next = if rest.at_end() { "the file ends here" } else { "the next declaration begins here" };
            let title = "this `{` is not closed";
            let fault = Diagnostic::error(codes::E0203, opener, title, "opened here").because(rest.span(), next);
            rest.report(fault.help("put a `}` after the last entry"));
            return Ok((restore(rest), read));
        }
        match entry(rest) {
            Ok((after, value)) if after.at > rest.at => {
                read.push(value);
                rest = if kind.commas { separated(after) } else { after };
            }
            Ok(_) => rest = rest.next(),
            Err(error) => {
                let next = skip_entry(rest, failed_at(&error, rest), kind);
                let mut declared = declared_between(rest, next);
                // `age integer`: a fact without its colon.
                let bare = is_name_at(rest, 0) && is_name_at(rest, 1) && !rest.token(1).starts_line;
                if bare && !kind.starts.contains(&rest.text(0)) {
                    declared.push(rest.text(0).to_owned());
                }
                rest.report(message(rest, error).declaring(declared));
                rest = next;
            }
        }
    }
}

/// After an entry: a comma, a new line or the end of the block; anything else is told once.
pub fn separated(input: Tokens<'_>) -> Tokens<'_> {
    if input.is_sign(",") {
        return input.next();
    }
    if input.is_sign("}") || input.is_sign("=>") || input.token(0).starts_line {
        return input;
    }
    let wanted = Wanted::Thing("a comma or a new line");
    if let Some(fault) = operator(input, wanted).or_else(|| beside(input)).or_else(|| habit(input, wanted)) {
        input.report(fault);
        return line_end(input);
    }
    if let Some(fault) = unit_meant(input) {
        let end = fault.primary.span.end;
        input.report(fault);
        let mut rest = input.next();
        while !rest.at_end() && rest.span().start < end {
            rest = rest.next();
        }
        return separated(rest);
    }
    if let Some(fault) = clause(input, wanted).or_else(|| brought(input, wanted)) {
        input.report(fault);
        return line_end(input);
    }
    if let Some(fault) = name_of_an_event(input) {
        input.report(fault);
        return line_end(input);
    }
    if !matches!(input.kind(), Kind::Name | Kind::Text) {
        let title = format!("{} cannot follow here", found(input));
        let fault = Diagnostic::error(codes::E0201, input.span(), title, "the entry before this is complete");
        input.report(hyphenated(input).unwrap_or(fault));
        return line_end(input);
    }
    let mut place = input.previous().map_or(input.span(), |last| last.span);
    place.start = place.end;
    let title = "a comma or a new line belongs between two entries";
    let fault = Diagnostic::error(codes::E0209, input.span(), title, "the next entry seems to begin here");
    let words = back(input, 1).filter(|last| is_name_at(*last, 0) && input.kind() == Kind::Name);
    input.report(match words {
        // Two choices, or one of two words: what stands before is a word by itself as well.
        Some(last) if in_an_enum(last) => fault.help(format!(
            "two choices have a comma between them; a choice of two words is written as one, `{}_{}`",
            last.text(0),
            input.text(0)
        )),
        _ => fault.help("put a comma before it").edit(place, ","),
    });
    input
}

/// Whether the cursor stands among the choices of an enum.
fn in_an_enum(at: Tokens<'_>) -> bool {
    let opener = (0..at.at).rev().map(|place| Tokens { at: place, ..at }).find(|at| at.is_sign("{") || at.is_sign("}"));
    opener
        .filter(|opener| opener.is_sign("{") && opener.at >= 2)
        .is_some_and(|opener| Tokens { at: opener.at - 2, ..opener }.is_word("enum"))
}

/// `event Medical Review`: the words of a name are joined with `_`.
fn name_of_an_event(input: Tokens<'_>) -> Option<Diagnostic> {
    let first = back(input, 1).filter(|first| is_name_at(*first, 0) && is_name_at(input, 0))?;
    let event = Tokens { at: first.at.checked_sub(1)?, ..first };
    let ends = input.token(1).starts_line || matches!(input.token(1).kind, Kind::Sign("{" | "," | "}"));
    (event.is_word("event") && ends).then(|| joined(first, 2))
}

/// After what is left of an entry on this line.
fn line_end(input: Tokens<'_>) -> Tokens<'_> {
    let mut rest = input;
    while !rest.is_sign(",") && !rest.is_sign("}") && !rest.token(0).starts_line {
        rest = rest.next();
    }
    if rest.is_sign(",") { rest.next() } else { rest }
}

/// The next entry after a fault at token `failed`: the next line that can begin one, or the closing brace.
pub fn skip_entry(start: Tokens<'_>, failed: usize, kind: Block) -> Tokens<'_> {
    let mut depth = 0_usize;
    let mut rest = start;
    loop {
        match rest.kind() {
            Kind::End => return rest,
            Kind::Sign("{") => depth += 1,
            Kind::Sign("}") if depth == 0 => return rest,
            Kind::Sign("}") => depth -= 1,
            _ => {}
        }
        let first = rest.at == start.at;
        rest = rest.next();
        if first && rest.at_end() {
            return rest;
        }
        if rest.at >= failed && kind.commas && depth == 0 && rest.is_sign(",") {
            return rest.next();
        }
        if rest.at >= failed && rest.token(0).starts_line && (begins(rest, kind) || declaration_ahead(rest)) {
            return rest;
        }
    }
}

/// The word of a list that is nearly said; `event`, an entry of the subject, is not nearly `events`.
fn near(said: &str, known: &'static [&'static str]) -> Option<&'static str> {
    nearest(said, known.iter().copied().filter(|_| said != "event"))
}

fn begins(input: Tokens<'_>, kind: Block) -> bool {
    let word = input.text(0);
    kind.starts.is_empty() || kind.starts.contains(&word) || nearest(word, kind.starts.iter().copied()).is_some()
}

/// One of the words that begin an entry; a near miss is reported and read as the word it is near to.
pub fn keyword<'a>(
    known: &'static [&'static str],
    entry: &'static str,
) -> impl Fn(Tokens<'a>) -> Res<'a, &'static str> {
    move |input| {
        let said = input.text(0);
        if input.kind() == Kind::Name {
            if let Some(word) = known.iter().find(|word| **word == said) {
                return Ok((input.next(), word));
            }
            // A word that goes on with a line begins no declaration there.
            let begins = entry != "a declaration" || input.token(0).starts_line;
            let is_event = || declared_event(input, said);
            if let Some(word) = near(said, known).filter(|_| begins && !is_event()) {
                input.report(misspelt(input, word));
                return Ok((input.next(), word));
            }
        }
        missing(input, Wanted::Entry(entry, known))
    }
}

/// Whether the text declares an event of this name, which is then no slip of a word.
fn declared_event(input: Tokens<'_>, name: &str) -> bool {
    let tokens = input.shared.tokens;
    let is = |token: Option<&Token>, word: &str| token.is_some_and(|token| input.text_of(token.span) == word);
    tokens.iter().enumerate().any(|(place, token)| {
        is(Some(token), name) && is(place.checked_sub(1).and_then(|before| tokens.get(before)), "event")
    })
}
