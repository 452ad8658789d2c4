//! A member's settings: written into the module's memory, refused outside the contract.

use concord_engine::plan::Contract;

use crate::emit::assembler::{Bin, Code, EmitError, Node, SLOT, Ty, count, int, long};
use crate::emit::memory::{group_values, unset};
use crate::emit::walk::Context;

/// `configure(index, value) -> 0 set, 1 no such parameter, 2 outside the contract`.
pub(crate) fn configure(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I64]);
    let (index, value) = (code.parameter(0), code.parameter(1));
    let parameters = &context.plan.parameters;
    if parameters.is_empty() {
        code.push(&int(1));
        return Ok(code);
    }
    let ends = parameters.iter().flat_map(|parameter| match parameter.contract {
        Contract::Fixed => [1, 0],
        Contract::Within(low, high) => [low, high],
    });
    let bytes: Vec<u8> = ends.flat_map(i64::to_le_bytes).collect();
    let contract = context.constant(&bytes)?;
    refuse_unknown(&mut code, context, &index)?;
    let place = index.shl(4);
    let outside = value.bin(Bin::LtS, &place.load(SLOT, contract));
    let outside = outside.either(&value.bin(Bin::GtS, &place.load(SLOT, contract + 8)));
    code.when(&outside);
    code.finish(&int(2));
    code.end();
    code.store(&index.shl(3), context.map.parameters, &value, SLOT);
    let set = context.unset().bin(Bin::And, &long(-1).bin(Bin::Xor, &long(1).bin(Bin::Shl, &index.to(Ty::I64))));
    code.store(&int(0), context.map.unset, &set, SLOT);
    if let Some(set) = &context.set {
        code.set(set, &set.bin(Bin::Or, &long(1).bin(Bin::Shl, &index.to(Ty::I64))));
    }
    code.push(&int(0));
    Ok(code)
}

/// `unconfigure(index) -> 0 back to the group's value, 1 no such parameter`.
pub(crate) fn unconfigure(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32]);
    let index = code.parameter(0);
    if context.plan.parameters.is_empty() {
        code.push(&int(1));
        return Ok(code);
    }
    let group = context.constant(&group_values(context.plan))?;
    refuse_unknown(&mut code, context, &index)?;
    code.store(&index.shl(3), context.map.parameters, &index.shl(3).load(SLOT, group), SLOT);
    let bit = long(1).bin(Bin::Shl, &index.to(Ty::I64)).bin(Bin::And, &long(unset(context.plan)));
    let open = context.unset().bin(Bin::Or, &bit);
    code.store(&int(0), context.map.unset, &open, SLOT);
    if let Some(set) = &context.set {
        let bit = long(1).bin(Bin::Shl, &index.to(Ty::I64));
        code.set(set, &set.bin(Bin::And, &bit.bin(Bin::Xor, &long(-1))));
    }
    code.push(&int(0));
    Ok(code)
}

/// Leaves with 1 unless there is a parameter of this number; there is one at least.
fn refuse_unknown(code: &mut Code, context: &Context<'_>, index: &Node) -> Result<(), EmitError> {
    let last = count(context.plan.parameters.len().saturating_sub(1))?;
    let known = index.bin(Bin::LeU, &last);
    code.when(&known.not());
    code.finish(&int(1));
    code.end();
    Ok(())
}
