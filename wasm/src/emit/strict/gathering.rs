//! What a query gathers from the events that belong.

use crate::emit::assembler::{Label, Node};

/// See the module.
pub(super) struct Gathering {
    pub(super) value: Node,
    pub(super) none: Node,
    /// How many belong, or have a value.
    pub(super) count: Node,
    /// Where the values stand whose median is asked.
    pub(super) list: Option<Node>,
    /// Leaves the loop.
    pub(super) out: Label,
}
