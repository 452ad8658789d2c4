//! What fits with what: units, decimal places, one type for two sides; and a type in words, for messages.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::Number;
use crate::text::Span;
use crate::types::expressions::conversion::conversions;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Typed};
use crate::values::dimension;
use crate::values::types::Type;

impl Builder<'_> {
    /// Brings an expression to exactly `ty` (more decimal places where needed), or reports why it cannot be.
    pub(in crate::types) fn fit(&mut self, typed: Typed, ty: &Type, span: Span) -> Option<Typed> {
        if let (Type::Number { places, unit }, Type::Number { places: wanted, unit: wanted_unit }) = (&typed.ty, ty) {
            self.same_unit(unit.as_deref(), wanted_unit.as_deref(), span)?;
            let Some(more) = wanted.checked_sub(*places) else {
                return self.too_precise(&typed, *places, *wanted, ty, span);
            };
            let expr = self.scale_up(typed.expr, more, span)?;
            return Some(Typed { expr, ty: ty.clone() });
        }
        let none = matches!(typed.expr.op, Op::None);
        if typed.ty == *ty || none {
            Some(Typed { ty: ty.clone(), ..typed })
        } else {
            let figure = if let Op::Constant(figure) = typed.expr.op { Some(figure) } else { None };
            self.of_another_type(&typed.ty, ty, figure, span)
        }
    }

    /// Trailing zeros may go; anything else is a value that cannot be recorded.
    fn too_precise(&mut self, typed: &Typed, places: u8, wanted: u8, ty: &Type, span: Span) -> Option<Typed> {
        let by = 10_i64.checked_pow(u32::from(places - wanted)).unwrap_or(i64::MAX);
        if let Op::Constant(value) = typed.expr.op
            && value % by == 0
        {
            return Some(Typed { expr: constant(value / by), ty: ty.clone() });
        }
        let record = match wanted {
            0 => "whole numbers".to_owned(),
            1 => "one decimal place".to_owned(),
            n => format!("{n} decimal places"),
        };
        let fault =
            Diagnostic::error(codes::E0607, span, format!("this is recorded to {record}"), "more precise than that");
        self.fault(fault.help("no recorded value can lie between: use the nearest value that can be recorded, or declare more decimal places"))
    }

    /// Multiplies by 10 to the power of `places`.
    pub(super) fn scale_up(&mut self, expr: Expr, places: u8, span: Span) -> Option<Expr> {
        let Some(by) = 10_i64.checked_pow(u32::from(places)) else {
            return self.error(codes::E0604, span, "too many decimal places", "cannot be stored exactly");
        };
        match expr.op {
            _ if by == 1 => Some(expr),
            Op::Constant(value) => match value.checked_mul(by) {
                Some(value) => Some(constant(value)),
                None => self.error(codes::E0604, span, "the number is too large to be stored exactly", "too large"),
            },
            _ => self.multiply(expr, constant(by), span),
        }
    }

    /// Whether two units agree; if not, says which conversion would do.
    pub(super) fn same_unit(&mut self, found: Option<&str>, wanted: Option<&str>, span: Span) -> Option<()> {
        let (found, wanted) = match (found, wanted) {
            (None, None) => return Some(()),
            (Some(a), Some(b)) if dimension::same(a, b) => return Some(()),
            (found, wanted) => (found.unwrap_or("no unit"), wanted.unwrap_or("no unit")),
        };
        let title = format!("`{found}` is given where `{wanted}` is expected");
        let fault = Diagnostic::error(codes::E0502, span, title, format!("in {found}"));
        let body = |unit: &str| matches!(unit, "kg" | "lb");
        let dose = |unit: &str| matches!(unit, "mg" | "µg" | "ug" | "ng");
        let help = if dose(found) && body(wanted) || body(found) && dose(wanted) {
            "a dose and a weight are of different sizes; so much for each kilogram is worked out by itself and compared: `round dose to mg / weight to kg to 1 place`".to_owned()
        } else if found.starts_with("calendar day") && wanted.starts_with("day") {
            "`days from … to …` counts days of the calendar already: write `days`, or the number alone".to_owned()
        } else if dimension::same_dimension(found, wanted) {
            in_unit(found, wanted)
        } else {
            match conversions(found, wanted) {
                None => "the two measure different things; check which fact is meant".to_owned(),
                Some(named) => format!(
                    "converting between mass and amount depends on the substance: give the figure in {wanted} as its source does, or convert a value with {named}"
                ),
            }
        };
        self.fault(fault.help(help))
    }

    pub(in crate::types) fn wrong_type<T>(&mut self, found: &Type, wanted: &Type, span: Span) -> Option<T> {
        self.of_another_type(found, wanted, None, span)
    }

    /// The same of a value, whose figure the help has in it where it is known.
    fn of_another_type<T>(&mut self, found: &Type, wanted: &Type, figure: Option<i64>, span: Span) -> Option<T> {
        let title = format!("{} is given where {} is expected", describe(found), describe(wanted));
        let fault = Diagnostic::error(codes::E0503, span, title, format!("this is {}", describe(found)));
        let unit_of_days = |unit: &str| unit.contains("day") && unit.contains(' ');
        self.fault(match (found, wanted) {
            (Type::Number { unit: Some(unit), .. }, Type::Duration) if unit_of_days(unit) => {
                let hours = figure.filter(|_| unit.starts_with("calendar")).and_then(|days| days.checked_mul(24));
                let such = hours.map_or_else(String::new, |hours| format!(", such as `{hours} h`"));
                fault.help(format!(
                    "a duration is elapsed time{such}; a number of {unit} is declared as `integer 1..28 {unit}`"
                ))
            }
            (Type::Number { unit: Some(unit), .. }, Type::Duration)
                if unit.starts_with("year") || unit.starts_with("month") =>
            {
                fault.help(format!(
                    "a duration is elapsed time, in which no two {unit} need be of one length; what lies between two days is counted with `years from a to b` and `months from a to b`"
                ))
            }
            (Type::Number { .. }, Type::Duration) => fault.help("a duration has a unit: `1 h`, `30 min`, `72 h`"),
            (Type::Instant, Type::Date) => {
                fault.help("`date of` an instant is its day, as in `date of as of`")
            }
            (Type::Date, Type::Instant) => {
                fault.help("a date is a whole day; an instant is a date with a time")
            }
            _ => fault,
        })
    }

    /// Two numbers of one unit brought to the same number of decimal places.
    pub(super) fn aligned(&mut self, a: Typed, b: Typed, span: Span) -> Option<(Expr, Expr, Type)> {
        let (Type::Number { places: pa, unit: ua }, Type::Number { places: pb, unit: ub }) = (&a.ty, &b.ty) else {
            return None;
        };
        self.same_unit(ub.as_deref(), ua.as_deref(), span)?;
        let places = *pa.max(pb);
        let (more_a, more_b, unit) = (places - pa, places - pb, ua.clone());
        let a = self.scale_up(a.expr, more_a, span)?;
        let b = self.scale_up(b.expr, more_b, span)?;
        Some((a, b, Type::Number { places, unit }))
    }

    /// Two alternatives brought to one type.
    pub(super) fn one_type(&mut self, a: Typed, b: Typed, span: Span) -> Option<(Expr, Expr, Type)> {
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

    /// The value of an expression that must be a constant.
    pub(in crate::types) fn constant(&mut self, typed: &crate::types::Typed, span: Span) -> Option<i64> {
        match typed.expr.op {
            Op::Constant(value) => Some(value),
            Op::Choice(variant) => Some(i64::from(variant)),
            _ => self.error(codes::E0605, span, "a fixed value belongs here", "this depends on the case"),
        }
    }
}

