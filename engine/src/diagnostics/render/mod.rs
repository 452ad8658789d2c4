//! Messages as text: for people, on one line, as JSON, as SARIF and as GitHub annotations.
//!
//! Each form is a pure function of the messages and the sources they point into.

mod github;
mod human;
mod json;
mod sarif;
mod short;

pub use github::github;
pub use human::human;
pub use json::json;
pub use sarif::sarif;
pub use short::short;

use super::{Diagnostic, Severity};
use crate::text::{Source, Span, line_and_column};

/// A span in lines and columns, both from 1.
struct Place<'s> {
    file: &'s str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl<'s> Place<'s> {
    fn of(span: Span, sources: &'s [Source]) -> Place<'s> {
        let Some(source) = source_of(span, sources) else {
            return Place { file: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let (line, column) = line_and_column(&source.text, span.start);
        let (end_line, end_column) = line_and_column(&source.text, span.end.max(span.start));
        Place { file: &source.name, line, column, end_line, end_column }
    }
}

fn source_of(span: Span, sources: &[Source]) -> Option<&Source> {
    usize::try_from(span.source).ok().and_then(|index| sources.get(index))
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
