//! Small arrays looked up sixteen rows at once: sixteen entries are one instruction, more are as many of them.

use super::held::{bytes, op};
use crate::emit::assembler::{Code, Lane, Node, Vector};

/// The most entries of an array: what a byte counts.
pub(super) const MOST: usize = 256;

/// The byte of an array at each row's place; of a place beyond its end 0.
pub(super) fn byte_at(code: &mut Code, place: &Node, array: &[u8]) -> Node {
    if let Some(first) = array.first()
        && array.iter().all(|byte| byte == first)
    {
        return bytes(i64::from(*first));
    }
    let mut found: Option<Node> = None;
    for (number, chunk) in (0_i64..).zip(array.chunks(16)) {
        if chunk.iter().all(|byte| *byte == 0) {
            continue;
        }
        let mut entries = [0; 16];
        entries.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        let entries = Node::vector(Vector::Const(entries), Vec::new());
        let place =
            if number == 0 { place.clone() } else { op(code, Vector::Sub(Lane::I8), &[place, &bytes(16 * number)]) };
        let here = op(code, Vector::Swizzle, &[&entries, &place]);
        found = Some(match found {
            Some(before) => op(code, Vector::Or, &[&before, &here]),
            None => here,
        });
    }
    found.unwrap_or(bytes(0))
}

/// The number of an array at each row's place, in lanes of a width that holds them all.
pub(super) fn number_at(code: &mut Code, place: &Node, array: &[i64], lane: Lane) -> Vec<Node> {
    let byte = |number: usize| -> Vec<u8> {
        // No lane has more bytes than a number.
        array.iter().map(|value| value.to_le_bytes().get(number).copied().unwrap_or(0)).collect()
    };
    let planes = (0..lane.bytes()).map(|number| byte_at(code, place, &byte(number))).collect();
    joined(code, planes)
}

/// Vectors of the first bytes, the second bytes and so on, put together.
fn joined(code: &mut Code, planes: Vec<Node>) -> Vec<Node> {
    // Each unit is that many bytes of sixteen rows in order, in as many vectors.
    let mut units: Vec<Vec<Node>> = planes.into_iter().map(|plane| vec![plane]).collect();
    let mut unit = 1;
    while units.len() > 1 {
        let (lower, upper) = (taken_in_turn(unit, 0), taken_in_turn(unit, 8 / unit));
        units = units
            .chunks(2)
            .map(|pair| {
                let (low, high) = (pair.first().into_iter().flatten(), pair.last().into_iter().flatten());
                let both = low.zip(high);
                both.flat_map(|(a, b)| [lower, upper].map(|lanes| op(code, Vector::Shuffle(lanes), &[a, b]))).collect()
            })
            .collect();
        unit *= 2;
    }
    // A lane has one byte at least.
    units.into_iter().next().unwrap_or_default()
}

/// Of two vectors so many bytes at a time in turn, from a place of each on.
fn taken_in_turn(unit: u8, first: u8) -> [u8; 16] {
    let mut all = [0; 16];
    for (to, place) in all.iter_mut().zip(0_u8..) {
        let (turn, within) = (place / unit, place % unit);
        *to = turn % 2 * 16 + (first + turn / 2) * unit + within;
    }
    all
}
