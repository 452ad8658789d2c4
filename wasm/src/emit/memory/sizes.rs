//! Sizes and marks of what is kept in memory.

/// After so many rows the batch entry runs those that it has set aside, a multiple of 64.
pub(crate) const ROWS_ASIDE: u32 = 1_024;
/// Sixteen rows of 8 bytes.
pub(super) const UNWANTED_BYTES: u32 = 16 * 8;
/// The most columns of a table whose conditions are written out.
pub(crate) const MOST_STAGED_COLUMNS: u32 = 16;
/// Bytes of what is staged of a fact or column: low, high, needs, nothing.
pub(crate) const STAGED_BYTES: u32 = 32;
/// What stands for the greatest value of a set.
pub(crate) const SET_MARK: i64 = i64::MIN;
