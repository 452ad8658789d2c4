//! What a module says of itself in its answers.

use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::{Claim, Package, Plan, Step};

/// Of which package and version a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `clinical.news2`
    pub package: String,
    /// `1.0.0`
    pub version: String,
    /// Whether it is approved, or a draft.
    pub is_approved: bool,
    /// Whether a figure in it has not been checked against its source.
    pub unverified: bool,
    /// The fingerprint of its logic.
    pub fingerprint: String,
}

impl Identity {
    /// Of a package.
    #[must_use]
    pub fn of(package: &Package) -> Identity {
        let credentials = &package.credentials;
        Identity {
            package: credentials.path.clone(),
            version: credentials.version.clone(),
            is_approved: credentials.approval.is_some(),
            unverified: credentials.unverified,
            fingerprint: fingerprint(package),
        }
    }
}

/// A broken `impossible` claim, in words.
#[must_use]
pub fn claim_in_words(plan: &Plan, Claim { step, row }: Claim) -> String {
    match plan.steps.get(step) {
        Some(Step::Table(table)) => {
            // Where no row applies, which proved tables do not know, there is no text of it.
            let text = table.rows.get(row).map_or("", |r| r.text.as_str());
            format!("this case reaches a row of `{}` that is marked impossible: `{text}`", table.name)
        }
        _ => "this case breaks a claim of the rules".to_owned(),
    }
}
