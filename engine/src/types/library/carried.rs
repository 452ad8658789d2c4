//! Events that carry another package's subject: `event Observations : news2.Observation`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{EventKind, Expr, FieldId, Id, Input, KindId, Kinds, Op, Unknown};
use crate::syntax::tree::{self, Name};
use crate::text::Span;
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
        let owner = |place| context.package(package).and_then(|used| used.names.owner_of_fact(place));
        for (place, fact) in facts.iter().enumerate() {
            let unknown = Unknown::Field { kind, field: FieldId::at(fields.len()) };
            let declares = owner(place).unwrap_or(package);
            fields.extend(self.within(declares, None, path.span, |b| b.field(fact, unknown)));
        }
        self.uses.carries.push(Carries { kind, package: Some(package), facts: fields.len() });
        fields
    }

    /// An event that is taken over from a package that cannot be used.
    pub(in crate::types) fn unread_event(&mut self, kind: KindId, event: &tree::Event) -> EventKind {
        self.carries_nothing_known(kind);
        let unsupplied = self.unknown(Unknown::Events(kind), event.name.span);
        let untimed = self.unknown(Unknown::Time(kind), event.name.span);
        EventKind { name: event.name.node.clone(), fields: Vec::new().into(), unsupplied, untimed, ends: None }
    }

    fn carries_nothing_known(&mut self, kind: KindId) -> Vec<Input> {
        self.uses.carries.push(Carries { kind, package: None, facts: 0 });
        Vec::new()
    }

    /// Whether an event carries something that is not known, so that its fields are not known either.
    pub(in crate::types) fn carries_unread(&self, kind: KindId) -> bool {
        self.uses.carries.iter().any(|c| c.kind == kind && c.package.is_none())
    }

    /// The facts of the subject that events of some kinds carry, as fields of the event at level 0.
    pub(super) fn facts_of(&mut self, kinds: Kinds, span: Span) -> Option<Vec<(String, Typed)>> {
        let first = kinds.places().next()?;
        let carried = self.uses.carries.iter().find(|c| c.kind == first)?.facts;
        let fields: Vec<(FieldId, Input)> =
            self.plan.subject.events.get(first)?.fields.placed().take(carried).map(|(at, f)| (at, f.clone())).collect();
        let mut facts = Vec::new();
        for (place, field) in fields {
            let fact = match kinds.only() {
                Some(kind) => Typed { expr: Expr { op: Op::Field(kind, place, 0), shape: field.shape }, ty: field.ty },
                None => self.shared_fact(kinds, &Name { node: field.name.clone(), span })?.0,
            };
            facts.push((field.name, fact));
        }
        Some(facts)
    }
}
