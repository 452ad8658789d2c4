//! Values in fixed bins, so that distributions can be added up without the values: a quantile of the bins is that of the values, but for the
//! width of a bin.
//!
//! A bin holds a 128th part of its values at most: below 256 each whole number is its own bin, from there on each doubling is parted in 128
//! (the bins of HdrHistogram, Tene 2012). Further edges can be given, so that counts up to them stay exact. A bin is written as one value in
//! it, the multiple of `step` nearest to its middle where it has one: times to the minute then keep their minute below 4 hours 40.

use std::collections::BTreeMap;

/// A quantile of bins lies within this part of that of the values.
pub const LARGEST_ERROR: f64 = 1.0 / 128.0;

/// Bits of a value that are kept.
const KEPT: u32 = 8;

/// How often each bin comes up, by the value that it is written as. `edges` are upper ends of bins, included in them.
#[must_use]
pub fn sketch(values: impl IntoIterator<Item = (i64, u64)>, edges: &[i64], step: i64) -> Vec<(i64, u64)> {
    let mut edges = edges.to_vec();
    edges.sort_unstable();
    let mut bins: BTreeMap<i64, u64> = BTreeMap::new();
    for (value, count) in values {
        let bin = bins.entry(written(value, &edges, step.max(1))).or_default();
        *bin = bin.saturating_add(count);
    }
    bins.into_iter().collect()
}

/// The value as which the bin of a value is written; the same for all values of the bin.
fn written(value: i64, edges: &[i64], step: i64) -> i64 {
    let (mut low, mut high) = bin(value);
    let next = edges.partition_point(|edge| *edge < value);
    if let Some(edge) = next.checked_sub(1).and_then(|before| edges.get(before)) {
        low = low.max(edge.saturating_add(1));
    }
    if let Some(edge) = edges.get(next) {
        high = high.min(*edge);
    }
    let middle = low + (high - low) / 2;
    let below = middle.div_euclid(step).saturating_mul(step);
    let above = below.saturating_add(step);
    let nearest = if middle - below <= above.saturating_sub(middle) { [below, above] } else { [above, below] };
    nearest.into_iter().find(|round| (low..=high).contains(round)).unwrap_or(middle)
}

/// The first and the last value of a bin.
fn bin(value: i64) -> (i64, i64) {
    let size = value.unsigned_abs();
    let dropped = (u64::BITS - size.leading_zeros()).saturating_sub(KEPT);
    let low = size >> dropped << dropped;
    let high = low | ((1_u64 << dropped) - 1);
    let [low, high] = [low, high].map(|end| i64::try_from(end).unwrap_or(i64::MAX));
    if value < 0 { (-high, -low) } else { (low, high) }
}
