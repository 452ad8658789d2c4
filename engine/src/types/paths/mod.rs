//! The standard path of a pathway: how far a case has come along it, and where it left it.
//!
//! A column says of each event which events of the path it may stand for (its symbol); an automaton over these symbols gives the
//! state of the case, and everything that a rule may ask is read off that state.

mod automaton;
mod symbol;
mod value;

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{CellId, MAX_STATES};
use crate::syntax::tree::{self, Pathway, StageKind};
use crate::text::Span;
use crate::types::Builder;
use crate::types::paths::automaton::{Automaton, Stage};
use crate::types::paths::symbol::Named;
use crate::values::types::Type;

/// A path as built: the cells of what may be asked of it, in the order of [`value::ASKED`].
#[derive(Clone, Debug)]
pub(in crate::types) struct BuiltPath {
    cells: [CellId; 5],
    stage: Type,
}

impl Builder<'_> {
    fn built_path(&mut self, index: usize, asked_at: Span) -> Option<BuiltPath> {
        let tree = *self.names().paths.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.paths, index, at, |b| b.build_path(tree))
    }

    fn build_path(&mut self, tree: &Pathway) -> Option<BuiltPath> {
        self.plan.uses_as_of();
        self.check_stages(tree)?;
        let (named, stages) = self.stages(tree)?;
        let symbols = if named.len() > MAX_STATES { None } else { self.symbols(&named) };
        let Some(symbols) = symbols else { return self.too_many_ways(tree, None) };
        let Some(automaton) = Automaton::of(&stages, &symbols.fits) else {
            let largest = tree.stages.iter().filter(|s| s.kind == StageKind::All).max_by_key(|s| s.events.len());
            return self.too_many_ways(tree, largest.filter(|stage| stage.events.len() > 3));
        };
        for (place, stage) in tree.stages.iter().enumerate() {
            if !automaton.states.iter().any(|state| state.reached == Some(place)) {
                return self.unreachable(tree, stage);
            }
        }
        Some(self.answers_of_path(tree, &stages, &symbols, &automaton))
    }

    /// Stages and events there are, and no name twice.
    fn check_stages(&mut self, tree: &Pathway) -> Option<()> {
        let empty = tree.stages.iter().find(|stage| stage.events.is_empty()).map(|stage| &stage.name);
        let empty = empty.or_else(|| tree.stages.is_empty().then_some(&tree.name));
        if let Some(name) = empty {
            let title = format!("`{}` has no events", name.node);
            let fault = Diagnostic::error(codes::E0916, name.span, title, "needs at least one event");
            return self.fault(fault.help("name the events that belong to it: `stage triaged Triage`"));
        }
        for (place, stage) in tree.stages.iter().enumerate() {
            let first = tree.stages.iter().take(place).find(|other| other.name.node == stage.name.node);
            if let Some(first) = first {
                let title = format!("`{}` is declared twice", stage.name.node);
                let fault = Diagnostic::error(codes::E0302, stage.name.span, title, "declared again here");
                let fault = fault.because(first.name.span, "it is already a stage of this path");
                return self.fault(fault.help("give one of them another name, such as `second_review`"));
            }
        }
        Some(())
    }

    /// The events that stages name, each once, and the stages that ask for them.
    fn stages(&mut self, tree: &Pathway) -> Option<(Vec<Named>, Vec<Stage>)> {
        let mut named: Vec<Named> = Vec::new();
        let mut stages = Vec::new();
        let mut whole = true;
        for stage in &tree.stages {
            let mut events = Vec::new();
            for event in &stage.events {
                let Some(one) = self.named_event(event) else {
                    whole = false;
                    continue;
                };
                events.push(named.iter().position(|other| *other == one).unwrap_or(named.len()));
                if !named.contains(&one) {
                    named.push(one);
                }
            }
            let (optional, repeated) = (stage.optional, stage.repeated);
            stages.push(Stage { events, all: stage.kind == StageKind::All, optional, repeated });
        }
        whole.then_some((named, stages))
    }

    fn too_many_ways<T>(&mut self, tree: &Pathway, stage: Option<&tree::Stage>) -> Option<T> {
        let title = format!("there are too many ways through the path `{}`", tree.name.node);
        let fault = Diagnostic::error(codes::E0914, tree.name.span, title, "too many states");
        let fault = match stage {
            Some(stage) => fault.because(stage.span, "this many events can happen in too many orders"),
            None => fault,
        };
        let most = format!("a path has at most {MAX_STATES} states");
        self.fault(fault.note(most).help("split it into several paths, or an `any order` into several stages"))
    }

    fn unreachable<T>(&mut self, tree: &Pathway, stage: &tree::Stage) -> Option<T> {
        let title = format!("no event can reach the stage `{}`", stage.name.node);
        let fault =
            Diagnostic::error(codes::E0915, stage.span, title, "every event that fits it belongs to an earlier stage");
        let before = tree.stages.iter().take_while(|other| other.name.node != stage.name.node).last();
        let fault = match before {
            Some(before) => fault.because(before.span, "an event belongs to the earliest stage that can take it"),
            None => fault,
        };
        self.fault(fault.help("tell their events apart with `where`, or merge them into one stage"))
    }
}
