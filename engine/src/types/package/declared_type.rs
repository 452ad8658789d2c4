//! Types as declared, with their ranges.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::Shape;
use crate::syntax::tree::{self, Number, TypeExpr, TypeKind, Unit};
use crate::text::Span;
use crate::types::builder::reader::Reader;
use crate::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT};
use crate::values::types::{LONGEST_DURATION, Type};
use crate::values::{dimension, nhs_number};

impl Reader<'_> {
    /// A type as declared. Facts must give a range: what cannot be is how errors are found.
    pub(in crate::types) fn declared_type(&mut self, tree: &TypeExpr, ranged: bool) -> Option<(Type, Shape)> {
        Some(match &tree.kind {
            TypeKind::YesNo => (Type::YesNo, Shape::YES_NO),
            TypeKind::Integer { range, unit } => {
                return self.number_type(tree.span, range.as_ref(), unit.as_ref(), false, ranged);
            }
            TypeKind::Decimal { range, unit } => {
                return self.number_type(tree.span, range.as_ref(), unit.as_ref(), true, ranged);
            }
            TypeKind::Named(path) => return self.named_type(path),
            TypeKind::Organisation => (Type::Organisation, Shape::range(0, 0)),
            TypeKind::Text => (Type::Text, Shape::range(0, 0)),
            TypeKind::Date => (Type::Date, Shape::range(FIRST_DATE, LAST_DATE)),
            TypeKind::Instant => (Type::Instant, Shape::range(FIRST_INSTANT, LAST_INSTANT)),
            TypeKind::TimeOfDay => (Type::TimeOfDay, Shape::range(0, DAY - 1)),
            TypeKind::Duration { range } => return self.duration_type(range.as_ref()),
            TypeKind::Optional(inner) => {
                let (ty, shape) = self.declared_type(inner, ranged)?;
                (ty, shape.or_none())
            }
            TypeKind::Real => {
                let title = "a fact cannot be a real number: those exist only inside a formula";
                let fault = Diagnostic::error(codes::E0613, tree.span, title, "not a type for facts");
                return self.fault(fault.help("declare the precision with which it is recorded: `decimal 0.0..40.0`"));
            }
            TypeKind::NhsNumber => (Type::NhsNumber, Shape::range(nhs_number::LOWEST, nhs_number::HIGHEST)),
            TypeKind::Code => (Type::Code, Shape::range(crate::values::codes::LOWEST, crate::values::codes::HIGHEST)),
        })
    }

    pub(in crate::types) fn named_type(&mut self, path: &tree::Path) -> Option<(Type, Shape)> {
        let name = path.text();
        let called = |ty: &&Type, wanted: &str| matches!(ty, Type::Enum { name, .. } if name == wanted);
        let found = match path.parts.as_slice() {
            [alias, wanted] => match self.context.import_called(&alias.node) {
                Some(import) => {
                    let package = import.package?; // where it cannot be used, that is said at the `use`
                    self.context.package(package)?.enums.iter().find(|ty| called(ty, &wanted.node))
                }
                None => None,
            },
            _ => self.context.enums().iter().find(|ty| called(ty, &name)),
        };
        if let Some(ty) = found.cloned() {
            let shape = choice_shape(&ty);
            return Some((ty, shape));
        }
        let known: Vec<&str> = self.names().enums.iter().map(|e| e.name.node.as_str()).collect();
        let near = crate::syntax::spelling::nearest(&name, known);
        let mut fault =
            Diagnostic::error(codes::E0307, path.span, format!("there is no type `{name}`"), "not declared");
        if let Some(near) = near {
            fault = fault.help(format!("did you mean `{near}`?")).edit(path.span, near);
        } else {
            fault = fault.help("the types are yes/no, integer, decimal, duration, date, instant, time of day, organisation, text, or an enum: of this package by its name, or of one that it uses as `name.Enum`");
        }
        self.fault(fault)
    }

    pub(in crate::types) fn number_type(
        &mut self,
        span: Span,
        range: Option<&(Number, Number)>,
        unit: Option<&Unit>,
        decimal: bool,
        ranged: bool,
    ) -> Option<(Type, Shape)> {
        let Some((low, high)) = range else {
            let title = "a number needs the range of values that can be recorded";
            let fault = Diagnostic::error(codes::E0601, span, title, "no range");
            let sample = if decimal { "decimal 25.0..45.0 °C" } else { "integer 0..100 per min" };
            return ranged.then(|| {
                self.fault(fault.help(format!("write the lowest and the highest value, for example `{sample}`")))
            })?;
        };
        let places = low.places.max(high.places);
        if !decimal && places > 0 {
            let fault = Diagnostic::error(
                codes::E0602,
                span,
                "an integer has no decimal places",
                "written with a decimal point",
            );
            return self.fault(fault.help("write `decimal` for a number with decimal places"));
        }
        let (low_value, high_value) = (self.scaled(low, places)?, self.scaled(high, places)?);
        if low_value > high_value {
            let fault =
                Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value can be recorded");
            return self.fault(fault.help("write the lowest value first"));
        }
        let unit = unit.map(|u| u.text.clone());
        Some((Type::Number { places, unit }, Shape::range(low_value, high_value)))
    }

    pub(in crate::types) fn duration_type(&mut self, range: Option<&(Number, Number)>) -> Option<(Type, Shape)> {
        let Some((low, high)) = range else {
            return Some((Type::Duration, Shape::range(0, LONGEST_DURATION)));
        };
        let span = low.span.to(high.span);
        let (low, high) = (self.in_milliseconds(low)?, self.in_milliseconds(high)?);
        if low > high {
            let title = "the range ends below its start";
            let fault = Diagnostic::error(codes::E0603, span, title, "no value can be recorded");
            return self.fault(fault.help("write the shortest first"));
        }
        Some((Type::Duration, Shape::range(low, high)))
    }

    /// A literal's digits at `places` decimal places.
    pub(in crate::types) fn scaled(&mut self, number: &Number, places: u8) -> Option<i64> {
        let by = 10_i64.checked_pow(u32::from(places.saturating_sub(number.places)));
        let value = by.and_then(|by| number.digits.checked_mul(by)).filter(|v| v.unsigned_abs() < 1 << 62);
        if value.is_none() {
            return self.error(codes::E0604, number.span, "the number is too large to be stored exactly", "too large");
        }
        value
    }

    /// A literal with a unit of elapsed time, in milliseconds.
    pub(in crate::types) fn in_milliseconds(&mut self, number: &Number) -> Option<i64> {
        let size = number.unit.as_ref().and_then(|u| dimension::milliseconds(&u.text));
        let Some(size) = size else {
            let fault = Diagnostic::error(codes::E0501, number.span, "a duration needs a unit of time", "which unit?");
            return self.fault(fault.help("write min, h, days or weeks after the number: `1 h`"));
        };
        let scale = 10_i64.checked_pow(u32::from(number.places)).unwrap_or(i64::MAX);
        let product = number.digits.checked_mul(size).filter(|ms| ms % scale == 0).map(|ms| ms / scale);
        match product.filter(|ms| ms.abs() <= LONGEST_DURATION) {
            Some(ms) => Some(ms),
            None => self.error(
                codes::E0604,
                number.span,
                "the duration is longer than a century or finer than a millisecond",
                "cannot be stored exactly",
            ),
        }
    }
}

/// The most choices of an enum, answers of a column and outcomes of a clock: sets of them are held in 64 bits, of which one is for none.
pub(in crate::types) const MOST_CHOICES: usize = 63;

/// The shape of an enum's values. One that has more choices is refused where they are declared, and so of those no more is known.
pub(in crate::types) fn choice_shape(ty: &Type) -> Shape {
    let count = if let Type::Enum { variants, .. } = ty { variants.len() } else { 0 };
    Shape::set(i64::try_from(count.min(MOST_CHOICES)).unwrap_or(63).max(1))
}
