//! The middle one of some values.

/// The middle one; of an even number, the mean of the two in the middle.
pub(in crate::audit) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    let lower = if values.len().is_multiple_of(2) { *values.get(half.checked_sub(1)?)? } else { upper };
    Some(f64::midpoint(lower, upper))
}
