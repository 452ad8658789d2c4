//! Columns: a value for each event, worked out once and looked up.

use super::at_hand::{AtHand, Event};
use super::{Judgement, Machine, Value};
use crate::plan::{ColumnId, Expr, JudgedEach, Kinds, Running};

impl Machine<'_> {
    /// Fills a column for the events of some kinds.
    pub(super) fn column(&mut self, column: ColumnId, kinds: Kinds, expr: &Expr) {
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        let events = supplied.chain(kinds.places().map(Event::LeftOut));
        let of_kind = events.filter(|event| self.kind(*event).is_some_and(|kind| kinds.contain(kind)));
        let values: Vec<(Event, Value)> = match Running::of(expr) {
            Some((running, query)) => self.running((&running, query), expr.shape, of_kind.collect()),
            None => of_kind.map(|event| (event, self.eval(expr, AtHand::default().with(event)))).collect(),
        };
        if let Some(place) = self.columns.get_mut(column) {
            place.extend(values);
        }
    }

    /// What is worked out about each event that may be judged.
    pub(super) fn judgements(&self, each: &JudgedEach) -> Vec<Judgement> {
        let events = self.case.events.iter().enumerate().filter(|(_, event)| event.kind == each.kind);
        let judgement = |(event, _)| {
            let value = |column| self.of_column(column, Some(Event::Supplied(event)));
            Judgement { event, values: each.columns().into_iter().map(value).collect() }
        };
        events.map(judgement).collect()
    }

    /// What a column holds for an event in scope.
    pub(super) fn of_column(&self, column: ColumnId, event: Option<Event>) -> Value {
        let found = self.columns.get(column).zip(event).and_then(|(values, event)| values.get(&event));
        found.copied().unwrap_or_else(Value::none)
    }
}
