//! What a status says: 0 where everything is known, otherwise these bits.

/// Bit of a status: something was missing, and the whole of the record out is filled.
pub const STATUS_GENERAL: i32 = 1;
/// Bit of a status: an `impossible` claim is broken; which one stands from bit 8 up.
pub const STATUS_BROKEN: i32 = 2;
/// Bit of a status: the workspace is too small for the events of the case, and nothing was worked out.
pub const STATUS_NO_WORKSPACE: i32 = 4;

/// What `evaluate_json` gives: an answer stands ready.
pub const JSON_ANSWERED: i64 = 0;
/// What is wrong with the case stands ready.
pub const JSON_REFUSED: i64 = 1;
/// Which claim of the rules the case breaks stands ready.
pub const JSON_BROKEN: i64 = 2;
/// Nothing stands ready: the text does not lie in the memory of the host, or memory may not grow so far.
pub const JSON_LIMIT: i64 = 3;
