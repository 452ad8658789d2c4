//! The first, the last and the n-th of events that may belong.

use super::{Member, Value, by_event, many};
use crate::plan::{Class, Function, Query};

/// The union of two candidates, keeping the needs of both until the search is over.
pub(super) fn join(a: Option<Value>, b: Value, class: Class) -> Value {
    let Some(a) = a else { return b };
    let needs = a.needs | b.needs;
    Value { needs, ..a.or_else(b, class) }
}

/// The value at the first that belongs; none if there is none.
///
/// The candidates are those that may belong: among the timed, down to the first that certainly does; then the others, but for those
/// that come after one before them that certainly belongs, whenever they came.
pub(super) fn nearest(members: &[Member], class: Class) -> Value {
    let mut found: Option<Value> = None;
    let (mut certain, mut stopped, mut reach) = (false, false, i64::MAX);
    for member in members {
        if if member.timed { stopped } else { member.order.0 > reach } {
            continue;
        }
        if member.certain {
            reach = reach.min(member.order.1);
        }
        found = Some(join(found, member.value, class));
        certain |= member.certain;
        stopped |= member.timed && member.certain;
    }
    finished(found, certain, class)
}

/// The same, where it is a time or a place: held to what the events that certainly belong allow.
pub(super) fn bounded(query: &Query, members: &[Member], mut nearest: Value) -> Value {
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

pub(super) fn finished(found: Option<Value>, certain: bool, class: Class) -> Value {
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
