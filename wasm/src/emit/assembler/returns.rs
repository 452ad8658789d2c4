//! Leaving a function where a condition holds is one jump: with nothing, or with a value that is there without being worked out. The value
//! waits below the condition, and for the next one that the function is left with; not in a function that repeats anything, as what waits
//! is made anew each time.

use wasm_encoder::BlockType;

use super::code::Code;
use super::cut::Shape;
use super::instruction::Instruction as I;

impl Code {
    /// Makes returns jumps, in a module of these functions. It comes last, as values then wait on the stack.
    pub(super) fn leave_early(&mut self, functions: &[Shape]) {
        let repeats = self.body.iter().any(|instruction| matches!(instruction, I::Loop(_)));
        let (mut place, mut depth) = (0, 0_u32);
        // The value that is dropped last, and the place after that.
        let mut dropped: Option<(I, usize)> = None;
        while let Some([first, rest @ ..]) = self.body.get(place..) {
            match (first, rest) {
                (I::If(BlockType::Empty), [I::Return, I::End, ..]) => {
                    self.body.splice(place..place + 3, [I::BrIf(depth)]);
                }
                (I::If(BlockType::Empty), [value, I::Return, I::End, ..]) if !repeats => {
                    let value = *value;
                    match self.worked_out(place, functions) {
                        Some((start, effects)) if effects.leaves(&value) => {
                            self.body.splice(place..place + 4, [I::BrIf(depth), I::Drop]);
                            if dropped.is_some_and(|(before, end)| end == start && before == value) {
                                self.body.remove(start - 1);
                                // At what is dropped.
                            } else {
                                self.body.insert(start, value);
                                place += 2;
                            }
                            dropped = Some((value, place + 1));
                        }
                        _ => depth += 1,
                    }
                }
                (I::Block(_) | I::Loop(_) | I::If(_), _) => depth += 1,
                (I::End, _) => depth = depth.saturating_sub(1),
                _ => {}
            }
            place += 1;
        }
    }
}
