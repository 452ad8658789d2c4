//! What ready-made counts show before any rate is believed: returns have no events that could be checked, so it is their own figures by month.
//!
//! Only of exact counts: what a month of a return has is a figure that small-number control would tell of.

use super::months::named;
use super::{Found, LEAST};
use crate::results::{CauseKind, Counts};
use crate::words::percent;
use concord_engine::variation::evidence::none_of;
use std::collections::{BTreeMap, BTreeSet};

/// A month has so small a part of the middle one, or so many times it.
const TIMES: u64 = 20;
/// So many months before the first return of an organisation, or after its last, may be missing; whoever has none in more was not there.
const MOST_AT_AN_END: usize = 2;
/// Of fewer other months nothing is usual.
const LEAST_MONTHS: usize = 6;
/// All or nothing is told where each of the other months is so far from it, and chance allows it less often than this.
const FAR: f64 = 0.02;
const LEAST_CHANCE: f64 = 1e-5;

/// Of each measure of ready-made counts that is followed by month, what organisations have in each.
#[derive(Default)]
pub(in crate::audit) struct Returns {
    measures: Vec<ByMonth>,
}

struct ByMonth {
    title: String,
    /// Whether what is unknown stands in denominators.
    against: bool,
    /// By code and first day of the month.
    of: BTreeMap<String, BTreeMap<i64, Counts>>,
    /// Months in which at least half of the organisations have one.
    usual: BTreeSet<i64>,
}

impl Returns {
    /// Adds a measure.
    pub(in crate::audit) fn add<'c>(
        &mut self,
        (title, against): (&str, bool),
        cells: impl Iterator<Item = (&'c String, i64, Counts)>,
    ) {
        let mut of: BTreeMap<String, BTreeMap<i64, Counts>> = BTreeMap::new();
        for (code, month, counts) in cells {
            of.entry(code.clone()).or_default().insert(month, counts);
        }
        let mut having: BTreeMap<i64, usize> = BTreeMap::new();
        of.values().flat_map(BTreeMap::keys).for_each(|month| *having.entry(*month).or_default() += 1);
        let usual = having.into_iter().filter(|(_, many)| many * 2 >= of.len()).map(|(month, _)| month).collect();
        self.measures.push(ByMonth { title: title.to_owned(), against, of, usual });
    }

    /// What is found of an organisation; what several measures show alike, once.
    pub(super) fn found(&self, code: &str) -> Vec<Found> {
        let (mut all, mut told) = (Vec::new(), BTreeSet::new());
        for measure in &self.measures {
            let Some(own) = measure.of.get(code) else { continue };
            let found = [measure.without(own), undecided(own, measure.against), of_another_size(own), at_an_end(own)];
            for (kind, months, (text, effect)) in found.into_iter().flatten() {
                if told.insert((kind, months)) {
                    let text = format!("{}: {text}", measure.title);
                    all.push(Found::new(kind, text, effect.to_owned()));
                }
            }
        }
        all
    }
}

