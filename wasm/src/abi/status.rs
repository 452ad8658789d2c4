//! What a status says: 0 where everything is known, otherwise these bits.

/// Bit of a status: something was missing, and the whole of the record out is filled.
pub const STATUS_GENERAL: i32 = 1;
/// Bit of a status: an `impossible` claim is broken; which one stands from bit 8 up.
pub const STATUS_BROKEN: i32 = 2;

/// A claim that no case reaches a row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The plan's step that the table is.
    pub step: usize,
    /// The row.
    pub row: usize,
}
