//! Questions about the events of a case, with Kleene membership.
//!
//! An event belongs certainly, possibly or not at all. Those at known times come in order, so the first that
//! certainly belongs ends the search for `first`; an event at an unknown time may be anywhere, so it stays in play
//! whatever else is found.

use super::{Event, Machine, Value, bit};
use crate::plan::{Class, Function, MAX_EVENTS, Needs, Query, Shape};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

impl Machine<'_> {
    pub(super) fn query(&self, query: &Query, shape: Shape) -> Value {
        let mut events: Vec<Event> = (0..self.case.events.len())
            .filter(|index| self.case.events.get(*index).is_some_and(|event| event.kind == query.event))
            .map(Event::Supplied)
            .collect();
        if query.function == Function::Last {
            events.reverse();
        }
        if self.is_left_out(query.event) {
            events.push(Event::LeftOut(query.event));
        }
        match query.function {
            Function::First | Function::Last => self.nearest(query, &events, shape.class),
            Function::Count => self.count(query, &events),
            Function::Any => self.any_event(query, &events),
        }
    }

    fn is_left_out(&self, kind: usize) -> bool {
        self.case.not_supplied >> kind & 1 == 1
    }

    fn left_out_bit(&self, kind: usize) -> Needs {
        self.plan.subject.events.get(kind).map_or(0, |kind| bit(kind.unsupplied))
    }

    /// Whether an event belongs: not after `as of`, and the filter holds.
    fn belongs(&self, query: &Query, event: Event) -> Value {
        let at = self.at(Some(event));
        let by_now = at.tested_with(Value::known(self.case.as_of), |at, now| (at.high <= now.low, at.low <= now.low));
        if !by_now.may_be_yes() {
            return Value::yes_no(false);
        }
        let filter = self.eval(&query.filter, Some(event));
        let exists = match event {
            Event::Supplied(_) => Value::yes_no(true),
            Event::LeftOut(kind) => Value::test(false, true, self.left_out_bit(kind)),
        };
        Value::test(
            by_now.is_yes() && filter.is_yes() && exists.is_yes(),
            by_now.may_be_yes() && filter.may_be_yes(),
            by_now.needs | filter.needs | exists.needs,
        )
    }

    fn is_timed(&self, event: Event) -> bool {
        matches!(event, Event::Supplied(index) if self.case.events.get(index).is_some_and(|e| e.at.is_some()))
    }

    /// The value at the first event (or last, the list being turned round) that belongs; none if there is none.
    ///
    /// The candidates are those that may belong: among the timed, down to the first that certainly does; all the untimed.
    fn nearest(&self, query: &Query, events: &[Event], class: Class) -> Value {
        let mut found: Option<Value> = None;
        let (mut certain, mut stopped) = (false, false);
        for event in events {
            let timed = self.is_timed(*event);
            if timed && stopped {
                continue;
            }
            let belongs = self.belongs(query, *event);
            if !belongs.may_be_yes() {
                continue;
            }
            let value = self.eval(&query.value, Some(*event));
            let value = Value { needs: value.needs | belongs.needs | self.time_bit(*event), ..value };
            found = Some(found.map_or(value, |so_far| join(so_far, value, class)));
            certain |= belongs.is_yes();
            stopped |= timed && belongs.is_yes();
        }
        let Some(value) = found else {
            return Value::none();
        };
        Value { may_be_none: value.may_be_none || !certain, ..value }.settled(class)
    }

    fn count(&self, query: &Query, events: &[Event]) -> Value {
        let (mut low, mut high, mut needs) = (0, 0, 0);
        for event in events {
            let belongs = self.belongs(query, *event);
            low += belongs.low;
            let many = if matches!(event, Event::LeftOut(_)) { MAX_EVENTS } else { 1 };
            high += belongs.high * many;
            needs |= belongs.needs;
        }
        let arithmetic = Value { low, high: high.min(MAX_EVENTS), may_be_some: true, may_be_none: false, needs };
        arithmetic.settled(Class::Range)
    }

    fn any_event(&self, query: &Query, events: &[Event]) -> Value {
        let (mut certain, mut possible, mut needs) = (false, false, 0);
        for event in events {
            let belongs = self.belongs(query, *event);
            certain |= belongs.is_yes();
            possible |= belongs.may_be_yes();
            needs |= belongs.needs;
        }
        Value::test(certain, possible, needs)
    }

    fn time_bit(&self, event: Event) -> Needs {
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
            _ => Value::anything(Shape::range(0, MAX_EVENTS), event.map_or(0, |e| self.time_bit(e))),
        }
    }

    pub(super) fn field(&self, kind: usize, field: usize, event: Option<Event>) -> Value {
        let Some(input) = self.plan.subject.events.get(kind).and_then(|k| k.fields.get(field)) else {
            return Value::none();
        };
        match event {
            Some(Event::Supplied(index)) => {
                let datum = self.case.events.get(index).and_then(|e| e.fields.get(field)).copied().unwrap_or_default();
                Self::supplied(datum, input.shape, input.unknown)
            }
            Some(Event::LeftOut(left_out)) => Value::anything(input.shape, self.left_out_bit(left_out)),
            None => Value::none(),
        }
    }
}

/// The union of two candidates, keeping the needs of both until the search is over.
fn join(a: Value, b: Value, class: Class) -> Value {
    let needs = a.needs | b.needs;
    Value { needs, ..a.or_else(b, class) }
}
