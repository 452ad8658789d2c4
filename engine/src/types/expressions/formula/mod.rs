//! Published formulas: `round 175 * creatinine to mg/dL ^ -1.154 to 0 places`.
//!
//! A rounding is a formula when a power, a logarithm, an exponential or a root stands in it, a division that is not the whole of it, or
//! quantities whose units do not go together, such as an age and a length. All its arithmetic is then done in
//! real numbers; whatever is not arithmetic (a fact, a query, an `if`) is an exact operand. Ranges are worked out part by part,
//! so that a fault points at the part that is not defined for everybody.

mod fault;
mod operand;
mod units;

use crate::diagnostics::codes;
use crate::plan::formula::{Formula, MOST_WHOLE, Real, closing};
use crate::plan::{Expr, Op, Rounding, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name};
use crate::text::Span;
use crate::types::{Builder, Place, Typed};
use crate::values::real::interval::Interval;
use crate::values::real::{Function, Two};
use crate::values::substances::giving_mass;
use crate::values::types::Type;

/// The functions that only a formula has.
pub(in crate::types) const FUNCTIONS: [&str; 6] = ["ln", "log10", "exp", "sqrt", "min", "max"];

/// A part of a formula and what is possible of it.
pub(in crate::types) type Part = (Real, Interval<f64>);

/// Whether a rounded expression is a formula: a function of reals stands in it, or a division that is not the whole of it.
pub(in crate::types) fn is_formula(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Binary { op, left, right } if op.node == BinaryOp::Divide => is_real(left) || is_real(right),
        _ => is_real(tree),
    }
}

/// Whether the value of an expression is a real number.
fn is_real(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Binary { op, left, right } => {
            matches!(op.node, BinaryOp::Power | BinaryOp::Divide)
                || (is_arithmetic(op.node).is_some() && (is_real(left) || is_real(right)))
        }
        ExprKind::Negate(x) => is_real(x),
        ExprKind::Call { function, arguments } if function.node == "abs" => arguments.iter().any(is_real),
        ExprKind::Call { function, .. } => {
            FUNCTIONS.contains(&function.node.as_str()) || giving_mass(&function.node).is_some()
        }
        ExprKind::Fold { items, .. } => items.iter().any(is_real),
        _ => false,
    }
}

fn is_arithmetic(op: BinaryOp) -> Option<Two> {
    match op {
        BinaryOp::Add => Some(Two::Add),
        BinaryOp::Subtract => Some(Two::Subtract),
        BinaryOp::Multiply => Some(Two::Multiply),
        BinaryOp::Divide => Some(Two::Divide),
        BinaryOp::Power | BinaryOp::And | BinaryOp::Or => None,
    }
}

