//! A rate over time, as a control chart shows it.

use super::counts::Counts;
use super::shown::Shown;
use crate::words::{count, counted, listed, noun_of, period};
use serde::{Deserialize, Serialize};

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
    /// Variation icon in words: `common cause`, `special cause, improvement`, `special cause, higher`, `not judged`, [`NOT_SURE`] …
    pub variation: String,
    /// Assurance icon in words, where there is a target: `consistently fails`, `hit and miss`, …
    pub assurance: Option<String>,
    /// Too few points for firm limits.
    pub trial_limits: bool,
    /// How many points come before the target counts; none where it counts for all.
    #[serde(default)]
    pub before_target: Option<usize>,
    /// How its values are written.
    #[serde(default)]
    pub shown: Shown,
    /// Its values are shares of what cases weigh: points have no numerator.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weighed: bool,
    /// From which periods on its limits were set anew, and why.
    #[serde(default)]
    pub rebased: Vec<(String, String)>,
    /// Counts are rounded or suppressed: a special cause, and what the chart says of the target, hold whatever the exact ones are; that nothing is
    /// told does not say that nothing is there. Limits are the widest that there may be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rounded: bool,
    /// Periods that are no points, as too many of their cases are still open when the data end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfinished: Vec<String>,
    /// Periods that are no points, as they have hardly a case beside the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hardly: Vec<String>,
}

/// So many periods before it, of which each has a third more cases, say that the last one is perhaps not all there.
const LEAST_BEFORE: usize = 6;
const LEAST_STANDARD_ERRORS: f64 = 4.5;

/// So many periods that are not complete are named.
const MOST_UNFINISHED: usize = 6;

/// How the words for a special cause begin.
pub const SPECIAL_CAUSE: &str = "special cause";
/// What is said of a period in which what is rare comes up more than chance puts it there: those that are met, where these are rare,
pub const MORE_MET: &str = "more met than chance has it";
/// and those that are not.
pub const MORE_NOT_MET: &str = "more not met than chance has it";
/// What is said of the latest period where it is no special cause whatever was rounded.
pub const NOT_SURE: &str = "no special cause is sure";

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
    /// Whether that is `improvement` or `concern`; `higher` or `lower` where neither is better.
    pub direction: Option<String>,
    /// Its own mean and limits, where they are not the same for all points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<PointLimits>,
}

/// Mean and limits of one point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointLimits {
    /// Centre line.
    pub mean: f64,
    /// Lower limit, where there are limits.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

impl ChartPoint {
    /// Its counts, as they are told.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { numerator: self.numerator, denominator: self.denominator, ..Counts::default() }
    }
}

impl ControlChart {
    /// The points for which the target counts.
    #[must_use]
    pub fn held(&self) -> &[ChartPoint] {
        self.points.get(self.before_target.unwrap_or(0)..).unwrap_or(&[])
    }

    /// The special cause of the latest period, in the words of its rule; none where it has none, or where nobody can tell.
    #[must_use]
    pub fn latest_cause(&self) -> Option<&str> {
        let told = self.variation.starts_with(SPECIAL_CAUSE);
        self.points.last().filter(|_| told).and_then(|last| last.special_cause.as_deref())
    }

