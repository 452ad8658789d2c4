//! Published formulas: `round 175 * creatinine to mg/dL ^ -1.154 to 0 places`.
//!
//! A rounding is a formula when a power, a logarithm, an exponential or a root stands in it. All its arithmetic is then done in
//! real numbers; whatever is not arithmetic (a fact, a query, an `if`) is an exact operand. Ranges are worked out part by part,
//! so that a fault points at the part that is not defined for everybody.

use super::functions::{SUBSTANCES, Substance};
use super::literals::describe;
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::formula::{Fault, Formula, MOST_WHOLE, Real, closing};
use crate::plan::{Expr, Op, Rounding, Shape};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name, Number};
use crate::text::Span;
use crate::values::dimension;
use crate::values::real::interval::Interval;
use crate::values::real::{Function, Two};
use crate::values::types::Type;

/// The functions that only a formula has.
const FUNCTIONS: [&str; 6] = ["ln", "log10", "exp", "sqrt", "min", "max"];

/// A part of a formula and what is possible of it.
type Part = (Real, Interval<f64>);

/// Whether a rounded expression is a formula.
pub(super) fn is_formula(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Binary { op, left, right } => {
            op.node == BinaryOp::Power || (is_arithmetic(op.node).is_some() && (is_formula(left) || is_formula(right)))
        }
        ExprKind::Negate(x) => is_formula(x),
        ExprKind::Call { function, .. } => {
            FUNCTIONS.contains(&function.node.as_str()) || giving_mass(&function.node).is_some()
        }
        ExprKind::Fold { items, .. } => items.iter().any(is_formula),
        _ => false,
    }
}

