//! The events in scope: what is known of their kind, time, place in the order, and fields.

use super::fact::bit;
use super::{Machine, Value};
use crate::plan::{FieldId, Id, KindId, Level, MAX_EVENTS, MAX_LEVELS, Needs, ORDER, Shape};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

/// An event in scope: one supplied (by place), or the one that an export may have left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Supplied(usize),
    LeftOut(KindId),
}

/// The events in scope, the innermost query's first.
#[derive(Clone, Copy, Default)]
pub(super) struct AtHand {
    events: [Option<Event>; MAX_LEVELS as usize],
}

impl AtHand {
    /// With one more query inside those there are.
    pub fn with(self, event: Event) -> AtHand {
        let mut events = self.events;
        events.rotate_right(1);
        if let Some(first) = events.first_mut() {
            *first = Some(event);
        }
        AtHand { events }
    }

    pub fn at(self, level: Level) -> Option<Event> {
        self.events.get(usize::from(level)).copied().flatten()
    }
}

impl Machine<'_> {
    pub(super) fn kind(&self, event: Event) -> Option<KindId> {
        match event {
            Event::Supplied(index) => self.case.events.get(index).map(|e| e.kind),
            Event::LeftOut(kind) => Some(kind),
        }
    }

    pub(super) fn left_out_bit(&self, kind: KindId) -> Needs {
        self.plan.subject.events.get(kind).map_or(0, |kind| bit(kind.unsupplied))
    }

    pub(super) fn is_timed(&self, event: Event) -> bool {
        matches!(event, Event::Supplied(index) if self.case.events.get(index).is_some_and(|e| e.at.is_some()))
    }

    pub(super) fn time_bit(&self, event: Event) -> Needs {
        match event {
            Event::LeftOut(kind) => self.left_out_bit(kind),
            Event::Supplied(index) => match self.case.events.get(index) {
                Some(event) if event.at.is_none() => {
                    self.plan.subject.events.get(event.kind).map_or(0, |k| bit(k.untimed))
                }
                _ => 0,
            },
        }
    }

    pub(super) fn at(&self, event: Option<Event>) -> Value {
        let known = match event {
            Some(Event::Supplied(index)) => self.case.events.get(index).and_then(|event| event.at),
            _ => None,
        };
        let any_time = Shape::range(FIRST_INSTANT, LAST_INSTANT);
        known.map_or_else(|| Value::anything(any_time, event.map_or(0, |e| self.time_bit(e))), Value::known)
    }

    pub(super) fn order(&self, event: Option<Event>) -> Value {
        match event {
            Some(Event::Supplied(index)) if self.is_timed(Event::Supplied(index)) => {
                Value::known(i64::try_from(index).unwrap_or(MAX_EVENTS))
            }
            _ => Value::anything(ORDER, event.map_or(0, |e| self.time_bit(e))),
        }
    }

    /// A field of an event in scope; of an event of another kind, which a rule never asks, none.
    pub(super) fn field(&self, kind: KindId, field: FieldId, event: Option<Event>) -> Value {
        let declared = self.plan.subject.events.get(kind).and_then(|k| k.fields.get(field));
        let Some((input, event)) = declared.zip(event).filter(|(_, e)| self.kind(*e) == Some(kind)) else {
            return Value::none();
        };
        match event {
            Event::Supplied(index) => {
                let datum =
                    // A field that the event does not hold is missing.
                    self.case.events.get(index).and_then(|e| e.fields.get(field.place())).copied().unwrap_or_default();
                Self::supplied(datum, input.shape, input.unknown)
            }
            Event::LeftOut(left_out) => Value::anything(input.shape, self.left_out_bit(left_out)),
        }
    }
}