/// The kind, the months, and what is said of them.
type Said = (CauseKind, Vec<i64>, (String, &'static str));

impl ByMonth {
    /// Months in which others have a return, and it has none. Whoever has none in many before its first, or after its last, opened or closed.
    fn without(&self, own: &BTreeMap<i64, Counts>) -> Option<Said> {
        let (first, last) = (*own.keys().next()?, *own.keys().next_back()?);
        let is_few = |months: &BTreeSet<i64>| months.len() <= MOST_AT_AN_END;
        let (before, others): (BTreeSet<i64>, BTreeSet<i64>) = self.usual.iter().partition(|month| **month < first);
        let (after, between): (BTreeSet<i64>, BTreeSet<i64>) = others.into_iter().partition(|month| *month > last);
        let ends = [before, after].into_iter().filter(is_few).flatten();
        let none: BTreeSet<i64> = between.into_iter().filter(|month| !own.contains_key(month)).chain(ends).collect();
        let none: Vec<i64> = none.into_iter().collect();
        (!none.is_empty() && self.of.len() > 1).then(|| {
            let text = format!("it has no return of {}, and most others have one", named(&none));
            (CauseKind::Months, none, (text, "Its figures, and those of the group, are without it."))
        })
    }
}

/// Months of whose return nothing is known. Where it has many records, as one for each ward or patient, some that are unknown are counted with its rate.
fn undecided(own: &BTreeMap<i64, Counts>, against: bool) -> Option<Said> {
    let decided = |of: &Counts| of.denominator.saturating_sub(if against { of.unknown } else { 0 });
    let nothing = own.iter().filter(|(_, of)| of.unknown > 0 && decided(of) == 0);
    let months: Vec<i64> = nothing.map(|(month, _)| *month).collect();
    (!months.is_empty()).then(|| {
        let text =
            format!("its return of {} is unknown: a figure is missing, refused, or said in two ways", named(&months));
        (CauseKind::Facts, months, (text, "What is unknown counts as the measure says."))
    })
}

/// Months with a twentieth of the usual number or less, or twenty times it.
fn of_another_size(own: &BTreeMap<i64, Counts>) -> Option<Said> {
    let sizes = own.iter().filter(|(_, of)| of.denominator > 0).map(|(month, of)| (*month, of.denominator));
    let sizes: Vec<(i64, u64)> = sizes.collect();
    let mut sorted: Vec<u64> = sizes.iter().map(|(_, size)| *size).collect();
    sorted.sort_unstable();
    let middle = *sorted.get(sorted.len() / 2).filter(|_| sorted.len() >= LEAST_MONTHS)?;
    let is_other = |size: u64| size.saturating_mul(TIMES) <= middle || size >= middle.saturating_mul(TIMES);
    let months: Vec<i64> = sizes.iter().filter(|(_, size)| is_other(*size)).map(|(month, _)| *month).collect();
    (!months.is_empty() && middle >= LEAST).then(|| {
        let text = format!(
            "its counts of {} are twenty times smaller or larger than those of most of its months: in hundreds or thousands?",
            named(&months)
        );
        (CauseKind::Volume, months, (text, "In its rate, and in the group's, these months weigh otherwise than they should."))
    })
}

/// Months in which everybody counts, or nobody, where that is so in none of the others.
fn at_an_end(own: &BTreeMap<i64, Counts>) -> Option<Said> {
    let decided = || own.iter().filter(|(_, of)| of.unknown == 0 && of.denominator >= LEAST);
    let ends = |of: &Counts| of.numerator == 0 || of.numerator >= of.denominator;
    let (at, others): (Vec<_>, Vec<_>) = decided().partition(|(_, of)| ends(of));
    let rate = |of: &Counts| of.numerator as f64 / of.denominator as f64;
    let rates = || others.iter().map(|(_, of)| rate(of));
    let (least, most) = (rates().fold(1.0, f64::min), rates().fold(0.0, f64::max));
    if others.len() < LEAST_MONTHS || least < FAR || most > 1.0 - FAR {
        return None;
    }
    let unlikely = |of: &Counts| {
        let share = if of.numerator == 0 { least } else { 1.0 - most };
        none_of(of.denominator, share) < LEAST_CHANCE
    };
    let months: Vec<i64> = at.iter().filter(|(_, of)| unlikely(of)).map(|(month, _)| **month).collect();
    (!months.is_empty()).then(|| {
        let what = if at.iter().any(|(_, of)| of.numerator > 0) { "everybody counts" } else { "nobody counts" };
        let text = format!(
            "{what} in its return of {}, and {} to {} in its others: was what is missing sent as 0?",
            named(&months),
            percent(least),
            percent(most)
        );
        (CauseKind::Facts, months, (text, "Its rate, and the group's, take these months as they were sent."))
    })
}
