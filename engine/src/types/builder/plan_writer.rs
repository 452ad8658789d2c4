//! The only writer of the plan, and of the package around it. Everybody may read what is written; cells, columns, steps and the rest are added here and nowhere else.

use crate::plan::library::{Credentials, Example, Measure, Member};
use crate::plan::{
    Answer, Column, EventKind, Expr, Input, Kinds, Label, List, Op, Package, Parameter, Plan, Shape, Step, Table,
    Unknown,
};
use crate::values::holidays;
use std::ops::Deref;

/// A plan that is being written, in its package.
#[derive(Debug)]
pub(in crate::types) struct PlanWriter {
    package: Package,
}

impl Deref for PlanWriter {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.package.plan
    }
}

/// Adds to a list and says at which place.
fn put<T>(list: &mut Vec<T>, item: T) -> usize {
    list.push(item);
    list.len() - 1
}

/// Cells, columns and steps.
impl PlanWriter {
    /// A new cell of this shape, which a step must fill.
    pub fn cell(&mut self, shape: Shape) -> usize {
        put(&mut self.package.plan.cells, shape)
    }

    /// A new cell that holds the value of an expression.
    pub fn store(&mut self, expr: Expr) -> usize {
        let cell = self.cell(expr.shape);
        self.package.plan.steps.push(Step::Value { cell, expr });
        cell
    }

    /// The content of a cell as an expression.
    pub fn load(&self, cell: usize) -> Expr {
        let shape = self.package.plan.cells.get(cell).copied().unwrap_or(Shape::YES_NO);
        Expr { op: Op::Cell(cell), shape }
    }

    /// A new column, filled for the events of some kinds with the values of expressions.
    pub fn column(&mut self, shape: Shape, parts: impl IntoIterator<Item = (Kinds, Expr)>) -> usize {
        let column = put(&mut self.package.plan.columns, Column { shape });
        let steps = parts.into_iter().map(|(kinds, expr)| Step::Column { column, kinds, expr });
        self.package.plan.steps.extend(steps);
        column
    }

    /// A decision table, which fills cells of its own; the place of its step.
    pub fn table(&mut self, table: Table) -> usize {
        put(&mut self.package.plan.steps, Step::Table(table))
    }
}

/// What a case is made of.
impl PlanWriter {
    /// What the subject is called.
    pub fn name_subject(&mut self, name: &str) {
        name.clone_into(&mut self.package.plan.subject.name);
    }

    /// A fact of the case.
    pub fn input(&mut self, input: Input) -> usize {
        put(&mut self.package.plan.subject.inputs, input)
    }

    /// A fact that labels the case.
    pub fn label(&mut self, label: Label) -> usize {
        put(&mut self.package.plan.subject.labels, label)
    }

    /// A kind of event.
    pub fn event(&mut self, kind: EventKind) {
        self.package.plan.subject.events.push(kind);
    }

    /// Something that can be missing.
    pub fn unknown(&mut self, unknown: Unknown) -> usize {
        put(&mut self.package.plan.unknowns, unknown)
    }

    /// Something depends on the instant asked about.
    pub fn uses_as_of(&mut self) {
        self.package.plan.subject.uses_as_of = true;
    }

    /// Something counts working days: England's bank holidays become part of the logic.
    pub fn uses_working_days(&mut self) {
        if self.package.plan.holidays.is_empty() {
            self.package.plan.holidays = holidays::england();
        }
    }
}

/// What else a package declares.
impl PlanWriter {
    /// A package that says nothing yet but who wrote it.
    pub fn new(credentials: Credentials) -> PlanWriter {
        PlanWriter { package: Package { credentials, ..Package::default() } }
    }

    /// The package as written.
    pub fn finish(self) -> Package {
        self.package
    }

    /// Who wrote it, on what ground.
    pub fn credentials(&self) -> &Credentials {
        &self.package.credentials
    }

    /// The measures so far.
    pub fn measures(&self) -> &[Measure] {
        &self.package.measures
    }

    /// Code lists.
    pub fn lists(&mut self, lists: Vec<List>) {
        self.package.plan.lists = lists;
    }

    /// A code list of another package, once.
    pub fn imported_list(&mut self, list: List) -> usize {
        let known = self.package.plan.lists.iter().position(|known| *known == list);
        known.unwrap_or_else(|| put(&mut self.package.plan.lists, list))
    }

    /// A parameter.
    pub fn parameter(&mut self, parameter: Parameter) {
        self.package.plan.parameters.push(parameter);
    }

    /// Something that a caller sees.
    pub fn answer(&mut self, answer: Answer) -> usize {
        put(&mut self.package.plan.answers, answer)
    }

    /// A measure; the cells that it counts by are wanted of the plan.
    pub fn measure(&mut self, measure: Measure) {
        self.package.plan.wanted.extend(measure.cells());
        self.package.measures.push(measure);
    }

    /// A member and its settings.
    pub fn member(&mut self, member: Member) {
        self.package.members.push(member);
    }

    /// The examples of the rule.
    pub fn examples(&mut self, examples: Vec<Example>) {
        self.package.examples = examples;
    }

    /// A figure has not been checked against its document.
    pub fn unverified(&mut self) {
        self.package.credentials.unverified = true;
    }
}
