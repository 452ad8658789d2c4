//! A measure whose figure is a number, or a share by value: with its interval, over time, and organisations side by side.

use super::chart::ControlChart;
use super::counts::Counts;
use super::measure::{Better, Target, Unset};
use super::nulls::null_where_hidden;
use super::shown::Shown;
use crate::words::told_counted;
use serde::{Deserialize, Serialize};

/// The place of the cases without a number among those that may be hidden.
const WITHOUT: u8 = 4;

/// One such measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureResult {
    /// Anchor.
    pub id: String,
    /// Name in the rule.
    pub name: String,
    /// For people.
    pub title: String,
    /// Citation.
    pub source: String,
    /// What is made of which cases, in words.
    pub basis: String,
    /// The method of the figure and its interval, in words.
    pub method: String,
    /// How the figure is written.
    pub shown: Shown,
    /// Which way is better.
    pub better: Better,
    /// Of all cases, but for those of organisations that have not made a setting which each has to make.
    pub total: FigureValue,
    /// Those, where there are any.
    #[serde(default)]
    pub unset: Option<Unset>,
    /// The target, if there is one.
    pub target: Option<Target>,
    /// Of the periods that begin on or after the day from which the target counts, where others do not.
    #[serde(default)]
    pub since: Option<FigureValue>,
    /// Without those of which data or rules explain where they stand, where there are any: what is held against the target. Of exact counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<FigureValue>,
    /// By organisation, where there is more than one: never ranked; in order of code.
    pub organisations: Vec<OrganisationFigure>,
    /// How they are compared, in words; empty where they are not.
    pub compared: String,
    /// Dispersion ratio φ (winsorised) of the organisations, where they are compared.
    pub phi: Option<f64>,
    /// The other ways in which it is split: title, and each group with its figure.
    pub strata: Vec<(String, Vec<(String, FigureValue)>)>,
    /// Control chart of all together.
    pub chart: Option<ControlChart>,
    /// Control charts by organisation.
    pub charts: Vec<ControlChart>,
}

/// A figure and the cases behind it. A count that small-number control suppresses stands as 0 with its bit set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "FigureValueJson", into = "FigureValueJson")]
pub struct FigureValue {
    /// Cases in it.
    pub cases: u64,
    /// Excused, not in it.
    pub excluded: u64,
    /// Not yet due, not in it.
    pub open: u64,
    /// Unknown; in it only where the measure counts them against.
    pub unknown: u64,
    /// Those that would count and have no number, as whoever still waits has no length of a wait; not in it.
    pub without: u64,
    /// The figure; none where there is nothing to make it of, or too few cases to show it.
    pub estimate: Option<Estimate>,
    /// Bit `i`: the count in place `i` lies between 1 and 7.
    pub hidden: u8,
}

null_where_hidden!(FigureValue as FigureValueJson, u8, [cases, excluded, open, unknown, without], { estimate: Option<Estimate> });

impl FigureValue {
    /// The cases that have no number, the most where that is suppressed, and those with and without one.
    #[must_use]
    pub fn without_and_all(&self) -> [u64; 2] {
        let most = |count: u64, place: u8| if self.hidden >> place & 1 == 0 { count } else { Counts::MOST_SUPPRESSED };
        let without = most(self.without, WITHOUT);
        [without, most(self.cases, 0).saturating_add(without)]
    }

    /// Whether so many cases are still open that the figure may turn out otherwise.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let counts = Counts { denominator: self.cases, open: self.open, ..Counts::default() };
        Counts { hidden: (self.hidden >> 2 & 1) << 3, ..counts }.is_unfinished()
    }
}

impl FigureResult {
    /// How many have no number, and what that says of the figure, as a sentence; nothing where all have one.
    #[must_use]
    pub fn without(&self) -> Option<String> {
        let of = &self.total;
        let hides = of.hidden >> WITHOUT & 1 != 0;
        let cases = told_counted(of.without, of.hidden, WITHOUT, "case", "cases");
        let hides_own = |own: &FigureValue| own.hidden >> WITHOUT & 1 != 0;
        let apart = self.organisations.iter().filter(|own| own.cause.is_some());
        let apart = apart.filter(|own| own.value.without > 0 || hides_own(&own.value)).map(|own| {
            let cases = told_counted(own.value.without, own.value.hidden, WITHOUT, "case", "cases");
            format!("{cases} at {}", own.code)
        });
        let apart: Vec<String> = apart.collect();
        let apart = match apart.is_empty() {
            true => String::new(),
            false => format!(" (of these {}, where data or rules may explain it)", apart.join(", ")),
        };
        (of.without > 0 || hides).then(|| {
            let verb = if of.without == 1 { "has" } else { "have" };
            let why = if self.shown.is_a_time() { ", as whoever still waits has none" } else { "" };
            format!("A further {cases} {verb} no number{why}{apart}: the figure is of the others alone.")
        })
    }

