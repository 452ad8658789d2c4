//! Sizes and marks of what is kept in memory.

/// After so many rows the batch entry runs those that it has set aside, a multiple of 64.
pub(crate) const ROWS_ASIDE: u32 = 1_024;
/// A mask of facts for each row of a word.
pub(super) const LACKING_BYTES: u32 = 64 * 8;
/// As many rows of the widest column.
pub(super) const UNWANTED_BYTES: u32 = ROWS_ASIDE * 8;
/// Bytes of what is gathered of the first or the last of several events.
pub(crate) const NEAREST_BYTES: u32 = 48;
/// Bytes of what is staged of a fact: low and high.
pub(crate) const STAGED_BYTES: u32 = 16;
