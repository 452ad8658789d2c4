//! The results of an audit as plain data: what `results.json` holds and what the report is drawn from.
//!
//! Everything in the report is a pure function of this; so `concord report` can draw it again.
//! Every rate carries its counts; every count says what it leaves out.

use serde::{Deserialize, Serialize};

/// All that one run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Version of this model.
    pub format: u32,
    /// The run.
    pub run: Run,
    /// What stands out, most important first: whole sentences with the size of it.
    pub headlines: Vec<Headline>,
    /// One for each package judged.
    pub audits: Vec<Audit>,
}

/// How the results came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Title for the report.
    pub title: String,
    /// The instant up to which events count, RFC 3339.
    pub as_of: String,
    /// `concord` version.
    pub version: String,
    /// Small-number disclosure control: the scheme in words, or that it is off and by which switch.
    pub disclosure: String,
}

/// One sentence of what stands out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// How to read it.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// Anchor of the section it comes from.
    pub anchor: String,
}

/// How a finding reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Worse than the standard or than expected.
    Concern,
    /// Better.
    Good,
    /// Neither.
    Note,
    /// About the data, not about care.
    Data,
}

/// One package over one set of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Anchor in the report.
    pub id: String,
    /// Which logic.
    pub logic: Logic,
    /// Which data.
    pub data: Data,
    /// A section for each obligation.
    pub obligations: Vec<ObligationResult>,
    /// A section for each measure.
    pub measures: Vec<MeasureResult>,
}

/// Proof of which logic ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logic {
    /// `acute.sepsis`
    pub package: String,
    /// For people.
    pub title: String,
    /// Package version.
    pub version: String,
    /// Logic fingerprint.
    pub fingerprint: String,
    /// SHA-256 of the module that judged.
    pub module_sha256: String,
    /// `draft`, or who approved it and when.
    pub status: String,
    /// Whether a figure in it is unverified.
    pub unverified: bool,
    /// Owner.
    pub owner: String,
    /// Citations.
    pub sources: Vec<String>,
    /// Each parameter with its value and what members may do.
    pub parameters: Vec<Parameter>,
}

/// A parameter as it stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Value in words, or "not set".
    pub value: String,
    /// Contract in words.
    pub contract: String,
}

/// Where the cases came from and what was lost on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Files read.
    pub files: Vec<DataFile>,
    /// The mapping's name and version.
    pub mapping: String,
    /// SHA-256 of the mapping.
    pub mapping_sha256: String,
    /// Rows read, header not counted.
    pub rows: u64,
    /// Rows that became a fact or an event.
    pub rows_used: u64,
    /// Rows the mapping leaves out by name: what and how many.
    pub rows_left_out: Vec<(String, u64)>,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Values refused in rows that were used; they count as not supplied.
    #[serde(default)]
    pub values_rejected: u64,
    /// Why rows and values were refused: reason and how many.
    pub reject_reasons: Vec<(String, u64)>,
    /// File of refused rows, relative to the report, when there are any.
    pub rejects_file: Option<String>,
    /// Cases judged.
    pub cases: u64,
    /// The number of cases lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub cases_hidden: bool,
    /// Events judged.
    pub events: u64,
    /// Organisations.
    pub organisations: u64,
    /// How complete each fact and event is.
    pub completeness: Vec<Completeness>,
    /// Things a reader must know: time zone declared, ties kept in file order …
    pub notes: Vec<String>,
}

/// An input file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataFile {
    /// Name as given.
    pub name: String,
    /// Lines; a row may take several.
    #[serde(default)]
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// How many cases carry a fact or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completeness {
    /// Fact or event.
    pub name: String,
    /// `fact` or `event`.
    pub kind: String,
    /// Cases that have it.
    pub present: u64,
    /// Cases that do not.
    pub missing: u64,
    /// The export does not carry it at all.
    pub not_supplied: bool,
    /// Bit 0 for `present`, bit 1 for `missing`: lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u8,
}

