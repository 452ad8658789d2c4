//! The exact operands of a formula: facts, figures and amounts, each of which must say its unit.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::formula::Real;
use crate::plan::{Expr, Op};
use crate::syntax::tree::{self, ExprKind, Number};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::formula::Part;
use crate::types::{Builder, Place};
use crate::values::dimension;
use crate::values::real::Two;
use crate::values::substances::Substance;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn plain_figure(&mut self, number: &Number) -> Option<Part> {
        if let Some(unit) = &number.unit {
            let title = "the numbers written in a formula have no unit";
            let fault = Diagnostic::error(codes::E0615, unit.span, title, "remove this unit");
            return self.fault(fault.help(format!("give the unit with the fact instead: `x to {}`", unit.text)));
        }
        self.last(Real::Figure(number.digits, number.places), &[], &[], number.span)
    }

    /// `creatinine_in_mg_per_dL(x)`: the amount, divided.
    pub(super) fn mass(
        &mut self,
        substance: &Substance,
        of: &tree::Expr,
        operands: &mut Vec<Expr>,
        place: Place,
        span: Span,
    ) -> Option<Part> {
        let typed = self.expr(of, None, place)?;
        let Type::Number { places, unit } = typed.ty else {
            return self.error(codes::E0503, of.span, "a number belongs here", "not a number");
        };
        self.same_unit(unit.as_deref(), Some(substance.amount), of.span)?;
        let (value, range) = self.put_in(typed.expr, places, operands, of.span)?;
        let (factor, one) = self.last(Real::Figure(substance.factor.0, substance.factor.1), &[], &[], span)?;
        self.last(Real::Two(Two::Divide, Box::new(value), Box::new(factor)), &[range, one], operands, span)
    }

    /// An exact number, which must say its unit.
    pub(super) fn operand(&mut self, tree: &tree::Expr, operands: &mut Vec<Expr>, place: Place) -> Option<Part> {
        if let ExprKind::Convert { value, unit } = &tree.kind
            && let Some(length) = dimension::milliseconds(&unit.text)
        {
            let typed = self.expr(value, None, place)?;
            if typed.ty == Type::Duration {
                let (ms, range) = self.put_in(typed.expr, 0, operands, tree.span)?;
                let (length, one) = self.last(Real::Figure(length, 0), &[], &[], unit.span)?;
                let quotient = Real::Two(Two::Divide, Box::new(ms), Box::new(length));
                return self.last(quotient, &[range, one], operands, tree.span);
            }
        }
        let typed = self.expr(tree, None, place)?;
        match &typed.ty {
            Type::Number { unit: Some(unit), .. } if !says_its_unit(tree) && !is_of_age(unit) => {
                let title = "a formula must say which unit a quantity is in";
                let fault = Diagnostic::error(codes::E0615, tree.span, title, format!("recorded in {unit}"));
                let words = self.context.words(tree.span);
                self.fault(fault.help(format!(
                    "if the formula is published for {unit}, write `{words} to {unit}`; if it is for another unit, convert to that"
                )))
            }
            Type::Number { places, .. } => {
                let places = *places;
                self.put_in(typed.expr, places, operands, tree.span)
            }
            Type::Duration => {
                let title = "a formula must say which unit a duration is in";
                let fault = Diagnostic::error(codes::E0615, tree.span, title, "a duration");
                let words = self.context.words(tree.span);
                self.fault(fault.help(format!("write `{words} to h`, or `to min`, `to days` …")))
            }
            other => {
                let title = format!("a formula is made of numbers, and this is {}", describe(other));
                let fault = Diagnostic::error(codes::E0503, tree.span, title, "not a number");
                self.fault(match other {
                    Type::YesNo => fault.help("say what it counts for: `(if x then 1.012 else 1)`"),
                    _ => fault,
                })
            }
        }
    }

    /// An exact number among the operands, each once.
    fn put_in(&mut self, expr: Expr, places: u8, operands: &mut Vec<Expr>, span: Span) -> Option<Part> {
        if let Op::Constant(value) = expr.op {
            return self.last(Real::Figure(value, places), &[], &[], span);
        }
        let number = operands.iter().position(|other| *other == expr).unwrap_or_else(|| {
            operands.push(expr);
            operands.len() - 1
        });
        self.last(Real::Operand(number, places), &[], operands, span)
    }
}

/// Whether a unit need not be said: ages are in years wherever formulas are published.
fn is_of_age(unit: &str) -> bool {
    matches!(unit, "year" | "years")
}

/// Whether the words of an operand name the unit of its number.
fn says_its_unit(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Convert { .. } | ExprKind::Calendar { .. } => true,
        ExprKind::Call { function, .. } => function.node.contains("_in_"),
        _ => false,
    }
}
