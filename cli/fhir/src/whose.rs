//! Of which patient a resource is, by its reference to one.

use serde::Deserialize;
use serde_json::Value;

use crate::address::Address;
use crate::shapes::{Number, Reference};
use crate::version::Version;

/// Of whom a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of the patient of this identity.
    Patient(String),
    /// Of nobody, and yet something may be known by it of those of patients.
    Beside,
    /// Of whoever the resources within it are of.
    Bundle,
    /// Of whoever is known by this number.
    Numbered(Number),
    /// Of somebody whom it does not refer to: why nobody can tell who that is.
    Unnamed(&'static str),
    /// Of nobody, or of somebody who is no patient.
    Nobody,
}

/// A resource as far as it says what it is and of whom.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    id: Option<String>,
    meta: Option<Value>,
    subject: Option<Reference>,
    patient: Option<Reference>,
}

/// What a resource is called, and in which version.
#[derive(Clone, Debug)]
pub struct Called {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) version: Version,
}

/// Why nobody can tell of whom a resource is whose subject is named by a number.
pub const BY_NUMBER: &str =
    "its subject is named by an identifier alone, which is not that of one patient of the export";
const OF_GROUP: &str = "its subject is a group of patients";

/// Of which patient a resource is, and what it is called where it has an identity.
///
/// # Errors
/// Where the text is no resource.
pub fn whose(text: &str) -> Result<(Whose, Option<Called>), serde_json::Error> {
    let Resource { resource_type: kind, id, meta, subject, patient } = serde_json::from_str(text)?;
    let id = id.filter(|id| !id.is_empty());
    let whose = match kind.as_str() {
        "Patient" => id.clone().map_or(Whose::Nobody, Whose::Patient),
        "Medication" | "OperationOutcome" => Whose::Beside,
        "Bundle" => Whose::Bundle,
        _ => subject.or(patient).map_or(Whose::Nobody, |of| referred(&of)),
    };
    let called = id.map(|id| Called { kind, id, version: Version::of(meta.as_ref()) });
    Ok((whose, called))
}

fn referred(to: &Reference) -> Whose {
    match &to.reference {
        None => match &to.identifier {
            None => Whose::Nobody,
            Some(identifier) => Number::of(identifier).map_or(Whose::Unnamed(BY_NUMBER), Whose::Numbered),
        },
        Some(reference) => match Address::of(reference, "Patient") {
            Some(Address { id, .. }) => Whose::Patient(id),
            None if Address::of(reference, "Group").is_some() => Whose::Unnamed(OF_GROUP),
            None => Whose::Nobody,
        },
    }
}

/// What a patient is known by.
#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    identifier: Vec<Value>,
}

/// The numbers by which a patient is known.
pub fn numbers_of(patient: &str) -> Vec<Number> {
    // One of another shape is refused where it is read.
    let of = serde_json::from_str::<Numbered>(patient).map(|of| of.identifier).unwrap_or_default();
    of.iter().filter_map(Number::of).collect()
}
