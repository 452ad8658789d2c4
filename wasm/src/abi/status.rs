//! What a status says: 0 where everything is known, otherwise these bits.

/// Bit of a status: something was missing, and the whole of the record out is filled.
pub const STATUS_GENERAL: i32 = 1;
/// Bit of a status: an `impossible` claim is broken; which one stands from bit 8 up.
pub const STATUS_BROKEN: i32 = 2;
/// Bit of a status: the workspace is too small for the events of the case, and nothing was worked out.
pub const STATUS_NO_WORKSPACE: i32 = 4;
