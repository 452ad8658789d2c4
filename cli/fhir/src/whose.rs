//! Of which patient a resource is, by its reference to one.

use serde::Deserialize;

use crate::resource::Reference;

/// Of whom a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of the patient of this identity.
    Patient(String),
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
    let reference = resource.subject.or(resource.patient).and_then(|of| of.reference);
    Ok(reference.as_deref().and_then(patient).map_or(Whose::Nobody, |id| Whose::Patient(id.to_owned())))
}

/// `Patient/17`, `https://a.example/fhir/Patient/17/_history/2`, `urn:uuid:…`
fn patient(reference: &str) -> Option<&str> {
    if let Some(id) = reference.strip_prefix("urn:uuid:") {
        return Some(id);
    }
    let mut parts = reference.split('/').skip_while(|part| *part != "Patient");
    parts.next()?;
    parts.next().filter(|id| !id.is_empty())
}
