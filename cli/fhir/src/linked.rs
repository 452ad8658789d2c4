//! Records of one person: a patient whose record was merged into another says so, or is named by it, and what stands under either is of one case.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Address;
use crate::shapes::Links;
use crate::version::Version;

/// Records are merged no more often one into another.
const LONGEST: usize = 16;

/// Which record was merged into which.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// By the record that says it, which version of it and each record that was merged with that into which it was.
    said: BTreeMap<String, (Version, Vec<(String, String)>)>,
}

impl Linked {
    /// What a patient says of other records of the same person.
    pub fn add(&mut self, patient: &str, version: &Version, text: &str) {
        // One of another shape is refused where it is read.
        let Ok(Links { link }) = serde_json::from_str(text) else { return };
        let merged = link.into_iter().filter_map(|link| {
            let other = link.other.reference.and_then(|reference| Address::of(&reference, "Patient"))?.id;
            match link.kind.as_deref() {
                Some("replaced-by") => Some((patient.to_owned(), other)),
                Some("replaces") => Some((other, patient.to_owned())),
                _ => None,
            }
        });
        let merged: Vec<(String, String)> = merged.filter(|(old, new)| old != new).collect();
        let before = self.said.get(patient);
        if before.is_none() && merged.is_empty() || before.is_some_and(|(own, _)| own.is_after(version)) {
            return;
        }
        self.said.insert(patient.to_owned(), (version.clone(), merged));
    }

    /// The record that stands for the person, where a patient's was merged into another; `is_over` says of a version of a patient that a later one
    /// is known.
    pub fn standing(&self, is_over: impl Fn(&str, &Version) -> bool) -> BTreeMap<String, String> {
        let mut into: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (_, (_, merged)) in self.said.iter().filter(|(patient, (version, _))| !is_over(patient, version)) {
            for (old, new) in merged {
                into.entry(old).or_default().insert(new);
            }
        }
        let mut all = BTreeMap::new();
        for old in into.keys() {
            let mut at = *old;
            for _ in 0..LONGEST {
                // One that was merged into two, or in a circle, is left as it is.
                match into.get(at).map(|new| (new.len(), new.first())) {
                    Some((1, Some(new))) => at = *new,
                    _ => break,
                }
            }
            if at != *old && !into.contains_key(at) {
                all.insert((*old).to_owned(), at.to_owned());
            }
        }
        all
    }
}
