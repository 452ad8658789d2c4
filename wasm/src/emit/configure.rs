//! A member's settings: written into the module's memory, refused outside the contract.

use wasm_encoder::Function;

use concord_engine::plan::Contract;

use super::code::Code;
use super::node::{Bin, Node, Ty, Width, int, long};
use super::shared::Shared;

const SLOT: Width = Width::signed(8);

/// `configure(index, value) -> 0 set, 1 no such parameter, 2 outside the contract`.
pub(super) fn configure(shared: &mut Shared<'_>) -> Function {
    let mut code = Code::new(&[Ty::I32, Ty::I64]);
    let (index, value) = (code.parameter(0), code.parameter(1));
    let parameters = &shared.plan.parameters;
    if parameters.is_empty() {
        code.push(&int(1));
        return code.build();
    }
    let ends = parameters.iter().flat_map(|parameter| match parameter.contract {
        Contract::Fixed => [1, 0],
        Contract::Within(low, high) => [low, high],
    });
    let bytes: Vec<u8> = ends.flat_map(i64::to_le_bytes).collect();
    let count = parameters.len();
    let contract = shared.constant(&bytes);
    refuse_unknown(&mut code, &index, count);
    let place = index.shl(4);
    let outside = value.bin(Bin::LtS, &place.load(SLOT, contract));
    let outside = outside.either(&value.bin(Bin::GtS, &place.load(SLOT, contract + 8)));
    code.when(&outside);
    code.finish(&int(2));
    code.end();
    code.store(&index.shl(3), shared.parameters, &value, SLOT);
    let set = missing(shared).bin(Bin::And, &long(-1).bin(Bin::Xor, &long(1).bin(Bin::Shl, &index.to(Ty::I64))));
    code.store(&int(0), shared.parameters - 8, &set, SLOT);
    code.push(&int(0));
    code.build()
}

/// `unconfigure(index) -> 0 back to the group's value, 1 no such parameter`.
pub(super) fn unconfigure(shared: &mut Shared<'_>) -> Function {
    let mut code = Code::new(&[Ty::I32]);
    let index = code.parameter(0);
    let parameters = &shared.plan.parameters;
    if parameters.is_empty() {
        code.push(&int(1));
        return code.build();
    }
    let values: Vec<u8> = parameters.iter().flat_map(|p| p.value.unwrap_or(0).to_le_bytes()).collect();
    let without = parameters.iter().enumerate().filter(|(_, p)| p.value.is_none());
    let without = without.map(|(index, _)| 1_i64 << index).sum::<i64>();
    let count = parameters.len();
    let group = shared.constant(&values);
    refuse_unknown(&mut code, &index, count);
    code.store(&index.shl(3), shared.parameters, &index.shl(3).load(SLOT, group), SLOT);
    let bit = long(1).bin(Bin::Shl, &index.to(Ty::I64)).bin(Bin::And, &long(without));
    let open = missing(shared).bin(Bin::Or, &bit);
    code.store(&int(0), shared.parameters - 8, &open, SLOT);
    code.push(&int(0));
    code.build()
}

fn missing(shared: &Shared<'_>) -> Node {
    int(0).load(SLOT, shared.parameters - 8)
}

fn refuse_unknown(code: &mut Code, index: &Node, count: usize) {
    let last = int(i64::try_from(count).unwrap_or(0) - 1);
    let known = index.bin(Bin::LeU, &last);
    code.when(&known.not());
    code.finish(&int(1));
    code.end();
}
