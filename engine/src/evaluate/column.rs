//! Columns: a value for each event, worked out once and looked up.

use super::at_hand::{AtHand, Event};
use super::{Judgement, Machine, Value};
use crate::plan::{ColumnId, Expr, Id, JudgedEach, Kinds, Running};

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
        let slots = self.case.events.len() + self.plan.subject.events.len();
        let placed: Vec<(usize, Value)> = values.into_iter().map(|(event, value)| (self.slot(event), value)).collect();
        let Some(filled) = self.columns.get_mut(column) else { return };
        filled.resize(slots, None);
        for (slot, value) in placed {
            if let Some(place) = filled.get_mut(slot) {
                *place = Some(value);
            }
        }
    }

    /// Where a column holds something for an event: those supplied in the order of the case, then the one left out of each kind.
    fn slot(&self, event: Event) -> usize {
        match event {
            Event::Supplied(place) => place,
            Event::LeftOut(kind) => self.case.events.len() + kind.place(),
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
        let found = self.columns.get(column).zip(event).and_then(|(filled, event)| *filled.get(self.slot(event))?);
        found.unwrap_or_else(Value::none)
    }
}
