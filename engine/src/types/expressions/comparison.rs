//! Comparisons. Those with a fixed value become tests of a range or of a set of variants, which is what the
//! checks and the compiler know best.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op};
use crate::syntax::tree::{self, Comparison, ExprKind};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::{not, yes_no};
use crate::types::{Builder, Place, Typed};
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

    fn compared(&mut self, op: Comparison, a: Typed, b: Typed, span: Span) -> Option<Expr> {
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
