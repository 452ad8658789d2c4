//! Expressions: one arm for each form the grammar has.

use super::arithmetic::yes_no;
use super::comparisons::not;
use super::literals::{constant, describe};
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::unsupported;
use crate::plan::{Class, Expr, Op, Shape};
use crate::syntax::tree::{self, Comparison, ExprKind, Name};
use crate::text::Span;
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

impl Builder<'_> {
    /// Types and lowers an expression. `expected` is what the place would like: it lends bare numbers their unit and
    /// bare names their enum; the caller still checks.
    pub(super) fn expr(&mut self, tree: &tree::Expr, expected: Option<&Type>, place: Place) -> Option<Typed> {
        let span = tree.span;
        match &tree.kind {
            ExprKind::Number(number) => self.number(number, expected),
            ExprKind::YesNo(value) => {
                Some(Typed { expr: Expr { shape: Shape::YES_NO, ..constant(i64::from(*value)) }, ty: Type::YesNo })
            }
            ExprKind::None => Some(Typed { expr: none(expected), ty: expected.cloned().unwrap_or(Type::YesNo) }),
            ExprKind::Date(date) => self.date(*date, span),
            ExprKind::DateTime { civil_ms, utc } => self.moment(*civil_ms, *utc, span),
            ExprKind::TimeOfDay(ms) => Some(Typed { expr: constant(*ms), ty: Type::TimeOfDay }),
            ExprKind::Path(path) => self.path(path, expected, place),
            ExprKind::At => self.at(span, place),
            ExprKind::AsOf => Some(self.as_of()),
            ExprKind::Negate(x) => self.negate(x, expected, place),
            ExprKind::Not(x) => self.condition(x, place).map(|x| Typed { expr: not(x), ty: Type::YesNo }),
            ExprKind::Binary { op, left, right } => self.binary(op.node, left, right, expected, place),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, place),
            ExprKind::InRange { value, low, high } => self.in_range(value, low, high, place),
            ExprKind::OneOf { value, options } => self.one_of(value, options, place),
            ExprKind::IsNone { value, negated } => self.is_none(value, *negated, place),
            ExprKind::Else { value, otherwise } => self.otherwise(value, otherwise, expected, place),
            ExprKind::If { condition, then, otherwise } => self.choose(condition, then, otherwise, expected, place),
            ExprKind::Quantified { quantifier, items, op, operand } => {
                self.quantified(quantifier, items, *op, operand, place)
            }
            ExprKind::Fold { fold, items } => self.fold(fold, items, expected, place),
            ExprKind::Query(query) => self.query(query, place),
            ExprKind::Text(text) if expected == Some(&Type::Code) => {
                let value = self.code(text, span)?;
                Some(Typed { expr: constant(value), ty: Type::Code })
            }
            ExprKind::Text(_) => self.error(codes::E0506, span, "rules cannot use text", "text"),
            ExprKind::InList { value, list } => self.in_list(value, list, place),
            ExprKind::IsUnknown { .. } => self.fault(unsupported(span, "asking whether a fact is known")),
            ExprKind::Round { value, places, mode } => self.round(value, *places, mode.as_ref(), place),
            ExprKind::Calendar { function, arguments } => self.calendar(function, arguments, place),
            ExprKind::Convert { value, unit } => self.convert(value, unit, place),
            ExprKind::Call { function, arguments } => self.call(function, arguments, place),
        }
    }

    pub(super) fn as_of(&mut self) -> Typed {
        self.plan.subject.uses_as_of = true;
        Typed { expr: Expr { op: Op::AsOf, shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) }, ty: Type::Instant }
    }

    fn at(&mut self, span: Span, place: Place) -> Option<Typed> {
        if !place.has_event() {
            let fault = Diagnostic::error(
                codes::E0310,
                span,
                "`at` can only be used inside an event query",
                "no current event",
            );
            return self.fault(fault.help("`at` is the time of the current event: use it after `where`, for example"));
        }
        Some(Typed {
            expr: Expr { op: Op::At(0), shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) },
            ty: Type::Instant,
        })
    }

    fn otherwise(
        &mut self,
        value: &tree::Expr,
        otherwise: &tree::Expr,
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        let x = self.expr(value, expected, place)?;
        let y = self.expr(otherwise, Some(&x.ty), place)?;
        if !x.expr.shape.optional {
            let fault = Diagnostic::error(
                codes::E0508,
                value.span,
                "this can never be none, so `else` is never used",
                "always has a value",
            );
            return self.fault(fault.help("`else` says what stands for none; a missing fact stays unknown"));
        }
        let span = value.span.to(otherwise.span);
        let (x, y, ty) = self.one_type(x, y, span)?;
        let shape = Shape { optional: y.shape.optional, ..hull(x.shape, y.shape) };
        Some(Typed { expr: Expr { op: Op::Else(Box::new(x), Box::new(y)), shape }, ty })
    }

    fn choose(
        &mut self,
        condition: &tree::Expr,
        then: &tree::Expr,
        otherwise: &tree::Expr,
        expected: Option<&Type>,
        place: Place,
    ) -> Option<Typed> {
        let condition = self.condition(condition, place);
        let a = self.expr(then, expected, place);
        let b = self.expr(otherwise, a.as_ref().map(|a| &a.ty).or(expected), place);
        let (condition, a, b) = (condition?, a?, b?);
        let (a, b, ty) = self.one_type(a, b, then.span.to(otherwise.span))?;
        let shape = hull(a.shape, b.shape);
        Some(Typed { expr: Expr { op: Op::If(Box::new(condition), Box::new(a), Box::new(b)), shape }, ty })
    }

    /// Two alternatives brought to one type.
    fn one_type(&mut self, a: Typed, b: Typed, span: Span) -> Option<(Expr, Expr, Type)> {
        if matches!(a.expr.op, Op::None) {
            let a = Expr { op: Op::None, shape: Shape { optional: true, ..b.expr.shape } };
            return Some((a, b.expr, b.ty));
        }
        if matches!((&a.ty, &b.ty), (Type::Number { .. }, Type::Number { .. })) {
            return self.aligned(a, b, span);
        }
        let ty = a.ty.clone();
        let b = self.fit(b, &ty, span)?;
        let b =
            if matches!(b.expr.op, Op::None) { Expr { op: Op::None, shape: a.expr.shape.or_none() } } else { b.expr };
        Some((a.expr, b, ty))
    }

    /// `any of a, b, c is 3`
    fn quantified(
        &mut self,
        quantifier: &Name,
        items: &[tree::Expr],
        op: Comparison,
        operand: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let mut tests = Vec::new();
        for item in items {
            tests.push(self.compare(op, item, operand, place)?.expr);
        }
        self.combined(quantifier, tests)
    }

    fn combined(&mut self, quantifier: &Name, tests: Vec<Expr>) -> Option<Typed> {
        let op = match quantifier.node.as_str() {
            "any" => Op::Or(tests),
            "all" => Op::And(tests),
            "none" => {
                return Some(Typed { expr: not(yes_no(Op::Or(tests))), ty: Type::YesNo });
            }
            "count" => return Some(count(tests)),
            other => {
                let title = format!("`{other} of` cannot combine several yes/no values");
                return self.error(codes::E0509, quantifier.span, title, "use any, all, none or count");
            }
        };
        Some(Typed { expr: yes_no(op), ty: Type::YesNo })
    }

    /// `highest of a, b`, `sum of a, b`, `any of a, b` (of yes/no)
    fn fold(&mut self, fold: &Name, items: &[tree::Expr], expected: Option<&Type>, place: Place) -> Option<Typed> {
        if ["any", "all", "none", "count"].contains(&fold.node.as_str()) {
            let mut tests = Vec::new();
            for item in items {
                tests.push(self.condition(item, place)?);
            }
            return self.combined(fold, tests);
        }
        let mut typed = Vec::new();
        for item in items {
            let value = self.expr(item, typed.last().map(|t: &Typed| &t.ty).or(expected), place)?;
            if value.expr.shape.optional || value.expr.shape.class == Class::Set || matches!(value.ty, Type::YesNo) {
                let title = format!("`{} of` needs numbers, durations or times that are never none", fold.node);
                if value.expr.shape.optional {
                    let fault = Diagnostic::error(codes::E0509, item.span, title, "this can be none");
                    return self.fault(fault.help("use `else` to say what stands for none"));
                }
                return self.error(codes::E0509, item.span, title, format!("this is {}", describe(&value.ty)));
            }
            typed.push(value);
        }
        self.folded(fold, typed)
    }

    fn folded(&mut self, fold: &Name, typed: Vec<Typed>) -> Option<Typed> {
        let places =
            typed.iter().map(|t| if let Type::Number { places, .. } = t.ty { places } else { 0 }).max().unwrap_or(0);
        let mut ty = typed.first()?.ty.clone();
        if let Type::Number { places: p, .. } = &mut ty {
            *p = places;
        }
        let mut exprs = Vec::new();
        for value in typed {
            exprs.push(self.fit(value, &ty, fold.span)?.expr);
        }
        let ends = |pick: fn(i64, i64) -> i64| {
            let low = exprs.iter().map(|e| e.shape.low).reduce(pick).unwrap_or(0);
            Shape::range(low, exprs.iter().map(|e| e.shape.high).reduce(pick).unwrap_or(0))
        };
        let expr = match fold.node.as_str() {
            "highest" => Expr { shape: ends(i64::max), op: Op::Highest(exprs) },
            "lowest" => Expr { shape: ends(i64::min), op: Op::Lowest(exprs) },
            "sum" => self.summed(exprs, fold.span)?,
            other => {
                return self.error(
                    codes::E0509,
                    fold.span,
                    format!("there is no `{other} of`"),
                    "use highest, lowest, sum, count, any or all",
                );
            }
        };
        Some(Typed { expr, ty })
    }

    fn summed(&mut self, exprs: Vec<Expr>, span: Span) -> Option<Expr> {
        let total: i128 =
            exprs.iter().map(|e| i128::from(e.shape.high.unsigned_abs().max(e.shape.low.unsigned_abs()))).sum();
        if total >= 1 << 62 {
            return self.error(codes::E0609, span, "this could be too large to be stored exactly", "the sum");
        }
        Some(add_all(exprs))
    }
}

/// How many of several tests are yes.
fn count(tests: Vec<Expr>) -> Typed {
    Typed { expr: add_all(tests), ty: Type::Number { places: 0, unit: None } }
}

fn add_all(exprs: Vec<Expr>) -> Expr {
    let sum = exprs.into_iter().reduce(|a, b| {
        let shape = Shape::range(a.shape.low + b.shape.low, a.shape.high + b.shape.high);
        Expr { op: Op::Add(Box::new(a), Box::new(b)), shape }
    });
    sum.unwrap_or_else(|| constant(0))
}

fn none(expected: Option<&Type>) -> Expr {
    let shape = match expected {
        Some(ty @ Type::Enum { .. }) => super::subject::choice_shape(ty),
        _ => Shape::range(0, 0),
    };
    Expr { op: Op::None, shape: shape.or_none() }
}

/// The smallest shape that holds both.
pub(super) fn hull(a: Shape, b: Shape) -> Shape {
    Shape { class: a.class, optional: a.optional || b.optional, low: a.low.min(b.low), high: a.high.max(b.high) }
}
