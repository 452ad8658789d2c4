//! The events in scope: what is known of their kind, time, place in the order, and fields.

use super::fact::bit;
use super::{Machine, Value};
use crate::plan::case::When;
use crate::plan::{
    FieldId, Id, KindId, Level, MAX_EVENTS, MAX_LEVELS, Needs, ORDER, Op, Shape, after, before, in_order,
};
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

    /// Whether both are the time, or the place in the order, of one event: they are the same then, known or not. Of events that an export left
    /// out there may be several.
    pub fn is_one(self, a: &Op, b: &Op) -> bool {
        match (a, b) {
            (Op::At(a), Op::At(b)) | (Op::Order(a), Op::Order(b)) => {
                matches!(self.at(*a), Some(Event::Supplied(_))) && self.at(*a) == self.at(*b)
            }
            _ => false,
        }
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
        // The plan has every kind.
        self.plan.subject.events.get(kind).map_or(0, |kind| bit(kind.unsupplied))
    }

    /// When it happened, as far as the case says.
    pub(super) fn when(&self, event: Event) -> When {
        match event {
            Event::Supplied(index) => {
                self.case.events.get(index).map_or(When::Unknown, |event| self.plan.subject.started(event))
            }
            Event::LeftOut(_) => When::Unknown,
        }
    }

    /// Whether its instant, and so its place in the order, is known.
    pub(super) fn is_timed(&self, event: Event) -> bool {
        self.when(event).known().is_some()
    }

    pub(super) fn time_bit(&self, event: Event) -> Needs {
        match event {
            Event::LeftOut(kind) => self.left_out_bit(kind),
            Event::Supplied(index) => match self.case.events.get(index) {
                Some(event) if event.at.known().is_none() => {
                    // As above.
                    self.plan.subject.events.get(event.kind).map_or(0, |k| bit(k.untimed))
                }
                _ => 0,
            },
        }
    }

    pub(super) fn at(&self, event: Option<Event>) -> Value {
        // Where there is no event, nothing would tell its time.
        let needs = event.map_or(0, |e| self.time_bit(e));
        match event.map_or(When::Unknown, |e| self.when(e)) {
            When::Known(at) => Value::known(at),
            When::Between(first, last) => Value::between(first, last, needs),
            When::Unknown => Value::anything(Shape::range(FIRST_INSTANT, LAST_INSTANT), needs),
        }
    }

    pub(super) fn order(&self, event: Option<Event>) -> Value {
        // Where there is no event, nothing would tell its time.
        let needs = event.map_or(0, |e| self.time_bit(e));
        match (event, event.map_or(When::Unknown, |e| self.when(e))) {
            (Some(Event::Supplied(index)), When::Known(at)) => {
                Value::known(in_order(at, i64::try_from(index).unwrap_or(MAX_EVENTS)))
            }
            (_, When::Between(first, last)) => Value::between(before(first), after(last), needs),
            _ => Value::anything(ORDER, needs),
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
