//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one package; a [`Judge`] is handed in. [`while_reading`] does the same while the export is still read. [`results()`] puts several audits together. All figures
//! end in [`crate::results`].

mod absent;
mod adds;
mod attributes;
mod auditing;
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
mod periods;
mod places;
mod plausible;
mod quality;
mod review;
mod rounding;
mod sample;
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
pub use auditing::Auditing;
use concord_engine::plan::Package;
pub use disclose::Disclosure;
pub use headlines::headlines;
pub use judge::{AuditError, Judge};
pub use logic::logic;
use members::Span;
pub use options::{Options, Rebase};
pub use split::Split;
pub use while_reading::{CountedExport, Failure, Limits, count_while_reading, while_reading};

/// Splits to be crossed that no measure has both of: why it cannot be done.
///
/// # Errors
/// A sentence that says which splits there are.
pub fn crossed(package: &Package, options: &Options) -> Result<(), String> {
    strata::not_crossed(&package.measures, options).map_or(Ok(()), Err)
}

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

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    Results { format: 2, run, headlines: headlines(&audits), audits }
}
