//! One JSON object a message.

use serde_json::{Value, json};

use super::{Place, severity};
use crate::diagnostics::{Diagnostic, Label};
use crate::text::{Source, Span};

/// A JSON object on one line: code, severity, title, place, reasons, notes, help and edits.
#[must_use]
pub fn json(diagnostic: &Diagnostic, sources: &[Source]) -> String {
    let edits: Vec<Value> = diagnostic
        .edits
        .iter()
        .map(|edit| with_place(json!({ "replacement": edit.replacement }), edit.span, sources))
        .collect();
    let labelled = |label: &Label| with_place(json!({ "text": label.text }), label.span, sources);
    json!({
        "code": diagnostic.code.0,
        "severity": severity(diagnostic),
        "title": diagnostic.title,
        "primary": labelled(&diagnostic.primary),
        "reasons": diagnostic.reasons.iter().map(labelled).collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "edits": edits,
    })
    .to_string()
}

fn with_place(mut value: Value, span: Span, sources: &[Source]) -> Value {
    let Place { file, line, column, end_line, end_column } = Place::of(span, sources);
    if let Some(object) = value.as_object_mut() {
        object.insert("file".to_owned(), json!(file));
        object.insert("start".to_owned(), json!({ "line": line, "column": column, "byte": span.start }));
        object.insert("end".to_owned(), json!({ "line": end_line, "column": end_column, "byte": span.end }));
    }
    value
}
