//! The grammar, written with nom over tokens; one file for each kind of declaration.
//!
//! Faults never stop the reading: a declaration, a clause or a table row that cannot be read is reported
//! and stepped over (`recover`).

mod brackets;
mod cells;
mod choices;
mod choose;
mod clauses;
mod clock;
mod coding;
mod comparison;
mod declarations;
mod example;
mod expression;
mod fault;
mod figure;
mod given;
mod habits;
mod input;
mod lists;
mod measure;
mod member;
mod newcomers;
mod obligation;
mod operators;
mod package;
mod parameter;
mod path;
mod primary;
mod prose;
mod query;
mod recover;
mod rows;
mod set;
mod spoken;
mod table;
mod twice;
mod types;
mod words;

pub use recover::WITHOUT_NAME;
use std::cell::RefCell;

use self::declarations::Declared;
use self::input::{Shared, Tokens};
use super::alike;
use super::lexer::{MOST_FAULTS, lex};
use super::tree::{Example, File, Item};
use crate::diagnostics::{Diagnostic, codes};
use crate::text::{Span, Spanned};

/// Reads one rule file, the source with this index; what cannot be read is left out and reported.
#[must_use]
pub fn parse(source_index: u32, text: &str) -> (File, Vec<Diagnostic>) {
    let (mut file, mut faults) = with_tokens(source_index, text, 0, |tokens| {
        let mut file = File::default();
        recover::declarations(tokens, |declared| match declared {
            Declared::Package(package) if file.package.is_none() => file.package = Some(package),
            Declared::Package(package) => {
                let title = "this file already has a package";
                let mut fault = Diagnostic::error(codes::E0201, package.path.span, title, "a second package");
                if let Some(first) = &file.package {
                    fault = fault.because(first.path.span, "the package of this file");
                }
                tokens.report(fault.help("put it in a file of its own"));
            }
            Declared::Use(one) => file.uses.push(one),
            Declared::Item(item) => file.items.push(*item),
        });
        file
    });
    let mut examples: Vec<&mut Example> = file.items.iter_mut().filter_map(example_of).collect();
    alike::write_out(&mut examples, &[], &mut faults);
    (file, faults)
}

fn example_of(item: &mut Item) -> Option<&mut Example> {
    if let Item::Example(example) = item { Some(example) } else { None }
}

/// Reads the body of an example (facts, `=>`, expectations) that stands without braces, as in a fenced
/// block of a `cases.md`; `offset` is where `text` begins in that file.
#[must_use]
pub fn parse_example_body(
    source_index: u32,
    name: Spanned<String>,
    text: &str,
    offset: u32,
) -> (Example, Vec<Diagnostic>) {
    with_tokens(source_index, text, offset, |tokens| {
        let (given, expect) = example::body(tokens);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let span = Span { source: source_index, start: offset, end: offset.saturating_add(length) };
        Example { name, given, expect, span }
    })
}

fn with_tokens<T>(source: u32, text: &str, offset: u32, read: impl FnOnce(Tokens<'_>) -> T) -> (T, Vec<Diagnostic>) {
    let (lexed, faults) = lex(source, text, offset);
    let shared =
        Shared { text, offset, tokens: &lexed.tokens, comments: &lexed.comments, faults: RefCell::new(faults) };
    let read = read(Tokens::new(&shared));
    let mut faults = shared.faults.into_inner();
    if faults.len() >= MOST_FAULTS
        && let Some(last) = faults.pop()
    {
        faults.push(last.note("there may be more faults in this file; fix these first"));
    }
    faults.sort_by_key(|fault| (fault.primary.span.start, fault.primary.span.end));
    (read, faults)
}
