//! Periods with hardly a case beside the others: the export begins or ends in them, or a few cases stray into them, as where a year was mistyped. A rate of
//! these says nothing, and limits that are made of it hold no other period.
//!
//! They stand in runs at either end, or beside a gap. Whatever is left out makes the usual number larger, so that more may be left out after it: it is asked again
//! until nothing is.

use super::period::following;
use concord_engine::plan::library::CalendarUnit;
use std::collections::BTreeSet;

/// A period with less than one in so many of the usual number of cases is a part of one.
const PART: f64 = 4.0;
/// Beside a gap, and not at an end, so few are no chance from this usual number on.
const LEAST_USUAL: f64 = 20.0;

/// The first day of a period, and its cases: the least and the most that they may be.
pub(super) type Size = (i64, (u64, u64));

/// The first days of those that surely have hardly a case, and of those that may.
pub(super) fn hardly_any(unit: CalendarUnit, periods: &[Size]) -> [BTreeSet<i64>; 2] {
    let (least, most) = (|(least, _): (u64, u64)| least, |(_, most): (u64, u64)| most);
    [left_out(unit, periods, most, least), left_out(unit, periods, least, most)]
}

fn left_out(
    unit: CalendarUnit,
    periods: &[Size],
    own: fn((u64, u64)) -> u64,
    others: fn((u64, u64)) -> u64,
) -> BTreeSet<i64> {
    let mut out = BTreeSet::new();
    loop {
        let kept: Vec<Size> = periods.iter().filter(|(first, _)| !out.contains(first)).copied().collect();
        let firsts: BTreeSet<i64> = kept.iter().map(|(first, _)| *first).collect();
        let after: BTreeSet<i64> = firsts.iter().filter_map(|first| following(unit, *first)).collect();
        let whole = kept.iter().map(|(_, cases)| others(*cases)).fold(0, u64::saturating_add);
        let hardly = kept.iter().filter(|(first, cases)| {
            let usual = whole.saturating_sub(others(*cases)) as f64 / kept.len().saturating_sub(1).max(1) as f64;
            let is_end = firsts.first() == Some(first) || firsts.last() == Some(first);
            let is_beside_a_gap = || {
                let next = following(unit, *first);
                !after.contains(first) || next.is_some_and(|next| !firsts.contains(&next))
            };
            own(*cases) as f64 * PART < usual && (is_end || usual >= LEAST_USUAL && is_beside_a_gap())
        });
        let hardly: Vec<i64> = hardly.map(|(first, _)| *first).collect();
        if hardly.is_empty() {
            return out;
        }
        out.extend(hardly);
    }
}
