//! What both cases of a condition end with stands once, after it; where that takes a value that each works out, the condition gives it. A
//! condition that only says which of two values it is chooses between them.

use wasm_encoder::BlockType;

use super::code::Code;
use super::cut::{Shape, Types};
use super::instruction::Instruction as I;
use super::module::value_type;
use super::tree::{Block, Part, flat, moved, tree};
use super::types::Ty;

impl Code {
    /// Takes out what both cases of conditions end with, in a module of these functions and globals.
    pub(super) fn results(&mut self, functions: &[Shape], globals: &[Ty]) {
        if !self.body.iter().any(|instruction| matches!(instruction, I::Else)) {
            return;
        }
        let body = std::mem::take(&mut self.body);
        let types = Types { functions, globals, locals: &self.locals };
        let mut found = Vec::with_capacity(body.len());
        flat(list(tree(body), &types), &mut found);
        self.body = found;
        self.choose(functions);
    }

    /// Chooses between two values that are there without being worked out.
    fn choose(&mut self, functions: &[Shape]) {
        let mut place = 0;
        while let Some(rest) = self.body.get(place..) {
            if let [I::If(BlockType::Result(_)), one, I::Else, other, I::End, ..] = rest
                && let Some((start, effects)) = self.worked_out(place, functions)
                && [one, other].into_iter().all(|value| effects.leaves(value))
            {
                let (one, other) = (*one, *other);
                self.body.splice(place..place + 5, [I::Select]);
                self.body.splice(start..start, [one, other]);
            } else if rest.is_empty() {
                return;
            }
            place += 1;
        }
    }
}

fn list(parts: Vec<Part>, types: &Types<'_>) -> Vec<Part> {
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::Block(block) => {
                let Block { opens, inside, otherwise } = *block;
                let inside = list(inside, types);
                let otherwise = otherwise.map(|otherwise| list(otherwise, types));
                match (opens, otherwise) {
                    (I::If(BlockType::Empty), Some(otherwise)) => condition(inside, otherwise, types, &mut done),
                    (opens, otherwise) => done.push(Part::block(opens, inside, otherwise)),
                }
            }
            one => done.push(one),
        }
    }
    done
}

/// A condition with two cases, after others.
fn condition(mut one: Vec<Part>, mut other: Vec<Part>, types: &Types<'_>, done: &mut Vec<Part>) {
    let same = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| are_same(one, other)).count();
    let (first, second) = (heights(&one, types), heights(&other, types));
    let height = |same: usize| {
        let at = |heights: &[Option<Vec<Ty>>], length: usize| heights.get(length.checked_sub(same)?)?.clone();
        let (first, second) = (at(&first, one.len())?, at(&second, other.len())?);
        (first == second && first.len() < 2).then_some(first)
    };
    let found = (1..=same).rev().find_map(|same| height(same).map(|height| (same, height)));
    let Some((same, height)) = found else {
        done.push(Part::block(I::If(BlockType::Empty), one, Some(other)));
        return;
    };
    let after = one.split_off(one.len() - same);
    other.truncate(other.len() - same);
    let ty = height.first().map_or(BlockType::Empty, |ty| BlockType::Result(value_type(*ty)));
    let otherwise = Some(other).filter(|other| !other.is_empty());
    done.push(Part::block(I::If(ty), one, otherwise));
    done.extend(moved(after, |around| around.saturating_sub(1)));
}

/// Whether both do the same, wherever they stand.
fn are_same(one: &Part, other: &Part) -> bool {
    let (Part::One(one), Part::One(other)) = (one, other) else { return false };
    // What leaves the condition itself does not stand after it.
    !matches!(one, I::Br(0) | I::BrIf(0)) && one == other
}

/// What lies on the stack before each part and after the last, as far as that is known.
fn heights(parts: &[Part], types: &Types<'_>) -> Vec<Option<Vec<Ty>>> {
    let mut stack = Some(Vec::new());
    let mut heights = vec![stack.clone()];
    for part in parts {
        let known = stack.as_mut().is_some_and(|stack| match part {
            Part::One(instruction) => types.step(instruction, stack).is_ok(),
            Part::Block(block) => match block.opens {
                I::Block(ty) => matches!(ty, BlockType::Empty),
                I::If(ty) => matches!(ty, BlockType::Empty) && stack.pop().is_some(),
                _ => true,
            },
        });
        stack = stack.filter(|_| known);
        heights.push(stack.clone());
    }
    heights
}
