//! Who answers for an obligation or a measure: `for trust`. Where the cases of a subject carry one organisation it is that one; where
//! they carry several, each obligation and measure says which, and never is it the first in the text.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{LabelId, Responsible};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::Name;
use crate::types::Builder;
use crate::types::package::subject::Role;
use crate::values::types::Type;

impl Builder<'_> {
    /// The organisation fact, or the definition that gives a code, which a name stands for.
    pub(in crate::types) fn responsible_called(&mut self, name: &Name) -> Option<Responsible> {
        match self.names().get(&name.node) {
            Some(symbol @ Symbol::Fact(index)) => {
                self.mention(name.span, symbol);
                match self.roles.get(index) {
                    Some(Role::Label(label)) if self.is_organisation(*label) => Some(Responsible::Label(*label)),
                    Some(Role::Failed) | None => None,
                    Some(_) => self.not_responsible(name),
                }
            }
            Some(symbol @ Symbol::Define(index)) => {
                self.mention(name.span, symbol);
                let built = self.define(index, name.span)?;
                if built.ty == Type::Code { Some(Responsible::Cell(built.cell)) } else { self.not_responsible(name) }
            }
            Some(_) => self.not_responsible(name),
            None => {
                let organisations = self.organisations();
                let near = nearest(&name.node, organisations.iter().map(|(_, name)| name.as_str())).map(str::to_owned);
                let title = format!("there is no organisation `{}`", name.node);
                let fault = Diagnostic::error(codes::E0303, name.span, title, "not declared");
                self.fault(match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")).edit(name.span, near),
                    None => fault,
                })
            }
        }
    }

    /// The only organisation that cases carry; where there are several, a fault of the declaration called `name`.
    pub(in crate::types) fn only_organisation(&mut self, name: &Name) -> Option<Responsible> {
        let organisations = self.organisations();
        let [(only, _)] = organisations.as_slice() else {
            if !organisations.is_empty() {
                let title = format!("`{}` does not say which organisation answers for it", name.node);
                let wanted: Vec<String> = organisations.iter().map(|(_, name)| format!("`for {name}`")).collect();
                let fault = Diagnostic::error(codes::E0920, name.span, title, "for whom?");
                self.faults.push(fault.help(format!("write {}", wanted.join(" or "))));
            }
            return None;
        };
        Some(Responsible::Label(*only))
    }

    fn not_responsible(&mut self, name: &Name) -> Option<Responsible> {
        let title = format!("`{}` is not an organisation", name.node);
        let fault = Diagnostic::error(codes::E0921, name.span, title, "not an organisation");
        self.fault(fault.help("name a fact of the type `organisation`, or a definition that takes one from an event"))
    }

    pub(in crate::types) fn is_organisation(&self, label: LabelId) -> bool {
        self.plan.subject.labels.get(label).is_some_and(|label| label.ty == Type::Organisation)
    }

    fn organisations(&self) -> Vec<(LabelId, String)> {
        let labels = self.plan.subject.labels.placed().filter(|(_, label)| label.ty == Type::Organisation);
        labels.map(|(place, label)| (place, label.name.clone())).collect()
    }
}
