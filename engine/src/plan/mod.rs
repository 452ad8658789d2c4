//! The checked plan: what a package means, with every name resolved and every table proved.
//!
//! A plan is a list of [`Step`]s in order of dependence. Each step fills one or more *cells*; an expression
//! refers only to cells filled before it. The reference interpreter (`evaluate`) and the compiler (`wasm`)
//! both read this and nothing else, so what the operators mean is said once, here.
//!
//! # Values
//!
//! Evaluation works on *possible values*: a range of integers (numbers, yes/no, times) or a set of variants (enums,
//! as a bit mask), whether the value may be *none* (recorded as none, or an event that did not
//! happen), and which missing inputs it hangs on ([`Needs`]). A value is *known* when exactly one thing is possible; a
//! known value needs nothing. See `evaluate::value` for the rules.

use crate::text::Span;
use crate::values::types::Type;

pub mod case;
pub mod fingerprint;
pub mod library;
mod operators;

/// Which missing inputs would settle an unknown: bit `i` stands for [`Plan::unknowns`]`[i]`.
pub type Needs = u64;

/// The most inputs of one package that can be missing.
pub const MAX_UNKNOWNS: usize = 64;

/// A package, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Who wrote it, on what ground, how far it is approved.
    pub package: library::Package,
    /// What a case is.
    pub subject: Subject,
    /// Values a member may set.
    pub parameters: Vec<Parameter>,
    /// What can be missing, in the order of the bits of [`Needs`].
    pub unknowns: Vec<Unknown>,
    /// The shape of each cell.
    pub cells: Vec<Shape>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What a caller sees, in the order of the text.
    pub answers: Vec<Answer>,
    /// Measures over the answers.
    pub measures: Vec<library::Measure>,
    /// The examples in the rule file.
    pub examples: Vec<library::Example>,
}

/// What a case is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Facts that take part in the logic: an [`Op::Input`] is a place in this list.
    pub inputs: Vec<Input>,
    /// Facts that only label the case (organisation, text), for strata and reports.
    pub labels: Vec<Label>,
    /// Kinds of event.
    pub events: Vec<EventKind>,
    /// Whether any expression uses the `as of` instant.
    pub uses_as_of: bool,
}

/// A fact, or a field of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its type, for reading and showing.
    pub ty: Type,
    /// Its declared range.
    pub shape: Shape,
    /// Its bit in [`Needs`].
    pub unknown: u8,
}

/// A fact that labels the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// [`Type::Organisation`] or [`Type::Text`].
    pub ty: Type,
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventKind {
    /// Its name.
    pub name: String,
    /// Its fields: an [`Op::Field`] is a place in this list.
    pub fields: Vec<Input>,
    /// The bit for "this export does not carry the event".
    pub unsupplied: u8,
    /// The bit for "it happened, at an unknown time".
    pub untimed: u8,
}

/// Something that can be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// a fact of the case, by place in [`Subject::inputs`]
    Fact(usize),
    /// a field of an event: kind and field
    Field(usize, usize),
    /// the time of an event of this kind
    Time(usize),
    /// all events of this kind: the export does not carry it
    Events(usize),
    /// a parameter that the member must set and has not
    Parameter(usize),
}

/// The form and range of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// A range of integers, or a set of variants.
    pub class: Class,
    /// Whether it may be none.
    pub optional: bool,
    /// Least value; 0 for a set.
    pub low: i64,
    /// Greatest value; for a set, the greatest variant's place.
    pub high: i64,
}

/// See [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `low ..= high`, all integers between
    Range,
    /// variants `0 ..= high`, at most 63
    Set,
}

/// A value that members may set within a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its range.
    pub shape: Shape,
    /// The group's value; none when each member must set it.
    pub value: Option<i64>,
    /// What members may do.
    pub contract: Contract,
    /// The reason the contract gives.
    pub reason: Option<String>,
    /// Its bit in [`Needs`].
    pub unknown: u8,
}

/// What a member may do with a parameter; both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contract {
    /// nothing
    Fixed,
    /// set it within these values
    Within(i64, i64),
}

