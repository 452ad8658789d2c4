//! What surrounds the logic: the package's credentials, its measures and its examples.

use super::Unknown;
use crate::text::Span;
use crate::values::types::Type;

/// A package's credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Package {
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
    /// None while it is a draft; who approved it and when.
    pub approval: Option<(String, i64)>,
    /// In force from, until (days since 1970).
    pub in_force: (Option<i64>, Option<i64>),
    /// To be reviewed by (days since 1970).
    pub review_by: Option<i64>,
    /// Hazards considered: id and text.
    pub hazards: Vec<(String, String)>,
    /// Whether a figure in it has not been checked against its source.
    pub unverified: bool,
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
    /// Whether more is better; from the target's direction unless said.
    pub higher_is_better: bool,
    /// How it is split.
    pub strata: Vec<Stratum>,
    /// Citation.
    pub source: Option<String>,
}

/// What a measure counts for each case.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The verdict of an obligation, by place in [`super::Plan::answers`]: the denominator is the cases to which it
    /// applies and that are not excused, the numerator those that met it; `open` cases are not yet in it.
    Obligation(usize),
    /// Conditions on the case: cells of yes/no.
    Cases {
        /// Denominator.
        of: usize,
        /// Numerator, within the denominator.
        met: usize,
        /// Exclusions: cell and reason.
        excused: Vec<(usize, String)>,
    },
    /// Ready-made counts: cells of whole numbers.
    Counts {
        /// Denominator.
        of: usize,
        /// Numerator.
        met: usize,
    },
}

/// A target for a rate, in percent.
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

/// The ways.
#[derive(Clone, Debug, PartialEq)]
pub enum StratumKind {
    /// By a label of the case: place in [`super::Subject::labels`].
    Label(usize),
    /// By a cell's value.
    Cell(usize, Type),
    /// By the calendar month (London) of an instant or date in a cell; also `year`, `quarter`, `week`, `weekday`.
    Calendar(CalendarUnit, usize, Type),
    /// By bands of a cell's value: ends included, open where absent.
    Band(usize, Type, Vec<(Option<i64>, Option<i64>)>),
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
        let event = |kind: usize| self.subject.events.get(kind).map_or(String::new(), |e| e.name.clone());
        match self.unknowns.get(place) {
            Some(Unknown::Fact(index)) => self.subject.inputs.get(*index).map_or(String::new(), |i| i.name.clone()),
            Some(Unknown::Field(kind, field)) => {
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
    pub settings: Vec<(usize, i64)>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Where it is written.
    pub span: Span,
}

impl Example {
    /// The settings that the example gives, one for each of `parameters`; the group's value where it gives none.
    #[must_use]
    pub fn settings_for(&self, parameters: usize) -> super::case::Settings {
        let given = |index: usize| self.settings.iter().rev().find(|(parameter, _)| *parameter == index);
        (0..parameters).map(|index| given(index).map(|(_, value)| *value)).collect()
    }
}

/// One expected answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Place in [`super::Plan::answers`].
    pub answer: usize,
    /// What it must be.
    pub kind: Expected,
    /// Where it is written.
    pub span: Span,
}

/// What is expected of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// this value
    Value(i64),
    /// none
    None,
    /// unknown; where given, exactly this range or set of variants, possibly none, and exactly these needs
    Unknown {
        /// Least and greatest possible value.
        range: Option<(i64, i64)>,
        /// Possible variants.
        one_of: Option<u64>,
        /// Said that it may be none; where that is not said, it may or may not.
        or_none: bool,
        /// What would settle it.
        needs: Option<super::Needs>,
    },
    /// a verdict, with how late, when due and why excused where given
    Verdict {
        /// Which.
        verdict: super::Verdict,
        /// How late, milliseconds.
        by: Option<i64>,
        /// The deadline.
        due: Option<i64>,
        /// The excuse.
        because: Option<String>,
    },
    /// the verdict is unknown; where given, exactly these verdicts are possible, and exactly these needs
    UnknownVerdict {
        /// Possible verdicts.
        one_of: Option<u64>,
        /// What would settle it.
        needs: Option<super::Needs>,
    },
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
    /// Place of the parameter.
    pub parameter: usize,
    /// The value.
    pub value: i64,
    /// Why.
    pub because: String,
    /// Who approved it.
    pub approved_by: String,
    /// When (days since 1970).
    pub approved_on: i64,
    /// Until when the approval holds (days since 1970).
    pub until: Option<i64>,
}

impl MemberSetting {
    /// Whether its approval holds on a day (since 1970): from the day of the approval to its last day, both included.
    #[must_use]
    pub fn holds_on(&self, day: i64) -> bool {
        self.approved_on <= day && self.until.is_none_or(|until| day <= until)
    }
}
