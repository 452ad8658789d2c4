//! Sizes and marks of what is kept in memory.

/// After so many rows the batch entry runs those that it has set aside, a multiple of 64.
pub(crate) const ROWS_ASIDE: u32 = 1_024;
/// A mask of facts for each row of a word.
pub(super) const LACKING_BYTES: u32 = 64 * 8;
/// As many rows of the widest column.
pub(super) const UNWANTED_BYTES: u32 = ROWS_ASIDE * 8;
/// Bytes of what is staged of a fact: low and high.
pub(crate) const STAGED_BYTES: u32 = 16;
/// Bytes of a line of the index of golden cases.
pub(crate) const GOLDEN: u32 = 24;
/// Its offsets: where the settings start in the text, their bytes, the same of the case, and the digest of the answer.
pub(crate) const GOLDEN_SETTINGS: u32 = 0;
pub(crate) const GOLDEN_CASE: u32 = 8;
pub(crate) const GOLDEN_DIGEST: u32 = 16;
