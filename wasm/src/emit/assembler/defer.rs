//! What is worked out waits for where it is used first, in functions that are as short as may be: like [`super::sink`], but seen from one set
//! of a local to the next, so that it may be set in several places; and what calls a function or sets another local waits as well, as long
//! as it is done once and in the same order with all that it may change.

use std::collections::BTreeMap;
use std::ops::Range;

use super::code::Code;
use super::cut::{Shape, plain};
use super::instruction::Instruction as I;
use super::live::Live;
use super::sink::{is_load, is_store};

/// How far something is moved at most.
const FARTHEST: usize = 300;

/// What an expression reads and what it changes.
#[derive(Default)]
pub(super) struct Effects {
    locals: Vec<u32>,
    sets: Vec<u32>,
    globals: bool,
    memory: bool,
    calls: bool,
}

impl Effects {
    /// Whether it does more than read.
    fn acts(&self) -> bool {
        self.calls || !self.sets.is_empty()
    }

    /// Whether a value that stands there at once comes out the same before it and after it.
    pub(super) fn leaves(&self, value: &I) -> bool {
        match value {
            I::I32Const(_) | I::I64Const(_) => true,
            I::LocalGet(local) => !self.sets.contains(local),
            I::GlobalGet(_) => !self.calls,
            _ => false,
        }
    }

    /// Whether it may not change places with an instruction.
    fn keeps(&self, instruction: &I) -> bool {
        let reads = self.globals || self.memory || self.calls;
        match instruction {
            I::LocalGet(local) => self.sets.contains(local),
            I::LocalSet(local) | I::LocalTee(local) => self.locals.contains(local) || self.sets.contains(local),
            I::GlobalGet(_) => self.calls,
            I::GlobalSet(_) => self.globals || self.calls,
            I::Call(_) => reads,
            I::MemoryGrow(_) | I::MemorySize(_) => true,
            I::Br(_) | I::BrIf(_) | I::Return => self.acts(),
            other if is_load(other) => self.calls,
            other => is_store(other) && (self.memory || self.calls),
        }
    }
}

/// What is moved, whether it is kept where it goes, to be got again, and whether it does more than read.
struct Move {
    range: Range<usize>,
    kept: bool,
    acts: bool,
}

/// A block that is opened on the way.
struct Open {
    place: usize,
    repeats: bool,
    /// Whether it is a condition, and in which case the way goes on.
    otherwise: Option<bool>,
}

impl Code {
    /// Moves what can be moved, in a module of these functions; whether there was any.
    pub(super) fn defer(&mut self, functions: &[Shape]) -> bool {
        if !self.body.iter().any(|instruction| matches!(instruction, I::LocalSet(_))) {
            return false;
        }
        let live = Live::of(&self.body, self.locals.len());
        let mut moves: BTreeMap<usize, Move> = BTreeMap::new();
        for (place, instruction) in self.body.iter().enumerate() {
            let I::LocalSet(local) = instruction else { continue };
            if matches!(self.body.get(place + 1), Some(I::LocalGet(got)) if got == local) {
                let kept = live.is_next(place + 1, *local);
                moves.insert(place + 1, Move { range: place..place + 1, kept, acts: false });
                continue;
            }
            let Some((start, effects)) = self.worked_out(place, functions) else { continue };
            // What something else was just moved into waits for the next round.
            if moves.range(start..=place).next().is_some() {
                continue;
            }
            let Some((used, kept)) = self.first_use((place, *local), &effects, &live) else { continue };
            let acts = effects.acts();
            // And so does what would then stand on the other side of it, where one of them does more than read.
            if moves.range(place..used).any(|(_, other)| acts || other.acts) {
                continue;
            }
            moves.insert(used, Move { range: start..place + 1, kept, acts });
        }
        if moves.is_empty() {
            return false;
        }
        self.put(&moves);
        true
    }

    /// Moves to where something is got.
    fn put(&mut self, moves: &BTreeMap<usize, Move>) {
        let mut gone = vec![false; self.body.len()];
        for each in moves.values() {
            gone.get_mut(each.range.clone()).into_iter().flatten().for_each(|gone| *gone = true);
        }
        let body = self.take_body();
        for (place, instruction) in body.iter().enumerate() {
            match moves.get(&place) {
                Some(each) => {
                    self.body.extend(body.get(each.range.start..each.range.end - 1).into_iter().flatten().copied());
                    if let (I::LocalGet(local), true) = (instruction, each.kept) {
                        self.body.push(I::LocalTee(*local));
                    }
                }
                None if gone.get(place) == Some(&true) => {}
                None => self.body.push(*instruction),
            }
        }
    }

    /// Where the expression starts whose value stands ready at a place, and what it does; none where it holds a block.
    pub(super) fn worked_out(&self, place: usize, functions: &[Shape]) -> Option<(usize, Effects)> {
        let (mut wanted, mut at) = (1, place);
        let mut effects = Effects::default();
        while wanted > 0 {
            at = at.checked_sub(1)?;
            let instruction = self.body.get(at)?;
            let takes = match instruction {
                I::LocalGet(local) => {
                    effects.locals.push(*local);
                    0
                }
                I::LocalTee(local) => {
                    effects.sets.push(*local);
                    1
                }
                I::GlobalGet(_) => {
                    effects.globals = true;
                    0
                }
                I::Select => 3,
                I::MemorySize(_) => return None,
                I::Call(number) => {
                    effects.calls = true;
                    let (takes, gives) = functions.get(usize::try_from(*number).ok()?)?;
                    (*gives)?;
                    takes.len()
                }
                other => {
                    let (takes, leaves) = plain(other)?;
                    leaves?;
                    effects.memory |= is_load(other);
                    takes
                }
            };
            wanted = wanted - 1 + takes;
        }
        Some((at, effects))
    }

    /// Where a local that is set at a place is got first, if what it is set to comes out the same there and nothing else finds it on another
    /// way; and whether it is got again after that.
    fn first_use(&self, (set_at, local): (usize, u32), effects: &Effects, live: &Live) -> Option<(usize, bool)> {
        let mut open: Vec<Open> = Vec::new();
        for (place, instruction) in self.body.iter().enumerate().skip(set_at + 1).take(FARTHEST) {
            match instruction {
                I::LocalGet(got) if *got == local => {
                    let is_needed_elsewhere = |open: &Open| match open.otherwise {
                        Some(false) => live.is_aside(open.place, local),
                        Some(true) => live.is_next(open.place, local),
                        None => false,
                    };
                    let stays = effects.acts() && !open.is_empty()
                        || open.iter().any(|open| open.repeats || is_needed_elsewhere(open));
                    return (!stays).then_some((place, live.is_next(place, local)));
                }
                I::LocalSet(set) | I::LocalTee(set) if *set == local => return None,
                I::Br(_) | I::Return if open.is_empty() => return None,
                I::Br(_) | I::BrIf(_) if live.is_aside(place, local) => return None,
                I::Block(_) => open.push(Open { place, repeats: false, otherwise: None }),
                I::Loop(_) => open.push(Open { place, repeats: true, otherwise: None }),
                I::If(_) => open.push(Open { place, repeats: false, otherwise: Some(false) }),
                I::Else => open.last_mut()?.otherwise = Some(true),
                I::End => {
                    open.pop()?;
                }
                _ => {}
            }
            if effects.keeps(instruction) {
                return None;
            }
        }
        None
    }
}
