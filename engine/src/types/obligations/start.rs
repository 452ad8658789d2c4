//! What something is expected from: an instant and, where that is an event's, the event, which never is what is expected from it.

use crate::names::Symbol;
use crate::plan::operators::outermost;
use crate::plan::{Expr, Kinds, Op};
use crate::syntax::tree::{self, ExprKind};
use crate::types::expressions::terms::{assume, at, at_most, not, order, yes_no};
use crate::types::obligations::clause::Wanted;
use crate::types::{Builder, Place};

/// What something is expected from.
pub(super) struct Start {
    pub trigger: Expr,
    /// The event that the trigger is the time of, as its kinds and its place in the order.
    pub event: Option<(Kinds, Expr)>,
}

impl Builder<'_> {
    /// The trigger that `from` gives, and which event it is, where that may be one that is expected.
    pub(super) fn start(&mut self, from: &tree::Expr, wanted: Wanted<'_>, place: Place) -> Option<Start> {
        let trigger = self.beginning(from, place)?;
        self.given(&trigger, place);
        let wanted = self.among(wanted.query)?.kinds;
        let event = match self.query_meant(from, place) {
            Some((query, at)) if query.field.is_none() => match self.among(query)?.kinds {
                kinds if kinds.meet(wanted) => {
                    let order = self.order_of(query, at)?;
                    Some((kinds, self.kept(order, place)))
                }
                _ => None,
            },
            _ => None,
        };
        Some(Start { trigger, event })
    }

    /// Whether a trigger is a time of the current event, such as `at`, `date of at` or a fact of it, and no other event's.
    pub(super) fn is_own(&self, from: &tree::Expr, trigger: &Expr, place: Place) -> bool {
        self.query_meant(from, place).is_none() && outermost(trigger) == Some(0)
    }

    /// The query that an expression is, or that the definition that it names is, and its place.
    fn query_meant<'t>(&self, from: &'t tree::Expr, place: Place) -> Option<(&'t tree::Query, Place)>
    where
        Self: 't,
    {
        match &from.kind {
            ExprKind::Query(query) => Some((query, place)),
            ExprKind::Path(path) => {
                let [name] = path.parts.as_slice() else { return None };
                let symbol = self.names().get(&name.node)?;
                let Symbol::Define(index) = symbol else { return None };
                if self.is_at_hand(&name.node, place) {
                    return None;
                }
                let define = self.names().defines.get(index).filter(|define| define.of.is_none())?;
                match &define.expr.kind {
                    ExprKind::Query(query) => Some((query, Place::default())),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// At or after the trigger.
    pub(super) fn not_before(&mut self, trigger: &Expr) -> Expr {
        at_most(self.outside(assume(trigger.clone())), at())
    }

    /// Not the event that it is expected from.
    pub(super) fn another_than(&mut self, start: &Start, wanted: Kinds) -> Option<Expr> {
        let (_, place) = start.event.as_ref().filter(|(kinds, _)| kinds.meet(wanted))?;
        Some(self.elsewhere(place.clone()))
    }

    /// At another place in the order of the case.
    pub(super) fn elsewhere(&mut self, place: Expr) -> Expr {
        not(yes_no(Op::Equal(Box::new(order()), Box::new(self.outside(place)))))
    }
}
