//! What an example supplies of a fact or of a time: a value, or a range in which it lies.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::case::{Datum, When};
use crate::plan::{Class, Input, OtherUnit};
use crate::syntax::tree::{self, ExprKind, Supplied};
use crate::text::Span;
use crate::types::Builder;
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::dimension;
use crate::values::interval::day;
use crate::values::types::Type;

impl Builder<'_> {
    /// The value of a fact or of a field of an event.
    pub(super) fn datum(&mut self, input: &Input, supplied: &Supplied) -> Option<Datum> {
        if let Supplied::Value(value) = supplied
            && matches!(value.kind, ExprKind::None)
        {
            if !input.shape.optional {
                let title = format!("`{}` cannot be recorded as none", input.name);
                let fault = Diagnostic::error(codes::E0508, value.span, title, "never none");
                return self.fault(fault.help("leave the fact out if it is missing, or declare it `optional`"));
            }
            return Some(Datum::None);
        }
        let declared = (input.shape.low, input.shape.high);
        let is_range = !matches!(supplied, Supplied::Value(_));
        if is_range
            && (input.shape.class == Class::Set || matches!(input.ty, Type::YesNo | Type::Code | Type::NhsNumber))
        {
            let title = format!("`{}` has no order, so it has no range", input.name);
            let fault = Diagnostic::error(codes::E0503, supplied.span(), title, "a range of values");
            return self.fault(fault.help("give one value, or leave the fact out if it is not known"));
        }
        let (low, high) = self.meant(supplied, &input.ty, &input.also, declared)?;
        let outside = low > high || low < declared.0 || high > declared.1;
        if input.shape.class == Class::Range && outside {
            let (least, most) = (input.ty.show(declared.0), input.ty.show(declared.1));
            let title = format!("`{}` must be between {least} and {most}", input.name);
            return self.error(codes::E0610, supplied.span(), title, "outside the declared range");
        }
        Some(Datum::between(low, high))
    }

    /// When an event happened: a day alone is any time of that day.
    pub(super) fn when(&mut self, supplied: &Supplied) -> Option<When> {
        let (first, last) = self.meant(supplied, &Type::Instant, &[], (FIRST_INSTANT, LAST_INSTANT))?;
        Some(When::between(first, last))
    }

    /// The least and the greatest value; the least above the greatest where no declared value is meant.
    fn meant(
        &mut self,
        supplied: &Supplied,
        ty: &Type,
        also: &[OtherUnit],
        declared: (i64, i64),
    ) -> Option<(i64, i64)> {
        match supplied {
            Supplied::Value(value) => self.meant_by(value, ty, also),
            Supplied::Range(from, to) => {
                let ((low, _), (_, high)) = (self.meant_by(from, ty, also)?, self.meant_by(to, ty, also)?);
                if low > high { self.ends_below_start(from.span.to(to.span)) } else { Some((low, high)) }
            }
            Supplied::Beyond(edge, value) => {
                let ends = self.meant_by(value, ty, also)?;
                let is_converted = other_unit(value, also).is_some();
                let meant =
                    if is_converted { edge.within_converted(declared, ends) } else { edge.within(declared, ends) };
                Some(meant.unwrap_or((1, 0)))
            }
        }
    }

    /// A value, or the first and the last millisecond of a day where an instant is meant.
    fn meant_by(&mut self, value: &tree::Expr, ty: &Type, also: &[OtherUnit]) -> Option<(i64, i64)> {
        if let (Some((number, other)), Type::Number { places, .. }) = (other_unit(value, also), ty) {
            let ends = other.conversion.ends(number.digits, number.places, *places);
            return ends.or_else(|| {
                self.error(codes::E0604, value.span, "the number is too large to be stored exactly", "too large")
            });
        }
        if *ty == Type::Instant && matches!(value.kind, ExprKind::Date(_)) {
            return self.typed_constant(value, &Type::Date).map(day);
        }
        self.typed_constant(value, ty).map(|value| (value, value))
    }

    pub(super) fn ends_below_start<T>(&mut self, span: Span) -> Option<T> {
        let fault = Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value lies in it");
        self.fault(fault.help("write the lower end first"))
    }
}

/// A number in a unit that is not the first of its fact or field.
fn other_unit<'e>(value: &'e tree::Expr, also: &'e [OtherUnit]) -> Option<(&'e tree::Number, &'e OtherUnit)> {
    let ExprKind::Number(number) = &value.kind else { return None };
    let unit = number.unit.as_ref()?;
    Some((number, also.iter().find(|other| dimension::same(&other.unit, &unit.text))?))
}
