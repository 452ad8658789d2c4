//! How far `else` reaches beside conditions: `dnacpr else no or palliative` is read as two conditions, of which the first is no where it is none.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// Reports an `and` or `or` behind an `else`, and a comparison where the value before the `else` is what is compared, with both that it may mean.
    pub(super) fn condition_behind_else(
        &mut self,
        value: &tree::Expr,
        otherwise: &tree::Expr,
        place: Place,
    ) -> Option<()> {
        let Some(word) = self.bare_word(otherwise) else { return Some(()) };
        let (condition, figure) = (first_condition(otherwise), first_value(otherwise));
        let last = match &value.kind {
            ExprKind::Else { otherwise, .. } if otherwise.span.end == value.span.end => otherwise,
            _ => value,
        };
        let compared = figure.span != condition.span && self.stands_for(last, figure, place);
        let joined = condition.span != otherwise.span;
        if !compared && !joined {
            return Some(());
        }
        let span = value.span.to(otherwise.span);
        let end = if compared { figure.span.end } else { condition.span.end };
        let (near, whole) = ([(span.start, "("), (end, ")")], [(otherwise.span.start, "("), (otherwise.span.end, ")")]);
        let [one, other] = [&near, &whole].map(|places| self.context.words_with(span, places));
        let title = format!("`{word}` behind `else` without brackets can be read in two ways");
        let fault = Diagnostic::error(codes::E0213, span, title, "what stands for none?");
        // Of what is compared with a figure, the figure alone can stand for it.
        let fault = fault.help(if compared && !joined {
            format!("write `{one}`")
        } else {
            format!("write `{one}` or, where that is meant, `{other}`")
        });
        let at = |place: u32| Span { start: place, end: place, ..span };
        self.fault(near.iter().fold(fault, |fault, (place, said)| fault.edit(at(*place), *said)))
    }

    /// `palliative and dnacpr else no`: all of what stands before the `else` is never none; the last part of it may be.
    pub(super) fn else_behind_a_condition(
        &mut self,
        value: &tree::Expr,
        otherwise: &tree::Expr,
        place: Place,
    ) -> Option<Diagnostic> {
        let last = last_value(value);
        if last.span == value.span || !self.stands_for(last, otherwise, place) {
            return None;
        }
        let (whole, span) = (self.context.words(value.span), value.span.to(otherwise.span));
        let places = [(last.span.start, "("), (otherwise.span.end, ")")];
        let written = self.context.words_with(span, &places);
        let title = format!("the `else` stands for all of `{whole}`, which is never none");
        let fault = Diagnostic::error(codes::E0508, value.span, title, "always yes or no");
        let at = |place: u32| Span { start: place, end: place, ..span };
        let fault = fault.help(format!("put what may be none in brackets: `{written}`"));
        Some(places.iter().fold(fault, |fault, (place, said)| fault.edit(at(*place), *said)))
    }

    /// The word or sign of a condition without brackets.
    fn bare_word(&self, tree: &tree::Expr) -> Option<String> {
        if let ExprKind::Binary { op, left, .. } = &tree.kind
            && left.span.start == tree.span.start
        {
            return match op.node {
                BinaryOp::And => Some("and".to_owned()),
                BinaryOp::Or => Some("or".to_owned()),
                _ => None,
            };
        }
        let value = compared(tree)?;
        let behind = self.context.words(Span { start: value.span.end, ..tree.span });
        behind.split(' ').next().map(str::to_owned)
    }
}

/// What a comparison without brackets compares.
fn compared(tree: &tree::Expr) -> Option<&tree::Expr> {
    let value = match &tree.kind {
        ExprKind::Not(inner) if inner.span == tree.span => return compared(inner),
        ExprKind::Compare { left: value, .. }
        | ExprKind::InRange { value, .. }
        | ExprKind::OneOf { value, .. }
        | ExprKind::InList { value, .. } => value,
        _ => return None,
    };
    (value.span.start == tree.span.start).then_some(value)
}

/// The first of conditions that are joined without brackets.
fn first_condition(tree: &tree::Expr) -> &tree::Expr {
    match &tree.kind {
        ExprKind::Binary { op, left, .. }
            if matches!(op.node, BinaryOp::And | BinaryOp::Or) && left.span.start == tree.span.start =>
        {
            first_condition(left)
        }
        _ => tree,
    }
}

/// What the first of them compares, where it does.
fn first_value(tree: &tree::Expr) -> &tree::Expr {
    let condition = first_condition(tree);
    compared(condition).unwrap_or(condition)
}

/// What stands last in conditions that are joined, compared or denied without brackets.
fn last_value(tree: &tree::Expr) -> &tree::Expr {
    let last = match &tree.kind {
        ExprKind::Binary { op, right, .. } if matches!(op.node, BinaryOp::And | BinaryOp::Or) => right,
        ExprKind::Compare { right, .. } => right,
        ExprKind::Not(inner) => inner,
        _ => return tree,
    };
    if last.span.end == tree.span.end { last_value(last) } else { tree }
}
