//! Functions of the calendar, rounding and division, and named conversions of units.

use super::arithmetic::yes_no;
use super::formulas::is_formula;
use super::literals::{constant, describe};
use super::{Builder, Place, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Overlap, Rounding, Shape};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Name, Unit};
use crate::text::Span;
use crate::values::calendar::{DAY, years_between};
use crate::values::dimension;
use crate::values::types::Type;

/// A conversion that depends on the substance: amount of it from mass, exactly, and mass from amount, in a formula.
pub(super) struct Substance {
    /// The function that gives the amount.
    name: &'static str,
    /// The function that gives the mass, by division.
    pub back: &'static str,
    mass: &'static str,
    pub amount: &'static str,
    /// Amount for one of mass, as digits and places.
    pub factor: (i64, u8),
}

/// Factors: molar masses as in the NHS England AKI algorithm and the UK Association for Laboratory Medicine's harmonised units.
pub(super) const SUBSTANCES: [Substance; 3] = [
    Substance {
        name: "creatinine_in_umol_per_L",
        back: "creatinine_in_mg_per_dL",
        mass: "mg/dL",
        amount: "µmol/L",
        factor: (8842, 2),
    },
    Substance {
        name: "glucose_in_mmol_per_L",
        back: "glucose_in_mg_per_dL",
        mass: "mg/dL",
        amount: "mmol/L",
        factor: (555, 4),
    },
    Substance {
        name: "bilirubin_in_umol_per_L",
        back: "bilirubin_in_mg_per_dL",
        mass: "mg/dL",
        amount: "µmol/L",
        factor: (171, 1),
    },
];

