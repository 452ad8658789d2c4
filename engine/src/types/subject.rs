//! Enums, the subject's facts and events, and parameters.

use super::{Builder, Place, Role};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::library::Package;
use crate::plan::{
    Class, Contract, EventKind, Input, Label, MAX_UNKNOWNS, Op, Parameter, Plan, Shape, Subject, Unknown,
};
use crate::syntax::tree::{self, LocalKind, Number, TypeExpr, TypeKind, Unit};
use crate::text::Span;
use crate::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT};
use crate::values::dimension;
use crate::values::types::Type;

/// The longest duration: a century, so that sums of a few never overflow.
const LONGEST: i64 = 36_525 * DAY;

/// A plan with nothing in it yet.
pub(super) fn empty_plan(package: Package) -> Plan {
    let subject =
        Subject { name: String::new(), inputs: Vec::new(), labels: Vec::new(), events: Vec::new(), uses_as_of: false };
    Plan {
        package,
        subject,
        parameters: Vec::new(),
        unknowns: Vec::new(),
        cells: Vec::new(),
        steps: Vec::new(),
        answers: Vec::new(),
        measures: Vec::new(),
        examples: Vec::new(),
    }
}

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
            if let Some(path) = &event.carries {
                self.faults.push(crate::names::unsupported(path.span, "events that carry another package's subject"));
            }
            let unsupplied = self.unknown(Unknown::Events(kind), event.name.span);
            let untimed = self.unknown(Unknown::Time(kind), event.name.span);
            let mut fields: Vec<Input> = Vec::new();
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

    fn field(&mut self, field: &tree::Fact, unknown: Unknown) -> Option<Input> {
        let (ty, shape) = self.declared_type(&field.ty, true)?;
        if ty.is_label() {
            return self.fault(crate::names::unsupported(field.ty.span, "text and organisations in an event"));
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
                return self.fault(crate::names::unsupported(tree.span, "the type `real`"));
            }
            TypeKind::Code => {
                return self.fault(crate::names::unsupported(tree.span, "the type `code`"));
            }
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
            return Some((Type::Duration, Shape::range(0, LONGEST)));
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
        match product.filter(|ms| ms.abs() <= LONGEST) {
            Some(ms) => Some(ms),
            None => self.error(
                codes::E0604,
                number.span,
                "the duration is longer than a century or finer than a millisecond",
                "cannot be held exactly",
            ),
        }
    }

    pub(super) fn parameters(&mut self) {
        for (index, tree) in self.names.parameters.iter().enumerate() {
            let built = self.parameter(index, tree);
            self.plan.parameters.push(built.unwrap_or_else(|| unbuilt(tree)));
        }
    }

    fn parameter(&mut self, index: usize, tree: &tree::Parameter) -> Option<Parameter> {
        let (ty, shape) = self.declared_type(&tree.ty, true)?;
        if tree.values.len() > 1 {
            return self.fault(crate::names::unsupported(tree.span, "several dated values of a parameter"));
        }
        let mut value = None;
        if let Some(dated) = tree.values.first() {
            let typed = self.expr(&dated.value, Some(&ty), Place::default())?;
            let typed = self.fit(typed, &ty, dated.value.span)?;
            value = Some(self.constant(&typed, dated.value.span)?);
        }
        if let Some(v) = value.filter(|v| shape.class == Class::Range && !(shape.low..=shape.high).contains(v)) {
            let title = format!("the value of `{}` is outside its own range", tree.name.node);
            let label = format!("{} is not between {} and {}", ty.show(v), ty.show(shape.low), ty.show(shape.high));
            return self.error(codes::E0801, tree.span, title, label);
        }
        self.plan.package.unverified |= tree.unverified;
        if let Some(citation) = &tree.source {
            self.citation(citation);
        }
        let contract = self.contract(tree, &ty, shape, value)?;
        let unknown = self.unknown(Unknown::Parameter(index), tree.name.span);
        let reason = tree.local.as_ref().and_then(|l| l.reason.clone());
        Some(Parameter { name: tree.name.node.clone(), ty, shape, value, contract, reason, unknown })
    }

    fn contract(&mut self, tree: &tree::Parameter, ty: &Type, shape: Shape, value: Option<i64>) -> Option<Contract> {
        let Some(local) = &tree.local else {
            if value.is_none() {
                let title = format!("`{}` has no value, and nobody may set it", tree.name.node);
                let fault = Diagnostic::error(codes::E0802, tree.name.span, title, "no value");
                return self.fault(
                    fault.help("give it a value after `=`, or write `local required` if each member must set it"),
                );
            }
            return Some(Contract::Fixed);
        };
        let whole = Contract::Within(shape.low, shape.high);
        Some(match &local.kind {
            LocalKind::Any => whole,
            LocalKind::Required => {
                if value.is_some() {
                    let fault = Diagnostic::error(
                        codes::E0803,
                        local.span,
                        "a parameter that each member must set has no group value",
                        "and a value is given",
                    );
                    return self
                        .fault(fault.help("leave out the value, or write `local any` if the value is a default"));
                }
                whole
            }
            LocalKind::Range(low, high) => {
                let (low, high) = (self.number_as(low, ty)?, self.number_as(high, ty)?);
                if value.is_some_and(|v| !(low..=high).contains(&v)) {
                    let title =
                        format!("the group's own value of `{}` is outside what members may set", tree.name.node);
                    return self.error(codes::E0804, local.span, title, "the contract");
                }
                Contract::Within(low, high)
            }
            LocalKind::Stricter(word) => {
                let Some(value) = value else {
                    return self.error(
                        codes::E0802,
                        tree.name.span,
                        "`stricter` needs the group's value to be stricter than",
                        "no value",
                    );
                };
                match word.node.as_str() {
                    "lower" => Contract::Within(shape.low, value),
                    "higher" => Contract::Within(value, shape.high),
                    _ => {
                        return self.error(
                            codes::E0804,
                            word.span,
                            "stricter is either `lower` or `higher`",
                            "which way?",
                        );
                    }
                }
            }
        })
    }

    fn number_as(&mut self, number: &Number, ty: &Type) -> Option<i64> {
        let typed = self.number(number, Some(ty))?;
        let typed = self.fit(typed, ty, number.span)?;
        self.constant(&typed, number.span)
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

fn unbuilt(tree: &tree::Parameter) -> Parameter {
    Parameter {
        name: tree.name.node.clone(),
        ty: Type::YesNo,
        shape: Shape::YES_NO,
        value: None,
        contract: Contract::Fixed,
        reason: None,
        unknown: u8::try_from(MAX_UNKNOWNS).unwrap_or(u8::MAX),
    }
}

/// The shape of an enum's values.
pub(super) fn choice_shape(ty: &Type) -> Shape {
    let count = if let Type::Enum { variants, .. } = ty { variants.len() } else { 0 };
    Shape::set(i64::try_from(count).unwrap_or(63).max(1))
}
