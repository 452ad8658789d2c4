//! What a case is: the subject with its facts and events, and the types that they have.

use super::{Name, Number, Path, Query, Unit};
use crate::text::{Span, Spanned};

/// `subject Observation { … }`, `subject Patient : encounters.Patient { … }`
#[derive(Clone, Debug)]
pub struct Subject {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// The other package's subject that it takes over.
    pub takes: Option<Path>,
    /// Facts about the case.
    pub facts: Vec<Fact>,
    /// Things that happen to it.
    pub events: Vec<Event>,
    /// `ends with Discharge, Death`
    pub ends: Vec<Ends>,
    /// Whole declaration.
    pub span: Span,
}

/// `respiration_rate : integer 0..100 per min`
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// Other units in which it is recorded.
    pub also: Vec<OtherUnit>,
    /// The codes by which records know it.
    pub from: Vec<Coding>,
    /// Which of several that a record has.
    pub taking: Option<Box<Taking>>,
    /// Whole line.
    pub span: Span,
}

/// `taking lowest within 24 h`
#[derive(Clone, Debug)]
pub struct Taking {
    /// `first`, `last`, `highest` or `lowest`.
    pub which: &'static str,
    /// How long before the instant asked about, at most.
    pub within: Option<Number>,
    /// From `taking` on.
    pub span: Span,
}

/// `or mg/dL at 88.42`
#[derive(Clone, Debug)]
pub struct OtherUnit {
    /// The unit.
    pub unit: Unit,
    /// How many of the first unit one of it is, where that depends on what is measured.
    pub at: Option<Number>,
    /// From `or` on.
    pub span: Span,
}

/// `snomed 1104311000000102`, after `from` or `or`
#[derive(Clone, Debug)]
pub struct Coding {
    /// The code system.
    pub system: Name,
    /// The code in it.
    pub code: Spanned<String>,
}

/// `event Antibiotics { route : Route }`, `event Observations : news2.Observation` or `event Ward : span { name : Name }`
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// The other package's subject that it carries.
    pub carries: Option<Path>,
    /// `: span`: it has an end as well as a start.
    pub lasts: Option<Span>,
    /// The codes by which records know it.
    pub from: Vec<Coding>,
    /// Its own fields.
    pub fields: Vec<Fact>,
    /// Whole declaration.
    pub span: Span,
}

/// `ends with Discharge, Death where expected`: events after which a case is over.
#[derive(Clone, Debug)]
pub struct Ends {
    /// The first of any of these ends it.
    pub events: Vec<Query>,
    /// Whole entry.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// The types of the language.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `yes/no`
    YesNo,
    /// `integer 0..100 per min`; the range is required for facts
    Integer { range: Option<(Number, Number)>, unit: Option<Unit> },
    /// `decimal 25.0..45.0 °C`; the places of the range are the precision
    Decimal { range: Option<(Number, Number)>, unit: Option<Unit> },
    /// `real`: no fact has it
    Real,
    /// An enum, by name
    Named(Path),
    /// `organisation`
    Organisation,
    /// `text`: equality only
    Text,
    /// `date`
    Date,
    /// `instant`
    Instant,
    /// `time of day`
    TimeOfDay,
    /// `duration` or `duration 0 h..72 h`
    Duration { range: Option<(Number, Number)> },
    /// `code`: a coded value, looked up in code lists
    Code,
    /// `nhs number`: with its check digit
    NhsNumber,
    /// `optional integer 0..10`: may be recorded as none
    Optional(Box<TypeExpr>),
}

/// `enum Scale { scale_1, scale_2 "label" }`, `enum Tone { normal = 0, flaccid = 3 "Flaccid" }`
#[derive(Clone, Debug)]
pub struct Enum {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Its choices in order.
    pub variants: Vec<Variant>,
    /// Whole declaration.
    pub span: Span,
}

/// A choice of an enum: `flaccid = 3 "Flaccid" from snomed 398151007`.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// What it counts in a score.
    pub points: Option<Number>,
    /// For people.
    pub label: Option<String>,
    /// The codes by which records know it.
    pub from: Vec<Coding>,
}

/// `codes iv_antibiotics from "antibiotics.csv"` or `codes treated { "30", "20" }`
#[derive(Clone, Debug)]
pub struct Codes {
    /// Its name.
    pub name: Name,
    /// The file beside the rule, if from a file.
    pub file: Option<Spanned<String>>,
    /// The codes, if written here.
    pub codes: Vec<Spanned<String>>,
    /// The lists that it is joined of, if it is: `= warfarin + heparins`.
    pub of: Vec<Path>,
    /// Whole declaration.
    pub span: Span,
}
