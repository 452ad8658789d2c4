//! The events in scope: which names mean what inside an event query.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Input, KindId, Kinds, Level, ORDER, Op, Shape};
use crate::syntax::tree::{Name, Path};
use crate::text::Span;
use crate::types::builder::seen::Meaning;
use crate::types::package::lasting::LENGTH;
use crate::types::{Builder, Typed};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

/// Where an expression stands: outside any event, or inside event queries (the innermost, by place in [`Scopes`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    scope: Option<usize>,
}

/// Every event that is in scope somewhere.
#[derive(Debug, Default)]
pub(in crate::types) struct Scopes {
    scopes: Vec<Scope>,
    /// The kinds of event that have an end as well as a start.
    pub lasting: Kinds,
}

/// One event in scope.
#[derive(Clone, Debug)]
struct Scope {
    what: AtHand,
    alias: Option<String>,
    outer: Option<usize>,
}

/// What is in scope.
#[derive(Clone, Debug)]
pub(in crate::types) enum AtHand {
    /// An event of one kind.
    Event(KindId),
    /// An event of one of several kinds, with the facts that all of them have.
    Either(Kinds),
    /// Something that begins with an event of some kinds, such as a clock's period: names and what they mean with the event at level 0.
    Made(Kinds, Vec<(String, Typed)>),
}

impl AtHand {
    /// An event of these kinds.
    pub fn of(kinds: Kinds) -> AtHand {
        kinds.only().map_or(AtHand::Either(kinds), AtHand::Event)
    }

    /// The kinds of which it may be.
    pub fn kinds(&self) -> Kinds {
        match self {
            AtHand::Event(kind) => Kinds::one(*kind),
            AtHand::Either(kinds) | AtHand::Made(kinds, _) => *kinds,
        }
    }
}

impl Place {
    /// Whether an event is in scope.
    pub fn has_event(self) -> bool {
        self.scope.is_some()
    }
}

/// How deep queries may stand inside one another.
const DEEPEST: usize = 6;

