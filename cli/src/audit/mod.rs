//! The audit: cases judged in batches, counted, compared, and put into words.
//!
//! [`audit()`] takes one export and one plan; who judges is handed in, so that the audit runs the same compiled module that the
//! trusts embed. [`results()`] puts several audits together. All figures end in [`crate::report::model`].

mod chart;
mod compare;
pub mod definition;
mod delays;
mod disclose;
mod headlines;
mod logic;
mod measures;
mod obligations;
mod period;
mod plausible;
mod rounding;
mod strata;
mod words;

use crate::data::read::{Export, organisation_label};
use crate::report::model::{Audit, Logic, Results, Run};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{AnswerKind, Plan};
pub use disclose::Disclosure;
pub use headlines::headlines;
pub use logic::logic;
use measures::MeasureTally;
use obligations::ObligationTally;
use std::collections::BTreeMap;
use std::fmt;

/// Judges a batch: one outcome a case, in their order.
pub type Judge<'a> = dyn FnMut(&[Case]) -> Result<Vec<Outcome>, String> + 'a;

/// Explains an answer (by place in [`Plan::answers`]) for a case, a line each.
pub type Explain<'a> = dyn FnMut(usize, &Case) -> Vec<String> + 'a;

/// How to audit.
#[derive(Clone, Debug)]
pub struct Options {
    /// Anchor of the audit in the report; must differ between the audits of one report.
    pub id: String,
    /// Small-number control.
    pub disclosure: Disclosure,
    /// Names of organisations, by code.
    pub names: BTreeMap<String, String>,
    /// The day asked about (since 1970): which target is in force.
    pub as_of: i64,
    /// Cases to a batch.
    pub batch: usize,
    /// How many late cases, and how many missed ones, are listed for each obligation.
    pub look_at: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            id: "audit".to_owned(),
            disclosure: Disclosure::On,
            names: BTreeMap::new(),
            as_of: 0,
            batch: 1_024,
            look_at: 10,
        }
    }
}

/// Why an audit stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditError {
    /// The judge failed.
    Judge(String),
    /// The judge gave another number of outcomes than it got cases.
    Outcomes(usize, usize),
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditError::Judge(why) => write!(f, "the rules could not be run: {why}"),
            AuditError::Outcomes(cases, outcomes) => {
                write!(f, "a fault in Concord: {cases} cases were judged with {outcomes} outcomes")
            }
        }
    }
}

impl std::error::Error for AuditError {}

/// Judges an export and counts what came of it. `progress` is told how many cases have been judged.
///
/// # Errors
/// Where the judge fails.
pub fn audit(
    plan: &Plan,
    logic: Logic,
    export: Export,
    judge: &mut Judge<'_>,
    explain: &mut Explain<'_>,
    progress: &mut dyn FnMut(u64),
    options: &Options,
) -> Result<Audit, AuditError> {
    let mut tally = Tally::new(plan, options);
    let batch = options.batch.max(1);
    let (mut judged, mut depend) = (0, 0);
    let rounding = rounding::Rounding::new(plan, batch);
    for (batches, (ids, cases)) in export.ids.chunks(batch).zip(export.cases.chunks(batch)).enumerate() {
        let outcomes = judge(cases).map_err(AuditError::Judge)?;
        if outcomes.len() != cases.len() {
            return Err(AuditError::Outcomes(cases.len(), outcomes.len()));
        }
        for ((id, case), outcome) in ids.iter().zip(cases).zip(&outcomes) {
            tally.add(id, case, outcome);
        }
        let rounded = |place: usize| export.rounded.get(&(batches * batch + place));
        depend += rounding.depend(cases, &outcomes, rounded, judge)?;
        judged += words::count(cases.len());
        progress(judged);
    }
    let mut data = export.data;
    data.notes.extend(plausible::notes(plan, &export.cases, &options.disclosure));
    if !export.rounded.is_empty() {
        let cases = options.disclosure.counted(depend, "case", "cases");
        data.notes.push(format!("How a converted value was rounded decides a verdict or a measure in {cases}."));
    }
    options.disclosure.data(&mut data);
    if tally.broken > 0 {
        let broken = words::number(tally.broken);
        data.notes.push(format!(
            "{broken} cases break a claim of the rules that is marked impossible; their answers are unknown."
        ));
    }
    Ok(Audit {
        id: options.id.clone(),
        logic,
        data,
        obligations: tally.obligations.into_iter().map(|o| o.finish(plan, explain, options)).collect(),
        measures: tally.measures.into_iter().map(|m| m.finish(plan, options)).collect(),
    })
}

/// The results of a run over several audits: adjusts for many comparisons over all of them, and says what stands out.
#[must_use]
pub fn results(run: Run, mut audits: Vec<Audit>) -> Results {
    compare::adjust_for_many(&mut audits);
    Results { format: 1, run, headlines: headlines(&audits), audits }
}

/// All that is counted while cases go by; memory does not grow with them, but for the delays.
struct Tally<'a> {
    organisation: Option<usize>,
    obligations: Vec<ObligationTally<'a>>,
    measures: Vec<MeasureTally<'a>>,
    broken: u64,
}

impl<'a> Tally<'a> {
    fn new(plan: &'a Plan, options: &Options) -> Tally<'a> {
        let obligations = plan.answers.iter().enumerate().filter_map(|(place, answer)| match &answer.kind {
            AnswerKind::Obligation(cells) => Some(ObligationTally::new(place, answer, cells, options.look_at)),
            _ => None,
        });
        Tally {
            organisation: organisation_label(plan),
            obligations: obligations.collect(),
            measures: plan.measures.iter().map(|measure| MeasureTally::new(plan, measure)).collect(),
            broken: 0,
        }
    }

    fn add(&mut self, id: &str, case: &Case, outcome: &Outcome) {
        let organisation = self.organisation.and_then(|label| case.labels.get(label)?.as_deref());
        self.broken += u64::from(outcome.broken.is_some());
        for obligation in &mut self.obligations {
            obligation.add(id, organisation, case, outcome);
        }
        for measure in &mut self.measures {
            measure.add(case, outcome);
        }
    }
}
