//! What is asked of each event stands after `where`: behind `any`, `count` and `all` nothing is taken of what they speak of.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::{Builder, Typed};
use crate::values::types::Type;

/// Words and signs by which what stands before them goes on.
const WORDS: [&str; 6] = ["and", "or", "else", "is", "in", "not"];
const SIGNS: [char; 12] = ['+', '-', '*', '/', '=', '<', '>', '!', '^', '≤', '≥', '&'];

impl Builder<'_> {
    /// `any harm of Fall`, `count score of Fall`: what is named would be read and thrown away.
    pub(super) fn nothing_is_taken(&mut self, tree: &tree::Query, taken: &Typed) -> Option<()> {
        let word = tree.function.as_ref().map_or("", |function| function.node.as_str());
        let (Some(field), "any" | "count" | "all") = (&tree.field, word) else { return Some(()) };
        let (events, said) = (self.context.words(tree.events.span), self.context.words(field.span));
        let title = match word {
            "any" => format!("`any {events}` asks whether there is one, and takes nothing of it"),
            "count" => format!("`count {events}` counts events, and takes nothing of them"),
            _ => format!("`all {events}` says something of each of them, and takes nothing of them"),
        };
        let fault = Diagnostic::error(codes::E0313, field.span, title, "this would change nothing");
        if taken.ty == Type::YesNo && tree.have.is_none() {
            let fault =
                match word {
                    "all" => fault
                        .help(format!("what is so of each of them stands after `have`: `all {events} have {said}`")),
                    _ => fault
                        .help(format!("which of them are meant stands after `where`: `{word} {events} where {said}`")),
                };
            let edits = self.asked_of_each(tree, field, word);
            return self.fault(edits.into_iter().fold(fault, |fault, (span, written)| fault.edit(span, written)));
        }
        let head = Span { end: tree.events.span.start, ..tree.span };
        self.fault(match word {
            "count" if taken.expr.shape.optional => fault.help(format!(
                "`count {events}` counts all of them, `count {events} where {said} is not none` those with a value"
            )),
            "count" => fault.help(format!("write `count {events}`, and which of them after `where`")),
            "all" if tree.have.is_some() => {
                fault.help("leave it out: what is so of each of them stands after `have`").edit(head, "all ")
            }
            _ => fault.help(format!(
                "what was recorded is `{said} of last {events}`, or that of another; which of them are meant stands after `where`"
            )),
        })
    }

    /// The change from `any harm of Fall` to `any Fall where harm`, in brackets where the condition would go on with what follows.
    fn asked_of_each(&self, tree: &tree::Query, field: &tree::Expr, word: &str) -> Vec<(Span, String)> {
        let (open, close) = if goes_on(self.context.after(tree.span)) { ("(", ")") } else { ("", "") };
        let said = self.context.words(field.span);
        let said = if is_loose(field) { format!("({said})") } else { said };
        let place = |at: u32| Span { start: at, end: at, ..tree.span };
        let events_end = tree.alias.as_ref().map_or(tree.events.span.end, |alias| alias.span.end);
        let mut inserted: Vec<(u32, String)> = match &tree.filter {
            _ if word == "all" => vec![(tree.span.end, format!(" have {said}"))],
            None => vec![(events_end, format!(" where {said}"))],
            Some(filter) if is_loose(filter) => {
                vec![(filter.span.start, format!("{said} and (")), (filter.span.end, ")".to_owned())]
            }
            Some(filter) => vec![(filter.span.start, format!("{said} and "))],
        };
        match inserted.last_mut().filter(|(at, _)| *at == tree.span.end) {
            Some((_, last)) => last.push_str(close),
            None => inserted.push((tree.span.end, close.to_owned())),
        }
        let head = Span { end: tree.events.span.start, ..tree.span };
        let mut edits = vec![(head, format!("{open}{word} "))];
        edits.extend(inserted.into_iter().filter(|(_, said)| !said.is_empty()).map(|(at, said)| (place(at), said)));
        edits
    }
}

/// Whether what follows would go on with a condition that ends here.
fn goes_on(rest: &str) -> bool {
    let rest = rest.trim_start();
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    WORDS.contains(&word.as_str()) || rest.starts_with(SIGNS)
}

/// Whether a condition stands in brackets beside an `and`.
fn is_loose(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Binary { op, left, .. } => op.node == BinaryOp::Or && left.span.start == tree.span.start,
        ExprKind::Else { value, .. } => value.span.start == tree.span.start,
        ExprKind::If { .. } | ExprKind::Quantified { .. } => true,
        _ => false,
    }
}
