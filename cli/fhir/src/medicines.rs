//! What was given, where an administration refers to it: the codes of each medication, by its identity.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::address::Address;
use crate::shapes::{Coding, Head, Holding, Medication};
use crate::version::Version;
use crate::wanted::Wanted;

/// What a medication is: those of its codes that the rule has; nothing where it cannot be said what it is.
pub type What = Option<Vec<Coding>>;

/// Medications by their identity.
#[derive(Clone, Debug, Default)]
pub struct Medicines {
    of: BTreeMap<String, Vec<Medicine>>,
}

/// A medication of one server.
#[derive(Clone, Debug)]
struct Medicine {
    base: Option<String>,
    version: Version,
    what: What,
}

impl Medicines {
    /// One more; of two versions of one the later stands, and where it cannot be told which is later, nothing is known of it.
    pub fn add(&mut self, Address { base, id }: Address, version: Version, what: What) {
        let all = self.of.entry(id).or_default();
        match all.iter_mut().find(|own| own.base == base) {
            None => all.push(Medicine { base, version, what }),
            Some(own) if own.what == what => {
                if version.is_after(&own.version) {
                    own.version = version;
                }
            }
            Some(own) if version.is_after(&own.version) => *own = Medicine { base, version, what },
            Some(own) if own.version.is_after(&version) => {}
            Some(own) => own.what = None,
        }
    }

    /// What one is, on a server where that is known.
    pub fn find(&self, id: &str, base: Option<&str>) -> What {
        let mut found = self.of.get(id)?.iter().filter(|one| Address::may_be_at(one.base.as_deref(), base));
        let (first, second) = (found.next()?, found.next());
        if second.is_some() { None } else { first.what.clone() }
    }
}

/// What a medication is that stands within the resource which refers to it.
pub fn contained(text: &RawValue, id: &str, wanted: &Wanted) -> What {
    let holding: Holding<'_> = serde_json::from_str(text.get()).ok()?;
    let is = |text: &&&RawValue| {
        let head: Result<Head, _> = serde_json::from_str(text.get());
        head.is_ok_and(|head| head.id.as_deref() == Some(id) && head.resource_type == "Medication")
    };
    what(holding.contained.iter().find(is)?.get(), wanted)
}

/// What a medication is by what it says itself. One that has no code, is withdrawn, or that may mean something else, says nothing.
pub fn what(text: &str, wanted: &Wanted) -> What {
    let head: Head = serde_json::from_str(text).ok()?;
    let Medication { status, code } = serde_json::from_str(text).ok()?;
    if head.not_understood().is_some() || status.as_deref() == Some("entered-in-error") {
        return None;
    }
    let codes: Vec<Coding> = code?.coding.into_iter().filter(|coding| coding.code.is_some()).collect();
    let some = !codes.is_empty();
    some.then(|| codes.into_iter().filter(|coding| wanted.has(coding)).collect())
}
