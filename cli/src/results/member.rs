//! Why an organisation differs: what its data show, which rules it ran, and how far it lies from the group, taken apart.

use super::measure::Better;
use super::obligation::{Days, Quantile};
use crate::words;
use serde::{Deserialize, Serialize};

/// One organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberResult {
    /// Anchor.
    pub id: String,
    /// Code.
    pub code: String,
    /// Name, where known.
    pub name: Option<String>,
    /// Its cases; none where the count is suppressed.
    pub cases: Option<u64>,
    /// Its cases are not told: there may be few or many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cases_withheld: bool,
    /// Why it differs, the most telling first; nothing where nothing was found.
    pub causes: Vec<Cause>,
    /// How its rules differ from the group's: settings and versions, each with what it changes.
    pub rules: Vec<RuleDifference>,
    /// What its data show.
    pub checks: Vec<Check>,
    /// Each measure that compares organisations.
    pub measures: Vec<Why>,
    /// How long it took, by obligation.
    pub delays: Vec<MemberDelay>,
    /// How its cases go, step by step; none of few cases, and where there is no usual path.
    #[serde(default)]
    pub path: Option<MemberPath>,
    /// Cases by month, for the whole of the group's period: `2026-04`; none where the count is suppressed.
    pub months: Vec<(String, Option<u64>)>,
}

/// One reason for which an organisation differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// What kind of reason.
    pub kind: CauseKind,
    /// The measure or obligation that shows it, where it is one: its name in the rule.
    #[serde(default)]
    pub about: Option<String>,
    /// One sentence with its size.
    pub text: String,
}

/// Kinds of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each has its words in `words`")]
pub enum CauseKind {
    Omission,
    Delay,
    Order,
    Change,
    Practice,
    ApprovalOver,
    NotBegun,
    NotSet,
    OwnSetting,
    Version,
    Months,
    Open,
    Events,
    Times,
    Clock,
    Before,
    TimeOfDay,
    Dates,
    WholeExport,
    Rounded,
    UnderTarget,
    LateStart,
    OnlyDone,
    Duplicates,
    NearCode,
    Refused,
    Facts,
    Future,
    Volume,
    Excused,
    CaseMix,
    Improved,
    Small,
}

/// What has to be done about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Practice differs: visit.
    Visit,
    /// The rules that were run differ: agree on them.
    Rule,
    /// The data differ: settle that first.
    Data,
    /// The patients, or documented reasons, differ; or it is better since.
    Patients,
    /// Too few cases to tell.
    Few,
}

impl CauseKind {
    /// In two or three words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            CauseKind::Omission => "Not done",
            CauseKind::Delay => "Delay",
            CauseKind::Order => "Order of steps",
            CauseKind::Change => "Changed over time",
            CauseKind::Practice => "Practice",
            CauseKind::ApprovalOver => "Own setting, approval over",
            CauseKind::NotBegun => "Own setting, not begun yet",
            CauseKind::NotSet => "Own setting, not set",
            CauseKind::OwnSetting => "Own setting, approved",
            CauseKind::Version => "Another version",
            CauseKind::Months => "Months not exported",
            CauseKind::Open => "Cases still open",
            CauseKind::Events => "Events not exported",
            CauseKind::Times => "Times missing",
            CauseKind::Clock => "One clock an hour off",
            CauseKind::Before => "Done before it counts",
            CauseKind::TimeOfDay => "Time of day lost",
            CauseKind::Dates => "Dates mistaken",
            CauseKind::WholeExport => "Whole export in UTC",
            CauseKind::Rounded => "Minutes rounded",
            CauseKind::UnderTarget => "Heaped under the limit",
            CauseKind::LateStart => "Start recorded late",
            CauseKind::OnlyDone => "Only what was done",
            CauseKind::Duplicates => "Duplicates",
            CauseKind::NearCode => "Near-equal code",
            CauseKind::Refused => "Rows refused",
            CauseKind::Facts => "Facts missing",
            CauseKind::Future => "Times in the future",
            CauseKind::Volume => "Volume",
            CauseKind::Excused => "Documented exclusions",
            CauseKind::CaseMix => "Other patients",
            CauseKind::Improved => "Better since",
            CauseKind::Small => "Few cases",
        }
    }

    /// What has to be done about it.
    #[must_use]
    pub fn answer(self) -> Answer {
        match self {
            CauseKind::Omission | CauseKind::Delay | CauseKind::Order | CauseKind::Change | CauseKind::Practice => {
                Answer::Visit
            }
            CauseKind::ApprovalOver
            | CauseKind::NotBegun
            | CauseKind::NotSet
            | CauseKind::OwnSetting
            | CauseKind::Version => Answer::Rule,
            CauseKind::Excused | CauseKind::CaseMix | CauseKind::Improved => Answer::Patients,
            CauseKind::Small => Answer::Few,
            _ => Answer::Data,
        }
    }
}

impl Answer {
    /// Whether something is to be done, and not only to be known.
    #[must_use]
    pub fn is_to_do(self) -> bool {
        matches!(self, Answer::Visit | Answer::Rule | Answer::Data)
    }
}

/// A rule that a member ran otherwise than the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleDifference {
    /// `own_setting`, `approval_over`, `not_begun`, `not_set` or `version`.
    pub kind: CauseKind,
    /// What differs, with its approval and its days.
    pub text: String,
    /// Every member has to set it: the audit judges by its own, and beside it stands what most set. Else the audit judges by the group's, and
    /// beside it stands what it ran.
    #[serde(default)]
    pub required: bool,
    /// What it changes: each obligation of which a case is judged otherwise.
    pub changes: Vec<RuleChange>,
}

