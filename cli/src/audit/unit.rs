//! What is compared: an organisation with its counts.

use crate::results::Counts;

/// An organisation with its counts as they may be shown.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) counts: Counts,
}
