//! What is counted of an obligation.

use super::bins::{Bins, count, of_times, times};
use crate::audit::delays::{Took, edges, the_limit};
use crate::audit::obligations::ObligationTally;
use crate::audit::sums::add;
use crate::results::Verdicts;
use concord_engine::values::calendar::DAY;
use serde::{Deserialize, Serialize};

/// Verdicts, what is missing, reasons and times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfObligation {
    /// Its name in the rule.
    pub name: String,
    verdicts: Verdicts,
    organisations: Vec<(String, Verdicts)>,
    /// By bit of the plan's unknowns.
    needs: Vec<u64>,
    /// By place of the reason; none where it is one of several.
    excuses: Vec<(Option<usize>, u64)>,
    /// From the trigger to what was expected, where it is in time and where it is late.
    in_time: Bins,
    late: Bins,
    /// Beyond the deadline.
    late_by: Bins,
    /// How long cases have: all where it is the same for all, else some of them; and where the deadline is a day, in days.
    limits: Vec<i64>,
    days: Vec<i64>,
    /// By organisation, in summer and in winter time: done before its trigger, and of how many.
    clocks: Vec<(String, [[u64; 2]; 2])>,
    /// Organisations that have not made a setting which each has to make.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unset: Vec<Option<String>>,
}

impl OfObligation {
    pub(in crate::audit) fn of(tally: &ObligationTally<'_>) -> OfObligation {
        let limits: Vec<i64> = tally.limits.iter().copied().collect();
        let days = tally.days.iter().map(|days| days * DAY);
        let edges = edges(&limits.iter().copied().chain(days).chain(the_limit(&tally.limits)).collect::<Vec<_>>());
        let took = |late: bool| tally.all_times().filter(move |took| took.late_by.is_some() == late);
        let excuses = tally.excuses.iter().map(|(place, count)| (Some(*place).filter(|at| *at != usize::MAX), *count));
        OfObligation {
            name: tally.answer.name.clone(),
            verdicts: tally.verdicts,
            organisations: tally.organisations.iter().map(|(code, verdicts)| (code.clone(), *verdicts)).collect(),
            needs: tally.needs.to_vec(),
            excuses: excuses.collect(),
            in_time: of_times(took(false).map(|took| took.time), &edges),
            late: of_times(took(true).map(|took| took.time), &edges),
            late_by: of_times(took(true).filter_map(|took| took.late_by), &[]),
            limits,
            days: tally.days.iter().copied().collect(),
            clocks: tally.clocks.cells.iter().map(|(code, cells)| (code.clone(), *cells)).collect(),
            unset: tally.unset.iter().cloned().collect(),
        }
    }

    /// What became of all cases, and of those of each organisation.
    pub(super) fn verdicts(&self) -> (&Verdicts, impl Iterator<Item = &Verdicts>) {
        (&self.verdicts, self.organisations.iter().map(|(_, verdicts)| verdicts))
    }

    pub(super) fn held(&self) -> u64 {
        count(&self.in_time).saturating_add(count(&self.late))
    }

    pub(in crate::audit) fn to(&self, tally: &mut ObligationTally<'_>) -> Option<()> {
        if self.name != tally.answer.name {
            return None;
        }
        add(&mut tally.verdicts, &self.verdicts);
        tally.unset.extend(self.unset.iter().cloned());
        self.organisations.iter().for_each(|(code, verdicts)| add(tally.organisations.of(code), verdicts));
        super::add_each(&mut tally.needs, self.needs.iter())?;
        for (place, count) in &self.excuses {
            *tally.excuses.entry(place.unwrap_or(usize::MAX)).or_default() += count;
        }
        tally.times.extend(times(&self.in_time).map(|time| Took { time, late_by: None }));
        let late = times(&self.late).zip(times(&self.late_by));
        tally.times.extend(late.map(|(time, by)| Took { time, late_by: Some(by) }));
        tally.limits.extend(&self.limits);
        tally.days.extend(&self.days);
        for (code, cells) in &self.clocks {
            for (sum, own) in tally.clocks.cells.of(code).iter_mut().zip(cells) {
                super::add_each(sum, own.iter())?;
            }
        }
        Some(())
    }
}
