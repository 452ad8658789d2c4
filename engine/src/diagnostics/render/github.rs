//! Annotations that GitHub shows beside the changed lines of a pull request.

use super::Place;
use crate::diagnostics::{Diagnostic, Severity};
use crate::text::Source;

/// `::error file=…,line=…,col=…,title=E0409::title`, one line.
#[must_use]
pub fn github(diagnostic: &Diagnostic, sources: &[Source]) -> String {
    let Place { file, line, column, end_line, end_column } = Place::of(diagnostic.primary.span, sources);
    let kind = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut message = diagnostic.title.clone();
    for more in diagnostic.notes.iter().chain(&diagnostic.help) {
        message.push('\n');
        message.push_str(more);
    }
    let (file, title, message) = (property(file), property(diagnostic.code.0), data(&message));
    format!(
        "::{kind} file={file},line={line},col={column},endLine={end_line},endColumn={end_column},title={title}::{message}"
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
