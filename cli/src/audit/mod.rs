//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one package; a [`Judge`] is handed in. [`while_reading`] does the same while the export is still read. [`results()`] puts several audits together. All figures
//! end in [`crate::results`].

mod absent;
mod added;
mod adds;
mod at_once;
mod attributes;
mod auditing;
mod by_code;
pub mod cases;
mod cells;
mod chart;
mod clocks;
mod clusters;
mod compare;
pub mod definition;
mod delays;
mod disclose;
mod estimate;
mod explained;
mod failure;
mod few;
mod figure_apart;
mod figures;
mod forbidden;
mod given;
mod group;
mod hardly;
mod headlines;
mod judge;
mod last_event;
mod listing;
mod logic;
mod look_at;
pub mod meant;
mod measured;
mod measures;
pub mod members;
mod mix;
mod mixed;
mod obligations;
mod options;
mod organisation;
mod over_time;
mod part;
mod period;
mod periods;
mod places;
mod plausible;
mod pooled;
mod quality;
mod records;
mod review;
mod sample;
mod seen;
mod sentences;
mod series;
mod shares;
mod split;
mod strata;
mod sums;
mod sure;
pub mod tallies;
mod tally;
mod target;
mod together;
mod turn;
mod unfinished;
mod unit;
mod unknowns;
mod unset;
mod unsplit;
mod while_reading;
mod why;

use crate::data::read::Export;
use crate::results::{Audit, Results, Run};
pub use absent::{doubtful, is_doubted};
pub use auditing::Auditing;
use concord_engine::plan::Package;
pub use disclose::Disclosure;
pub use failure::Failure;
pub use headlines::headlines;
pub use judge::{AuditError, Judge};
pub use logic::logic;
pub use options::{Options, Rebase};
pub use split::Split;
pub use turn::{Turn, Turns};
pub use while_reading::{CountedExport, Limits, OfRun, count_while_reading, while_reading};

/// Splits to be crossed that no measure has both of: why it cannot be done.
///
/// # Errors
/// A sentence that says which splits there are.
pub fn crossed(package: &Package, options: &Options) -> Result<(), String> {
    strata::not_crossed(&package.measures, options).map_or(Ok(()), Err)
}

/// Judges an export that is held, and counts what came of it.
///
/// # Errors
/// Where the judge fails.
pub fn audit(
    package: &Package,
    export: &Export,
    judge: &mut dyn Judge,
    options: &Options,
) -> Result<Audit, AuditError> {
    let mut auditing = Auditing::new(package, options);
    auditing.add(export.all(), judge)?;
    Ok(auditing.finish(export, judge))
}

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    audits.iter_mut().zip(1..).for_each(|(audit, number)| audit.run = number);
    Results { format: 2, run, headlines: headlines(&audits), audits }
}
