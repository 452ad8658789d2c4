//! What the manifest of a module says: what goes in and what comes out, by name, and where it all lies.
//!
//! It is made of the plan and the layout alone, and is plain data: the command line writes it as JSON, a generator of hosts reads it.

use concord_engine::explain::unknown_name;
use concord_engine::plan::bound::{WorkBound, work_bound};
use concord_engine::plan::fingerprint::LANGUAGE;
use concord_engine::plan::{
    Answer, AnswerKind, CellId, Claim, Class, Contract, DueBy, EventKind, Id, Input, Parameter, Plan, Shape, Step,
    StepId, Table, Unknown, Verdict,
};
use concord_engine::values::holidays::EDITION;
use concord_engine::values::types::Type;

use super::layout::{Column, Layout};
use super::roles::{Role, roles};
use super::version::ABI_VERSION;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The version of the binary interface.
    pub binary_interface: i32,
    /// The version of the language.
    pub language: &'static str,
    /// The value lists that the rule uses.
    pub lists: Vec<List>,
    /// The bank holidays, where a rule counts working days.
    pub bank_holidays: Option<Holidays>,
    /// How much work a case takes at most.
    pub work: WorkBound,
    /// The most events of a case.
    pub most_events: i64,
    /// Where everything lies.
    pub layout: Layout,
    /// The facts of a case, in order.
    pub facts: Vec<Fact>,
    /// The kinds of event, in order.
    pub events: Vec<Event>,
    /// What members may set, in the order of the numbers that `configure` takes.
    pub parameters: Vec<Setting>,
    /// The form of each cell that comes out, as [`Layout::outputs`] has them, and what it is.
    pub outputs: Vec<(Form, Vec<Role>)>,
    /// The tables, whose rows come out by number.
    pub tables: Vec<Rows>,
    /// The answers, in order.
    pub answers: Vec<(String, AnswerParts)>,
    /// The rows that are claimed to be impossible, by the number in a status.
    pub claims: Vec<Option<Row>>,
    /// The verdicts, in the order of their numbers.
    pub verdicts: [&'static str; 6],
    /// What each bit of needs means, and in words.
    pub needs: Vec<(Unknown, String)>,
}

/// A value list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// How many values it has.
    pub values: usize,
    /// The file it came from, with its SHA-256.
    pub file: Option<(String, String)>,
}

/// The bank holidays built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holidays {
    /// The edition of the calendar.
    pub edition: &'static str,
    /// How many days.
    pub days: usize,
}

/// The values that something may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Scaled integers, ends included.
    Range(i64, i64),
    /// So many variants.
    Variants(i64),
}

/// A value with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its values.
    pub form: Form,
    /// How the integer is read.
    pub ty: Type,
}

/// A fact of the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its name and values.
    pub field: Field,
    /// Where it stands.
    pub column: Column,
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its fields, in the order of their columns.
    pub fields: Vec<Field>,
    /// The place of the field that holds when it was over, where it lasts.
    pub ends: Option<usize>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name and values.
    pub field: Field,
    /// The group's value; none where each member must set it.
    pub value: Option<i64>,
    /// Between which values members may set it, if they may.
    pub within: Option<(i64, i64)>,
}

/// The rows of a table, in order; the number of the one that answered comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The table's name.
    pub name: String,
    /// Where the number of the row stands among the outputs.
    pub output: Option<usize>,
    /// As written.
    pub texts: Vec<String>,
    /// Citation.
    pub source: Option<String>,
    /// The answers that it gives, by name.
    pub answers: Vec<String>,
}

/// Where the parts of an answer stand among the outputs.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerParts {
    /// One value, and how the integer is read.
    Value(Option<usize>, Type),
    /// The parts of an obligation.
    Obligation(ObligationParts),
}

/// Where the parts of an obligation stand among the outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObligationParts {
    /// The verdict.
    pub verdict: Option<usize>,
    /// The instant from which it applies.
    pub trigger: Option<usize>,
    /// The deadline.
    pub due: Option<usize>,
    /// What it falls on.
    pub due_by: DueBy,
    /// When it was done.
    pub done: Option<usize>,
    /// Which excuse holds.
    pub excuse: Option<usize>,
    /// The reasons of the excuses.
    pub excuses: Vec<String>,
    /// Of a repeated obligation, how many occurrences have each verdict.
    pub counts: Option<[Option<usize>; 6]>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The table's name.
    pub table: String,
    /// The row as written.
    pub text: Option<String>,
}

