//! Of which patient a resource is, by its reference to one.

use serde::Deserialize;

use crate::address::Address;
use crate::shapes::Reference;

/// Of whom a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of the patient of this identity.
    Patient(String),
    /// Of nobody, and yet something may be known by it of those of patients.
    Beside,
    /// Of nobody, or of somebody who is no patient.
    Nobody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    id: Option<String>,
    subject: Option<Reference>,
    patient: Option<Reference>,
}

/// Of which patient a resource is.
///
/// # Errors
/// Where the text is no resource.
pub fn whose(text: &str) -> Result<Whose, serde_json::Error> {
    let resource: Resource = serde_json::from_str(text)?;
    if resource.resource_type == "Patient" {
        return Ok(resource.id.filter(|id| !id.is_empty()).map_or(Whose::Nobody, Whose::Patient));
    }
    if ["Medication", "OperationOutcome", "Bundle"].contains(&resource.resource_type.as_str()) {
        return Ok(Whose::Beside);
    }
    let reference = resource.subject.or(resource.patient).and_then(|of| of.reference);
    let patient = reference.and_then(|reference| Address::of(&reference, "Patient"));
    Ok(patient.map_or(Whose::Nobody, |Address { id, .. }| Whose::Patient(id)))
}
