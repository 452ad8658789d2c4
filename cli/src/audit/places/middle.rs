//! The middle one of some values.

/// The middle one; of an even number, the mean of the two in the middle.
pub(in crate::audit) fn middle(mut values: Vec<f64>) -> Option<f64> {
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let is_even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let lower = if is_even { *below.iter().max_by(|a, b| a.total_cmp(b))? } else { *upper };
    Some(f64::midpoint(lower, *upper))
}
