//! The first, the last and the n-th of events that may belong.

use super::{Member, Value, by_event, many};
use crate::plan::{Class, Function, Query};

/// The union of two candidates, keeping the needs of both until the search is over.
fn join(a: Option<Value>, b: Value, class: Class) -> Value {
    let Some(a) = a else { return b };
    let needs = a.needs | b.needs;
    Value { needs, ..a.or_else(b, class) }
}

/// The value at the first that belongs, or at the last; none if there is none. Those whose instants are known are taken in one after the
/// other from one end of the order, and then the others.
///
/// The candidates are those that may belong: among the timed, down to the first that certainly does; then the others, but for those
/// that come after one before them that certainly belongs, whenever they came.
#[derive(Clone)]
pub(super) struct Nearest {
    class: Class,
    /// The last is asked for: everything is turned round.
    last: bool,
    /// The timed are taken in from far to near: one that certainly belongs ends the search for all before it.
    renews: bool,
    /// The answer is a time or a place, held to what the events that certainly belong allow.
    bounded: bool,
    found: Option<Value>,
    certain: bool,
    stopped: bool,
    reach: i64,
    bound: Option<i64>,
}

impl Nearest {
    /// Nothing yet.
    pub fn new(query: &Query, class: Class, renews: bool) -> Nearest {
        Nearest {
            class,
            last: query.function == Function::Last,
            renews,
            bounded: query.is_bounded(),
            found: None,
            certain: false,
            stopped: false,
            reach: i64::MAX,
            bound: None,
        }
    }

    /// Takes an event in.
    pub fn take(&mut self, event: &[Member]) {
        let ends = event.iter().any(|member| member.timed && member.certain);
        if self.renews && ends {
            (self.found, self.certain) = (None, false);
        }
        for member in event {
            self.hold(member);
            let (from, to) = if self.last { (-member.order.1, -member.order.0) } else { member.order };
            if if member.timed { self.stopped } else { from > self.reach } {
                continue;
            }
            if member.certain {
                self.reach = self.reach.min(to);
            }
            self.found = Some(join(self.found, member.value, self.class));
            self.certain |= member.certain;
            self.stopped |= member.timed && member.certain && !self.renews;
        }
    }

    /// What a member that certainly belongs says of the answer.
    fn hold(&mut self, member: &Member) {
        if member.certain {
            let end = if self.last { member.value.low } else { member.value.high };
            let nearer = |bound: i64| if self.last { bound.max(end) } else { bound.min(end) };
            self.bound = Some(self.bound.map_or(end, nearer));
        }
    }

    /// The answer.
    pub fn value(&self) -> Value {
        let mut nearest = finished(self.found, self.certain, self.class);
        let Some(bound) = self.bound.filter(|_| self.bounded) else { return nearest };
        if self.last {
            nearest.low = nearest.low.max(bound);
        } else {
            nearest.high = nearest.high.min(bound);
        }
        nearest.settled(Class::Range)
    }
}

fn finished(found: Option<Value>, certain: bool, class: Class) -> Value {
    let Some(value) = found else { return Value::none() };
    Value { may_be_none: value.may_be_none || !certain, ..value }.settled(class)
}

/// The value at the n-th that belongs: those before which fewer than n certainly and at least n − 1 possibly belong.
pub(super) fn nth(members: &[Member], n: i64, class: Class) -> Value {
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
        // An event that is no member adds none.
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
