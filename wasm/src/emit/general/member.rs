//! What is known of an event that a query may take in.

use super::value::Possible;
use crate::emit::assembler::Node;

/// An event that may belong, under one alternative.
pub(super) struct Member {
    /// It certainly belongs.
    pub(crate) certain: Node,
    /// What its belonging needs.
    pub(super) belonging: Node,
    /// The same and what its time needs.
    pub(crate) needs: Node,
    pub(crate) value: Possible,
}
