//! Conversions of units: plain ratios, and the named ones that depend on the substance.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Rounding};
use crate::syntax::tree::{self, Unit};
use crate::text::Span;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Place, Typed};
use crate::values::dimension::Conversion;
use crate::values::types::Type;
use crate::values::{dimension, substances};

impl Builder<'_> {
    /// `x to µmol/L`: a plain ratio between units of one dimension; what is not exact must be rounded.
    pub(super) fn convert(&mut self, value: &tree::Expr, unit: &Unit, place: Place) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        let Type::Number { places, unit: Some(from) } = typed.ty.clone() else {
            return self.error(codes::E0502, value.span, "only a number with a unit can be converted", "no unit");
        };
        if dimension::same(&from, &unit.text) {
            return Some(Typed { expr: typed.expr, ty: Type::Number { places, unit: Some(unit.text.clone()) } });
        }
        let Conversion { times, plus, over } = self.conversion(&from, unit)?;
        self.converts_a_temperature(value, (&from, unit, plus))?;
        let (mut up, mut add, mut down, mut more) = (times, plus, over, 0);
        while down > 1 && more < 9 {
            let by = greatest_common_divisor(10, down);
            if by == 1 {
                break;
            }
            (up, add, down, more) = (up * (10 / by), add * (10 / by), down / by, more + 1);
        }
        if down != 1 || places + more > 9 {
            let fault = Diagnostic::error(codes::E0611, unit.span, "this conversion is not exact", "round it");
            let said = self.context.words(value.span);
            return self
                .fault(fault.help(format!("say how it is rounded: `round {said} to {} to 1 place`", unit.text)));
        }
        let expr = self.multiply(typed.expr, constant(up), value.span)?;
        let expr = self.plus_fixed(expr, add, places, value.span)?;
        Some(Typed { expr, ty: Type::Number { places: places + more, unit: Some(unit.text.clone()) } })
    }

    /// `round x to °C to 1 place`: a conversion that need not be exact.
    pub(super) fn converted(
        &mut self,
        (value, unit): (&tree::Expr, &Unit),
        places: u8,
        how: Rounding,
        place: Place,
    ) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        let Type::Number { places: has, unit: Some(from) } = typed.ty.clone() else {
            return self.error(codes::E0502, value.span, "only a number with a unit can be converted", "no unit");
        };
        let Conversion { times, plus, over } = self.conversion(&from, unit)?;
        self.converts_a_temperature(value, (&from, unit, plus))?;
        let expr = self.multiply(typed.expr, constant(times), value.span)?;
        let expr = self.plus_fixed(expr, plus, has, value.span)?;
        let expr = self.scale_up(expr, places.saturating_sub(has), value.span)?;
        let over = self.scale_up(constant(over), has.saturating_sub(places), value.span)?;
        let expr = self.divided(expr, over, how, value.span)?;
        Some(Typed { expr, ty: Type::Number { places, unit: Some(unit.text.clone()) } })
    }

    /// The conversion from one unit to another, or why there is none.
    fn conversion(&mut self, from: &str, unit: &Unit) -> Option<Conversion> {
        if let Some(found) = dimension::conversion(from, &unit.text) {
            return Some(found);
        }
        let title = format!("`{from}` and `{}` measure different things", unit.text);
        let fault = Diagnostic::error(codes::E0502, unit.span, title, "no fixed conversion");
        self.fault(match conversions(from, &unit.text) {
            Some(named) => {
                fault.help(format!("converting between mass and amount depends on the substance: use {named}"))
            }
            None => fault.help("check which fact and which unit are meant"),
        })
    }

    /// A number at some decimal places and a whole one.
    fn plus_fixed(&mut self, expr: Expr, whole: i64, places: u8, span: Span) -> Option<Expr> {
        if whole == 0 {
            return Some(expr);
        }
        let add = self.scale_up(constant(whole), places, span)?;
        let (low, high) = (i128::from(expr.shape.low), i128::from(expr.shape.high));
        let (least, most) = (i128::from(add.shape.low), i128::from(add.shape.high));
        let shape = self.proved(low + least, high + most, expr.shape.optional, span)?;
        Some(match expr.op {
            Op::Constant(value) => constant(value + add.shape.low),
            op => Expr { op: Op::Add(Box::new(Expr { op, shape: expr.shape }), Box::new(add)), shape },
        })
    }
}

/// The named conversions from one unit to another, for people; nothing where there are none.
pub(super) fn conversions(from: &str, to: &str) -> Option<String> {
    let exact: Vec<String> = substances::to_amount(from, to).map(|name| format!("`{name}(…)`")).collect();
    let back: Vec<String> = substances::to_mass(from, to).map(|name| format!("`{name}(…)`")).collect();
    match (exact.is_empty(), back.is_empty()) {
        (false, _) => Some(exact.join(" or ")),
        (_, false) => Some(format!("{}, inside a rounding", back.join(" or "))),
        _ => None,
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}
