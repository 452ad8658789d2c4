//! All that is counted while cases go by; memory does not grow with them, but for the delays.

use super::judge::Judge;
use super::measures::MeasureTally;
use super::obligations::ObligationTally;
use super::options::Options;
use super::sentences;
use crate::data::read::{Export, organisation_label};
use crate::results::Audit;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{AnswerKind, Id, LabelId, Package};

/// The tallies of every obligation and measure of a package.
pub(super) struct Tally<'a> {
    organisation: Option<LabelId>,
    obligations: Vec<ObligationTally<'a>>,
    measures: Vec<MeasureTally<'a>>,
    broken: u64,
}

impl<'a> Tally<'a> {
    pub(super) fn new(package: &'a Package, options: &'a Options) -> Tally<'a> {
        let plan = &package.plan;
        let obligations = plan.answers.placed().filter_map(|found| match &found.1.kind {
            AnswerKind::Obligation(cells) => Some(ObligationTally::new(plan, found, cells, options.look_at)),
            _ => None,
        });
        Tally {
            organisation: organisation_label(plan),
            obligations: obligations.collect(),
            measures: package.measures.iter().map(|measure| MeasureTally::new(plan, measure, options)).collect(),
            broken: 0,
        }
    }

    /// Adds a case, by its row in the export.
    pub(super) fn add(&mut self, row: usize, case: &Case, outcome: &Outcome) {
        let organisation = self.organisation.and_then(|label| case.labels.get(label.place())?.as_deref());
        self.broken += u64::from(outcome.broken.is_some());
        for obligation in &mut self.obligations {
            obligation.add(row, organisation, case.as_of, outcome);
        }
        for measure in &mut self.measures {
            measure.add(case, outcome);
        }
    }

    /// `notes` are what the judging found out about the data.
    pub(super) fn finish(self, export: &Export, notes: Vec<String>, judge: &mut dyn Judge, options: &Options) -> Audit {
        let mut data = export.data.clone();
        data.notes.extend(notes);
        options.disclosure.data(&mut data);
        if self.broken > 0 {
            data.notes.push(sentences::broken_claims(self.broken));
        }
        Audit {
            id: options.id.clone(),
            logic: judge.logic(),
            data,
            obligations: self.obligations.into_iter().map(|o| o.finish(export, judge, options)).collect(),
            measures: self.measures.into_iter().map(|m| m.finish(options)).collect(),
        }
    }
}
