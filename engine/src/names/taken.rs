//! A subject that takes over another package's: `subject Patient : encounters.Patient { … }`.
//!
//! What is taken over comes first, in its own order, so that a fact or an event has the same place in every package that shares it.

use crate::syntax::tree;

/// A subject with everything that it takes over.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Facts, events and ends of all packages in the chain, the package's own last.
    pub subject: tree::Subject,
    /// Whose they are: the packages it takes them from, the first of the chain first.
    pub owners: Vec<Owner>,
}

/// A package whose subject is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its place among all packages.
    pub package: usize,
    /// How many facts are its own or those of an owner before it; of events and ends likewise.
    pub facts: usize,
    /// See `facts`.
    pub events: usize,
    /// See `facts`.
    pub ends: usize,
}

impl Whole {
    /// A subject that takes nothing over.
    #[must_use]
    pub fn alone(subject: &tree::Subject) -> Whole {
        Whole { subject: subject.clone(), owners: Vec::new() }
    }

    /// A subject that takes over all of another package's.
    #[must_use]
    pub fn of(own: &tree::Subject, package: usize, taken: Whole) -> Whole {
        let Whole { subject: first, mut owners } = taken;
        let (facts, events, ends) = (first.facts.len(), first.events.len(), first.ends.len());
        owners.push(Owner { package, facts, events, ends });
        let subject = tree::Subject {
            facts: first.facts.into_iter().chain(own.facts.iter().cloned()).collect(),
            events: first.events.into_iter().chain(own.events.iter().cloned()).collect(),
            ends: first.ends.into_iter().chain(own.ends.iter().cloned()).collect(),
            ..own.clone()
        };
        Whole { subject, owners }
    }
}
