//! Times and numbers in fixed bins.

use concord_engine::values::calendar::DAY;
use concord_engine::variation::sketch::sketch;
use std::collections::BTreeMap;

/// By the value as which a bin is written: how many.
pub(in crate::audit) type Bins = Vec<(i64, u64)>;

const MINUTE: i64 = 60_000;

/// Times in milliseconds, as bins; counts up to `edges` stay exact, and so do whole days: of what is due by a day there are no other times.
pub(in crate::audit) fn of_times(times: impl IntoIterator<Item = i64>, edges: &[i64]) -> Bins {
    let (days, others): (Vec<i64>, Vec<i64>) = times.into_iter().partition(|time| time % DAY == 0);
    let binned = sketch(others.into_iter().map(|time| (time, 1)), edges, MINUTE);
    let mut all: BTreeMap<i64, u64> = BTreeMap::new();
    for (time, count) in binned.into_iter().chain(days.into_iter().map(|time| (time, 1))) {
        let bin = all.entry(time).or_default();
        *bin = bin.saturating_add(count);
    }
    all.into_iter().collect()
}

/// Times as they stand in bins, shortest first.
pub(super) fn times(bins: &Bins) -> impl Iterator<Item = i64> {
    let each = |(time, count): &(i64, u64)| {
        // A file whose counts fit no memory was refused before.
        std::iter::repeat_n(*time, usize::try_from(*count).unwrap_or_default())
    };
    bins.iter().flat_map(each)
}

/// How many.
pub(super) fn count(bins: &Bins) -> u64 {
    bins.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
}
