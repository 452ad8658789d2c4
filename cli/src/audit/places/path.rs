//! The ways that cases of one organisation go: which kinds of event they have, in which order each first happened, and which again.

use super::waiting::Happened;
use crate::data::marks::{are_same, mixed};
use std::collections::BTreeMap;

/// More different ways than this are counted together.
const MOST_WAYS: usize = 5_000;
/// Of more kinds of event than this no ways are told: nobody could read them.
const MOST_KINDS: usize = 64;
/// In a way, after all that have a time: a kind that a case has at unknown times alone, its place and so many more.
pub(in crate::audit) const TIMELESS: u8 = 64;
/// A slot of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// Counts of ways.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Ways {
    /// Cases whose events are in it.
    pub(in crate::audit) cases: u64,
    /// Once all cases are in: kinds in the order in which each first happened at a known time, then those from [`TIMELESS`] on that have none; cases beyond [`MOST_WAYS`] are not in it.
    pub(in crate::audit) ways: BTreeMap<Vec<u8>, u64>,
    /// Cases that have a kind, and that have it more than once.
    pub(in crate::audit) with: Vec<[u64; 2]>,
    /// Once all cases are in: of two kinds, cases in which the one first happened before the other, both at known times.
    pub(in crate::audit) before: BTreeMap<(u8, u8), u64>,
    /// The ways so far, in the order in which they came up, and how many cases go each.
    found: Vec<(Vec<u8>, u64)>,
    /// Places of ways in that list, found by a number made of their kinds.
    table: Vec<usize>,
}

impl Ways {
    pub(super) fn add(&mut self, events: &[Happened], kinds: usize) {
        if kinds > MOST_KINDS {
            return;
        }
        self.cases += 1;
        self.with.resize(kinds, [0, 0]);
        let (mut once, mut again, mut placed) = (0_u64, 0_u64, 0_u64);
        let (mut way, mut steps, mut mark) = ([0_u8; MOST_KINDS], 0, 0);
        for event in events {
            let kind = event.kind;
            let bit = 1_u64.checked_shl(kind.into()).unwrap_or(0);
            (again, once) = (again | (once & bit), once | bit);
            if placed & bit == 0 && event.at().is_some() {
                placed |= bit;
                way.iter_mut().skip(steps).take(1).for_each(|step| *step = kind);
                (steps, mark) = (steps + 1, mixed(mark, kind.into()));
            }
        }
        let mut timeless = once & !placed;
        while timeless != 0 {
            let kind = TIMELESS + u8::try_from(timeless.trailing_zeros()).unwrap_or(0);
            way.iter_mut().skip(steps).take(1).for_each(|step| *step = kind);
            (steps, mark) = (steps + 1, mixed(mark, kind.into()));
            timeless &= timeless - 1;
        }
        for [with, more] in &mut self.with {
            (*with, *more) = (*with + (once & 1), *more + (again & 1));
            (once, again) = (once >> 1, again >> 1);
        }
        // A step is a kind that was not there before: there are no more of them than of kinds.
        self.count_of(way.get(..steps).unwrap_or(&way), mark, 1);
    }

    /// Adds those of other cases.
    pub(super) fn take(&mut self, other: &Ways) {
        self.cases += other.cases;
        self.with.resize(self.with.len().max(other.with.len()), [0, 0]);
        let pairs = self.with.iter_mut().flatten().zip(other.with.iter().flatten());
        pairs.for_each(|(sum, own)| *sum += own);
        other.found.iter().for_each(|(way, cases)| self.count_of(way, mark_of(way), *cases));
        for (pair, cases) in &other.before {
            *self.before.entry(*pair).or_default() += cases;
        }
    }

    /// Whether more came up than are counted one by one, while cases still come.
    pub(super) fn are_too_many(&self) -> bool {
        self.found.len() >= MOST_WAYS
    }

    fn count_of(&mut self, way: &[u8], mark: u64, cases: u64) {
        if 2 * self.found.len() >= self.table.len() {
            self.table = vec![EMPTY; (2 * self.table.len()).max(64)];
            for place in 0..self.found.len() {
                let own = self.found.get(place).map_or(&[][..], |(way, _)| way);
                let slot = self.slot(own, mark_of(own)).and_then(|slot| self.table.get_mut(slot));
                slot.into_iter().for_each(|slot| *slot = place);
            }
        }
        let Some(slot) = self.slot(way, mark) else { return };
        let place = self.table.get(slot).copied().filter(|place| *place != EMPTY);
        if let Some((_, before)) = place.and_then(|place| self.found.get_mut(place)) {
            *before += cases;
        } else if self.found.len() < MOST_WAYS {
            self.table.iter_mut().skip(slot).take(1).for_each(|slot| *slot = self.found.len());
            self.found.push((way.to_vec(), cases));
        } else {
            in_order(way, cases, &mut self.before);
        }
    }

    /// The slot of the table in which a way stands, or would.
    fn slot(&self, way: &[u8], mark: u64) -> Option<usize> {
        let length = self.table.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(mark >> 8).unwrap_or_default();
        let mut slots = (0..length).map(|step| (first + step) & (length - 1));
        let fits = |place: usize| place == EMPTY || self.found.get(place).is_some_and(|(held, _)| are_same(held, way));
        slots.find(|slot| self.table.get(*slot).is_some_and(|place| fits(*place)))
    }

    /// All cases are in.
    pub(super) fn close(&mut self) {
        self.table = Vec::new();
        // By place of the one kind and of the other: a way has no kind that has no place here.
        let mut pairs = [[0_u64; MOST_KINDS]; MOST_KINDS];
        for (way, cases) in std::mem::take(&mut self.found) {
            let mut later = way.iter();
            while let Some(first) = later.next() {
                let Some(own) = pairs.get_mut(usize::from(*first)) else { continue };
                for kind in later.clone() {
                    own.iter_mut().skip(usize::from(*kind)).take(1).for_each(|all| *all += cases);
                }
            }
            *self.ways.entry(way).or_default() += cases;
        }
        for (first, own) in (0..).zip(&pairs) {
            for (kind, cases) in (0..).zip(own).filter(|(_, cases)| **cases > 0) {
                *self.before.entry((first, kind)).or_default() += cases;
            }
        }
    }

    /// Cases that have a kind, and that have it more than once.
    pub(in crate::audit) fn of(&self, kind: usize) -> [u64; 2] {
        // A kind that has no place here was in no case.
        self.with.get(kind).copied().unwrap_or_default()
    }

    /// Cases in which the one kind first happened before the other.
    pub(in crate::audit) fn in_order(&self, one: u8, other: u8) -> u64 {
        // And two kinds that never came one after the other are not in it.
        self.before.get(&(one, other)).copied().unwrap_or(0)
    }

    /// The same while cases still come: each way, and each two kinds in their order, with how many cases have them.
    pub(in crate::audit) fn so_far(&self) -> Ways {
        let mut all = self.clone();
        all.close();
        all
    }
}

/// A number made of the kinds of a way.
fn mark_of(way: &[u8]) -> u64 {
    way.iter().fold(0, |mark, kind| mixed(mark, u64::from(*kind)))
}

/// Counts for each two kinds of a way that the one came before the other.
fn in_order(way: &[u8], cases: u64, before: &mut BTreeMap<(u8, u8), u64>) {
    let timed = || way.iter().filter(|kind| **kind < TIMELESS);
    for (place, first) in timed().enumerate() {
        for later in timed().skip(place + 1) {
            *before.entry((*first, *later)).or_default() += cases;
        }
    }
}
