//! Sizes and marks of what is kept in memory.

use concord_engine::plan::{MAX_EVENTS, MAX_UNKNOWNS};

/// How many values of a median there is room for: every event, and one left out of each kind.
pub(crate) const LIST_ROOM: u32 = MAX_EVENTS as u32 + MAX_UNKNOWNS as u32 + 1;

/// The most columns of a table whose conditions are written out.
pub(crate) const MOST_STAGED_COLUMNS: u32 = 16;
/// Bytes of what is staged of a fact or column: low, high, needs, nothing.
pub(crate) const STAGED_BYTES: u32 = 32;
/// What stands for the greatest value of a set.
pub(crate) const SET_MARK: i64 = i64::MIN;
