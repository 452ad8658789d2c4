//! Declarations that may be asked for before they are built: each is built once, and one that leads back to itself is found.

use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::types::Builder;

/// Where a declaration stands.
#[derive(Clone, Debug, Default)]
enum State<T> {
    #[default]
    Waiting,
    Building,
    Failed,
    Built(T),
}

/// What the declarations of one kind come to, by place.
#[derive(Debug)]
pub(in crate::types) struct Once<T> {
    states: Vec<State<T>>,
}

impl<T: Clone> Once<T> {
    /// So many declarations, none of them built.
    pub fn waiting(count: usize) -> Once<T> {
        Once { states: vec![State::Waiting; count] }
    }

    fn set(&mut self, index: usize, state: State<T>) {
        if let Some(place) = self.states.get_mut(index) {
            *place = state;
        }
    }
}

impl Builder<'_> {
    /// What a declaration comes to, built when first asked for. One that asks for itself while it is built is faulted as a circular dependency.
    pub(in crate::types) fn once<T: Clone>(
        &mut self,
        kind: impl Fn(&mut Self) -> &mut Once<T>,
        index: usize,
        (name, asked_at): (&str, Span),
        build: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        match kind(self).states.get(index)? {
            State::Built(built) => return Some(built.clone()),
            State::Failed => return None,
            State::Building => return self.circle(name, asked_at),
            State::Waiting => {}
        }
        kind(self).set(index, State::Building);
        let built = build(self);
        kind(self).set(index, built.clone().map_or(State::Failed, State::Built));
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
