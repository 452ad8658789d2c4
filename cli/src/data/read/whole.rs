//! Cases that are whole: their events put in order, what is in doubt made unknown, names of several organisations told apart.

use super::assemble::Assembler;
use super::doubts::Doubts;
use super::shared::Shared;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{Id, InputId};
use std::collections::BTreeSet;

/// What was assembled.
pub(super) struct Assembled {
    pub(super) ids: Vec<String>,
    /// With their events in order.
    pub(super) cases: Vec<Case>,
    /// The number of the first row of each.
    pub(super) order: Vec<usize>,
    /// Names that more than one organisation uses.
    pub(super) shared: Shared,
    /// Cases of which nothing is known, as rows without an organisation may belong to them or to another.
    pub(super) mixed: u64,
}

impl Assembler<'_> {
    /// Hands over the cases, with their events in order.
    pub(super) fn finish(&mut self) -> Assembled {
        let as_of = |place: usize| self.cases.get(place).map_or(i64::MAX, |case| case.as_of);
        for (place, input, datum) in self.takings.settle(as_of) {
            let fact = self.cases.get_mut(place).and_then(|case| case.facts.get_mut(input.place()));
            fact.into_iter().for_each(|fact| *fact = datum);
        }
        let mixed = self.mixed();
        for (place, input) in self.doubts.unsettled(|place, input| self.fact_of(place, input)) {
            let fact = self.cases.get_mut(place).and_then(|case| case.facts.get_mut(input.place()));
            fact.into_iter().for_each(|fact| *fact = Datum::Missing);
        }
        for case in &mut self.cases {
            case.sort_events(&self.plan.subject);
        }
        if let Some(closed) = &mut self.closed {
            let again: BTreeSet<usize> =
                self.places.several().flat_map(|first| self.places.all(first).skip(1)).collect();
            let names = self.ids.iter().enumerate().filter(|(place, _)| !again.contains(place));
            self.recurs |= closed.close(names.map(|(_, id)| id.as_str()));
        }
        let shared = self.name_apart();
        self.places.clear();
        self.conflicting.clear();
        self.doubts = Doubts::default();
        self.differing.forget();
        (self.last, self.events) = (usize::MAX, 0);
        let (ids, cases, order) = self.spent.lists();
        let (ids, cases) = (std::mem::replace(&mut self.ids, ids), std::mem::replace(&mut self.cases, cases));
        Assembled { ids, cases, order: std::mem::replace(&mut self.order, order), shared, mixed }
    }

    fn fact_of(&self, place: usize, input: InputId) -> Datum {
        // A fact that is not there is missing.
        self.cases.get(place).and_then(|case| case.facts.get(input.place())).copied().unwrap_or_default()
    }

    /// Where a name is used by several organisations and rows of it have none, nobody knows whose they are: nothing is known of these cases.
    fn mixed(&mut self) -> u64 {
        let unclear = |first: &usize| self.places.all(*first).any(|place| self.doubts.is_without_organisation(place));
        let mixed = self.places.several().filter(unclear);
        let places: Vec<usize> = mixed.flat_map(|first| self.places.all(first)).collect();
        for place in &places {
            self.mark_all(*place);
            if let Some(case) = self.cases.get_mut(*place) {
                case.facts.iter_mut().for_each(|fact| *fact = Datum::Missing);
                case.events.clear();
            }
        }
        places.len() as u64
    }

    /// Names that several organisations use are shown with the organisation; what is known of them.
    fn name_apart(&mut self) -> Shared {
        let several = || self.places.several();
        let named = several().flat_map(|first| self.places.all(first));
        let named: Vec<_> = named.filter_map(|place| Some((place, self.organisation(place)?.to_owned()))).collect();
        let (mut shared, mut before) = (Shared::default(), None);
        for first in several() {
            let mut cases = self.places.all(first).filter_map(|place| self.cases.get(place));
            shared.add(&mut cases, before);
            before = self.cases.get(first);
        }
        for (place, code) in named {
            if let Some(id) = self.ids.get_mut(place) {
                *id = format!("{id} ({code})");
            }
        }
        shared
    }
}
