//! Rounding, and division, which must say how it is rounded.

use crate::diagnostics::{Code, Diagnostic, codes};
use crate::plan::{Expr, Op, Rounding, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::formula::is_formula;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// What keeps arithmetic from being exact and is no matter in a formula: units that differ, and too many decimal places.
const OF_UNITS: [Code; 4] = [codes::E0502, codes::E0504, codes::E0505, codes::E0604];

/// The most roundings inside one of which each may turn out to be a formula: what stands in it is then worked out twice.
const MOST_ROUNDINGS: usize = 6;

/// Whether a fault is about a sum, a product or a conversion that the value itself is made of.
fn is_of(span: Span, value: &tree::Expr) -> bool {
    match &value.kind {
        ExprKind::Binary { left, right, .. } => {
            span == value.span || span == left.span.to(right.span) || is_of(span, left) || is_of(span, right)
        }
        ExprKind::Negate(x) => span == value.span || is_of(span, x),
        ExprKind::Convert { value: x, .. } => span == x.span,
        _ => false,
    }
}

impl Builder<'_> {
    /// `round x to 2 places [up | down | half up | half even]`; the one place where a division may stand. It is worked out exactly, and keeps
    /// its unit, where the units of its parts allow that and nothing but the whole is divided; otherwise it is a formula of real numbers.
    pub(super) fn round(&mut self, value: &tree::Expr, places: u8, mode: Option<&Name>, place: Place) -> Option<Typed> {
        let how = match mode.map(|m| m.node.as_str()) {
            None | Some("half up") => Rounding::HalfUp,
            Some("half even") => Rounding::HalfEven,
            Some("up") => Rounding::AwayFromZero,
            Some("down") => Rounding::TowardsZero,
            Some(other) => {
                let span = mode.map(|m| m.span).unwrap_or_default();
                return self.error(
                    codes::E0611,
                    span,
                    format!("`{other}` is not a way of rounding"),
                    "use up, down, half up or half even",
                );
            }
        };
        if is_formula(value) {
            return self.formula(value, places, how, place);
        }
        let mark = self.faults.mark();
        let exact = self.exactly(value, places, how, place);
        if exact.is_some() || self.context.words(value.span).matches("round").count() > MOST_ROUNDINGS {
            return exact;
        }
        let faults = self.faults.take_out(mark);
        let of_units = |fault: &Diagnostic| OF_UNITS.contains(&fault.code) && is_of(fault.primary.span, value);
        if !faults.is_empty() && faults.iter().all(of_units) {
            return self.formula(value, places, how, place);
        }
        faults.into_iter().for_each(|fault| self.faults.push(fault));
        None
    }

    fn exactly(&mut self, value: &tree::Expr, places: u8, how: Rounding, place: Place) -> Option<Typed> {
        if let ExprKind::Binary { op, left, right } = &value.kind
            && op.node == BinaryOp::Divide
        {
            return self.quotient(left, right, places, how, value.span, place);
        }
        if let ExprKind::Convert { value: inner, unit } = &value.kind {
            let mark = self.faults.mark();
            if let Some(exact) = self.expr(value, None, place) {
                return self.rounded(exact, value.span, places, how);
            }
            if !self.faults.take_out(mark).iter().any(|fault| fault.code != codes::E0611) {
                return self.converted((inner, unit), places, how, place);
            }
        }
        let typed = self.expr(value, None, place)?;
        self.rounded(typed, value.span, places, how)
    }

    /// An exact number to fewer places.
    fn rounded(&mut self, typed: Typed, span: Span, places: u8, how: Rounding) -> Option<Typed> {
        let Type::Number { places: has, unit } = typed.ty.clone() else {
            return self.error(
                codes::E0503,
                span,
                format!("{} cannot be rounded", describe(&typed.ty)),
                "not a number",
            );
        };
        let ty = Type::Number { places, unit };
        if has <= places {
            return self.fit(typed, &ty, span);
        }
        let by = 10_i64.checked_pow(u32::from(has - places)).unwrap_or(i64::MAX);
        let expr = self.divided(typed.expr, constant(by), how, span)?;
        Some(Typed { expr, ty })
    }

    fn quotient(
        &mut self,
        left: &tree::Expr,
        right: &tree::Expr,
        places: u8,
        how: Rounding,
        span: Span,
        place: Place,
    ) -> Option<Typed> {
        let a = self.expr(left, None, place)?;
        // `7 days` under a number of days is a number of days; by itself it would be a duration.
        let with_unit = matches!(&right.kind, ExprKind::Number(number) if number.unit.is_some());
        let b = self.expr(right, with_unit.then_some(&a.ty), place)?;
        let (unit, pa, pb) = match (&a.ty, &b.ty) {
            (Type::Number { places: pa, unit: ua }, Type::Number { places: pb, unit: ub }) => {
                let unit = if ua == ub {
                    None
                } else if ub.is_none() {
                    ua.clone()
                } else {
                    let title = "divide by a plain number, or by a quantity in the same unit";
                    return self.error(codes::E0505, span, title, "two different units");
                };
                (unit, *pa, *pb)
            }
            (Type::Duration, Type::Duration) => (None, 0, 0),
            (Type::Duration, Type::Number { places: 0, unit: None }) if places == 0 => {
                let expr = self.divided(a.expr, b.expr, how, span)?;
                return Some(Typed { expr, ty: Type::Duration });
            }
            _ => {
                let title = format!("{} cannot be divided by {}", describe(&a.ty), describe(&b.ty));
                return self.error(codes::E0504, span, title, "this has no meaning");
            }
        };
        let more = i32::from(places) + i32::from(pb) - i32::from(pa);
        let (a, b) = match u8::try_from(more.unsigned_abs()) {
            Ok(by) if more >= 0 => (self.scale_up(a.expr, by, span)?, b.expr),
            Ok(by) => (a.expr, self.scale_up(b.expr, by, span)?),
            Err(_) => return self.error(codes::E0604, span, "too many decimal places", "cannot be stored exactly"),
        };
        let expr = self.divided(a, b, how, span)?;
        Some(Typed { expr, ty: Type::Number { places, unit } })
    }

    /// A division whose divisor is proved never to be 0.
    pub(super) fn divided(&mut self, a: Expr, b: Expr, how: Rounding, span: Span) -> Option<Expr> {
        if b.shape.low <= 0 && b.shape.high >= 0 {
            let fault = Diagnostic::error(codes::E0612, span, "this could be a division by 0", "the divisor may be 0");
            return self.fault(
                fault.help("declare a range for it that excludes 0, or ask first: `if x > 0 then … else none`"),
            );
        }
        let q = |x: i64, y: i64| crate::evaluate::quotient(x, y, how);
        let corners = [
            q(a.shape.low, b.shape.low),
            q(a.shape.low, b.shape.high),
            q(a.shape.high, b.shape.low),
            q(a.shape.high, b.shape.high),
        ];
        let low = corners.iter().copied().min().unwrap_or(0);
        let high = corners.iter().copied().max().unwrap_or(0);
        let shape = Shape { optional: a.shape.optional || b.shape.optional, ..Shape::range(low, high) };
        Some(Expr { op: Op::Divide(Box::new(a), Box::new(b), how), shape })
    }
}
