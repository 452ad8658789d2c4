//! What a reader is told and what it gives back.

use super::near::Otherwise;
use super::told::Told;
use super::unhashed::Unhashed;
use crate::results::Data;
use concord_engine::plan::case::Case;
use concord_fhir::Wanted;
use std::path::PathBuf;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The file of refused rows and values may show the values found, which are patient data.
    pub show_values: bool,
    /// Where refused rows and values are written; not created when there are none.
    pub rejects: Option<PathBuf>,
    /// The instant up to which events count, for every case that does not say.
    pub as_of: i64,
    /// What the rule wants of resources of FHIR; needed where the export is of these.
    pub wanted: Option<Wanted>,
    /// A folder for what does not fit into memory; without one all is held.
    pub scratch: Option<PathBuf>,
    /// A case may say it for itself; if not, one that says another instant is refused.
    pub own_as_of: bool,
    /// Where others find what they may hash of the files; without it the reader hashes all.
    pub unhashed: Option<Unhashed>,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadSoFar {
    /// Bytes read, as stored.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Rows read.
    pub rows: u64,
    /// Cases begun.
    pub cases: u64,
}

/// The cases of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What the export calls each case.
    pub ids: Vec<String>,
    /// The cases, in the same order: that of their first row.
    pub cases: Vec<Case>,
    /// Bit `k`: the mapping names events of kind `k` by what rows call them, and no row carries such a name.
    pub absent: u64,
    /// What rows write otherwise than they should, by organisation.
    pub otherwise: Vec<Otherwise>,
    /// What a reader of the results must know; the notes of `data` say the same with exact counts.
    pub told: Vec<Told>,
    /// Where they came from and what was lost on the way.
    pub data: Data,
    /// Events that are known to be after the end of the data.
    pub after: u64,
}

impl Export {
    /// Its cases.
    #[must_use]
    pub fn all(&self) -> Cases<'_> {
        Cases { ids: &self.ids, cases: &self.cases, order: None, absent: self.absent }
    }
}

/// Cases of an export that are whole, in the order of their first row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// What the export calls each case.
    pub ids: Vec<String>,
    /// The cases.
    pub cases: Vec<Case>,
    /// The number of the first row of each, which tells their order in the export; it rises.
    pub order: Vec<usize>,
    /// As in [`Export::absent`].
    pub absent: u64,
}

impl Part {
    /// All of it.
    #[must_use]
    pub fn all(&self) -> Cases<'_> {
        let order = Some(self.order.as_slice());
        Cases { ids: &self.ids, cases: &self.cases, order, absent: self.absent }
    }

    /// Puts the cases of another behind its own.
    pub(super) fn add(&mut self, other: Part) {
        self.ids.extend(other.ids);
        self.cases.extend(other.cases);
        self.order.extend(other.order);
        self.absent = other.absent;
    }

    /// The same in parts of so many cases at most, each of which takes its memory along.
    pub(super) fn of_cases(self, most: usize) -> impl Iterator<Item = Part> {
        let few = self.cases.len() <= most;
        let (whole, rest) = if few { (Some(self), Part::default()) } else { (None, self) };
        let Part { ids, cases, order, absent } = rest;
        let count = cases.len();
        let (mut ids, mut cases, mut order) = (ids.into_iter(), cases.into_iter(), order.into_iter());
        let parts = (0..count).step_by(most).map(move |_| Part {
            ids: ids.by_ref().take(most).collect(),
            cases: cases.by_ref().take(most).collect(),
            order: order.by_ref().take(most).collect(),
            absent,
        });
        whole.into_iter().chain(parts)
    }
}

/// Cases to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Cases<'a> {
    /// What the export calls each.
    pub ids: &'a [String],
    /// The cases.
    pub cases: &'a [Case],
    /// A number of each, which rises and tells their order in the export; without it they are counted on.
    pub order: Option<&'a [usize]>,
    /// As in [`Export::absent`].
    pub absent: u64,
}

impl<'a> Cases<'a> {
    /// The same, so many at a time at most.
    pub fn chunks(self, most: usize) -> impl Iterator<Item = Cases<'a>> {
        (0..self.cases.len()).step_by(most).map(move |start| {
            let some = start..(start + most).min(self.cases.len());
            Cases {
                // As many names as cases, or none.
                ids: self.ids.get(some.clone()).unwrap_or_default(),
                // The steps lie within the list.
                cases: self.cases.get(some.clone()).unwrap_or_default(),
                order: self.order.and_then(|order| order.get(some)),
                absent: self.absent,
            }
        })
    }
}
