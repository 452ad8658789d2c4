//! Which locals are got later, seen from each instruction of a function: in what comes next, and where it may go instead.

use std::collections::BTreeMap;

use super::instruction::Instruction as I;
use super::locals::{Locals, Sets};

/// See the module.
pub(super) struct Live {
    /// Got later, once an instruction is done and the next one follows it: from the last on.
    next: Sets,
    instructions: usize,
    /// The same, where it goes elsewhere: to the end of a block or the start of a loop, or to the other case of a condition.
    aside: Sets,
    /// Of which instructions that is said, from the last on.
    places: Vec<usize>,
    /// Got before they are set.
    pub(super) first: Locals,
}

/// A block, from its end to where it is opened.
struct Open {
    /// Got later after its end.
    end: Locals,
    /// Where it starts, if it is a loop.
    repeats: Option<usize>,
    /// Got later at the start of the other case, where there is one.
    otherwise: Option<Locals>,
}

struct Walk {
    live: Live,
    open: Vec<Open>,
    /// Got later at the start of each loop, as far as that is known.
    loops: BTreeMap<usize, Locals>,
    /// Sets that no block needs any more.
    spare: Vec<Locals>,
}

impl Live {
    /// Of the instructions of a function of so many locals.
    pub(super) fn of(body: &[I], locals: usize) -> Live {
        let ends = loops(body);
        let live = Live {
            next: Sets::of(locals, body.len()),
            instructions: body.len(),
            aside: Sets::of(locals, 0),
            places: Vec::new(),
            first: Locals::none(locals),
        };
        let loops = ends.values().map(|start| (*start, Locals::none(locals))).collect();
        let mut walk = Walk { live, open: Vec::new(), loops, spare: Vec::new() };
        loop {
            let mut same = true;
            walk.live.next.clear();
            walk.live.aside.clear();
            walk.live.places.clear();
            walk.live.first.clear();
            for (place, instruction) in body.iter().enumerate().rev() {
                walk.live.next.push(&walk.live.first);
                match instruction {
                    I::End => {
                        let end = walk.first();
                        walk.open.push(Open { end, repeats: ends.get(&place).copied(), otherwise: None });
                    }
                    I::Loop(_) => same &= walk.starts(place),
                    _ => drop(walk.step(place, instruction)),
                }
            }
            if same {
                return walk.live;
            }
        }
    }

    fn number(&self, place: usize) -> usize {
        self.instructions.saturating_sub(place + 1)
    }

    /// Whether a local is got later after an instruction that the next one follows.
    pub(super) fn is_next(&self, place: usize, local: u32) -> bool {
        self.next.contains(self.number(place), local)
    }

    /// The locals got later after an instruction that the next one follows.
    pub(super) fn next(&self, place: usize) -> impl Iterator<Item = u32> {
        self.next.members(self.number(place))
    }

    /// Whether a local is got later where the instruction goes elsewhere.
    pub(super) fn is_aside(&self, place: usize, local: u32) -> bool {
        let number = self.places.binary_search_by(|other| place.cmp(other));
        number.is_ok_and(|number| self.aside.contains(number, local))
    }
}

/// Where each loop starts, by where it ends.
fn loops(body: &[I]) -> BTreeMap<usize, usize> {
    let (mut open, mut ends) = (Vec::new(), BTreeMap::new());
    for (place, instruction) in body.iter().enumerate() {
        match instruction {
            I::Block(_) | I::If(_) => open.push(None),
            I::Loop(_) => open.push(Some(place)),
            I::End => ends.extend(open.pop().flatten().map(|start| (place, start))),
            _ => {}
        }
    }
    ends
}

impl Walk {
    /// What is got later now, as a set of its own.
    fn first(&mut self) -> Locals {
        match self.spare.pop() {
            Some(mut spare) => {
                spare.clone_from(&self.live.first);
                spare
            }
            None => self.live.first.clone(),
        }
    }

    /// At the start of a loop: whether no more is got later than was known.
    fn starts(&mut self, place: usize) -> bool {
        self.spare.extend(self.open.pop().map(|open| open.end));
        let Some(known) = self.loops.get_mut(&place).filter(|known| **known != self.live.first) else { return true };
        known.clone_from(&self.live.first);
        false
    }

    /// Before another instruction; none where blocks do not end as they are opened.
    fn step(&mut self, place: usize, instruction: &I) -> Option<()> {
        let now = &mut self.live.first;
        match instruction {
            I::LocalGet(local) => now.insert(*local),
            I::LocalSet(local) | I::LocalTee(local) => now.remove(*local),
            I::Block(_) => self.spare.push(self.open.pop()?.end),
            I::Else => {
                let open = self.open.last_mut()?;
                open.otherwise = Some(now.clone());
                now.clone_from(&open.end);
            }
            I::If(_) => {
                let open = self.open.pop()?;
                let otherwise = open.otherwise.as_ref().unwrap_or(&open.end);
                self.live.aside.push(otherwise);
                self.live.places.push(place);
                now.add(otherwise);
                self.spare.extend(open.otherwise);
                self.spare.push(open.end);
            }
            I::Br(depth) | I::BrIf(depth) => {
                let goes_on = matches!(instruction, I::BrIf(_));
                if !goes_on {
                    now.clear();
                }
                let open = self.open.iter().rev().nth(usize::try_from(*depth).ok()?);
                let target =
                    open.map(|open| open.repeats.and_then(|start| self.loops.get(&start)).unwrap_or(&open.end));
                if let Some(target) = target {
                    self.live.aside.push(target);
                    self.live.places.push(place);
                    now.add(target);
                }
            }
            I::Return => now.clear(),
            _ => {}
        }
        Some(())
    }
}
