//! The units in which a number may be given, as data.

use concord_engine::plan::{Input, OtherUnit};
use concord_engine::values::dimension::{Conversion, same};
use concord_engine::values::types::Type;

use super::literals::short;
use crate::emit::assembler::EmitError;
use crate::emit::walk::Context;

/// Offsets in a unit: what to multiply by, to add, and to divide by, or 0 where nothing changes; the length of its name, and the name.
pub(super) const TIMES: u32 = 0;
pub(super) const PLUS: u32 = 8;
pub(super) const OVER: u32 = 16;
pub(super) const LENGTH: u32 = 24;
pub(super) const NAME: u32 = 25;

/// The units of a number, as they are spelt; none where it has no other.
pub(super) fn list(context: &mut Context<'_>, input: &Input) -> Result<u32, EmitError> {
    if input.also.is_empty() {
        return Ok(0);
    }
    let Type::Number { unit: declared, .. } = &input.ty else { return Ok(0) };
    let same_as_declared = |unit: &str| declared.as_deref().is_some_and(|declared| same(declared, unit));
    let plain = Conversion { times: 1, plus: 0, over: 0 };
    let also = |unit: &str| input.also.iter().find(|other| same(&other.unit, unit)).map(|other| other.conversion);
    let spelt = declared.as_deref().into_iter().chain(input.also.iter().map(|OtherUnit { unit, .. }| unit.as_str()));
    let mut bytes = Vec::new();
    for unit in spelt {
        let conversion = also(unit).filter(|_| !same_as_declared(unit)).unwrap_or(plain);
        bytes.extend([conversion.times, conversion.plus, conversion.over].map(i64::to_le_bytes).concat());
        bytes.push(short(unit)?);
        bytes.extend(unit.as_bytes());
    }
    bytes.extend([0; 25]);
    context.constant(&bytes)
}
