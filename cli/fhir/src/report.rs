//! What became of a bundle: how much of it was used, what was left out and why, and what is missing in the case for it. No value of the bundle
//! stands in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::value::{NOTHING, SAID_NOTHING};

/// What became of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Resources in it.
    pub resources: usize,
    /// Of these, those from which the case has something.
    pub used: usize,
    /// Resources, or values in them, that were left out, by why.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Facts and fields that are missing in the case though the bundle speaks of them, and why.
    pub missing: BTreeMap<String, &'static str>,
}

impl Report {
    /// One more was left out.
    pub fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// Facts and fields of which there is a value that cannot be read, and why.
    pub fn refused(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let there = self.missing.iter().filter(|(_, why)| ![NOTHING, SAID_NOTHING].contains(*why));
        there.map(|(what, why)| (what.as_str(), *why))
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "resources": self.resources, "used": self.used, "left_out": self.left_out, "missing": self.missing,
        })
    }

    /// For people, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} of {} resources used", self.used, self.resources)];
        lines.extend(self.left_out.iter().map(|(why, count)| format!("left out: {count} {why}")));
        lines.extend(self.missing.iter().map(|(what, why)| format!("missing: {what}: {why}")));
        lines
    }
}
