//! SARIF 2.1.0: the form that code-scanning tools exchange.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Place, severity};
use crate::diagnostics::{Diagnostic, codes};
use crate::text::{Source, Span};

/// A whole SARIF log with one run; `version` is that of the tool.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], sources: &[Source], version: &str) -> String {
    let used: BTreeSet<&str> = diagnostics.iter().map(|d| d.code.0).collect();
    let rules: Vec<Value> = used.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|d| result(d, sources)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "concord", "semanticVersion": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(code: &str) -> Value {
    let entry = codes::find(code);
    let title = entry.map_or("", |entry| entry.title);
    let page = entry.map_or("", |entry| entry.page);
    json!({ "id": code, "shortDescription": { "text": title }, "help": { "text": page, "markdown": page } })
}

fn result(diagnostic: &Diagnostic, sources: &[Source]) -> Value {
    let mut text = diagnostic.title.clone();
    for more in diagnostic.notes.iter().chain(&diagnostic.help) {
        text.push_str(". ");
        text.push_str(more);
    }
    let related: Vec<Value> =
        diagnostic.reasons.iter().map(|reason| location(reason.span, Some(&reason.text), sources)).collect();
    let mut result = json!({
        "ruleId": diagnostic.code.0,
        "level": severity(diagnostic),
        "message": { "text": text },
        "locations": [location(diagnostic.primary.span, Some(&diagnostic.primary.text), sources)],
        "relatedLocations": related,
    });
    if let (Some(object), false) = (result.as_object_mut(), diagnostic.edits.is_empty()) {
        object.insert("fixes".to_owned(), json!([fix(diagnostic, sources)]));
    }
    result
}

fn fix(diagnostic: &Diagnostic, sources: &[Source]) -> Value {
    let changes: Vec<Value> = diagnostic
        .edits
        .iter()
        .map(|edit| {
            let place = Place::of(edit.span, sources);
            json!({
                "artifactLocation": { "uri": uri(place.file) },
                "replacements": [{ "deletedRegion": region(&place), "insertedContent": { "text": edit.replacement } }],
            })
        })
        .collect();
    let words = diagnostic.help.clone().unwrap_or_else(|| diagnostic.title.clone());
    json!({ "description": { "text": words }, "artifactChanges": changes })
}

fn location(span: Span, text: Option<&str>, sources: &[Source]) -> Value {
    let place = Place::of(span, sources);
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(place.file) }, "region": region(&place) },
        "message": { "text": text.unwrap_or_default() },
    })
}

fn region(place: &Place<'_>) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// A path as a relative URI: separators forward, and what a URI cannot hold escaped.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
