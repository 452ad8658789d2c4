//! What is noted of cases once they are whole, by whoever judges them and not by the reader, so that both have about as much to do: how complete
//! they are, and what they show of how their export was made.

use super::completeness::Held;
use super::error::ReadError;
use super::export::{Cases, Export};
use super::findings::Findings;
use super::spread::Spread;
use super::{Mapping, Source, resent};
use crate::data::mapping::Activity;
use concord_engine::plan::{InputId, Plan};
use std::collections::BTreeSet;

/// What is noted so far.
pub struct Noted<'a> {
    held: Held<'a>,
    findings: Findings<'a>,
    /// Facts that no rule of the mapping fills.
    not_mapped: BTreeSet<InputId>,
    source: Source<'a>,
}

impl<'a> Noted<'a> {
    /// Before the first case of an export.
    #[must_use]
    pub fn of(source: Source<'a>) -> Noted<'a> {
        let Source { plan, mapping, options, .. } = source;
        let names = Spread::at(options.scratch.as_ref().map(|folder| folder.join("names")));
        Noted {
            held: Held::new(plan),
            findings: Findings::new(plan, mapping, names),
            not_mapped: not_mapped(plan, mapping),
            source,
        }
    }

    /// Takes note of cases, whose events are in order.
    pub fn add(&mut self, all: Cases<'_>) {
        self.held.add(all.cases);
        self.findings.add((all.ids, all.cases, all.order));
    }

    /// Hands what was noted of names over so far to what is noted of all cases.
    pub fn pour(&mut self, into: &mut Noted<'_>) {
        self.findings.pour(&mut into.findings);
    }

    /// Adds what was noted of other cases of the export; whether that is what would be noted of all of them one after the other.
    #[must_use]
    pub fn take(&mut self, other: Noted<'_>) -> bool {
        self.held.take(&other.held);
        self.findings.take(other.findings)
    }

    /// All codes of organisations that they name, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        self.findings.codes().map(str::to_owned).collect()
    }

    /// The export with what was noted of all its cases.
    ///
    /// # Errors
    /// Where what was set out to disk cannot be read.
    pub fn complete(self, mut export: Export) -> Result<Export, ReadError> {
        (export.data.cases, export.data.events) = self.findings.counted();
        export.data.organisations = self.findings.organisations();
        export.data.completeness = self.held.lines(&self.not_mapped);
        export.after = self.findings.after();
        let (copies, events) = self.findings.copies();
        let sent_again = if resent::may_be(copies, events) { resent::told(self.source) } else { Vec::new() };
        let told: Vec<super::Told> = sent_again.into_iter().chain(self.findings.told()?).collect();
        export.data.notes.extend(told.iter().map(super::Told::exactly));
        export.told.extend(told);
        Ok(export)
    }
}

fn not_mapped(plan: &Plan, mapping: &Mapping) -> BTreeSet<InputId> {
    if mapping.file.source.format.is_of_cases() {
        return BTreeSet::new();
    }
    let binding = &mapping.binding;
    let by_code = binding.activities.values().filter_map(|activity| match activity {
        Activity::Fact(rule) => Some(rule.input),
        _ => None,
    });
    let mapped: BTreeSet<InputId> = binding.facts.iter().map(|fact| fact.input).chain(by_code).collect();
    plan.subject.inputs.placed().map(|(input, _)| input).filter(|input| !mapped.contains(input)).collect()
}