/// The substance whose mass a function gives from its amount.
fn giving_mass(function: &str) -> Option<&'static Substance> {
    SUBSTANCES.iter().find(|substance| substance.back == function)
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
    pub(super) fn formula(&mut self, tree: &tree::Expr, places: u8, how: Rounding, place: Place) -> Option<Typed> {
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
                self.last(Real::Two(two, Box::new(a), Box::new(b)), &[x, y], operands, tree.span)
            }
            ExprKind::Call { function, arguments }
                if FUNCTIONS.contains(&function.node.as_str()) || giving_mass(&function.node).is_some() =>
            {
                self.function(function, arguments, operands, place, tree.span)
            }
            ExprKind::Fold { fold, items } if ["lowest", "highest", "sum"].contains(&fold.node.as_str()) => {
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

    fn plain_figure(&mut self, number: &Number) -> Option<Part> {
        if let Some(unit) = &number.unit {
            let title = "the numbers written in a formula have no unit";
            let fault = Diagnostic::error(codes::E0615, unit.span, title, "remove this unit");
            return self.fault(fault.help(format!("give the unit with the fact instead: `x to {}`", unit.text)));
        }
        self.last(Real::Figure(number.digits, number.places), &[], &[], number.span)
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

    /// `creatinine_in_mg_per_dL(x)`: the amount, divided.
    fn mass(
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

    /// An exact number, which must say its unit.
    fn operand(&mut self, tree: &tree::Expr, operands: &mut Vec<Expr>, place: Place) -> Option<Part> {
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
            Type::Number { unit: Some(unit), .. } if !says_its_unit(tree) => {
                let title = "a formula must say which unit a quantity is in";
                let fault = Diagnostic::error(codes::E0615, tree.span, title, format!("recorded in {unit}"));
                let words = self.words(tree.span);
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
                let words = self.words(tree.span);
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

    fn undefined<T>(&mut self, fault: Fault, parts: &[Interval<f64>], span: Span) -> Option<T> {
        let range = parts.first().map_or(String::new(), |x| format!("between {} and {}", shown(x.low), shown(x.high)));
        let (code, title, label, help) = match fault {
            Fault::Divisor => (
                codes::E0612,
                "this could be a division by 0",
                "the divisor may be 0".to_owned(),
                "declare ranges that exclude 0 for the facts it is made from",
            ),
            Fault::Logarithm => (
                codes::E0614,
                "this could be the logarithm of 0 or less",
                format!("of a value {range}"),
                "declare a range that begins above 0, or say what stands for 0, as in `ln(max(x, 0.1))`",
            ),
            Fault::Root => (
                codes::E0614,
                "this could be the root of a number below 0",
                format!("of a value {range}"),
                "declare ranges that rule it out, or say what stands for it, as in `sqrt(max(x, 0))`",
            ),
            Fault::Power => (
                codes::E0614,
                "this power is not defined for every patient",
                format!("the base is {range}"),
                "a number below 0 needs a whole exponent, written out, and 0 needs an exponent above 0; declare a range above 0",
            ),
            Fault::Large => (
                codes::E0609,
                "this could be too large to be worked out",
                if range.is_empty() { "too large".to_owned() } else { range },
                "declare narrower ranges for the facts it is made from, or keep fewer decimal places",
            ),
        };
        self.fault(Diagnostic::error(code, span, title, label).help(help))
    }

    /// A function that only a formula has, outside one.
    pub(super) fn not_in_a_formula<T>(&mut self, what: &str, span: Span) -> Option<T> {
        let title = format!("{what} is a real number, and must be rounded before it is used");
        let fault = Diagnostic::error(codes::E0613, span, title, "not exact");
        self.fault(
            fault.help("round the whole formula, as published: `round … to 1 place`; inside an `if`, each branch"),
        )
    }

    /// A call of something that is not a function, or not of exact numbers.
    pub(super) fn no_function<T>(&mut self, function: &Name, known: &[&str]) -> Option<T> {
        let name = function.node.as_str();
        match name {
            "ln" | "log10" => return self.not_in_a_formula("a logarithm", function.span),
            "exp" => return self.not_in_a_formula("an exponential", function.span),
            "sqrt" => return self.not_in_a_formula("a root", function.span),
            _ if giving_mass(name).is_some() => {
                return self.not_in_a_formula("a mass worked out from an amount", function.span);
            }
            _ => {}
        }
        let title = format!("there is no function `{name}` with these arguments");
        let fault = Diagnostic::error(codes::E0510, function.span, title, "no such function");
        self.fault(match name {
            "min" => fault.help("outside a formula write `lowest of a, b`"),
            "max" => fault.help("outside a formula write `highest of a, b`"),
            "power" | "pow" => fault.help("write `x ^ y`, and round the whole formula"),
            "log" => fault.help("`ln(x)` is the natural logarithm, `log10(x)` the logarithm to base 10"),
            "root" | "cbrt" => fault.help("`sqrt(x)` is the square root, `x ^ (1 / 3)` the cube root"),
            _ => match nearest(name, known.iter().chain(&FUNCTIONS).copied()) {
                Some(near) => fault.help(format!("did you mean `{near}`?")).edit(function.span, near),
                None => fault.help(format!(
                    "the functions are abs(x), overlap(start, end, 23:00, 06:00), {}(x); in a formula {}",
                    known.iter().filter(|k| k.contains("_in_")).copied().collect::<Vec<_>>().join("(x), "),
                    FUNCTIONS.join(", ")
                )),
            },
        })
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

/// Whether the words of an operand name the unit of its number.
fn says_its_unit(tree: &tree::Expr) -> bool {
    match &tree.kind {
        ExprKind::Convert { .. } | ExprKind::Calendar { .. } => true,
        ExprKind::Call { function, .. } => function.node.contains("_in_"),
        _ => false,
    }
}

/// A bound for people: at most four digits after the point.
fn shown(x: f64) -> String {
    let cut = (x * 10_000.0).round_ties_even() / 10_000.0;
    if cut.abs() < 1e15 { format!("{}", cut + 0.0) } else { format!("{x:e}") }
}
