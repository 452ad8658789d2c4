//! Where everything lies while a text is read and its answer written: above what the host has allocated.
//!
//! From the base up: the faults found; which keys came before; digits under construction; pointers to bounds of events; the text, with
//! zeros after it; two buffers for strings with escapes; brackets that are open; the codes that the case brings; the events as they came;
//! the columns of events; the workspace; what comes out.

use crate::emit::assembler::{Node, Ty};
use crate::emit::memory::further_global;

/// One line for each global of the codec; numbers follow from it.
macro_rules! globals {
    ($($(#[$doc:meta])* $name:ident: $ty:ident;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
        enum Order { $($name),* }

        $($(#[$doc])* pub(crate) const $name: Node = further_global(Ty::$ty, Order::$name as u32);)*

        /// Their types, in order.
        pub(crate) const GLOBALS: &[Ty] = &[$(Ty::$ty),*];
    };
}

globals! {
    /// Which parameters were set.
    SET: I64;
    /// Bytes that the host has allocated from `heap` up.
    ALLOCATED: I32;
    /// Where the frame starts.
    BASE: I32;
    /// Where the text ends.
    END: I32;
    /// Whether something is not as the grammar wants it.
    BAD: I32;
    /// Whether a character other than ASCII was met.
    FOREIGN: I32;
    /// The character read last.
    CHARACTER: I32;
    /// Where brackets that are open go.
    OPEN: I32;
    /// Where a string with escapes goes.
    BUFFER: I32;
    /// Where the string read last starts, or 0 where it is no Unicode.
    STRING: I32;
    /// Where it ends.
    STRING_END: I32;
    /// The value read last, or the least that it may be.
    VALUE: I64;
    /// The greatest that it may be.
    HIGHEST: I64;
    /// What it is: see the tags.
    TAG: I32;
    /// The entry of a table that a key names, or 0.
    ENTRY: I32;
    /// Where the value of one member of an object stands, or 0; of another; how many it has.
    FIRST: I32;
    SECOND: I32;
    COUNT: I32;
    /// A number of 128 bits.
    LOW_HALF: I64;
    HIGH_HALF: I64;
    /// Where the codes stand that the case brings, and end; how far the number of the next is below that of the first.
    CODES_START: I32;
    CODES_END: I32;
    CODES: I32;
    /// How many faults there are: at most one more than are told.
    FAULTS: I32;
    /// The part of paths before a place in a list, or 0.
    LIST: I32;
    /// The place.
    PLACE: I32;
    /// Where the events stand as they came.
    ROWS: I32;
    /// How many.
    EVENTS: I32;
    /// Whether anything of them is known only to lie between two values.
    BETWEEN: I32;
    /// The kind of the current event: an entry of the table of kinds, or 0.
    KIND: I32;
    /// What would settle a cell.
    NEEDED: I64;
    /// Whether a cell may be some or none.
    MAY_BE: I32;
    /// Whether reasons are written.
    REASONS: I32;
    /// The kinds of event that are named already.
    SHOWN: I64;
    /// How many of several are written.
    PART: I32;
    /// How many they are.
    PARTS: I32;
    /// While what is carried is unpacked: where the next bits stand, and those at work.
    PACKED: I32;
    STATE: I32;
    /// Where the next byte goes.
    OUT: I32;
    /// Where what comes out starts.
    OUT_START: I32;
}

/// Tags of what was read: missing, or of a cell not known.
pub(super) const MISSING: i64 = 0;
/// None.
pub(super) const NONE: i64 = 1;
/// A value.
pub(super) const KNOWN: i64 = 2;
/// Between two values.
pub(super) const RANGE: i64 = 3;

/// The most faults that are told.
pub(super) const MOST_FAULTS: i64 = 50;
/// Bytes of a fault: place, code, list, place in it, key, expected.
pub(super) const FAULT: u32 = 24;
/// The most keys of a subject, and of an event.
pub(super) const MOST_KEYS: usize = 256;
/// Offsets from the base: which keys of the case came before.
pub(super) const SEEN_CASE: u32 = 51 * FAULT;
/// Of the event.
pub(super) const SEEN_EVENT: u32 = SEEN_CASE + 256;
/// The end of digits under construction.
pub(super) const DIGITS_END: u32 = SEEN_EVENT + 256 + 64;
/// Where the first code stands that the case brings: an address, or 0.
pub(super) const CODES_ROOT: u32 = DIGITS_END + 8;
/// Pointers to bounds of events.
pub(super) const EVENT_BOUNDS: u32 = DIGITS_END + 64;
/// The most bytes of a case.
pub(super) const MOST_BYTES: i64 = 16 << 20;

/// Bytes of an event as it came: its time as it stands in a column, the first and the last that it may be, its kind; then each field, in
/// the same way.
pub(super) const ROW: u32 = 32;
/// Bytes of a field there.
pub(super) const FIELD: u32 = 24;
