//! What is counted of cases as plain data: counts, sums, and times in fixed bins, so that members can each count their own and a group adds
//! them up. No row of a patient is in it. The counts are exact, small ones too: what may be shown is decided once they are added up.
//!
//! `Of…` holds what one tally of the audit holds: `of` takes it out, `to` adds it to another tally of the same package.

mod adds_up;
mod bins;
mod figure;
mod file;
mod measure;
mod obligation;
mod of_export;
mod of_place;

pub use figure::OfFigure;
pub use file::{Tallied, TalliesFile, read, written};
pub use measure::OfMeasure;
pub use obligation::OfObligation;
pub use of_export::OfExport;
pub use of_place::OfPlace;

use super::Auditing;
use crate::data::read::Export;
use serde::{Deserialize, Serialize};

/// All that is counted of the cases of an export by one package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tallies {
    /// The account of the export.
    pub export: OfExport,
    /// In the order of the plan.
    pub obligations: Vec<OfObligation>,
    /// Shares of cases.
    pub measures: Vec<OfMeasure>,
    /// Measures that are numbers.
    pub figures: Vec<OfFigure>,
    /// By organisation.
    pub organisations: Vec<OfPlace>,
    /// Of each member whose rules differ, by obligation: cases that both decide, met by the standard, met as run, judged otherwise.
    pub as_run: Vec<(String, Option<Vec<[u64; 4]>>)>,
    /// All codes of organisations that cases name.
    pub codes: Vec<String>,
    /// Which labels some case says.
    pub labels: Vec<bool>,
    /// Cases that reach a broken claim.
    pub broken: u64,
    /// Times beside an event's own, and of them those before it.
    pub beside: Vec<[u64; 2]>,
    /// Births that are later than something else.
    pub births: Vec<u64>,
}

/// What is added up is not of this package.
pub(super) const NOT_ITS_OWN: &str = "its counts are not those of this package";

impl Tallies {
    /// Cases that are held one by one once these are read: times in bins are taken apart again.
    fn held(&self) -> u64 {
        let obligations = self.obligations.iter().map(OfObligation::held);
        obligations.chain(self.organisations.iter().map(OfPlace::held)).fold(0, u64::saturating_add)
    }

    pub(super) fn of(auditing: &Auditing<'_>, export: &Export, codes: Vec<String>) -> Tallies {
        let (tally, early, judging) = (&auditing.counting.tally, &auditing.counting.early, &auditing.judging);
        Tallies {
            export: OfExport::of(export),
            obligations: tally.obligations.iter().map(OfObligation::of).collect(),
            measures: tally.measures.iter().map(OfMeasure::of).collect(),
            figures: tally.figures.iter().map(OfFigure::of).collect(),
            organisations: tally.places.iter().map(|(code, place)| OfPlace::of(code, place)).collect(),
            as_run: judging.as_run.members.iter().map(|(code, sums)| (code.clone(), sums.clone())).collect(),
            codes,
            labels: tally.labels.clone(),
            broken: tally.broken,
            beside: early.beside.values().map(|(all, early)| [*all, *early]).collect(),
            births: early.births.values().copied().collect(),
        }
    }

    /// Adds all of it; none where it is of another package.
    pub(super) fn to(&self, auditing: &mut Auditing<'_>) -> Option<()> {
        let (tally, early) = (&mut auditing.counting.tally, &mut auditing.counting.early);
        let judging = &mut auditing.judging;
        let lengths = [
            (self.obligations.len(), tally.obligations.len()),
            (self.measures.len(), tally.measures.len()),
            (self.figures.len(), tally.figures.len()),
            (self.labels.len(), tally.labels.len()),
            (self.beside.len(), early.beside.len()),
        ];
        if lengths.iter().any(|(one, other)| one != other) {
            return None;
        }
        self.obligations.iter().zip(&mut tally.obligations).try_for_each(|(own, all)| own.to(all))?;
        self.measures.iter().zip(&mut tally.measures).try_for_each(|(own, all)| own.to(all))?;
        self.figures.iter().zip(&mut tally.figures).try_for_each(|(own, all)| own.to(all))?;
        self.organisations.iter().try_for_each(|own| own.to(tally.places.begun(&own.code)?))?;
        for (code, own) in &self.as_run {
            as_run(judging.as_run.members.get_mut(code), own.as_deref())?;
        }
        tally.labels.iter_mut().zip(&self.labels).for_each(|(all, own)| *all |= own);
        tally.broken += self.broken;
        for ((all, early), [own, before]) in early.beside.values_mut().zip(&self.beside) {
            (*all, *early) = (*all + own, *early + before);
        }
        early.births.values_mut().zip(&self.births).for_each(|(sum, own)| *sum += own);
        Some(())
    }
}

/// Adds what a member's own rules came to; where one of the sums is not known, all is not.
fn as_run(to: Option<&mut Option<Vec<[u64; 4]>>>, own: Option<&[[u64; 4]]>) -> Option<()> {
    // One whose rules are the group's has no place there, and nothing to add.
    let Some(to) = to else { return own.is_none_or(|sums| sums.iter().flatten().all(|sum| *sum == 0)).then_some(()) };
    match (to.as_mut(), own) {
        (Some(sums), Some(own)) if sums.len() == own.len() => {
            sums.iter_mut().zip(own).try_for_each(|(sum, own)| add_each(sum, own.iter()))
        }
        (Some(_), Some(_)) => None,
        _ => {
            *to = None;
            Some(())
        }
    }
}

/// Adds counts one by one; none where they are not as many.
fn add_each<'a>(to: &mut [u64], counts: impl ExactSizeIterator<Item = &'a u64>) -> Option<()> {
    if to.len() != counts.len() {
        return None;
    }
    to.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    Some(())
}
