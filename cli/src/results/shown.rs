//! How a figure is written: as a percentage, with its unit, or as a length of time.

use serde::{Deserialize, Serialize};

use crate::words;
use concord_engine::values::types::of_one;

/// Units of lengths of time; years are of ages as well.
const TIMES: [&str; 8] = ["calendar days", "days", "h", "min", "months", "s", "weeks", "working days"];

/// No more decimals than these beyond the usual ones tell a figure from another.
const MOST_MORE: u8 = 4;

/// How a figure is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A share, from 0 to 1, as a percentage.
    #[default]
    Share,
    /// A number with so many places and a unit; pounds have the unit `GBP`.
    Number {
        /// Digits after the point.
        places: u8,
        /// The unit, where it has one.
        unit: Option<String>,
    },
    /// Milliseconds, as a length of time.
    Duration,
}

impl Shown {
    /// A tick of an axis: without its unit, which the title says.
    #[must_use]
    pub fn tick(&self, value: f64) -> String {
        match self {
            Shown::Number { .. } if value.fract() == 0.0 => words::grouped(value, 0),
            Shown::Number { .. } => words::grouped(value, 2),
            _ => self.say(value),
        }
    }

    /// Whether it is a length of time, of which whoever still waits has none yet; whoever has no score waits for nothing.
    #[must_use]
    pub fn is_a_time(&self) -> bool {
        match self {
            Shown::Share => false,
            Shown::Number { unit, .. } => unit.as_deref().is_some_and(|unit| TIMES.contains(&unit)),
            Shown::Duration => true,
        }
    }

    /// The figure as people read it beside another, with as many digits as tell the two apart.
    #[must_use]
    pub fn say_beside(&self, value: f64, other: f64) -> String {
        let usual = self.say(value);
        if value.total_cmp(&other).is_eq() || usual != self.say(other) {
            return usual;
        }
        match self {
            Shown::Share => words::percent_beside(value, other),
            Shown::Number { places, unit } => {
                let with = |more: u8| Shown::Number { places: places.saturating_add(more), unit: unit.clone() };
                let apart = (1..=MOST_MORE).map(with).find(|shown| shown.say(value) != shown.say(other));
                apart.map_or(usual, |shown| shown.say(value))
            }
            Shown::Duration if value < other => format!("a little less than {usual}"),
            Shown::Duration => format!("a little more than {usual}"),
        }
    }

    /// The figure as people read it.
    #[must_use]
    pub fn say(&self, value: f64) -> String {
        match self {
            Shown::Share => words::percent(value),
            Shown::Number { places, unit } => {
                let number = words::grouped(value, *places);
                match unit.as_deref() {
                    Some("GBP") if value < 0.0 => format!("−£{}", number.trim_start_matches('−')),
                    Some("GBP") => format!("£{number}"),
                    Some(unit) => {
                        let one = of_one(unit).filter(|_| matches!(number.as_str(), "1" | "−1"));
                        // Of another number the unit is as it is declared.
                        format!("{number} {}", one.unwrap_or(unit))
                    }
                    None => number,
                }
            }
            #[allow(clippy::cast_possible_truncation, reason = "a float is cut to the nearest of 64 bits")]
            Shown::Duration => words::duration(value.round() as i64),
        }
    }
}
