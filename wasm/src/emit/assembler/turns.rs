//! How often loops turn: every loop says when it is written by what its turns are bounded.

use super::instruction::Instruction as I;
use concord_engine::plan::bound::WorkBound;
use wasm_encoder::BlockType;

/// By what the turns of a loop are bounded, each time that it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turns {
    /// One for each event.
    Events,
    /// One for each event, and for each kind that an export may have left out.
    EventsAndKinds,
    /// Of a loop that goes on where it stopped, inside one over the events.
    GoesOn,
    /// The same where events may stand anywhere: those are gone through each time, and all for each of them.
    GoesOnAnywhere,
    /// Sorting what is gathered, its outer loop.
    Sorted,
    /// Halvings of how many there are.
    Halvings,
    /// One for each fact.
    Facts,
    /// One for each row of a table.
    Rows,
    /// One for each class of the values of a column of a table.
    Classes,
    /// One for each state of a path.
    States,
    /// One for each symbol of a path.
    Symbols,
    /// One for each day of an addition of working days.
    WorkingDays,
}

const ALL: [Turns; 12] = [
    Turns::Events,
    Turns::EventsAndKinds,
    Turns::GoesOn,
    Turns::GoesOnAnywhere,
    Turns::Sorted,
    Turns::Halvings,
    Turns::Facts,
    Turns::Rows,
    Turns::Classes,
    Turns::States,
    Turns::Symbols,
    Turns::WorkingDays,
];

impl Turns {
    /// The loop's type says it, until the function is encoded; as long in bytes as the type that it then has.
    pub(super) fn marked(self) -> BlockType {
        let place = ALL.iter().position(|turns| *turns == self).and_then(|place| u32::try_from(place).ok());
        place.map_or(BlockType::Empty, BlockType::FunctionType)
    }

    pub(super) fn of(ty: BlockType) -> Option<Turns> {
        match ty {
            BlockType::FunctionType(place) => ALL.get(usize::try_from(place).ok()?).copied(),
            _ => None,
        }
    }
}

/// The instruction without what is noted in it.
pub(super) fn unmarked(instruction: I) -> I {
    if let I::Loop(_) = instruction { I::Loop(BlockType::Empty) } else { instruction }
}

/// What of a plan bounds the turns of loops: the most there are of each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    pub(crate) kinds: u64,
    pub(crate) halvings: u64,
    pub(crate) facts: u64,
    pub(crate) rows: u64,
    pub(crate) classes: u64,
    pub(crate) states: u64,
    pub(crate) symbols: u64,
    pub(crate) working_days: u64,
}

fn bound(factors: &[u64], unplaced: &[u64]) -> WorkBound {
    WorkBound { factors: factors.to_vec(), unplaced: unplaced.to_vec() }
}

impl Sizes {
    /// The turns of a loop; the last may end before its end.
    pub(super) fn turns(self, turns: Turns) -> WorkBound {
        let constant = |most: u64| bound(&[most + 1], &[]);
        match turns {
            Turns::Events => bound(&[1, 1], &[]),
            Turns::EventsAndKinds => bound(&[self.kinds + 1, 1], &[]),
            // As many as there are events, and one more for each turn of the loop around it.
            Turns::GoesOn => bound(&[2], &[]),
            // For each of those around it one more, those that may stand anywhere and, shared out among all, a whole pass for each of these.
            Turns::GoesOnAnywhere => bound(&[2 * self.kinds + 2], &[2]),
            Turns::Sorted => bound(&[2 * self.kinds + 1, 2], &[]),
            Turns::Halvings => constant(self.halvings),
            Turns::Facts => constant(self.facts),
            Turns::Rows => constant(self.rows),
            Turns::Classes => constant(self.classes),
            Turns::States => constant(self.states),
            Turns::Symbols => constant(self.symbols),
            Turns::WorkingDays => constant(self.working_days),
        }
    }
}
