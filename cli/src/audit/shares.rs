//! What each organisation answers for of a case that several share.

use super::given::Given;
use super::organisation::answering;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::Plan;
use concord_engine::plan::case::Case;
use concord_engine::plan::figure::Shared;
use concord_engine::variation::figures::Parts;
use std::collections::BTreeMap;

/// Each organisation once, with what the case adds to it. A share of nothing adds nothing; of an organisation that is not known, the share
/// stands in the total alone; a case whose shares are not known is unknown to each that may have one.
pub(super) fn of_case(
    plan: &Plan,
    shared: &Shared,
    given: &Given,
    case: &Case,
    outcome: &Outcome,
) -> BTreeMap<String, Given> {
    let mut known: BTreeMap<String, Option<i64>> = BTreeMap::new();
    for share in &shared.shares {
        let Some(code) = answering(plan, Some(share.responsible), case, outcome) else { continue };
        let own = outcome.only(plan, share.cell).and_then(|value| value.value());
        let sum = known.entry(code.into_owned()).or_insert(Some(0));
        *sum = sum.zip(own).and_then(|(sum, own)| sum.checked_add(own));
    }
    known.into_iter().filter_map(|(code, share)| Some((code, part(given, share)?))).collect()
}

fn part(given: &Given, share: Option<i64>) -> Option<Given> {
    match (given, share) {
        (_, Some(0)) => None,
        (Given::Excluded, _) => Some(Given::Excluded),
        (Given::Open, _) => Some(Given::Open),
        (Given::Without, _) => Some(Given::Without),
        (Given::Unknown | Given::Reading(_) | Given::Number(_), _) | (_, None) => Some(Given::Unknown),
        (Given::Against(_), Some(share)) => Some(Given::Against(share)),
        (Given::Parts(parts), Some(share)) => {
            Some(Given::Parts(Parts { part: if parts.part == 0 { 0 } else { share }, whole: share }))
        }
    }
}
