//! The syntax tree: what the author wrote, nothing resolved.
//!
//! Every node that a message may point at carries its [`Span`]. The tree keeps the author's spelling of
//! numbers and units; meaning is given to them by `names` and `types`.

#![allow(missing_docs, reason = "fields inside a variant are shown by the variant's own line")]

pub use super::process::{Clock, Edge, Ends, Event, Pathway, Stage, StageKind};
use crate::text::{Span, Spanned};

/// An identifier as written.
pub type Name = Spanned<String>;

/// `clinical.news2` or `news2.total`: one or more names joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// At least one part.
    pub parts: Vec<Name>,
    /// The whole path.
    pub span: Span,
}

/// One rule file: a package or a member's settings.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// `package … { … }`; a member file has none.
    pub package: Option<Package>,
    /// `use clinical.news2 as news2`, in order.
    pub uses: Vec<Use>,
    /// All declarations that could be read, in order.
    pub items: Vec<Item>,
}

/// The package header.
#[derive(Clone, Debug)]
pub struct Package {
    /// Text of the `///` lines above it.
    pub doc: String,
    /// `clinical.news2`.
    pub path: Path,
    /// Its entries in order.
    pub entries: Vec<Meta>,
    /// From `package` to the closing brace.
    pub span: Span,
}

/// One entry of the package header; each keeps its span for the checks of governance metadata.
#[derive(Clone, Debug)]
pub struct Meta {
    /// What it says.
    pub kind: MetaKind,
    /// Where.
    pub span: Span,
}

/// The entries a header can have.
#[derive(Clone, Debug)]
pub enum MetaKind {
    /// `version 1.0.0`
    Version(String),
    /// `title "…"`
    Title(String),
    /// `source rcp "…" [unverified]`
    Source { id: Name, citation: String, unverified: bool },
    /// `owner "…"`
    Owner(String),
    /// `use audit | operational | advisory`
    Use(Name),
    /// `status draft`
    StatusDraft,
    /// `status approved by "…" on 2026-04-01`
    StatusApproved { by: String, on: Spanned<Date> },
    /// `in force from DATE [until DATE]`
    InForce { from: Spanned<Date>, until: Option<Spanned<Date>> },
    /// `review by DATE`
    ReviewBy(Spanned<Date>),
    /// `hazard "H-02" "missing observation scored as 0"`
    Hazard { id: String, text: String },
    /// `judged on first Referral`: the instant or date that says which dated figures hold for a case
    JudgedOn(Expr),
    /// `supersedes clinical.news`
    Supersedes(Path),
}

/// A calendar date as written; validity of the day is checked by the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, 1900 to 2199.
    pub year: i32,
    /// Month 1 to 12.
    pub month: u8,
    /// Day of the month.
    pub day: u8,
}

/// `use clinical.news2 as news2`
#[derive(Clone, Debug)]
pub struct Use {
    /// The package used.
    pub path: Path,
    /// The name it goes by here; the last part of the path by default.
    pub alias: Option<Name>,
    /// The whole line.
    pub span: Span,
}

/// A declaration.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each variant's content documents itself")]
pub enum Item {
    Enum(Enum),
    Codes(Codes),
    Subject(Subject),
    Parameter(Parameter),
    Table(Table),
    Define(Define),
    Obligation(Obligation),
    Clock(Clock),
    Path(Pathway),
    Measure(Measure),
    Member(Member),
    Example(Example),
}

/// `enum Scale { scale_1, scale_2 "label" }`
#[derive(Clone, Debug)]
pub struct Enum {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Variants in order, each with an optional label for people.
    pub variants: Vec<(Name, Option<String>)>,
    /// Whole declaration.
    pub span: Span,
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
    /// Whole declaration.
    pub span: Span,
}

/// `subject Observation { … }`
#[derive(Clone, Debug)]
pub struct Subject {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
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
    /// Whole line.
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
    /// `optional integer 0..10`: may be recorded as none
    Optional(Box<TypeExpr>),
}

