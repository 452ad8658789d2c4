//! What is read of bundles and resources, as FHIR R4 writes them.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// A bundle.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle<'a> {
    pub resource_type: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub total: Option<u64>,
    #[serde(default)]
    pub link: Vec<Link>,
    pub implicit_rules: Option<Value>,
    #[serde(default, borrow)]
    pub entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
pub struct Link {
    pub relation: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<'a> {
    pub full_url: Option<String>,
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
    pub search: Option<Search>,
    pub request: Option<Request>,
    #[serde(borrow)]
    pub response: Option<Response<'a>>,
    pub modifier_extension: Option<Value>,
}

#[derive(Deserialize)]
pub struct Search {
    pub mode: Option<String>,
}

#[derive(Deserialize)]
pub struct Request {
    pub method: Option<String>,
    pub url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response<'a> {
    pub status: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    #[serde(borrow)]
    pub outcome: Option<&'a RawValue>,
}

/// What every resource says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub resource_type: String,
    pub id: Option<String>,
    pub meta: Option<Value>,
    pub implicit_rules: Option<Value>,
    pub modifier_extension: Option<Value>,
}

impl Head {
    /// Why nothing may be read of it: it says of itself that it means something else to whoever knows more.
    pub fn not_understood(&self) -> Option<&'static str> {
        let modified = says(self.modifier_extension.as_ref()).then_some(MODIFIED);
        modified.or_else(|| says(self.implicit_rules.as_ref()).then_some(RULED))
    }
}

/// What stands in a `modifierExtension` may turn round what it stands in.
pub const MODIFIED: &str = "with a `modifierExtension`, which may say that they mean something else";
/// Nobody here knows these rules.
pub const RULED: &str = "with `implicitRules`, by which they may mean something else";

/// Whether anything stands there.
pub fn says(of: Option<&Value>) -> bool {
    of.is_some_and(|of| of.as_array().is_none_or(|all| !all.is_empty()))
}

/// Whose case it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    pub birth_date: Option<String>,
    pub gender: Option<String>,
}

/// What was given.
#[derive(Deserialize)]
pub struct Medication {
    pub status: Option<String>,
    pub code: Option<Concept>,
}

/// What went wrong, or is not there.
#[derive(Deserialize)]
pub struct Outcome {
    #[serde(default)]
    pub issue: Vec<Issue>,
}

#[derive(Deserialize)]
pub struct Issue {
    pub severity: Option<String>,
    pub code: Option<String>,
}

/// What stands within a resource.
#[derive(Deserialize)]
pub struct Holding<'a> {
    #[serde(default, borrow)]
    pub contained: Vec<&'a RawValue>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Concept {
    #[serde(default)]
    pub coding: Vec<Coding>,
}

#[derive(Default, Deserialize)]
pub struct Reference {
    pub reference: Option<String>,
    pub identifier: Option<Value>,
}

/// A number by which somebody is known, of a system where it says of which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    system: Option<String>,
    value: String,
}

impl Number {
    /// By an `identifier`; none where it says nothing.
    pub fn of(identifier: &Value) -> Option<Number> {
        let text = |name: &str| identifier.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Some(Number { system: text("system").map(str::to_owned), value: text("value")?.to_owned() })
    }
}

/// What a patient says of other records of the same person.
#[derive(Deserialize)]
pub struct Links {
    #[serde(default)]
    pub link: Vec<LinkTo>,
}

#[derive(Deserialize)]
pub struct LinkTo {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub other: Reference,
}

#[derive(Deserialize)]
pub struct Period {
    pub start: Option<String>,
    pub end: Option<String>,
}

#[derive(Deserialize)]
pub struct Quantity<'a> {
    /// As it is written, digit by digit.
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
    pub comparator: Option<String>,
    pub unit: Option<String>,
    pub system: Option<String>,
    pub code: Option<String>,
}

/// A value of an observation or of a part of one.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Valued<'a> {
    #[serde(borrow)]
    pub value_quantity: Option<Quantity<'a>>,
    pub value_codeable_concept: Option<Concept>,
    pub value_boolean: Option<bool>,
    #[serde(borrow)]
    pub value_integer: Option<&'a RawValue>,
    pub value_date_time: Option<String>,
    pub value_string: Option<IgnoredAny>,
    pub data_absent_reason: Option<Concept>,
}

/// The parts of an observation, each of which is read as [`Coded`] and as [`Valued`]: what borrows its text cannot be flattened.
#[derive(Default, Deserialize)]
pub struct Parts<'a> {
    #[serde(default, borrow)]
    pub component: Vec<&'a RawValue>,
}

/// What has a code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coded {
    #[serde(default)]
    pub code: Concept,
    pub modifier_extension: Option<Value>,
}

/// Something that was seen, done, given, or is the case. Of what is only asked whether it is there, nothing is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub status: Option<String>,
    pub clinical_status: Option<Concept>,
    pub verification_status: Option<Concept>,
    pub code: Option<Concept>,
    pub medication_codeable_concept: Option<Concept>,
    pub medication_reference: Option<Reference>,
    pub vaccine_code: Option<Concept>,
    #[serde(rename = "type", default)]
    pub kinds: Vec<Concept>,
    pub subject: Option<Reference>,
    pub patient: Option<Reference>,
    pub effective_date_time: Option<String>,
    pub effective_instant: Option<String>,
    pub effective_period: Option<Period>,
    pub effective_timing: Option<IgnoredAny>,
    pub issued: Option<String>,
    pub performed_date_time: Option<String>,
    pub performed_period: Option<Period>,
    pub performed_string: Option<IgnoredAny>,
    pub performed_age: Option<IgnoredAny>,
    pub performed_range: Option<IgnoredAny>,
    pub occurrence_date_time: Option<String>,
    pub occurrence_string: Option<IgnoredAny>,
    pub onset_date_time: Option<String>,
    pub onset_period: Option<Period>,
    pub onset_string: Option<IgnoredAny>,
    pub onset_age: Option<IgnoredAny>,
    pub onset_range: Option<IgnoredAny>,
    pub recorded_date: Option<String>,
    pub abatement_date_time: Option<String>,
    pub abatement_period: Option<Period>,
    pub abatement_string: Option<IgnoredAny>,
    pub abatement_age: Option<IgnoredAny>,
    pub abatement_range: Option<IgnoredAny>,
    pub period: Option<Period>,
}
