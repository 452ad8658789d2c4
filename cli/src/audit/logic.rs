//! Proof of which logic ran, from the plan.

use crate::results::{Logic, Parameter};
use concord_engine::plan::case::Settings;
use concord_engine::plan::{Contract, Plan};
use concord_engine::values::calendar::show_date;

/// The plan's credentials; fingerprint and module hash come from who compiled it.
#[must_use]
pub fn logic(plan: &Plan, settings: &Settings, fingerprint: &str, module_sha256: &str) -> Logic {
    let package = &plan.package;
    let parameters = plan.parameters.iter().enumerate().map(|(place, parameter)| {
        let value = settings.get(place).copied().flatten().or(parameter.value);
        let because = parameter.reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
        Parameter {
            name: parameter.name.clone(),
            value: value.map_or_else(|| "not set".to_owned(), |value| parameter.ty.show(value)),
            contract: match parameter.contract {
                Contract::Fixed => "fixed for all members".to_owned(),
                Contract::Within(low, high) => {
                    format!(
                        "members may set it from {} to {}{because}",
                        parameter.ty.show(low),
                        parameter.ty.show(high)
                    )
                }
            },
        }
    });
    let status = match &package.approval {
        None => "draft".to_owned(),
        Some((who, when)) => format!("approved by {who} on {}", show_date(*when)),
    };
    Logic {
        package: package.path.clone(),
        title: package.title.clone(),
        version: package.version.clone(),
        fingerprint: fingerprint.to_owned(),
        module_sha256: module_sha256.to_owned(),
        status,
        unverified: package.unverified,
        owner: package.owner.clone(),
        sources: package.sources.iter().map(|source| source.citation.clone()).collect(),
        parameters: parameters.collect(),
    }
}
