//! Cases beside a rule: `cases.md`, where each fenced `case` block under a heading is an example body.

use super::grammar::parse_example_body;
use super::tree::Example;
use crate::diagnostics::Diagnostic;
use crate::text::{Span, Spanned};

/// Reads every `case` block of a Markdown file; the heading above a block is the case's name.
#[must_use]
pub fn parse_cases(source: u32, text: &str) -> (Vec<Example>, Vec<Diagnostic>) {
    let (mut examples, mut faults) = (Vec::new(), Vec::new());
    let mut heading = Spanned { node: String::new(), span: Span { source, start: 0, end: 0 } };
    let mut block: Option<usize> = None;
    let mut fenced = false;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let end = offset + line.len();
        let trimmed = line.trim();
        match (block, fenced) {
            (Some(start), _) if trimmed == "```" => {
                let body = text.get(start..offset).unwrap_or_default();
                let (example, more) = parse_example_body(source, heading.clone(), body, at(start));
                examples.push(example);
                faults.extend(more);
                (block, fenced) = (None, false);
            }
            (Some(_), _) => {}
            (None, true) => fenced = trimmed != "```",
            (None, false) if trimmed == "```case" => (block, fenced) = (Some(end), true),
            (None, false) if trimmed.starts_with("```") => fenced = true,
            (None, false) if trimmed.starts_with('#') => {
                let node = trimmed.trim_start_matches('#').trim().to_owned();
                heading =
                    Spanned { node, span: Span { source, start: at(offset), end: at(offset + line.trim_end().len()) } };
            }
            (None, false) => {}
        }
        offset = end;
    }
    (examples, faults)
}

fn at(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
