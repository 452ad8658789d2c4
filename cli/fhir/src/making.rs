//! A case that is being made of resources, by what a rule wants of them; and what became of each.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::values::calendar::show_utc;
use serde_json::{Map, Value, json};

use crate::about::{About, OTHER_NUMBER};
use crate::address::Address;
use crate::beside::Beside;
use crate::opened::Held;
use crate::patient::{is_of_patient, of_patient};
use crate::report::Report;
use crate::resource::{Given, Record, Standing, record};
use crate::shapes::{Coding, Patient, Valued};
use crate::taking::{Candidate, taken};
use crate::time::Moment;
use crate::value::{Reading, Why, choice, value};
use crate::wanted::{Code, Event, Kind, Thing, Wanted};

/// What is left out of times, and not a resource.
pub const FINER: &str = "fractions of a millisecond in times";
/// Why a resource is left out.
const UNTOLD: &str = "given in several versions, of which it is not known which stands";
const NOT_THERE: &str = "whose medication is not there, or not said by a code";
const UNCODED: &str = "that say by no code what was given";
const SHAPELESS: &str = "without the shape of their kind";
const NO_KIND: &str = "of a kind that no fact or event is read from";
const NO_CODE: &str = "without a code of the rule";
const DID_NOT: &str = "that did not happen, or are over";
/// Why a fact is missing.
const DOUBTFUL: Why = "a resource that is left out may say something of it";
const NOT_FINAL: Why = "a value of it is not final";
const PARTIAL: Why = "the sender says that not everything is there";

/// A case, and what became of the resources.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// As `concord eval` takes it.
    pub case: Value,
    /// What was used, left out and missing.
    pub report: Report,
}

/// Places of facts and of kinds of event.
type Places = (Vec<usize>, Vec<usize>);

/// A case that is being made.
pub struct Making<'w> {
    wanted: &'w Wanted,
    beside: &'w Beside,
    as_of: Option<i64>,
    report: Report,
    pub(crate) about: About,
    patient: Patient,
    /// Nothing is known of who the patient is.
    no_patient: bool,
    /// Medications that came along, and those that something refers to.
    medications: Vec<Option<String>>,
    referred: BTreeSet<String>,
    /// The values of each fact.
    candidates: BTreeMap<usize, Vec<Candidate>>,
    /// Facts of which something is left out that may say something.
    doubtful: BTreeSet<usize>,
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

