//! Answers as people read them.

use concord_engine::explain::Explained;
use concord_engine::plan::library::Credentials;
use serde_json::{Map, Value};

/// Whose answers these are.
pub fn heading(package: &Credentials) -> String {
    let status = if package.approval.is_none() { ", draft: not approved for use" } else { "" };
    let mut lines = vec![format!("{} {} ({}{status})", package.title, package.version, package.path)];
    if package.unverified {
        lines.push("Some figures have not been checked against their source.".to_owned());
    }
    lines.join("\n")
}

/// Every answer, with its reasons unless `bare`; before them what cannot be as it was recorded.
pub fn in_words(answers: &[Explained], notes: &[String], bare: bool) -> String {
    let mut lines: Vec<String> = notes.iter().map(|note| format!("note: {note}")).collect();
    if !notes.is_empty() {
        lines.push(String::new());
    }
    for answer in answers {
        lines.push(format!("{}: {}", answer.name, answer.result.text()));
        let needs: Vec<&str> = answer.result.needs().iter().map(|need| need.text.as_str()).collect();
        if !needs.is_empty() {
            lines.push(format!("    would be settled by: {}", needs.join(", ")));
        }
        if bare {
            continue;
        }
        lines.extend(answer.label.iter().map(|label| format!("    {label}")));
        lines.extend(answer.because.iter().map(|line| format!("    {line}")));
        lines.extend(answer.source.iter().map(|source| format!("    source: {source}")));
    }
    lines.join("\n")
}

/// Whose answers these are, by what a module says of its logic.
pub fn heading_of(logic: &Value) -> String {
    let said = |name: &str| logic.get(name).and_then(Value::as_str).unwrap_or_default();
    let status = if said("status") == "approved" { "" } else { ", draft: not approved for use" };
    let heading = format!("{} {} ({}{status})", said("title"), said("version"), said("package"));
    let unverified = logic.get("unverified").and_then(Value::as_bool).unwrap_or(true);
    if unverified { format!("{heading}\nSome figures have not been checked against their source.") } else { heading }
}

/// Every answer of a record that a module made, as [`in_words`] says it.
pub fn of_record(record: &Map<String, Value>, logic: &Value) -> String {
    let said = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
    let described = |name: &str| {
        let all = logic.get("answers").and_then(Value::as_array)?;
        all.iter().find(|of| of.get("name").and_then(Value::as_str) == Some(name))
    };
    let mut lines = Vec::new();
    for (name, answer) in record.get("answers").and_then(Value::as_object).into_iter().flatten() {
        lines.push(format!("{name}: {}", said(answer, "text").unwrap_or_default()));
        let needs = answer.get("needs").and_then(Value::as_array).into_iter().flatten();
        let needs: Vec<String> = needs.filter_map(|need| said(need, "text")).collect();
        if !needs.is_empty() {
            lines.push(format!("    would be settled by: {}", needs.join(", ")));
        }
        let Some(because) = answer.get("because").and_then(Value::as_array) else { continue };
        lines.extend(described(name).and_then(|of| said(of, "label")).map(|label| format!("    {label}")));
        lines.extend(because.iter().filter_map(|line| Some(format!("    {}", line.as_str()?))));
        lines.extend(said(answer, "source").map(|source| format!("    source: {source}")));
    }
    lines.join("\n")
}