/// A number as written: `−3`, `2.05`, `1_000`; and its unit, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// All digits as one integer: 205 for `2.05`; negative with a leading minus.
    pub digits: i64,
    /// Digits after the point: 2 for `2.05`.
    pub places: u8,
    /// Unit written after it.
    pub unit: Option<Unit>,
    /// Number and unit.
    pub span: Span,
}

/// A unit as written: `min`, `mmol/L`, `%`, `per min`, `°C`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Spelling with single spaces, `per min` kept as such.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// `parameter antibiotics_within : duration = 1 h  local 15 min..1 h "reason"`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// The group's value; a locally required parameter has none. Several with dates of effect.
    pub values: Vec<Dated<Expr>>,
    /// Who may set it; fixed when absent.
    pub local: Option<Local>,
    /// `unverified` written after the value.
    pub unverified: bool,
    /// `source ID ["place"]`
    pub source: Option<Citation>,
    /// Whole declaration.
    pub span: Span,
}

/// A value with the date from which it holds.
#[derive(Clone, Debug)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// `from 2026-03-01`; absent: always.
    pub from: Option<Spanned<Date>>,
}

/// A parameter's contract with members.
#[derive(Clone, Debug)]
pub struct Local {
    /// What is allowed.
    pub kind: LocalKind,
    /// `for full, associate`: the tiers that may set it; empty: all.
    pub tiers: Vec<Name>,
    /// The reason shown to members.
    pub reason: Option<String>,
    /// Where.
    pub span: Span,
}

/// What a member may do with a parameter.
#[derive(Clone, Debug)]
pub enum LocalKind {
    /// `local 15 min..1 h`, `local 07:00..10:00`
    Range(Expr, Expr),
    /// `local stricter lower` or `local stricter higher`: only in that direction from the group's value
    Stricter(Name),
    /// `local required`
    Required,
    /// `local any`: any value of its type
    Any,
}

/// `source rcp "table 3"`
#[derive(Clone, Debug)]
pub struct Citation {
    /// The id given in the package header.
    pub id: Name,
    /// Where in the source.
    pub place: Option<String>,
    /// `unverified`
    pub unverified: bool,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// `unique` unless asked for.
    pub policy: Policy,
    /// Left of the bar.
    pub inputs: Vec<Column>,
    /// Right of the bar: output names.
    pub outputs: Vec<Name>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// `source …` after the closing brace.
    pub source: Option<Citation>,
    /// Whole declaration.
    pub span: Span,
}

/// How the rows of a table combine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Exactly one row answers; proved.
    Unique,
    /// `table x first`: the first row that answers.
    First,
    /// `table x collect sum|count|max|min|list`.
    Collect(Name),
}

/// An input column: a name or path, or `(expression) as name`.
#[derive(Clone, Debug)]
pub struct Column {
    /// What is looked at.
    pub expr: Expr,
    /// What it is called in messages.
    pub title: String,
    /// Where.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell for each input column.
    pub cells: Vec<Cell>,
    /// One for each output column, or the single claim `impossible`.
    pub outputs: RowOutput,
    /// `from DATE`/`until DATE` at the end of the row.
    pub in_force: Option<(Option<Spanned<Date>>, Option<Spanned<Date>>)>,
    /// The whole row.
    pub span: Span,
}

/// Right of the bar.
#[derive(Clone, Debug)]
pub enum RowOutput {
    /// One expression a column: a literal, a name, `none`, or a parenthesised expression.
    Values(Vec<Expr>),
    /// `impossible`
    Impossible(Span),
}

/// A condition on one input column.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it asks.
    pub test: Test,
    /// Where.
    pub span: Span,
}

