//! An audit while cases go by: the judge says what comes of each, and that is counted. The two need nothing of one another, so that
//! each may have a thread of its own.

use super::absent;
use super::cases::{self, Sink};
use super::judge::{AuditError, Judge};
use super::options::Options;
use super::plausible::Early;
use super::rounding::Rounding;
use super::sentences;
use super::tallies::{self, Tallies};
use super::tally::Tally;
use super::why::AsRunTally;
use crate::data::read::{Cases, Export, ReadError};
use crate::results::Audit;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::Package;
use std::path::Path;

/// An audit while cases go by.
pub struct Auditing<'a> {
    pub(super) package: &'a Package,
    options: &'a Options,
    pub(super) judging: Judging<'a>,
    pub(super) counting: Counting<'a>,
}

impl<'a> Auditing<'a> {
    /// Before the first case.
    #[must_use]
    pub fn new(package: &'a Package, options: &'a Options) -> Auditing<'a> {
        let batch = options.batch.max(1);
        let tally = Tally::new(package, options);
        let judging = Judging {
            package,
            batch,
            as_run: tally.as_run(options),
            rounding: Rounding::new(package, batch),
            rounded: false,
            decided: 0,
            spent: Vec::new(),
        };
        Auditing { package, options, judging, counting: Counting { tally, early: Early::new(&package.plan), row: 0 } }
    }

    /// Judges cases and counts what came of them; nothing of them is held but those that will be listed.
    ///
    /// # Errors
    /// Where the judge fails.
    pub fn add(&mut self, all: Cases<'_>, judge: &mut dyn Judge) -> Result<(), AuditError> {
        self.add_writing(all, judge, &mut None)
    }

    /// The same, with a row for each case and obligation to a sink.
    ///
    /// # Errors
    /// Where the judge or the sink fails.
    pub(super) fn add_writing(
        &mut self,
        all: Cases<'_>,
        judge: &mut dyn Judge,
        sink: &mut Option<&mut dyn Sink>,
    ) -> Result<(), AuditError> {
        for some in all.chunks(self.judging.batch) {
            let outcomes = self.judging.judge(some, judge)?;
            self.counting.count(some, &outcomes);
            if let Some(sink) = sink.as_deref_mut() {
                for ((id, case), outcome) in some.ids.iter().zip(some.cases).zip(&outcomes) {
                    cases::write(self.package, id, case, outcome, sink).map_err(AuditError::Cases)?;
                }
            }
            self.judging.spent = outcomes;
        }
        Ok(())
    }

    /// Lets what grows with the number of cases go to files in a folder; [`Auditing::settle`] must be called then.
    pub(super) fn set_out(&mut self, folder: &Path) {
        self.counting.tally.places.set_out(folder.join("marks"));
    }

    /// All cases are in: counts what lies in files.
    pub(super) fn settle(&mut self) -> Result<(), ReadError> {
        self.counting.tally.places.count_copies()
    }

    /// What is counted so far, as plain data; `codes` are all codes of organisations that the cases name.
    #[must_use]
    pub fn tallies(&mut self, export: &Export, codes: Vec<String>) -> Tallies {
        self.counting.tally.places.count_waiting();
        Tallies::of(self, export, codes)
    }

    /// Adds what was counted of other cases by the same package.
    ///
    /// # Errors
    /// Where it was counted by another one.
    pub fn take(&mut self, tallies: &Tallies) -> Result<(), &'static str> {
        tallies.to(self).ok_or(tallies::NOT_ITS_OWN)
    }

    /// What came of all of them; of the export no cases are needed any more.
    #[must_use]
    pub fn finish(self, export: &Export, judge: &mut dyn Judge) -> Audit {
        let Auditing { options, judging, counting, .. } = self;
        let mut notes = counting.early.notes(&options.disclosure);
        if judging.rounded {
            let decided = options.disclosure.counted(judging.decided, "case", "cases");
            notes.push(sentences::decided_by_rounding(&decided));
        }
        counting.tally.finish(export, (notes, &judging.as_run), judge, options)
    }
}

/// What needs the judge.
pub(super) struct Judging<'a> {
    package: &'a Package,
    pub(super) batch: usize,
    pub(super) as_run: AsRunTally<'a>,
    rounding: Rounding,
    /// Whether any value was rounded, and how many cases that decided.
    pub(super) rounded: bool,
    pub(super) decided: u64,
    /// Outcomes that were counted, in whose place others come.
    pub(super) spent: Vec<Outcome>,
}

impl Judging<'_> {
    /// Judges cases: one outcome each.
    pub(super) fn judge(&mut self, all: Cases<'_>, judge: &mut dyn Judge) -> Result<Vec<Outcome>, AuditError> {
        let mut judged = Vec::new();
        for Cases { cases, rounded: (rounded, first), absent, .. } in all.chunks(self.batch) {
            let spent = std::mem::take(&mut self.spent);
            let mut outcomes = judge.judge_again(cases, spent).map_err(AuditError::Judge)?;
            if outcomes.len() != cases.len() {
                return Err(AuditError::Outcomes { cases: cases.len(), outcomes: outcomes.len() });
            }
            self.as_run.add(cases, &outcomes, judge)?;
            absent::doubt(self.package, absent, cases, &mut outcomes, judge)?;
            self.decided += self.rounding.decides(cases, &outcomes, |at| rounded.get(&(first + at)), judge)?;
            self.rounded |= !rounded.is_empty();
            if judged.is_empty() {
                judged = outcomes;
            } else {
                judged.append(&mut outcomes);
            }
        }
        Ok(judged)
    }
}

/// What is counted of cases that were judged.
pub(super) struct Counting<'a> {
    pub(super) tally: Tally<'a>,
    pub(super) early: Early<'a>,
    row: usize,
}

impl Counting<'_> {
    /// Counts cases with what came of them.
    pub(super) fn count(&mut self, all: Cases<'_>, outcomes: &[Outcome]) {
        let first = self.row;
        let mut order = all.order.into_iter().flatten();
        for (case, outcome) in all.cases.iter().zip(outcomes) {
            self.tally.add(order.next().copied().unwrap_or(self.row), case, outcome);
            self.row += 1;
        }
        self.early.add(all.cases);
        self.tally.keep(first, all);
    }
}
