//! Sums, differences and products, with proof that nothing overflows.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::expressions::dates::beside_a_date;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::constant;
use crate::types::expressions::which_days::Used;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// Results beyond this are refused, so that no later step can leave 64 bits unnoticed.
const LIMIT: i128 = 1 << 62;

/// Where the two sides of an operator stand.
#[derive(Clone, Copy)]
struct Sides {
    left: Span,
    right: Span,
}

/// Text as one operand: in brackets where it is more than a name.
fn bracketed(said: &str) -> String {
    let name = said == "as of" || said.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    if name { said.to_owned() } else { format!("({said})") }
}

impl Builder<'_> {
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &tree::Expr,
        right: &tree::Expr,
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        match op {
            BinaryOp::And | BinaryOp::Or => return self.logic(op, left, right, place),
            BinaryOp::Power => return self.not_in_a_formula("a power", left.span.to(right.span)),
            BinaryOp::Divide => {
                let span = left.span.to(right.span);
                let help = self.rounded_quotient(left, right, place);
                let fault = Diagnostic::error(codes::E0608, span, "a division must say how it is rounded", "not exact");
                return self.fault(fault.help(help));
            }
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {}
        }
        let hint = if op == BinaryOp::Multiply { None } else { expected };
        let a = self.expr(left, hint, place);
        let of_date = a.as_ref().filter(|a| a.ty == Type::Date).and_then(|_| beside_a_date(right));
        let hint = of_date.as_ref().or(a.as_ref().map(|a| &a.ty)).filter(|_| op != BinaryOp::Multiply);
        let b = self.expr(right, hint, place);
        let (a, b) = (a?, b?);
        match (&a.ty, &b.ty) {
            (Type::Instant, Type::Duration) => self.one_kind_of_days(right, Used::Moved, place)?,
            (Type::Duration, Type::Instant) => self.one_kind_of_days(left, Used::Moved, place)?,
            _ => {}
        }
        let at = Sides { left: left.span, right: right.span };
        if op == BinaryOp::Multiply {
            return self.product(a, b, at);
        }
        let sum = self.sum(op, a, b, at)?;
        if op == BinaryOp::Subtract {
            self.warn_of_no_difference((left, right), place);
        }
        Some(sum)
    }

    /// How a quotient is written. Of two units there is none that is compared as a product.
    fn rounded_quotient(&mut self, left: &tree::Expr, right: &tree::Expr, place: Place) -> String {
        let said = self.context.words(left.span.to(right.span));
        if matches!((&left.kind, &right.kind), (ExprKind::Convert { .. }, ExprKind::Convert { .. })) {
            return format!("say how finely, in brackets: `(round {said} to 1 place)`");
        }
        let (faults, doubts) = (self.faults.mark(), self.doubts());
        let types = [left, right].map(|side| self.expr(side, None, place).map(|typed| typed.ty));
        self.faults.take_back(faults);
        self.take_doubts(doubts);
        match types {
            [Some(Type::Number { unit: Some(a), .. }), Some(Type::Number { unit: Some(b), .. })] if a != b => {
                let [left, right] = [left, right].map(|side| bracketed(&self.context.words(side.span)));
                format!(
                    "say how finely, with the unit of each, in brackets: `(round {left} to {a} / {right} to {b} to 2 places)`"
                )
            }
            _ => format!(
                "compare products instead: `a / b >= 1.5` is `a >= 1.5 * b` where b is above 0; or say how finely, in brackets: `(round {said} to 1 place)`"
            ),
        }
    }

    fn sum(&mut self, op: BinaryOp, a: Typed, b: Typed, at: Sides) -> Option<Typed> {
        let span = at.left.to(at.right);
        let ty = match (&a.ty, op, &b.ty) {
            (Type::Number { .. }, _, Type::Number { .. }) => {
                return self.sum_of_numbers(op, a, b, span);
            }
            (Type::Duration, _, Type::Duration) | (Type::Instant, BinaryOp::Subtract, Type::Instant) => Type::Duration,
            (Type::Date, ..) => return self.moved_date(op, a, b, (span, at.right)),
            (Type::Instant, _, Type::Duration) => Type::Instant,
            (Type::Duration, BinaryOp::Add, Type::Instant) => Type::Instant,
            _ => {
                let word = if op == BinaryOp::Add { "added to" } else { "subtracted from" };
                let title = format!("{} cannot be {word} {}", describe(&b.ty), describe(&a.ty));
                let fault = Diagnostic::error(codes::E0504, span, title, "this has no meaning");
                return self.fault(match (&a.ty, &b.ty) {
                    (Type::Instant, Type::Number { unit: Some(unit), .. }) if unit.starts_with("month") => {
                        fault.help("months move a date: `date of x + 1 month`")
                    }
                    (Type::Duration | Type::Number { .. }, Type::Date) => {
                        fault.help("write the date first: `date + 30 days`, in whole days, weeks or months")
                    }
                    (Type::Instant, Type::Date) if op == BinaryOp::Subtract => {
                        let (from, to) = (self.context.words(at.right), self.context.words(at.left));
                        let written = format!("days from {} to date of {}", bracketed(&from), bracketed(&to));
                        fault.help(format!("days are counted: `{written}`")).edit(span, written)
                    }
                    (Type::YesNo, _) | (_, Type::YesNo) => fault.help(self.points_meant((&a.ty, &b.ty), at)),
                    _ => fault,
                });
            }
        };
        let expr = self.add(op, a.expr, b.expr, span)?;
        Some(Typed { expr, ty })
    }

    /// What to write where yes/no is added up.
    fn points_meant(&self, types: (&Type, &Type), at: Sides) -> String {
        let (left, right) = (self.context.words(at.left), self.context.words(at.right));
        match types {
            (Type::YesNo, Type::YesNo) => format!(
                "how many of them are yes is `count of {left}, {right}`; what each counts is `if {left} then 1 else 0`"
            ),
            (Type::YesNo, _) => format!("say what it counts: `(if {left} then 1 else 0)`"),
            _ => format!("say what it counts: `(if {right} then 1 else 0)`"),
        }
    }

    fn sum_of_numbers(&mut self, op: BinaryOp, a: Typed, b: Typed, span: Span) -> Option<Typed> {
        let (a, b, ty) = self.aligned(a, b, span)?;
        let expr = self.add(op, a, b, span)?;
        Some(Typed { expr, ty })
    }

    fn add(&mut self, op: BinaryOp, a: Expr, b: Expr, span: Span) -> Option<Expr> {
        let (x, y) = (a.shape, b.shape);
        let wide = |low: i128, high: i128| (low, high);
        let (low, high) = if op == BinaryOp::Add {
            wide(i128::from(x.low) + i128::from(y.low), i128::from(x.high) + i128::from(y.high))
        } else {
            wide(i128::from(x.low) - i128::from(y.high), i128::from(x.high) - i128::from(y.low))
        };
        let shape = self.proved(low, high, x.optional || y.optional, span)?;
        let (a, b) = (Box::new(a), Box::new(b));
        Some(Expr { op: if op == BinaryOp::Add { Op::Add(a, b) } else { Op::Subtract(a, b) }, shape })
    }

    fn product(&mut self, a: Typed, b: Typed, at: Sides) -> Option<Typed> {
        let span = at.left.to(at.right);
        let ty = match (&a.ty, &b.ty) {
            (Type::Number { places: pa, unit: ua }, Type::Number { places: pb, unit: ub }) => {
                if ua.is_some() && ub.is_some() {
                    let fault = Diagnostic::error(
                        codes::E0505,
                        span,
                        "a product of two quantities with units has no declared unit",
                        "both have a unit",
                    );
                    let per_kg = [ua, ub].into_iter().flatten().any(|unit| unit.ends_with("/kg"));
                    return self.fault(fault.help(if per_kg {
                        "one side of a product must be a plain number; how much there is for each kilogram is worked out by itself and compared: `round dose to mg / weight to kg to 1 place`"
                    } else {
                        "one side of a product must be a plain number"
                    }));
                }
                Type::Number { places: pa + pb, unit: ua.clone().or_else(|| ub.clone()) }
            }
            (Type::Duration, Type::Number { places: 0, unit: None })
            | (Type::Number { places: 0, unit: None }, Type::Duration) => Type::Duration,
            _ => {
                let title = format!("{} cannot be multiplied by {}", describe(&a.ty), describe(&b.ty));
                let fault = Diagnostic::error(codes::E0504, span, title, "this has no meaning");
                let (condition, points) = match (&a.ty, &b.ty) {
                    (Type::YesNo, Type::Number { .. }) => (at.left, at.right),
                    (Type::Number { .. }, Type::YesNo) => (at.right, at.left),
                    _ => return self.fault(fault),
                };
                let (condition, points) = (self.context.words(condition), self.context.words(points));
                let written = format!("(if {condition} then {points} else 0)");
                return self.fault(fault.help(format!("write `{written}`")).edit(span, written));
            }
        };
        if matches!(ty, Type::Number { places, .. } if places > 9) {
            return self.error(codes::E0604, span, "the product has more than nine decimal places", "too precise");
        }
        let expr = self.multiply(a.expr, b.expr, span)?;
        Some(Typed { expr, ty })
    }

    pub(in crate::types) fn multiply(&mut self, a: Expr, b: Expr, span: Span) -> Option<Expr> {
        let (x, y) = (a.shape, b.shape);
        let corner = |p: i64, q: i64| i128::from(p) * i128::from(q);
        let corners = [corner(x.low, y.low), corner(x.low, y.high), corner(x.high, y.low), corner(x.high, y.high)];
        let low = corners.iter().copied().min().unwrap_or(0);
        let high = corners.iter().copied().max().unwrap_or(0);
        let shape = self.proved(low, high, x.optional || y.optional, span)?;
        Some(Expr { op: Op::Multiply(Box::new(a), Box::new(b)), shape })
    }

    pub(super) fn negate(&mut self, tree: &tree::Expr, expected: Option<&Type>, place: Place) -> Option<Typed> {
        let x = self.expr(tree, expected, place)?;
        if !matches!(x.ty, Type::Number { .. } | Type::Duration) {
            let title = format!("{} cannot be negated", describe(&x.ty));
            return self.error(codes::E0504, tree.span, title, "this has no meaning");
        }
        if let Op::Constant(value) = x.expr.op {
            return Some(Typed { expr: constant(-value), ty: x.ty });
        }
        let shape = Shape { low: -x.expr.shape.high, high: -x.expr.shape.low, ..x.expr.shape };
        Some(Typed { expr: Expr { op: Op::Negate(Box::new(x.expr)), shape }, ty: x.ty })
    }

    pub(in crate::types) fn proved(&mut self, low: i128, high: i128, optional: bool, span: Span) -> Option<Shape> {
        let fits = |v: i128| i64::try_from(v).ok().filter(|_| v.abs() < LIMIT);
        if let (Some(low), Some(high)) = (fits(low), fits(high)) {
            return Some(Shape { optional, ..Shape::range(low, high) });
        }
        let fault = Diagnostic::error(
            codes::E0609,
            span,
            "this could be too large to be stored exactly",
            format!("between {low} and {high} at the declared precision"),
        );
        self.fault(fault.help("declare narrower ranges or fewer decimal places for the facts it is made from; what is counted or added up over events is held to the most that there can be: `lowest of (count Absence), 365`"))
    }
}
