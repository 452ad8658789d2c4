//! Comparisons. Those with a fixed value become tests of a range or of a set of variants, which is what the
//! checks and the compiler know best.

use super::arithmetic::yes_no;
use super::literals::describe;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op};
use crate::syntax::tree::{self, Comparison, ExprKind};
use crate::text::Span;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn compare(
        &mut self,
        op: Comparison,
        left: &tree::Expr,
        right: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let (a, b) = self.both_sides(left, right, place)?;
        let span = left.span.to(right.span);
        let expr = self.compared(op, a, b, span)?;
        Some(Typed { expr, ty: Type::YesNo })
    }

    /// Works out both sides, the one that carries a type of its own first.
    fn both_sides(&mut self, left: &tree::Expr, right: &tree::Expr, place: Place) -> Option<(Typed, Typed)> {
        if self.waits_for_a_type(left, place) && !self.waits_for_a_type(right, place) {
            let b = self.expr(right, None, place)?;
            let a = self.expr(left, Some(&b.ty), place)?;
            return Some((a, b));
        }
        let a = self.expr(left, None, place)?;
        let b = self.expr(right, Some(&a.ty), place)?;
        Some((a, b))
    }

    /// Whether an expression means something only once its type is known: a bare variant, a bare number.
    fn waits_for_a_type(&self, tree: &tree::Expr, place: Place) -> bool {
        match &tree.kind {
            ExprKind::Path(path) => self.is_bare_variant(path, place),
            ExprKind::Number(number) => number.unit.is_none(),
            _ => false,
        }
    }

    pub(super) fn compared(&mut self, op: Comparison, a: Typed, b: Typed, span: Span) -> Option<Expr> {
        if a.expr.shape.class == Class::Set || b.expr.shape.class == Class::Set {
            return self.compared_choices(op, a, b, span);
        }
        if a.ty == Type::Code && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            return self.error(codes::E0507, span, "codes have no order", "compared by size");
        }
        let (a, b) = self.comparable(a, b, span)?;
        Some(match (&a.op, &b.op) {
            (_, Op::Constant(value)) => self.against_constant(op, a.clone(), *value, span),
            (Op::Constant(value), _) => self.against_constant(turned(op), b.clone(), *value, span),
            _ => between(op, a, b),
        })
    }

    /// Brings two sides to one type and scale.
    fn comparable(&mut self, a: Typed, b: Typed, span: Span) -> Option<(Expr, Expr)> {
        if a.ty.is_label() || b.ty.is_label() {
            let title = "text and organisations are labels; rules cannot use labels";
            return self.error(codes::E0506, span, title, "compared here");
        }
        if matches!((&a.ty, &b.ty), (Type::Number { .. }, Type::Number { .. })) {
            let constant = |t: &Typed| matches!(t.expr.op, Op::Constant(_));
            if constant(&b) && !constant(&a) {
                let ty = a.ty.clone();
                let b = self.fit(b, &ty, span)?;
                return Some((a.expr, b.expr));
            }
            if constant(&a) && !constant(&b) {
                let ty = b.ty.clone();
                let a = self.fit(a, &ty, span)?;
                return Some((a.expr, b.expr));
            }
            let (a, b, _) = self.aligned(a, b, span)?;
            return Some((a, b));
        }
        let ty = a.ty.clone();
        let b = self.fit(b, &ty, span)?;
        Some((a.expr, b.expr))
    }

    fn compared_choices(&mut self, op: Comparison, a: Typed, b: Typed, span: Span) -> Option<Expr> {
        if a.ty != b.ty {
            let title = format!("{} cannot be compared with {}", describe(&a.ty), describe(&b.ty));
            return self.error(codes::E0503, span, title, "different kinds of value");
        }
        if !matches!(op, Comparison::Equal | Comparison::NotEqual) {
            let fault =
                Diagnostic::error(codes::E0507, span, "the choices of an enum have no order", "compared by size");
            return self.fault(fault.help("name the choices that are meant: `x in { a, b }`"));
        }
        let same = match (a.expr.op, b.expr.op) {
            (op, Op::Choice(variant)) => Op::OneOf(Box::new(Expr { op, shape: a.expr.shape }), 1 << variant),
            (Op::Choice(variant), op) => Op::OneOf(Box::new(Expr { op, shape: b.expr.shape }), 1 << variant),
            (x, y) => Op::SameChoice(
                Box::new(Expr { op: x, shape: a.expr.shape }),
                Box::new(Expr { op: y, shape: b.expr.shape }),
            ),
        };
        let same = yes_no(same);
        Some(if op == Comparison::Equal { same } else { not(same) })
    }

    /// `x op value` as a test of a range.
    fn against_constant(&mut self, op: Comparison, x: Expr, value: i64, span: Span) -> Expr {
        let (low, high) = (x.shape.low, x.shape.high);
        let within = |x: Expr, from: i64, to: i64| yes_no(Op::Within(Box::new(x), from, to));
        let never = match op {
            Comparison::Equal | Comparison::NotEqual => value < low || value > high,
            Comparison::Less => value <= low,
            Comparison::LessOrEqual => value < low,
            Comparison::Greater => value >= high,
            Comparison::GreaterOrEqual => value > high,
        };
        if never && low < high {
            let title = "every value that can be recorded gives the same answer here";
            let fault = Diagnostic::warning(codes::W0601, span, title, "outside the declared range");
            self.faults.push(fault.help("check the figure and the declared range"));
        }
        match op {
            Comparison::Equal => within(x, value, value),
            Comparison::NotEqual => not(within(x, value, value)),
            Comparison::Less => within(x, low.min(value), value - 1),
            Comparison::LessOrEqual => within(x, low.min(value), value),
            Comparison::Greater => within(x, value + 1, high.max(value)),
            Comparison::GreaterOrEqual => within(x, value, high.max(value)),
        }
    }

    pub(super) fn in_range(
        &mut self,
        value: &tree::Expr,
        low: &tree::Expr,
        high: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let from = self.compare(Comparison::GreaterOrEqual, value, low, place)?;
        let to = self.compare(Comparison::LessOrEqual, value, high, place)?;
        let expr = match (from.expr.op, to.expr.op) {
            (Op::Within(x, from, _), Op::Within(_, _, to)) => yes_no(Op::Within(x, from, to)),
            (a, b) => yes_no(Op::And(vec![yes_no(a), yes_no(b)])),
        };
        Some(Typed { expr, ty: Type::YesNo })
    }

    pub(super) fn one_of(&mut self, value: &tree::Expr, options: &[tree::Expr], place: Place) -> Option<Typed> {
        let mut items = Vec::new();
        for option in options {
            items.push(self.compare(Comparison::Equal, value, option, place)?.expr);
        }
        let masks: Option<u64> =
            items.iter().map(|e| if let Op::OneOf(_, mask) = e.op { Some(mask) } else { None }).sum();
        if let (Some(_), Some(Expr { op: Op::OneOf(x, _), .. })) = (masks, items.first()) {
            let mask = items.iter().fold(0, |mask, e| if let Op::OneOf(_, m) = e.op { mask | m } else { mask });
            return Some(Typed { expr: yes_no(Op::OneOf(x.clone(), mask)), ty: Type::YesNo });
        }
        Some(Typed { expr: yes_no(Op::Or(items)), ty: Type::YesNo })
    }

    pub(super) fn is_none(&mut self, value: &tree::Expr, negated: bool, place: Place) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        if !typed.expr.shape.optional {
            let fault = Diagnostic::error(codes::E0508, value.span, "this can never be none", "always has a value");
            return self.fault(fault.help("declare the fact `optional` if it can be recorded as none; a fact that is merely missing is unknown, not none"));
        }
        let is_none = yes_no(Op::IsNone(Box::new(typed.expr)));
        Some(Typed { expr: if negated { not(is_none) } else { is_none }, ty: Type::YesNo })
    }
}

/// `no` for `yes`.
pub(super) fn not(expr: Expr) -> Expr {
    match expr.op {
        Op::Not(inner) => *inner,
        op => yes_no(Op::Not(Box::new(yes_no(op)))),
    }
}

fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

fn between(op: Comparison, a: Expr, b: Expr) -> Expr {
    let (a, b) = (Box::new(a), Box::new(b));
    match op {
        Comparison::Equal => yes_no(Op::Equal(a, b)),
        Comparison::NotEqual => not(yes_no(Op::Equal(a, b))),
        Comparison::Less => yes_no(Op::Less(a, b)),
        Comparison::LessOrEqual => yes_no(Op::LessOrEqual(a, b)),
        Comparison::Greater => yes_no(Op::Less(b, a)),
        Comparison::GreaterOrEqual => yes_no(Op::LessOrEqual(b, a)),
    }
}
