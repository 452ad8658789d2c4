//! How complete the cases of an export are: which facts and events they have, and how many organisations they come from.

use crate::results::Completeness;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{Id, InputId, Kinds, LabelId, Plan};
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

/// The codes of organisations that cases carry, in whatever role.
pub(super) fn organisations<'c>(plan: &Plan, cases: &'c [Case]) -> BTreeSet<&'c str> {
    let labels = plan.subject.labels.placed().filter(|(_, label)| label.ty == Type::Organisation);
    let codes =
        |(label, _): (LabelId, _)| cases.iter().filter_map(move |case| case.labels.get(label.place())?.as_deref());
    labels.flat_map(codes).collect()
}

/// A line for each fact and event: how many cases have it.
pub(super) fn completeness(plan: &Plan, cases: &[Case], not_mapped: &BTreeSet<InputId>) -> Vec<Completeness> {
    let line = |name: &str, kind: &str, present: u64, not_supplied: bool| Completeness {
        name: name.to_owned(),
        kind: kind.to_owned(),
        present,
        missing: (cases.len() as u64).saturating_sub(present),
        not_supplied,
        hidden: 0,
    };
    let facts = plan.subject.inputs.placed().map(|(place, input)| {
        let has = |case: &&Case| case.facts.get(place.place()).is_some_and(|datum| *datum != Datum::Missing);
        line(&input.name, "fact", cases.iter().filter(has).count() as u64, not_mapped.contains(&place))
    });
    let events = plan.subject.events.placed().map(|(kind, of)| {
        let has = |case: &&Case| case.events.iter().any(|event| event.kind == kind);
        let without = |case: &Case| Kinds(case.not_supplied).contain(kind);
        let present = cases.iter().filter(has).count() as u64;
        let absent = present == 0 && !cases.is_empty() && cases.iter().all(without);
        line(&of.name, "event", present, absent)
    });
    facts.chain(events).collect()
}
