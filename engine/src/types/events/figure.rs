//! `lowest`, `highest`, `sum` and `median` of events.

use crate::diagnostics::codes;
use crate::plan::{Class, Expr, Function, Kinds, MAX_EVENTS, Op, Rounding, Shape};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{constant, query_of};
use crate::types::{Builder, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// `lowest`, `highest`, `sum`, `median`: figures over numbers, durations and times.
    pub(super) fn figure(
        &mut self,
        tree: &tree::Query,
        kinds: Kinds,
        filter: Expr,
        value: Expr,
        ty: Type,
    ) -> Option<Typed> {
        let word = tree.function.as_ref().map_or("", |f| f.node.as_str()).to_owned();
        let counted = matches!(ty, Type::Number { .. } | Type::Duration);
        let timed = matches!(ty, Type::Instant | Type::Date | Type::TimeOfDay);
        if value.shape.class == Class::Set || !(counted || (timed && word != "sum")) {
            let title = format!("`{word}` cannot be taken of {}", describe(&ty));
            return self.error(codes::E0313, tree.span, title, "not a number or a duration");
        }
        let optional = value.shape.or_none();
        match word.as_str() {
            "lowest" => Some(Typed { expr: query_of(Function::Lowest, kinds, filter, value, optional), ty }),
            "highest" => Some(Typed { expr: query_of(Function::Highest, kinds, filter, value, optional), ty }),
            "sum" => Some(Typed { expr: self.figure_of_sum(kinds, filter, value, tree.span)?, ty }),
            _ => self.median(kinds, filter, value, ty, tree.span),
        }
    }

    /// The sum of what is taken of some events.
    pub(super) fn figure_of_sum(&mut self, kinds: Kinds, filter: Expr, value: Expr, span: Span) -> Option<Expr> {
        let most = |v: i64| i128::from(v) * i128::from(MAX_EVENTS);
        let (low, high) = (most(value.shape.low).min(0), most(value.shape.high).max(0));
        let shape = self.proved(low, high, false, span)?;
        Some(query_of(Function::Sum, kinds, filter, value, shape))
    }

    /// The median of an even number of values lies half way: numbers get one more decimal place, times are rounded to the millisecond.
    fn median(&mut self, kinds: Kinds, filter: Expr, value: Expr, ty: Type, span: Span) -> Option<Typed> {
        let shape = self.proved(2 * i128::from(value.shape.low), 2 * i128::from(value.shape.high), true, span)?;
        let doubled = query_of(Function::MedianDoubled, kinds, filter, value, shape);
        if let Type::Number { places, unit } = ty {
            let expr = self.multiply(doubled, constant(5), span)?;
            return Some(Typed { expr, ty: Type::Number { places: places + 1, unit } });
        }
        let halved = Shape { low: shape.low / 2 - 1, high: shape.high / 2 + 1, ..shape };
        let op = Op::Divide(Box::new(doubled), Box::new(constant(2)), Rounding::HalfUp);
        Some(Typed { expr: Expr { op, shape: halved }, ty })
    }
}
