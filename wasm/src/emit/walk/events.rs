//! The events of the current case.

use concord_engine::plan::{ById, FieldId, Id, Kinds};

use crate::emit::assembler::{Bin, EmitError, Node, Ty, count, int, long};

/// Where the events of the current case lie: the first, the one after the last, and the columns.
#[derive(Clone)]
pub(crate) struct EventSource {
    pub(crate) first: Node,
    pub(crate) last: Node,
    pub(crate) kinds: Node,
    pub(crate) times: Node,
    pub(crate) fields: ById<FieldId, Node>,
    /// The one after the last event whose instant is known; only the general code reads it.
    pub(crate) placed: Node,
}

/// Whether a kind, as it stands in its column, is one of these.
pub(crate) fn is_of(kinds: Kinds, kind: &Node) -> Result<Node, EmitError> {
    Ok(match kinds.only() {
        Some(only) => kind.eq(&count(only.place())?),
        None => long(kinds.0.cast_signed()).bin(Bin::ShrU, &kind.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1)),
    })
}
