//! A bundle, by what a rule wants of it, as a case; and what became of everything in it.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::values::calendar::{local_date, months_between, show_utc, years_between};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::report::Report;
use crate::resource::{Bundle, Coding, Head, Patient, Record, Standing, Valued, record};
use crate::taking::{Candidate, taken};
use crate::time::{Moment, days};
use crate::value::{Reading, Why, choice, value};
use crate::wanted::{Code, Event, Kind, Thing, Wanted};

/// The largest bundle, and the most resources in it.
const LARGEST: usize = 256 << 20;

/// Codes of what is not observed but follows from who the patient is: SNOMED CT's current chronological age and LOINC's age, LOINC's date of birth,
/// and the sex that is registered (LOINC).
const AGE: [&str; 2] = ["424144002", "30525-0"];
const BORN: [&str; 1] = ["21112-8"];
const SEX: [&str; 2] = ["46098-0", "76689-9"];

/// What is left out of times, and not a resource.
pub const FINER: &str = "fractions of a millisecond in times";

/// A case, and what became of the bundle.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// As `concord eval` takes it.
    pub case: Value,
    /// What was used, left out and missing.
    pub report: Report,
}

/// Reads a bundle as a case, to be judged as of an instant.
///
/// # Errors
/// Where it is no bundle of one patient.
pub fn read(text: &[u8], wanted: &Wanted, as_of: Option<i64>) -> Result<Mapped, String> {
    if text.len() > LARGEST {
        return Err(format!("the bundle is larger than {LARGEST} bytes"));
    }
    let bundle: Bundle<'_> = serde_json::from_slice(text)
        .map_err(|error| format!("this is no FHIR bundle: line {}, column {}", error.line(), error.column()))?;
    if bundle.resource_type != "Bundle" {
        return Err("this is no FHIR bundle: its `resourceType` is another".to_owned());
    }
    let mut reading = Bundled::new(wanted, as_of);
    for text in bundle.entry.iter().filter_map(|entry| entry.resource) {
        reading.resource(text)?;
    }
    if reading.patients > 1 || reading.subjects.len() > 1 {
        return Err("the bundle is about several patients; a case is about one".to_owned());
    }
    reading.case()
}

/// Reads resources of one patient, gathered by whoever calls, as a case, to be judged as of an instant.
///
/// # Errors
/// Where one of them is no resource.
pub fn gathered(resources: &[&str], wanted: &Wanted, as_of: Option<i64>) -> Result<Mapped, String> {
    let mut reading = Bundled::new(wanted, as_of);
    for text in resources {
        reading.resource(serde_json::from_str(text).map_err(|_| "a line is no resource".to_owned())?)?;
    }
    reading.case()
}

/// A bundle that is being read.
struct Bundled<'w> {
    wanted: &'w Wanted,
    as_of: Option<i64>,
    report: Report,
    seen: BTreeSet<(String, String)>,
    subjects: BTreeSet<String>,
    patients: usize,
    patient: Patient,
    /// The values of each fact.
    candidates: BTreeMap<usize, Vec<Candidate>>,
    events: Vec<Value>,
    /// Kinds of event of which there may be more than are listed.
    incomplete: BTreeSet<usize>,
}

/// Whether one of these codes is one of those.
fn any(codings: &[Coding], codes: &[Code]) -> bool {
    codings
        .iter()
        .any(|of| of.code.as_deref().is_some_and(|code| codes.iter().any(|own| own.is(of.system.as_deref(), code))))
}

