//! The windows of a query: `after`, `before`, `since`, `until`, `within`.

use crate::plan::Expr;
use crate::syntax::tree::{self, ExprKind, WindowKind};
use crate::types::events::days::Length;
use crate::types::expressions::terms::{at, at_most, less, order};
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn window(&mut self, window: &tree::Window, place: Place) -> Option<Vec<Expr>> {
        Some(match &window.kind {
            WindowKind::After(end) => {
                let (own, end) = self.end(end, place)?;
                vec![less(end, own)]
            }
            WindowKind::Before(end) => {
                let (own, end) = self.end(end, place)?;
                vec![less(own, end)]
            }
            WindowKind::Since(end) => {
                let (own, end) = self.end(end, place)?;
                vec![at_most(end, own)]
            }
            WindowKind::Until(end) => {
                let (own, end) = self.end(end, place)?;
                vec![at_most(own, end)]
            }
            WindowKind::WithinBefore(length, end) => {
                let (length, instant) = (self.length(length, place)?, self.instant(end, place)?);
                let early = match length {
                    Length::Elapsed(length) => {
                        let start = self.shifted(instant, length, false);
                        at_most(self.outside(start), at())
                    }
                    Length::Days(count, days) => self.days_before(instant, count, days),
                };
                let before = match self.end(end, place)? {
                    (own, end) if own == order() => less(own, end),
                    (own, end) => at_most(own, end),
                };
                vec![early, before]
            }
            WindowKind::WithinAfter(length, start) => {
                let (length, instant) = (self.length(length, place)?, self.instant(start, place)?);
                let end = match length {
                    Length::Elapsed(length) => self.shifted(instant, length, true),
                    Length::Days(count, days) => self.end_of_day_after(instant, count, days),
                };
                let after = match self.end(start, place)? {
                    (own, start) if own == order() => less(start, own),
                    (own, start) => at_most(start, own),
                };
                vec![after, at_most(at(), self.outside(end))]
            }
        })
    }

    /// An end of a window: what of the event asked about is compared, and with what. The time of the current event of the outer query, and another
    /// event query, compare places in the order of the case; any other instant compares times.
    pub(in crate::types) fn end(&mut self, tree: &tree::Expr, place: Place) -> Option<(Expr, Expr)> {
        if matches!(tree.kind, ExprKind::At) && place.has_event() {
            return Some((order(), order().inside()));
        }
        if let ExprKind::Path(path) = &tree.kind
            && let [alias, time] = path.parts.as_slice()
            && time.node == "at"
            && let Some(other) = self.order_of_alias(&alias.node, place)
        {
            return Some((order(), other.inside()));
        }
        if let ExprKind::Query(query) = &tree.kind
            && query.field.is_none()
        {
            let end = self.order_of(query, place)?;
            return Some((order(), self.outside(end)));
        }
        let instant = self.instant(tree, place)?;
        Some((at(), self.outside(instant)))
    }

    /// The place in the order of the case of the event that a query finds.
    pub(in crate::types) fn order_of(&mut self, query: &tree::Query, place: Place) -> Option<Expr> {
        let (kinds, filter) = self.chosen(query, place)?;
        let asked = self.asked(query, kinds, filter, order(), Type::Number { places: 0, unit: None })?;
        Some(asked.expr)
    }
}
