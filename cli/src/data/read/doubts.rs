//! What refused rows leave in doubt: a fact that such a row may have said otherwise is not known.

use crate::data::mapping::file::Take;
use concord_engine::plan::case::Datum;
use concord_engine::plan::{Id, InputId};
use std::collections::{BTreeMap, BTreeSet};

/// What a refused row says of a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// This.
    This(Datum),
    /// Nobody can tell.
    Anything,
}

/// Facts in doubt, and cases with rows that name no organisation.
#[derive(Default)]
pub(super) struct Doubts {
    facts: BTreeMap<(usize, usize), Vec<Says>>,
    without: BTreeSet<usize>,
}

impl Doubts {
    /// Takes note of what a refused row says of a fact that its case holds so far.
    pub(super) fn add(&mut self, place: usize, input: InputId, take: Take, held: Datum, says: Says) {
        let touches = match take {
            Take::First => held == Datum::Missing,
            Take::Last | Take::Only => true,
            Take::Any => held != Datum::Known(1) && (says == Says::Anything || says == Says::This(Datum::Known(1))),
        };
        if touches && says != Says::This(Datum::Missing) {
            self.facts.entry((place, input.place())).or_default().push(says);
        }
    }

    /// A later row says the fact, and the last one counts.
    pub(super) fn settled(&mut self, place: usize, input: InputId) {
        self.facts.remove(&(place, input.place()));
    }

    /// The facts that might be otherwise than they now are.
    pub(super) fn unsettled(&self, fact: impl Fn(usize, InputId) -> Datum) -> Vec<(usize, InputId)> {
        let doubtful = self.facts.iter().filter(|((place, input), says)| {
            let now = fact(*place, InputId::at(*input));
            now != Datum::Missing && says.iter().any(|says| *says != Says::This(now))
        });
        doubtful.map(|((place, input), _)| (*place, InputId::at(*input))).collect()
    }

    /// Takes note that a row of the case names no organisation.
    pub(super) fn without_organisation(&mut self, place: usize) {
        self.without.insert(place);
    }

    pub(super) fn is_without_organisation(&self, place: usize) -> bool {
        self.without.contains(&place)
    }
}
