//! What is worked out once and used once is worked out where it is used, which saves a local and two moves.
//!
//! It may be moved over whatever does not change what it reads: it reads locals, globals and memory, calls nothing and changes
//! nothing. It is not moved into a loop, nor out of the block it stands in.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_encoder::Instruction as I;

use super::code::Code;
use super::cut::plain;

/// How far something is moved at most, and of how many instructions it is.
const FARTHEST: usize = 300;
const LONGEST: usize = 100;

/// What an expression reads.
#[derive(Default)]
pub(super) struct Reads {
    pub(super) locals: Vec<u32>,
    globals: bool,
    memory: bool,
}

impl Code {
    /// Moves what can be moved; whether there was any.
    pub(super) fn sink(&mut self) -> bool {
        let uses = self.sets_and_gets();
        let mut moves: BTreeMap<usize, Range<usize>> = BTreeMap::new();
        for (place, instruction) in self.body.iter().enumerate() {
            let I::LocalSet(local) = instruction else { continue };
            let once = usize::try_from(*local).ok().and_then(|at| uses.get(at)) == Some(&(1, 1));
            if !once || *local < self.parameters {
                continue;
            }
            let Some((start, reads)) = self.expression_before(place) else { continue };
            // What something else was just moved into waits for the next round. What is long stays where a function can be cut.
            if place - start > LONGEST || moves.range(start..=place).next().is_some() {
                continue;
            }
            if let Some(used) = self.used_at(place + 1, *local, &reads) {
                moves.insert(used, start..place + 1);
            }
        }
        if moves.is_empty() {
            return false;
        }
        let mut gone = vec![false; self.body.len()];
        for range in moves.values() {
            gone.get_mut(range.clone()).into_iter().flatten().for_each(|gone| *gone = true);
        }
        let body = std::mem::take(&mut self.body);
        for (place, instruction) in body.iter().enumerate() {
            match moves.get(&place) {
                Some(range) => self.body.extend(body.get(range.start..range.end - 1).into_iter().flatten().cloned()),
                None if gone.get(place) == Some(&true) => {}
                None => self.body.push(instruction.clone()),
            }
        }
        true
    }

    /// How often each local is set, and got.
    pub(super) fn sets_and_gets(&self) -> Vec<(u32, u32)> {
        let mut uses = vec![(0_u32, 0_u32); self.locals.len()];
        for instruction in &self.body {
            let (local, set, got) = match instruction {
                I::LocalGet(local) => (*local, 0, 1),
                I::LocalSet(local) => (*local, 1, 0),
                I::LocalTee(local) => (*local, 1, 1),
                _ => continue,
            };
            if let Some((sets, gets)) = usize::try_from(local).ok().and_then(|at| uses.get_mut(at)) {
                *sets += set;
                *gets += got;
            }
        }
        uses
    }

    /// Where the expression starts whose value stands ready at a place, and what it reads; none where it does more than read.
    pub(super) fn expression_before(&self, place: usize) -> Option<(usize, Reads)> {
        let (mut wanted, mut at) = (1, place);
        let mut reads = Reads::default();
        while wanted > 0 {
            at = at.checked_sub(1)?;
            let instruction = self.body.get(at)?;
            let takes = match instruction {
                I::LocalGet(local) => {
                    reads.locals.push(*local);
                    0
                }
                I::GlobalGet(_) => {
                    reads.globals = true;
                    0
                }
                I::Select => 3,
                // It may be moved over what makes it larger.
                I::MemorySize(_) => return None,
                other => {
                    let (takes, leaves) = plain(other)?;
                    leaves?;
                    reads.memory |= is_load(other);
                    takes
                }
            };
            wanted = wanted - 1 + takes;
        }
        Some((at, reads))
    }

    /// Where the local is got, if what it stands for comes out the same there.
    fn used_at(&self, from: usize, local: u32, reads: &Reads) -> Option<usize> {
        let mut open = Vec::new();
        for (place, instruction) in self.body.iter().enumerate().skip(from).take(FARTHEST) {
            match instruction {
                I::LocalGet(got) if *got == local => return open.iter().all(|repeats| !repeats).then_some(place),
                I::LocalSet(set) | I::LocalTee(set) if reads.locals.contains(set) => return None,
                I::GlobalSet(_) if reads.globals => return None,
                I::Call(_) if reads.globals || reads.memory => return None,
                I::MemoryGrow(_) => return None,
                I::Block(_) | I::If(_) => open.push(false),
                I::Loop(_) => open.push(true),
                I::End => drop(open.pop()?),
                // The other half of a block in which it stands.
                I::Else if open.is_empty() => return None,
                other if reads.memory && is_store(other) => return None,
                _ => {}
            }
        }
        None
    }
}

fn is_load(instruction: &I<'_>) -> bool {
    let narrow = matches!(instruction, I::I32Load8S(_) | I::I32Load8U(_) | I::I32Load16S(_) | I::I32Load16U(_));
    let extended = matches!(
        instruction,
        I::I64Load8S(_) | I::I64Load8U(_) | I::I64Load16S(_) | I::I64Load16U(_) | I::I64Load32S(_)
    );
    let whole = matches!(instruction, I::I32Load(_) | I::I64Load(_) | I::F64Load(_) | I::V128Load(_));
    narrow || extended || whole
}

fn is_store(instruction: &I<'_>) -> bool {
    let whole = matches!(instruction, I::I32Store(_) | I::I64Store(_) | I::F64Store(_) | I::V128Store(_));
    whole
        || matches!(instruction, I::I64Store32(_))
        || matches!(instruction, I::I32Store8(_) | I::I32Store16(_) | I::I64Store8(_) | I::I64Store16(_))
}