impl RuleDifference {
    /// What differs, and what that changes, in a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let changes = self.changes.iter().map(|change| {
            let (one, other) = (words::percent(change.rates.0), words::percent(change.rates.1));
            let jointly = if change.jointly { ", by all its own settings together" } else { "" };
            match self.required {
                true => format!("{}: {one} by its own, {other} by what most have{jointly}", change.title),
                false => format!("{}: {one} by the group's standard, {other} as it ran{jointly}", change.title),
            }
        });
        let changes: Vec<String> = changes.collect();
        let changed = if changes.is_empty() { String::new() } else { format!(". {}", changes.join("; ")) };
        format!("{}{changed}", self.text)
    }
}

/// How an obligation comes out as the audit judges and by the other rule: see [`RuleDifference::required`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleChange {
    /// The obligation's name.
    pub obligation: String,
    /// Its title.
    pub title: String,
    /// The share met by the group's standard, and as the member ran it.
    pub rates: (f64, f64),
    /// Cases judged otherwise; none where the count is suppressed.
    pub cases: Option<u64>,
    /// The obligation rests on another setting of its own as well: what each changes alone is not known.
    #[serde(default)]
    pub jointly: bool,
}

/// What the data of an organisation show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What kind of thing.
    pub kind: CauseKind,
    /// What was found and what is usual, in a sentence.
    pub text: String,
    /// What it does to its rates, in a sentence.
    pub effect: String,
}

/// How far an organisation's rate lies from the group's, taken apart; the parts add up to the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The measure's name.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// Its anchor.
    pub anchor: String,
    /// Which way is better.
    pub better: Better,
    /// The organisation's rate and its 95 % interval.
    pub rate: (f64, f64, f64),
    /// The group's rate.
    pub group: f64,
    /// The rate less the group's.
    pub gap: f64,
    /// The parts of the gap, in the order of [`PartKind`]; all five stand there.
    pub parts: Vec<Part>,
    /// What its rate could be, whatever is unknown: worst and best.
    pub bounds: (f64, f64),
    /// Observed over expected by the declared strata, with its exact 95 % interval.
    pub ratio: Option<(f64, Option<(f64, f64)>)>,
    /// The expected rate.
    pub expected: Option<f64>,
    /// Whether what is left is compared as practice.
    pub compared: bool,
    /// In one sentence.
    pub sentence: String,
}

/// A part of a gap, as a share (0.05 is 5 points).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub kind: PartKind,
    /// How much of the gap.
    pub size: f64,
    /// From where to where it may lie, where that can be told.
    pub interval: Option<(f64, f64)>,
}

/// What a gap is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Another setting or version.
    Rule,
    /// What is unknown.
    Data,
    /// More or fewer documented reasons than usual.
    Excused,
    /// Other patients, as far as the declared strata show it.
    CaseMix,
    /// What is left.
    Practice,
}

impl PartKind {
    /// All, in order.
    pub const ALL: [PartKind; 5] =
        [PartKind::Rule, PartKind::Data, PartKind::Excused, PartKind::CaseMix, PartKind::Practice];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            PartKind::Rule => "Rule",
            PartKind::Data => "Data",
            PartKind::Excused => "Excused",
            PartKind::CaseMix => "Case mix",
            PartKind::Practice => "Practice (what is left)",
        }
    }
}

/// How long it took at one organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberDelay {
    /// The obligation's name.
    pub obligation: String,
    /// Its title.
    pub title: String,
    /// Cases with both times.
    pub n: u64,
    /// The days in which it is counted, where the deadline is a day.
    #[serde(default)]
    pub days: Option<Days>,
    /// Median, milliseconds; in days so many times 24 h.
    pub median: Quantile,
    /// 90th percentile.
    pub p90: Quantile,
    /// The middle one of all organisations' medians; none where nobody can say which organisations have enough cases for one.
    pub usual: Option<i64>,
}

impl MemberDelay {
    /// A time of it in words.
    #[must_use]
    pub fn words(&self, time: i64) -> String {
        self.days.map_or_else(|| words::duration(time), |days| days.words(time))
    }
}

/// How the cases of an organisation go, held against the usual path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberPath {
    /// The steps of the usual path, in order: the kinds of event that half of all cases have, in the order in which most have each two.
    pub steps: Vec<MemberStep>,
    /// The share of its cases that have all of them in this order; none where 1 to 7 have.
    pub on_path: Option<f64>,
    /// Of some cases that is not known, as the time of a step is missing; they are not in the share.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_open: bool,
    /// The cases of which it is known, where it is not of all; none where counts are rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<u64>,
    /// The middle one of all organisations' shares, where suppressed ones do not move it.
    pub usual: Option<f64>,
    /// How many different ways its cases go, by the order in which each kind of event first happened; not told where small numbers are protected.
    pub ways: Option<u64>,
    /// The commonest; nothing where rounded counts leave it open.
    pub commonest: Vec<String>,
    /// Its share of the cases.
    pub share: Option<f64>,
}

/// A share of cases, none where they are 1 to 7 and suppressed, and the middle one of all organisations, where suppressed ones do not move it.
pub type StepShare = (Option<f64>, Option<f64>);

/// A step: each share with the middle one of all organisations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberStep {
    /// The kind of event.
    pub step: String,
    /// Cases without it.
    pub skipped: Option<StepShare>,
    /// Cases with more than one.
    pub again: Option<StepShare>,
    /// Of the cases with both, those in which it first happened after the next step did; none of the last.
    pub after_next: Option<StepShare>,
}