/// The conditions a cell can hold.
#[derive(Clone, Debug)]
pub enum Test {
    /// `any`
    Any,
    /// `none`: recorded as none
    None,
    /// `3`, `scale_1`, `yes`, `"text"`: equal to
    Is(Expr),
    /// `9..11`, ends included
    Range(Expr, Expr),
    /// `<= 8`, `>= 25`, `< 3.0`, `> 4`, `not 3`; the operand may be another fact
    Compare(Comparison, Expr),
    /// `voice, pain` or `{ voice, pain }`: one of
    OneOf(Vec<Test>),
    /// `not scale_1`, `not { … }`
    Not(Box<Test>),
    /// `in code_list`
    InList(Path),
}

/// `define total "Total score" = …`
#[derive(Clone, Debug)]
pub struct Define {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// What it is.
    pub expr: Expr,
    /// Whole declaration.
    pub span: Span,
}

/// An obligation; see the language reference for what its clauses mean.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// Clauses in order; duplicates and gaps are found later.
    pub clauses: Vec<Clause>,
    /// Whole declaration.
    pub span: Span,
}

/// A clause and where it stands.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where.
    pub span: Span,
}

/// The clauses of an obligation.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `source nice "1.7" [unverified]`
    Source(Citation),
    /// `applies when EXPR`
    Applies(Expr),
    /// `from EXPR`: the trigger, an event query or an instant
    From(Expr),
    /// `for each EVENT [where EXPR] [as name]`: one verdict an occurrence
    ForEach(Query),
    /// `for each period of CLOCK`
    ForEachPeriod(Path),
    /// `every EXPR from EXPR until EXPR`
    Every { interval: Expr, from: Option<Expr>, until: Option<Expr> },
    /// `expect [no] EVENT [where …] [within …] [before …] [after …]`, `expect stop within …`
    Expect { query: Query, negated: bool, deadline: Option<Deadline> },
    /// `earlier counts` / `earlier does not count`
    Earlier(bool),
    /// `excused when EXPR because "reason"`
    Excused { when: Expr, because: String },
    /// `severity high`
    Severity(Name),
}

/// By when something is expected.
#[derive(Clone, Debug)]
pub enum Deadline {
    /// `within 1 h`, `within 126 days`, `within 3 working days`
    Within(Expr),
    /// `by 10:00 next day`: the first such local time after the trigger's day began, `days` later
    ByClock { time: Expr, days: u8 },
    /// `by INSTANT`
    By(Expr),
    /// `before QUERY`: in the order of the case, not after it
    Before(Query),
}

/// A measure over verdicts, decisions or ready-made counts.
#[derive(Clone, Debug)]
pub struct Measure {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Entries in order.
    pub entries: Vec<MeasureEntry>,
    /// Whole declaration.
    pub span: Span,
}

/// One line of a measure.
#[derive(Clone, Debug)]
pub struct MeasureEntry {
    /// What it says.
    pub kind: MeasureKind,
    /// Where.
    pub span: Span,
}

/// The lines of a measure.
#[derive(Clone, Debug)]
pub enum MeasureKind {
    /// `title "…"`
    Title(String),
    /// `source nice "1.7"`
    Source(Citation),
    /// `of obligation antibiotics_1h`
    OfObligation(Path),
    /// `of cases [where EXPR]`: denominator by a condition
    OfCases(Option<Expr>),
    /// `met when EXPR`: numerator by a condition (with `of cases`)
    MetWhen(Expr),
    /// `excused when EXPR because "…"` (with `of cases`)
    Excused { when: Expr, because: String },
    /// `of count EXPR`: denominator ready-made
    OfCount(Expr),
    /// `met count EXPR`: numerator ready-made (with `of count`)
    MetCount(Expr),
    /// `unknown counts against` (true) or `unknown left out` (false)
    Unknown { against: bool },
    /// `target >= 90 % [from DATE] [unverified]`
    Target { op: Comparison, value: Number, from: Option<Spanned<Date>>, unverified: bool },
    /// `higher is better` (true), `lower is better` (false)
    Direction { higher_is_better: bool },
    /// `by trust, month of trigger, age band 16..64, 65..79, 80..`
    By(Vec<Stratum>),
}

