//! The formatter: one layout for every rule file.
//!
//! The author's line breaks stay; indentation, spaces and the columns of tables are set. Comments stay
//! where they are. A text whose words, signs or comments would not come out the same is left as it was.

mod align;
mod lines;
mod roles;
mod spacing;

use crate::diagnostics::Diagnostic;
use crate::syntax::lexer::lex;
use crate::syntax::parse;
use crate::syntax::tokens::Lexed;

/// The text in the one layout.
///
/// # Errors
/// The faults of a text that cannot be read.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (file, faults) = parse(0, text);
    if !faults.is_empty() {
        return Err(faults);
    }
    let (lexed, _) = lex(0, text, 0);
    let roles = roles::Roles::of(&file);
    let formatted = align::layout(&lines::split(text, &lexed), text, &lexed, &roles);
    Ok(if same(text, &lexed, &formatted) { formatted } else { text.to_owned() })
}

/// Whether two texts have the same words, signs and comments on the same lines.
fn same(text: &str, before: &Lexed, formatted: &str) -> bool {
    let (after, faults) = lex(0, formatted, 0);
    faults.is_empty() && content(text, before) == content(formatted, &after)
}

fn content<'t>(text: &'t str, lexed: &Lexed) -> Vec<(bool, Vec<&'t str>)> {
    let words = |span| lines::slice(text, span).split_whitespace().collect();
    let tokens = lexed.tokens.iter().map(|token| (token.starts_line, words(token.span)));
    let comments = lexed.comments.iter().map(|comment| (comment.starts_line, words(comment.span)));
    tokens.chain(comments).collect()
}
