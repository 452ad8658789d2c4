//! The ways that cases of one organisation go: which kinds of event they have, in which order each first happened, and which again.

use crate::audit::disclose::Disclosure;
use concord_engine::plan::Id;
use concord_engine::plan::case::Case;
use std::collections::BTreeMap;

/// More different ways than this are counted together.
const MOST_WAYS: usize = 5_000;
/// Of more kinds of event than this no ways are told: nobody could read them.
const MOST_KINDS: usize = 64;

/// Counts of ways.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Ways {
    /// Kinds in the order in which each first happened at a known time; cases beyond [`MOST_WAYS`] are not in it.
    pub(in crate::audit) ways: BTreeMap<Vec<u8>, u64>,
    /// Cases that have a kind, and that have it more than once.
    pub(in crate::audit) with: Vec<[u64; 2]>,
    /// Of two kinds, cases in which the one first happened before the other, both at known times.
    pub(in crate::audit) before: BTreeMap<(u8, u8), u64>,
}

impl Ways {
    pub(super) fn add(&mut self, case: &Case, kinds: usize) {
        if kinds > MOST_KINDS {
            return;
        }
        self.with.resize(kinds, [0, 0]);
        let mut times = vec![0_u64; kinds];
        let mut way: Vec<u8> = Vec::new();
        for event in &case.events {
            let place = event.kind.place();
            times.iter_mut().skip(place).take(1).for_each(|times| *times += 1);
            if let Some(kind) =
                u8::try_from(place).ok().filter(|kind| event.at.known().is_some() && !way.contains(kind))
            {
                way.push(kind);
            }
        }
        for ([with, again], times) in self.with.iter_mut().zip(times) {
            (*with, *again) = (*with + u64::from(times > 0), *again + u64::from(times > 1));
        }
        for (place, first) in way.iter().enumerate() {
            for later in way.iter().skip(place + 1) {
                *self.before.entry((*first, *later)).or_default() += 1;
            }
        }
        if self.ways.len() < MOST_WAYS || self.ways.contains_key(&way) {
            *self.ways.entry(way).or_default() += 1;
        }
    }

    pub(super) fn show(&mut self, disclosure: &Disclosure) {
        // What is suppressed counts for nobody.
        let show = |count: &mut u64| *count = disclosure.count(*count).unwrap_or(0);
        self.ways.values_mut().chain(self.before.values_mut()).for_each(show);
        self.ways.retain(|_, cases| *cases > 0);
        self.with.iter_mut().flatten().for_each(show);
    }
}
