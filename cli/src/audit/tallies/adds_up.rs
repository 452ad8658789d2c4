//! The sums that a report rests on: each holds in every file that an audit wrote, so that one in which it does not was changed since, or damaged.

use super::{OfMeasure, OfObligation, OfPlace, Tallies};
use crate::results::Counts;

impl Tallies {
    /// Whether all its sums hold.
    ///
    /// # Errors
    /// The first that does not, in words.
    pub(super) fn adds_up(&self) -> Result<(), String> {
        let cases = self.export.data.cases;
        let all = total(self.organisations.iter().map(|of| of.cases));
        refused(all > cases, || format!("its organisations have {all} cases, and its export {cases}"))?;
        self.organisations.iter().try_for_each(OfPlace::adds_up)?;
        self.obligations.iter().try_for_each(|of| of.adds_up(cases))?;
        self.measures.iter().try_for_each(OfMeasure::adds_up)
    }
}

impl OfPlace {
    fn adds_up(&self) -> Result<(), String> {
        let months = total(self.by_month());
        refused(months > self.cases, || format!("`{}` has {} cases, and {months} by month", self.code, self.cases))?;
        for verdicts in self.verdicts() {
            let sum = total(verdicts.each());
            let of = || format!("`{}` has {} cases, and {sum} verdicts of one obligation", self.code, self.cases);
            refused(sum != self.cases, of)?;
        }
        Ok(())
    }
}

impl OfObligation {
    fn adds_up(&self, cases: u64) -> Result<(), String> {
        let (all, of) = self.verdicts();
        let sum = total(all.each());
        refused(sum != cases, || format!("`{}` has {sum} verdicts of {cases} cases", self.name))?;
        let mut parts = [0_u64; 7];
        for verdicts in of {
            parts.iter_mut().zip(verdicts.each()).for_each(|(sum, own)| *sum = sum.saturating_add(own));
        }
        let over = parts.iter().zip(all.each()).any(|(part, whole)| *part > whole);
        let more = || format!("`{}` has more of a verdict by organisation than in all", self.name);
        refused(over || total(parts) > cases, more)
    }
}

impl OfMeasure {
    fn adds_up(&self) -> Result<(), String> {
        let all = summed(self.by_cell());
        let more = |of: &Counts| of.numerator > of.denominator;
        refused(self.by_cell().any(more), || format!("`{}` has a numerator above its denominator", self.name))?;
        for split in self.by_split() {
            refused(summed(split) != all, || {
                format!("the groups of a split of `{}` are not as many as all", self.name)
            })?;
        }
        Ok(())
    }
}

fn refused(wrong: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if wrong { Err(format!("its sums do not hold: {}", why())) } else { Ok(()) }
}

fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

/// Numerators, denominators and what stands beside them.
fn summed<'c>(all: impl Iterator<Item = &'c Counts>) -> [u64; 5] {
    all.fold([0; 5], |mut sums, of| {
        let own = [of.numerator, of.denominator, of.excluded, of.open, of.unknown];
        sums.iter_mut().zip(own).for_each(|(sum, own): (&mut u64, u64)| *sum = sum.saturating_add(own));
        sums
    })
}