    /// What one of its periods is called: `month`.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.points.first().map_or("period", |point| noun_of(&point.period))
    }

    /// So many of its periods: `6 quarters`.
    #[must_use]
    pub fn counted(&self, periods: usize) -> String {
        let noun = self.noun();
        counted(periods as u64, noun, &format!("{noun}s"))
    }

    /// A limit as people read it; that of a share lies between 0 and 1.
    #[must_use]
    pub fn limit(&self, limit: f64) -> String {
        self.shown.say(if self.shown == Shown::Share { limit.clamp(0.0, 1.0) } else { limit })
    }

    /// The mean, of which periods it is, and what it was before its limits were set anew: `43.2% over the 6 months since Jul 2025 (before: 33.2%)`.
    #[must_use]
    pub fn mean_of(&self) -> (String, String) {
        let periods = |count: usize| self.counted(count);
        let since = self.rebased.last().and_then(|(from, _)| {
            let at = self.points.iter().position(|point| point.period == *from)?;
            let before = self.points.get(at.checked_sub(1)?)?.limits?.mean;
            Some((from, self.points.len().saturating_sub(at), before))
        });
        let mean = self.shown.say(self.mean);
        match since {
            Some((from, count, before)) => (
                mean,
                format!("over the {} since {} (before: {})", periods(count), period(from), self.shown.say(before)),
            ),
            None => (mean, format!("over {}", periods(self.points.len()))),
        }
    }

    /// The periods that are not complete: `Jan 2026, Feb 2026 and Mar 2026`; nothing where all are.
    fn unfinished_periods(&self) -> Option<String> {
        ControlChart::named(&self.unfinished)
    }

    fn named(periods: &[String]) -> Option<String> {
        let mut named: Vec<String> = periods.iter().map(|name| period(name)).collect();
        // Those that are told at the end are the latest.
        named.drain(..named.len().saturating_sub(MOST_UNFINISHED));
        let more = periods.len().saturating_sub(named.len());
        let before = if more > 0 { format!("{} before, ", count(more as u64)) } else { String::new() };
        (!named.is_empty()).then(|| format!("{before}{}", listed(&named)))
    }

    /// That they are not complete, as a sentence; nothing where all are.
    #[must_use]
    pub fn not_complete(&self) -> Option<String> {
        let named = self.unfinished_periods()?;
        let verb = if self.unfinished.len() == 1 { "is" } else { "are" };
        let why = match self.shown {
            Shown::Share => "cases are still open",
            _ => "more cases than before have no number yet",
        };
        Some(format!("{named} {verb} not complete, as {why}, and {verb} not judged."))
    }

    /// What is to be known of periods that are no points, and of a last one that is perhaps not all there, as sentences; nothing where all are as they should be.
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        let hardly = ControlChart::named(&self.hardly).map(|named| match self.hardly.len() {
            1 => format!("{named} has hardly a case beside the others, and is not judged."),
            _ => format!("{named} have hardly a case beside the others, and are not judged."),
        });
        let said: Vec<String> = [self.not_complete(), hardly, self.half_sent()].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// That all together have far fewer cases in the last period than in any before it; of one organisation its data tell that.
    #[must_use]
    pub fn half_sent(&self) -> Option<String> {
        let (last, before) = self.points.split_last()?;
        let sizes = || before.iter().map(|point| point.denominator);
        let (least, most) = sizes().min().zip(sizes().max())?;
        let is_far = (last.denominator as f64) < least as f64 - LEAST_STANDARD_ERRORS * (least as f64).sqrt();
        let is_short = last.denominator.saturating_mul(4) < least.saturating_mul(3);
        let asked = self.organisation.is_none() && self.shown == Shown::Share && before.len() >= LEAST_BEFORE;
        (asked && is_short && is_far).then(|| {
            format!(
                "{} has {} cases, those before it {} to {}: perhaps not all of it is sent yet.",
                period(&last.period),
                count(last.denominator),
                count(least),
                count(most)
            )
        })
    }

    /// The periods that have no rate: `Jan 2026 to Jun 2026`; nothing where there are none, but for those that have hardly a case, of which that is said.
    #[must_use]
    pub fn missing_periods(&self) -> Option<String> {
        // Periods of one kind are in the order of their names.
        let within =
            |gap: &Gap| self.hardly.iter().filter(|name| gap.first <= **name && **name <= gap.last).count() as u64;
        let gaps = self.gaps.iter().filter(|gap| within(gap) < gap.periods);
        let gaps: Vec<String> = gaps.map(Gap::in_words).collect();
        match gaps.as_slice() {
            [] => None,
            [one, two, three, rest @ .., last] if !rest.is_empty() => {
                Some(format!("{one}, {two}, {three} and {} more, the last {last}", count(rest.len() as u64)))
            }
            all => Some(listed(all)),
        }
    }
}

impl Gap {
    /// By its first and last period.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (first, last) = (period(&self.first), period(&self.last));
        if self.periods == 1 { first } else { format!("{first} to {last}") }
    }
}
