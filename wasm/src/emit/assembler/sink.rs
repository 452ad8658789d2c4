//! What is worked out once and used once is worked out where it is used, which saves a local and two moves. What is used more often is worked
//! out where it is used first, and kept from there on, which saves one.
//!
//! It may be moved over whatever does not change what it reads: it reads locals, globals and memory, calls nothing and changes
//! nothing. It is not moved into a loop, nor out of the block it stands in.

use std::collections::BTreeMap;
use std::ops::Range;

use super::code::Code;
use super::cut::plain;
use super::instruction::Instruction as I;

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

/// How a local is used.
#[derive(Clone, Copy)]
pub(super) struct Uses {
    pub(super) sets: u32,
    pub(super) gets: u32,
    /// Where it is got first.
    first: usize,
}

impl Uses {
    fn is_once(&self) -> bool {
        self.sets == 1 && self.gets == 1
    }
}

impl Code {
    /// Moves what can be moved that is used so often at most; whether there was any.
    pub(super) fn sink(&mut self, most: u32) -> bool {
        let uses = self.sets_and_gets();
        let mut moves: BTreeMap<usize, Range<usize>> = BTreeMap::new();
        for (place, instruction) in self.body.iter().enumerate() {
            let I::LocalSet(local) = instruction else { continue };
            let uses = usize::try_from(*local).ok().and_then(|at| uses.get(at)).copied();
            let Some(Uses { sets: 1, gets, first }) = uses else { continue };
            let is_far = first > place && first - place > FARTHEST;
            if !(1..=most).contains(&gets) || *local < self.parameters || is_far {
                continue;
            }
            let Some((start, reads)) = self.expression_before(place) else { continue };
            // What something else was just moved into waits for the next round. What is long stays where a function can be cut.
            if place - start > LONGEST || moves.range(start..=place).next().is_some() {
                continue;
            }
            if let Some(used) = self.used_at(place + 1, (*local, gets), &reads) {
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
        let body = self.take_body();
        for (place, instruction) in body.iter().enumerate() {
            match moves.get(&place) {
                Some(range) => {
                    self.body.extend(body.get(range.start..range.end - 1).into_iter().flatten().copied());
                    if let I::LocalGet(local) = instruction
                        && usize::try_from(*local).ok().and_then(|at| uses.get(at)).is_none_or(|uses| !uses.is_once())
                    {
                        self.body.push(I::LocalTee(*local));
                    }
                }
                None if gone.get(place) == Some(&true) => {}
                None => self.body.push(*instruction),
            }
        }
        true
    }

    /// How often each local is set, and got.
    pub(super) fn sets_and_gets(&self) -> Vec<Uses> {
        let mut all = vec![Uses { sets: 0, gets: 0, first: usize::MAX }; self.locals.len()];
        for (place, instruction) in self.body.iter().enumerate() {
            let (I::LocalGet(local) | I::LocalSet(local) | I::LocalTee(local)) = instruction else { continue };
            let Some(uses) = usize::try_from(*local).ok().and_then(|at| all.get_mut(at)) else { continue };
            uses.sets += u32::from(!matches!(instruction, I::LocalGet(_)));
            if !matches!(instruction, I::LocalSet(_)) {
                uses.gets += 1;
                uses.first = uses.first.min(place);
            }
        }
        all
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

    /// Where a local is got first, so often in all, if what it stands for comes out the same there; and, if it is got again, only after that.
    fn used_at(&self, from: usize, (local, gets): (u32, u32), reads: &Reads) -> Option<usize> {
        let mut open = Vec::new();
        for (place, instruction) in self.body.iter().enumerate().skip(from).take(FARTHEST) {
            match instruction {
                I::LocalGet(got) if *got == local => {
                    let once = gets == 1 && open.iter().all(|repeats| !repeats);
                    return (once || open.is_empty() && self.are_in_block(place, (local, gets))).then_some(place);
                }
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

    /// Whether a local is got so often from a place on, up to the end of the block that the place stands in.
    fn are_in_block(&self, from: usize, (local, gets): (u32, u32)) -> bool {
        let (mut depth, mut left) = (0_u32, gets);
        // From past its end on there is nothing.
        for instruction in self.body.get(from..).unwrap_or_default() {
            match instruction {
                I::LocalGet(got) if *got == local => match left.checked_sub(1) {
                    None | Some(0) => return true,
                    Some(less) => left = less,
                },
                I::Block(_) | I::If(_) | I::Loop(_) => depth += 1,
                I::Else if depth == 0 => break,
                I::End => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => break,
                },
                _ => {}
            }
        }
        false
    }
}

pub(super) fn is_load(instruction: &I) -> bool {
    let narrow = matches!(instruction, I::I32Load8S(_) | I::I32Load8U(_) | I::I32Load16S(_) | I::I32Load16U(_));
    let extended = matches!(
        instruction,
        I::I64Load8S(_) | I::I64Load8U(_) | I::I64Load16S(_) | I::I64Load16U(_) | I::I64Load32S(_)
    );
    let whole = matches!(instruction, I::I32Load(_) | I::I64Load(_) | I::F64Load(_) | I::V128Load(_));
    narrow || extended || whole
}

pub(super) fn is_store(instruction: &I) -> bool {
    let whole = matches!(instruction, I::I32Store(_) | I::I64Store(_) | I::F64Store(_) | I::V128Store(_));
    whole
        || matches!(instruction, I::I64Store32(_))
        || matches!(instruction, I::I32Store8(_) | I::I32Store16(_) | I::I64Store8(_) | I::I64Store16(_))
}