impl Builder<'_> {
    /// A place inside one more query.
    pub(in crate::types) fn enter(
        &mut self,
        place: Place,
        what: AtHand,
        alias: Option<String>,
        span: Span,
    ) -> Option<Place> {
        if self.depth_of(place) == DEEPEST {
            let title = format!("event queries can be nested at most {DEEPEST} deep");
            let fault = Diagnostic::error(codes::E0312, span, title, "one level too deep");
            return self.fault(fault.help("give the inner query a name of its own with `define`"));
        }
        self.at_hand.scopes.push(Scope { what, alias, outer: place.scope });
        Some(Place { scope: Some(self.at_hand.scopes.len() - 1) })
    }

    /// How many events are in scope.
    pub(in crate::types) fn depth_of(&self, place: Place) -> usize {
        self.scopes_from(place).count()
    }

    /// What a name means among the events in scope, the innermost first; nothing where none of them has it.
    pub(in crate::types) fn meaning_at_hand(&mut self, name: &Name, place: Place) -> Option<Option<(Typed, Meaning)>> {
        let (level, scope) = self.scopes_from(place).enumerate().find(|(_, scope)| self.has(scope, &name.node))?;
        let scope = scope.clone();
        Some(self.in_scope(&scope, name, level))
    }

    /// Whether a name means something among the events in scope.
    pub(in crate::types) fn is_at_hand(&self, name: &str, place: Place) -> bool {
        self.scopes_from(place).any(|scope| self.has(scope, name))
    }

    /// `s.end`: a field of the event called `s`; also `s.at`.
    pub(in crate::types) fn of_alias(
        &mut self,
        alias: &str,
        name: &Name,
        place: Place,
    ) -> Option<Option<(Typed, Meaning)>> {
        let called = |scope: &Scope| scope.alias.as_deref() == Some(alias);
        let (level, scope) = self.scopes_from(place).enumerate().find(|(_, scope)| called(scope))?;
        if !self.has(scope, &name.node) {
            return None;
        }
        let scope = scope.clone();
        Some(self.in_scope(&scope, name, level))
    }

    /// The kinds of which the event called `alias` may be.
    pub(in crate::types) fn kinds_of_alias(&self, alias: &str, place: Place) -> Option<Kinds> {
        let called = |scope: &&Scope| scope.alias.as_deref() == Some(alias);
        self.scopes_from(place).find(called).map(|scope| scope.what.kinds())
    }

    /// `op` of `before op`: the event in scope that goes by a name, where nothing else does.
    pub(in crate::types) fn event_named_alone<'t>(&self, path: &'t Path, place: Place) -> Option<&'t Name> {
        let [name] = path.parts.as_slice() else { return None };
        let other = self.names().get(&name.node).is_some() || self.is_at_hand(&name.node, place);
        (!other && self.kinds_of_alias(&name.node, place).is_some()).then_some(name)
    }

    /// The innermost event in scope, and the name that is given to it.
    pub(in crate::types) fn scope_of(&self, place: Place) -> Option<(AtHand, Option<String>)> {
        self.scopes_from(place).next().map(|scope| (scope.what.clone(), scope.alias.clone()))
    }

    /// The nearest event in scope that may be of some kinds: the name that is given to it, where one is.
    pub(in crate::types) fn scope_around(&self, place: Place, kinds: Kinds) -> Option<Option<String>> {
        self.scopes_from(place).find(|scope| scope.what.kinds().meet(kinds)).map(|scope| scope.alias.clone())
    }

    /// Whether the event called `alias` has something of a name.
    pub(super) fn is_of_alias(&self, alias: &str, name: &str, place: Place) -> bool {
        let called = |scope: &&Scope| scope.alias.as_deref() == Some(alias);
        self.scopes_from(place).find(called).is_some_and(|scope| self.has(scope, name))
    }

    /// The place in the order of the case of the event called `alias`.
    pub(in crate::types) fn order_of_alias(&self, alias: &str, place: Place) -> Option<Expr> {
        let (level, _) =
            self.scopes_from(place).enumerate().find(|(_, scope)| scope.alias.as_deref() == Some(alias))?;
        Some(Expr { op: Op::Order(Level::try_from(level).ok()?), shape: ORDER })
    }

    /// Whether an event in scope has something of a name; of several kinds, whether one of them has.
    fn has(&self, scope: &Scope, name: &str) -> bool {
        let of = |kind| self.fields_of(kind).any(|field| field.name == name) || (name == LENGTH && self.lasts(kind));
        match &scope.what {
            AtHand::Event(kind) => name == "at" || of(*kind),
            AtHand::Either(kinds) => name == "at" || kinds.places().any(of),
            AtHand::Made(_, names) => names.iter().any(|(n, _)| n == name),
        }
    }

    fn in_scope(&mut self, scope: &Scope, called: &Name, level: usize) -> Option<(Typed, Meaning)> {
        let name = called.node.as_str();
        let level = Level::try_from(level).ok()?;
        match &scope.what {
            AtHand::Event(_) | AtHand::Either(_) if name == "at" => {
                let shape = Shape::range(FIRST_INSTANT, LAST_INSTANT);
                Some((Typed { expr: Expr { op: Op::At(level), shape }, ty: Type::Instant }, Meaning::Time))
            }
            AtHand::Event(kind) => {
                let (field, typed) = self.fact_of_event(*kind, name, level)?;
                Some((typed, Meaning::Field(*kind, field)))
            }
            AtHand::Either(kinds) => {
                let (typed, means) = self.shared_fact(*kinds, called)?;
                let expr = (0..level).fold(typed.expr, |expr, _| expr.inside());
                Some((Typed { expr, ty: typed.ty }, means))
            }
            AtHand::Made(_, names) => {
                let (_, typed) = names.iter().find(|(n, _)| n == name)?;
                let expr = (0..level).fold(typed.expr.clone(), |expr, _| expr.inside());
                Some((Typed { expr, ty: typed.ty.clone() }, Meaning::Period))
            }
        }
    }

    /// The nearest event in scope that is `wanted`: how far out it is, and the place at which it is the innermost.
    pub(in crate::types) fn place_of(&self, place: Place, wanted: impl Fn(&AtHand) -> bool) -> Option<(usize, Place)> {
        let mut at = place.scope;
        let mut level = 0;
        while let Some(index) = at {
            let scope = self.at_hand.scopes.get(index)?;
            if wanted(&scope.what) {
                return Some((level, Place { scope: Some(index) }));
            }
            (at, level) = (scope.outer, level + 1);
        }
        None
    }

    /// The kinds of which the innermost event in scope may be.
    pub(in crate::types) fn kinds_at(&self, place: Place) -> Option<Kinds> {
        self.scopes_from(place).next().map(|scope| scope.what.kinds())
    }

    /// Of which kinds each event in scope may be, the innermost first.
    pub(in crate::types) fn kinds_around(&self, place: Place) -> Vec<Kinds> {
        self.scopes_from(place).map(|scope| scope.what.kinds()).collect()
    }

    /// The kinds of all events in scope, the innermost first.
    pub(in crate::types) fn kinds_from(&self, place: Place) -> impl Iterator<Item = KindId> {
        self.scopes_from(place).flat_map(|scope| match scope.what {
            AtHand::Event(kind) => Kinds::one(kind).places(),
            AtHand::Either(kinds) => kinds.places(),
            AtHand::Made(..) => Kinds::default().places(),
        })
    }

    /// Fields of all events in scope, for suggestions.
    pub(super) fn names_at_hand(&self, place: Place) -> Vec<String> {
        let mut names = Vec::new();
        for scope in self.scopes_from(place) {
            match &scope.what {
                AtHand::Event(kind) => names.extend(self.fields_of(*kind).map(|f| f.name.clone())),
                AtHand::Either(kinds) => {
                    let mut kinds = kinds.places();
                    let first = kinds.next().into_iter().flat_map(|kind| self.fields_of(kind));
                    let rest: Vec<KindId> = kinds.collect();
                    let shared = |f: &&Input| rest.iter().all(|kind| self.fields_of(*kind).any(|o| o.name == f.name));
                    names.extend(first.filter(shared).map(|f| f.name.clone()));
                }
                AtHand::Made(_, made) => names.extend(made.iter().map(|(n, _)| n.clone())),
            }
        }
        names
    }

    fn fields_of(&self, kind: KindId) -> impl Iterator<Item = &Input> {
        self.plan.subject.events.get(kind).into_iter().flat_map(|kind| &kind.fields)
    }

    fn scopes_from(&self, place: Place) -> impl Iterator<Item = &Scope> {
        std::iter::successors(place.scope.and_then(|s| self.at_hand.scopes.get(s)), |scope| {
            scope.outer.and_then(|s| self.at_hand.scopes.get(s))
        })
    }
}