impl<'w> Bundled<'w> {
    fn new(wanted: &'w Wanted, as_of: Option<i64>) -> Bundled<'w> {
        let incomplete = wanted
            .events
            .iter()
            .enumerate()
            .filter(|(_, kind)| kind.codes.is_empty())
            .map(|(place, _)| place)
            .collect();
        Bundled {
            wanted,
            as_of,
            report: Report::default(),
            seen: BTreeSet::new(),
            subjects: BTreeSet::new(),
            patients: 0,
            patient: Patient::default(),
            candidates: BTreeMap::new(),
            events: Vec::new(),
            incomplete,
        }
    }

    /// Reads a resource.
    fn resource(&mut self, text: &RawValue) -> Result<(), String> {
        self.report.resources += 1;
        let head: Head = serde_json::from_str(text.get()).map_err(|_| "a resource has no `resourceType`".to_owned())?;
        if head.id.as_ref().is_some_and(|id| !self.seen.insert((head.resource_type.clone(), id.clone()))) {
            self.report.leave_out("given twice");
            return Ok(());
        }
        if head.resource_type == "Patient" {
            self.patients += 1;
            match serde_json::from_str(text.get()) {
                Ok(patient) => self.patient = patient,
                Err(_) => self.report.leave_out("without the shape of their kind"),
            }
            return Ok(());
        }
        match record(&head.resource_type, text) {
            None => self.report.leave_out("of a kind that no fact or event is read from"),
            Some(Err(_)) => self.report.leave_out("without the shape of their kind"),
            Some(Ok(record)) => self.one(&record),
        }
        Ok(())
    }

    /// Reads a resource that may have something for the case.
    fn one(&mut self, record: &Record<'_>) {
        let has = |codes: &[Code]| any(&record.codes, codes) || record.parts.iter().any(|(part, _)| any(part, codes));
        let facts: Vec<usize> = places(&self.wanted.facts, |fact| has(&fact.codes));
        let kinds: Vec<usize> = places(&self.wanted.events, |kind| has(&kind.codes));
        if facts.is_empty() && kinds.is_empty() {
            return self.report.leave_out("without a code of the rule");
        }
        self.subjects.extend(record.subject.clone());
        match record.standing {
            Standing::Counts => {}
            Standing::Mistaken => return self.report.leave_out("entered in error"),
            Standing::DidNot => return self.report.leave_out("that did not happen, or are over"),
            Standing::NotFinal => {
                self.incomplete.extend(kinds);
                return self.report.leave_out("not final");
            }
        }
        let not_performed = |reason: &Coding| reason.code.as_deref() == Some("not-performed");
        if record.own.data_absent_reason.as_ref().is_some_and(|why| why.coding.iter().any(not_performed)) {
            return self.report.leave_out("that did not happen, or are over");
        }
        self.report.used += 1;
        if record.finer {
            self.report.leave_out(FINER);
        }
        for place in facts {
            let Some(fact) = self.wanted.facts.get(place) else { continue };
            let value = found(record, fact);
            self.candidates.entry(place).or_default().push(Candidate { when: record.when, value });
        }
        for place in kinds {
            if let Some(kind) = self.wanted.events.get(place) {
                self.event(record, kind);
            }
        }
    }

    fn event(&mut self, record: &Record<'_>, kind: &Event) {
        let mut event =
            Map::from_iter([("event".to_owned(), kind.name.as_str().into()), ("at".to_owned(), record.when.json())]);
        for field in &kind.fields {
            let value = if kind.end.as_ref() == Some(&field.name) {
                match record.until {
                    Moment::Unknown if record.goes_on => Ok("none".into()),
                    Moment::Unknown => Err("it has no end, and is not said to go on"),
                    until => Ok(until.json()),
                }
            } else if field.codes.is_empty() {
                continue;
            } else {
                found(record, field).map(|reading| reading.json)
            };
            match value {
                Ok(value) => drop(event.insert(field.name.clone(), value)),
                Err(why) => drop(self.report.missing.insert(format!("{}.{}", kind.name, field.name), why)),
            }
        }
        self.events.push(event.into());
    }

    /// The case, when everything is read.
    fn case(mut self) -> Result<Mapped, String> {
        let mut case = Map::new();
        case.extend(self.as_of.map(|as_of| ("as_of".to_owned(), show_utc(as_of).into())));
        for (place, fact) in self.wanted.facts.iter().enumerate() {
            let reading = match (self.candidates.remove(&place), of_patient(fact, &self.patient, self.as_of)) {
                (None, None) => continue,
                (None, Some(value)) => value,
                (Some(candidates), _) => taken(fact, candidates, self.as_of),
            };
            match reading {
                Ok(reading) => drop(case.insert(fact.name.clone(), reading.json)),
                Err(why) => drop(self.report.missing.insert(fact.name.clone(), why)),
            }
        }
        if !self.wanted.events.is_empty() {
            let name = |place: &usize| self.wanted.events.get(*place).map(|kind| kind.name.as_str());
            let incomplete: Vec<&str> = self.incomplete.iter().filter_map(name).collect();
            case.insert("events".to_owned(), self.events.into());
            case.insert("not_supplied".to_owned(), json!(incomplete));
        }
        Ok(Mapped { case: case.into(), report: self.report })
    }
}

fn places<T>(all: &[T], is: impl Fn(&T) -> bool) -> Vec<usize> {
    all.iter().enumerate().filter(|(_, of)| is(of)).map(|(place, _)| place).collect()
}

/// The value that a resource has of something: its own, or that of a part; that it is there, where that is what it says.
fn found(record: &Record<'_>, thing: &Thing) -> Result<Reading, Why> {
    let part = record.parts.iter().find(|(codes, _)| any(codes, &thing.codes)).map(|(_, valued)| valued);
    let own = any(&record.codes, &thing.codes).then_some(&record.own);
    if let (None, Some(_)) = (part, own.filter(|_| record.asserts)) {
        return match thing.kind {
            Kind::YesNo => Ok(Reading { json: true.into(), size: None }),
            Kind::Enum => choice(thing, &record.codes),
            _ => Err("the resource says that it is so, and has no value"),
        };
    }
    // A panel has its values in its parts; what stands in its own place is none of them.
    let of: &Valued<'_> = part.or(own).ok_or("no part of the resource has it")?;
    value(thing, of)
}

/// What follows from who the patient is.
fn of_patient(fact: &Thing, patient: &Patient, as_of: Option<i64>) -> Option<Result<Reading, Why>> {
    let is = |codes: &[&str]| fact.codes.iter().any(|own| codes.contains(&own.code.as_str()));
    if is(&SEX) {
        let code = match patient.gender.as_deref()? {
            "male" => "248153007",
            "female" => "248152002",
            _ => return Some(Err("it is recorded as neither of the two")),
        };
        let system = "http://snomed.info/sct".to_owned();
        return Some(choice(fact, &[Coding { system: Some(system), code: Some(code.to_owned()) }]));
    }
    if !is(&AGE) && !is(&BORN) {
        return None;
    }
    let Some((first, last)) = days(patient.birth_date.as_deref()?) else { return Some(Err("it cannot be read")) };
    Some(match (&fact.kind, as_of.map(local_date)) {
        (Kind::Date, _) if first == last => Ok(Reading { json: Moment::On(first, last).json(), size: None }),
        (Kind::Number { unit, .. }, Some(today)) => age(fact, unit, (first, last), today),
        (Kind::Number { .. }, None) => Err("how old somebody is depends on the instant to judge at"),
        _ => Err("it is not known to the day"),
    })
}

/// Completed years, months, weeks or days since a birth on one of these days.
fn age(fact: &Thing, unit: &str, (first, last): (i64, i64), today: i64) -> Result<Reading, Why> {
    let since = |day: i64| match unit {
        "year" | "years" => Some(years_between(day, today)),
        "month" | "months" => Some(months_between(day, today)),
        "week" | "weeks" => Some((today - day).div_euclid(7)),
        "day" | "days" | "calendar day" | "calendar days" => Some(today - day),
        _ => None,
    };
    let (Some(least), Some(most)) = (since(last), since(first)) else { return Err("its unit is not one of age") };
    if least < fact.ends.0 || most > fact.ends.1 {
        return Err("it lies outside the range that the rule declares");
    }
    let json = if least == most { least.into() } else { json!({ "from": least, "to": most }) };
    Ok(Reading { json, size: None })
}
