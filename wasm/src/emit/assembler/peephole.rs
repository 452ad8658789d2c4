//! Small things: blocks that nothing leaves, jumps by way of an `if`, a `return` where the function ends anyway, a local set to the 0 that
//! it is.

use std::collections::BTreeSet;

use super::code::Code;
use super::instruction::Instruction as I;

impl Code {
    /// Takes small things out.
    pub(super) fn shorten(&mut self) {
        self.shorten_jumps();
        self.drop_blocks();
        while matches!(self.body.last(), Some(I::Return)) {
            self.body.pop();
        }
    }

    /// `if br end` is a `br_if`.
    fn shorten_jumps(&mut self) {
        if !self.body.windows(3).any(|three| matches!(three, [I::If(_), I::Br(_), I::End])) {
            return;
        }
        let mut body: Vec<I> = Vec::with_capacity(self.body.len());
        for instruction in std::mem::take(&mut self.body) {
            let jump = match (&instruction, body.as_slice()) {
                (I::End, [.., I::If(_), I::Br(depth)]) => depth.checked_sub(1),
                _ => None,
            };
            match jump {
                Some(depth) => {
                    body.truncate(body.len() - 2);
                    body.push(I::BrIf(depth));
                }
                None => body.push(instruction),
            }
        }
        self.body = body;
    }

    /// Blocks that nothing leaves are none.
    fn drop_blocks(&mut self) {
        let needed = self.targets();
        let mut all = self.body.iter().zip(&needed);
        if all.all(|(instruction, needed)| *needed || !matches!(instruction, I::Block(_))) {
            return;
        }
        let mut open: Vec<bool> = Vec::new();
        let mut body = Vec::with_capacity(self.body.len());
        for (instruction, stays) in std::mem::take(&mut self.body).into_iter().zip(needed) {
            match instruction {
                I::Block(_) => {
                    open.push(stays);
                    if stays {
                        body.push(instruction);
                    }
                }
                I::Loop(_) | I::If(_) => {
                    open.push(true);
                    body.push(instruction);
                }
                I::End => {
                    if open.pop().unwrap_or(true) {
                        body.push(instruction);
                    }
                }
                I::Br(depth) => body.push(I::Br(fewer(&open, depth))),
                I::BrIf(depth) => body.push(I::BrIf(fewer(&open, depth))),
                other => body.push(other),
            }
        }
        self.body = body;
    }

    /// Of each instruction whether it opens a block that something leaves for.
    fn targets(&self) -> Vec<bool> {
        let (mut open, mut targets) = (Vec::new(), vec![false; self.body.len()]);
        for (place, instruction) in self.body.iter().enumerate() {
            match instruction {
                I::Block(_) | I::Loop(_) | I::If(_) => open.push(place),
                I::End => drop(open.pop()),
                I::Br(depth) | I::BrIf(depth) => {
                    let block = usize::try_from(*depth).ok().and_then(|depth| open.iter().rev().nth(depth));
                    if let Some(target) = block.and_then(|block| targets.get_mut(*block)) {
                        *target = true;
                    }
                }
                _ => {}
            }
        }
        targets
    }

    /// A local is 0 until it is set: outside of loops, the first time that it is set to 0 changes nothing.
    pub(super) fn drop_zeros(&mut self) {
        let mut set: BTreeSet<u32> = (0..self.parameters).collect();
        let (mut open, mut loops) = (Vec::new(), 0_usize);
        let mut body: Vec<I> = Vec::with_capacity(self.body.len());
        for instruction in std::mem::take(&mut self.body) {
            match &instruction {
                I::Block(_) | I::If(_) => open.push(false),
                I::Loop(_) => {
                    open.push(true);
                    loops += 1;
                }
                // The last end is that of the function, which is no loop.
                I::End => loops -= usize::from(open.pop().unwrap_or(false)),
                I::LocalTee(local) => drop(set.insert(*local)),
                I::LocalSet(local) => {
                    let is_first = set.insert(*local);
                    let is_zero = matches!(body.last(), Some(I::I32Const(0) | I::I64Const(0)));
                    if is_first && is_zero && loops == 0 {
                        body.pop();
                        continue;
                    }
                }
                _ => {}
            }
            body.push(instruction);
        }
        self.body = body;
    }
}

/// How far away a block is without those that are gone.
fn fewer(open: &[bool], depth: u32) -> u32 {
    let between = usize::try_from(depth).unwrap_or(usize::MAX);
    let gone = open.iter().rev().take(between).filter(|stays| !**stays).count();
    // They are no more than the blocks that the depth counts.
    depth - u32::try_from(gone).unwrap_or(0)
}
