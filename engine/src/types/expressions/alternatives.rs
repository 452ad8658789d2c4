//! Alternatives as they are spoken: `x is 16 or 17`, `stage is not low and not mid`, `n in 1..3 or 5`. `and` and `or` join two whole conditions.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, Comparison, ExprKind};
use crate::types::{Builder, Place};

/// Words for what a record does not have.
const ABSENT: [&str; 7] = ["missing", "unknown", "null", "blank", "empty", "unrecorded", "undefined"];

impl Builder<'_> {
    /// Reported where what follows is a bare value, with how it is written.
    pub(super) fn alternatives_of_one(
        &mut self,
        op: BinaryOp,
        (left, right): (&tree::Expr, &tree::Expr),
        place: Place,
    ) -> Option<()> {
        let mut values = vec![right];
        let mut first = left;
        while let ExprKind::Binary { op: inner, left, right } = &first.kind
            && inner.node == op
        {
            values.push(right);
            first = left;
        }
        values.reverse();
        let is_not = matches!(first.kind, ExprKind::Compare { op: Comparison::NotEqual, .. });
        let is_one = |value: &&tree::Expr| match (&value.kind, op) {
            (_, BinaryOp::Or) => self.is_bare(value, place),
            (ExprKind::Not(inner), BinaryOp::And) => is_not && self.is_bare(inner, place),
            _ => false,
        };
        if !values.iter().all(is_one) {
            return Some(());
        }
        if let Some(absent) = values.iter().find(|value| self.is_absence(value)) {
            let said = self.context.words(absent.span);
            let title = format!("the language has no `{said}`");
            let fault = Diagnostic::error(codes::E0213, absent.span, title, "written in another way");
            let of = if let ExprKind::Compare { left: value, .. } = &first.kind { value.span } else { first.span };
            let (whole, of) = (self.context.words(first.span), self.context.words(of));
            return self.fault(fault.help(format!(
                "what a case leaves out is missing, and nothing is written for it; that it is recorded that there is none \
                 is `{whole} or {of} is none`, of an `optional` fact"
            )));
        }
        let Some(written) = self.written(first, &values) else { return Some(()) };
        let span = first.span.to(right.span);
        let word = if op == BinaryOp::Or { "or" } else { "and" };
        let title = format!("`{word}` joins two whole conditions");
        let fault = Diagnostic::error(codes::E0213, span, title, "a value alone is no condition");
        self.fault(fault.help(format!("one of several values is written `{written}`")).edit(span, written))
    }

    /// `missing`, `unknown`, `null`: a word for what is not there, where nothing has that name.
    fn is_absence(&self, tree: &tree::Expr) -> bool {
        let said = self.context.words(tree.span);
        let named = matches!(&tree.kind, ExprKind::Path(_)) && self.names().get(&said).is_none();
        named && ABSENT.contains(&said.to_ascii_lowercase().as_str())
    }

    fn is_bare(&self, tree: &tree::Expr, place: Place) -> bool {
        match &tree.kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::TimeOfDay(_) => true,
            ExprKind::Path(path) => self.is_bare_variant(path, place),
            _ => false,
        }
    }

    /// How a condition and the values after it are written.
    fn written(&self, first: &tree::Expr, values: &[&tree::Expr]) -> Option<String> {
        let words = |tree: &tree::Expr| match &tree.kind {
            ExprKind::Not(inner) => self.context.words(inner.span),
            _ => self.context.words(tree.span),
        };
        let listed = |value: &tree::Expr, within: &str, before: Vec<&tree::Expr>| {
            let all: Vec<_> = before.into_iter().chain(values.iter().copied()).map(words).collect();
            format!("{} {within} {{ {} }}", words(value), all.join(", "))
        };
        match &first.kind {
            ExprKind::Compare { op: Comparison::Equal, left: value, right: one } => {
                Some(listed(value, "in", vec![one]))
            }
            ExprKind::Compare { op: Comparison::NotEqual, left: value, right: one } => {
                Some(listed(value, "not in", vec![one]))
            }
            // Of no list that is there it is the first of the values.
            ExprKind::InList { value, list } if self.names().get(&self.context.words(list.span)).is_none() => {
                let all: Vec<_> =
                    std::iter::once(self.context.words(list.span)).chain(values.iter().map(|one| words(one))).collect();
                Some(format!("{} in {{ {} }}", words(value), all.join(", ")))
            }
            ExprKind::OneOf { value, options } => Some(listed(value, "in", options.iter().collect())),
            ExprKind::InRange { value, .. } => {
                let equal = values.iter().map(|one| format!("{} = {}", words(value), words(one)));
                let all: Vec<String> = std::iter::once(words(first)).chain(equal).collect();
                Some(all.join(" or "))
            }
            _ => None,
        }
    }
}