/// One way of splitting a measure.
#[derive(Clone, Debug)]
pub struct Stratum {
    /// Which.
    pub kind: StratumKind,
    /// Where.
    pub span: Span,
}

/// The ways of splitting a measure.
#[derive(Clone, Debug)]
pub enum StratumKind {
    /// a fact or define, by value
    Value(Expr),
    /// `month of EXPR`, `year of`, `quarter of`, `week of`, `weekday of`
    Calendar { unit: Name, of: Expr },
    /// `age band 16..64, 65..79, 80..`: lower and upper ends, open at either
    Band { of: Expr, bands: Vec<(Option<Number>, Option<Number>)> },
}

/// A member's settings.
#[derive(Clone, Debug)]
pub struct Member {
    /// The organisation code, `RRF`.
    pub code: Spanned<String>,
    /// Its name.
    pub title: String,
    /// `membership associate`
    pub tier: Option<Name>,
    /// The settings.
    pub settings: Vec<Setting>,
    /// Whole declaration.
    pub span: Span,
}

/// `acute.sepsis.antibiotics_within = 45 min because "…" approved by "…" on DATE until DATE`
#[derive(Clone, Debug)]
pub struct Setting {
    /// Package path and the parameter's name.
    pub target: Path,
    /// The value.
    pub value: Expr,
    /// Required.
    pub because: Option<String>,
    /// Required.
    pub approved_by: Option<(String, Spanned<Date>)>,
    /// When the approval ends.
    pub until: Option<Spanned<Date>>,
    /// Whole setting.
    pub span: Span,
}

/// `example "septic shock" { facts … => expectations }`; also a case in `cases.md`.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name.
    pub name: Spanned<String>,
    /// What is supplied.
    pub given: Vec<Given>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Whole declaration.
    pub span: Span,
}

/// One thing supplied in an example.
#[derive(Clone, Debug)]
pub enum Given {
    /// `spo2 91`, `scale scale_1`, `route none`
    Fact { name: Name, value: Expr },
    /// `Antibiotics at 2026-01-05 10:00 { route intravenous }`
    Event { name: Name, at: Option<Expr>, fields: Vec<(Name, Expr)>, span: Span },
    /// `Lactate not supplied`: this export does not carry the event
    NotSupplied(Name),
    /// `as of 2026-01-05 12:00`
    AsOf(Expr),
    /// `parameter antibiotics_within 45 min`
    Parameter { name: Name, value: Expr },
}

/// `total 20`, `total unknown 0..3 needs temperature`, `antibiotics_1h late by 30 min`
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The answer's name.
    pub name: Path,
    /// What it must be.
    pub kind: Expected,
    /// Where.
    pub span: Span,
}

