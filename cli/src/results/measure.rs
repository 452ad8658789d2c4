//! One measure over all cases, and organisations side by side.

use super::chart::ControlChart;
use super::counts::Counts;
use crate::words::{at_most, count, counted};
use concord_engine::variation::disclosure::MIDDLE_OF_SUPPRESSED;
use serde::{Deserialize, Serialize};

/// One measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureResult {
    /// Anchor.
    pub id: String,
    /// Name in the rule.
    pub name: String,
    /// For people.
    pub title: String,
    /// Citation.
    pub source: String,
    /// What is counted, in words.
    pub basis: String,
    /// The name of the obligation whose verdicts it counts, where it is one.
    #[serde(default)]
    pub obligation: Option<String>,
    /// It compares other organisations than those that answer for it, as who referred and not who treated: what is found of the data and rules of these is not
    /// theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_others: bool,
    /// Numerator, denominator, and what was left out.
    pub total: Counts,
    /// Those who have not set what each sets for itself, and so are in no total, month or split.
    #[serde(default)]
    pub unset: Option<Unset>,
    /// What the measure does with unknowns, in words.
    pub unknown_policy: String,
    /// The target, if there is one.
    pub target: Option<Target>,
    /// How it stands to that.
    #[serde(default)]
    pub standing: Standing,
    /// Which way is better.
    #[serde(default)]
    pub better: Better,
    /// Where it counts judgements on events and not cases: how many to a case, and the events to review.
    #[serde(default)]
    pub judgements: Option<Judgements>,
    /// By organisation, where there is more than one: never ranked; in order of code.
    pub organisations: Vec<OrganisationRate>,
    /// The split by which organisations are not alike: by the groups they have they would differ even if each group fared the same everywhere.
    #[serde(default)]
    pub unlike: Option<Unlike>,
    /// The splits that lie within organisations, as sites and wards do: each group is at one of them, so that they tell nothing of who their cases are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<String>,
    /// Funnel, where there are at least three organisations.
    pub funnel: Option<Funnel>,
    /// p of the test that organisations differ no more than by chance, where they are too few for a funnel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differ: Option<f64>,
    /// Spread between organisations.
    pub spread: Option<Spread>,
    /// The other ways in which the measure is split, as the rule declares them.
    #[serde(default)]
    pub strata: Vec<StratumResult>,
    /// Control chart of all together, by month.
    pub chart: Option<ControlChart>,
    /// Control charts by organisation.
    pub charts: Vec<ControlChart>,
}

/// Organisations that have not made a setting which each has to make for itself, or whose setting does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unset {
    /// The settings that the measure rests on, and that have no value of the group's.
    pub settings: Vec<String>,
    /// How many organisations; none where only cases that name no organisation lack it.
    pub organisations: u64,
    /// Their cases; none where the count is suppressed, or where that of one of several is.
    pub cases: Option<u64>,
}

impl Unset {
    /// `600 cases of 4 organisations without a setting of … that holds`.
    #[must_use]
    pub fn words(&self) -> String {
        let cases = self.cases.map_or_else(|| format!("{} cases", at_most(0)), |cases| counted(cases, "case", "cases"));
        let names: Vec<String> = self.settings.iter().map(|name| format!("`{name}`")).collect();
        let what = if names.is_empty() { "what each sets for itself".to_owned() } else { names.join(" and ") };
        match self.organisations {
            0 => format!("{cases} that name no organisation, as each sets {what} for itself"),
            1 => format!("{cases} of 1 organisation without a setting of {what} that holds"),
            many if self.cases.is_none() => {
                format!("the cases of {} organisations without a setting of {what} that holds", count(many))
            }
            many => format!("{cases} of {} organisations without a setting of {what} that holds", count(many)),
        }
    }
}

/// Which way a rate is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher.
    #[default]
    Higher,
    /// The lower.
    Lower,
    /// Neither: the measure describes and does not judge.
    Neither,
}

impl MeasureResult {
    /// The obligation whose verdicts it counts by the organisations that answer for it.
    #[must_use]
    pub fn judges(&self) -> Option<&String> {
        self.obligation.as_ref().filter(|_| !self.of_others)
    }

    /// The target, where it counts for all cases.
    #[must_use]
    pub fn target_of_all(&self) -> Option<&Target> {
        self.target.as_ref().filter(|_| self.standing.since.is_none())
    }

    /// Whether cases that cannot be decided stand in the denominator.
    #[must_use]
    pub fn counts_unknown_against(&self) -> bool {
        self.unknown_policy.starts_with("Unknown cases count against")
    }

