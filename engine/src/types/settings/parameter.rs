//! Parameters: their values, and what a member may set.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Contract, Id, MAX_UNKNOWNS, Parameter, ParameterId, Shape, Unknown};
use crate::syntax::tree::{self, LocalKind};
use crate::types::Builder;
use crate::values::types::Type;

impl Builder<'_> {
    pub(in crate::types) fn parameters(&mut self) {
        for (place, tree) in self.names().parameters.iter().enumerate() {
            let index = ParameterId::at(place);
            let built = self.parameter(index, tree);
            if built.is_none() {
                self.settings.unbuilt.push(index);
            }
            self.plan.parameter(built.unwrap_or_else(|| unbuilt(tree)));
        }
    }

    fn parameter(&mut self, index: ParameterId, tree: &tree::Parameter) -> Option<Parameter> {
        let (ty, shape) = self.reader().declared_type(&tree.ty, true)?;
        if tree.values.len() > 1 {
            if let Some(local) = &tree.local {
                let title = "members cannot set a parameter that has dated values";
                let fault = Diagnostic::error(codes::E0805, local.span, title, "set by members here");
                return self.fault(fault.help("leave out `local`, or give the parameter one value"));
            }
            let dated = self.dated_value(tree, &ty, shape)?;
            self.settings.dated.insert(index, dated);
        }
        let mut value = None;
        if let Some(dated) = tree.values.last() {
            value = Some(self.typed_constant(&dated.value, &ty)?);
        }
        if let Some(v) = value.filter(|v| shape.class == Class::Range && !(shape.low..=shape.high).contains(v)) {
            let title = format!("the value of `{}` is outside its own range", tree.name.node);
            let label = format!("{} is not between {} and {}", ty.show(v), ty.show(shape.low), ty.show(shape.high));
            return self.error(codes::E0801, tree.span, title, label);
        }
        if tree.unverified {
            self.plan.unverified();
        }
        if let Some(citation) = &tree.source {
            self.citation(citation);
        }
        let contract = self.contract(tree, &ty, shape, value)?;
        let unknown = self.unknown(Unknown::Parameter(index), tree.name.span);
        let reason = tree.local.as_ref().and_then(|l| l.reason.clone());
        let tiers = tree.local.iter().flat_map(|local| &local.tiers).map(|tier| tier.node.clone()).collect();
        Some(Parameter { name: tree.name.node.clone(), ty, shape, value, contract, tiers, reason, unknown })
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
                        "a parameter that each member must set cannot have a group value",
                        "but a value is given",
                    );
                    return self
                        .fault(fault.help("leave out the value, or write `local any` if the value is a default"));
                }
                whole
            }
            LocalKind::Range(low, high) => self.contract_between(tree, (low, high), ty, (shape, value))?,
            LocalKind::Stricter(word) => {
                let Some(value) = value else {
                    return self.error(
                        codes::E0802,
                        tree.name.span,
                        "`stricter` needs a group value to be stricter than",
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
                            "`stricter` is either `lower` or `higher`",
                            "which way?",
                        );
                    }
                }
            }
        })
    }

    /// `local 15 min..1 h`: both ends are values of the parameter, and the group's own lies between them.
    fn contract_between(
        &mut self,
        tree: &tree::Parameter,
        (low, high): (&tree::Expr, &tree::Expr),
        ty: &Type,
        (shape, value): (Shape, Option<i64>),
    ) -> Option<Contract> {
        let ends = low.span.to(high.span);
        let whole = tree.local.as_ref().map_or(ends, |local| local.span);
        let (low, high) = (self.typed_constant(low, ty)?, self.typed_constant(high, ty)?);
        if low > high {
            let title = "the range ends below its start";
            let fault = Diagnostic::error(codes::E0603, ends, title, "no value may be set");
            return self.fault(fault.help("write the lower end first"));
        }
        if shape.class == Class::Range && (low < shape.low || high > shape.high) {
            let title = format!("what members may set goes beyond the range of `{}`", tree.name.node);
            let label = format!("`{}` is {}", tree.name.node, ty.show_range(shape.low, shape.high));
            let fault = Diagnostic::error(codes::E0801, ends, title, label);
            return self.fault(fault.help("write ends that lie within it, or widen the declared range"));
        }
        if value.is_some_and(|v| !(low..=high).contains(&v)) {
            let title = format!("the group's own value of `{}` is outside what members may set", tree.name.node);
            return self.error(codes::E0804, whole, title, "the contract");
        }
        Some(Contract::Within(low, high))
    }
}

fn unbuilt(tree: &tree::Parameter) -> Parameter {
    Parameter {
        name: tree.name.node.clone(),
        ty: Type::YesNo,
        shape: Shape::YES_NO,
        value: None,
        contract: Contract::Fixed,
        tiers: BTreeSet::new(),
        reason: None,
        unknown: u8::try_from(MAX_UNKNOWNS).unwrap_or(u8::MAX),
    }
}
