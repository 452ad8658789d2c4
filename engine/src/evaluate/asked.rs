//! Further questions about a case that has been worked out: what an expression comes to that no cell holds.

use super::at_hand::{AtHand, Event};
use super::{Machine, Outcome, Value};
use crate::plan::case::{Case, Settings};
use crate::plan::{CellId, Expr, Plan};

/// A case of which every step of a plan has been worked out.
pub struct Evaluated<'a> {
    machine: Machine<'a>,
}

impl<'a> Evaluated<'a> {
    /// Works out every step.
    #[must_use]
    pub fn new(plan: &'a Plan, case: &'a Case, settings: &'a Settings) -> Evaluated<'a> {
        Evaluated { machine: Machine::run(plan, case, settings) }
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &'a Case {
        self.machine.case
    }

    /// What a cell holds.
    #[must_use]
    pub fn cell(&self, cell: CellId) -> Value {
        self.machine.cell(cell)
    }

    /// What an expression comes to, with these events of the case in scope, by their places and the innermost first.
    #[must_use]
    pub fn ask(&self, expr: &Expr, events: &[usize]) -> Value {
        let at_hand = events.iter().rev().fold(AtHand::default(), |at, event| at.with(Event::Supplied(*event)));
        self.machine.eval(expr, at_hand)
    }

    /// Everything that the plan says about the case.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let judged = self.machine.plan.judged.iter().map(|each| self.machine.judgements(each)).collect();
        Outcome { cells: self.machine.cells.clone(), broken: self.machine.broken, judged }
    }
}