    /// The split by which organisations are not alike, if there is one.
    #[must_use]
    pub fn unlike(&self) -> Option<&Unlike> {
        self.unlike.as_ref()
    }

    /// How many organisations have counts that are suppressed, and so no rate.
    #[must_use]
    pub fn suppressed(&self) -> u64 {
        self.organisations.iter().filter(|of| of.counts.rate.is_none() && of.counts.hidden & 3 != 0).count() as u64
    }

    /// Met, and of how many decided: without the unknown cases that count against. One of 1 to 7 that is suppressed is taken for the middle of these.
    #[must_use]
    pub fn decided(&self, counts: &Counts) -> [u64; 2] {
        let unknown = if counts.hidden & 1 << 4 == 0 { counts.unknown } else { MIDDLE_OF_SUPPRESSED };
        let against = if self.counts_unknown_against() { unknown } else { 0 };
        let of = counts.denominator.saturating_sub(against);
        [counts.numerator.min(of), of]
    }

    /// The rate of those that are decided.
    #[must_use]
    pub fn rate_of_decided(&self, counts: &Counts) -> Option<f64> {
        let [met, of] = self.decided(counts);
        (counts.rate.is_some() && of > 0).then(|| met as f64 / of as f64)
    }

    /// Those who have not set what each sets for itself, where nobody has, so that nobody is left of whom a rate could be.
    #[must_use]
    pub fn nobody_set(&self) -> Option<&Unset> {
        let t = &self.total;
        let nobody = t.denominator + t.excluded + t.open + t.unknown == 0 && t.hidden == 0;
        self.unset.as_ref().filter(|_| nobody)
    }

    /// Whether an organisation has cases, none of which can be decided and all of which count against it: not one that is in no rate of the group's.
    #[must_use]
    pub fn is_undecided(&self, of: &OrganisationRate) -> bool {
        let counts = &of.counts;
        let all = counts.denominator > 0 && counts.unknown == counts.denominator;
        self.counts_unknown_against() && counts.rate.is_none() && counts.hidden == 0 && all && !of.unset
    }

    /// Whether nobody in the denominator could be decided, so that there is no rate.
    #[must_use]
    pub fn undecided(&self) -> bool {
        let total = &self.total;
        let some = |place: u8, count: u64| count > 0 || total.hidden >> place & 1 != 0;
        total.rate.is_none() && total.numerator == 0 && total.hidden & 1 == 0 && some(4, total.unknown)
    }
}

/// What a measure of judgements says besides its counts. Those of one case are not independent, and intervals allow for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgements {
    /// The kind of event that is judged.
    pub event: String,
    /// Cases with a judgement in the denominator; none where it is suppressed.
    pub cases: Option<u64>,
    /// The most judgements of one case; none while small numbers are protected.
    pub largest: Option<u64>,
    /// The design effect of Rao and Scott (1992), rounded up to one place; none without a case.
    pub design_effect: Option<f64>,
    /// The events to review, longest delay first.
    pub review: Vec<EventToReview>,
}

/// An event that was judged and not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventToReview {
    /// Its case, as the export calls it.
    pub case: String,
    /// Organisation, where there is one.
    pub organisation: Option<String>,
    /// When it was, by the clock in London; none where that is not known.
    pub at: Option<String>,
    /// Verdict in words: `late by 2 h 5 min`.
    pub verdict: String,
}

/// A split that sets organisations apart before anything is done: what each would have if each of its groups fared as that group does at the others,
/// indirectly standardised, runs over 5 points or more. Funnel limits compare like with like only within such groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unlike {
    /// What splits them, as written in the rule.
    pub title: String,
    /// Name and rate of the group with the lowest.
    pub low: (String, f64),
    /// Name and rate of the group with the highest.
    pub high: (String, f64),
    /// Code and expected rate of the organisation that expects least.
    pub least: (String, f64),
    /// Of the one that expects most.
    pub most: (String, f64),
}

/// A measure split by something other than organisation and month: age bands, kinds of department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StratumResult {
    /// As written in the rule: `age band 16..64, 65..`.
    pub title: String,
    /// Each group and its counts, in order; those that fall in no group come last.
    pub groups: Vec<(String, Counts)>,
}

/// A target and how it compares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// In words: `at least 95%`.
    pub text: String,
    /// As a proportion, or in the unit of a figure.
    pub value: f64,
    /// Whether more is better.
    pub at_least: bool,
    /// Not checked against its source.
    pub unverified: bool,
    /// From which day it counts, `2025-07-01`: for periods that begin on it or after.
    #[serde(default)]
    pub from: Option<String>,
}