/// The named conversions from one unit to another, for people; nothing where there are none.
pub(super) fn conversions(from: &str, to: &str) -> Option<String> {
    let exact = SUBSTANCES.iter().filter(|s| dimension::same(s.mass, from) && dimension::same(s.amount, to));
    let exact: Vec<String> = exact.map(|s| format!("`{}(…)`", s.name)).collect();
    let back = SUBSTANCES.iter().filter(|s| dimension::same(s.amount, from) && dimension::same(s.mass, to));
    let back: Vec<String> = back.map(|s| format!("`{}(…)`", s.back)).collect();
    match (exact.is_empty(), back.is_empty()) {
        (false, _) => Some(exact.join(" or ")),
        (_, false) => Some(format!("{}, inside a rounding", back.join(" or "))),
        _ => None,
    }
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Builder<'_> {
    /// `date of x`, `time of x`, `weekday of x`, `years from a to b`, `days from a to b`, `working days from` is not asked.
    pub(super) fn calendar(&mut self, function: &Name, arguments: &[tree::Expr], place: Place) -> Option<Typed> {
        match (function.node.as_str(), arguments) {
            ("date", [of]) => self.date_of(of, place),
            ("time", [of]) => {
                let instant = self.moment_at(of, place)?;
                let shape = Shape { optional: instant.shape.optional, ..Shape::range(0, DAY - 1) };
                Some(Typed { expr: Expr { op: Op::LocalTime(Box::new(instant)), shape }, ty: Type::TimeOfDay })
            }
            ("weekday", [of]) => {
                let date = self.date_of(of, place)?.expr;
                let shape = Shape { optional: date.shape.optional, ..Shape::set(7) };
                Some(Typed { expr: Expr { op: Op::Weekday(Box::new(date)), shape }, ty: weekday_type() })
            }
            ("years", [from, to]) => {
                let (from, to) = (self.date_of(from, place)?.expr, self.date_of(to, place)?.expr);
                let (x, y) = (from.shape, to.shape);
                let range = Shape::range(years_between(x.high, y.low), years_between(x.low, y.high));
                let shape = Shape { optional: x.optional || y.optional, ..range };
                let unit = Some("years".to_owned());
                Some(Typed {
                    expr: Expr { op: Op::YearsBetween(Box::new(from), Box::new(to)), shape },
                    ty: Type::Number { places: 0, unit },
                })
            }
            ("days" | "weeks", [from, to]) => {
                let (from, to) = (self.date_of(from, place)?.expr, self.date_of(to, place)?.expr);
                let days = self.shifted(to, from, false);
                let unit = Some(function.node.clone());
                if function.node == "days" {
                    return Some(Typed { expr: days, ty: Type::Number { places: 0, unit } });
                }
                let expr = self.divided(days, constant(7), Rounding::Down, function.span)?;
                Some(Typed { expr, ty: Type::Number { places: 0, unit } })
            }
            (other, _) => {
                let fault = Diagnostic::error(
                    codes::E0510,
                    function.span,
                    format!("`{other}` cannot be taken from a time"),
                    "not part of a time",
                );
                self.fault(fault.help("use date of, time of or weekday of; or years, weeks or days from … to …"))
            }
        }
    }

    fn moment_at(&mut self, tree: &tree::Expr, place: Place) -> Option<Expr> {
        let typed = self.expr(tree, Some(&Type::Instant), place)?;
        Some(self.fit(typed, &Type::Instant, tree.span)?.expr)
    }

    /// A date as it is, or the day in London of an instant.
    fn date_of(&mut self, tree: &tree::Expr, place: Place) -> Option<Typed> {
        let typed = self.expr(tree, None, place)?;
        match typed.ty {
            Type::Date => Some(typed),
            Type::Instant => Some(Typed { expr: self.local_date(typed.expr), ty: Type::Date }),
            other => {
                let title = format!("a date or an instant belongs here, not {}", describe(&other));
                self.error(codes::E0503, tree.span, title, "not a time")
            }
        }
    }

    /// `round x to 2 places [up | down | half up | half even]`; the one place where a division may stand.
    pub(super) fn round(&mut self, value: &tree::Expr, places: u8, mode: Option<&Name>, place: Place) -> Option<Typed> {
        let how = match mode.map(|m| m.node.as_str()) {
            None | Some("half up") => Rounding::HalfUp,
            Some("half even") => Rounding::HalfEven,
            Some("up") => Rounding::Up,
            Some("down") => Rounding::Down,
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
        if let ExprKind::Binary { op, left, right } = &value.kind
            && op.node == BinaryOp::Divide
        {
            return self.quotient(left, right, places, how, value.span, place);
        }
        let typed = self.expr(value, None, place)?;
        let Type::Number { places: has, unit } = typed.ty.clone() else {
            return self.error(
                codes::E0503,
                value.span,
                format!("{} cannot be rounded", describe(&typed.ty)),
                "not a number",
            );
        };
        let ty = Type::Number { places, unit };
        if has <= places {
            return self.fit(typed, &ty, value.span);
        }
        let by = 10_i64.checked_pow(u32::from(has - places)).unwrap_or(i64::MAX);
        let expr = self.divided(typed.expr, constant(by), how, value.span)?;
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
        let b = self.expr(right, None, place)?;
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
    fn divided(&mut self, a: Expr, b: Expr, how: Rounding, span: Span) -> Option<Expr> {
        if b.shape.low <= 0 && b.shape.high >= 0 {
            let fault = Diagnostic::error(codes::E0612, span, "this could be a division by 0", "the divisor may be 0");
            return self.fault(fault.help("declare a range for it that excludes 0"));
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

    /// `x to µmol/L`: a plain ratio between units of one dimension; what is not exact must be rounded.
    pub(super) fn convert(&mut self, value: &tree::Expr, unit: &Unit, place: Place) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        let Type::Number { places, unit: Some(from) } = typed.ty.clone() else {
            return self.error(codes::E0502, value.span, "only a number with a unit can be converted", "no unit");
        };
        if dimension::same(&from, &unit.text) {
            return Some(Typed { expr: typed.expr, ty: Type::Number { places, unit: Some(unit.text.clone()) } });
        }
        let sizes = dimension::unit(&from).zip(dimension::unit(&unit.text)).filter(|(a, b)| a.dimension == b.dimension);
        let Some((a, b)) = sizes else {
            let title = format!("`{from}` and `{}` measure different things", unit.text);
            let fault = Diagnostic::error(codes::E0502, unit.span, title, "no fixed conversion");
            return self.fault(match conversions(&from, &unit.text) {
                Some(named) => {
                    fault.help(format!("converting between mass and amount depends on the substance: use {named}"))
                }
                None => fault.help("check which fact and which unit are meant"),
            });
        };
        let (mut up, mut down) = (a.numerator * b.denominator, b.numerator * a.denominator);
        let common = greatest_common_divisor(up, down);
        (up, down) = (up / common, down / common);
        let mut more = 0;
        while down > 1 && more < 9 {
            let by = greatest_common_divisor(10, down);
            if by == 1 {
                break;
            }
            (up, down, more) = (up * (10 / by), down / by, more + 1);
        }
        if down != 1 || places + more > 9 {
            return self.error(codes::E0611, unit.span, "this conversion is not exact", "round it");
        }
        let expr = self.multiply(typed.expr, constant(up), value.span)?;
        Some(Typed { expr, ty: Type::Number { places: places + more, unit: Some(unit.text.clone()) } })
    }

    /// `creatinine_in_umol_per_L(x)`, `abs(x)`, `overlap(start, end, 23:00, 06:00)`, `code_of(x)`.
    pub(super) fn call(&mut self, function: &Name, arguments: &[tree::Expr], place: Place) -> Option<Typed> {
        let substance = SUBSTANCES.iter().find(|substance| substance.name == function.node);
        match (function.node.as_str(), substance, arguments) {
            (_, Some(Substance { mass, amount, factor: (factor, places), .. }), [x]) => {
                let typed = self.expr(x, None, place)?;
                let Type::Number { places: has, unit } = typed.ty.clone() else {
                    return self.error(codes::E0503, x.span, "a number belongs here", "not a number");
                };
                self.same_unit(unit.as_deref(), Some(mass), x.span)?;
                let expr = self.multiply(typed.expr, constant(*factor), x.span)?;
                Some(Typed { expr, ty: Type::Number { places: has + places, unit: Some((*amount).to_owned()) } })
            }
            ("abs", _, [x]) => {
                let typed = self.expr(x, None, place)?;
                let shape = typed.expr.shape;
                let most = shape.high.max(-shape.low).max(0);
                let turned = Expr {
                    op: Op::Negate(Box::new(typed.expr.clone())),
                    shape: Shape { low: -shape.high, high: -shape.low, ..shape },
                };
                let less = yes_no(Op::Within(Box::new(typed.expr.clone()), shape.low.min(-1), -1));
                let op = Op::If(Box::new(less), Box::new(turned), Box::new(typed.expr));
                Some(Typed { expr: Expr { op, shape: Shape { low: 0, high: most, ..shape } }, ty: typed.ty })
            }
            ("overlap", _, [start, end, from, until]) => {
                let (start, end) = (self.moment_at(start, place)?, self.moment_at(end, place)?);
                let mut time = |tree: &tree::Expr| -> Option<i64> {
                    let typed = self.expr(tree, Some(&Type::TimeOfDay), place)?;
                    let typed = self.fit(typed, &Type::TimeOfDay, tree.span)?;
                    self.constant(&typed, tree.span)
                };
                let (from, until) = (time(from)?, time(until)?);
                let most = (end.shape.high - start.shape.low).max(0);
                let shape = Shape { optional: start.shape.optional || end.shape.optional, ..Shape::range(0, most) };
                Some(Typed {
                    expr: Expr { op: Op::Overlap(Box::new(Overlap { start, end, from, until })), shape },
                    ty: Type::Duration,
                })
            }
            _ => {
                let known: Vec<&str> =
                    SUBSTANCES.iter().flat_map(|s| [s.name, s.back]).chain(["abs", "overlap"]).collect();
                self.no_function(function, &known)
            }
        }
    }

    /// Makes England's bank holidays part of the logic.
    pub(super) fn uses_working_days(&mut self) {
        if self.plan.holidays.is_empty() {
            self.plan.holidays = crate::values::holidays::england();
        }
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}

/// The days of the week as an enum.
pub(super) fn weekday_type() -> Type {
    let variants: Vec<String> = DAYS.iter().map(|d| (*d).to_owned()).collect();
    Type::Enum { name: "weekday".to_owned(), labels: vec![None; variants.len()], variants }
}
