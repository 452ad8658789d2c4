//! The p chart, and Laney's p′, of shares whose denominators differ much from period to period: each point then has limits of its own.

use super::period::unit_name;
use super::series::{Point, Series, assurance, direction_of, special_cause, variation};
use crate::results::{Better, ChartPoint, ControlChart, PointLimits, Shown};
use concord_engine::variation::attribute_chart::{AttributeChart, Prime, p_chart};
use concord_engine::variation::control_chart::{Assurance, Limits, Profile};
use concord_engine::variation::proportion::Proportion;

/// A denominator is far from the mean of all beyond this many times it, and below its inverse;
pub(super) const FAR: f64 = 1.5;
/// and one pair of limits does not fit where so large a part of them is.
pub(super) const MOST_FAR: f64 = 0.25;

/// Whether denominators differ so much that one pair of limits does not fit them all.
pub(super) fn asked_for(series: &Series<'_>, points: &[Point]) -> bool {
    let sizes: Vec<f64> = points.iter().map(|point| point.counts.denominator as f64).collect();
    let all = sizes.len() as f64;
    let mean = sizes.iter().sum::<f64>() / all;
    let far = sizes.iter().filter(|size| **size > FAR * mean || **size * FAR < mean).count();
    series.shown == Shown::Share && far as f64 >= MOST_FAR * all
}

/// The chart; none where a share is none.
pub(super) fn attributes(series: &Series<'_>, points: &[Point]) -> Option<ControlChart> {
    let counts = points.iter().map(|point| Proportion {
        numerator: point.counts.numerator.min(point.counts.denominator),
        denominator: point.counts.denominator,
    });
    let profile = Profile::MAKING_DATA_COUNT;
    let counts: Vec<Proportion> = counts.collect();
    let chart = p_chart(&counts, Prime::WhenOverDispersed, series.direction(), &profile).ok()?;
    let last = chart.points.last()?.limits;
    let drawn = points.iter().zip(&chart.points).map(|(point, of)| ChartPoint {
        period: point.shown(series),
        numerator: point.counts.numerator,
        denominator: point.counts.denominator,
        value: of.rate,
        special_cause: of.signal.map(|signal| special_cause(signal, &profile)),
        direction: direction_of(of.cause).map(str::to_owned),
        limits: Some(PointLimits { mean: chart.centre, lower: Some(of.limits.lower), upper: Some(of.limits.upper) }),
    });
    Some(ControlChart {
        organisation: series.organisation.map(str::to_owned),
        method: method(series, &chart, &profile),
        mean: chart.centre,
        lower: Some(last.lower),
        upper: Some(last.upper),
        points: drawn.collect(),
        gaps: Vec::new(),
        not_judged: None,
        variation: variation(chart.variation),
        assurance: held_against(series, last)
            .and_then(|found| series.borne_out(found, points))
            .map(|found| assurance(found).to_owned()),
        trial_limits: false,
        before_target: series.before_target(points),
        shown: series.shown.clone(),
        weighed: false,
        rebased: Vec::new(),
        rounded: false,
        unfinished: Vec::new(),
        hardly: Vec::new(),
    })
}

fn method(series: &Series<'_>, chart: &AttributeChart, profile: &Profile) -> String {
    let unit = unit_name(series.unit);
    let what = "as its denominators differ much, each point has its own limits";
    match chart.sigma_z.filter(|_| chart.kind == "p'") {
        Some(sigma) => format!(
            "p′ chart of the {unit} rate (Laney 2002; points vary {sigma:.2} times as much as by chance alone): {what}; runs as in {}",
            profile.name
        ),
        None => format!("p chart of the {unit} rate: {what}; runs as in {}", profile.name),
    }
}

/// Whether the limits of the last point lie beyond the target.
fn held_against(series: &Series<'_>, last: Limits) -> Option<Assurance> {
    let target = series.target?;
    let (beyond, short) = match series.better {
        Better::Higher => (target < last.lower, target > last.upper),
        Better::Lower => (target > last.upper, target < last.lower),
        Better::Neither => return None,
    };
    Some(if beyond {
        Assurance::ConsistentlyPassing
    } else if short {
        Assurance::ConsistentlyFailing
    } else {
        Assurance::Inconsistent
    })
}