/// Whether a target is reached, as far as counts that are rounded say: nothing where they may stand for either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Of all cases together that the target counts for.
    pub reached: Option<bool>,
    /// Periods of the chart for which it counts that reached it, that did not, and of which it cannot be told.
    pub periods: [u64; 3],
    /// Whether all of the latest [`Standing::LATEST`] of these reached it, or none; nothing where some did, where there are fewer, and where it cannot be told.
    #[serde(default)]
    pub latest: Option<bool>,
    /// The cases of these periods, where others begin before the target counts.
    #[serde(default)]
    pub since: Option<Counts>,
}

impl Standing {
    /// So many latest periods say how it stands now, whatever the whole time says.
    pub const LATEST: usize = 6;
}

/// An organisation's rate and where it stands in the funnel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrganisationRate {
    /// Code.
    pub code: String,
    /// Name, where known.
    pub name: Option<String>,
    /// Its counts.
    pub counts: Counts,
    /// z against the limits without over-dispersion.
    pub z: Option<f64>,
    /// z against the limits with it.
    pub z_adjusted: Option<f64>,
    /// Two-sided p with over-dispersion, not below the exact one of chance alone.
    pub p: Option<f64>,
    /// Benjamini–Hochberg adjusted p.
    pub q: Option<f64>,
    /// Where it stands without over-dispersion, in words: `inside`, `above 95%`, `below 99.8%` …
    pub place: String,
    /// And with.
    pub place_adjusted: String,
    /// Rate shrunk towards the group.
    pub shrunken: Option<f64>,
    /// Its rate less that of the others.
    #[serde(default)]
    pub gap: Option<f64>,
    /// Too few cases to be flagged: it is shown, and stands as inside.
    #[serde(default)]
    pub few: bool,
    /// What it would have if each of its groups fared as that group does at the others, by the split that sets organisations most apart.
    #[serde(default)]
    pub expected: Option<f64>,
    /// That the others have hardly a case such as some of its own, or most, so that who its cases are cannot be told of these; in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<String>,
    /// It has not made a setting which each has to make, and so is in no total.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unset: bool,
    /// What in its data explains where it stands, as a sentence: to be settled before anything is said of its practice.
    #[serde(default)]
    pub cause: Option<String>,
}

impl OrganisationRate {
    /// One that is not compared, or not yet.
    #[must_use]
    pub fn not_compared(code: String, name: Option<String>, counts: Counts) -> OrganisationRate {
        let place = "not compared".to_owned();
        OrganisationRate { code, name, counts, place_adjusted: place.clone(), place, ..OrganisationRate::default() }
    }

    /// Whether it lies beyond the 99.8 % limits, with the usual spread allowed for.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.place_adjusted.ends_with("99.8%")
    }

    /// Whether it does for the worse.
    #[must_use]
    pub fn is_worse(&self, better: Better) -> bool {
        let side = |high: bool| self.gap.is_some_and(|gap| if high { gap > 0.0 } else { gap < 0.0 });
        let worse = match better {
            Better::Higher => side(false),
            Better::Lower => side(true),
            Better::Neither => false,
        };
        worse && self.is_beyond()
    }
}

/// A funnel plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The method in words.
    pub method: String,
    /// Group rate.
    pub centre: f64,
    /// Dispersion ratio φ (winsorised).
    pub phi: f64,
    /// Between-organisation variance τ² on the transformed scale.
    pub tau2: f64,
    /// p of a test that organisations differ no more than by chance; none where they are too small to tell.
    #[serde(default)]
    pub differ: Option<f64>,
    /// The shown counts are large enough, but may stand for such as differ and such as do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub differ_untold: bool,
    /// The organisations that make the spread, and so the limits, widest: each with its part of all squared distances.
    #[serde(default)]
    pub widened_by: Vec<(String, f64)>,
    /// Organisations that take no part in the group's rate and spread, as what is unknown of them explains where they stand.
    #[serde(default)]
    pub apart: Vec<String>,
    /// Organisations outside 95 % and 99.8 %: without, and with over-dispersion.
    pub outside: [[u64; 2]; 2],
    /// Limits to draw, without over-dispersion.
    pub limits: Vec<Limits>,
    /// With.
    pub limits_adjusted: Vec<Limits>,
}

/// Funnel limits at a denominator.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "95 % and 99.8 % limits at n")]
pub struct Limits {
    pub n: f64,
    pub low95: f64,
    pub high95: f64,
    pub low998: f64,
    pub high998: f64,
}

/// How far organisations differ.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Median odds ratio.
    pub median_odds_ratio: f64,
    /// Intra-class correlation on the latent scale.
    pub icc: f64,
}
