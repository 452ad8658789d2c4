//! The windows of a query: `after`, `before`, `since`, `until`, `within`; `during` is in [`super::lasting`].

use crate::plan::Expr;
use crate::syntax::tree::{self, ExprKind, WindowKind};
use crate::types::events::days::Length;
use crate::types::expressions::terms::{at, at_most, less, order};
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    /// The tests that a window comes to, and what has to be there for any event to lie in it.
    pub(super) fn window(&mut self, window: &tree::Window, place: Place) -> Option<(Vec<Expr>, Vec<Expr>)> {
        self.ends_with_one_event(window)?;
        let kind = &window.kind;
        Some(match kind {
            WindowKind::After(end) | WindowKind::Before(end) | WindowKind::Since(end) | WindowKind::Until(end) => {
                let (own, bound) = self.bound(end, place)?;
                let end = self.outside(bound.clone());
                let test = match kind {
                    WindowKind::After(_) => less(end, own),
                    WindowKind::Before(_) => less(own, end),
                    WindowKind::Since(_) => at_most(end, own),
                    _ => at_most(own, end),
                };
                (vec![test], vec![bound])
            }
            WindowKind::During(of) => return self.during(of, place),
            WindowKind::WithinBefore(length, end) => {
                let (length, instant) = (self.length(length, place)?, self.instant(end, place)?);
                let needed = vec![length.expr().clone(), instant.clone()];
                let early = match length {
                    Length::Elapsed(length) => {
                        let start = self.shifted(instant, length, false);
                        at_most(self.outside(start), at())
                    }
                    Length::Days(count, days) => self.days_before(instant, count, days),
                };
                let (own, bound) = self.bound(end, place)?;
                let end = self.outside(bound);
                let before = if own == order() { less(own, end) } else { at_most(own, end) };
                (vec![early, before], needed)
            }
            WindowKind::WithinAfter(length, start) => {
                let (length, instant) = (self.length(length, place)?, self.instant(start, place)?);
                let needed = vec![length.expr().clone(), instant.clone()];
                let end = match length {
                    Length::Elapsed(length) => self.shifted(instant, length, true),
                    Length::Days(count, days) => self.end_of_day_after(instant, count, days),
                };
                let (own, bound) = self.bound(start, place)?;
                let start = self.outside(bound);
                let after = if own == order() { less(start, own) } else { at_most(start, own) };
                (vec![after, at_most(at(), self.outside(end))], needed)
            }
        })
    }

    /// An end of a window: what of the event asked about is compared, and with what, as it is where the window stands. The time of the current
    /// event of the outer query, and another event query, compare places in the order of the case; any other instant compares times.
    fn bound(&mut self, tree: &tree::Expr, place: Place) -> Option<(Expr, Expr)> {
        if matches!(tree.kind, ExprKind::At) && place.has_event() {
            return Some((order(), order()));
        }
        if let ExprKind::Path(path) = &tree.kind
            && let [alias, time] = path.parts.as_slice()
            && time.node == "at"
            && let Some(other) = self.order_of_alias(&alias.node, place)
        {
            return Some((order(), other));
        }
        if let ExprKind::Path(path) = &tree.kind
            && let Some(name) = self.event_named_alone(path, place)
        {
            return Some((order(), self.order_of_alias(&name.node, place)?));
        }
        if let ExprKind::Query(query) = &tree.kind
            && query.field.is_none()
        {
            return Some((order(), self.order_of(query, place)?));
        }
        Some((at(), self.instant(tree, place)?))
    }

    /// The place in the order of the case of the event that a query finds.
    pub(in crate::types) fn order_of(&mut self, query: &tree::Query, place: Place) -> Option<Expr> {
        let (kinds, filter) = self.chosen(query, place)?;
        let asked = self.asked(query, kinds, filter, order(), Type::Number { places: 0, unit: None })?;
        Some(asked.expr)
    }
}
