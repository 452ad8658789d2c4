//! Enums, and the subject's facts and events.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{EventKind, Input, Label, Shape, Unknown};
use crate::syntax::tree;
use crate::types::{Builder, Role};
use crate::values::types::Type;

impl Builder<'_> {
    pub(in crate::types) fn enums(&mut self) {
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

    pub(in crate::types) fn subject(&mut self) {
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

    pub(in crate::types) fn field(&mut self, field: &tree::Fact, unknown: Unknown) -> Option<Input> {
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
}
