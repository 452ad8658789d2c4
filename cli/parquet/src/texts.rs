//! Values as the one text of their type, side by side.

use crate::leaf::Means;
use concord_engine::values::calendar::date_from_days;
use std::fmt::Write;

/// What a row has of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Missing,
    /// A value.
    Text(&'a str),
    /// Bytes that are no text.
    NotText,
}

/// Stands for bytes that are no text.
const NOT_TEXT: (u32, u32) = (u32::MAX, 0);

/// Texts of one column.
#[derive(Default)]
pub struct Texts {
    all: String,
    spans: Vec<(u32, u32)>,
}

impl Texts {
    pub fn clear(&mut self) {
        self.all.clear();
        self.spans.clear();
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn get(&self, place: usize) -> Cell<'_> {
        let Some((from, to)) = self.spans.get(place) else { return Cell::Missing };
        self.all.get(*from as usize..*to as usize).map_or(Cell::NotText, Cell::Text)
    }

    fn push(&mut self, write: impl FnOnce(&mut String)) {
        let end = |texts: &Texts| u32::try_from(texts.all.len());
        let from = end(self);
        write(&mut self.all);
        // A page is shorter than that by far.
        let span = from.and_then(|from| end(self).map(|to| (from, to))).unwrap_or(NOT_TEXT);
        self.spans.push(span);
    }

    pub fn bytes(&mut self, bytes: &[u8], means: &Means) {
        match means {
            Means::Decimal(places) => match wide(bytes) {
                Some(number) => self.decimal(number, *places),
                None => self.spans.push(NOT_TEXT),
            },
            Means::Uuid => self.push(|text| uuid(bytes, text)),
            _ => match std::str::from_utf8(bytes) {
                Ok(own) => self.push(|text| text.push_str(own)),
                Err(_) => self.spans.push(NOT_TEXT),
            },
        }
    }

    pub fn yes(&mut self, yes: bool) {
        self.push(|text| text.push_str(if yes { "true" } else { "false" }));
    }

    /// As few digits as tell the number from all others.
    pub fn real(&mut self, number: impl std::fmt::Display) {
        self.shown(format_args!("{number}"));
    }

    pub fn whole(&mut self, number: i64, bits: u32, means: &Means) {
        match means {
            Means::Unsigned => self.shown(format_args!("{}", number.cast_unsigned() & (u64::MAX >> (64 - bits)))),
            Means::Decimal(places) => self.decimal(number.into(), *places),
            Means::Date => self.push(|text| date(number, text)),
            Means::Clock(units) => self.push(|text| clock(number, *units, text)),
            Means::Time { utc, units } => self.push(|text| time(number, *units, *utc, text)),
            _ => self.shown(format_args!("{number}")),
        }
    }

    /// Nanoseconds of a day, and the number of the day, from noon of 1 January 4713 BC on.
    pub fn old_time(&mut self, nanoseconds: i64, day: u32) {
        const DAY_OF_1970: i64 = 2_440_588;
        const NANOSECONDS: i64 = 86_400_000_000_000;
        // A day of 32 bits and those of 64 bits of nanoseconds are far from the end of what can be counted.
        let days = i64::from(day) - DAY_OF_1970 + nanoseconds.div_euclid(NANOSECONDS);
        self.push(|text| {
            date(days, text);
            text.push('T');
            clock(nanoseconds.rem_euclid(NANOSECONDS), 1_000_000_000, text);
        });
    }

    fn decimal(&mut self, number: i128, places: u32) {
        let (sign, digits) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
        let one = 10_u128.checked_pow(places).filter(|_| places > 0);
        match one {
            None => self.shown(format_args!("{sign}{digits}")),
            Some(one) => {
                let width = places as usize;
                self.shown(format_args!("{sign}{}.{:0width$}", digits / one, digits % one));
            }
        }
    }

    fn shown(&mut self, arguments: std::fmt::Arguments<'_>) {
        // A string takes whatever is written to it.
        self.push(|text| text.write_fmt(arguments).unwrap_or(()));
    }
}

/// A number in two's complement, the greatest byte first; none where it is longer than 16 bytes.
fn wide(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let fill = if negative { -1 } else { 0 };
    (bytes.len() <= 16).then(|| bytes.iter().fold(fill, |number, byte| (number << 8) | i128::from(*byte)))
}

fn pad(text: &mut String, number: i64, width: usize) {
    // A string takes whatever is written to it.
    write!(text, "{number:0width$}").unwrap_or(());
}

fn date(days: i64, text: &mut String) {
    let (year, month, day) = date_from_days(days);
    pad(text, year, 4);
    text.push('-');
    pad(text, month, 2);
    text.push('-');
    pad(text, day, 2);
}

/// A time of day with its fraction to a thousandth, or as fine as it is.
fn clock(number: i64, units: i64, text: &mut String) {
    let (seconds, rest) = (number.div_euclid(units), number.rem_euclid(units));
    pad(text, seconds / 3_600, 2);
    text.push(':');
    pad(text, seconds / 60 % 60, 2);
    text.push(':');
    pad(text, seconds % 60, 2);
    let thousandth = (units / 1_000).max(1);
    if rest > 0 {
        text.push('.');
        pad(text, rest / thousandth, 3);
    }
    // Of units that are finer, one has as many digits more as this has zeros.
    let (finer, digits) = (rest % thousandth, thousandth.checked_ilog10().unwrap_or(0));
    if finer > 0 {
        pad(text, finer, digits as usize);
    }
}

fn time(number: i64, units: i64, utc: bool, text: &mut String) {
    let day = units * 86_400;
    date(number.div_euclid(day), text);
    text.push('T');
    clock(number.rem_euclid(day), units, text);
    if utc {
        text.push('Z');
    }
}

fn uuid(bytes: &[u8], text: &mut String) {
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // A string takes whatever is written to it.
        write!(text, "{byte:02x}").unwrap_or(());
    }
}
