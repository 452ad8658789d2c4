//! Declarations that may be asked for before they are built: each is built once, and one that leads back to itself is found.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::types::Builder;
use crate::types::builder::depth::DECLARATION;

/// Where a declaration stands that has been asked for.
#[derive(Clone, Debug)]
enum State<T> {
    Building,
    Failed,
    Built(T),
}

/// What the declarations of one kind come to, by place or by whatever else tells them apart.
#[derive(Debug)]
pub(in crate::types) struct Once<T, K = usize> {
    states: BTreeMap<K, State<T>>,
}

impl<T, K> Default for Once<T, K> {
    /// None of them built.
    fn default() -> Once<T, K> {
        Once { states: BTreeMap::new() }
    }
}

impl<T, K: Copy + Ord> Once<T, K> {
    /// Those that are built.
    pub fn built(&self) -> impl Iterator<Item = (K, &T)> {
        self.states.iter().filter_map(|(which, state)| match state {
            State::Built(built) => Some((*which, built)),
            State::Building | State::Failed => None,
        })
    }
}

impl Builder<'_> {
    /// What a declaration comes to, built when first asked for. One that asks for itself while it is built is faulted as a circular dependency.
    pub(in crate::types) fn once<T: Clone, K: Copy + Ord>(
        &mut self,
        kind: impl Fn(&mut Self) -> &mut Once<T, K>,
        which: K,
        (name, asked_at): (&str, Span),
        build: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        match kind(self).states.get(&which) {
            Some(State::Built(built)) => return Some(built.clone()),
            Some(State::Failed) => return None,
            Some(State::Building) => return self.circle(name, asked_at),
            None => {}
        }
        kind(self).states.insert(which, State::Building);
        let built = self.unguarded(|b| b.deeper(DECLARATION, asked_at, build));
        kind(self).states.insert(which, built.clone().map_or(State::Failed, State::Built));
        built
    }

    fn circle<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let fault = Diagnostic::error(
            codes::E0304,
            span,
            format!("`{name}` depends on itself"),
            "needed again while it is being worked out",
        );
        self.fault(fault.help("follow the names from here: one of them leads back; remove the circular dependency"))
    }
}
