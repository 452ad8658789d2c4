//! One line a message, for editors and `grep`.

use super::{Place, severity};
use crate::diagnostics::Diagnostic;
use crate::text::Source;

/// `file:line:column: error[E0409]: title`
#[must_use]
pub fn short(diagnostic: &Diagnostic, sources: &[Source]) -> String {
    let Place { file, line, column, .. } = Place::of(diagnostic.primary.span, sources);
    let (kind, code, title) = (severity(diagnostic), diagnostic.code.0, &diagnostic.title);
    format!("{file}:{line}:{column}: {kind}[{code}]: {title}")
}