/// One step: fills cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `cell` becomes the value of the expression.
    Value {
        /// Which cell.
        cell: usize,
        /// Its value.
        expr: Expr,
    },
    /// A decision table.
    Table(Table),
}

/// A decision table, ready to run. Conditions are tried in order of rows.
///
/// *unique*: the rows are proved disjoint and complete. A row that certainly matches is the answer, whatever else might;
/// otherwise the answer is the union over the rows that may match.
/// *first*: the union over the rows that may match, down to and including the first that certainly does.
/// An `impossible` row never joins the union; if it certainly matches, or if no other row can, the claim is broken:
/// every output takes its whole range and the case is reported as broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// `first` tables stop at the first match; unique ones have only one.
    pub first: bool,
    /// The cell that receives the row's number, counted from 0.
    pub row_cell: usize,
    /// The cells that receive the outputs.
    pub output_cells: Vec<usize>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the columns ask about, for explanations: titles and expressions.
    pub inputs: Vec<TableInput>,
    /// Output names.
    pub outputs: Vec<String>,
    /// Citation, shown with the answer.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A column of a table's left side.
#[derive(Clone, Debug, PartialEq)]
pub struct TableInput {
    /// As the author calls it.
    pub title: String,
    /// What is looked at.
    pub expr: Expr,
    /// Its type, to show it.
    pub ty: Type,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// All must hold; yes/no expressions that are never none. `any` cells are left out.
    pub conditions: Vec<Expr>,
    /// One a column; `None` for an `impossible` row.
    pub outputs: Option<Vec<Expr>>,
    /// As written, without layout: `scale_1 92..93 any | 2`.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// An expression and the shape of its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// The operator and what it works on.
    pub op: Op,
    /// What can come out, proved.
    pub shape: Shape,
}

/// The operators. "Yes/no" is a range 0..1 that is never none. Where an operand is none, arithmetic is none, and a test is no.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// a number
    Constant(i64),
    /// a variant of an enum
    Choice(u8),
    /// recorded as none
    None,
    /// a fact of the case
    Input(usize),
    /// a field of the event at hand: kind and field
    Field(usize, usize),
    /// the time of the event at hand
    At,
    /// the place of the event at hand in the order of the case, from 0; unknown if its time is
    Order,
    /// the instant asked about
    AsOf,
    /// a parameter
    Parameter(usize),
    /// a cell filled before
    Cell(usize),
    /// −x
    Negate(Box<Expr>),
    /// sum; proved not to overflow
    Add(Box<Expr>, Box<Expr>),
    /// difference
    Subtract(Box<Expr>, Box<Expr>),
    /// product
    Multiply(Box<Expr>, Box<Expr>),
    /// least of several ranges, none of them optional
    Lowest(Vec<Expr>),
    /// greatest of several ranges, none of them optional
    Highest(Vec<Expr>),
    /// left ≤ right, on ranges
    LessOrEqual(Box<Expr>, Box<Expr>),
    /// left < right
    Less(Box<Expr>, Box<Expr>),
    /// left = right, on ranges
    Equal(Box<Expr>, Box<Expr>),
    /// low ≤ x ≤ high, constants, on a range
    Within(Box<Expr>, i64, i64),
    /// the variant is in the mask, on a set
    OneOf(Box<Expr>, u64),
    /// both are the same variant, on sets
    SameChoice(Box<Expr>, Box<Expr>),
    /// no when yes
    Not(Box<Expr>),
    /// all; yes when empty
    And(Vec<Expr>),
    /// at least one; no when empty
    Or(Vec<Expr>),
    /// yes when x is none
    IsNone(Box<Expr>),
    /// x, taking for granted that it is not none
    Assume(Box<Expr>),
    /// x, or y where x is none
    Else(Box<Expr>, Box<Expr>),
    /// if yes/no, then, otherwise
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// the place of the first that is yes, as a variant; the count of them when none is
    FirstYes(Vec<Expr>),
    /// a question about the events
    Query(Box<Query>),
    /// a verdict, see [`Verdict`]
    Verdict(Box<VerdictOf>),
}

