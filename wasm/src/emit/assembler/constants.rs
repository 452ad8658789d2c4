//! Constants that are long as they are written and said often stand once, in globals that nothing changes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use wasm_encoder::Encode;

use super::instruction::Instruction as I;
use super::instructions::shifted;
use super::module::Emitted;
use super::numbers::address;
use super::types::{Ty, truncate};

/// The bytes of getting a global, and of one beside its constant.
const GET: usize = 2;
const GLOBAL: usize = 3;
/// The most globals that getting takes so few bytes of.
const MOST: usize = 128;

/// Puts constants of functions that are as short as may be in globals, after so many others: their types and values, in order.
pub(crate) fn share_constants(functions: &mut [Emitted], globals: usize) -> Vec<(Ty, i64)> {
    let brief = || functions.iter().filter(|function| function.is_brief);
    let mut said: BTreeMap<(Ty, i64), usize> = BTreeMap::new();
    for instruction in brief().flat_map(|function| &function.code.body) {
        if let Some(constant) = constant(instruction) {
            *said.entry(constant).or_insert(0) += 1;
        }
    }
    let saved = |constant: &(Ty, i64), count: usize| {
        let (encoded, whole) = bytes(*constant);
        (count * encoded.saturating_sub(GET)).saturating_sub(whole + GLOBAL)
    };
    let mut chosen: Vec<(usize, (Ty, i64))> =
        said.iter().map(|(constant, count)| (saved(constant, *count), *constant)).collect();
    chosen.retain(|(saved, _)| *saved > 0);
    chosen.sort_by_key(|(saved, constant)| (Reverse(*saved), *constant));
    chosen.truncate(MOST.saturating_sub(globals));
    let chosen: Vec<(Ty, i64)> = chosen.into_iter().map(|(_, constant)| constant).collect();
    let places: BTreeMap<(Ty, i64), u32> =
        (globals..).zip(&chosen).filter_map(|(place, constant)| Some((*constant, address(place).ok()?))).collect();
    for function in functions.iter_mut().filter(|function| function.is_brief) {
        let mut is_same = true;
        for instruction in &mut function.code.body {
            if let Some(place) = constant(instruction).and_then(|constant| places.get(&constant)) {
                *instruction = I::GlobalGet(*place);
                is_same = false;
            }
        }
        if !is_same {
            function.body = function.code.encode();
        }
    }
    chosen
}

/// A constant that may stand in a global. There is an engine in JavaScript that takes a negative one of 64 bits for another there.
fn constant(instruction: &I) -> Option<(Ty, i64)> {
    match instruction {
        I::I32Const(value) => Some((Ty::I32, i64::from(*value))),
        I::I64Const(value) if *value >= 0 => Some((Ty::I64, *value)),
        _ => None,
    }
}

/// The bytes of what it is encoded as, and of it as one instruction, as a global starts with it.
fn bytes((ty, value): (Ty, i64)) -> (usize, usize) {
    let whole = match ty {
        Ty::I32 => I::I32Const(truncate(value)),
        _ => I::I64Const(value),
    };
    let length = |all: &[I]| {
        let mut bytes = Vec::new();
        all.iter().for_each(|each| each.encode(&mut bytes));
        bytes.len()
    };
    let shifted = shifted(&whole).map(|all| length(&all));
    let whole = length(&[whole]);
    (shifted.unwrap_or(whole), whole)
}
