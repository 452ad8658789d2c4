//! Where answers and their cells stand: whatever refers to them says it before they are written.

use concord_engine::plan::{Answer, AnswerKind, CellId, Obligation, Plan};

use super::descriptors::is_set;
use crate::emit::assembler::EmitError;
use crate::emit::walk::Context;

/// Bytes of an answer that is a value, and of an obligation.
pub(super) const VALUE_LINE: u32 = 16;
pub(super) const VERDICT_LINE: u32 = 52;
/// A cell is where it stands, and so many bits: whether it is a set, and by how much -1 is shifted to be its mark of none.
pub(super) const CELL_BITS: u32 = 7;
pub(super) const CELL_IS_SET: i64 = 64;
pub(super) const CELL_SHIFT: i64 = 63;

/// A cell that comes out.
pub(super) fn cell(context: &Context<'_>, cell: CellId) -> Result<u32, EmitError> {
    let place = context.layout.output_of(cell).ok_or(EmitError::no_such("cell", cell))?;
    let output = context.layout.outputs.get(place).ok_or(EmitError::no_such("cell", cell))?;
    // A value that cannot be none has no mark; none of its values is the least integer there is.
    let bytes = if output.shape.optional { output.bytes } else { 8 };
    let slot = context.map.record_out + output.slot;
    Ok(slot << CELL_BITS | u32::from(is_set(output.shape)) << (CELL_BITS - 1) | (8 * u32::from(bytes) - 1))
}

/// The obligation that an answer is.
pub(super) fn obligation_of(answer: &Answer) -> Option<&Obligation> {
    match &answer.kind {
        AnswerKind::Obligation(of) => Some(of),
        _ => None,
    }
}

/// How far from the first an answer stands.
pub(super) fn offset(plan: &Plan, place: usize) -> u32 {
    let line = |answer: &Answer| if obligation_of(answer).is_some() { VERDICT_LINE } else { VALUE_LINE };
    plan.answers.iter().take(place).map(line).sum()
}
