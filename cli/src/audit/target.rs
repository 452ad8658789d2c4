//! What a measure is held against: the target in force, and which way is better.

use super::disclose::{Disclosure, bounds};
use super::estimate;
use super::unfinished;
use crate::results::{Better, ControlChart, Counts, Standing, Target};
use concord_engine::plan::library::{self, Basis, Measure};
use concord_engine::values::calendar::{show_date, show_day};
use concord_engine::values::types::decimal;

/// The target in force on a day (since 1970), in the unit in which the measure is shown, and the day from which it counts.
pub(super) fn in_force(measure: &Measure, day: i64) -> Option<(Target, Option<i64>)> {
    let begun = measure.targets.iter().filter(|target| target.from.is_none_or(|from| from <= day));
    let target = begun.max_by_key(|target| target.from)?;
    let value = estimate::target_value(measure, target);
    let written = match &measure.basis {
        Basis::Number(figure) => estimate::written(figure, target.places).say(value),
        _ => format!("{}%", decimal(target.value, target.places)),
    };
    let words = if target.at_least { "at least" } else { "at most" };
    let found = Target {
        text: format!("{words} {written}"),
        value,
        at_least: target.at_least,
        unverified: target.unverified,
        from: target.from.map(show_date),
    };
    Some((found, target.from))
}

/// The target as it is said where not all that is counted is held against it: with its day.
pub(super) fn with_its_day((target, from): (Target, Option<i64>), is_said: bool) -> Target {
    let from = from.filter(|_| is_said).map(|from| format!(" from {}", show_day(from)));
    Target { text: format!("{}{}", target.text, from.unwrap_or_default()), ..target }
}

/// Takes what is counted in periods that begin on a day or later; whether any begins before.
pub(super) fn since<T>(counted: impl Iterator<Item = (Option<i64>, T)>, from: i64, mut take: impl FnMut(T)) -> bool {
    let mut any = false;
    for (period, of) in counted {
        match period {
            Some(first) if first >= from => take(of),
            Some(_) => any = true,
            None => {}
        }
    }
    any
}

/// How counts stand to a target, and those of the periods of a chart.
pub(super) fn standing(
    target: &Target,
    (total, since, chart): (&Counts, Option<&Counts>, Option<&ControlChart>),
    disclosure: &Disclosure,
) -> Standing {
    let reaches = |rate: f64| if target.at_least { rate >= target.value } else { rate <= target.value };
    let reached = |counts: &Counts| unfinished::reached(counts, bounds(counts, disclosure), reaches);
    let mut periods = [0; 3];
    for point in chart.iter().flat_map(|chart| chart.held()) {
        let place = match reached(&point.counts()) {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        periods.iter_mut().skip(place).take(1).for_each(|count| *count += 1);
    }
    let held = since.unwrap_or(total);
    let points = chart.map_or(&[][..], |chart| chart.held());
    let latest = points.len().checked_sub(Standing::LATEST).and_then(|from| points.get(from..)).unwrap_or_default();
    let all = |is: bool| !latest.is_empty() && latest.iter().all(|point| reached(&point.counts()) == Some(is));
    let latest = [true, false].into_iter().find(|is| all(*is));
    Standing { reached: held.rate.and_then(|_| reached(held)), periods, latest, since: since.copied() }
}

/// Which way is better.
pub(super) fn better(measure: &Measure) -> Better {
    match measure.better {
        library::Better::Higher => Better::Higher,
        library::Better::Lower => Better::Lower,
        library::Better::Neither => Better::Neither,
    }
}
