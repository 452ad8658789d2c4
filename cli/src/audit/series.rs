//! A series that is charted: its points, and the words for what a chart says of them.

use super::options::Rebase;
use super::period::show_period;
use crate::results::{Better, Counts, SPECIAL_CAUSE, Shown};
use concord_engine::plan::library::CalendarUnit;
use concord_engine::variation::control_chart::{Assurance, Profile};
use concord_engine::variation::{Cause, Direction, Interval, Rule, Signal};

/// What is charted.
pub(super) struct Series<'a> {
    pub(super) organisation: Option<&'a str>,
    pub(super) unit: CalendarUnit,
    /// First day of each period and its counts, in order.
    pub(super) points: Vec<(i64, Counts)>,
    /// First day of the last period that anybody has: a series that ends before it has a gap at its end.
    pub(super) until: Option<i64>,
    pub(super) target: Option<f64>,
    /// The day from which the target counts, if one is said.
    pub(super) from: Option<i64>,
    pub(super) shown: Shown,
    /// Its values are shares of what cases weigh, and not of their number: the numerator of a point is the cases that have anything above the line.
    pub(super) weighed: bool,
    pub(super) better: Better,
    /// From which days on limits are set anew.
    pub(super) rebase: &'a [Rebase],
    /// What the counts may stand for, where they are rounded.
    pub(super) rounded: Option<Rounded>,
}

/// A series of which counts are rounded or suppressed, as what is shown leaves it open.
pub(super) struct Rounded {
    /// Every period that has a value, whether or not that is told, in order.
    pub(super) periods: Vec<Within>,
    /// Numerator and denominator of all of them.
    pub(super) whole: Option<[(u64, u64); 2]>,
    /// Why nothing can be told of it, where nothing can.
    pub(super) doubtful: Option<String>,
}

/// A period: from where to where its value may lie, and numerator and denominator.
#[derive(Clone, Copy)]
pub(super) struct Within {
    pub(super) first: i64,
    pub(super) value: Interval,
    pub(super) numerator: (u64, u64),
    pub(super) denominator: (u64, u64),
}

impl Series<'_> {
    pub(super) fn direction(&self) -> Direction {
        match self.better {
            Better::Higher => Direction::HigherIsBetter,
            Better::Lower => Direction::LowerIsBetter,
            Better::Neither => Direction::Neutral,
        }
    }

    /// How many points come before the target counts; none where it counts for all.
    pub(super) fn before_target(&self, points: &[Point]) -> Option<usize> {
        self.days_before_target(points.iter().map(|point| point.first))
    }

    /// The same of points that begin on these days.
    pub(super) fn days_before_target(&self, firsts: impl Iterator<Item = i64>) -> Option<usize> {
        let from = self.target.and(self.from)?;
        let before = firsts.take_while(|first| *first < from).count();
        (before > 0).then_some(before)
    }

    /// The last day from which limits are set anew, of those that come after a point and before or at another.
    pub(super) fn anew(&self, firsts: impl Iterator<Item = i64>) -> Option<i64> {
        let last = firsts.last()?;
        self.rebase.iter().map(|mark| mark.from).filter(|from| *from <= last).max()
    }

    /// What limits say of the target, unless one of the points for which it counts says otherwise, since limits were set anew: limits that do not hold these
    /// say nothing of those to come.
    pub(super) fn borne_out(&self, assurance: Assurance, points: &[Point]) -> Option<Assurance> {
        let target = self.target?;
        let held = points.get(self.before_target(points).unwrap_or(0)..)?;
        let reaches = |point: &Point| match self.better {
            Better::Lower => point.value <= target,
            Better::Higher | Better::Neither => point.value >= target,
        };
        let anew = self.anew(held.iter().map(|point| point.first));
        let mut latest = held.iter().filter(|point| anew.is_none_or(|from| point.first >= from));
        let stands = match assurance {
            Assurance::ConsistentlyFailing => !latest.any(reaches),
            Assurance::ConsistentlyPassing => latest.all(reaches),
            Assurance::Inconsistent => true,
        };
        Some(assurance).filter(|_| stands && !held.is_empty())
    }
}

/// A period with a rate.
pub(super) struct Point {
    pub(super) first: i64,
    pub(super) counts: Counts,
    pub(super) value: f64,
}

impl Point {
    pub(super) fn shown(&self, series: &Series<'_>) -> String {
        show_period(series.unit, self.first)
    }
}

pub(super) fn special_cause(signal: Signal, profile: &Profile) -> String {
    match signal.rule {
        Rule::OutsideLimits => "outside limits".to_owned(),
        Rule::Trend => format!("trend of {}", profile.trend_length),
        Rule::TwoInThree => "2 of 3 near a limit".to_owned(),
        Rule::Shift => format!("{} on one side of the mean", profile.shift_length),
    }
}

pub(super) fn direction_of(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Common => None,
        Cause::Improvement => Some("improvement"),
        Cause::Concern => Some("concern"),
        Cause::NeutralHigh => Some("higher"),
        Cause::NeutralLow => Some("lower"),
    }
}

pub(super) fn variation(cause: Cause) -> String {
    direction_of(cause).map_or_else(|| "common cause".to_owned(), |direction| format!("{SPECIAL_CAUSE}, {direction}"))
}

pub(super) fn assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::ConsistentlyPassing => "consistently passes",
        Assurance::ConsistentlyFailing => "consistently fails",
        Assurance::Inconsistent => "hit and miss",
    }
}
