//! And, or, `else` and `if`: what is yes, what stands for none, and which of two.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::expressions::guards::{proved_by, proved_by_no};
use crate::types::expressions::terms::{hull, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn logic(&mut self, op: BinaryOp, left: &tree::Expr, right: &tree::Expr, place: Place) -> Option<Typed> {
        self.alternatives_of_one(op, (left, right), place)?;
        self.word_behind_a_list(op, left, right)?;
        if op == BinaryOp::Or {
            self.either_without_brackets(left, right, place)?;
        }
        self.none_alone(left, right)?;
        let start = self.doubts();
        let a = self.condition(left, place);
        let proves = if op == BinaryOp::And { proved_by } else { proved_by_no };
        let proved = a.as_ref().map(proves).unwrap_or_default();
        let b = self.beside(proved, (right.span, place), |_| true, |builder| builder.condition(right, place));
        let (a, b) = (a?, b?);
        if op == BinaryOp::Or {
            self.warn_of_always((&a, &b), left.span.to(right.span));
        }
        self.ruled_out(start, self.doubts(), &[&a, &b], op == BinaryOp::And, place);
        let [mut items, others] = [a, b].map(|part| match (op, part.op) {
            (BinaryOp::And, Op::And(more)) | (BinaryOp::Or, Op::Or(more)) => more,
            (_, op) => vec![Expr { op, shape: part.shape }],
        });
        self.warn_of_said_twice((&items, &others), (left.span, right.span));
        if op == BinaryOp::And {
            self.warn_of_contradiction((&items, &others), (left, left.span.to(right.span)), place);
        }
        items.extend(others);
        let op = if op == BinaryOp::And { Op::And(items) } else { Op::Or(items) };
        Some(Typed { expr: yes_no(op), ty: Type::YesNo })
    }

    /// `falls = 0 or none`: `none` is neither yes nor no, and says nothing of what stands before it.
    fn none_alone(&mut self, left: &tree::Expr, right: &tree::Expr) -> Option<()> {
        if !matches!(right.kind, ExprKind::None) {
            return Some(());
        }
        let fault = Diagnostic::error(codes::E0511, right.span, "`none` alone is no condition", "neither yes nor no");
        let ExprKind::Compare { left: value, .. } = &left.kind else {
            return self.fault(fault.help("ask for it: `x is none`"));
        };
        let instead = format!("{} is none", self.context.words(value.span));
        self.fault(fault.help(format!("write `{instead}`")).edit(right.span, instead))
    }

    /// An expression that must be yes/no and is never none.
    pub(in crate::types) fn condition(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        if matches!(tree.kind, ExprKind::None) {
            let fault =
                Diagnostic::error(codes::E0511, tree.span, "`none` alone is no condition", "neither yes nor no");
            return self
                .fault(fault.help("say of what it is asked: `weight is none`; a condition that never holds is `no`"));
        }
        let typed = self.expr(tree, Some(&Type::YesNo), place)?;
        let typed = self.fit(typed, &Type::YesNo, tree.span)?;
        if typed.expr.shape.optional {
            return Some(yes_no(Op::Within(Box::new(typed.expr), 1, 1)));
        }
        Some(typed.expr)
    }

    pub(super) fn otherwise(
        &mut self,
        value: &tree::Expr,
        otherwise: &tree::Expr,
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        self.else_beside_a_sum(value, otherwise, place)?;
        self.condition_behind_else(value, otherwise, place)?;
        let start = self.doubts();
        let x = self.expr(value, expected, place)?;
        self.answered_otherwise(start, &none_of(value));
        let y = self.expr(otherwise, Some(&x.ty), place)?;
        if !x.expr.shape.optional {
            let fault = Diagnostic::error(
                codes::E0508,
                value.span,
                "this can never be none, so `else` is never used",
                "always has a value",
            );
            let fault = fault.help("`else` says what stands for none; a missing fact stays unknown");
            let fault = self.else_behind_a_condition(value, otherwise, place).unwrap_or(fault);
            return self.fault(fault);
        }
        let span = value.span.to(otherwise.span);
        let (x, y, ty) = self.one_type(x, y, span)?;
        let shape = Shape { optional: y.shape.optional, ..hull(x.shape, y.shape) };
        Some(Typed { expr: Expr { op: Op::Else(Box::new(x), Box::new(y)), shape }, ty })
    }

    /// What stands after `else` goes on as far as it can: of a sum of choices only the first would count.
    fn ends_where_meant(&mut self, condition: &tree::Expr, then: &tree::Expr, otherwise: &tree::Expr) -> Option<()> {
        let ExprKind::Binary { op, left, right } = &otherwise.kind else { return Some(()) };
        let bare = otherwise.span.start == left.span.start;
        // Where both answers are joined conditions, each is one.
        let of_answer = matches!(op.node, BinaryOp::And | BinaryOp::Or) && !joins_conditions(then);
        // What stands in brackets is meant as it stands: `2 + (if immobile then 1 else 0)`.
        let in_brackets = self.context.words(right.span).starts_with('(');
        let of_figures = matches!(then.kind, ExprKind::Number(_)) && begins_with_a_figure(otherwise) && !in_brackets;
        let goes_on = goes_on_with_a_choice(otherwise, right) || adds_to_a_figure(otherwise);
        if !bare || !(of_answer || of_figures || goes_on) {
            return Some(());
        }
        let title = "what stands after `else` goes on to the end";
        let label = format!("all of this belongs to the `else` of `if {} …`", self.context.words(condition.span));
        let fault = Diagnostic::error(codes::E0213, otherwise.span, title, label);
        self.fault(fault.help("put each choice in brackets: `(if … then … else …)`, or what stands after `else`"))
    }

    pub(super) fn choose(
        &mut self,
        condition: &tree::Expr,
        then: &tree::Expr,
        otherwise: &tree::Expr,
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        self.ends_where_meant(condition, then, otherwise)?;
        if !matches!(expected, Some(Type::Enum { .. })) {
            self.answers_without_enum(condition, (then, otherwise), place)?;
        }
        let condition = self.condition(condition, place);
        let start = self.doubts();
        let (yes, no) = condition.as_ref().map(|c| (proved_by(c), proved_by_no(c))).unwrap_or_default();
        let there = |typed: &Typed| !typed.expr.shape.optional;
        let a = self.beside(yes, (then.span, place), there, |b| b.expr(then, expected, place));
        let middle = self.doubts();
        let hint = a.as_ref().map(|a| &a.ty).or(expected);
        let b = self.beside(no, (otherwise.span, place), there, |b| b.expr(otherwise, hint, place));
        let (condition, a, b) = (condition?, a?, b?);
        self.warn_of_branches((&condition, otherwise), &b.expr);
        self.ruled_out(middle, self.doubts(), &[&condition], false, place);
        self.ruled_out(start, middle, &[&condition], true, place);
        let (a, b, ty) = self.one_type(a, b, then.span.to(otherwise.span))?;
        let shape = hull(a.shape, b.shape);
        Some(Typed { expr: Expr { op: Op::If(Box::new(condition), Box::new(a), Box::new(b)), shape }, ty })
    }
}