/// Cases by verdict; without disclosure control the seven add up to all cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the verdicts of the language")]
pub struct Verdicts {
    pub not_applicable: u64,
    pub excused: u64,
    pub met: u64,
    pub late: u64,
    pub missed: u64,
    pub open: u64,
    pub unknown: u64,
    /// Bit `i`: the count in place `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u8,
}

/// One obligation over all cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObligationResult {
    /// Anchor.
    pub id: String,
    /// Name in the rule.
    pub name: String,
    /// For people.
    pub title: String,
    /// Citation.
    pub source: String,
    /// All cases.
    pub verdicts: Verdicts,
    /// By organisation, where there is more than one.
    pub organisations: Vec<(String, Verdicts)>,
    /// The same sentence read with other denominators: different questions, side by side.
    pub readings: Vec<Reading>,
    /// From trigger to what was expected, over the cases that have both.
    pub delay: Option<Delay>,
    /// What would have settled the unknown ones: input and number of cases. What no case lacks is not listed: 0 is suppressed.
    pub needs: Vec<(String, u64)>,
    /// Excuses: reason and number of cases; 0 is suppressed.
    pub excuses: Vec<(String, u64)>,
    /// Cases to look at, longest delay first.
    pub cases: Vec<CaseToLookAt>,
}

/// A rate with the question it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The question.
    pub question: String,
    /// What counts.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Rate and 95 % Wilson interval, proportions; none when the denominator is 0.
    pub rate: Option<Rate>,
    /// The reading that the rule asks for.
    pub is_the_rule: bool,
    /// Bit 0 for the numerator, bit 1 for the denominator: lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u8,
}

/// A proportion with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "value and interval")]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// How long it took: milliseconds, with order-statistic 95 % intervals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delay {
    /// Cases with both ends.
    pub n: u64,
    /// Median.
    pub median: Quantile,
    /// 90th percentile.
    pub p90: Quantile,
    /// 95th percentile.
    pub p95: Quantile,
    /// The rule's limit, milliseconds, if it is the same for all cases; 0 where the rule asks for an order.
    pub limit: Option<i64>,
    /// Histogram: upper edge of each bin (the last is open) and number of cases.
    pub bins: Vec<(Option<i64>, u64)>,
    /// Bit `i`: the count of bin `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u32,
    /// By how much the late ones were late.
    #[serde(default)]
    pub late_by: Option<LateBy>,
}

impl Delay {
    /// Whether the rule asks for an order, before or after, and not for a time.
    #[must_use]
    pub fn is_order(&self) -> bool {
        self.limit == Some(0)
    }
}

/// How far beyond the limit the late ones came, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateBy {
    /// Late cases.
    pub n: u64,
    /// Median.
    pub median: Quantile,
    /// 90th percentile.
    pub p90: Quantile,
}

/// A quantile and its interval, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "value and interval")]
pub struct Quantile {
    pub value: i64,
    pub low: Option<i64>,
    pub high: Option<i64>,
}

/// A case with its own explanation, as the bedside would give it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseToLookAt {
    /// As the export calls it.
    pub case: String,
    /// Organisation, where there is one.
    pub organisation: Option<String>,
    /// Verdict in words: `late by 2 h 5 min`.
    pub verdict: String,
    /// The explanation, a line each.
    pub because: Vec<String>,
}

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
    /// Numerator, denominator, and what was left out.
    pub total: Counts,
    /// What the measure does with unknowns, in words.
    pub unknown_policy: String,
    /// The target, if there is one.
    pub target: Option<Target>,
    /// By organisation, where there is more than one: never ranked; in order of code.
    pub organisations: Vec<OrganisationRate>,
    /// Funnel, where there are at least three organisations.
    pub funnel: Option<Funnel>,
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

