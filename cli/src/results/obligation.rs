//! What became of one obligation over all cases.

use super::counts::{Rate, Verdicts};
use super::nulls::{listed, null_where_hidden};
use crate::words;
use concord_engine::values::calendar::DAY;
use serde::{Deserialize, Serialize};

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
    /// `high`, `medium` or `low`, where the rule says so.
    #[serde(default)]
    pub severity: Option<String>,
    /// It expects that something does not happen: what is missed is what did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forbidden: bool,
    /// All cases.
    pub verdicts: Verdicts,
    /// By organisation, where there is more than one.
    pub organisations: Vec<(String, Verdicts)>,
    /// The same sentence read with other denominators: different questions, side by side.
    pub readings: Vec<Reading>,
    /// From trigger to what was expected, over the cases that have both.
    pub delay: Option<Delay>,
    /// What would have settled the unknown ones: input and number of cases. What no case lacks is not listed: 0 is suppressed.
    #[serde(with = "listed")]
    pub needs: Vec<(String, u64)>,
    /// Excuses: reason and number of cases; 0 is suppressed.
    #[serde(with = "listed")]
    pub excuses: Vec<(String, u64)>,
    /// Cases to look at, longest delay first.
    pub cases: Vec<CaseToLookAt>,
}

/// A rate with the question it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "ReadingJson", into = "ReadingJson")]
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
    pub hidden: u8,
}

null_where_hidden!(Reading as ReadingJson, u8, [numerator, denominator], { question: String, rate: Option<Rate>, is_the_rule: bool });

/// Days in which something is counted that is due by a day, whatever the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// All days.
    Calendar,
    /// Working days; what is done on another day counts to the next of them.
    Working,
}

impl Days {
    /// `calendar` or `working`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Days::Calendar => "calendar",
            Days::Working => "working",
        }
    }

    /// So many, given as milliseconds of whole days: `1 calendar day`, `3 working days`.
    #[must_use]
    pub fn words(self, milliseconds: i64) -> String {
        let days = milliseconds.div_euclid(DAY);
        let sign = if days < 0 { "−" } else { "" };
        let (one, many) = match self {
            Days::Calendar => ("calendar day", "calendar days"),
            Days::Working => ("working day", "working days"),
        };
        format!("{sign}{}", words::counted(days.unsigned_abs(), one, many))
    }
}

/// How long it took: milliseconds, with order-statistic 95 % intervals; where it is counted in days, so many times 24 h.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "DelayJson", into = "DelayJson")]
pub struct Delay {
    /// Cases with both ends.
    pub n: u64,
    /// The days in which it is counted, where the deadline is a day.
    pub days: Option<Days>,
    /// Median; in days the least number of them that half did not exceed.
    pub median: Quantile,
    /// 90th percentile.
    pub p90: Quantile,
    /// 95th percentile.
    pub p95: Quantile,
    /// The rule's limit, milliseconds, if it is the same for all cases; 0 where the rule asks for an order.
    pub limit: Option<i64>,
    /// Where what is expected is due by a day: how many days after that of the trigger, if it is the same for all cases.
    pub limit_days: Option<i64>,
    /// Histogram: upper edge of each bin (the last is open) and number of cases.
    pub bins: Vec<(Option<i64>, u64)>,
    /// Bit `i`: the count of bin `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed; `null` in JSON.
    pub hidden: u32,
    /// By how much the late ones were late.
    pub late_by: Option<LateBy>,
}

impl Delay {
    /// Whether the rule asks for an order, before or after, and not for a time.
    #[must_use]
    pub fn is_order(&self) -> bool {
        self.limit == Some(0) && self.days.is_none()
    }

    /// A time of it in words: `1 h 20 min`, `2 working days`.
    #[must_use]
    pub fn words(&self, time: i64) -> String {
        self.days.map_or_else(|| words::duration(time), |days| days.words(time))
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

/// The same as JSON has it: a suppressed bin is `null`.
#[derive(Serialize, Deserialize)]
struct DelayJson {
    n: u64,
    #[serde(default)]
    days: Option<Days>,
    median: Quantile,
    p90: Quantile,
    p95: Quantile,
    limit: Option<i64>,
    #[serde(default)]
    limit_days: Option<i64>,
    bins: Vec<(Option<i64>, Option<u64>)>,
    #[serde(default)]
    hidden: u32,
    #[serde(default)]
    late_by: Option<LateBy>,
}

impl From<Delay> for DelayJson {
    fn from(of: Delay) -> DelayJson {
        let Delay { n, days, median, p90, p95, limit, limit_days, bins, hidden, late_by } = of;
        let shown = |place: usize| hidden >> place & 1 == 0;
        let bins = bins.into_iter().enumerate().map(|(place, (edge, count))| (edge, shown(place).then_some(count)));
        DelayJson { n, days, median, p90, p95, limit, limit_days, bins: bins.collect(), hidden, late_by }
    }
}

impl From<DelayJson> for Delay {
    fn from(of: DelayJson) -> Delay {
        let DelayJson { n, days, median, p90, p95, limit, limit_days, bins, hidden, late_by } = of;
        // What is suppressed stands as 0, and its bit says so.
        let bins = bins.into_iter().map(|(edge, count)| (edge, count.unwrap_or(0)));
        Delay { n, days, median, p90, p95, limit, limit_days, bins: bins.collect(), hidden, late_by }
    }
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
