//! Columns: a value for each event, worked out once and looked up.

use super::at_hand::{AtHand, Event};
use super::{Machine, Value};
use crate::plan::{ColumnId, Expr, Kinds};

impl Machine<'_> {
    /// Fills a column for the events of some kinds.
    pub(super) fn column(&mut self, column: ColumnId, kinds: Kinds, expr: &Expr) {
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        let events = supplied.chain(kinds.places().map(Event::LeftOut));
        let of_kind = events.filter(|event| self.kind(*event).is_some_and(|kind| kinds.contain(kind)));
        let values: Vec<(Event, Value)> =
            of_kind.map(|event| (event, self.eval(expr, AtHand::default().with(event)))).collect();
        if let Some(place) = self.columns.get_mut(column) {
            place.extend(values);
        }
    }

    /// What a column holds for an event in scope.
    pub(super) fn of_column(&self, column: ColumnId, event: Option<Event>) -> Value {
        let found = self.columns.get(column).zip(event).and_then(|(values, event)| values.get(&event));
        found.copied().unwrap_or_else(Value::none)
    }
}