/// `0 + n`, `24 h + 1 h`: a sum that nobody writes by itself, so that what is added is meant for both answers.
fn adds_to_a_figure(otherwise: &tree::Expr) -> bool {
    let (mut first, mut added, mut others_are_figures) = (otherwise, false, true);
    while let ExprKind::Binary { op, left, right } = &first.kind
        && matches!(op.node, BinaryOp::Add | BinaryOp::Subtract)
        && first.span.start == left.span.start
    {
        added = op.node == BinaryOp::Add;
        others_are_figures &= matches!(right.kind, ExprKind::Number(_));
        first = left;
    }
    let ExprKind::Number(number) = &first.kind else { return false };
    first.span != otherwise.span && (added && number.digits == 0 || others_are_figures)
}

/// Whether an expression is conditions joined without brackets.
fn joins_conditions(tree: &tree::Expr) -> bool {
    matches!(&tree.kind, ExprKind::Binary { op, left, .. } if matches!(op.node, BinaryOp::And | BinaryOp::Or) && left.span.start == tree.span.start)
}

/// `1 + urea + rr`: a figure to which something is added, without brackets.
fn begins_with_a_figure(otherwise: &tree::Expr) -> bool {
    match &otherwise.kind {
        ExprKind::Binary { op, left, .. } => {
            let figure = matches!(left.kind, ExprKind::Number(_));
            op.node == BinaryOp::Add
                && left.span.start == otherwise.span.start
                && (figure || begins_with_a_figure(left))
        }
        _ => false,
    }
}

/// Whether another choice follows in a sum, without brackets: `0 + if b then 1 else 0`.
fn goes_on_with_a_choice(otherwise: &tree::Expr, right: &tree::Expr) -> bool {
    matches!(&right.kind, ExprKind::If { otherwise: last, .. } if right.span.end == last.span.end && right.span.end == otherwise.span.end)
}

/// The queries whose answer is none where an expression is, as far as that is plain: what stands after its `else` stands for them.
fn none_of(value: &tree::Expr) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut waiting = vec![value];
    while let Some(next) = waiting.pop() {
        match &next.kind {
            ExprKind::Query(query) => {
                spans.push(query.span);
                waiting.extend(query.windows.iter().map(|window| window.kind.end()));
            }
            ExprKind::Binary { left, right, .. } => waiting.extend([left.as_ref(), right.as_ref()]),
            ExprKind::Negate(inner) | ExprKind::Convert { value: inner, .. } => waiting.push(inner),
            ExprKind::Calendar { arguments, .. } => waiting.extend(arguments),
            _ => {}
        }
    }
    spans
}