/// What an example expects.
#[derive(Clone, Debug)]
pub enum Expected {
    /// a value, `none` included
    Value(Expr),
    /// `unknown [lo..hi | { a, b }] [needs x, y]`
    Unknown { range: Option<(Expr, Expr)>, one_of: Vec<Name>, needs: Option<Vec<Path>> },
    /// `met`, `late [by D]`, `missed`, `open [due INSTANT]`, `excused [because "…"]`, `not applicable`
    Verdict { verdict: Name, by: Option<Expr>, due: Option<Expr>, because: Option<String> },
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `3`, `2.5 mmol/L`, `1 h`
    Number(Number),
    /// `"text"`
    Text(String),
    /// `yes`, `no`
    YesNo(bool),
    /// `none`
    None,
    /// `2026-04-01`
    Date(Date),
    /// `2026-01-05 10:00[:30]` London local, or with `Z`: milliseconds of local or UTC civil time since 1970
    DateTime { civil_ms: i64, utc: bool },
    /// `10:00`, milliseconds after midnight
    TimeOfDay(i64),
    /// `total`, `news2.total`, `scale_1`, and inside an event query its fields
    Path(Path),
    /// `at`: the time of the event at hand
    At,
    /// `as of`: the instant the question is asked for
    AsOf,
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `a + b`, `a and b` …
    Binary { op: Spanned<BinaryOp>, left: Box<Expr>, right: Box<Expr> },
    /// `a <= b`; also `is`, `is not`
    Compare { op: Comparison, left: Box<Expr>, right: Box<Expr> },
    /// `x in 5..6`
    InRange { value: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    /// `x in { a, b }`, `x is one of a, b`
    OneOf { value: Box<Expr>, options: Vec<Expr> },
    /// `x in code_list` (a path that names a code list)
    InList { value: Box<Expr>, list: Path },
    /// `x is none`, `x is not none`
    IsNone { value: Box<Expr>, negated: bool },
    /// `x is unknown`, `x is known`
    IsUnknown { value: Box<Expr>, negated: bool },
    /// `x else y`: y when x is none
    Else { value: Box<Expr>, otherwise: Box<Expr> },
    /// `if c then a else b`
    If { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// `any of a, b, c is 3`, `all of …`, `count of a, b, c is 3`: a test over a list
    Quantified { quantifier: Name, items: Vec<Expr>, op: Comparison, operand: Box<Expr> },
    /// `highest of a, b`, `lowest of a, b`, `sum of a, b`, `count of a, b` (of yes/no)
    Fold { fold: Name, items: Vec<Expr> },
    /// `round x to 2 places [up|down|half up|half even]`
    Round { value: Box<Expr>, places: u8, mode: Option<Name> },
    /// `exp(x)`, `ln(x)`, `log10(x)`, `sqrt(x)`, `min(x, y)`, `abs(x)`
    Call { function: Name, arguments: Vec<Expr> },
    /// `x to mmol/L`: named unit conversion
    Convert { value: Box<Expr>, unit: Unit },
    /// `month of x`, `date of x`, `time of x`, `years from a to b`, `days from a to b`
    Calendar { function: Name, arguments: Vec<Expr> },
    /// an event query
    Query(Box<Query>),
}

/// Operators with two sides, other than comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    And,
    Or,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A question about the events of a case: `first Antibiotics where route is intravenous after first Triage`,
/// `lowest value of Creatinine within 7 days before last Creatinine`, `count Shift`, `any Fall`.
#[derive(Clone, Debug)]
pub struct Query {
    /// `first`, `last`, `nth`, `count`, `any`, `all`, `lowest`, `highest`, `sum`, `median`, `latest`; `first` when omitted.
    pub function: Option<Name>,
    /// For `3rd`: which.
    pub nth: Option<u32>,
    /// `value of`: what is taken from the event; its time when absent.
    pub field: Option<Box<Expr>>,
    /// The event.
    pub event: Path,
    /// `called s`: a name for the event at hand, for questions inside this one.
    pub alias: Option<Name>,
    /// `where …`
    pub filter: Option<Box<Expr>>,
    /// `all E where … have …`
    pub have: Option<Box<Expr>>,
    /// `after …`, `before …`, `since …`, `until …`, `within D before|after|of …`
    pub windows: Vec<Window>,
    /// Whole query.
    pub span: Span,
}

/// A limit on which events a query looks at.
#[derive(Clone, Debug)]
pub struct Window {
    /// Which.
    pub kind: WindowKind,
    /// Where.
    pub span: Span,
}

/// The limits on a query. An end given by another query compares places in the case's order, so that
/// events recorded at the same time keep it; an end given by an instant compares times.
#[derive(Clone, Debug)]
pub enum WindowKind {
    /// later in order than (excludes it)
    After(Expr),
    /// earlier in order than (excludes it)
    Before(Expr),
    /// at or after
    Since(Expr),
    /// at or before
    Until(Expr),
    /// `within 7 days before X`: X − 7 days ≤ t ≤ X
    WithinBefore(Expr, Expr),
    /// `within 7 days after X`: X ≤ t ≤ X + 7 days
    WithinAfter(Expr, Expr),
}