impl<'w> Making<'w> {
    pub fn new(about: About, (wanted, beside): (&'w Wanted, &'w Beside), as_of: Option<i64>) -> Making<'w> {
        let incomplete = places(&wanted.events, |kind| kind.codes.is_empty() || beside.may_lack(kind));
        // Where there is no such condition an observation may say no, and a condition that is not given yes.
        let doubtful = places(&wanted.facts, |fact| fact.kind == Kind::YesNo && beside.lacks("Condition"));
        Making {
            wanted,
            beside,
            as_of,
            report: Report { partial: beside.is_partial(), not_given: beside.not_given(), ..Report::default() },
            about,
            patient: Patient::default(),
            no_patient: beside.lacks("Patient"),
            medications: Vec::new(),
            referred: BTreeSet::new(),
            candidates: BTreeMap::new(),
            doubtful: doubtful.into_iter().collect(),
            events: Vec::new(),
            incomplete: incomplete.into_iter().collect(),
        }
    }

    /// Whether the resources are of more than one patient.
    pub fn is_of_several(&self) -> bool {
        self.about.are_several(self.beside)
    }

    /// A resource of which nothing is read.
    pub fn leave_out(&mut self, why: &'static str) {
        self.report.resources += 1;
        self.report.leave_out(why);
    }

    /// One of several versions of a resource, of which it is not known which stands.
    pub fn untold(&mut self, held: &Held<'_>) {
        self.report.resources += 1;
        self.doubt(held, UNTOLD);
    }

    /// Reads a resource.
    pub fn resource(&mut self, held: &Held<'_>) {
        self.report.resources += 1;
        if let Some(why) = held.not_understood {
            return self.doubt(held, why);
        }
        match held.head.resource_type.as_str() {
            "Patient" => {
                self.about.patient(held, self.report.resources);
                match serde_json::from_str(held.text.get()) {
                    Ok(patient) => self.patient = patient,
                    Err(_) => self.report.leave_out(SHAPELESS),
                }
            }
            "Medication" => self.medications.push(held.id.clone()),
            kind => match record(kind, held.text, &held.version) {
                None => self.report.leave_out(NO_KIND),
                Some(Err(_)) => self.doubt(held, SHAPELESS),
                Some(Ok(record)) => self.one(record, held),
            },
        }
    }

    /// Leaves a resource out of which nobody can tell what it says: whatever has its codes may be otherwise than the rest shows.
    fn doubt(&mut self, held: &Held<'_>, why: &'static str) {
        let kind = held.head.resource_type.as_str();
        if kind == "Patient" {
            self.about.patient(held, self.report.resources);
            self.no_patient = true;
            return self.report.leave_out_unsure(why);
        }
        let (facts, kinds) = match record(kind, held.text, &held.version) {
            None => return self.report.leave_out(NO_KIND),
            Some(Err(_)) => self.written_in(held.text.get()),
            Some(Ok(mut record)) => {
                let given = self.given(&mut record, held).is_ok();
                let (facts, mut kinds) = self.touched(&record);
                if !given {
                    kinds.extend(places(&self.wanted.events, Event::may_be_given));
                }
                (facts, kinds)
            }
        };
        if facts.is_empty() && kinds.is_empty() {
            return self.report.leave_out(NO_CODE);
        }
        self.doubtful.extend(facts);
        self.incomplete.extend(kinds);
        self.report.leave_out_unsure(why);
    }

    /// The facts and kinds of event of which a resource has a code.
    fn touched(&self, record: &Record<'_>) -> Places {
        let has = |codes: &[Code]| {
            any(&record.codes, codes)
                || any(&record.not_understood, codes)
                || record.parts.iter().any(|(part, _)| any(part, codes))
        };
        (places(&self.wanted.facts, |fact| has(&fact.codes)), places(&self.wanted.events, |kind| has(&kind.codes)))
    }

    /// Those of which a code stands anywhere in a text.
    fn written_in(&self, text: &str) -> Places {
        let has = |codes: &[Code]| codes.iter().any(|code| text.contains(&format!("\"{}\"", code.code)));
        (places(&self.wanted.facts, |fact| has(&fact.codes)), places(&self.wanted.events, |kind| has(&kind.codes)))
    }

    /// Adds the codes of what was given.
    ///
    /// # Errors
    /// Why it is not known what that was.
    fn given(&mut self, record: &mut Record<'_>, held: &Held<'_>) -> Result<(), &'static str> {
        match &record.given {
            Given::Said => Ok(()),
            Given::Uncoded => Err(UNCODED),
            Given::Refers(reference) => {
                let codes = self.beside.given(reference, held, self.wanted).ok_or(NOT_THERE)?;
                self.referred.extend(Address::of(reference, "Medication").map(|named| named.id));
                record.codes.extend(codes);
                Ok(())
            }
        }
    }

    /// Reads a resource that may have something for the case.
    fn one(&mut self, mut record: Record<'_>, held: &Held<'_>) {
        let given = self.given(&mut record, held);
        let (facts, mut kinds) = self.touched(&record);
        if given.is_err() {
            kinds.extend(places(&self.wanted.events, Event::may_be_given));
        }
        if facts.is_empty() && kinds.is_empty() {
            return self.report.leave_out(NO_CODE);
        }
        if !self.about.subject(record.subject.as_ref(), record.number.as_ref()) {
            return self.doubt(held, OTHER_NUMBER);
        }
        match record.standing {
            Standing::Counts => {}
            Standing::Mistaken => return self.report.leave_out("entered in error"),
            Standing::DidNot => return self.report.leave_out(DID_NOT),
            Standing::NotFinal => {
                self.incomplete.extend(kinds);
                self.not_final(&record, facts);
                return self.report.leave_out("not final");
            }
        }
        if let Err(why) = given {
            self.incomplete.extend(kinds);
            return self.report.leave_out_unsure(why);
        }
        let not_performed = |reason: &Coding| reason.code.as_deref() == Some("not-performed");
        if record.own.data_absent_reason.as_ref().is_some_and(|why| why.coding.iter().any(not_performed)) {
            return self.report.leave_out(DID_NOT);
        }
        self.used(&record, facts, kinds);
    }

    /// A value that may still become another stands among those of its fact, and nobody knows what it is. What would only say once more that something
    /// is so changes nothing.
    fn not_final(&mut self, record: &Record<'_>, facts: Vec<usize>) {
        for place in facts {
            let Some(fact) = self.wanted.facts.get(place) else { continue };
            if record.asserts && fact.kind == Kind::YesNo {
                continue;
            }
            let candidate = Candidate { when: record.when.at, value: Err(NOT_FINAL) };
            self.candidates.entry(place).or_default().push(candidate);
        }
    }

    /// Takes what a resource says, which counts.
    fn used(&mut self, record: &Record<'_>, facts: Vec<usize>, kinds: Vec<usize>) {
        let hides = |codes: &[Code]| any(&record.not_understood, codes);
        let there = record.course.map_or(Ok(true), |course| course.is_there(self.as_of));
        if there == Ok(false) && kinds.is_empty() {
            return self.report.leave_out(DID_NOT);
        }
        self.report.used += 1;
        if record.when.finer {
            self.report.leave_out(FINER);
        }
        let facts = if there == Ok(false) { Vec::new() } else { facts };
        for place in facts {
            let Some(fact) = self.wanted.facts.get(place) else { continue };
            if hides(&fact.codes) {
                self.doubtful.insert(place);
            }
            let value = there.and_then(|_| found(record, fact));
            self.timed(record, &fact.name);
            self.candidates.entry(place).or_default().push(Candidate { when: record.when.at, value });
        }
        for place in kinds {
            let Some(kind) = self.wanted.events.get(place) else { continue };
            if hides(&kind.codes) {
                self.incomplete.insert(place);
            } else {
                self.timed(record, &kind.name);
                self.event(record, kind);
            }
        }
    }

    /// Notes why a time is not known.
    fn timed(&mut self, record: &Record<'_>, name: &str) {
        if let Some(why) = record.when.unread {
            self.report.without_time(name, why);
        }
    }

    fn event(&mut self, record: &Record<'_>, kind: &Event) {
        let at = if kind.end.is_some() { record.when.begins } else { record.when.at };
        let mut event = Map::from_iter([("event".to_owned(), kind.name.as_str().into()), ("at".to_owned(), at.json())]);
        for field in &kind.fields {
            let value = if kind.end.as_ref() == Some(&field.name) {
                match record.when.until {
                    None if record.goes_on => Ok("none".into()),
                    None | Some(Moment::Unknown) => Err("it has no end, and is not said to go on"),
                    Some(until) => Ok(until.json()),
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

    /// What a fact is, or why it is missing; nothing where nothing speaks of it.
    fn fact(&mut self, place: usize, fact: &Thing) -> Option<Result<Reading, Why>> {
        let candidates = self.candidates.remove(&place);
        if self.doubtful.contains(&place) {
            return Some(Err(DOUBTFUL));
        }
        match candidates {
            Some(_) if self.report.partial => Some(Err(PARTIAL)),
            Some(candidates) => Some(taken(fact, completed(candidates), self.as_of)),
            None if self.no_patient && is_of_patient(fact) => Some(Err(DOUBTFUL)),
            None => of_patient(fact, &self.patient, self.as_of),
        }
    }

    /// The case, when everything is read.
    pub fn case(mut self) -> Mapped {
        for id in std::mem::take(&mut self.medications) {
            if id.is_some_and(|id| self.referred.contains(&id)) {
                self.report.used += 1;
            } else {
                self.report.leave_out(NO_KIND);
            }
        }
        let mut case = Map::new();
        case.extend(self.as_of.map(|as_of| ("as_of".to_owned(), show_utc(as_of).into())));
        for (place, fact) in self.wanted.facts.iter().enumerate() {
            match self.fact(place, fact) {
                None => {}
                Some(Ok(reading)) => drop(case.insert(fact.name.clone(), reading.json)),
                Some(Err(why)) => drop(self.report.missing.insert(fact.name.clone(), why)),
            }
        }
        if !self.wanted.events.is_empty() {
            let name = |place: &usize| self.wanted.events.get(*place).map(|kind| kind.name.as_str());
            let incomplete: Vec<&str> = self.incomplete.iter().filter_map(name).collect();
            case.insert("events".to_owned(), self.events.into());
            case.insert("not_supplied".to_owned(), json!(incomplete));
        }
        Mapped { case: case.into(), report: self.report }
    }
}

/// The values of a fact without those that were not final and are of the same instant as one that is: it was completed.
fn completed(mut all: Vec<Candidate>) -> Vec<Candidate> {
    let is_final = |one: &Candidate| one.value.as_ref().err() != Some(&NOT_FINAL);
    let instant = |when: Moment| if let Moment::At(instant) = when { Some(instant) } else { None };
    let settled: BTreeSet<i64> = all.iter().filter(|one| is_final(one)).filter_map(|one| instant(one.when)).collect();
    let is_settled = |when: Moment| instant(when).is_some_and(|instant| settled.contains(&instant));
    all.retain(|one| is_final(one) || !is_settled(one.when));
    all
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
