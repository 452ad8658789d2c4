//! The middle one of some values.

use concord_engine::variation::delays::Counted;

/// The middle one of values of which few are different.
pub(in crate::audit) fn middle_of(values: &Counted) -> Option<f64> {
    let half = values.len() / 2;
    let upper = values.at(half)?;
    let lower = if values.len().is_multiple_of(2) { values.at(half.checked_sub(1)?)? } else { upper };
    Some(f64::midpoint(lower as f64, upper as f64))
}

/// The middle one of values in order, but for one of them; none where no other is left.
pub(super) fn middle_without(sorted: &[f64], one: Option<f64>) -> Option<f64> {
    let left_out = one.and_then(|one| sorted.binary_search_by(|value| value.total_cmp(&one)).ok());
    let len = sorted.len() - usize::from(left_out.is_some());
    let at =
        |place: usize| sorted.get(place + usize::from(left_out.is_some_and(|left_out| place >= left_out))).copied();
    let upper = at(len / 2).filter(|_| len > 0)?;
    let lower = if len.is_multiple_of(2) { at((len / 2).checked_sub(1)?)? } else { upper };
    Some(f64::midpoint(lower, upper))
}

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
