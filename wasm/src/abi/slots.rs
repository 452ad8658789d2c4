//! Offsets of the slots that every module has at the same place.

/// Slots of a record in: bits of the facts that are missing.
pub const IN_MISSING: u32 = 0;
/// Bits of the facts recorded as none.
pub const IN_NONE: u32 = 8;
/// The instant asked about.
pub const IN_AS_OF: u32 = 16;
/// Bits of the kinds of event that the export does not supply.
pub const IN_NOT_SUPPLIED: u32 = 24;
/// The first fact.
pub const IN_FACTS: u32 = 32;

/// In the block of columns: the instant asked about, where it is the same for all cases.
pub const COLUMNS_AS_OF: u32 = 0;
/// Pointer to one instant a case, or 0.
pub const COLUMNS_AS_OF_EACH: u32 = 8;
/// Kinds not supplied, where they are the same for all cases.
pub const COLUMNS_NOT_SUPPLIED: u32 = 16;
/// Pointer to one mask a case, or 0.
pub const COLUMNS_NOT_SUPPLIED_EACH: u32 = 24;
/// The first fact's pointers: values, then validity.
pub const COLUMNS_FACTS: u32 = 32;

/// In the bounds of a record's facts: bits of those that have bounds, which count where a fact is missing.
pub const BOUNDS_WHICH: u32 = 0;
/// The first fact's bounds: its least value, then its greatest.
pub const BOUNDS_FACTS: u32 = 8;
/// In the bounds of columns of facts: bytes of one fact, pointers to least values, to which rows have bounds, to greatest values.
pub const COLUMNS_BOUNDS_FACT: u32 = 24;
/// Of these, the pointer to the greatest values.
pub const COLUMNS_BOUNDS_HIGH: u32 = 16;
/// In the bounds of columns of events: pointers to the first and to the last instant of each event.
pub const EVENT_BOUNDS_TIMES: u32 = 0;
/// The first slot of fields: pointers to least and to greatest values.
pub const EVENT_BOUNDS_FIELDS: u32 = 16;

/// In the block of outputs: pointer to one status a case, or 0.
pub const OUT_STATUS: u32 = 0;
/// Pointer to room for records of the incomplete rows, or 0.
pub const OUT_DETAIL: u32 = 8;
/// How many records it holds.
pub const OUT_DETAIL_ROOM: u32 = 16;
/// The first output's pointer.
pub const OUT_COLUMNS: u32 = 24;
