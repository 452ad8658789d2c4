//! About whom resources are: the patients among them, and the subjects that they name, by a reference or by an identifier.

use std::collections::BTreeSet;

use crate::address::Address;
use crate::beside::Beside;
use crate::opened::Held;
use crate::shapes::Number;
use crate::whose::numbers_of;

/// Why a resource is left out.
pub const OTHER_NUMBER: &str = "whose subject is named by an identifier that is none of the patient's";

/// Those whom resources are about.
#[derive(Default)]
pub struct About {
    /// Subjects, as they are referred to.
    subjects: BTreeSet<String>,
    patients: BTreeSet<String>,
    /// By what others may refer to the patient.
    addresses: Vec<Address>,
    /// By which numbers the patient is known, and those by which subjects are named where none is.
    known: BTreeSet<Number>,
    named: BTreeSet<Number>,
}

impl About {
    /// Of resources that are there together: what patients among them are known by.
    pub fn of(held: &[Held<'_>]) -> About {
        let patients = held.iter().filter(|held| held.head.resource_type == "Patient");
        let numbers = patients.flat_map(|held| numbers_of(held.text.get()));
        About { known: numbers.collect(), ..About::default() }
    }

    /// Notes a patient: versions of one are one, and each without an identity is another; `place` is a number that no other resource has.
    pub fn patient(&mut self, held: &Held<'_>, place: usize) {
        let name = match (&held.id, &held.base) {
            (Some(id), Some(base)) => format!("{base}/{id}"),
            (Some(id), None) => id.clone(),
            (None, _) => format!("#{place}"),
        };
        self.patients.insert(name);
        self.addresses.extend(held.addresses());
    }

    /// Notes the subject of a resource; whether it may be the patient.
    pub fn subject(&mut self, reference: Option<&String>, number: Option<&Number>) -> bool {
        match (reference, number) {
            (Some(reference), _) => {
                self.subjects.insert(reference.clone());
                true
            }
            (None, Some(number)) if self.known.is_empty() => {
                self.named.insert(number.clone());
                true
            }
            (None, Some(number)) => self.known.contains(number),
            (None, None) => true,
        }
    }

    /// Whether they are somebody else than the patient of an identity: the patient who came along, or where none did, whoever the resources are of.
    pub fn are_another(&self, patient: &str, beside: &Beside) -> bool {
        let is = |of: &Address| of.id == patient || beside.standing(&of.id) == beside.standing(patient);
        if self.addresses.is_empty() {
            return self.subjects.iter().any(|of| Address::of(of, "Patient").is_none_or(|of| !is(&of)));
        }
        !self.addresses.iter().any(is)
    }

    /// Whether they are more than one; records of one person are one.
    pub fn are_several(&self, beside: &Beside) -> bool {
        let stands = |subject: &String| match Address::of(subject, "Patient") {
            Some(of) if beside.standing(&of.id) != of.id => format!("Patient/{}", beside.standing(&of.id)),
            Some(of) if beside.is_merged_into(&of.id) => format!("Patient/{}", of.id),
            _ => subject.clone(),
        };
        let subjects: BTreeSet<String> = self.subjects.iter().map(stands).collect();
        let named = |subject: &String| {
            let subject = Address::of(subject, "Patient");
            subject.is_some_and(|of| self.addresses.iter().any(|own| own.may_be(&of)))
        };
        let another = !self.addresses.is_empty() && !subjects.iter().all(named);
        self.patients.len() > 1 || subjects.len() > 1 || self.named.len() > 1 || another
    }
}
