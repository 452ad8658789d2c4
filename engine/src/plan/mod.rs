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

pub use crate::values::rounding::Rounding;
use crate::values::types::Type;

mod answer;
pub mod bound;
pub mod case;
pub mod fingerprint;
pub mod formula;
pub mod library;
mod merging;
pub mod operators;
mod path;
mod query;
mod region;
mod shape;
mod table;
mod verdict;

pub use answer::{Answer, AnswerKind, Obligation};
pub use merging::merge_rows;
pub use path::{MAX_STATES, PathGives, PathOf};
pub use query::{Alternative, Column, Function, Kinds, Level, MAX_EVENTS, MAX_LEVELS, ORDER, Query};
pub use region::Region;
pub use shape::{Class, Shape};
pub use table::{Table, TableColumn, TableRow, conditions};
pub use verdict::{Verdict, VerdictOf};

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
    /// Code lists and other lists of whole numbers, each sorted: see [`Op::InList`].
    pub lists: Vec<List>,
    /// England's bank holidays, days since 1970, sorted; empty where no rule counts working days.
    pub holidays: Vec<i64>,
    /// What can be missing, in the order of the bits of [`Needs`].
    pub unknowns: Vec<Unknown>,
    /// The shape of each cell.
    pub cells: Vec<Shape>,
    /// What is worked out once for each event.
    pub columns: Vec<Column>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What a caller sees, in the order of the text.
    pub answers: Vec<Answer>,
    /// Measures over the answers.
    pub measures: Vec<library::Measure>,
    /// Members and their settings: not part of the logic itself.
    pub members: Vec<library::Member>,
    /// The examples in the rule file.
    pub examples: Vec<library::Example>,
}

/// A named list of values, sorted, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// The values; codes as [`crate::values::codes`] packs them.
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
    /// The bit for "this export does not supply the event".
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
    /// all events of this kind: the export does not supply it
    Events(usize),
    /// a parameter that the member must set and has not
    Parameter(usize),
    /// that an obligation which is open is decided, by place in [`Plan::answers`]
    Decision(usize),
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
    /// `column` becomes the value of the expression for every event of these kinds, and for the one of each kind that an export
    /// may have left out. Each kind is filled by one step; where there are several, the expression takes no fields of the event.
    Column {
        /// Which column.
        column: usize,
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
    Input(usize),
    /// a field of an event in scope: kind, field and level
    Field(usize, usize, Level),
    /// the time of an event in scope
    At(Level),
    /// the place of an event in scope in the order of the case, from 0; unknown if its time is
    Order(Level),
    /// the instant asked about
    AsOf,
    /// a parameter
    Parameter(usize),
    /// a cell filled before
    Cell(usize),
    /// what a column filled before holds for an event in scope, which is of a kind it was filled for
    Column(usize, Level),
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
    InList(Box<Expr>, usize),
    /// the calendar day in London of an instant
    LocalDate(Box<Expr>),
    /// the time of day on the clock in London of an instant; any time of day where the instant is not known
    LocalTime(Box<Expr>),
    /// the instant at which a clock in London shows a time of day on a date: of an hour that comes twice the first, of an hour
    /// that is left out the moment at which the clocks go forward
    InstantOn(Box<Expr>, Box<Expr>),
    /// the date so many working days (England) after a date; of 0 days the date itself. See [`crate::values::working_days`]
    AddWorkingDays(Box<Expr>, Box<Expr>),
    /// completed years from a date to a later one; a birthday on 29 February falls on 1 March in other years
    YearsBetween(Box<Expr>, Box<Expr>),
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

impl Plan {
    /// A plan that says nothing yet.
    #[must_use]
    pub fn empty(package: library::Package) -> Plan {
        Plan {
            package,
            subject: Subject::default(),
            parameters: Vec::new(),
            lists: Vec::new(),
            holidays: Vec::new(),
            unknowns: Vec::new(),
            cells: Vec::new(),
            columns: Vec::new(),
            steps: Vec::new(),
            answers: Vec::new(),
            measures: Vec::new(),
            members: Vec::new(),
            examples: Vec::new(),
        }
    }
}
