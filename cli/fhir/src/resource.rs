//! The resources of a bundle, as far as cases are read from them, and what all of them come to: codes, a time, whether it counts, and values.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::time::Moment;

/// A bundle.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle<'a> {
    pub resource_type: String,
    #[serde(default, borrow)]
    pub entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
pub struct Entry<'a> {
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
}

/// What every resource says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub resource_type: String,
    pub id: Option<String>,
}

/// Whose case it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    pub birth_date: Option<String>,
    pub gender: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Concept {
    #[serde(default)]
    pub coding: Vec<Coding>,
}

#[derive(Deserialize)]
pub struct Reference {
    pub reference: Option<String>,
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
    pub value_string: Option<serde::de::IgnoredAny>,
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
pub struct Coded {
    #[serde(default)]
    pub code: Concept,
}

/// Something that was seen, done, given, or is the case.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub status: Option<String>,
    pub clinical_status: Option<Concept>,
    pub verification_status: Option<Concept>,
    pub code: Option<Concept>,
    pub medication_codeable_concept: Option<Concept>,
    pub vaccine_code: Option<Concept>,
    #[serde(rename = "type", default)]
    pub kinds: Vec<Concept>,
    pub subject: Option<Reference>,
    pub patient: Option<Reference>,
    pub effective_date_time: Option<String>,
    pub effective_instant: Option<String>,
    pub effective_period: Option<Period>,
    pub performed_date_time: Option<String>,
    pub performed_period: Option<Period>,
    pub occurrence_date_time: Option<String>,
    pub onset_date_time: Option<String>,
    pub onset_period: Option<Period>,
    pub period: Option<Period>,
}

/// Whether something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Counts,
    /// It never was what it says.
    Mistaken,
    /// It may still become something else.
    NotFinal,
    /// It did not happen, or is over.
    DidNot,
}

/// A resource, whatever its kind.
pub struct Record<'a> {
    pub codes: Vec<Coding>,
    pub standing: Standing,
    pub when: Moment,
    /// When it was over, of what lasts.
    pub until: Moment,
    /// Whether it lasts still: an encounter in progress for which no end is said.
    pub goes_on: bool,
    /// Its subject, as it is referred to.
    pub subject: Option<String>,
    /// Whether it says by being there that something is so, and has no value.
    pub asserts: bool,
    /// More than milliseconds were left out of its time.
    pub finer: bool,
    pub own: Valued<'a>,
    pub parts: Vec<(Vec<Coding>, Valued<'a>)>,
}

/// Reads a resource of a kind that cases are read from; none of another kind.
///
/// # Errors
/// Where it has not the shape of its kind.
pub fn record<'a>(kind: &str, text: &'a RawValue) -> Option<Result<Record<'a>, serde_json::Error>> {
    const KINDS: [&str; 6] =
        ["Observation", "Condition", "Procedure", "MedicationAdministration", "Immunization", "Encounter"];
    KINDS.contains(&kind).then(|| read(kind, text.get()))
}

fn read<'a>(kind: &str, text: &'a str) -> Result<Record<'a>, serde_json::Error> {
    let event: Event = serde_json::from_str(text)?;
    let observed = kind == "Observation";
    let own = if observed { serde_json::from_str(text)? } else { Valued::default() };
    let mut parts = Vec::new();
    if observed {
        for part in serde_json::from_str::<Parts<'a>>(text)?.component {
            let coded: Coded = serde_json::from_str(part.get())?;
            parts.push((coded.code.coding, serde_json::from_str(part.get())?));
        }
    }
    let standing = standing(kind, &event);
    let (when, finer) = when(&event);
    let until = [&event.performed_period, &event.period, &event.effective_period, &event.onset_period];
    let until = until.into_iter().flatten().find_map(|period| period.end.as_deref());
    let goes_on = until.is_none() && kind == "Encounter" && event.status.as_deref().is_some_and(in_progress);
    let until = until.and_then(Moment::read).map_or(Moment::Unknown, |(until, _)| until);
    let concepts = [event.code, event.medication_codeable_concept, event.vaccine_code];
    let concepts = concepts.into_iter().flatten().chain(event.kinds);
    let subject = event.subject.or(event.patient).and_then(|of| of.reference);
    let codes = concepts.flat_map(|concept| concept.coding).collect();
    Ok(Record { codes, standing, when, until, goes_on, subject, asserts: !observed, finer, own, parts })
}

/// When something was, or began; and whether more than milliseconds were left out.
fn when(event: &Event) -> (Moment, bool) {
    let instants = [
        &event.effective_date_time,
        &event.effective_instant,
        &event.performed_date_time,
        &event.occurrence_date_time,
        &event.onset_date_time,
    ];
    if let Some(read) = instants.into_iter().flatten().find_map(|text| Moment::read(text)) {
        return read;
    }
    let read = |text: &Option<String>| text.as_deref().and_then(Moment::read).map(|(moment, _)| moment);
    // What is done or lasts begins with its period; what was measured was measured somewhere within it.
    let begins = [&event.performed_period, &event.period, &event.onset_period].into_iter().flatten().next();
    if let Some(start) = begins.and_then(|period| read(&period.start)) {
        return (start, false);
    }
    let measured = event.effective_period.as_ref().map(|period| Moment::period(read(&period.start), read(&period.end)));
    (measured.unwrap_or(Moment::Unknown), false)
}

/// Whether an encounter of this status has begun and not ended.
fn in_progress(status: &str) -> bool {
    matches!(status, "in-progress" | "onleave" | "arrived" | "triaged")
}

fn standing(kind: &str, event: &Event) -> Standing {
    let code = |concept: &Option<Concept>| {
        let coding = concept.as_ref().and_then(|concept| concept.coding.first());
        // Without a code it says nothing of where it stands.
        coding.and_then(|coding| coding.code.clone()).unwrap_or_default()
    };
    if kind == "Condition" {
        return match (code(&event.verification_status).as_str(), code(&event.clinical_status).as_str()) {
            ("entered-in-error", _) => Standing::Mistaken,
            ("refuted", _) | (_, "inactive" | "remission" | "resolved") => Standing::DidNot,
            ("unconfirmed" | "provisional" | "differential", _) => Standing::NotFinal,
            _ => Standing::Counts,
        };
    }
    match event.status.as_deref() {
        Some("entered-in-error") => Standing::Mistaken,
        Some("final" | "amended" | "corrected" | "completed" | "finished") => Standing::Counts,
        // Who is in hospital is, though the stay goes on.
        Some(status) if kind == "Encounter" && in_progress(status) => Standing::Counts,
        Some("cancelled" | "not-done") => Standing::DidNot,
        _ => Standing::NotFinal,
    }
}
