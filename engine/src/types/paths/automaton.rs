//! The automaton of a path: from stages, and from what each event may be to them, to states and where events lead.
//!
//! A case is in the stage that it entered last, with some of that stage's events done. An event belongs to the earliest stage from
//! there on that can take it: a stage takes each of its events once (of `one of` one), and again where it is repeated. Whoever goes
//! on to a later stage must have finished the stages between, or have left out those that are optional; a stage once entered is
//! to be finished. The case leaves the path at the first event that no stage can take in this way.

use crate::plan::MAX_STATES;

/// A stage, as far as its order is concerned.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    /// What its events are: places in a list of all events of the path, with their filters.
    pub events: Vec<usize>,
    /// Each of them is asked for, not one of them.
    pub all: bool,
    pub optional: bool,
    pub repeated: bool,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The stage entered last.
    pub reached: Option<usize>,
    /// Which of its events are done; for one event or `one of`, whether it is.
    done: u64,
    /// Where it left the path: the stage that was due or, where none was due any more, the one entered last.
    pub left: Option<usize>,
}

/// The states that can come about, the first first, and where each symbol leads from each of them.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    pub states: Vec<State>,
    pub next: Vec<u8>,
}

impl Automaton {
    /// The automaton of some stages; each symbol says which events of the path an event of the case may stand for, as a mask.
    /// Nothing where there are more than [`MAX_STATES`].
    pub fn of(stages: &[Stage], symbols: &[u64]) -> Option<Automaton> {
        let mut states = vec![State { reached: None, done: 0, left: None }];
        let mut next = Vec::new();
        let mut place = 0;
        while let Some(state) = states.get(place).cloned() {
            for fits in symbols {
                let led = after(stages, &state, *fits);
                let number = states.iter().position(|other| *other == led).unwrap_or_else(|| {
                    states.push(led);
                    states.len() - 1
                });
                if number >= MAX_STATES {
                    return None;
                }
                next.push(u8::try_from(number).ok()?);
            }
            place += 1;
        }
        Some(Automaton { states, next })
    }

    /// The states of which something holds, as a mask.
    pub fn mask(&self, holds: impl Fn(&State) -> bool) -> u64 {
        let held = self.states.iter().enumerate().filter(|(_, state)| holds(state));
        held.fold(0, |mask, (place, _)| mask | 1 << (place & 63))
    }
}

impl State {
    /// Whether it follows the path and all that must be done is done.
    pub fn is_complete(&self, stages: &[Stage]) -> bool {
        let from = self.reached.unwrap_or(0);
        let mut rest = stages.iter().enumerate().skip(from);
        self.left.is_none() && rest.all(|(place, stage)| stage.may_be_passed(self.done_in(place)))
    }

    fn done_in(&self, stage: usize) -> u64 {
        if self.reached == Some(stage) { self.done } else { 0 }
    }
}

impl Stage {
    fn is_finished(&self, done: u64) -> bool {
        if self.all { done.count_ones() as usize == self.events.len() } else { done != 0 }
    }

    /// Whether a case may go on to a later stage.
    fn may_be_passed(&self, done: u64) -> bool {
        self.is_finished(done) || (self.optional && done == 0)
    }

    /// What is done after an event that may stand for some events of the path, if this stage can take it.
    fn take(&self, done: u64, fits: u64) -> Option<u64> {
        let fitting = || self.events.iter().enumerate().filter(|(_, event)| fits >> (**event & 63) & 1 == 1);
        let own = |place: usize| if self.all { 1 << (place & 63) } else { 1 };
        let open = fitting().map(|(place, _)| own(place)).find(|bit| done & bit == 0);
        match open {
            Some(bit) => Some(done | bit),
            None => (self.repeated && fitting().next().is_some()).then_some(done),
        }
    }
}

/// Where an event leads.
fn after(stages: &[Stage], state: &State, fits: u64) -> State {
    if state.left.is_some() {
        return state.clone();
    }
    let from = state.reached.unwrap_or(0);
    for (place, stage) in stages.iter().enumerate().skip(from) {
        let done = state.done_in(place);
        if let Some(done) = stage.take(done, fits) {
            return State { reached: Some(place), done, left: None };
        }
        if !stage.may_be_passed(done) {
            return State { done: 0, left: Some(place), ..*state };
        }
    }
    State { done: 0, left: Some(from), ..*state }
}
