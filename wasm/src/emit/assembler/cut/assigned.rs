//! Which locals a part of a function may read before it gives them a value, and which it has certainly given one when it is done.

use std::ops::Range;

use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::locals::Locals;

/// See the module.
pub(super) struct Flow {
    pub(super) exposed: Locals,
    pub(super) at_exit: Locals,
}

/// What is certain at a place that may be reached in several ways: nothing yet where it has not been reached.
#[derive(Clone, Default)]
struct Certain(Option<Locals>);

impl Certain {
    fn join(&mut self, other: &Certain) {
        match (&mut self.0, &other.0) {
            (Some(known), Some(other)) => known.keep(other),
            (known @ None, Some(other)) => *known = Some(other.clone()),
            (_, None) => {}
        }
    }
}

/// An open block.
struct Open {
    repeats: bool,
    /// What is certain at its end.
    end: Certain,
    /// What is certain where the condition was no, until the other case is come to.
    otherwise: Option<Certain>,
}

impl Flow {
    /// Of these instructions.
    pub(super) fn of(body: &[I], part: Range<usize>, count: usize) -> Flow {
        let none = Locals::none(count);
        let mut walk = Walk {
            now: Certain(Some(none.clone())),
            open: Vec::new(),
            exit: Certain::default(),
            exposed: none.clone(),
        };
        body.get(part).into_iter().flatten().for_each(|instruction| walk.step(instruction));
        let now = walk.now.clone();
        walk.exit.join(&now);
        Flow { exposed: walk.exposed, at_exit: walk.exit.0.unwrap_or(none) }
    }
}

struct Walk {
    now: Certain,
    open: Vec<Open>,
    exit: Certain,
    exposed: Locals,
}

impl Walk {
    fn step(&mut self, instruction: &I) {
        match instruction {
            I::LocalGet(local) if self.now.0.as_ref().is_some_and(|now| !now.contains(*local)) => {
                self.exposed.insert(*local);
            }
            I::LocalSet(local) | I::LocalTee(local) => {
                if let Some(now) = &mut self.now.0 {
                    now.insert(*local);
                }
            }
            I::Block(_) => self.opened(false, None),
            I::Loop(_) => self.opened(true, None),
            I::If(_) => self.opened(false, Some(self.now.clone())),
            I::Else => {
                if let Some(open) = self.open.last_mut() {
                    open.end.join(&self.now);
                    // Only a condition has another case, and only one.
                    self.now = open.otherwise.take().unwrap_or_default();
                }
            }
            I::End => {
                if let Some(mut open) = self.open.pop() {
                    open.end.join(&self.now);
                    open.otherwise.iter().for_each(|otherwise| open.end.join(otherwise));
                    self.now = open.end;
                }
            }
            I::BrIf(depth) => self.leave(*depth),
            I::Br(depth) => {
                self.leave(*depth);
                self.now = Certain::default();
            }
            I::Return => self.now = Certain::default(),
            _ => {}
        }
    }

    fn opened(&mut self, repeats: bool, otherwise: Option<Certain>) {
        self.open.push(Open { repeats, end: Certain::default(), otherwise });
    }

    fn leave(&mut self, depth: u32) {
        let inside = usize::try_from(depth).ok().and_then(|depth| self.open.iter_mut().rev().nth(depth));
        match inside {
            Some(open) if open.repeats => {}
            Some(open) => open.end.join(&self.now),
            None => self.exit.join(&self.now),
        }
    }
}