/// Groups within a measure whose rates lie so far apart that organisations with another mix of them are not alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Unlike<'a> {
    /// What splits them, as written in the rule.
    pub title: &'a str,
    /// Name and rate of the lowest.
    pub low: (&'a str, f64),
    /// Name and rate of the highest.
    pub high: (&'a str, f64),
}

impl MeasureResult {
    /// The declared split whose groups lie furthest apart, where that is 5 points or more between groups that each hold 1 %
    /// of the denominator or more. Funnel limits compare like with like only within such groups.
    #[must_use]
    pub fn unlike(&self) -> Option<Unlike<'_>> {
        fn named(stratum: &StratumResult, whole: u64) -> Option<Unlike<'_>> {
            let large = stratum.groups.iter().filter(|(_, counts)| counts.denominator.saturating_mul(100) >= whole);
            let mut rates: Vec<(&str, f64)> =
                large.filter_map(|(name, counts)| Some((name.as_str(), counts.rate?.value))).collect();
            rates.sort_by(|a, b| a.1.total_cmp(&b.1));
            Some(Unlike { title: &stratum.title, low: *rates.first()?, high: *rates.last()? })
        }
        let gap = |unlike: &Unlike<'_>| unlike.high.1 - unlike.low.1;
        let all = self.strata.iter().filter_map(|stratum| named(stratum, self.total.denominator));
        let all = all.filter(|unlike| gap(unlike) >= 0.05);
        all.max_by(|a, b| gap(a).total_cmp(&gap(b)))
    }
}

/// The counts behind a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Counted as met.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Excused, not in the denominator.
    pub excluded: u64,
    /// Not yet due, not in the denominator.
    pub open: u64,
    /// Unknown; whether they are in the denominator is the measure's policy.
    pub unknown: u64,
    /// The rate.
    pub rate: Option<Rate>,
    /// Bit `i`: the count in place `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u8,
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
    /// As a proportion.
    pub value: f64,
    /// Whether more is better.
    pub at_least: bool,
    /// Not checked against its source.
    pub unverified: bool,
}

/// An organisation's rate and where it stands in the funnel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Two-sided p with over-dispersion.
    pub p: Option<f64>,
    /// Benjamini–Hochberg adjusted p.
    pub q: Option<f64>,
    /// Where it stands without over-dispersion, in words: `inside`, `above 95%`, `below 99.8%` …
    pub place: String,
    /// And with.
    pub place_adjusted: String,
    /// Rate shrunk towards the group.
    pub shrunken: Option<f64>,
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

/// A control chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlChart {
    /// Organisation code, or none for all together.
    pub organisation: Option<String>,
    /// Method in words, with its profile.
    pub method: String,
    /// Centre line and limits.
    pub mean: f64,
    /// Lower process limit, where the chart has limits.
    pub lower: Option<f64>,
    /// Upper process limit.
    pub upper: Option<f64>,
    /// Points by month.
    pub points: Vec<ChartPoint>,
    /// Periods without a rate, in their place among the points.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Why the process is not judged; nothing is special cause then.
    #[serde(default)]
    pub not_judged: Option<String>,
    /// Variation icon in words: `common cause`, `special cause, improvement`, `not judged` …
    pub variation: String,
    /// Assurance icon in words, where there is a target: `consistently fails`, `hit and miss`, …
    pub assurance: Option<String>,
    /// Too few points for firm limits.
    pub trial_limits: bool,
}

/// Periods in a row that have no rate; runs and moving ranges stop there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// How many points come before it.
    pub after: usize,
    /// The first period, `2026-01`.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    pub periods: u64,
}

/// A point of a control chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartPoint {
    /// `2016-04`
    pub period: String,
    /// Counts behind it.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Rate.
    pub value: f64,
    /// Special cause in words, if any: `outside limits`, `trend of 7` …
    pub special_cause: Option<String>,
    /// Whether that is `improvement`, `concern` or neither.
    pub direction: Option<String>,
}
