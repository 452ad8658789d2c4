//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one package; a [`Judge`] is handed in. [`results()`] puts several audits together. All figures
//! end in [`crate::results`].

mod absent;
mod adds;
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
mod mix;
mod obligations;
mod options;
mod organisation;
mod period;
mod plausible;
mod review;
mod rounding;
mod seen;
mod sentences;
mod shares;
mod split;
mod strata;
mod tally;
mod target;
mod unit;
mod unknowns;
mod unsplit;

use crate::data::read::Export;
use crate::results::{Audit, Results, Run};
use concord_engine::plan::Package;
pub use disclose::Disclosure;
pub use headlines::headlines;
pub use judge::{AuditError, Judge};
pub use logic::logic;
pub use options::Options;
pub use split::Split;
use tally::Tally;

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
    let mut tally = Tally::new(package, options);
    let batch = options.batch.max(1);
    let rounding = rounding::Rounding::new(package, batch);
    let (mut row, mut decided) = (0, 0);
    for cases in export.cases.chunks(batch) {
        let first = row;
        let mut outcomes = judge.judge(cases).map_err(AuditError::Judge)?;
        if outcomes.len() != cases.len() {
            return Err(AuditError::Outcomes { cases: cases.len(), outcomes: outcomes.len() });
        }
        absent::doubt(package, export.absent, cases, &mut outcomes, judge)?;
        for (case, outcome) in cases.iter().zip(&outcomes) {
            tally.add(row, case, outcome);
            row += 1;
        }
        decided += rounding.decides(cases, &outcomes, |place| export.rounded.get(&(first + place)), judge)?;
        judge.judged(row as u64);
    }
    let mut notes = plausible::notes(&package.plan, &export.cases, &options.disclosure);
    if !export.rounded.is_empty() {
        notes.push(sentences::decided_by_rounding(&options.disclosure.counted(decided, "case", "cases")));
    }
    Ok(tally.finish(export, notes, judge, options))
}

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    Results { format: 2, run, headlines: headlines(&audits), audits }
}
