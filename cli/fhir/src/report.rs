//! What became of a bundle: how much of it was used, what was left out and why, and what is missing in the case for it. No value of the bundle
//! stands in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::value::{NOTHING, SAID_NOTHING};
use crate::when::WITHOUT;

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
    /// By fact or kind of event, how many resources do not say when they were, and why.
    pub untimed: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// Of what is left out, the resources that may say something of the case which nobody can tell.
    pub unsure: usize,
    /// The sender says that there is more than came.
    pub partial: bool,
    /// Kinds of resource that the sender does not give.
    pub not_given: Vec<String>,
}

impl Report {
    /// One more was left out.
    pub fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// One more was left out that may say something.
    pub fn leave_out_unsure(&mut self, why: &'static str) {
        self.unsure += 1;
        self.leave_out(why);
    }

    /// One more does not say when it was.
    pub fn without_time(&mut self, what: &str, why: &'static str) {
        *self.untimed.entry(what.to_owned()).or_default().entry(why).or_default() += 1;
    }

    /// Resources of which a time is written that cannot be read: of what, why, and how many.
    pub fn times_refused(&self) -> impl Iterator<Item = (&str, &'static str, usize)> {
        let all =
            self.untimed.iter().flat_map(|(what, whys)| whys.iter().map(|(why, count)| (what.as_str(), *why, *count)));
        all.filter(|(_, why, _)| *why != WITHOUT)
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
            "untimed": self.untimed, "partial": self.partial, "not_given": self.not_given,
        })
    }

    /// For people, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} of {} resources used", self.used, self.resources)];
        lines.extend(self.left_out.iter().map(|(why, count)| format!("left out: {count} {why}")));
        if self.partial {
            lines.push("not everything is there, as the sender says: no kind of event is supplied in full".to_owned());
        }
        let untimed =
            self.untimed.iter().flat_map(|(what, whys)| whys.iter().map(move |(why, count)| (what, why, count)));
        lines.extend(untimed.map(|(what, why, count)| format!("no exact time: {what}: {count} {why}")));
        lines.extend(self.missing.iter().map(|(what, why)| format!("missing: {what}: {why}")));
        lines
    }
}
