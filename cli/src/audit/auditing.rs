//! An audit while cases go by: the judge says what comes of each, and that is counted. The two need nothing of one another, so that
//! each may have a thread of its own.

use super::absent;
use super::cases::Sink;
use super::failure::Failure;
use super::judge::{AuditError, Judge};
use super::listing::{ListedSoFar, Listing};
use super::options::Options;
use super::plausible::Early;
use super::tallies::{self, Tallies};
use super::tally::Tally;
use super::why::AsRunTally;
use crate::data::read::{Cases, Export, ReadError, SpreadSoFar};
use crate::results::Audit;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::Package;
use std::path::Path;

/// An audit while cases go by.
pub struct Auditing<'a> {
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
        let judging = Judging { package, batch, as_run: tally.as_run(options), spent: Vec::new() };
        let (early, listing) = (Early::new(&package.plan), Listing::none(package));
        let counting = Counting { tally, early, row: 0, listing };
        Auditing { options, judging, counting }
    }

    /// Whether rows of cases are listed, in their order.
    pub(super) fn lists(&self) -> bool {
        self.counting.listing.has_rows()
    }

    /// Judges cases and counts what came of them; nothing of them is held but those that will be listed.
    ///
    /// # Errors
    /// Where the judge fails.
    pub fn add(&mut self, all: Cases<'_>, judge: &mut dyn Judge) -> Result<(), AuditError> {
        for some in all.chunks(self.judging.batch) {
            let outcomes = self.judging.judge(some, judge)?;
            self.counting.count(some, &outcomes);
            self.judging.spent = outcomes;
        }
        Ok(())
    }

    /// Lets what grows with the number of cases go to files in a folder, and rows and names of cases, where these are wanted;
    /// [`Auditing::settle`] must be called then.
    pub(super) fn set_out(&mut self, folder: &Path, wanted: (bool, bool)) {
        self.counting.tally.places.set_out(folder.join("marks"));
        self.counting.listing.set_out(folder, wanted);
    }

    /// All cases are in: counts what lies in files, and hands over their rows. `begun` are the numbers with which the exports begin, and the codes
    /// of their members.
    pub(super) fn settle(
        &mut self,
        begun: Vec<(usize, Option<String>)>,
        sink: Option<&mut dyn Sink>,
    ) -> Result<(), Failure> {
        let Counting { tally, listing, .. } = &mut self.counting;
        tally.places.count_copies()?;
        let again = listing.again(begun)?;
        tally.each_kept(&mut |number, id| again.name(number, id));
        let Some(sink) = sink else { return Ok(()) };
        listing.write(&again, sink)?.map_err(|why| Failure::Audit(AuditError::Cases(why)))
    }

    /// What is counted before an export, to come back to where it must be read again.
    pub(super) fn before(&mut self) -> Result<Before<'a>, ReadError> {
        let Counting { tally, early, row, listing } = &mut self.counting;
        tally.places.count_waiting();
        Ok(Before {
            as_run: self.judging.as_run.clone(),
            marks: tally.places.marks_so_far()?,
            tally: tally.clone(),
            early: early.clone(),
            row: *row,
            listed: listing.so_far()?,
        })
    }

    /// Forgets what was counted since.
    pub(super) fn back_to(&mut self, before: &Before<'a>) {
        self.judging.as_run.clone_from(&before.as_run);
        let Counting { tally, early, row, listing } = &mut self.counting;
        let marks = tally.places.marks_cut(&before.marks);
        tally.clone_from(&before.tally);
        tally.places.set_marks(marks);
        early.clone_from(&before.early);
        *row = before.row;
        listing.cut(&before.listed);
    }

    /// Another that counts other cases of the same export, to be added by [`Auditing::take_all`].
    pub(super) fn beside(&self) -> Auditing<'a> {
        let mut other = Auditing::new(self.judging.package, self.options);
        other.counting.tally.places.hold_marks();
        other.counting.listing = self.counting.listing.beside();
        other
    }

    /// Hands the numbers of cases and of their names over so far.
    pub(super) fn pour(&mut self, into: &mut Auditing<'_>) {
        self.counting.tally.places.pour_marks(&mut into.counting.tally.places);
        self.counting.listing.pour(&mut into.counting.listing);
    }

    /// Adds all that another counted of other cases of the export, of which no row is listed.
    pub(super) fn take_all(&mut self, other: Auditing<'a>) {
        let Auditing { judging, counting: Counting { tally, early, row, .. }, .. } = other;
        self.judging.as_run.take(&judging.as_run);
        self.counting.tally.take(tally);
        self.counting.early.take(&early);
        self.counting.row += row;
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
        let notes = counting.early.notes(&options.disclosure);
        counting.tally.finish(export, (notes, &judging.as_run), judge, options)
    }
}

/// What was counted before an export.
pub(super) struct Before<'a> {
    as_run: AsRunTally<'a>,
    tally: Tally<'a>,
    marks: Option<SpreadSoFar>,
    early: Early<'a>,
    row: usize,
    listed: ListedSoFar,
}

/// What needs the judge.
pub(super) struct Judging<'a> {
    package: &'a Package,
    pub(super) batch: usize,
    pub(super) as_run: AsRunTally<'a>,
    /// Outcomes that were counted, in whose place others come.
    pub(super) spent: Vec<Outcome>,
}

impl Judging<'_> {
    /// Judges cases: one outcome each.
    pub(super) fn judge(&mut self, all: Cases<'_>, judge: &mut dyn Judge) -> Result<Vec<Outcome>, AuditError> {
        let mut judged = Vec::new();
        for Cases { cases, absent, .. } in all.chunks(self.batch) {
            let spent = std::mem::take(&mut self.spent);
            let mut outcomes = judge.judge_again(cases, spent).map_err(AuditError::Judge)?;
            if outcomes.len() != cases.len() {
                return Err(AuditError::Outcomes { cases: cases.len(), outcomes: outcomes.len() });
            }
            self.as_run.add(cases, &outcomes, judge)?;
            absent::doubt(self.package, absent, cases, &mut outcomes, judge)?;
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
    listing: Listing<'a>,
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
        self.listing.add(all, outcomes);
    }
}
