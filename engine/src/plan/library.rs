//! A package: its logic, and what surrounds it. Credentials, measures, members and examples are read by people and audits; the
//! interpreter and the compiler take the plan alone.

use super::coding::{ChoiceCoding, Coded, Coding, Taking};
pub use super::expected::{Due, Expectation, Expected, LateBy};
use super::figure::{Figure, Shared, Weight};
use super::{AnswerId, CellId, Id, KindId, LabelId, ParameterId, Plan, Responsible, Unknown};
use crate::text::Span;
use crate::values::types::Type;

/// A package, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Package {
    /// Who wrote it, on what ground, how far it is approved.
    pub credentials: Credentials,
    /// What it means.
    pub plan: Plan,
    /// Measures over the answers.
    pub measures: Vec<Measure>,
    /// Members and their settings.
    pub members: Vec<Member>,
    /// The examples in the rule file.
    pub examples: Vec<Example>,
    /// The codes by which records know facts and events; a case as such has none.
    pub codings: Vec<Coding>,
    /// The codes by which records know the choices of enums.
    pub choices: Vec<ChoiceCoding>,
    /// Which of several in a record a fact is, where that is said.
    pub takings: Vec<Taking>,
}

impl Package {
    /// The codes by which records know something.
    pub fn codings_of(&self, of: Coded) -> impl Iterator<Item = &Coding> {
        self.codings.iter().filter(move |coding| coding.of == of)
    }
}

/// A package's credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Credentials {
    /// `clinical.news2`
    pub path: String,
    /// `1.0.0`
    pub version: String,
    /// For people.
    pub title: String,
    /// The text of its `///` lines.
    pub doc: String,
    /// Published sources, by id.
    pub sources: Vec<Source>,
    /// Who answers for it.
    pub owner: String,
    /// `audit`, `operational` or `advisory`.
    pub purpose: String,
    /// None while it is a draft.
    pub approval: Option<Approval>,
    /// When it is in force.
    pub in_force: InForce,
    /// To be reviewed by (days since 1970).
    pub review_by: Option<i64>,
    /// Hazards considered.
    pub hazards: Vec<Hazard>,
    /// Whether a figure in it has not been checked against its source.
    pub unverified: bool,
}

/// Who approved something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When (days since 1970).
    pub on: i64,
}

/// The days on which something is in force (since 1970), both ends included; open where absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// The first.
    pub from: Option<i64>,
    /// The last.
    pub until: Option<i64>,
}

/// A hazard that was considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// Its id in the hazard log.
    pub id: String,
    /// What was considered.
    pub text: String,
}

/// A published source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The id used in the text.
    pub id: String,
    /// The full citation.
    pub citation: String,
    /// Not yet checked against the document.
    pub unverified: bool,
}

/// A measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// For people.
    pub title: String,
    /// What it counts.
    pub basis: Basis,
    /// Whether an unknown verdict stays in the denominator.
    pub unknown_counts_against: bool,
    /// Targets, in order of their dates.
    pub targets: Vec<Target>,
    /// Which way is better; from the target's direction unless said.
    pub better: Better,
    /// How it is split.
    pub strata: Vec<Stratum>,
    /// What each case counts for, where that is not one.
    pub weight: Option<Weight>,
    /// The organisations that answer for each case by shares, where not one answers for all of it.
    pub shared: Option<Shared>,
    /// Who answers for it; organisations are compared where it is split by them.
    pub responsible: Option<Responsible>,
    /// Citation.
    pub source: Option<String>,
}

/// Which way a rate is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The higher.
    Higher,
    /// The lower.
    Lower,
    /// Neither: the measure describes and does not judge.
    Neither,
}

impl Measure {
    /// The organisations that it compares.
    #[must_use]
    pub fn compares(&self) -> Option<Responsible> {
        self.responsible.filter(|responsible| self.strata.iter().any(|stratum| stratum.is_by(*responsible)))
    }

    /// The cells that it counts and splits by, besides those of answers.
    #[must_use]
    pub fn cells(&self) -> Vec<CellId> {
        let mut cells = match &self.basis {
            Basis::Obligation(_) | Basis::Each { .. } => Vec::new(),
            Basis::Cases { of, met, excused } => {
                [*of, *met].into_iter().chain(excused.iter().map(|(cell, _)| *cell)).collect()
            }
            Basis::Counts { of, met } => vec![*of, *met],
            Basis::Number(figure) => figure.cells().collect(),
        };
        cells.extend(self.weight.iter().map(|weight| weight.cell));
        cells.extend(self.shared.iter().flat_map(Shared::cells));
        cells.extend(self.strata.iter().filter_map(|stratum| match &stratum.kind {
            StratumKind::Cell(Taken::Case(cell), _)
            | StratumKind::Calendar(_, Taken::Case(cell), _)
            | StratumKind::Band(Taken::Case(cell), ..) => Some(*cell),
            _ => None,
        }));
        cells
    }
}

