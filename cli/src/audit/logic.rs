//! Proof of which logic ran, from the package.

use crate::results::{Logic, Parameter};
use concord_engine::plan::case::Settings;
use concord_engine::plan::library::Approval;
use concord_engine::plan::{Contract, Package};
use concord_engine::values::calendar::show_date;

/// The package's credentials; fingerprint and module hash come from who compiled it.
#[must_use]
pub fn logic(package: &Package, settings: &Settings, fingerprint: &str, module_sha256: &str) -> Logic {
    let Package { credentials, plan, .. } = package;
    let parameters = plan.parameters.iter().enumerate().map(|(place, parameter)| {
        let value = settings.get(place).copied().flatten().or(parameter.value);
        let because = parameter.reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
        Parameter {
            name: parameter.name.clone(),
            value: value.map_or_else(|| "not set".to_owned(), |value| plan.show(&parameter.ty, value)),
            contract: match parameter.contract {
                Contract::Fixed => "fixed for all members".to_owned(),
                Contract::Within(..) if parameter.ty.is_name() => format!("members may set it{because}"),
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
    let status = match &credentials.approval {
        None => "draft".to_owned(),
        Some(Approval { by, on }) => format!("approved by {by} on {}", show_date(*on)),
    };
    Logic {
        package: credentials.path.clone(),
        title: credentials.title.clone(),
        version: credentials.version.clone(),
        fingerprint: fingerprint.to_owned(),
        module_sha256: module_sha256.to_owned(),
        status,
        unverified: credentials.unverified,
        owner: credentials.owner.clone(),
        sources: credentials.sources.iter().map(|source| source.citation.clone()).collect(),
        parameters: parameters.collect(),
    }
}
