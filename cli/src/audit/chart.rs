//! The XmR chart of a measure over calendar periods, in the words of "Making Data Count".

use super::period::{show_period, unit_name};
use crate::results::{ChartPoint, ControlChart, Counts};
use concord_engine::plan::library::CalendarUnit;
use concord_engine::variation::control_chart::{Assurance, ChartOptions, Observation, Profile, xmr};
use concord_engine::variation::{Cause, Direction, Rule, Signal};

/// What is charted.
pub(super) struct Series<'a> {
    pub(super) organisation: Option<&'a str>,
    pub(super) unit: CalendarUnit,
    /// First day of each period and its counts, in order.
    pub(super) points: Vec<(i64, Counts)>,
    pub(super) target: Option<f64>,
    pub(super) higher_is_better: bool,
}

/// The chart; none with fewer than two periods that have a rate.
pub(super) fn control_chart(series: &Series<'_>) -> Option<ControlChart> {
    let points: Vec<(i64, Counts, f64)> =
        series.points.iter().filter_map(|(first, counts)| Some((*first, *counts, counts.rate?.value))).collect();
    let left_out = series.points.len() - points.len();
    let observations: Vec<Observation> =
        points.iter().map(|(_, _, value)| Observation { value: *value, rebase: false }).collect();
    let direction = if series.higher_is_better { Direction::HigherIsBetter } else { Direction::LowerIsBetter };
    let options =
        ChartOptions { profile: Profile::MAKING_DATA_COUNT, direction, target: series.target, fix_after: None };
    let chart = xmr(&observations, &options).ok()?;
    let group = chart.groups.last()?;
    let limits = group.limits?;
    let gaps = match left_out {
        0 => String::new(),
        1 => "; 1 period without a rate is left out".to_owned(),
        many => format!("; {many} periods without a rate are left out"),
    };
    let drawn = points.iter().zip(&chart.points).map(|((first, counts, value), point)| ChartPoint {
        period: show_period(series.unit, *first),
        numerator: counts.numerator,
        denominator: counts.denominator,
        value: *value,
        special_cause: point.signal.map(|signal| special_cause(signal, &chart.profile)),
        direction: direction_of(point.cause).map(str::to_owned),
    });
    Some(ControlChart {
        organisation: series.organisation.map(str::to_owned),
        method: format!("XmR chart of the {} rate, {}{gaps}", unit_name(series.unit), chart.profile.name),
        mean: group.mean,
        lower: limits.lower,
        upper: limits.upper,
        points: drawn.collect(),
        variation: variation(chart.variation),
        assurance: chart.assurance.map(|assurance| self::assurance(assurance).to_owned()),
        trial_limits: group.trial_limits,
    })
}

fn special_cause(signal: Signal, profile: &Profile) -> String {
    match signal.rule {
        Rule::OutsideLimits => "outside limits".to_owned(),
        Rule::Trend => format!("trend of {}", profile.trend_length),
        Rule::TwoInThree => "2 of 3 near a limit".to_owned(),
        Rule::Shift => format!("{} on one side of the mean", profile.shift_length),
    }
}

fn direction_of(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Common => None,
        Cause::Improvement => Some("improvement"),
        Cause::Concern => Some("concern"),
        Cause::NeutralHigh => Some("high"),
        Cause::NeutralLow => Some("low"),
    }
}

fn variation(cause: Cause) -> String {
    direction_of(cause).map_or_else(|| "common cause".to_owned(), |direction| format!("special cause, {direction}"))
}

fn assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::ConsistentlyPassing => "consistently passes",
        Assurance::ConsistentlyFailing => "consistently fails",
        Assurance::Inconsistent => "hit and miss",
    }
}
