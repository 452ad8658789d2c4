//! The globals of a module: those that hosts read, then those that functions inside it hand results on in, and what stays from
//! call to call: the workspace.

use crate::emit::assembler::{Node, Ty};

/// Those that hosts read, by the names under which they are exported, in order.
pub(crate) const EXPORTED: [&str; 2] = ["abi_version", "heap"];

/// The first address that belongs to the host.
pub(crate) const HEAP: Node = Node::Global(Ty::I32, 1);

/// A global of those that come after all of these: such as only some modules have.
pub(crate) const fn further_global(ty: Ty, number: u32) -> Node {
    Node::Global(ty, EXPORTED.len() as u32 + GLOBALS.len() as u32 + number)
}

/// One line for each of the others; numbers and types follow from it.
macro_rules! globals {
    ($($(#[$doc:meta])* $name:ident: $ty:ident;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
        enum Order { $($name),* }

        $($(#[$doc])* pub(crate) const $name: Node = Node::Global(Ty::$ty, EXPORTED.len() as u32 + Order::$name as u32);)*

        /// Their types, in order.
        pub(crate) const GLOBALS: &[Ty] = &[$(Ty::$ty),*];

        /// The places of those whose first value is not 0: where the workspace starts, and its most events; where what is carried stands, and
        /// the bytes of its first two parts.
        pub(crate) const FIRST: [usize; 5] = [
            Order::WORKSPACE as usize,
            Order::MOST_EVENTS as usize,
            Order::CARRIED as usize,
            Order::CARRIED_TEXTS as usize,
            Order::CARRIED_BYTES as usize,
        ];
    };
}

globals! {
    /// The rows that let all classes of a value through, as a mask.
    CERTAIN: I64;
    /// The greatest value an array gave.
    GREATEST: I64;
    /// The presence an array gave: bit 0 may be some, bit 1 may be none.
    PRESENCE: I32;
    /// Of the case that the general code works on: its record in; the instant asked about; the kinds of event that the export does not supply.
    RECORD: I32;
    AS_OF: I64;
    NOT_SUPPLIED: I64;
    /// The place of its first event among those of all cases, how many it has, and of how many the instant is known.
    FIRST_EVENT: I32;
    SUPPLIED: I32;
    TIMED_EVENTS: I32;
    /// Of the event come to last: its place in the case, or −1 where it may be left out; its kind; whether its instant is known; between which
    /// two it lies; and between which two places it stands in the order of all events.
    ORDER: I32;
    KIND: I32;
    TIMED: I32;
    AT_LEAST: I64;
    AT_MOST: I64;
    ORDER_LEAST: I64;
    ORDER_MOST: I64;
    /// Of the instant of the first or the last of several events, while a loop comes to them: whether it is the last; beyond which place in the
    /// order none can be it, and beyond which instant it is not; between which two it lies; whether it may be some, and none; whether one
    /// certainly belongs, at whatever instant and at a known one; what would settle it.
    NEAREST_IS_LAST: I32;
    NEAREST_REACH: I64;
    NEAREST_BOUND: I64;
    NEAREST_LOW: I64;
    NEAREST_HIGH: I64;
    NEAREST_SOME: I32;
    NEAREST_NONE: I32;
    NEAREST_CERTAIN: I32;
    NEAREST_STOPPED: I32;
    NEAREST_NEEDS: I64;
    /// What would settle the field read last.
    FIELD_NEEDS: I64;
    /// What would settle the verdict worked out last.
    VERDICT_NEEDS: I64;
    /// Where the workspace starts.
    WORKSPACE: I32;
    /// The most events of a case for which it is large enough.
    MOST_EVENTS: I32;
    /// How many places each column and list has there, for the current case.
    PLACES: I32;
    /// Where what the module carries stands, packed: the constants that only texts need, the manifest, then the golden cases.
    CARRIED: I32;
    /// The bytes of these constants.
    CARRIED_TEXTS: I32;
    /// The bytes of the manifest.
    CARRIED_BYTES: I32;
    /// Whether the constants that only texts need are unpacked.
    HAS_TEXTS: I32;
}
