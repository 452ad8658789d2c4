//! Small sums of counts that are kept apart, by organisation or by thread, and added up afterwards.

use crate::results::Verdicts;

/// Adds verdicts of other cases.
pub(super) fn add(to: &mut Verdicts, of: &Verdicts) {
    to.not_applicable += of.not_applicable;
    to.excused += of.excused;
    to.met += of.met;
    to.late += of.late;
    to.missed += of.missed;
    to.open += of.open;
    to.unknown += of.unknown;
}

/// What reaches over both.
pub(super) fn span(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}
