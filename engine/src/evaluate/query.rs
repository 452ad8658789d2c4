//! Questions about the events of a case, with Kleene membership.
//!
//! An event belongs certainly, possibly or not at all. Those at known times come in order, so the first that
//! certainly belongs ends the search for `first`; an event at an unknown time may be anywhere, so it stays in play
//! whatever else is found.

use super::{AtHand, Event, Machine, Value, bit};
use crate::plan::{Class, Expr, Function, Kinds, MAX_EVENTS, Needs, ORDER, Query, Shape};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

/// An event that may belong, under one alternative.
#[derive(Clone, Copy)]
struct Member {
    /// It certainly belongs (under this or an earlier alternative).
    certain: bool,
    /// Its time is known, so its place in the order is.
    timed: bool,
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
        for index in 0..self.case.events.len() {
            self.members_of(query, Event::Supplied(index), at_hand, &mut members);
        }
        for (place, alternative) in query.alternatives.iter().enumerate() {
            for kind in alternative.kinds.places().filter(|kind| self.case.not_supplied >> kind & 1 == 1) {
                if !query.alternatives.iter().take(place).any(|a| a.kinds.contain(kind)) {
                    self.members_of(query, Event::LeftOut(kind), at_hand, &mut members);
                }
            }
        }
        match query.function {
            Function::First => bounded(query, &members, nearest(&members, shape.class)),
            Function::Last => {
                let events: Vec<&[Member]> = by_event(&members).collect();
                let turned: Vec<Member> = events.into_iter().rev().flatten().copied().collect();
                bounded(query, &members, nearest(&turned, shape.class))
            }
            Function::Nth(n) => nth(&members, i64::from(n), shape.class),
            Function::Count => count(&members),
            Function::Any => any(&members),
            Function::Sum => sum(&members, shape),
            Function::Lowest => greatest(members.into_iter().map(turned_round).collect()).turned_round(),
            Function::Highest => greatest(members),
            Function::MedianDoubled => median_doubled(&members),
        }
    }

    /// The alternatives under which an event may belong, down to the first under which it certainly does.
    fn members_of(&self, query: &Query, event: Event, at_hand: AtHand, members: &mut Vec<Member>) {
        let Some(kind) = self.kind(event) else { return };
        let timed = self.is_timed(event);
        let inside = at_hand.with(event);
        let mut again = false;
        for alternative in query.alternatives.iter().filter(|a| a.kinds.contain(kind)) {
            let belongs = self.belongs(&alternative.filter, event, inside);
            if !belongs.may_be_yes() {
                continue;
            }
            let mut value = self.eval(&alternative.value, inside);
            if alternative.takes_time() {
                value.high = value.high.min(self.case.as_of);
            }
            let needs = belongs.needs | self.time_bit(event);
            let value = Value { needs: value.needs | needs, ..value };
            let left_out = matches!(event, Event::LeftOut(_));
            members.push(Member { certain: belongs.is_yes(), timed, left_out, again, value, needs: belongs.needs });
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

    pub(super) fn kind(&self, event: Event) -> Option<usize> {
        match event {
            Event::Supplied(index) => self.case.events.get(index).map(|e| e.kind),
            Event::LeftOut(kind) => Some(kind),
        }
    }

    fn left_out_bit(&self, kind: usize) -> Needs {
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

    /// Fills a column for the events of some kinds.
    pub(super) fn column(&mut self, column: usize, kinds: Kinds, expr: &Expr) {
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        let events = supplied.chain(kinds.places().map(Event::LeftOut));
        let of_kind = events.filter(|event| self.kind(*event).is_some_and(|kind| kinds.contain(kind)));
        let values: Vec<(Event, Value)> =
            of_kind.map(|event| (event, self.eval(expr, AtHand::default().with(event)))).collect();
        if let Some(place) = self.columns.get_mut(column) {
            place.extend(values);
        }
    }

    /// What a column holds for an event at hand.
    pub(super) fn of_column(&self, column: usize, event: Option<Event>) -> Value {
        let found = self.columns.get(column).zip(event).and_then(|(values, event)| values.get(&event));
        found.copied().unwrap_or_else(Value::none)
    }

    /// A field of an event at hand; of an event of another kind, which a rule never asks, none.
    pub(super) fn field(&self, kind: usize, field: usize, event: Option<Event>) -> Value {
        let declared = self.plan.subject.events.get(kind).and_then(|k| k.fields.get(field));
        let Some((input, event)) = declared.zip(event).filter(|(_, e)| self.kind(*e) == Some(kind)) else {
            return Value::none();
        };
        match event {
            Event::Supplied(index) => {
                let datum = self.case.events.get(index).and_then(|e| e.fields.get(field)).copied().unwrap_or_default();
                Self::supplied(datum, input.shape, input.unknown)
            }
            Event::LeftOut(left_out) => Value::anything(input.shape, self.left_out_bit(left_out)),
        }
    }
}

/// The union of two candidates, keeping the needs of both until the search is over.
fn join(a: Option<Value>, b: Value, class: Class) -> Value {
    let Some(a) = a else { return b };
    let needs = a.needs | b.needs;
    Value { needs, ..a.or_else(b, class) }
}

/// The value at the first that belongs; none if there is none.
///
/// The candidates are those that may belong: among the timed, down to the first that certainly does; all the untimed.
fn nearest(members: &[Member], class: Class) -> Value {
    let mut found: Option<Value> = None;
    let (mut certain, mut stopped) = (false, false);
    for member in members {
        if member.timed && stopped {
            continue;
        }
        found = Some(join(found, member.value, class));
        certain |= member.certain;
        stopped |= member.timed && member.certain;
    }
    finished(found, certain, class)
}

/// The same, where it is a time or a place: held to what the events that certainly belong allow.
fn bounded(query: &Query, members: &[Member], mut nearest: Value) -> Value {
    if !query.is_bounded() {
        return nearest;
    }
    for member in members.iter().filter(|member| member.certain) {
        match query.function {
            Function::Last => nearest.low = nearest.low.max(member.value.low),
            _ => nearest.high = nearest.high.min(member.value.high),
        }
    }
    nearest.settled(Class::Range)
}

fn finished(found: Option<Value>, certain: bool, class: Class) -> Value {
    let Some(value) = found else { return Value::none() };
    Value { may_be_none: value.may_be_none || !certain, ..value }.settled(class)
}

/// The value at the n-th that belongs: those before which fewer than n certainly and at least n − 1 possibly belong.
fn nth(members: &[Member], n: i64, class: Class) -> Value {
    let untimed_possible: i64 = members.iter().filter(|m| !m.timed && !m.again).map(many).sum();
    let (mut certain_before, mut possible_before) = (0, 0);
    let (mut certain_all, mut possible_all) = (0, 0);
    let mut found = None;
    let mut needs = 0;
    for event in by_event(members) {
        let certain = event.iter().any(|m| m.certain);
        let timed = event.iter().any(|m| m.timed);
        let could_be = if timed { certain_before < n && possible_before + untimed_possible >= n - 1 } else { true };
        for member in event.iter().filter(|_| could_be) {
            found = Some(join(found, member.value, class));
        }
        needs |= event.iter().fold(0, |needs, m| needs | m.needs | if timed { 0 } else { m.value.needs });
        let most = event.iter().map(many).max().unwrap_or(0);
        certain_all += i64::from(certain);
        possible_all += most;
        if timed {
            certain_before += i64::from(certain);
            possible_before += 1;
        }
    }
    let found = found.filter(|_| possible_all >= n).map(|v| Value { needs: v.needs | needs, ..v });
    finished(found, certain_all >= n, class)
}

/// Members of one event together.
fn by_event(members: &[Member]) -> impl Iterator<Item = &[Member]> {
    members.chunk_by(|_, next| next.again)
}

/// How many events a member stands for at most.
fn many(member: &Member) -> i64 {
    if member.left_out { MAX_EVENTS } else { 1 }
}

fn count(members: &[Member]) -> Value {
    let (mut low, mut high, mut needs) = (0, 0, 0);
    for event in by_event(members) {
        low += i64::from(event.iter().any(|m| m.certain));
        high += event.iter().map(many).max().unwrap_or(0);
        needs |= event.iter().fold(0, |needs, m| needs | m.needs);
    }
    Value { low, high: high.min(MAX_EVENTS), may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
}

fn any(members: &[Member]) -> Value {
    let certain = members.iter().any(|m| m.certain);
    Value::test(certain, !members.is_empty(), members.iter().fold(0, |needs, m| needs | m.needs))
}

/// The sum; an event that may not belong, or whose value may be none, may add nothing. Ends beyond the sum's shape are its ends.
fn sum(members: &[Member], shape: Shape) -> Value {
    let (mut low, mut high, mut needs) = (0, 0, 0);
    for event in by_event(members) {
        let some = event.iter().filter(|m| m.value.may_be_some);
        let certain = event.iter().any(|m| m.certain) && event.iter().all(|m| !m.value.may_be_none);
        let least = some.clone().map(|m| m.value.low * many(m)).min().unwrap_or(0);
        let most = some.map(|m| m.value.high * many(m)).max().unwrap_or(0);
        low += if certain { least } else { least.min(0) };
        high += if certain { most } else { most.max(0) };
        needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
    }
    let clamped = |end: i64| end.max(shape.low).min(shape.high);
    Value { low: clamped(low), high: clamped(high), may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
}

/// The greatest value: at least that of every event that certainly has one, at most that of any that may.
fn greatest(members: Vec<Member>) -> Value {
    let (mut low, mut high, mut needs) = (None::<i64>, None::<i64>, 0);
    let mut certain: Option<i64> = None;
    for event in by_event(&members) {
        let some: Vec<&Member> = event.iter().filter(|m| m.value.may_be_some).collect();
        let Some(least) = some.iter().map(|m| m.value.low).min() else { continue };
        let most = some.iter().map(|m| m.value.high).max().unwrap_or(least);
        low = Some(low.map_or(least, |l| l.min(least)));
        high = Some(high.map_or(most, |h| h.max(most)));
        needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
        if event.iter().any(|m| m.certain) && event.iter().all(|m| !m.value.may_be_none) {
            certain = Some(certain.map_or(least, |c| c.max(least)));
        }
    }
    let Some((low, high)) = low.zip(high) else { return Value::none() };
    let low = certain.unwrap_or(low);
    Value { low, high, may_be_some: true, may_be_none: certain.is_none(), needs }.settled(Class::Range)
}

fn turned_round(member: Member) -> Member {
    Member { value: member.value.turned_round(), ..member }
}

/// Twice the median. Where it is certain which events count, the median of the least values and that of the greatest;
/// otherwise anything from the least to the greatest.
fn median_doubled(members: &[Member]) -> Value {
    let (mut lows, mut highs, mut needs) = (Vec::new(), Vec::new(), 0);
    let mut all_certain = true;
    for event in by_event(members) {
        let some: Vec<&Member> = event.iter().filter(|m| m.value.may_be_some).collect();
        needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
        let sure = event.iter().any(|m| m.certain);
        all_certain &= sure && (some.is_empty() || event.iter().all(|m| !m.value.may_be_none));
        if let Some(low) = some.iter().map(|m| m.value.low).min() {
            lows.push(low);
            highs.push(some.iter().map(|m| m.value.high).max().unwrap_or(low));
        }
    }
    let certain_one = by_event(members).any(|event| {
        event.iter().any(|m| m.certain) && event.iter().all(|m| m.value.may_be_some && !m.value.may_be_none)
    });
    lows.sort_unstable();
    highs.sort_unstable();
    let (Some(least), Some(most)) = (lows.first().copied(), highs.last().copied()) else { return Value::none() };
    let (low, high) = if all_certain { (middle(&lows), middle(&highs)) } else { (2 * least, 2 * most) };
    Value { low, high, may_be_some: true, may_be_none: !certain_one, needs }.settled(Class::Range)
}

/// Twice the middle of sorted values.
fn middle(sorted: &[i64]) -> i64 {
    let half = sorted.len() / 2;
    let upper = sorted.get(half).copied().unwrap_or(0);
    if sorted.len() % 2 == 1 { 2 * upper } else { upper + sorted.get(half.wrapping_sub(1)).copied().unwrap_or(0) }
}