impl Manifest {
    /// The manifest of a plan whose module has this layout.
    #[must_use]
    pub fn of(plan: &Plan, layout: &Layout) -> Manifest {
        let list = |list: &concord_engine::plan::List| List {
            name: list.name.clone(),
            values: list.values.len(),
            file: list.file.clone(),
        };
        let days = plan.holidays.len();
        let facts = plan.subject.inputs.iter().zip(&layout.inputs);
        Manifest {
            binary_interface: ABI_VERSION,
            language: LANGUAGE,
            lists: plan.lists.iter().map(list).collect(),
            bank_holidays: (days > 0).then_some(Holidays { edition: EDITION, days }),
            work: work_bound(plan),
            most_events: plan.most_events(),
            facts: facts.map(|(input, column)| Fact { field: field(input), column: *column }).collect(),
            events: plan.subject.events.iter().map(event).collect(),
            parameters: plan.parameters.iter().map(setting).collect(),
            outputs: layout.outputs.iter().map(|output| (form(output.shape), roles(plan, output.cell))).collect(),
            tables: tables(plan).map(|(step, table)| rows(plan, layout, step, table)).collect(),
            answers: plan.answers.iter().map(|of| (of.name.clone(), answer(layout, of))).collect(),
            claims: layout.claims.iter().map(|of| row(plan, *of)).collect(),
            verdicts: Verdict::ALL.map(Verdict::name),
            needs: plan
                .unknowns
                .iter()
                .enumerate()
                .map(|(bit, what)| (what.clone(), unknown_name(plan, bit)))
                .collect(),
            layout: layout.clone(),
        }
    }
}

fn field(input: &Input) -> Field {
    Field { name: input.name.clone(), form: form(input.shape), ty: input.ty.clone() }
}

fn event(kind: &EventKind) -> Event {
    let ends = kind.ends.map(Id::place);
    Event { name: kind.name.clone(), fields: kind.fields.iter().map(field).collect(), ends }
}

fn setting(parameter: &Parameter) -> Setting {
    let within = match parameter.contract {
        Contract::Fixed => None,
        Contract::Within(low, high) => Some((low, high)),
    };
    let field = Field { name: parameter.name.clone(), form: form(parameter.shape), ty: parameter.ty.clone() };
    Setting { field, value: parameter.value, within }
}

fn tables(plan: &Plan) -> impl Iterator<Item = (StepId, &Table)> {
    let steps = plan.steps.iter().enumerate();
    steps
        .filter_map(|(place, step)| if let Step::Table(table) = step { Some((StepId::at(place), table)) } else { None })
}

fn rows(plan: &Plan, layout: &Layout, step: StepId, table: &Table) -> Rows {
    let gives = |of: &&Answer| matches!(&of.kind, AnswerKind::Output { step: from, .. } if *from == step);
    Rows {
        name: table.name.clone(),
        output: layout.output_of(table.row_cell),
        texts: table.rows.iter().map(|row| row.text.clone()).collect(),
        source: table.source.clone(),
        answers: plan.answers.iter().filter(gives).map(|of| of.name.clone()).collect(),
    }
}

fn form(shape: Shape) -> Form {
    match shape.class {
        Class::Range => Form::Range(shape.low, shape.high),
        Class::Set => Form::Variants(shape.high + 1),
    }
}

fn answer(layout: &Layout, answer: &Answer) -> AnswerParts {
    let place = |cell: CellId| layout.output_of(cell);
    match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            AnswerParts::Value(place(*cell), ty.clone())
        }
        AnswerKind::Obligation(o) => AnswerParts::Obligation(ObligationParts {
            verdict: place(o.verdict),
            trigger: place(o.trigger),
            due: place(o.due),
            due_by: o.due_by,
            done: place(o.done),
            excuse: place(o.excuse),
            excuses: o.excuses.clone(),
            counts: o.counts.map(|cells| cells.map(place)),
        }),
    }
}

fn row(plan: &Plan, claim: Claim) -> Option<Row> {
    match plan.steps.get(claim.step) {
        Some(Step::Table(table)) => {
            Some(Row { table: table.name.clone(), text: table.rows.get(claim.row).map(|row| row.text.clone()) })
        }
        _ => None,
    }
}
