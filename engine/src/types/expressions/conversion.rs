//! Conversions of units: plain ratios, and the named ones that depend on the substance.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Unit};
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Place, Typed};
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
