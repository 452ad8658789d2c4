//! Two spans and several moments: the later or the earlier of those that come, and how long two spans run together.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::operators::speaks_of_events;
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, Name};
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{constant, hull};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// `later of a, b`, `earlier of a, b`: of those that are not none; none where all are.
    pub(super) fn later_of(
        &mut self,
        fold: &Name,
        items: &[tree::Expr],
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        let mut ty: Option<Type> = None;
        let mut moments = Vec::new();
        for item in items {
            let typed = self.expr(item, ty.as_ref().or(expected), place)?;
            if !matches!(typed.ty, Type::Date | Type::Instant) {
                let title = format!("`{} of` compares dates or instants", fold.node);
                let fault =
                    Diagnostic::error(codes::E0509, item.span, title, format!("this is {}", describe(&typed.ty)));
                let word = if fold.node == "later" { "highest" } else { "lowest" };
                return self.fault(fault.help(format!("of numbers and durations write `{word} of`")));
            }
            if ty.as_ref().is_some_and(|ty| *ty != typed.ty) {
                let title = "a date and an instant cannot be compared";
                let fault =
                    Diagnostic::error(codes::E0503, item.span, title, format!("this is {}", describe(&typed.ty)));
                return self.fault(fault.help("take the day of the instant: `date of x`"));
            }
            ty = Some(typed.ty);
            moments.push(self.used_again(typed.expr));
        }
        let expr = if moments.iter().any(|moment| moment.shape.optional) {
            let first = self.first_that_comes(&moments)?;
            among(fold, moments.into_iter().map(|moment| or_else(moment, &first)).collect())
        } else {
            among(fold, moments)
        };
        Some(Typed { expr, ty: ty? })
    }

    /// The first of several moments that is not none.
    fn first_that_comes(&mut self, moments: &[Expr]) -> Option<Expr> {
        let first = moments.iter().rev().cloned().reduce(|later, moment| or_else(moment, &later))?;
        Some(self.used_again(first))
    }

    /// In a cell where it speaks of no event, so that it is worked out once.
    fn used_again(&mut self, expr: Expr) -> Expr {
        if speaks_of_events(&expr) || matches!(expr.op, Op::Constant(_) | Op::Cell(_) | Op::Input(_) | Op::AsOf) {
            return expr;
        }
        let cell = self.plan.store(expr);
        self.plan.load(cell)
    }

    /// `overlap(a, b, c, d)` of instants: how long the spans from a to b and from c to d run together.
    pub(super) fn overlap_of_spans(&mut self, [a, b, c, d]: [Expr; 4]) -> Typed {
        let from = Expr { shape: hull(a.shape, c.shape), op: Op::Highest(vec![a, c]) };
        let until = Expr { shape: hull(b.shape, d.shape), op: Op::Lowest(vec![b, d]) };
        let length = self.shifted(until, from, false);
        let shape = Shape { low: 0, high: length.shape.high.max(0), ..length.shape };
        Typed { expr: Expr { op: Op::Highest(vec![length, constant(0)]), shape }, ty: Type::Duration }
    }
}

/// The latest or the earliest of moments of which each is there wherever any is.
fn among(fold: &Name, moments: Vec<Expr>) -> Expr {
    let optional = moments.iter().any(|moment| moment.shape.optional);
    let ends = |pick: fn(i64, i64) -> i64| {
        let low = moments.iter().map(|moment| moment.shape.low).reduce(pick).unwrap_or(0);
        let high = moments.iter().map(|moment| moment.shape.high).reduce(pick).unwrap_or(0);
        Shape { optional, ..Shape::range(low, high) }
    };
    match fold.node.as_str() {
        "later" => Expr { shape: ends(i64::max), op: Op::Highest(moments) },
        _ => Expr { shape: ends(i64::min), op: Op::Lowest(moments) },
    }
}

/// A moment or, where it is none, another.
pub(in crate::types) fn or_else(moment: Expr, other: &Expr) -> Expr {
    if !moment.shape.optional {
        return moment;
    }
    let shape = Shape { optional: other.shape.optional, ..hull(moment.shape, other.shape) };
    Expr { op: Op::Else(Box::new(moment), Box::new(other.clone())), shape }
}
