//! What a run of random pairs has covered.

use std::collections::BTreeMap;

use concord_engine::evaluate::{Known, Outcome};
use concord_engine::plan::{AnswerKind, Plan};

/// What a run has covered.
#[derive(Debug, Default)]
pub struct Covered {
    pub plans: u64,
    pub pairs: u64,
    /// Plans that lanes take.
    pub lanes: u64,
    /// Cases with an answer that is not known.
    pub unknown: u64,
    /// Cases that break an `impossible` claim.
    pub broken: u64,
    /// Whether the plan is that of a package, whose answers have names.
    pub named: bool,
    /// What was found of each answer of a package.
    pub answers: BTreeMap<String, Told>,
}

/// Whether an answer has come out in two ways.
#[derive(Debug, Default)]
pub struct Told {
    pub first: Option<Known>,
    pub varied: bool,
}

impl Told {
    pub fn told(&mut self, known: Known) {
        self.varied |= self.first.is_some_and(|first| first != known);
        self.first = Some(known);
    }

    pub fn add(&mut self, other: &Told) {
        other.first.iter().for_each(|known| self.told(*known));
        self.varied |= other.varied;
    }
}

impl Covered {
    /// Keeps what is known of the answers of a package.
    pub fn tell(&mut self, plan: &Plan, outcome: &Outcome) {
        for answer in plan.answers.iter().filter(|_| self.named) {
            let cell = match &answer.kind {
                AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => *cell,
                AnswerKind::Obligation(obligation) => obligation.verdict,
            };
            if let Some(known) = outcome.only(plan, cell) {
                self.answers.entry(answer.name.clone()).or_default().told(known);
            }
        }
    }
}
