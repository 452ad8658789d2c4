//! One fault, one message: what only follows from another is left out.

use super::texts::Texts;
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::text::Span;

/// Messages that something is not declared.
const NOT_DECLARED: [Code; 4] = [codes::E0303, codes::E0307, codes::E0311, codes::E0316];
/// Messages about what the header does not say.
const NOT_IN_HEADER: [Code; 3] = [codes::E0701, codes::E0705, codes::E0706];

/// Leaves out what only follows: that a name is not declared whose declaration could not be read, and what is missing from a
/// header that could not be read whole. `unread` are the places of what could not be read.
pub(super) fn leave_out(diagnostics: &mut Vec<Diagnostic>, texts: &Texts, header: Option<Span>, unread: &[Span]) {
    let header_unread = header.is_some_and(|header| unread.iter().any(|place| header.covers(*place)));
    let declared: Vec<String> = diagnostics.iter().flat_map(|d| d.declares.iter().cloned()).collect();
    diagnostics.retain(|diagnostic| {
        let of_header = header_unread && NOT_IN_HEADER.contains(&diagnostic.code);
        let of_name = NOT_DECLARED.contains(&diagnostic.code)
            && first_name(diagnostic.primary.span, texts).is_some_and(|name| declared.iter().any(|d| d == name));
        !of_header && !of_name
    });
}

/// The name at a place, or the first of several joined by dots.
fn first_name(span: Span, texts: &Texts) -> Option<&str> {
    let text = texts.source(span.source).text.get(span.start as usize..span.end as usize)?;
    text.split('.').next().map(str::trim)
}