impl Builder<'_> {
    /// A formula and its rounding.
    pub(in crate::types) fn formula(
        &mut self,
        tree: &tree::Expr,
        places: u8,
        how: Rounding,
        place: Place,
    ) -> Option<Typed> {
        let mut operands = Vec::new();
        let (value, range) = self.real(tree, &mut operands, place)?;
        let shape = match closing(&range, places, how) {
            Ok(shape) => Shape { optional: operands.iter().any(|x| x.shape.optional), ..shape },
            Err(fault) => return self.undefined(fault, &[range], tree.span),
        };
        let op = Op::Formula(Box::new(Formula { operands, value, places, how }));
        Some(Typed { expr: Expr { op, shape }, ty: Type::Number { places, unit: None } })
    }

    fn real(&mut self, tree: &tree::Expr, operands: &mut Vec<Expr>, place: Place) -> Option<Part> {
        match &tree.kind {
            ExprKind::Number(number) => self.plain_figure(number),
            ExprKind::Negate(x) => {
                let (x, range) = self.real(x, operands, place)?;
                self.last(Real::Negate(Box::new(x)), &[range], operands, tree.span)
            }
            ExprKind::Binary { op, left, right } if op.node == BinaryOp::Power => {
                self.power(left, right, operands, place, tree.span)
            }
            ExprKind::Binary { op, left, right } if is_arithmetic(op.node).is_some() => {
                let (a, b) = (self.real(left, operands, place), self.real(right, operands, place));
                let ((a, x), (b, y)) = (a?, b?);
                let two = is_arithmetic(op.node)?;
                self.in_one_unit(two, left, right, place)?;
                self.last(Real::Two(two, Box::new(a), Box::new(b)), &[x, y], operands, tree.span)
            }
            ExprKind::Call { function, arguments } if function.node == "abs" && arguments.iter().any(is_real) => {
                let [x] = arguments.as_slice() else {
                    return self.error(codes::E0510, tree.span, "`abs` takes one number", "wrong number of values");
                };
                // The root of a square is exact, and never less than 0 where x is a range.
                let (x, range) = self.real(x, operands, place)?;
                let (square, range) = self.last(Real::WholePower(Box::new(x), 2), &[range], operands, tree.span)?;
                self.last(Real::Root(Box::new(square)), &[range], operands, tree.span)
            }
            ExprKind::Call { function, arguments }
                if FUNCTIONS.contains(&function.node.as_str()) || giving_mass(&function.node).is_some() =>
            {
                self.function(function, arguments, operands, place, tree.span)
            }
            ExprKind::Fold { fold, items } if ["lowest", "highest", "sum"].contains(&fold.node.as_str()) => {
                self.last_of_list(fold, items)?;
                self.several(&fold.node, items, operands, place, tree.span)
            }
            _ => self.operand(tree, operands, place),
        }
    }

    /// A part made of others, if it is defined for all that they can be.
    fn last(&mut self, value: Real, parts: &[Interval<f64>], operands: &[Expr], span: Span) -> Option<Part> {
        let shapes: Vec<Shape> = operands.iter().map(|operand| operand.shape).collect();
        match value.last_step(parts, &shapes) {
            Ok(range) => Some((value, range)),
            Err(fault) => self.undefined(fault, parts, span),
        }
    }

    fn function(
        &mut self,
        function: &Name,
        arguments: &[tree::Expr],
        operands: &mut Vec<Expr>,
        place: Place,
        span: Span,
    ) -> Option<Part> {
        let [argument] = arguments else {
            if arguments.len() > 1 && ["min", "max"].contains(&function.node.as_str()) {
                return self.several(&function.node, arguments, operands, place, span);
            }
            let title = format!("`{}` does not take {} numbers", function.node, arguments.len());
            return self.error(codes::E0510, span, title, "wrong number of values");
        };
        if let Some(substance) = giving_mass(&function.node) {
            return self.mass(substance, argument, operands, place, span);
        }
        let (x, range) = self.real(argument, operands, place)?;
        let x = Box::new(x);
        let value = match function.node.as_str() {
            "ln" => Real::Function(Function::Ln, x),
            "log10" => Real::Function(Function::Log10, x),
            "exp" => Real::Function(Function::Exp, x),
            "sqrt" => Real::Root(x),
            other => {
                let title = format!("`{other}` needs two numbers or more");
                return self.error(codes::E0510, span, title, "only one here");
            }
        };
        self.last(value, &[range], operands, span)
    }

    /// `min(a, b, c)`, `lowest of a, b, c`, `sum of a, b, c`
    fn several(
        &mut self,
        what: &str,
        items: &[tree::Expr],
        operands: &mut Vec<Expr>,
        place: Place,
        span: Span,
    ) -> Option<Part> {
        let parts: Vec<Option<Part>> = items.iter().map(|item| self.real(item, operands, place)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<Part>>>()?.into_iter();
        self.all_in_one_unit(what, items, place)?;
        let (mut value, mut range) = parts.next()?;
        for (next, other) in parts {
            let (a, b) = (Box::new(value), Box::new(next));
            let joined = match what {
                "min" | "lowest" => Real::Least(a, b),
                "max" | "highest" => Real::Greatest(a, b),
                _ => Real::Two(Two::Add, a, b),
            };
            (value, range) = self.last(joined, &[range, other], operands, span)?;
        }
        Some((value, range))
    }

    fn power(
        &mut self,
        base: &tree::Expr,
        exponent: &tree::Expr,
        operands: &mut Vec<Expr>,
        place: Place,
        span: Span,
    ) -> Option<Part> {
        let whole = whole_exponent(exponent);
        let base = self.real(base, operands, place);
        if let Some(exponent) = whole {
            let (x, range) = base?;
            return self.last(Real::WholePower(Box::new(x), exponent), &[range], operands, span);
        }
        let exponent = self.real(exponent, operands, place);
        let ((x, range), (y, of_exponent)) = (base?, exponent?);
        self.last(Real::Power(Box::new(x), Box::new(y)), &[range, of_exponent], operands, span)
    }
}

/// The whole number that an exponent is written as, if it is small.
fn whole_exponent(tree: &tree::Expr) -> Option<i32> {
    let (number, sign) = match &tree.kind {
        ExprKind::Number(number) => (number, 1),
        ExprKind::Negate(x) => match &x.kind {
            ExprKind::Number(number) => (number, -1),
            _ => return None,
        },
        _ => return None,
    };
    let by = 10_i64.checked_pow(u32::from(number.places))?;
    if number.unit.is_some() || number.digits % by != 0 {
        return None;
    }
    let whole = i32::try_from(sign * (number.digits / by)).ok()?;
    (whole.abs() <= MOST_WHOLE).then_some(whole)
}
