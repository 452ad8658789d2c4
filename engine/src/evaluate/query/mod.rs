//! Queries over the events of a case, with Kleene membership.
//!
//! An event belongs certainly, possibly or not at all. Those at known times come in order, so the first that
//! certainly belongs ends the search for `first`; an event whose instant is not known may be anywhere that its time allows, so it
//! stays in play whatever else is found, unless all of that comes after an event that certainly belongs.

mod figure;
mod gathered;
mod nearest;
mod running;

use super::at_hand::{AtHand, Event};
use super::{Machine, Value};
use crate::plan::{Expr, Function, Kinds, MAX_EVENTS, Needs, Query, Shape};
use figure::median_doubled;
use gathered::Gathered;
use nearest::nth;

/// An event that may belong, under one alternative.
#[derive(Clone, Copy)]
struct Member {
    /// It certainly belongs (under this or an earlier alternative).
    certain: bool,
    /// Its time is known, so its place in the order is.
    timed: bool,
    /// The first and the last place that it may have in the order.
    order: (i64, i64),
    /// It stands for up to [`MAX_EVENTS`] events that the export left out.
    left_out: bool,
    /// The same event as the member before it, under a later alternative.
    again: bool,
    /// What is taken of it; what it needs includes what its belonging needs.
    value: Value,
    /// What its belonging needs.
    needs: Needs,
}

impl Machine<'_> {
    pub(super) fn query(&self, query: &Query, shape: Shape, at_hand: AtHand) -> Value {
        let mut members = Vec::new();
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        for event in supplied.chain(self.left_out_of(query)) {
            self.members_of(query, event, at_hand, &mut members);
        }
        let mut events: Vec<&[Member]> = by_event(&members).collect();
        if query.function == Function::Last {
            events.reverse();
            events.sort_by_key(|event| !event.iter().any(|member| member.timed));
        }
        match (query.function, Gathered::new(query, shape.class, false)) {
            (_, Some(mut gathered)) => {
                events.into_iter().for_each(|event| gathered.take(event));
                gathered.value(shape)
            }
            (Function::Nth(n), None) => nth(&members, i64::from(n), shape.class),
            (_, None) => median_doubled(&members),
        }
    }

    /// The events that the export may have left out, one of each kind asked about.
    fn left_out_of(&self, query: &Query) -> Vec<Event> {
        let mut found = Vec::new();
        for kind in query.alternatives.iter().flat_map(|alternative| alternative.kinds.places()) {
            let event = Event::LeftOut(kind);
            if Kinds(self.case.not_supplied).contain(kind) && !found.contains(&event) {
                found.push(event);
            }
        }
        found
    }

    /// The alternatives under which an event may belong, down to the first under which it certainly does.
    fn members_of(&self, query: &Query, event: Event, at_hand: AtHand, members: &mut Vec<Member>) {
        let Some(kind) = self.kind(event) else { return };
        let timed = self.is_timed(event);
        let order = self.order(Some(event));
        let order = (order.low, order.high);
        let inside = at_hand.with(event);
        let mut again = false;
        for alternative in query.alternatives.iter().filter(|a| a.kinds.contain(kind)) {
            let belongs = self.belongs(&alternative.filter, event, inside);
            if !belongs.may_be_yes() {
                continue;
            }
            let mut value = if query.takes_values() { self.eval(&alternative.value, inside) } else { Value::none() };
            if alternative.takes_time() {
                value.high = value.high.min(self.case.as_of);
            }
            let needs = belongs.needs | self.time_bit(event);
            let value = Value { needs: value.needs | needs, ..value };
            let left_out = matches!(event, Event::LeftOut(_));
            members.push(Member {
                certain: belongs.is_yes(),
                timed,
                order,
                left_out,
                again,
                value,
                needs: belongs.needs,
            });
            again = true;
            if belongs.is_yes() {
                return;
            }
        }
    }

    /// Whether an event belongs: not after `as of`, and the filter holds.
    fn belongs(&self, filter: &Expr, event: Event, inside: AtHand) -> Value {
        let at = self.at(Some(event));
        let by_now = at.tested_with(Value::known(self.case.as_of), |at, now| (at.high <= now.low, at.low <= now.low));
        if !by_now.may_be_yes() {
            return Value::yes_no(false);
        }
        let filter = self.eval(filter, inside);
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
}

/// Members of one event together.
fn by_event(members: &[Member]) -> impl Iterator<Item = &[Member]> {
    members.chunk_by(|_, next| next.again)
}

/// How many events a member stands for at most.
fn many(member: &Member) -> i64 {
    if member.left_out { MAX_EVENTS } else { 1 }
}