/// A question about the events of one kind.
///
/// An event belongs when it is of the kind, its time is not after `as of`, and the filter holds. Events come in the order of the
/// case: by time, events at equal times in the order supplied, events at unknown times last. Where the export does not carry the
/// kind, one event may or may not exist at an unknown time with unknown fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is asked.
    pub function: Function,
    /// Of which kind of event.
    pub event: usize,
    /// Which of them; yes/no.
    pub filter: Expr,
    /// What is taken of the event: `At`, `Order`, a field. For `count` and `any` not looked at.
    pub value: Expr,
}

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// the value at the earliest; none if there is no such event
    First,
    /// the value at the latest
    Last,
    /// how many
    Count,
    /// whether there is one
    Any,
}

/// The most events a case may have.
pub const MAX_EVENTS: i64 = 65_535;

/// What a verdict depends on; each a yes/no.
///
/// `applies` no → not applicable; `excused` yes → excused; `happened` yes → met or late, by `in_time`;
/// otherwise missed or open, by `passed`. Where these are unknown the verdict is the set of what is possible.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictOf {
    /// The obligation applies and its trigger has come.
    pub applies: Expr,
    /// A documented reason excuses it.
    pub excused: Expr,
    /// What was expected was done.
    pub happened: Expr,
    /// It was done by the deadline.
    pub in_time: Expr,
    /// The deadline has passed.
    pub passed: Expr,
}

/// What became of an obligation. As a value of the plan, its place in this list is the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not apply to the case, or its trigger has not come.
    NotApplicable,
    /// It applies, and a documented reason excuses it.
    Excused,
    /// Done in time.
    Met,
    /// Done after the deadline.
    Late,
    /// Not done, and the deadline has passed.
    Missed,
    /// Not done, and the deadline has not passed.
    Open,
}

impl Verdict {
    /// All of them, in order.
    pub const ALL: [Verdict; 6] =
        [Verdict::NotApplicable, Verdict::Excused, Verdict::Met, Verdict::Late, Verdict::Missed, Verdict::Open];

    /// As written in examples and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not applicable",
            Verdict::Excused => "excused",
            Verdict::Met => "met",
            Verdict::Late => "late",
            Verdict::Missed => "missed",
            Verdict::Open => "open",
        }
    }
}

/// What a caller sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its name: a define, a table's output (`table` or `table.output`), or an obligation.
    pub name: String,
    /// For people.
    pub label: Option<String>,
    /// What it is.
    pub kind: AnswerKind,
    /// Citation.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of answer and the cells that hold them.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerKind {
    /// a define
    Value {
        /// Its cell.
        cell: usize,
        /// Its type.
        ty: Type,
    },
    /// an output of a table
    Output {
        /// Its cell.
        cell: usize,
        /// Its type.
        ty: Type,
        /// The step of the table.
        step: usize,
    },
    /// an obligation
    Obligation(Obligation),
}

/// The cells of an obligation.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// [`Verdict`], a set.
    pub verdict: usize,
    /// The trigger's instant; optional.
    pub trigger: usize,
    /// The deadline's instant; optional: none when there is no deadline yet.
    pub due: usize,
    /// When it was done; optional.
    pub done: usize,
    /// Which excuse holds, as a variant; the count of excuses when none does.
    pub excuse: usize,
    /// The excuses' reasons, in order.
    pub excuses: Vec<String>,
    /// `high`, `medium` …
    pub severity: Option<String>,
}

impl Shape {
    /// Yes or no, never none.
    pub const YES_NO: Shape = Shape { class: Class::Range, optional: false, low: 0, high: 1 };

    /// A range of integers.
    #[must_use]
    pub const fn range(low: i64, high: i64) -> Shape {
        Shape { class: Class::Range, optional: false, low, high }
    }

    /// A set of `variants` variants.
    #[must_use]
    pub const fn set(variants: i64) -> Shape {
        Shape { class: Class::Set, optional: false, low: 0, high: variants - 1 }
    }

    /// The same, possibly none.
    #[must_use]
    pub const fn or_none(self) -> Shape {
        Shape { optional: true, ..self }
    }

    /// The mask of all variants of a set.
    #[must_use]
    pub fn full_mask(self) -> u64 {
        u64::MAX >> 63_u32.saturating_sub(u32::try_from(self.high).unwrap_or(63))
    }
}
