//! One column: how often it is filled, how many different values it has, and what they are.

use super::times::{TimeForm, Times};
use concord_engine::values::nhs_number;
use concord_engine::values::patterns::is_uuid;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A column of more different values holds no codes.
const MOST_CODES: usize = 50;
/// Activities may be more.
const MOST_HELD: usize = 300;
/// Different values are counted up to here.
const MOST_DIFFERENT: usize = 100_000;
/// A code comes up again: so often on average.
const LEAST_AGAIN: u64 = 3;
/// What columns with days are called.
const SERIAL: [&str; 6] = ["time", "date", "when", "recorded", "occurred", "birth"];
/// Texts that often mean that there is no value.
const MISSING: [&str; 13] =
    ["NA", "N/A", "n/a", "NULL", "null", "None", "none", "NaN", "nan", "-", "?", "unknown", "Unknown"];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing.
    Nothing,
    /// Dates or times.
    Times,
    /// Codes, activities, yes and no: few different values that come up again.
    Codes,
    /// Whole numbers.
    WholeNumbers,
    /// Numbers with a decimal point, or with a comma.
    Numbers,
    /// Numbers with a decimal comma.
    CommaNumbers,
    /// Numbers that are days since 1899, as Excel counts them.
    SerialDates,
    /// Something else: names, numbers of patients, free text.
    Texts,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// Rows that have a value.
    pub filled: u64,
    /// Rows that have none.
    pub empty: u64,
    /// Texts that often mean that there is no value, with their rows; not counted as filled.
    pub missing: BTreeMap<String, u64>,
    /// Different values; none beyond 100,000.
    pub different: Option<u64>,
    /// What it holds.
    pub holds: Holds,
    /// Codes with their rows; nothing of other columns.
    pub codes: BTreeMap<String, u64>,
    /// Formats that read its times, the likeliest first.
    pub times: Vec<TimeForm>,
    /// Formats that read its times together, where no one of them does.
    pub mixed: Vec<&'static str>,
    held: Option<BTreeMap<String, u64>>,
    seen: BTreeSet<u64>,
    forms: Times,
    /// Rows whose value is a whole number, a number with a point, one with a comma.
    numbers: [u64; 3],
    /// Those that are a day of our time as Excel counts days, and of them those that have a time of day.
    days: [u64; 2],
}

impl Column {
    pub(super) fn new(name: &str) -> Column {
        Column {
            name: name.to_owned(),
            filled: 0,
            empty: 0,
            missing: BTreeMap::new(),
            different: None,
            holds: Holds::Nothing,
            codes: BTreeMap::new(),
            times: Vec::new(),
            mixed: Vec::new(),
            held: Some(BTreeMap::new()),
            seen: BTreeSet::new(),
            forms: Times::default(),
            numbers: [0; 3],
            days: [0; 2],
        }
    }

    pub(super) fn add(&mut self, text: &str) {
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        if MISSING.contains(&text) {
            *self.missing.entry(text.to_owned()).or_default() += 1;
            return;
        }
        self.filled += 1;
        if self.seen.len() <= MOST_DIFFERENT {
            self.seen.insert(number([text].into_iter()));
        }
        if let Some(held) = &mut self.held {
            if let Some(count) = held.get_mut(text) {
                *count += 1;
            } else if held.len() < MOST_HELD {
                held.insert(text.to_owned(), 1);
            } else {
                self.held = None;
            }
        }
        let form = number_form(text);
        self.numbers.iter_mut().enumerate().filter(|(place, _)| form == Some(*place)).for_each(|(_, n)| *n += 1);
        if form.is_some() {
            let [days, clocks] = serial(text);
            self.days = [self.days[0] + u64::from(days), self.days[1] + u64::from(clocks)];
        }
        self.forms.add(text);
    }

    /// All rows are in: what it holds is told.
    pub(super) fn settle(&mut self) {
        self.different = Some(self.seen.len() as u64).filter(|_| self.seen.len() <= MOST_DIFFERENT);
        self.times = self.forms.found(self.filled);
        self.mixed = if self.times.is_empty() { self.forms.mixed(self.filled) } else { Vec::new() };
        let [whole, point, comma] = self.numbers;
        let few = self
            .held
            .as_ref()
            .is_some_and(|held| held.len() <= MOST_CODES && held.len() as u64 * LEAST_AGAIN <= self.filled);
        self.holds = if self.filled == 0 {
            Holds::Nothing
        } else if !self.times.is_empty() || !self.mixed.is_empty() {
            Holds::Times
        } else if self.is_serial() {
            Holds::SerialDates
        } else if few && !self.names_people() {
            Holds::Codes
        } else if whole == self.filled {
            Holds::WholeNumbers
        } else if whole + point == self.filled {
            Holds::Numbers
        } else if whole + comma == self.filled {
            Holds::CommaNumbers
        } else {
            Holds::Texts
        };
        if self.holds == Holds::Codes {
            self.codes = self.held.clone().unwrap_or_default(); // few, so they were held
        }
    }

    /// Whether it holds days as Excel counts them: all are days of our time, and they have a time of day or the column is called so.
    fn is_serial(&self) -> bool {
        let [days, clocks] = self.days;
        let name = self.name.to_lowercase();
        let named = SERIAL.iter().any(|word| name.contains(word));
        days == self.filled && (named || clocks * 2 > self.filled)
    }

    /// Whether its values are such as patients are known by, of which there may be few: identifiers that are unique in the world, or NHS numbers.
    fn names_people(&self) -> bool {
        // Where not all are held, they are no codes.
        let all = |is: fn(&str) -> bool| self.held.as_ref().is_some_and(|held| held.keys().all(|text| is(text)));
        all(is_uuid) || all(|text| nhs_number::read(text).is_ok())
    }

    /// Its values with their rows, where they are not too many to be activities.
    pub(super) fn values(&self) -> Option<&BTreeMap<String, u64>> {
        self.held.as_ref()
    }

    /// The same values are shown as codes, however many: they are activities.
    pub(super) fn as_codes(&mut self) {
        self.codes = self.held.clone().unwrap_or_default(); // too many are no codes
        self.holds = Holds::Codes;
    }
}

/// Whether a number is a day from 1982 to 2064 as Excel counts days, and whether it has a time of day, which needs four places.
fn serial(text: &str) -> [bool; 2] {
    let (day, clock) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_day = day.parse().is_ok_and(|day: u32| (30_000..=60_000).contains(&day));
    [is_day, is_day && clock.len() >= 4]
}

/// Whether a text is a whole number (0), one with a point (1) or one with a comma (2).
fn number_form(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |part: &str| !part.is_empty() && part.len() <= 15 && part.bytes().all(|byte| byte.is_ascii_digit());
    if all(digits) {
        return Some(0);
    }
    [('.', 1), (',', 2)].into_iter().find_map(|(sign, form)| {
        let (before, after) = digits.split_once(sign)?;
        (all(before) && all(after)).then_some(form)
    })
}

/// Whether a text is a number.
pub(super) fn is_number(text: &str) -> bool {
    number_form(text).is_some()
}

/// A number that stands for some texts.
pub(super) fn number<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.for_each(|text| text.hash(&mut hasher));
    hasher.finish()
}
