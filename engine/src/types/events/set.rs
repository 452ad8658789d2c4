//! Sets of events: which kinds a name, `event` or `(A or B)` stands for, and which events of them.
//!
//! A set says of each event, by its kind, whether it belongs. A query over a set is thereby a query over several kinds with one
//! filter, and everything that asks about one kind asks about several in the same way.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Id, KindId, Kinds, Op, Shape};
use crate::syntax::spelling::near;
use crate::syntax::tree::{self, EventsKind, Part, Path};
use crate::text::Span;
use crate::types::expressions::at_hand::AtHand;
use crate::types::expressions::terms::{all, yes, yes_no};
use crate::types::expressions::unknown::did_you_mean;
use crate::types::{Builder, Place};

/// Events of some kinds, and which of them: a condition on the event at level 0; nothing where all belong.
#[derive(Clone, Debug)]
pub(in crate::types) struct Among {
    pub kinds: Kinds,
    pub belongs: Option<Expr>,
}

impl Among {
    /// The condition, of an event of these kinds.
    pub fn condition(&self) -> Expr {
        self.belongs.clone().unwrap_or_else(yes)
    }
}

impl Builder<'_> {
    /// The events that a query is about.
    pub(in crate::types) fn among(&mut self, query: &tree::Query) -> Option<Among> {
        if !self.context.of_this_case() {
            let said = self.context.words(query.events.span);
            let title = format!("this is a query of `{said}` over the whole case of its own package");
            let fault = Diagnostic::error(codes::E0316, query.span, title, "not an answer for one event");
            return self
                .fault(fault.help("an event carries the facts of another package's subject, and none of its events"));
        }
        self.events(&query.events)
    }

    /// The kinds and the condition of what is written where an event is named.
    fn events(&mut self, events: &tree::Events) -> Option<Among> {
        match &events.kind {
            EventsKind::Named(path) => self.events_called(path),
            EventsKind::Every => self.every_event(events.span),
            EventsKind::Either(parts) => self.either(parts),
        }
    }

    /// The events that go by a name.
    pub(super) fn events_called(&mut self, path: &Path) -> Option<Among> {
        if let Some(found) = self.taken_over(path) {
            return found;
        }
        let name = path.text();
        let Some(symbol) = self.names().get(&name) else { return self.no_such_event(path) };
        let among = match symbol {
            Symbol::Event(kind) => Among { kinds: Kinds::one(KindId::at(kind)), belongs: None },
            Symbol::Events(set) => self.event_set(set, path.span)?,
            other => {
                let title = format!("`{name}` is {}, not an event", other.kind());
                return self.error(codes::E0309, path.span, title, other.kind());
            }
        };
        self.mention(path.span, symbol);
        Some(among)
    }

    /// `encounters.Prophylaxis`: an event or a set of a package whose subject is taken over; nothing where the path names no such package.
    fn taken_over(&mut self, path: &Path) -> Option<Option<Among>> {
        let [alias, name] = path.parts.as_slice() else { return None };
        let import = self.context.import_called(&alias.node)?;
        let Some(package) = import.package else { return Some(None) }; // said at the `use`
        let used = self.context.package(package).filter(|_| self.context.takes_over(package))?;
        if !matches!(used.names.get(&name.node), Some(Symbol::Event(_) | Symbol::Events(_))) {
            return None;
        }
        let own = Path { parts: vec![name.clone()], span: path.span };
        Some(self.within(package, None, path.span, |b| b.events_called(&own)))
    }

    fn no_such_event(&mut self, path: &Path) -> Option<Among> {
        let name = path.text();
        let sets = self.names().of_kind(|symbol| matches!(symbol, Symbol::Events(_)));
        let events = self.names().subject.into_iter().flat_map(|s| &s.events).map(|e| e.name.node.as_str());
        let near = near(&name, events.chain(sets), 3);
        let title = format!("there is no event `{name}`");
        let fault = Diagnostic::error(codes::E0311, path.span, title, "not declared");
        let fault = if let Some(help) = self.event_and_field(&name) {
            fault.help(help)
        } else if near.is_empty() {
            fault.help("declare it in the subject: `event Name { … }`")
        } else {
            did_you_mean(fault, &near, path.span)
        };
        self.fault(fault)
    }

    fn every_event(&mut self, span: Span) -> Option<Among> {
        let declared = self.names().subject.map_or(0, |subject| subject.events.len());
        let kinds = self.plan.subject.events.placed().take(declared).map(|(kind, _)| Kinds::one(kind));
        let kinds = kinds.fold(Kinds::default(), Kinds::and);
        if kinds == Kinds::default() {
            let fault = Diagnostic::error(codes::E0311, span, "the subject has no events", "not declared");
            return self.fault(fault.help("declare what happens in the subject: `event Name { … }`"));
        }
        Some(Among { kinds, belongs: None })
    }

    /// A set by its name, worked out when first asked for.
    fn event_set(&mut self, index: usize, asked_at: Span) -> Option<Among> {
        let tree = *self.names().events.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        let which = (self.context.other(), index);
        self.once(|b| &mut b.sets, which, at, |b| b.either(&tree.parts))
    }

    /// Every set of the package, used or not.
    pub(in crate::types) fn event_sets(&mut self) {
        for (index, tree) in self.names().events.iter().enumerate() {
            self.event_set(index, tree.name.span);
        }
    }

    /// Events that belong to one of several parts, each with a condition of its own.
    fn either(&mut self, parts: &[Part]) -> Option<Among> {
        let mut conditions: BTreeMap<KindId, Vec<Expr>> = BTreeMap::new();
        let mut whole = true;
        for part in parts {
            let Some(among) = self.events_of_part(part) else {
                whole = false;
                continue;
            };
            for kind in among.kinds.places() {
                conditions.entry(kind).or_default().push(among.condition());
            }
        }
        if !whole {
            return None;
        }
        let kinds = conditions.keys().fold(Kinds::default(), |kinds, kind| kinds.and(Kinds::one(*kind)));
        let conditions: Vec<(KindId, Expr)> =
            conditions.into_iter().map(|(kind, conditions)| (kind, one_of(conditions))).collect();
        let belongs = if conditions.iter().all(|(_, condition)| *condition == yes()) {
            None
        } else if kinds.only().is_some() {
            conditions.into_iter().next().map(|(_, condition)| condition)
        } else {
            Some(self.plan.by_kind(Shape::YES_NO, conditions))
        };
        Some(Among { kinds, belongs })
    }

    fn events_of_part(&mut self, part: &Part) -> Option<Among> {
        let among = self.events(&part.events)?;
        let Some(filter) = &part.filter else { return Some(among) };
        let inside = self.enter(Place::default(), AtHand::of(among.kinds), None, filter.span)?;
        let mut conditions: Vec<Expr> = among.belongs.into_iter().collect();
        conditions.push(self.condition(filter, inside)?);
        Some(Among { kinds: among.kinds, belongs: Some(all(conditions)) })
    }
}

/// At least one of several conditions; one that always holds is enough.
pub(super) fn one_of(mut conditions: Vec<Expr>) -> Expr {
    if conditions.contains(&yes()) {
        return yes();
    }
    match (conditions.pop(), conditions.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            conditions.push(last);
            yes_no(Op::Or(conditions))
        }
        (None, _) => yes(),
    }
}
