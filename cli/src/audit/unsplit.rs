//! Organisations by which measures are split and which no case names: nothing can be compared then, and the report says so.

use concord_engine::plan::library::StratumKind;
use concord_engine::plan::{Id, LabelId, Package, Responsible};
use std::collections::BTreeSet;

/// A sentence where measures ask for what no case says; `said` are the labels that some case says.
pub(super) fn unsplit(package: &Package, said: &[bool], cases: u64) -> Option<String> {
    let asked = package.measures.iter().flat_map(|measure| {
        let compared = measure.compares().and_then(|by| match by {
            Responsible::Label(label) => Some(label),
            Responsible::Cell(_) => None,
        });
        let split = measure.strata.iter().filter_map(|stratum| match &stratum.kind {
            StratumKind::Label(label) => Some(*label),
            _ => None,
        });
        compared.into_iter().chain(split)
    });
    let asked: BTreeSet<usize> = asked.map(Id::place).collect();
    let silent = asked.into_iter().filter(|place| cases > 0 && said.get(*place) != Some(&true));
    let names = silent.filter_map(|place| package.plan.subject.labels.get(LabelId::at(place)));
    let names: Vec<String> = names.map(|label| format!("`{}`", label.name)).collect();
    (!names.is_empty())
        .then(|| format!("Not split by {}: no case says it, and the measures ask for it.", names.join(" or ")))
}
