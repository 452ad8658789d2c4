//! Events that carry another package's subject: `event Observations : news2.Observation`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, FieldId, Id, Input, KindId, Op, Unknown};
use crate::syntax::tree;
use crate::types::{Builder, Typed};

/// An event that carries another package's subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carries {
    /// The kind of event.
    pub kind: KindId,
    /// Whose subject; nothing where that package cannot be used.
    pub package: Option<usize>,
    /// How many of the event's fields are the subject's facts.
    facts: usize,
}

impl Builder<'_> {
    /// The fields that an event gets from the subject it carries.
    pub(in crate::types) fn carried(&mut self, kind: KindId, event: &tree::Event) -> Vec<Input> {
        let Some(path) = &event.carries else { return Vec::new() };
        let context = self.context;
        let import = match path.parts.as_slice() {
            [alias, subject] => context.import_called(&alias.node).filter(|import| {
                let used = import.package.and_then(|package| context.package(package));
                used.is_none_or(|used| used.names.subject.is_some_and(|s| s.name.node == subject.node))
            }),
            _ => None,
        };
        let Some(import) = import else {
            let written = path.text();
            let fault =
                Diagnostic::error(codes::E0316, path.span, format!("there is no subject `{written}`"), "not found");
            self.faults.push(fault.help("write `use area.package as name` below the header, and name its subject: `event Observations : name.Observation`"));
            return self.carries_nothing_known(kind);
        };
        let Some(package) = import.package else { return self.carries_nothing_known(kind) };
        let subject = context.package(package).and_then(|used| used.names.subject);
        let facts = subject.map(|s| s.facts.as_slice()).unwrap_or_default();
        let mut fields = Vec::new();
        for fact in facts {
            let unknown = Unknown::Field { kind, field: FieldId::at(fields.len()) };
            fields.extend(self.within(package, None, path.span, |b| b.field(fact, unknown)));
        }
        self.uses.carries.push(Carries { kind, package: Some(package), facts: fields.len() });
        fields
    }

    fn carries_nothing_known(&mut self, kind: KindId) -> Vec<Input> {
        self.uses.carries.push(Carries { kind, package: None, facts: 0 });
        Vec::new()
    }

    /// Whether an event carries something that is not known, so that its fields are not known either.
    pub(in crate::types) fn carries_unread(&self, kind: KindId) -> bool {
        self.uses.carries.iter().any(|c| c.kind == kind && c.package.is_none())
    }

    /// The facts of the subject that an event carries, as fields of the event at level 0.
    pub(super) fn facts_of(&self, carries: Carries) -> Vec<(String, Typed)> {
        let fields = self.plan.subject.events.get(carries.kind).into_iter().flat_map(|event| event.fields.placed());
        let fact = |(place, field): (FieldId, &Input)| {
            let expr = Expr { op: Op::Field(carries.kind, place, 0), shape: field.shape };
            (field.name.clone(), Typed { expr, ty: field.ty.clone() })
        };
        fields.take(carries.facts).map(fact).collect()
    }
}
