//! What stands beside the resources of patients: medications that they refer to, what was deleted, and whether the sender says that there is more.

use std::collections::BTreeMap;

use crate::address::Address;
use crate::medicines::{Medicines, What, contained, what};
use crate::opened::{Deleted, Held, Opened, lacks};
use crate::shapes::{Bundle, Head};
use crate::version::Version;
use crate::wanted::Wanted;

/// What stands beside the resources of patients.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    medicines: Medicines,
    deleted: BTreeMap<String, Vec<Deleted>>,
    partial: bool,
}

impl Beside {
    /// Of a bundle.
    pub(crate) fn of(opened: &Opened<'_>, wanted: &Wanted) -> Beside {
        let mut beside = Beside { medicines: opened.medicines(wanted), partial: opened.partial, ..Beside::default() };
        opened.deleted.iter().for_each(|deleted| beside.delete(deleted.clone()));
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
            ("Bundle", _) => {
                let bundle: Bundle<'_> = serde_json::from_str(text).map_err(no_resource)?;
                let Opened { held, deleted, partial } = Opened::of(bundle)?;
                if !held.is_empty() {
                    return Err("the line is a bundle, and an export has a resource on each line".to_owned());
                }
                self.partial |= partial;
                deleted.into_iter().for_each(|deleted| self.delete(deleted));
                Ok(None)
            }
            _ => Ok(Some(OTHER)),
        }
    }

    /// Whether the sender says that there is more.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
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
