//! What something is expected from: an instant and, where that is an event's, the event, which never is what is expected from it.

use crate::names::{Names, Symbol};
use crate::plan::operators::outermost;
use crate::plan::{Expr, Kinds, Op};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::expressions::terms::{assume, at, at_most, not, order, yes_no};
use crate::types::obligations::clause::Wanted;
use crate::types::{Builder, Place};

/// As many names are followed as may stand for one another, at most.
const MOST_NAMES: usize = 64;

/// What something is expected from.
pub(super) struct Start {
    pub trigger: Expr,
    /// The event that the trigger is the time of, as its kinds and its place in the order.
    pub event: Option<(Kinds, Expr)>,
    /// Where it is put together otherwise: the kinds and the places of the events that it may be the time of.
    pub begun_by: Vec<(Kinds, Expr)>,
    /// Whether it is a date, which has no time of day.
    pub is_day: bool,
}

/// The query that an instant is, whether it is written there or by a name.
#[derive(Clone, Copy)]
pub(super) struct Meant<'t> {
    pub query: &'t tree::Query,
    place: Place,
    /// The other package whose definition it is, and where that is named.
    package: Option<(usize, Span)>,
}

impl Builder<'_> {
    /// The trigger that `from` gives, and which event it is, where that may be one that is expected.
    pub(super) fn start(&mut self, from: &tree::Expr, wanted: Wanted<'_>, place: Place) -> Option<Start> {
        let (trigger, is_day) = self.beginning(from, place)?;
        self.given(&trigger, place);
        let wanted = self.among(wanted.query)?.kinds;
        let event = match self.query_meant(from, place) {
            Some(meant) if meant.query.field.is_none() && !is_between(meant.query) => match self.kinds_meant(meant)? {
                kinds if kinds.meet(wanted) => {
                    let order = self.order_meant(meant, meant.query)?;
                    Some((kinds, self.kept(order, place)))
                }
                _ => None,
            },
            _ => None,
        };
        let begun_by = if event.is_some() { Vec::new() } else { self.begun_by(from, wanted, place)? };
        Some(Start { trigger, event, begun_by, is_day })
    }

    /// Whether a trigger is a time of the current event, such as `at`, `date of at` or a fact of it, and no other event's.
    pub(super) fn is_own(&self, from: &tree::Expr, trigger: &Expr, place: Place) -> bool {
        self.query_meant(from, place).is_none() && outermost(trigger) == Some(0)
    }

    /// The query that an expression is, or that the definition that it names is, here or in a package whose subject is taken over.
    pub(super) fn query_meant<'t>(&self, from: &'t tree::Expr, place: Place) -> Option<Meant<'t>>
    where
        Self: 't,
    {
        let (mut expr, mut place, mut package) = (from, place, None);
        for _ in 0..MOST_NAMES {
            let path = match &expr.kind {
                ExprKind::Query(query) => return Some(Meant { query, place, package }),
                ExprKind::Path(path) => path,
                _ => return None,
            };
            let other = package.and_then(|(package, _)| self.context.package(package));
            let (names, name): (&Names<'_>, _) = match (path.parts.as_slice(), other) {
                ([name], None) if !self.is_at_hand(&name.node, place) => (self.names(), name),
                ([name], Some(other)) => (other.names, name),
                ([alias, name], other) => {
                    let import = match other {
                        None => self.context.import_called(&alias.node)?,
                        Some(other) => other.imports.iter().find(|import| import.alias == alias.node)?,
                    };
                    let used = import.package.filter(|used| self.context.takes_over(*used))?;
                    package = Some((used, package.map_or(path.span, |(_, span)| span)));
                    (self.context.package(used)?.names, name)
                }
                _ => return None,
            };
            let Some(Symbol::Define(index)) = names.get(&name.node) else { return None };
            let define = names.defines.get(index).filter(|define| define.of.is_none())?;
            (expr, place) = (&define.expr, Place::default());
        }
        None
    }

    /// The kinds of the event that a query finds.
    pub(super) fn kinds_meant(&mut self, meant: Meant<'_>) -> Option<Kinds> {
        self.where_meant(meant, |b| Some(b.among(meant.query)?.kinds))
    }

    /// The place in the order of the case of the event that a query finds where the one that is meant stands.
    pub(super) fn order_meant(&mut self, meant: Meant<'_>, query: &tree::Query) -> Option<Expr> {
        self.where_meant(meant, |b| b.order_of(query, meant.place))
    }

    fn where_meant<T>(&mut self, meant: Meant<'_>, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match meant.package {
            Some((package, span)) => self.within(package, None, span, work),
            None => work(self),
        }
    }

    /// At or after the trigger.
    pub(super) fn not_before(&mut self, trigger: &Expr) -> Expr {
        at_most(self.outside(assume(trigger.clone())), at())
    }

    /// Not the event that it is expected from.
    pub(super) fn another_than(&mut self, start: &Start, wanted: Kinds) -> Vec<Expr> {
        let places = start.event.iter().chain(&start.begun_by).filter(|(kinds, _)| kinds.meet(wanted));
        places.map(|(_, place)| self.elsewhere(place.clone())).collect()
    }

    /// At another place in the order of the case.
    pub(super) fn elsewhere(&mut self, place: Expr) -> Expr {
        not(yes_no(Op::Equal(Box::new(order()), Box::new(self.outside(place)))))
    }
}

/// Whether a query is of a time that may be no event's.
fn is_between(query: &tree::Query) -> bool {
    query.function.as_ref().is_some_and(|function| function.node == "median")
}