/// What a measure counts for each case.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The verdict of an obligation: the denominator is the cases to which it
    /// applies and that are not excused, the numerator those that met it; `open` cases are not yet in it.
    Obligation(AnswerId),
    /// The judgements of an obligation, one for each event that it judges: counted as the verdicts of cases are.
    Each {
        /// The obligation.
        obligation: AnswerId,
        /// The place of its judgements in [`Plan::judged`].
        judged: usize,
    },
    /// Conditions on the case: cells of yes/no.
    Cases {
        /// Denominator.
        of: CellId,
        /// Numerator, within the denominator.
        met: CellId,
        /// Exclusions: cell and reason.
        excused: Vec<(CellId, String)>,
    },
    /// Ready-made counts: cells of whole numbers.
    Counts {
        /// Denominator.
        of: CellId,
        /// Numerator.
        met: CellId,
    },
    /// A number of each case.
    Number(Figure),
}

/// A target: for a rate in percent, for a number in its own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `>=` (true) or `<=`.
    pub at_least: bool,
    /// Scaled: 905 with one place is 90.5 %.
    pub value: i64,
    /// Digits after the point.
    pub places: u8,
    /// From which day (since 1970).
    pub from: Option<i64>,
    /// Not checked against its source.
    pub unverified: bool,
}

/// A way of splitting a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    /// As written: `trust`, `month of trigger`, `age band`.
    pub title: String,
    /// How.
    pub kind: StratumKind,
}

impl Stratum {
    /// Whether it splits by the organisations that answer.
    #[must_use]
    pub fn is_by(&self, responsible: Responsible) -> bool {
        match (&self.kind, responsible) {
            (StratumKind::Label(label), Responsible::Label(of)) => *label == of,
            (StratumKind::Cell(Taken::Case(cell), _), Responsible::Cell(of)) => *cell == of,
            _ => false,
        }
    }
}

/// Where what splits a measure is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// In a cell, the same for the whole case.
    Case(CellId),
    /// At the event judged: a place among [`JudgedEach::splits`](super::JudgedEach::splits).
    Event(usize),
    /// The moment from which the judgement on the event applies.
    Trigger,
}

/// The ways.
#[derive(Clone, Debug, PartialEq)]
pub enum StratumKind {
    /// By a label of the case.
    Label(LabelId),
    /// By a value.
    Cell(Taken, Type),
    /// By the calendar month (London) of an instant or date in a cell; also `year`, `quarter`, `week`, `weekday`.
    Calendar(CalendarUnit, Taken, Type),
    /// By bands of a cell's value: ends included, open where absent.
    Band(Taken, Type, Vec<(Option<i64>, Option<i64>)>),
}

/// Calendar units for strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CalendarUnit {
    Year,
    Quarter,
    Month,
    Week,
    Weekday,
}

impl super::Plan {
    /// How an example names what can be missing: `spo2`, `Antibiotics.route`, `Antibiotics.at`, `Antibiotics`.
    #[must_use]
    pub fn unknown_path(&self, place: usize) -> String {
        let event = |kind: KindId| self.subject.events.get(kind).map_or(String::new(), |e| e.name.clone());
        match self.unknowns.get(place) {
            Some(Unknown::Fact(index)) => self.subject.inputs.get(*index).map_or(String::new(), |i| i.name.clone()),
            Some(Unknown::Field { kind, field }) => {
                let field = self.subject.events.get(*kind).and_then(|e| e.fields.get(*field));
                format!("{}.{}", event(*kind), field.map_or("", |f| &f.name))
            }
            Some(Unknown::Time(kind)) => format!("{}.at", event(*kind)),
            Some(Unknown::Events(kind)) => event(*kind),
            Some(Unknown::Parameter(index)) => self.parameters.get(*index).map_or(String::new(), |p| p.name.clone()),
            Some(Unknown::Decision(index)) => self.answers.get(*index).map_or(String::new(), |a| a.name.clone()),
            None => String::new(),
        }
    }
}

/// An example: a case and what must come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The case.
    pub case: super::case::Case,
    /// Settings given in the example: parameter and value.
    pub settings: Vec<(ParameterId, i64)>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Where it is written.
    pub span: Span,
}

impl Example {
    /// The settings that the example gives, one for each of `parameters`; the group's value where it gives none.
    #[must_use]
    pub fn settings_for(&self, parameters: usize) -> super::case::Settings {
        let given = |index: ParameterId| self.settings.iter().rev().find(|(parameter, _)| *parameter == index);
        (0..parameters).map(|place| given(ParameterId::at(place)).map(|(_, value)| *value)).collect()
    }
}

/// A member organisation and what it sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its code.
    pub code: String,
    /// Its name.
    pub title: String,
    /// Its tier of membership.
    pub tier: Option<String>,
    /// Its settings of this package: every difference from the group's standard.
    pub settings: Vec<MemberSetting>,
}

/// One setting of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSetting {
    /// Which parameter.
    pub parameter: ParameterId,
    /// The value.
    pub value: i64,
    /// Why.
    pub because: String,
    /// Who approved it, and when.
    pub approval: Approval,
    /// Until when the approval holds (days since 1970).
    pub until: Option<i64>,
}

impl MemberSetting {
    /// Whether its approval holds on a day (since 1970): from the day of the approval to its last day, both included.
    #[must_use]
    pub fn holds_on(&self, day: i64) -> bool {
        self.approval.on <= day && self.until.is_none_or(|until| day <= until)
    }
}
