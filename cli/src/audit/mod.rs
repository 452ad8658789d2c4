//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one package; a [`Judge`] is handed in. [`results()`] puts several audits together. All figures
//! end in [`crate::results`].

mod absent;
mod adds;
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
mod shares;
mod split;
mod strata;
mod tally;
mod target;
mod unit;
mod unknowns;
mod unsplit;
mod why;

use crate::data::read::Export;
use crate::results::{Audit, Results, Run};
use concord_engine::plan::Package;
use concord_engine::plan::case::Case;
pub use disclose::Disclosure;
pub use headlines::headlines;
pub use judge::{AuditError, Judge};
pub use logic::logic;
use members::Span;
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
    audit_writing(package, export, judge, options, None)
}

/// The same, with a row for each case and obligation to a sink.
///
/// # Errors
/// Where the judge or the sink fails.
pub fn audit_writing(
    package: &Package,
    export: &Export,
    judge: &mut dyn Judge,
    options: &Options,
    mut sink: Option<&mut dyn cases::Sink>,
) -> Result<Audit, AuditError> {
    let mut tally = Tally::new(package, options);
    let batch = options.batch.max(1);
    let rounding = rounding::Rounding::new(package, batch);
    let (mut row, mut decided) = (0, 0);
    for (cases, absent) in batches(export, options, batch) {
        let first = row;
        let mut outcomes = judge.judge(cases).map_err(AuditError::Judge)?;
        if outcomes.len() != cases.len() {
            return Err(AuditError::Outcomes { cases: cases.len(), outcomes: outcomes.len() });
        }
        absent::doubt(package, absent, cases, &mut outcomes, judge)?;
        for (case, outcome) in cases.iter().zip(&outcomes) {
            tally.add(row, case, outcome);
            if let (Some(sink), Some(id)) = (sink.as_deref_mut(), export.ids.get(row)) {
                cases::write(package, id, case, outcome, sink).map_err(AuditError::Cases)?;
            }
            row += 1;
        }
        decided += rounding.decides(cases, &outcomes, |place| export.rounded.get(&(first + place)), judge)?;
        judge.judged(row as u64);
    }
    let mut notes = plausible::notes(&package.plan, &export.cases, &options.disclosure);
    if !export.rounded.is_empty() {
        notes.push(sentences::decided_by_rounding(&options.disclosure.counted(decided, "case", "cases")));
    }
    tally.finish(export, notes, judge, options)
}

/// The cases in batches, none over two exports, each with the kinds of event that no row of its export carries.
fn batches<'e>(export: &'e Export, options: &Options, batch: usize) -> Vec<(&'e [Case], u64)> {
    if options.spans.is_empty() {
        return export.cases.chunks(batch).map(|cases| (cases, export.absent)).collect();
    }
    let of = |span: &Span| {
        let cases = export.cases.get(span.rows.clone()).unwrap_or_default();
        cases.chunks(batch).map(|cases| (cases, span.absent)).collect::<Vec<_>>()
    };
    options.spans.iter().flat_map(of).collect()
}

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    Results { format: 2, run, headlines: headlines(&audits), audits }
}
