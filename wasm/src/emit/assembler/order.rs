//! Functions in the order of how often they are called, as calls of the first take fewest bytes.

use std::cmp::Reverse;

use super::instruction::Instruction as I;
use super::module::Emitted;
use super::numbers::address;

/// How many functions calls take fewest bytes for.
pub(super) const NEAR: usize = 128;

/// Puts those that are called most often first, where there are so many that it matters.
pub(crate) fn order_by_calls(functions: &mut [Emitted]) {
    if functions.len() <= NEAR {
        return;
    }
    let mut calls = vec![0_usize; functions.len()];
    for instruction in functions.iter().flat_map(|function| &function.code.body) {
        if let Some(count) = called(instruction).and_then(|number| calls.get_mut(number)) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (0..functions.len()).collect();
    order.sort_by_key(|number| Reverse(calls.get(*number).copied()));
    let mut moved = vec![0; functions.len()];
    for (place, number) in order.iter().enumerate() {
        if let (Some(moved), Ok(place)) = (moved.get_mut(*number), address(place)) {
            *moved = place;
        }
    }
    for function in functions.iter_mut() {
        for instruction in &mut function.code.body {
            if let Some(place) = called(instruction).and_then(|number| moved.get(number)) {
                *instruction = I::Call(*place);
            }
        }
        function.body = function.code.encode();
    }
    let mut places = moved.into_iter();
    functions.sort_by_cached_key(|_| places.next());
}

fn called(instruction: &I) -> Option<usize> {
    match instruction {
        I::Call(number) => usize::try_from(*number).ok(),
        _ => None,
    }
}
