//! How far a list without brackets reaches: `any of chest_pain, breathless and collapse` is a list of three as people write it, and a list of two
//! beside a third condition by the grammar.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Reports an `and` or `or` directly behind a list, with both that it may mean.
    pub(super) fn word_behind_a_list(&mut self, op: BinaryOp, left: &tree::Expr, right: &tree::Expr) -> Option<()> {
        let (mut first, mut values) = (left, vec![right]);
        while let ExprKind::Binary { op: inner, left, right } = &first.kind
            && inner.node == op
            && left.span.start == first.span.start
        {
            values.push(right);
            first = left;
        }
        values.reverse();
        let Some(list) = self.list_at_the_end(first) else { return Some(()) };
        let word = if op == BinaryOp::And { "and" } else { "or" };
        let whole = Span { start: list.span.start, end: first.span.end, ..list.span };
        let is_test = matches!(list.node.as_str(), "any" | "all" | "count");
        let (mut members, mut before, mut edits) = (vec![self.context.words(whole)], first, Vec::new());
        for value in &values {
            let gap = Span { start: before.span.end, end: value.span.start, ..value.span };
            let (open, close) = if is_test && is_more(value) { ("(", ")") } else { ("", "") };
            members.push(format!("{open}{}{close}", self.context.words(value.span)));
            edits.push((gap, format!(", {open}")));
            edits.extend((!close.is_empty()).then(|| (end_of(value.span), close.to_owned())));
            before = value;
        }
        let longer = members.join(", ");
        let others: Vec<String> = values.iter().map(|value| self.context.words(value.span)).collect();
        let apart = format!("({}) {word} {}", self.context.words(whole), others.join(&format!(" {word} ")));
        let title = format!("`{word}` behind a list can be read in two ways");
        let span = whole.to(right.span);
        let fault = Diagnostic::error(codes::E0213, span, title, "one more of the list, or another condition?");
        let fault = fault.help(match list.node.as_str() {
            "any" | "all" => format!("write `{longer}` or, where that is meant, `{apart}`"),
            _ => format!("the members of a list have commas between them: `{longer}`"),
        });
        self.fault(edits.into_iter().fold(fault, |fault, (span, written)| fault.edit(span, written)))
    }

    /// The list without brackets with which an expression ends, by its word.
    fn list_at_the_end<'t>(&self, tree: &'t tree::Expr) -> Option<&'t Name> {
        let begins = |inner: &tree::Expr| inner.span.start == tree.span.start;
        match &tree.kind {
            // Without a comparison, `yes` stands for what is asked of each of them.
            ExprKind::Quantified { quantifier, operand, .. } => {
                let plain = operand.span.start == quantifier.span.start;
                Some(quantifier).filter(|_| plain && quantifier.span.start == tree.span.start)
            }
            ExprKind::Fold { fold, .. } => Some(fold).filter(|_| fold.span.start == tree.span.start),
            ExprKind::Not(inner) | ExprKind::Negate(inner) => {
                self.list_at_the_end(inner).filter(|_| !self.context.words(tree.span).starts_with('('))
            }
            ExprKind::Binary { left, right, .. } | ExprKind::Compare { left, right, .. } => {
                self.list_at_the_end(right).filter(|_| begins(left))
            }
            _ => None,
        }
    }
}

fn end_of(span: Span) -> Span {
    Span { start: span.end, ..span }
}

/// Whether a condition is more than a name, and so stands in brackets in a list.
fn is_more(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Compare { left, .. } | ExprKind::Binary { left, .. } => left.span.start == tree.span.start,
        ExprKind::InRange { value, .. }
        | ExprKind::OneOf { value, .. }
        | ExprKind::InList { value, .. }
        | ExprKind::IsNone { value, .. }
        | ExprKind::IsUnknown { value, .. } => value.span.start == tree.span.start,
        ExprKind::Not(inner) => inner.span.end == tree.span.end,
        ExprKind::Query(query) => query.filter.is_some() && query.span.start == tree.span.start,
        ExprKind::Quantified { quantifier: word, .. } | ExprKind::Fold { fold: word, .. } => {
            word.span.start == tree.span.start
        }
        ExprKind::If { .. } => true,
        _ => false,
    }
}