    /// Whether the target is reached; nothing where there is no figure, and where what it may stand for lies on both sides: of what lies in an open last band
    /// nobody knows by how much it is more.
    #[must_use]
    pub fn reached(&self) -> Option<bool> {
        let (target, estimate) = (self.target.as_ref()?, self.held().estimate?);
        let reaches = |value: f64| match (estimate.at_least, target.at_least) {
            (false, true) => Some(value >= target.value),
            (false, false) => Some(value <= target.value),
            (true, at_least) => (value >= target.value).then_some(at_least),
        };
        // Exact, it stands for itself.
        let (low, high) = estimate.within.unwrap_or((estimate.value, estimate.value));
        let (low, high) = (reaches(low)?, reaches(high)?);
        (low == high).then_some(low)
    }

    /// A figure of it as people read it beside the target, with as many digits as tell the two apart.
    #[must_use]
    pub fn beside_target(&self, of: &FigureValue) -> String {
        match (&self.target, &of.estimate) {
            (Some(target), Some(Estimate { value, at_least: false, .. })) => {
                self.shown.say_beside(*value, target.value)
            }
            _ => of.said(&self.shown),
        }
    }

    /// The codes of those that are not compared, as data or rules explain where they stand.
    #[must_use]
    pub fn apart(&self) -> Vec<&str> {
        self.organisations.iter().filter(|of| of.cause.is_some()).map(|of| of.code.as_str()).collect()
    }

    /// The figure without these, as a sentence; nothing where there are none.
    #[must_use]
    pub fn without_those_apart(&self) -> Option<String> {
        let (apart, why) = (self.apart().join(" and "), "where data or rules explain it");
        let rest = self.rest.as_ref().map(|rest| rest.said(&self.shown));
        (!apart.is_empty()).then(|| match rest {
            Some(rest) => format!(" Without {apart}, {why}: {rest}."),
            None => format!(" Not compared: {apart}, {why}."),
        })
    }

    /// What is held against the target.
    #[must_use]
    pub fn held(&self) -> &FigureValue {
        self.since.as_ref().unwrap_or(&self.total)
    }
}

impl FigureValue {
    /// The figure as people read it, or why there is none.
    #[must_use]
    pub fn said(&self, shown: &Shown) -> String {
        match &self.estimate {
            Some(Estimate { value, at_least: true, .. }) => format!("at least {}", shown.say(*value)),
            Some(estimate) => shown.say(estimate.value),
            None if self.cases == 0 && self.hidden & 1 == 0 => "no figure".to_owned(),
            None => "too few cases to show".to_owned(),
        }
    }
}

/// A figure with its 95 % interval, in the unit in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower and upper end of the interval, where there is one.
    pub interval: Option<(f64, f64)>,
    /// It lies in an open last band: at least so much.
    #[serde(default)]
    pub at_least: bool,
    /// So does the upper end of its interval.
    #[serde(default)]
    pub upper_at_least: bool,
    /// What it may stand for with small-number control on, which rounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<(f64, f64)>,
}

/// An organisation's figure and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationFigure {
    /// Code.
    pub code: String,
    /// Name, where known.
    pub name: Option<String>,
    /// Its figure.
    pub value: FigureValue,
    /// Standard errors from the group's figure by chance alone.
    pub z: Option<f64>,
    /// With over-dispersion.
    pub z_adjusted: Option<f64>,
    /// Two-sided p with over-dispersion.
    pub p: Option<f64>,
    /// Benjamini–Hochberg adjusted p.
    pub q: Option<f64>,
    /// Where it stands by chance alone, in words.
    pub place: String,
    /// And with over-dispersion.
    pub place_adjusted: String,
    /// What in its data or rules explains where it stands: it is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}
