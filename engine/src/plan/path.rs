//! The way of a case along a standard path: a small automaton that the events of the case drive.

use super::ColumnId;
use super::Kinds;

/// The most states a path may have, those of having left it included.
pub const MAX_STATES: usize = 63;

/// How far a case has come along a path.
///
/// It starts in state 0. Of the events of these kinds whose time is not after `as of`, in the order of the case, each takes it on:
/// `column` holds what the event is to the path (its *symbol*, a variant; none where it is nothing to it), and `next` the state it
/// leads to. A state in `left` is final: what comes after changes nothing.
///
/// An event at an unknown time, and one that an export may have left out, may have come at any place and any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathOf {
    /// Events of these kinds are followed.
    pub kinds: Kinds,
    /// The column that holds their symbols, filled for all these kinds: a set, perhaps none.
    pub column: ColumnId,
    /// How many states there are, at most [`MAX_STATES`].
    pub states: usize,
    /// How many symbols there are.
    pub symbols: usize,
    /// The state that each symbol leads to, for each state all symbols in a row.
    pub next: Vec<u8>,
    /// The states of having left the path; never the first.
    pub left: u64,
    /// What is asked.
    pub gives: PathGives,
}

/// What is asked of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathGives {
    /// the state after all events, as a variant
    State,
    /// the instant of the event at which the path was left; none while it is not
    LeftAt,
}

impl PathOf {
    /// The states to which one of these symbols leads from one of these states.
    #[must_use]
    pub fn step(&self, states: u64, symbols: u64) -> u64 {
        bits(states).fold(0, |found, state| {
            let row = self.next.iter().skip(state * self.symbols).take(self.symbols);
            let led = row.enumerate().filter(|(symbol, _)| symbols >> (symbol & 63) & 1 == 1);
            led.fold(found, |found, (_, next)| found | 1 << (next & 63))
        })
    }

    /// These states and all to which any number of these symbols leads from them, through none in which the path is left.
    #[must_use]
    pub fn reach(&self, states: u64, symbols: u64) -> u64 {
        let (mut found, mut open) = (states, states & !self.left);
        while open != 0 {
            let first = open & open.wrapping_neg();
            let led = self.step(first, symbols) & !found;
            found |= led;
            open = (open ^ first) | (led & !self.left);
        }
        found
    }
}

/// The places of the bits that are set.
fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |place| mask >> place & 1 == 1)
}
