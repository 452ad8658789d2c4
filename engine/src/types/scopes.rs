//! The events at hand: which names mean what inside a question about events.

use super::{Builder, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Kinds, Level, MAX_LEVELS, ORDER, Op, Shape};
use crate::text::Span;
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

/// Where an expression stands: outside any event, or inside questions about events (the innermost, by place in the builder's list).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    scope: Option<usize>,
}

/// One event at hand.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    what: AtHand,
    alias: Option<String>,
    outer: Option<usize>,
}

/// What is at hand.
#[derive(Clone, Debug)]
pub(super) enum AtHand {
    /// An event of one kind.
    Event(usize),
    /// Something that begins with an event of some kinds, such as a clock's period: names and what they mean with the event at level 0.
    Made(Kinds, Vec<(String, Typed)>),
}

impl Place {
    /// Whether an event is at hand.
    pub fn has_event(self) -> bool {
        self.scope.is_some()
    }
}

impl Builder<'_> {
    /// A place inside one more question.
    pub(super) fn enter(&mut self, place: Place, what: AtHand, alias: Option<String>, span: Span) -> Option<Place> {
        let mut depth = 0;
        let mut outer = place.scope;
        while let Some(scope) = outer {
            depth += 1;
            outer = self.scopes.get(scope).and_then(|s| s.outer);
        }
        if depth == usize::from(MAX_LEVELS) {
            let title = format!("questions about events stand inside one another at most {MAX_LEVELS} deep");
            let fault = Diagnostic::error(codes::E0312, span, title, "one too deep");
            return self.fault(fault.help("give the inner question a name of its own with `define`"));
        }
        self.scopes.push(Scope { what, alias, outer: place.scope });
        Some(Place { scope: Some(self.scopes.len() - 1) })
    }

    /// What a name means among the events at hand, the innermost first.
    pub(super) fn at_hand(&self, name: &str, place: Place) -> Option<Typed> {
        self.scopes_from(place).enumerate().find_map(|(level, scope)| self.in_scope(scope, name, level))
    }

    /// `s.end`: a field of the event called `s`; also `s.at`.
    pub(super) fn of_alias(&self, alias: &str, name: &str, place: Place) -> Option<Typed> {
        let called = |scope: &Scope| scope.alias.as_deref() == Some(alias);
        let (level, scope) = self.scopes_from(place).enumerate().find(|(_, scope)| called(scope))?;
        self.in_scope(scope, name, level)
    }

    /// The place in the order of the case of the event called `alias`.
    pub(super) fn order_of_alias(&self, alias: &str, place: Place) -> Option<Expr> {
        let (level, _) =
            self.scopes_from(place).enumerate().find(|(_, scope)| scope.alias.as_deref() == Some(alias))?;
        Some(Expr { op: Op::Order(Level::try_from(level).ok()?), shape: ORDER })
    }

    fn in_scope(&self, scope: &Scope, name: &str, level: usize) -> Option<Typed> {
        let level = Level::try_from(level).ok()?;
        match &scope.what {
            AtHand::Event(_) if name == "at" => {
                let shape = Shape::range(FIRST_INSTANT, LAST_INSTANT);
                Some(Typed { expr: Expr { op: Op::At(level), shape }, ty: Type::Instant })
            }
            AtHand::Event(kind) => {
                let fields = &self.plan.subject.events.get(*kind)?.fields;
                let field = fields.iter().position(|field| field.name == name)?;
                let input = fields.get(field)?;
                Some(Typed {
                    expr: Expr { op: Op::Field(*kind, field, level), shape: input.shape },
                    ty: input.ty.clone(),
                })
            }
            AtHand::Made(_, names) => {
                let (_, typed) = names.iter().find(|(n, _)| n == name)?;
                let expr = (0..level).fold(typed.expr.clone(), |expr, _| expr.inside());
                Some(Typed { expr, ty: typed.ty.clone() })
            }
        }
    }

    /// The nearest event at hand that is `wanted`: how far out it is, and the place at which it is the innermost.
    pub(super) fn place_of(&self, place: Place, wanted: impl Fn(&AtHand) -> bool) -> Option<(usize, Place)> {
        let mut at = place.scope;
        let mut level = 0;
        while let Some(index) = at {
            let scope = self.scopes.get(index)?;
            if wanted(&scope.what) {
                return Some((level, Place { scope: Some(index) }));
            }
            (at, level) = (scope.outer, level + 1);
        }
        None
    }

    /// The kinds of which the innermost event at hand may be.
    pub(super) fn kinds_at(&self, place: Place) -> Option<Kinds> {
        self.scopes_from(place).next().map(|scope| match scope.what {
            AtHand::Event(kind) => Kinds::one(kind),
            AtHand::Made(kinds, _) => kinds,
        })
    }

    /// Fields of all events at hand, for suggestions.
    pub(super) fn names_at_hand(&self, place: Place) -> Vec<String> {
        let mut names = Vec::new();
        for scope in self.scopes_from(place) {
            match &scope.what {
                AtHand::Event(kind) => {
                    let fields = self.plan.subject.events.get(*kind).into_iter().flat_map(|k| &k.fields);
                    names.extend(fields.map(|f| f.name.clone()));
                }
                AtHand::Made(_, made) => names.extend(made.iter().map(|(n, _)| n.clone())),
            }
        }
        names
    }

    fn scopes_from(&self, place: Place) -> impl Iterator<Item = &Scope> {
        std::iter::successors(place.scope.and_then(|s| self.scopes.get(s)), |scope| {
            scope.outer.and_then(|s| self.scopes.get(s))
        })
    }
}
