//! Which changes to a rule its cases notice: each change is made, and the cases are worked out by the interpreter until one fails.

use super::Change;
use super::possible::narrow;
use crate::compile::{Again, Wanted};
use crate::diagnostics::Edit;
use crate::evaluate::evaluate;
use crate::explain::expect::mismatches;
use crate::plan::fingerprint::fingerprint;
use crate::plan::library::Example;
use crate::plan::{Package, Plan, merge_rows};

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// a case fails
    Noticed,
    /// no case does
    Unnoticed,
    /// the rule means what it meant
    Same,
    /// the changed rule has an error, or a table that does not answer for everyone once
    Refused,
}

/// A package and the cases that its rules are tried on.
pub struct Trials<'a> {
    compile: &'a dyn Fn(&[Edit], Wanted) -> Option<Again>,
    plan: Plan,
    logic: String,
    /// The logic with limits that the values held against them can have: of a sum of points `> 4.0` and `> 4.1` are the same.
    narrowed: String,
    examples: Vec<Example>,
    /// Places of the examples, those that last noticed something first.
    order: Vec<usize>,
}

impl<'a> Trials<'a> {
    /// The cases that hold now; those that fail already notice nothing.
    #[must_use]
    pub fn new(compile: &'a dyn Fn(&[Edit], Wanted) -> Option<Again>, examples: &[&Example]) -> Option<Trials<'a>> {
        let mut package = compile(&[], Wanted::default())?.package;
        merge_rows(&mut package.plan);
        let logic = fingerprint(&package);
        let narrowed = narrowed(package.clone());
        let plan = package.plan;
        let examples: Vec<Example> =
            examples.iter().filter(|one| holds(&plan, one)).map(|one| (*one).clone()).collect();
        Some(Trials { compile, plan, logic, narrowed, order: (0..examples.len()).collect(), examples })
    }

    /// Makes a change and tries the cases.
    pub fn attempt(&mut self, change: &Change) -> Found {
        let Some(mut again) = (self.compile)(&change.edits, Wanted::default()) else { return Found::Refused };
        if !self.reads_cases_alike(&again.package.plan) {
            return self.attempt_with_cases(change);
        }
        merge_rows(&mut again.package.plan);
        if fingerprint(&again.package) == self.logic {
            return Found::Same;
        }
        let plan = &again.package.plan;
        let fails = |place: &usize| self.examples.get(*place).is_some_and(|example| !holds(plan, example));
        let Some(at) = self.order.iter().position(fails) else {
            let same = narrowed(again.package) == self.narrowed;
            return if same { Found::Same } else { self.unless_refused(change) };
        };
        let found = self.order.remove(at);
        self.order.insert(0, found);
        Found::Noticed
    }

    /// Whether the cases as read for the rule itself are those of the changed one: what they name has the same numbers.
    fn reads_cases_alike(&self, plan: &Plan) -> bool {
        let names = |plan: &Plan| plan.answers.iter().map(|answer| answer.name.clone()).collect::<Vec<_>>();
        plan.unknowns == self.plan.unknowns && plan.codes == self.plan.codes && names(plan) == names(&self.plan)
    }

    /// The same where the cases have to be read anew.
    fn attempt_with_cases(&self, change: &Change) -> Found {
        let wanted = Wanted { cases: true, ..Wanted::default() };
        let Some(mut again) = (self.compile)(&change.edits, wanted) else { return Found::Noticed };
        merge_rows(&mut again.package.plan);
        let plan = &again.package.plan;
        let held = |example: &&Example| self.examples.iter().any(|known| known.name == example.name);
        let mut examples = again.package.examples.iter().chain(&again.cases).filter(held);
        if examples.any(|example| !holds(plan, example)) { Found::Noticed } else { self.unless_refused(change) }
    }

    /// No case notices a change, but the proof of its tables may: then nothing is ever built of it.
    fn unless_refused(&self, change: &Change) -> Found {
        let wanted = Wanted { proofs: true, ..Wanted::default() };
        if (self.compile)(&change.edits, wanted).is_some() { Found::Unnoticed } else { Found::Refused }
    }
}

/// The fingerprint of a package whose limits are values that can be.
fn narrowed(mut package: Package) -> String {
    narrow(&mut package.plan);
    fingerprint(&package)
}

fn holds(plan: &Plan, example: &Example) -> bool {
    let outcome = evaluate(plan, &example.case, &example.settings_for(plan.parameters.len()));
    mismatches(plan, example, &outcome).is_empty()
}
