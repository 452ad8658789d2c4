//! Values in fixed bins: quantiles within a bin of the true ones, counts up to edges exact, and what was gridded stays as it is.

use concord_engine::variation::delays::delay_percentiles;
use concord_engine::variation::sketch::{LARGEST_ERROR, sketch};

const MINUTE: i64 = 60_000;

fn apart(bins: &[(i64, u64)]) -> Vec<i64> {
    bins.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, usize::try_from(*count).unwrap())).collect()
}

fn binned(values: &[i64], edges: &[i64], step: i64) -> Vec<i64> {
    apart(&sketch(values.iter().map(|value| (*value, 1)), edges, step))
}

/// Skewed values of all sizes, below and above 0.
fn values() -> Vec<i64> {
    let mut all: Vec<i64> = Vec::new();
    let mut state = 88_172_645_463_325_252_u64;
    for place in 0..5_000_u32 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let size = 1_u64 << (place % 40);
        let value = i64::try_from(state % size).unwrap();
        all.push(if place % 7 == 0 { -value } else { value });
    }
    all
}

#[test]
fn quantiles_of_bins_lie_within_their_error() {
    let values = values();
    for step in [1, MINUTE] {
        let found = binned(&values, &[], step);
        assert_eq!(found.len(), values.len());
        let per_mille: Vec<u16> = (1..100).map(|ten| ten * 10).collect();
        let [true_ones, of_bins] = [&values, &found].map(|all| delay_percentiles(all, &per_mille, 0.95).unwrap());
        for (one, other) in true_ones.iter().zip(&of_bins) {
            let off = (one.estimate_ms - other.estimate_ms).abs() as f64;
            assert!(off <= one.estimate_ms.abs() as f64 * LARGEST_ERROR + 1.0, "{one:?} {other:?}");
        }
    }
}

#[test]
fn counts_up_to_an_edge_are_those_of_the_values() {
    let values = values();
    let edges = [-1, 0, 1_000, 3_600_000, 14_400_000, 999_999_937];
    let found = binned(&values, &edges, MINUTE);
    for edge in edges {
        let up_to = |all: &[i64]| all.iter().filter(|value| **value <= edge).count();
        assert_eq!(up_to(&values), up_to(&found), "{edge}");
    }
    // What stands in bins is not moved again.
    assert_eq!(binned(&found, &edges, MINUTE), found);
}

#[test]
fn times_to_the_minute_keep_their_minute_below_two_hours() {
    let minutes: Vec<i64> = (0..130).map(|minute| minute * MINUTE).collect();
    assert_eq!(binned(&minutes, &[], MINUTE), minutes);
    assert_eq!(sketch([(i64::MAX, 2), (i64::MIN, 3)], &[], 1).iter().map(|(_, count)| count).sum::<u64>(), 5);
}
