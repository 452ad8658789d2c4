//! What stands beside the resources of patients: medications that they refer to, what was deleted, of whom else versions of them are, whose record was
//! merged into which, and whether the sender says that there is more.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::address::Address;
use crate::linked::Linked;
use crate::medicines::{Medicines, What, contained, what};
use crate::opened::{Deleted, Held, Opened, lacks};
use crate::shapes::{Bundle, Head, Number};
use crate::version::Version;
use crate::wanted::{Event, Wanted};
use crate::whose::{Called, numbers_of};

/// Kinds of resource that may say that an event happened, whatever its code.
const HAPPENED: [&str; 5] = ["Observation", "Condition", "Procedure", "Immunization", "Encounter"];

/// What stands beside the resources of patients.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    medicines: Medicines,
    deleted: BTreeMap<String, Vec<Deleted>>,
    /// By numbers made of a resource and of its patient, the latest version that there is of it there: of those that may be later than another.
    placed: BTreeMap<(u64, u64), Version>,
    linked: Linked,
    /// By a number made of each by which a patient is known, who is.
    numbered: BTreeMap<u64, Vec<String>>,
    /// Once all is read: by a record that was merged, that into which it was.
    merged: BTreeMap<String, String>,
    /// The other way round: by a record, those that were merged into it.
    into: BTreeMap<String, Vec<String>>,
    partial: bool,
    /// Kinds of resource that the sender does not give, whatever there is of them.
    lacking: Vec<String>,
}

/// A number made of some texts; two have the same hardly ever.
fn number(texts: &[&str]) -> u64 {
    hashed(texts)
}

