//! Figures over events that may belong: counts, sums, the least, the greatest, the median.

use super::{Member, Value, by_event, many};
use crate::plan::{Class, MAX_EVENTS, Shape};

pub(super) fn count(members: &[Member]) -> Value {
    let (mut low, mut high, mut needs) = (0, 0, 0);
    for event in by_event(members) {
        low += i64::from(event.iter().any(|m| m.certain));
        // An event that is no member adds none.
        high += event.iter().map(many).max().unwrap_or(0);
        needs |= event.iter().fold(0, |needs, m| needs | m.needs);
    }
    Value { low, high: high.min(MAX_EVENTS), may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
}

pub(super) fn any(members: &[Member]) -> Value {
    let certain = members.iter().any(|m| m.certain);
    Value::test(certain, !members.is_empty(), members.iter().fold(0, |needs, m| needs | m.needs))
}

/// The sum; an event that may not belong, or whose value may be none, may add nothing. Ends beyond the sum's shape are its ends.
pub(super) fn sum(members: &[Member], shape: Shape) -> Value {
    let (mut low, mut high, mut needs) = (0, 0, 0);
    for event in by_event(members) {
        let some = event.iter().filter(|m| m.value.may_be_some);
        let certain = event.iter().any(|m| m.certain) && event.iter().all(|m| !m.value.may_be_none);
        // Where none of it has a value, nothing is added.
        let least = some.clone().map(|m| m.value.low * many(m)).min().unwrap_or(0);
        // As above.
        let most = some.map(|m| m.value.high * many(m)).max().unwrap_or(0);
        low += if certain { least } else { least.min(0) };
        high += if certain { most } else { most.max(0) };
        needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
    }
    let clamped = |end: i64| end.max(shape.low).min(shape.high);
    Value { low: clamped(low), high: clamped(high), may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
}

/// The greatest value: at least that of every event that certainly has one, at most that of any that may.
pub(super) fn greatest(members: Vec<Member>) -> Value {
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

pub(super) fn turned_round(member: Member) -> Member {
    Member { value: member.value.turned_round(), ..member }
}

/// Twice the median. Where it is certain which events count, the median of the least values and that of the greatest;
/// otherwise anything from the least to the greatest.
pub(super) fn median_doubled(members: &[Member]) -> Value {
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
pub(super) fn middle(sorted: &[i64]) -> i64 {
    let half = sorted.len() / 2;
    // Of no values there is no middle, and nobody asks for it.
    let upper = sorted.get(half).copied().unwrap_or(0);
    // Of an even number, the one before the middle is there.
    if sorted.len() % 2 == 1 { 2 * upper } else { upper + sorted.get(half.wrapping_sub(1)).copied().unwrap_or(0) }
}
