//! Types as the checked plan knows them, and how a value of each is written for people.
//!
//! Every value is one `i64`: a scaled integer for numbers (temperature 36.5 with one place is 365),
//! milliseconds for instants and durations, days since 1970-01-01 for dates, milliseconds after midnight
//! for times of day, 0 or 1 for yes/no, and the variant's place for an enum.

use super::calendar;

/// The longest duration that can be written, in milliseconds: a century, so that sums of a few never overflow.
pub const LONGEST_DURATION: i64 = 36_525 * calendar::DAY;

/// The type of a fact, field, parameter or answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `yes/no`
    YesNo,
    /// integer or decimal: `places` digits after the point, `unit` as written
    Number {
        /// Digits after the point.
        places: u8,
        /// UCUM-like spelling, as the author wrote it.
        unit: Option<String>,
    },
    /// one of the named variants
    Enum {
        /// The enum's name.
        name: String,
        /// Variant names, in declared order.
        variants: Vec<String>,
        /// Labels for people, where given.
        labels: Vec<Option<String>>,
        /// What each counts in a score, where that is given.
        points: Option<Points>,
    },
    /// elapsed time
    Duration,
    /// a moment, UTC
    Instant,
    /// a calendar day
    Date,
    /// a local time of day
    TimeOfDay,
    /// an organisation's code: never compared inside a rule
    Organisation,
    /// text: never compared inside a rule
    Text,
    /// a coded value or an organisation in an event, packed by [`super::codes`]
    Code,
    /// an NHS number, see [`super::nhs_number`]: equal or not, and nothing else
    NhsNumber,
}

/// The points of the choices of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// Digits after the point.
    pub places: u8,
    /// One a choice, scaled.
    pub values: Vec<i64>,
}

impl Type {
    /// Whether values travel as a set of variants rather than a range of integers.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        matches!(self, Type::Enum { .. })
    }

    /// Whether a value of this type takes part in the logic, or only labels the case.
    #[must_use]
    pub fn is_label(&self) -> bool {
        matches!(self, Type::Organisation | Type::Text)
    }

    /// Whether values stand for something else and have no order: codes, NHS numbers.
    #[must_use]
    pub fn is_name(&self) -> bool {
        matches!(self, Type::Code | Type::NhsNumber)
    }

    /// `value` as the author would write it, with its unit: `36.5 °C`, `1 h 30 min`, `scale_1`, `yes`.
    #[must_use]
    pub fn show(&self, value: i64) -> String {
        match self {
            Type::YesNo => if value == 0 { "no" } else { "yes" }.to_owned(),
            Type::Number { places, unit } => with_unit(&decimal(value, *places), unit.as_deref()),
            Type::Enum { variants, .. } => usize::try_from(value)
                .ok()
                .and_then(|index| variants.get(index))
                .cloned()
                .unwrap_or_else(|| format!("variant {value}")),
            Type::Duration => duration(value),
            Type::Instant => calendar::show_local_instant(value),
            Type::Date => calendar::show_date(value),
            Type::TimeOfDay => calendar::show_time_of_day(value),
            Type::Organisation | Type::Text => value.to_string(),
            Type::Code => super::codes::unpack(value),
            Type::NhsNumber => super::nhs_number::show(value),
        }
    }

    /// A range as the author would write it, with its unit once: `0.0..30.0 g/dL`.
    #[must_use]
    pub fn show_range(&self, low: i64, high: i64) -> String {
        match self {
            Type::Number { unit: Some(unit), .. } if unit == "GBP" => {
                format!("{}..{}", self.show(low), self.show(high))
            }
            Type::Instant => format!("{} to {}", self.show(low), self.show(high)),
            _ => format!("{}..{}", self.show_bare(low), self.show(high)),
        }
    }

    /// `value` without its unit, for JSON and tables.
    #[must_use]
    pub fn show_bare(&self, value: i64) -> String {
        match self {
            Type::Number { places, .. } => decimal(value, *places),
            _ => self.show(value),
        }
    }
}

fn with_unit(number: &str, unit: Option<&str>) -> String {
    match unit {
        None => number.to_owned(),
        Some("%") => format!("{number}%"),
        Some("GBP") => match number.strip_prefix('-') {
            Some(owed) => format!("-£{owed}"),
            None => format!("£{number}"),
        },
        Some(unit) => format!("{number} {}", of_one(unit).filter(|_| number == "1").unwrap_or(unit)),
    }
}

/// A unit that is a word, as it is said of one: `day` of `days`.
#[must_use]
pub fn of_one(unit: &str) -> Option<&str> {
    const WORDS: [&str; 6] = ["calendar days", "days", "months", "weeks", "working days", "years"];
    unit.strip_suffix('s').filter(|_| WORDS.contains(&unit))
}

/// A scaled integer as a decimal numeral: `decimal(365, 1)` is `36.5`.
#[must_use]
pub fn decimal(value: i64, places: u8) -> String {
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "-" } else { "" };
    let places = usize::from(places);
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{fraction}")
}

/// Milliseconds as `2 days`, `1 h 30 min`, `45 s`; exact, largest units first.
#[must_use]
pub fn duration(milliseconds: i64) -> String {
    const UNITS: [(u64, &str, &str); 5] = [
        (86_400_000, "day", "days"),
        (3_600_000, "h", "h"),
        (60_000, "min", "min"),
        (1_000, "s", "s"),
        (1, "ms", "ms"),
    ];
    if milliseconds == 0 {
        return "0 min".to_owned();
    }
    let mut left = milliseconds.unsigned_abs();
    let mut parts = Vec::new();
    for (size, one, many) in UNITS {
        let count = left / size;
        left %= size;
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    let sign = if milliseconds < 0 { "-" } else { "" };
    format!("{sign}{}", parts.join(" "))
}
