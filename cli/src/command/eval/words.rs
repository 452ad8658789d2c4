//! Answers as people read them.

use concord_engine::explain::Explained;
use concord_engine::plan::library::Credentials;

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
