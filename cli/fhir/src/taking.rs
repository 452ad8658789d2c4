//! Which of several values in a record a fact is: what the rule says, and nothing where it does not say, or it cannot be told.

use concord_engine::plan::coding::Which;

use crate::time::Moment;
use crate::value::{Reading, Why, extreme};
use crate::wanted::Thing;

/// One of several values.
pub struct Candidate {
    pub when: Moment,
    pub value: Result<Reading, Why>,
}

/// Whether a value is one of those that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Nobody knows.
    Perhaps,
}

/// The value of a fact.
///
/// # Errors
/// Why there is none.
pub fn taken(thing: &Thing, candidates: Vec<Candidate>, as_of: Option<i64>) -> Result<Reading, Why> {
    let within = thing.taking.and_then(|(_, within)| within);
    if within.is_some() && as_of.is_none() {
        return Err("how long ago it was is not known without an instant to judge at");
    }
    let placed: Vec<(Counts, Candidate)> = candidates
        .into_iter()
        .map(|one| (counts(one.when, as_of, within), one))
        .filter(|(counts, _)| *counts != Counts::No)
        .collect();
    if placed.is_empty() {
        return Err("no value lies within the time that counts");
    }
    let is_sure = placed.iter().any(|(counts, _)| *counts == Counts::Yes);
    if placed.iter().any(|(counts, _)| *counts == Counts::Perhaps) {
        // What is so for sure is so, whatever else says the same.
        let (first, all_say) = same_of(placed.iter().map(|(_, one)| one));
        if let (Some(first), true) = (first, all_say && is_sure) {
            return Ok(first);
        }
        return Err("its time is not known well enough to say whether it counts");
    }
    let all: Vec<Candidate> = placed.into_iter().map(|(_, one)| one).collect();
    match <[Candidate; 1]>::try_from(all) {
        Ok([only]) => only.value,
        Err(all) => several(thing, all),
    }
}

fn several(thing: &Thing, all: Vec<Candidate>) -> Result<Reading, Why> {
    match thing.taking.map(|(which, _)| which) {
        None => same(&all).ok_or("it has several values, and the rule does not say which counts"),
        Some(which @ (Which::Highest | Which::Lowest)) => {
            let mut sizes = Vec::new();
            for one in all {
                let size = one.value?.size;
                sizes.push(
                    size.ok_or("one of its values lies beyond another, so that none is known to be the most or least")?,
                );
            }
            extreme(thing, which, &sizes).ok_or("it lies outside the range that the rule declares")
        }
        Some(which) => {
            let spans: Option<Vec<(i64, i64)>> = all.iter().map(|one| one.when.span()).collect();
            let Some(spans) = spans else { return same(&all).ok_or("the time of one of its values is not known") };
            if spans.is_empty() {
                return Err("no value lies within the time that counts");
            }
            let may_be = at_the_edge(which, &spans).into_iter().zip(all);
            let at_edge: Vec<Candidate> = may_be.filter(|(may_be, _)| *may_be).map(|(_, one)| one).collect();
            match <[Candidate; 1]>::try_from(at_edge) {
                Ok([only]) => only.value,
                Err(at_edge) => {
                    same(&at_edge).ok_or("two of its values have the same time, or one that is not known well enough")
                }
            }
        }
    }
}

/// The one value that all have.
fn same(all: &[Candidate]) -> Option<Reading> {
    let (first, all_say) = same_of(all.iter());
    first.filter(|_| all_say)
}

/// The first value, and whether all others are the same.
fn same_of<'c>(mut all: impl Iterator<Item = &'c Candidate>) -> (Option<Reading>, bool) {
    let first = all.next().and_then(|first| first.value.as_ref().ok());
    (first.cloned(), all.all(|other| other.value.as_ref().ok() == first))
}

/// Whether something lies before the instant asked about, and not longer before than may be.
pub fn counts(when: Moment, as_of: Option<i64>, within: Option<i64>) -> Counts {
    let Some(as_of) = as_of else { return Counts::Yes };
    if when == Moment::Present && within.is_none() {
        return Counts::Yes;
    }
    when.span().map_or(Counts::Perhaps, |span| lies(span, as_of, within))
}

/// The same of what was between two instants.
#[must_use]
pub fn lies((low, high): (i64, i64), as_of: i64, within: Option<i64>) -> Counts {
    let start = within.map_or(i64::MIN, |within| as_of.saturating_sub(within));
    if high < start || low > as_of {
        Counts::No
    } else if start <= low && high <= as_of {
        Counts::Yes
    } else {
        Counts::Perhaps
    }
}

/// Of things that were each between two instants, which may be the last of all, or the first.
#[must_use]
pub fn at_the_edge(which: Which, spans: &[(i64, i64)]) -> Vec<bool> {
    let last = which == Which::Last;
    let (lows, highs) = (spans.iter().map(|(low, _)| *low), spans.iter().map(|(_, high)| *high));
    let edge = if last { lows.max() } else { highs.min() };
    let may_be = |(low, high): &(i64, i64)| edge.is_some_and(|edge| if last { *high >= edge } else { *low <= edge });
    spans.iter().map(may_be).collect()
}
