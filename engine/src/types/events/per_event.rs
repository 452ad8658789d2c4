//! Columns: what is asked of an event more than once is worked out once for each event.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::operators::{outermost, speaks_of_events};
use crate::plan::{Call, DueBy, Expr, Kinds, MAX_LEVELS, Op};
use crate::syntax::tree::{self};
use crate::text::Span;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// An expression of at most so many operators, none of which goes through events or days or is a formula, is worked out again wherever it stands.
const CHEAP: usize = 6;

impl Builder<'_> {
    /// The value of an expression about one event of some kinds: looked up where working it out again would cost more.
    ///
    /// An expression that speaks of further events in scope stays as it is.
    pub(in crate::types) fn kept_for_each(&mut self, kinds: Kinds, mut expr: Expr) -> Expr {
        if outermost(&expr) != Some(0) || size(&expr).is_some_and(|size| size <= CHEAP) {
            return expr;
        }
        let shape = expr.shape;
        self.plan.lift_inside(&mut expr, &mut vec![kinds]);
        let same = self.plan.column_holding(kinds, &expr);
        let column = same.unwrap_or_else(|| self.plan.column(shape, [(kinds, expr)]));
        Expr { op: Op::Column(column, 0), shape }
    }

    /// A query that stands inside two others or more is worked out once for each event that it speaks of, so that the work does not grow
    /// with the depth. What speaks of more events at a time than a case can be gone through is refused.
    pub(in crate::types) fn once_for_each(&mut self, typed: Typed, span: Span, place: Place) -> Option<Typed> {
        let loops = nested(&typed.expr) + outermost(&typed.expr).map_or(0, |level| usize::from(level) + 1);
        if loops > usize::from(MAX_LEVELS) {
            let title = format!("this query speaks of more than {MAX_LEVELS} events at a time");
            let fault = Diagnostic::error(codes::E0312, span, title, "each of them with each of the others");
            return self.fault(fault.help(
                "name what is asked of one event with `define … of`, so that it is worked out once for each of them",
            ));
        }
        if self.depth_of(place) < 2 {
            return Some(typed);
        }
        Some(Typed { expr: self.kept(typed.expr, place), ty: typed.ty })
    }

    /// An expression of the place outside, used inside one more query: kept in a cell where no event is in scope in it, so that it is
    /// worked out once and not at every event.
    pub(in crate::types) fn outside(&mut self, expr: Expr) -> Expr {
        if speaks_of_events(&expr) { expr.inside() } else { self.kept(expr, Place::default()) }
    }

    /// Keeps an expression that speaks of no event in a cell: what is asked again and again is worked out once.
    pub(in crate::types) fn kept(&mut self, expr: Expr, place: Place) -> Expr {
        let simple = matches!(expr.op, Op::Constant(_) | Op::Cell(_) | Op::Input(_) | Op::AsOf | Op::Parameter(_));
        if simple {
            return expr;
        }
        if speaks_of_events(&expr) {
            return match self.kinds_at(place) {
                Some(kinds) => self.kept_for_each(kinds, expr),
                None => expr,
            };
        }
        let cell = self.plan.store_once(expr);
        self.plan.load(cell)
    }

    /// An instant.
    pub(in crate::types) fn instant(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        self.finds_an_instant(tree)?;
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        let typed = self.fit(typed, &Type::Instant, tree.span)?;
        Some(self.kept(typed.expr, place))
    }

    /// An instant; a date is the midnight in London with which it begins, and whether it is one is said.
    pub(in crate::types) fn beginning(&mut self, tree: &tree::Expr, place: Place) -> Option<(Expr, bool)> {
        self.finds_an_instant(tree)?;
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        let is_day = typed.ty == Type::Date;
        let expr = if is_day {
            Call::InstantOn.of(vec![typed.expr, constant(0)])
        } else {
            self.fit(typed, &Type::Instant, tree.span)?.expr
        };
        Some((self.kept(expr, place), is_day))
    }

    /// An instant, or the day that a date is: the last millisecond in London of it.
    pub(in crate::types) fn ending(&mut self, tree: &tree::Expr, place: Place) -> Option<(Expr, DueBy)> {
        self.finds_an_instant(tree)?;
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        let (expr, due_by) = match typed.ty {
            Type::Date => (self.end_of_day(typed.expr), DueBy::Day),
            _ => (self.fit(typed, &Type::Instant, tree.span)?.expr, DueBy::Instant),
        };
        Some((self.kept(expr, place), due_by))
    }
}

/// How many queries stand inside one another in an expression.
fn nested(expr: &Expr) -> usize {
    match &expr.op {
        Op::Query(query) => {
            let parts = query.alternatives.iter().flat_map(|a| [&a.filter, &a.value]);
            1 + parts.map(nested).max().unwrap_or(0)
        }
        op => op.operands().into_iter().map(nested).max().unwrap_or(0),
    }
}

/// How many operators an expression has; nothing where one of them costs much more than the others.
fn size(expr: &Expr) -> Option<usize> {
    if matches!(expr.op, Op::Query(_) | Op::Overlap(_) | Op::AddWorkingDays(..) | Op::Formula(_)) {
        return None;
    }
    expr.op.operands().into_iter().try_fold(1, |sum, operand| Some(sum + size(operand)?))
}
