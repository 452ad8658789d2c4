//! What a measure is held against: the target in force, and which way is better.

use super::estimate;
use crate::results::{Better, Target};
use concord_engine::plan::library::{self, Basis, Measure};
use concord_engine::values::types::decimal;

/// The target in force on a day (since 1970), in the unit in which the measure is shown.
pub(super) fn in_force(measure: &Measure, day: i64) -> Option<Target> {
    let begun = measure.targets.iter().filter(|target| target.from.is_none_or(|from| from <= day));
    let target = begun.max_by_key(|target| target.from)?;
    let value = estimate::target_value(measure, target);
    let written = match &measure.basis {
        Basis::Number(figure) => estimate::written(figure, target.places).say(value),
        _ => format!("{}%", decimal(target.value, target.places)),
    };
    let words = if target.at_least { "at least" } else { "at most" };
    Some(Target { text: format!("{words} {written}"), value, at_least: target.at_least, unverified: target.unverified })
}

/// Which way is better.
pub(super) fn better(measure: &Measure) -> Better {
    match measure.better {
        library::Better::Higher => Better::Higher,
        library::Better::Lower => Better::Lower,
        library::Better::Neither => Better::Neither,
    }
}
