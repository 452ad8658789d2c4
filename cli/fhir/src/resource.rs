//! What all resources from which cases are read come to: codes, a time, whether it counts, and values.

use serde_json::value::RawValue;

use crate::condition::{Course, has};
use crate::shapes::{Coded, Coding, Concept, Event, Number, Parts, Reference, Valued, says};
use crate::version::Version;
use crate::when::{When, onset, when};

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

/// What was given, where something was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing was, or it has its codes.
    Said,
    /// What another resource says.
    Refers(String),
    /// It has no code.
    Uncoded,
}

/// A resource, whatever its kind.
pub struct Record<'a> {
    pub codes: Vec<Coding>,
    pub standing: Standing,
    pub given: Given,
    pub when: When,
    /// Whether it lasts still: an encounter in progress for which no end is said, a condition that is active.
    pub goes_on: bool,
    /// Of a condition, whether it is there.
    pub course: Option<Course>,
    /// Its subject, as it is referred to, or the number by which that is named.
    pub subject: Option<String>,
    pub number: Option<Number>,
    /// Whether it says by being there that something is so, and has no value.
    pub asserts: bool,
    pub own: Valued<'a>,
    pub parts: Vec<(Vec<Coding>, Valued<'a>)>,
    /// The codes of parts that may mean something else than they say.
    pub not_understood: Vec<Coding>,
}

/// Reads a resource of a kind that cases are read from; none of another kind.
///
/// # Errors
/// Where it has not the shape of its kind.
pub fn record<'a>(kind: &str, text: &'a RawValue, version: &Version) -> Option<Result<Record<'a>, serde_json::Error>> {
    const KINDS: [&str; 6] =
        ["Observation", "Condition", "Procedure", "MedicationAdministration", "Immunization", "Encounter"];
    KINDS.contains(&kind).then(|| read(kind, text.get(), version))
}

fn read<'a>(kind: &str, text: &'a str, version: &Version) -> Result<Record<'a>, serde_json::Error> {
    let event: Event = serde_json::from_str(text)?;
    let observed = kind == "Observation";
    let own = if observed { serde_json::from_str(text)? } else { Valued::default() };
    let (mut parts, mut not_understood) = (Vec::new(), Vec::new());
    if observed {
        for part in serde_json::from_str::<Parts<'a>>(text)?.component {
            let coded: Coded = serde_json::from_str(part.get())?;
            if says(coded.modifier_extension.as_ref()) {
                not_understood.extend(coded.code.coding);
            } else {
                parts.push((coded.code.coding, serde_json::from_str(part.get())?));
            }
        }
    }
    let standing = standing(kind, &event);
    let course = (kind == "Condition").then(|| Course::of(&event));
    let when = match course {
        Some(course) => When { until: course.until(), ..onset(&event, version.updated()) },
        None => when(kind, &event),
    };
    let goes_on = when.until.is_none()
        && (course.is_some() || kind == "Encounter" && event.status.as_deref().is_some_and(in_progress));
    let given = if kind == "MedicationAdministration" { given(&event) } else { Given::Said };
    let concepts = [event.code, event.medication_codeable_concept, event.vaccine_code];
    let concepts = concepts.into_iter().flatten().chain(event.kinds);
    let named = event.subject.or(event.patient);
    let number = named.as_ref().and_then(|of| Number::of(of.identifier.as_ref()?));
    let subject = named.and_then(|of| of.reference);
    let codes = concepts.flat_map(|concept| concept.coding).collect();
    let asserts = !observed;
    Ok(Record { codes, standing, given, when, goes_on, course, subject, number, asserts, own, parts, not_understood })
}

/// Where an administration says what was given.
fn given(event: &Event) -> Given {
    let coded = |concept: &Concept| concept.coding.iter().any(|coding| coding.code.is_some());
    if event.medication_codeable_concept.as_ref().is_some_and(coded) {
        return Given::Said;
    }
    let reference = event.medication_reference.as_ref();
    reference.map_or(Given::Uncoded, |Reference { reference, .. }| {
        // A reference that names nothing leads nowhere.
        Given::Refers(reference.clone().unwrap_or_default())
    })
}

/// Whether an encounter of this status has begun and not ended.
fn in_progress(status: &str) -> bool {
    matches!(status, "in-progress" | "onleave" | "arrived" | "triaged")
}

fn standing(kind: &str, event: &Event) -> Standing {
    if kind == "Condition" {
        let is = |codes: &[&str]| has(event.verification_status.as_ref(), codes);
        return if is(&["entered-in-error"]) {
            Standing::Mistaken
        } else if is(&["refuted"]) {
            Standing::DidNot
        } else if is(&["unconfirmed", "provisional", "differential"]) {
            Standing::NotFinal
        } else {
            Standing::Counts
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
