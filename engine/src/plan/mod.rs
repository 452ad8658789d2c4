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
//! happen), and which missing inputs it depends on ([`Needs`]). A value is *known* when exactly one thing is possible; a
//! known value needs nothing. See `evaluate::value` for the rules.

use std::collections::BTreeSet;

use crate::values::codes::Codes;
use crate::values::dimension::Conversion;
use crate::values::legend::Legend;
pub use crate::values::rounding::Rounding;
use crate::values::types::Type;

mod answer;
pub mod belongs;
pub mod bound;
pub mod calls;
pub mod case;
pub mod coding;
pub mod counted;
mod due;
mod expected;
pub mod figure;
pub mod fingerprint;
pub mod formula;
mod ids;
mod judged;
pub mod library;
mod merging;
pub mod operators;
mod path;
mod query;
mod region;
mod rests_on;
mod running;
mod shape;
mod table;
mod verdict;

pub use answer::{Answer, AnswerKind, Member, Obligation, Responsible};
pub use calls::Call;
pub use due::DueBy;
pub use ids::{AnswerId, ById, CellId, ColumnId, FieldId, Id, InputId, KindId, LabelId, ListId, ParameterId, StepId};
pub use judged::JudgedEach;
pub use library::Package;
pub use merging::merge_rows;
pub use path::{MAX_STATES, PathGives, PathOf};
pub use query::{
    Alternative, Column, Function, Kinds, Level, MAX_EVENTS, MAX_LEVELS, ORDER, ORDER_BITS, Query, after, before,
    in_order,
};
pub use region::Region;
pub use rests_on::RestsOn;
pub use running::{Limit, Running};
pub use shape::{Class, Shape};
pub use table::{Claim, Table, TableColumn, TableRow, conditions};
pub use verdict::{Verdict, VerdictOf};

/// Which missing inputs would settle an unknown: bit `i` stands for [`Plan::unknowns`]`[i]`.
pub type Needs = u64;

/// The most inputs of one package that can be missing.
pub const MAX_UNKNOWNS: usize = 64;

/// The logic of a package, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What a case is.
    pub subject: Subject,
    /// Values a member may set.
    pub parameters: ById<ParameterId, Parameter>,
    /// Code lists and other lists of whole numbers, each sorted: see [`Op::InList`].
    pub lists: ById<ListId, List>,
    /// The codes named in the text that do not pack; see [`crate::values::codes`].
    pub codes: Codes,
    /// England's bank holidays, days since 1970, sorted; empty where no rule counts working days.
    pub holidays: Vec<i64>,
    /// What can be missing, in the order of the bits of [`Needs`].
    pub unknowns: Vec<Unknown>,
    /// The shape of each cell.
    pub cells: ById<CellId, Shape>,
    /// What is worked out once for each event.
    pub columns: ById<ColumnId, Column>,
    /// What to do, in order.
    pub steps: ById<StepId, Step>,
    /// What a caller sees, in the order of the text.
    pub answers: ById<AnswerId, Answer>,
    /// Cells that come out besides those of answers and the rows of tables, because something outside the logic counts by them.
    pub wanted: Vec<CellId>,
    /// Judgements on events that come out, because measures count them.
    pub judged: Vec<JudgedEach>,
    /// The most events of a case, where more would cost too much work: see [`bound::most_events`].
    pub fewer_events: Option<u32>,
}

impl Plan {
    /// The most events of a case.
    #[must_use]
    pub fn most_events(&self) -> i64 {
        self.fewer_events.map_or(MAX_EVENTS, i64::from)
    }

    /// What the numbers of codes in a case stand for.
    #[must_use]
    pub fn legend<'a>(&'a self, case: &'a case::Case) -> Legend<'a> {
        Legend { package: &self.codes, case: &case.codes }
    }

    /// A value that the text names, as [`Type::show`] has it.
    #[must_use]
    pub fn show(&self, ty: &Type, value: i64) -> String {
        let code = self.codes.text(value).filter(|_| *ty == Type::Code);
        code.map_or_else(|| ty.show(value), str::to_owned)
    }
}

/// A named list of values, sorted, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// The values; codes as [`crate::values::codes`] numbers them.
    pub values: Vec<i64>,
    /// The file it came from, with its SHA-256; nothing when it is written in the rule.
    pub file: Option<(String, String)>,
}

