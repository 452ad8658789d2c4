//! The only writer of the plan, and of the package around it. Everybody may read what is written; cells, columns, steps and the rest are added here and nowhere else.

use crate::plan::coding::{ChoiceCoding, Coding, Taking};
use crate::plan::library::{Credentials, Example, Measure, Member};
use crate::plan::{
    Answer, AnswerId, CellId, Column, ColumnId, EventKind, Expr, Input, InputId, JudgedEach, KindId, Kinds, Label,
    LabelId, List, ListId, Op, Package, Parameter, Plan, Shape, Step, StepId, Table, Unknown,
};
use crate::values::codes::Codes;
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

/// Cells, columns and steps.
impl PlanWriter {
    /// A new cell of this shape, which a step must fill.
    pub fn cell(&mut self, shape: Shape) -> CellId {
        self.package.plan.cells.push(shape)
    }

    /// A new cell that holds the value of an expression.
    pub fn store(&mut self, expr: Expr) -> CellId {
        let expr = self.lifted(expr, &mut Vec::new());
        self.fill(expr)
    }

    /// A cell that holds the value of an expression: one that there is, or a new one.
    pub fn store_once(&mut self, expr: Expr) -> CellId {
        let expr = self.lifted(expr, &mut Vec::new());
        self.cell_holding(&expr).unwrap_or_else(|| self.fill(expr))
    }

    fn fill(&mut self, expr: Expr) -> CellId {
        let cell = self.cell(expr.shape);
        self.package.plan.steps.push(Step::Value { cell, expr });
        cell
    }

    /// The content of a cell as an expression.
    pub fn load(&self, cell: CellId) -> Expr {
        let shape = self.package.plan.cells.get(cell).copied().unwrap_or(Shape::YES_NO);
        Expr { op: Op::Cell(cell), shape }
    }

    /// A new column, filled for the events of some kinds with the values of expressions.
    pub fn column(&mut self, shape: Shape, parts: impl IntoIterator<Item = (Kinds, Expr)>) -> ColumnId {
        let parts = self.lifted_parts(parts);
        let column = self.package.plan.columns.push(Column { shape });
        let steps = parts.into_iter().map(|(kinds, expr)| Step::Column { column, kinds, expr });
        self.package.plan.steps.extend(steps);
        column
    }

    /// What a column is filled with, where running queries inside it are looked up.
    fn lifted_parts(&mut self, parts: impl IntoIterator<Item = (Kinds, Expr)>) -> Vec<(Kinds, Expr)> {
        let lifted = parts.into_iter().map(|(kinds, mut expr)| {
            self.lift_inside(&mut expr, &mut vec![kinds]);
            (kinds, expr)
        });
        lifted.collect()
    }

    /// What each kind of event says in its own way, as one value about an event of any of them. What is the same stands in one column.
    pub fn by_kind(&mut self, shape: Shape, parts: impl IntoIterator<Item = (KindId, Expr)>) -> Expr {
        let parts = self.lifted_parts(parts.into_iter().map(|(kind, expr)| (Kinds::one(kind), expr)));
        let column = self.same_column(shape, &parts).unwrap_or_else(|| self.column(shape, parts));
        Expr { op: Op::Column(column, 0), shape }
    }

    /// A column that is filled with the same for events of these kinds.
    fn same_column(&self, shape: Shape, parts: &[(Kinds, Expr)]) -> Option<ColumnId> {
        let filled = |(step, part): (&Step, &(Kinds, Expr))| match step {
            Step::Column { column, kinds, expr } if *kinds == part.0 && *expr == part.1 => Some(*column),
            _ => None,
        };
        self.steps.windows(parts.len().max(1)).find_map(|steps| {
            let mut columns = steps.iter().zip(parts).map(filled);
            let first = columns.next()??;
            let fits = self.columns.get(first).is_some_and(|column| column.shape == shape);
            (fits && columns.all(|column| column == Some(first))).then_some(first)
        })
    }

    /// The column that holds an expression about an event: one that there is, or a new one.
    pub fn column_of(&mut self, kinds: Kinds, expr: Expr) -> ColumnId {
        match expr.op {
            Op::Column(column, 0) => column,
            _ => self.column(expr.shape, [(kinds, expr)]),
        }
    }

    /// Judgements that come out; their place.
    pub fn judge_each(&mut self, each: JudgedEach) -> usize {
        self.package.plan.judged.push(each);
        self.package.plan.judged.len() - 1
    }

    /// One more column by which judgements are split; its place among those.
    pub fn split_each(&mut self, judged: usize, column: ColumnId) -> usize {
        let Some(each) = self.package.plan.judged.get_mut(judged) else { return 0 };
        each.splits.push(column);
        each.splits.len() - 1
    }

    /// A decision table, which fills cells of its own; the place of its step.
    pub fn table(&mut self, mut table: Table) -> StepId {
        let columns = table.columns.iter_mut().map(|column| &mut column.expr);
        let outputs = table.rows.iter_mut().flat_map(|row| row.outputs.iter_mut().flatten());
        columns.chain(outputs).for_each(|expr| self.lift_inside(expr, &mut Vec::new()));
        self.package.plan.steps.push(Step::Table(table))
    }
}

/// What a case is made of.
impl PlanWriter {
    /// What the subject is called.
    pub fn name_subject(&mut self, name: &str) {
        name.clone_into(&mut self.package.plan.subject.name);
    }

    /// A fact of the case.
    pub fn input(&mut self, input: Input) -> InputId {
        self.package.plan.subject.inputs.push(input)
    }

    /// A fact that labels the case.
    pub fn label(&mut self, label: Label) -> LabelId {
        self.package.plan.subject.labels.push(label)
    }

    /// A kind of event.
    pub fn event(&mut self, kind: EventKind) {
        self.package.plan.subject.events.push(kind);
    }

    /// Something that can be missing.
    pub fn unknown(&mut self, unknown: Unknown) -> usize {
        self.package.plan.unknowns.push(unknown);
        self.package.plan.unknowns.len() - 1
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
        self.package.plan.lists = lists.into();
    }

    /// The codes named that do not pack.
    pub fn codes(&mut self, codes: Codes) {
        self.package.plan.codes = codes;
    }

    /// A code list of another package, once.
    pub fn imported_list(&mut self, list: List) -> ListId {
        let known = self.package.plan.lists.position(|known| *known == list);
        known.unwrap_or_else(|| self.package.plan.lists.push(list))
    }

    /// A parameter.
    pub fn parameter(&mut self, parameter: Parameter) {
        self.package.plan.parameters.push(parameter);
    }

    /// Something that a caller sees.
    pub fn answer(&mut self, answer: Answer) -> AnswerId {
        self.package.plan.answers.push(answer)
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

    /// The codes by which records know facts and events, so far.
    pub fn codings(&self) -> &[Coding] {
        &self.package.codings
    }

    /// A code by which records know something.
    pub fn coding(&mut self, coding: Coding) {
        self.package.codings.push(coding);
    }

    /// The codes by which records know the choices of enums.
    pub fn choices(&mut self, choices: Vec<ChoiceCoding>) {
        self.package.choices = choices;
    }

    /// Which of several in a record a fact is.
    pub fn taking(&mut self, taking: Taking) {
        self.package.takings.push(taking);
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
