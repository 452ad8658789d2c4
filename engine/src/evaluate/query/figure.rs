//! Figures over events that may belong: counts, sums, the least, the greatest, the median.

use super::{Member, Value, by_event, many};
use crate::plan::{Class, MAX_EVENTS, Needs, Shape};

/// How many.
#[derive(Clone, Default)]
pub(super) struct Count {
    low: i64,
    high: i64,
    needs: Needs,
}

impl Count {
    pub fn take(&mut self, event: &[Member]) {
        self.low += i64::from(event.iter().any(|m| m.certain));
        // An event that is no member adds none.
        self.high += event.iter().map(many).max().unwrap_or(0);
        self.needs |= event.iter().fold(0, |needs, m| needs | m.needs);
    }

    pub fn value(&self) -> Value {
        let Count { low, high, needs } = *self;
        Value { low, high: high.min(MAX_EVENTS), may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
    }
}

/// Whether there is one.
#[derive(Clone, Default)]
pub(super) struct Any {
    certain: bool,
    possible: bool,
    needs: Needs,
}

impl Any {
    pub fn take(&mut self, event: &[Member]) {
        self.certain |= event.iter().any(|m| m.certain);
        self.possible |= !event.is_empty();
        self.needs |= event.iter().fold(0, |needs, m| needs | m.needs);
    }

    pub fn value(&self) -> Value {
        Value::test(self.certain, self.possible, self.needs)
    }
}

/// The sum; an event that may not belong, or whose value may be none, may add nothing.
#[derive(Clone, Default)]
pub(super) struct Sum {
    low: i64,
    high: i64,
    needs: Needs,
}

impl Sum {
    pub fn take(&mut self, event: &[Member]) {
        let some = event.iter().filter(|m| m.value.may_be_some);
        let certain = event.iter().any(|m| m.certain) && event.iter().all(|m| !m.value.may_be_none);
        // Where none of it has a value, nothing is added.
        let least = some.clone().map(|m| m.value.low * many(m)).min().unwrap_or(0);
        // As above.
        let most = some.map(|m| m.value.high * many(m)).max().unwrap_or(0);
        self.low += if certain { least } else { least.min(0) };
        self.high += if certain { most } else { most.max(0) };
        self.needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
    }

    /// Ends beyond the shape are its ends.
    pub fn value(&self, shape: Shape) -> Value {
        let clamped = |end: i64| end.max(shape.low).min(shape.high);
        let (low, high) = (clamped(self.low), clamped(self.high));
        Value { low, high, may_be_some: true, may_be_none: false, needs: self.needs }.settled(Class::Range)
    }
}

/// The greatest value: at least that of every event that certainly has one, at most that of any that may.
#[derive(Clone, Default)]
pub(super) struct Greatest {
    ends: Option<(i64, i64)>,
    certain: Option<i64>,
    needs: Needs,
}

impl Greatest {
    pub fn take(&mut self, event: &[Member]) {
        let some: Vec<&Member> = event.iter().filter(|m| m.value.may_be_some).collect();
        let Some(least) = some.iter().map(|m| m.value.low).min() else { return };
        let most = some.iter().map(|m| m.value.high).max().unwrap_or(least);
        self.ends = Some(self.ends.map_or((least, most), |(low, high)| (low.min(least), high.max(most))));
        self.needs |= event.iter().fold(0, |needs, m| needs | m.needs | m.value.needs);
        if event.iter().any(|m| m.certain) && event.iter().all(|m| !m.value.may_be_none) {
            self.certain = Some(self.certain.map_or(least, |c| c.max(least)));
        }
    }

    pub fn value(&self) -> Value {
        let Some((low, high)) = self.ends else { return Value::none() };
        let (low, may_be_none) = (self.certain.unwrap_or(low), self.certain.is_none());
        Value { low, high, may_be_some: true, may_be_none, needs: self.needs }.settled(Class::Range)
    }
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