fn hashed(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Beside {
    /// Of a bundle whose sender does not give some kinds of resource.
    pub(crate) fn of(opened: &Opened<'_>, wanted: &Wanted, lacking: &[&str]) -> Beside {
        let lacking = lacking.iter().map(|kind| (*kind).to_owned()).collect();
        let mut beside =
            Beside { medicines: opened.medicines(wanted), partial: opened.partial, lacking, ..Beside::default() };
        opened.deleted.iter().for_each(|deleted| beside.delete(deleted.clone()));
        let patients = opened.held.iter().filter(|held| held.head.resource_type == "Patient");
        for (patient, held) in patients.filter_map(|held| held.id.as_deref().zip(Some(held))) {
            // What may mean something else than it says does not say so.
            if held.not_understood.is_none() {
                beside.linked.add(patient, &held.version, held.text.get());
            }
        }
        beside.settle();
        beside
    }

    fn delete(&mut self, deleted: Deleted) {
        self.deleted.entry(deleted.id.clone()).or_default().push(deleted);
    }

    /// A line of an export that is of no patient: nothing where something is known by it, or why it is left out.
    ///
    /// # Errors
    /// Where it should not stand there.
    pub fn add(&mut self, text: &str, wanted: &Wanted) -> Result<Option<&'static str>, String> {
        const OTHER: &str = "of no patient";
        const LACKS: &str = "that say that something is not there";
        let no_resource = |_| "the line is no resource of FHIR".to_owned();
        let head: Head = serde_json::from_str(text).map_err(no_resource)?;
        match (head.resource_type.as_str(), head.id.as_deref()) {
            ("Medication", Some(id)) => {
                let address = Address { base: None, id: id.to_owned() };
                self.medicines.add(address, Version::of(head.meta.as_ref()), what(text, wanted));
                Ok(None)
            }
            ("OperationOutcome", _) if lacks(text) => {
                self.partial = true;
                Ok(Some(LACKS))
            }
            _ => Ok(Some(OTHER)),
        }
    }

    /// A line of an export that is a bundle: the resources in it; what was deleted, and whether there is more, is noted.
    ///
    /// # Errors
    /// Where it is none, a part of one, or may mean something else than it says.
    pub fn open<'t>(&mut self, text: &'t str) -> Result<Vec<&'t str>, String> {
        let bundle: Bundle<'t> =
            serde_json::from_str(text).map_err(|_| "the line is no resource of FHIR".to_owned())?;
        let Opened { held, deleted, partial } = Opened::of(bundle)?;
        // Its entry says so, which is not there any more where the resource is read by itself.
        if let Some(why) =
            held.iter().find_map(|held| held.not_understood.filter(|_| held.head.not_understood().is_none()))
        {
            return Err(format!("the line is a bundle of resources {why}"));
        }
        self.partial |= partial;
        deleted.into_iter().for_each(|deleted| self.delete(deleted));
        Ok(held.into_iter().map(|held| held.text.get()).collect())
    }

    /// Notes that a resource is of a patient.
    pub fn place(&mut self, patient: &str, called: &Called, text: &str) {
        let Called { kind, id, version } = called;
        if kind == "Patient" {
            self.linked.add(patient, version, text);
            for own in numbers_of(text) {
                let known = self.numbered.entry(hashed(own)).or_default();
                if !known.iter().any(|known| known == patient) {
                    known.push(patient.to_owned());
                }
            }
        }
        if version.may_be_later() {
            let latest =
                self.placed.entry((number(&[kind, id]), number(&[patient]))).or_insert_with(|| version.clone());
            if version.is_after(latest) {
                latest.clone_from(version);
            }
        }
    }

    /// Says which record was merged into which, as far as that is known by now.
    pub fn settle(&mut self) {
        let is_over = |patient: &str, version: &Version| {
            let latest = self.placed.get(&(number(&["Patient", patient]), number(&[patient])));
            latest.is_some_and(|latest| latest.is_after(version))
        };
        self.merged = self.linked.standing(is_over);
        self.into.clear();
        for (old, into) in &self.merged {
            self.into.entry(into.clone()).or_default().push(old.clone());
        }
    }

    /// The record that stands for a patient: another, where its own was merged into that.
    #[must_use]
    pub fn standing<'p>(&'p self, patient: &'p str) -> &'p str {
        self.merged.get(patient).map_or(patient, String::as_str)
    }

    /// The patient who is known by a number, once records are settled; none where nobody is, or more than one.
    #[must_use]
    pub fn known_by(&self, number: &Number) -> Option<&str> {
        let all = self.numbered.get(&hashed(number)).into_iter().flatten();
        let all: BTreeSet<&str> = all.map(|patient| self.standing(patient)).collect();
        all.first().copied().filter(|_| all.len() == 1)
    }

    /// Whether another record was merged into that of a patient.
    pub(crate) fn is_merged_into(&self, patient: &str) -> bool {
        self.into.contains_key(patient)
    }

    /// The record that stands for all patients among resources, where one was merged into it.
    pub(crate) fn only(&self, held: &[Held<'_>]) -> Option<String> {
        let patients = held.iter().filter(|held| held.head.resource_type == "Patient").map(|held| held.id.as_deref());
        let all = patients.map(|id| id.map(|id| self.standing(id))).collect::<Option<BTreeSet<&str>>>()?;
        let only = all.first().filter(|only| all.len() == 1 && self.is_merged_into(only))?;
        Some((*only).to_owned())
    }

    /// The versions of a resource that are of other patients than one.
    pub(crate) fn elsewhere<'b>(&'b self, of: &Held<'_>, patient: Option<&str>) -> impl Iterator<Item = &'b Version> {
        let key = of.id.as_deref().zip(patient).map(|(id, _)| number(&[&of.head.resource_type, id]));
        let own: Vec<u64> = patient.map_or_else(Vec::new, |patient| {
            let merged = self.into.get(patient).into_iter().flatten().map(String::as_str);
            merged.chain([patient]).map(|name| number(&[name])).collect()
        });
        let all = key.into_iter().flat_map(|key| self.placed.range((key, 0)..=(key, u64::MAX)));
        all.filter(move |((_, of), _)| !own.contains(of)).map(|(_, version)| version)
    }

    /// Whether the sender says that there is more.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Kinds of resource that the sender does not give.
    pub(crate) fn not_given(&self) -> Vec<String> {
        self.lacking.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }

    /// Whether the sender does not give a kind of resource.
    pub(crate) fn lacks(&self, kind: &str) -> bool {
        self.lacking.iter().any(|own| own == kind)
    }

    /// Whether there may be more events of a kind than there are resources.
    pub(crate) fn may_lack(&self, kind: &Event) -> bool {
        let given = self.lacks("MedicationAdministration") && kind.may_be_given();
        self.partial || given || HAPPENED.iter().any(|of| self.lacks(of))
    }

    /// The deletions that may be of a resource.
    pub(crate) fn deletions<'b>(&'b self, of: &'b Held<'_>) -> impl Iterator<Item = &'b Version> {
        let id = of.id.as_deref();
        let all = id.and_then(|id| self.deleted.get(id)).into_iter().flatten();
        let kind = of.head.resource_type.as_str();
        let may_be = move |deleted: &&Deleted| id.is_some_and(|id| deleted.may_be((kind, id), of.base.as_deref()));
        all.filter(may_be).map(|deleted| &deleted.version)
    }

    /// What was given, by the reference of a resource.
    pub(crate) fn given(&self, reference: &str, by: &Held<'_>, wanted: &Wanted) -> What {
        if let Some(id) = reference.strip_prefix('#') {
            return contained(by.text, id, wanted);
        }
        let Address { base, id } = Address::of(reference, "Medication")?;
        let base = base.or_else(|| by.base.clone());
        let gone = self.deleted.get(&id).into_iter().flatten();
        let mut gone = gone.filter(|deleted| deleted.may_be(("Medication", &id), base.as_deref()));
        if gone.next().is_some() { None } else { self.medicines.find(&id, base.as_deref()) }
    }
}
