//! How complete the cases of an export are: which facts and events they have. Counted while they go by.

use crate::results::Completeness;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{InputId, Kinds, Plan};
use std::collections::BTreeSet;

/// How many cases have what.
pub(super) struct Held<'a> {
    plan: &'a Plan,
    cases: u64,
    facts: Vec<u64>,
    events: Vec<u64>,
    /// Kinds of event that no case is supplied with.
    never: u64,
}

impl<'a> Held<'a> {
    pub(super) fn new(plan: &'a Plan) -> Held<'a> {
        let (facts, events) = (vec![0; plan.subject.inputs.len()], vec![0; plan.subject.events.len()]);
        Held { plan, cases: 0, facts, events, never: u64::MAX }
    }

    pub(super) fn add(&mut self, cases: &[Case]) {
        self.cases += cases.len() as u64;
        for case in cases {
            self.never &= case.not_supplied;
            for (count, datum) in self.facts.iter_mut().zip(&case.facts) {
                *count += u64::from(*datum != Datum::Missing);
            }
            let kinds = case.events.iter().fold(0, |kinds, event| kinds | Kinds::one(event.kind).0);
            for ((kind, _), count) in self.plan.subject.events.placed().zip(&mut self.events) {
                *count += u64::from(Kinds(kinds).contain(kind));
            }
        }
    }

    /// Adds what other cases have.
    pub(super) fn take(&mut self, other: &Held<'_>) {
        self.cases += other.cases;
        let pairs = self.facts.iter_mut().zip(&other.facts).chain(self.events.iter_mut().zip(&other.events));
        pairs.for_each(|(sum, own)| *sum += own);
        self.never &= other.never;
    }

    /// A line for each fact and event.
    pub(super) fn lines(&self, not_mapped: &BTreeSet<InputId>) -> Vec<Completeness> {
        let line = |name: &str, kind: &str, present: u64, not_supplied: bool| Completeness {
            name: name.to_owned(),
            kind: kind.to_owned(),
            present,
            missing: self.cases.saturating_sub(present),
            not_supplied,
            hidden: 0,
        };
        let facts = self.plan.subject.inputs.placed().zip(&self.facts);
        let facts = facts.map(|((input, of), present)| line(&of.name, "fact", *present, not_mapped.contains(&input)));
        let events = self.plan.subject.events.placed().zip(&self.events).map(|((kind, of), present)| {
            let absent = *present == 0 && self.cases > 0 && Kinds(self.never).contain(kind);
            line(&of.name, "event", *present, absent)
        });
        facts.chain(events).collect()
    }
}
