//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one package; a [`Judge`] is handed in. [`while_reading`] does the same while the export is still read. [`results()`] puts several audits together. All figures
//! end in [`crate::results`].

mod absent;
mod adds;
mod attributes;
mod by_code;
pub mod cases;
mod chart;
mod clocks;
mod clusters;
mod compare;
pub mod definition;
mod delays;
mod disclose;
mod estimate;
mod figures;
mod given;
mod group;
mod headlines;
mod judge;
mod logic;
mod look_at;
pub mod meant;
mod measures;
pub mod members;
mod mix;
mod obligations;
mod options;
mod organisation;
mod period;
mod places;
mod plausible;
mod quality;
mod review;
mod rounding;
mod seen;
mod sentences;
mod series;
mod shares;
mod split;
mod strata;
pub mod tallies;
mod tally;
mod target;
mod unit;
mod unknowns;
mod unsplit;
mod while_reading;
mod why;

use crate::data::read::{Cases, Export};
use crate::results::{Audit, Results, Run};
use concord_engine::plan::Package;
pub use disclose::Disclosure;
pub use headlines::headlines;
pub use judge::{AuditError, Judge};
pub use logic::logic;
use members::Span;
pub use options::{Options, Rebase};
use plausible::Early;
use rounding::Rounding;
pub use split::Split;
use tallies::Tallies;
use tally::Tally;
pub use while_reading::{Failure, Limits, while_reading};

/// Judges an export and counts what came of it.
///
/// # Errors
/// Where the judge fails.
pub fn audit(
    package: &Package,
    export: &Export,
    judge: &mut dyn Judge,
    options: &Options,
) -> Result<Audit, AuditError> {
    Ok(counted(package, export, judge, options, None)?.finish(export, judge))
}

/// All that is counted of an export, before anything is made of it; with a row for each case and obligation to a sink.
///
/// # Errors
/// Where the judge or the sink fails.
pub fn counted<'a>(
    package: &'a Package,
    export: &Export,
    judge: &mut dyn Judge,
    options: &'a Options,
    mut sink: Option<&mut dyn cases::Sink>,
) -> Result<Auditing<'a>, AuditError> {
    let mut auditing = Auditing::new(package, options);
    if options.spans.is_empty() {
        auditing.add_writing(export.all(), judge, &mut sink)?;
        return Ok(auditing);
    }
    for Span { rows, absent } in &options.spans {
        let all = Cases {
            ids: export.ids.get(rows.clone()).unwrap_or_default(),
            cases: export.cases.get(rows.clone()).unwrap_or_default(),
            order: None,
            rounded: (&export.rounded, rows.start),
            absent: *absent,
        };
        auditing.add_writing(all, judge, &mut sink)?;
    }
    Ok(auditing)
}

/// An audit while cases go by.
pub struct Auditing<'a> {
    package: &'a Package,
    options: &'a Options,
    tally: Tally<'a>,
    rounding: Rounding,
    early: Early<'a>,
    row: usize,
    /// Whether any value was rounded, and how many cases that decided.
    rounded: bool,
    decided: u64,
}

impl<'a> Auditing<'a> {
    /// Before the first case.
    #[must_use]
    pub fn new(package: &'a Package, options: &'a Options) -> Auditing<'a> {
        Auditing {
            package,
            options,
            tally: Tally::new(package, options),
            rounding: Rounding::new(package, options.batch.max(1)),
            early: Early::new(&package.plan),
            row: 0,
            rounded: false,
            decided: 0,
        }
    }

    /// Judges cases and counts what came of them; nothing of them is held but those that will be listed.
    ///
    /// # Errors
    /// Where the judge fails.
    pub fn add(&mut self, all: Cases<'_>, judge: &mut dyn Judge) -> Result<(), AuditError> {
        self.add_writing(all, judge, &mut None)
    }

    fn add_writing(
        &mut self,
        all: Cases<'_>,
        judge: &mut dyn Judge,
        sink: &mut Option<&mut dyn cases::Sink>,
    ) -> Result<(), AuditError> {
        let (rounded, mut place) = all.rounded;
        let first = self.row;
        let mut ids = all.ids.iter();
        let mut order = all.order.into_iter().flatten();
        for cases in all.cases.chunks(self.options.batch.max(1)) {
            let mut outcomes = judge.judge(cases).map_err(AuditError::Judge)?;
            if outcomes.len() != cases.len() {
                return Err(AuditError::Outcomes { cases: cases.len(), outcomes: outcomes.len() });
            }
            self.tally.as_run(cases, &outcomes, judge)?;
            absent::doubt(self.package, all.absent, cases, &mut outcomes, judge)?;
            for (case, outcome) in cases.iter().zip(&outcomes) {
                self.tally.add(order.next().copied().unwrap_or(self.row), case, outcome);
                if let (Some(sink), Some(id)) = (sink.as_deref_mut(), ids.next()) {
                    cases::write(self.package, id, case, outcome, sink).map_err(AuditError::Cases)?;
                }
                self.row += 1;
            }
            self.decided += self.rounding.decides(cases, &outcomes, |at| rounded.get(&(place + at)), judge)?;
            place += cases.len();
        }
        self.rounded |= !rounded.is_empty();
        self.early.add(all.cases);
        self.tally.keep(first, all);
        Ok(())
    }

    /// What is counted so far, as plain data.
    #[must_use]
    pub fn tallies(&self, export: &Export) -> Tallies {
        Tallies::of(self, export)
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
        let disclosure = &self.options.disclosure;
        let mut notes = self.early.notes(disclosure);
        if self.rounded {
            notes.push(sentences::decided_by_rounding(&disclosure.counted(self.decided, "case", "cases")));
        }
        self.tally.finish(export, notes, judge, self.options)
    }
}

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    Results { format: 2, run, headlines: headlines(&audits), audits }
}