/// How a value in one unit is written in another that measures the same.
fn in_unit(found: &str, wanted: &str) -> String {
    let plain =
        format!("write the value in {wanted}: both measure the same thing, but nothing is converted in silence");
    match (found, wanted) {
        (months, years) if months.starts_with("month") && years.starts_with("year") => format!(
            "{plain}; what is no whole number of years is asked of a fact in months, such as `integer 0..1560 months`, \
             or of a date of birth: `months from born to date of as of`"
        ),
        ("°C", "°F") | ("°F", "°C") => format!("{plain}; of a rise or a fall, 1 °C is 1.8 °F"),
        _ => plain,
    }
}

/// A type for messages: `a number in mmHg`, `yes/no`, `a Scale`.
pub(in crate::types) fn describe(ty: &Type) -> String {
    match ty {
        Type::YesNo => "yes/no".to_owned(),
        Type::Number { unit: None, .. } => "a number".to_owned(),
        Type::Number { unit: Some(unit), .. } => format!("a number in {unit}"),
        Type::Enum { name, .. } => format!("a choice of `{name}`"),
        Type::Duration => "a duration".to_owned(),
        Type::Instant => "an instant".to_owned(),
        Type::Date => "a date".to_owned(),
        Type::TimeOfDay => "a time of day".to_owned(),
        Type::Organisation => "an organisation".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Code => "a code".to_owned(),
        Type::NhsNumber => "an NHS number".to_owned(),
    }
}

/// A number as it is written, without its unit.
pub(in crate::types) fn figure(number: &Number) -> String {
    let one = 10_i64.checked_pow(u32::from(number.places)).unwrap_or(i64::MAX);
    let places = usize::from(number.places);
    match places {
        0 => number.digits.to_string(),
        _ => format!("{}.{:0places$}", number.digits / one, (number.digits % one).abs()),
    }
}
