//! How many operators of WebAssembly a call executes at most: the bound of a function is read off its instructions, those of the longer
//! branch where there are two, and off how often its loops turn.
//!
//! What is counted is what engines count as fuel: every operator but those that only mark a place, and one for each call of a function.

use std::collections::BTreeMap;

use concord_engine::plan::bound::WorkBound;

use super::error::EmitError;
use super::instruction::Instruction as I;
use super::instructions::shifted;
use super::module::Emitted;
use super::turns::{Sizes, Turns};

/// The operators that functions execute.
pub(crate) struct Work<'a> {
    functions: &'a [Emitted],
    sizes: Sizes,
    known: BTreeMap<u32, WorkBound>,
}

impl<'a> Work<'a> {
    /// Of functions in order of their numbers.
    pub(crate) fn of(functions: &'a [Emitted], sizes: Sizes) -> Work<'a> {
        Work { functions, sizes, known: BTreeMap::new() }
    }

    /// At most so many in one call of a function.
    ///
    /// # Errors
    /// Where a loop does not say how often it turns.
    pub(crate) fn call(&mut self, number: u32) -> Result<WorkBound, EmitError> {
        if let Some(known) = self.known.get(&number) {
            return Ok(known.clone());
        }
        let place = usize::try_from(number).map_err(|_| EmitError::NoSuch("function", 0))?;
        let body = self.functions.get(place).ok_or(EmitError::NoSuch("function", place))?;
        let mut instructions = body.code.body.iter();
        let found = self.block(&mut instructions)?.0.plus(&WorkBound::constant(1));
        self.known.insert(number, found.clone());
        Ok(found)
    }

    /// The operators up to the end of a block, or up to its other branch; and whether it has one.
    fn block(&mut self, instructions: &mut std::slice::Iter<'_, I>) -> Result<(WorkBound, bool), EmitError> {
        let (mut sum, mut plain, mut has_other) = (WorkBound::default(), 0, false);
        while let Some(instruction) = instructions.next() {
            let more = match instruction {
                I::End => break,
                I::Else => {
                    has_other = true;
                    break;
                }
                I::Block(_) => self.block(instructions)?.0,
                I::Loop(ty) => {
                    let turns = Turns::of(*ty).ok_or(EmitError::NoSuch("number of turns", 0))?;
                    self.block(instructions)?.0.times(&self.sizes.turns(turns))
                }
                I::If(_) => {
                    let (first, has_other) = self.block(instructions)?;
                    let second = if has_other { self.block(instructions)?.0 } else { WorkBound::default() };
                    first.or(&second).plus(&WorkBound::constant(1))
                }
                I::Call(function) => self.call(*function)?.plus(&WorkBound::constant(1)),
                I::Drop => continue,
                other => {
                    plain += shifted(other).map_or(1, |_| 3);
                    continue;
                }
            };
            sum = sum.plus(&more);
        }
        Ok((sum.plus(&WorkBound::constant(plain)), has_other))
    }
}