/// What a case is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Facts that take part in the logic: an [`Op::Input`] is a place in this list.
    pub inputs: ById<InputId, Input>,
    /// Facts that only label the case (organisation, text), for strata and reports.
    pub labels: ById<LabelId, Label>,
    /// Kinds of event.
    pub events: ById<KindId, EventKind>,
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
    /// Other units in which it is recorded; only what reads a case uses them.
    pub also: Vec<OtherUnit>,
}

/// Another unit of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherUnit {
    /// The unit.
    pub unit: String,
    /// How it becomes the declared one.
    pub conversion: Conversion,
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
    pub fields: ById<FieldId, Input>,
    /// The bit for "this export does not supply the event".
    pub unsupplied: u8,
    /// The bit for "it happened, at an unknown time".
    pub untimed: u8,
    /// The field that holds when it was over, where it lasts: see [`EventKind::started`].
    pub ends: Option<FieldId>,
}

/// Something that can be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// a fact of the case
    Fact(InputId),
    /// a field of an event
    Field {
        /// The kind of event.
        kind: KindId,
        /// The field.
        field: FieldId,
    },
    /// the time of an event of this kind
    Time(KindId),
    /// all events of this kind: the export does not supply it
    Events(KindId),
    /// a parameter that the member must set and has not
    Parameter(ParameterId),
    /// that an obligation which is open is decided
    Decision(AnswerId),
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
    /// The tiers of membership that may set it, in order, each once; all where none is named.
    pub tiers: BTreeSet<String>,
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
        cell: CellId,
        /// Its value.
        expr: Expr,
    },
    /// `column` becomes the value of the expression for every event of these kinds, and for the one of each kind that an export
    /// may have left out. Each kind is filled by one step; where there are several, the expression takes no fields of the event.
    Column {
        /// Which column.
        column: ColumnId,
        /// For events of which kinds.
        kinds: Kinds,
        /// Its value; level 0 is the event, and no other is in scope.
        expr: Expr,
    },
    /// A decision table.
    Table(Table),
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
    Input(InputId),
    /// a field of an event in scope: kind, field and level
    Field(KindId, FieldId, Level),
    /// the time of an event in scope
    At(Level),
    /// the place of an event in scope in the order of the case, from 0; unknown if its time is
    Order(Level),
    /// the instant asked about
    AsOf,
    /// a parameter
    Parameter(ParameterId),
    /// a cell filled before
    Cell(CellId),
    /// what a column filled before holds for an event in scope, which is of a kind it was filled for
    Column(ColumnId, Level),
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
    /// left divided by right, rounded; right is proved never to be 0
    Divide(Box<Expr>, Box<Expr>, Rounding),
    /// a published formula: real numbers worked out of exact ones and rounded; proved to be defined for all of them
    Formula(Box<formula::Formula>),
    /// low ≤ x ≤ high, constants, on a range
    Within(Box<Expr>, i64, i64),
    /// the variant is in the mask, on a set
    OneOf(Box<Expr>, u64),
    /// the verdict is in the mask, which open is not in; where it may be open that is not known yet, for want of what the needs name
    Decided(Box<Expr>, u64, Needs),
    /// the value is in the sorted list [`Plan::lists`] of this number
    InList(Box<Expr>, ListId),
    /// a function of whole numbers and times
    Call(Call, Vec<Expr>),
    /// the date so many working days (England) after a date; of 0 days the date itself. See [`crate::values::working_days`]
    AddWorkingDays(Box<Expr>, Box<Expr>),
    /// the weekday of a date, as a set of seven with Monday first; all that are possible where fewer than seven days are
    Weekday(Box<Expr>),
    /// how much of the time between two instants lies between two times of day on the London clock (past midnight where the second
    /// is not later); 0 where the end is not after the start; anything up to the longest where an instant is not known
    Overlap(Box<Overlap>),
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
    /// the last of several ways of which one is taken: the value where the condition may hold, and nothing is possible where it cannot.
    /// Where this is reached and all is known, the condition holds
    Rest(Box<Expr>, Box<Expr>),
    /// the place of the first that is yes, as a variant; the count of them when none is
    FirstYes(Vec<Expr>),
    /// a query over the events
    Query(Box<Query>),
    /// how far a case has come along a path, or when it left it
    Path(Box<PathOf>),
    /// a verdict, see [`Verdict`]
    Verdict(Box<VerdictOf>),
}

/// See [`Op::Overlap`].
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Start of the time, an instant.
    pub start: Expr,
    /// Its end, an instant.
    pub end: Expr,
    /// The time of day from which it counts, milliseconds after midnight.
    pub from: i64,
    /// Until which.
    pub until: i64,
}
