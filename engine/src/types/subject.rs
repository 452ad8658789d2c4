//! Enums, and the subject's facts and events.

use super::{Builder, Role};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{EventKind, Input, Label, Op, Shape, Unknown};
use crate::syntax::tree::{self, Number, TypeExpr, TypeKind, Unit};
use crate::text::Span;
use crate::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT};
use crate::values::dimension;
use crate::values::types::{LONGEST_DURATION, Type};

impl Builder<'_> {
    pub(super) fn enums(&mut self) {
        for tree in &self.names.enums {
            let variants: Vec<String> = tree.variants.iter().map(|(name, _)| name.node.clone()).collect();
            for (index, (name, _)) in tree.variants.iter().enumerate() {
                if variants.iter().take(index).any(|v| *v == name.node) {
                    let title = format!("`{}` is listed twice in `{}`", name.node, tree.name.node);
                    self.faults.push(Diagnostic::error(codes::E0302, name.span, title, "listed again here"));
                }
            }
            if variants.len() > 63 {
                let title = format!("`{}` has {} variants; 63 is the most", tree.name.node, variants.len());
                let fault = Diagnostic::error(codes::E0306, tree.name.span, title, "too many variants");
                self.faults.push(fault.help("use a code list for long lists of codes"));
            }
            let labels = tree.variants.iter().map(|(_, label)| label.clone()).collect();
            self.enums.push(Type::Enum { name: tree.name.node.clone(), variants, labels });
        }
    }

    pub(super) fn subject(&mut self) {
        let Some(tree) = self.names.subject else {
            return;
        };
        self.plan.subject.name.clone_from(&tree.name.node);
        for fact in &tree.facts {
            let role = self.fact(fact);
            self.roles.push(role);
        }
        for (kind, event) in tree.events.iter().enumerate() {
            let unsupplied = self.unknown(Unknown::Events(kind), event.name.span);
            let untimed = self.unknown(Unknown::Time(kind), event.name.span);
            let mut fields: Vec<Input> = self.carried(kind, event);
            for field in &event.fields {
                let unknown = Unknown::Field(kind, fields.len());
                fields.extend(self.field(field, unknown));
            }
            self.plan.subject.events.push(EventKind { name: event.name.node.clone(), fields, unsupplied, untimed });
        }
    }

    fn fact(&mut self, fact: &tree::Fact) -> Role {
        let Some((ty, shape)) = self.declared_type(&fact.ty, true) else {
            return Role::Failed;
        };
        let name = fact.name.node.clone();
        if ty.is_label() {
            self.plan.subject.labels.push(Label { name, ty });
            return Role::Label(self.plan.subject.labels.len() - 1);
        }
        let place = self.plan.subject.inputs.len();
        let unknown = self.unknown(Unknown::Fact(place), fact.name.span);
        self.plan.subject.inputs.push(Input { name, ty, shape, unknown });
        Role::Input(place)
    }

    pub(super) fn field(&mut self, field: &tree::Fact, unknown: Unknown) -> Option<Input> {
        let (mut ty, mut shape) = self.declared_type(&field.ty, true)?;
        if ty == Type::Organisation {
            (ty, shape) = (Type::Code, Shape::range(crate::values::codes::LOWEST, crate::values::codes::HIGHEST));
        }
        if ty.is_label() {
            let fault = Diagnostic::error(codes::E0506, field.ty.span, "an event carries codes, not text", "text");
            return self
                .fault(fault.help("declare it `code` if it is a short code; free text never takes part in a rule"));
        }
        let unknown = self.unknown(unknown, field.name.span);
        Some(Input { name: field.name.node.clone(), ty, shape, unknown })
    }

    /// A type as declared. Facts must give a range: what cannot be is how errors are found.
    pub(super) fn declared_type(&mut self, tree: &TypeExpr, ranged: bool) -> Option<(Type, Shape)> {
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
                let title = "nothing is recorded as a real number: `real` is what stands inside a formula";
                let fault = Diagnostic::error(codes::E0613, tree.span, title, "not a type of facts");
                return self.fault(fault.help("declare the precision at which it is recorded: `decimal 0.0..40.0`"));
            }
            TypeKind::Code => (Type::Code, Shape::range(crate::values::codes::LOWEST, crate::values::codes::HIGHEST)),
        })
    }

    fn named_type(&mut self, path: &tree::Path) -> Option<(Type, Shape)> {
        let name = path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        let found = self.enums.iter().find(|ty| matches!(ty, Type::Enum { name: n, .. } if *n == name)).cloned();
        if let Some(ty) = found {
            let shape = choice_shape(&ty);
            return Some((ty, shape));
        }
        let known: Vec<&str> = self.names.enums.iter().map(|e| e.name.node.as_str()).collect();
        let near = crate::syntax::spelling::nearest(&name, known);
        let mut fault =
            Diagnostic::error(codes::E0307, path.span, format!("there is no type `{name}`"), "not declared");
        if let Some(near) = near {
            fault = fault.help(format!("did you mean `{near}`?")).edit(path.span, near);
        } else {
            fault = fault.help("types are yes/no, integer, decimal, duration, date, instant, time of day, organisation, text, or an enum of this package");
        }
        self.fault(fault)
    }

    fn number_type(
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
                self.fault(fault.help(format!("write the least and the greatest value, for example `{sample}`")))
            })?;
        };
        let places = low.places.max(high.places);
        if !decimal && places > 0 {
            let fault =
                Diagnostic::error(codes::E0602, span, "an integer has no decimal places", "written with a point");
            return self.fault(fault.help("write `decimal` for a number with decimal places"));
        }
        let (low_value, high_value) = (self.scaled(low, places)?, self.scaled(high, places)?);
        if low_value > high_value {
            let fault =
                Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value can be recorded");
            return self.fault(fault.help("write the least value first"));
        }
        let unit = unit.map(|u| u.text.clone());
        Some((Type::Number { places, unit }, Shape::range(low_value, high_value)))
    }

    fn duration_type(&mut self, range: Option<&(Number, Number)>) -> Option<(Type, Shape)> {
        let Some((low, high)) = range else {
            return Some((Type::Duration, Shape::range(0, LONGEST_DURATION)));
        };
        let (low, high) = (self.in_milliseconds(low)?, self.in_milliseconds(high)?);
        Some((Type::Duration, Shape::range(low, high)))
    }

    /// A literal's digits at `places` decimal places.
    pub(super) fn scaled(&mut self, number: &Number, places: u8) -> Option<i64> {
        let by = 10_i64.checked_pow(u32::from(places.saturating_sub(number.places)));
        let value = by.and_then(|by| number.digits.checked_mul(by)).filter(|v| v.unsigned_abs() < 1 << 62);
        if value.is_none() {
            return self.error(codes::E0604, number.span, "the number is too large to be held exactly", "too large");
        }
        value
    }

    /// A literal with a unit of elapsed time, in milliseconds.
    pub(super) fn in_milliseconds(&mut self, number: &Number) -> Option<i64> {
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
                "cannot be held exactly",
            ),
        }
    }

    /// The value of an expression that must be a constant.
    pub(super) fn constant(&mut self, typed: &super::Typed, span: Span) -> Option<i64> {
        match typed.expr.op {
            Op::Constant(value) => Some(value),
            Op::Choice(variant) => Some(i64::from(variant)),
            _ => self.error(codes::E0605, span, "a fixed value belongs here", "this depends on the case"),
        }
    }
}

/// The shape of an enum's values.
pub(super) fn choice_shape(ty: &Type) -> Shape {
    let count = if let Type::Enum { variants, .. } = ty { variants.len() } else { 0 };
    Shape::set(i64::try_from(count).unwrap_or(63).max(1))
}

/// The enums of a package as types.
pub(super) fn enum_types(names: &crate::names::Names<'_>) -> Vec<Type> {
    let of = |tree: &&tree::Enum| Type::Enum {
        name: tree.name.node.clone(),
        variants: tree.variants.iter().map(|(name, _)| name.node.clone()).collect(),
        labels: tree.variants.iter().map(|(_, label)| label.clone()).collect(),
    };
    names.enums.iter().map(of).collect()
}
