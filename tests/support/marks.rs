//! Expected messages as comments beside the line: `//~ E0409 no row answers for …`.
//!
//! `//~^` speaks of the line above it. The words after the code must stand in the message's title, in the words at the
//! fault or in a note.

use concord_engine::diagnostics::Diagnostic;

/// One expected message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its line, from 1.
    pub line: usize,
    /// Its code.
    pub code: String,
    /// Words that it must hold.
    pub words: String,
}

/// The marks of a text.
#[must_use]
pub fn marks(text: &str) -> Vec<Mark> {
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for mark in line.split("//~").skip(1) {
            let (line, mark) = match mark.strip_prefix('^') {
                Some(rest) => (index, rest.trim()),
                None => (index + 1, mark.trim()),
            };
            let (code, words) = mark.split_once(' ').unwrap_or((mark, ""));
            all.push(Mark { line, code: code.to_owned(), words: words.trim().to_owned() });
        }
    }
    all
}

/// Everything in which the messages, each with its line, differ from the marks, a line for each.
#[must_use]
pub fn differences(text: &str, told: &[(usize, &Diagnostic)]) -> Vec<String> {
    let mut wanted = marks(text);
    let mut all = Vec::new();
    for (line, found) in told {
        let says = |words: &str| {
            found.title.contains(words)
                || found.primary.text.contains(words)
                || found.notes.iter().any(|n| n.contains(words))
        };
        let fits = |mark: &Mark| mark.line == *line && mark.code == found.code.0 && says(&mark.words);
        match wanted.iter().position(fits) {
            Some(at) => {
                wanted.remove(at);
            }
            None => all
                .push(format!("not expected: line {line}: {} {} ({})", found.code.0, found.title, found.primary.text)),
        }
    }
    all.extend(wanted.iter().map(|mark| format!("expected: line {}: {} {}", mark.line, mark.code, mark.words)));
    all
}

/// The text with its marks written again from the messages that came.
#[must_use]
pub fn marked(text: &str, told: &[(usize, &Diagnostic)]) -> String {
    let mut out = String::new();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//~")).collect();
    for (index, line) in lines.iter().enumerate() {
        out.push_str(line.split("//~").next().unwrap_or(line).trim_end());
        let here = told.iter().filter(|(line, _)| *line == index + 1);
        for (count, (_, found)) in here.enumerate() {
            let words = if found.primary.text.is_empty() { &found.title } else { &found.primary.text };
            let sign = if count == 0 { "    //~" } else { "\n//~^" };
            out.push_str(&format!("{sign} {} {words}", found.code.0));
        }
        out.push('\n');
    }
    out
}
