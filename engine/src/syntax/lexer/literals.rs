//! Numbers, ordinals, versions, dates, times and texts.

use super::{Lexer, is_blank};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::Date;

/// The most digits after the point that a number may have.
const MOST_PLACES: usize = 9;

impl Lexer<'_> {
    /// `"…"`; `\"` and `\\` stand for a quote and a backslash.
    pub(super) fn text_literal(&mut self) {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            if c == '\n' {
                break;
            }
            self.at += c.len_utf8();
            if c == '"' && !escaped {
                return self.push(Kind::Text, start);
            }
            escaped = c == '\\' && !escaped;
        }
        let mut opener = self.span(start);
        opener.end = opener.start + 1;
        self.report(
            Diagnostic::error(codes::E0102, opener, "this text has no closing quote", "the text begins here")
                .help("close it with `\"` before the end of the line"),
        );
        self.push(Kind::Text, start);
    }

    /// `£135_018`
    pub(super) fn pounds(&mut self) {
        let start = self.at;
        self.at += '£'.len_utf8();
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.number(start, true);
        } else {
            let span = self.span(start);
            let title = "`£` goes directly before a number";
            self.report(
                Diagnostic::error(codes::E0101, span, title, "no number follows")
                    .help("write `£250`, and a negative sum as `-£250`; as a type a sum is `decimal £0.00..£500.00`"),
            );
            self.push(Kind::Stray, start);
        }
    }

    pub(super) fn number_or_date(&mut self) {
        let start = self.at;
        let rest = self.rest();
        if let Some(shape) = Shape::of(rest) {
            return self.date(start, &shape);
        }
        if let Some((ms, length)) = clock_time(rest) {
            self.at += length;
            let ms = self.checked_time(ms, start);
            return self.push(Kind::Time(ms), start);
        }
        let digits = self.run_of(|c| c.is_ascii_digit());
        let suffix = rest.get(digits.len()..).unwrap_or("");
        let letters: String = suffix.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if matches!(letters.as_str(), "st" | "nd" | "rd" | "th")
            && let Ok(which) = digits.parse()
        {
            self.at += digits.len() + 2;
            return self.push(Kind::Ordinal(which), start);
        }
        if let Some(length) = version(rest) {
            self.at += length;
            return self.push(Kind::Version, start);
        }
        self.number(start, false);
    }

    fn number(&mut self, start: usize, pounds: bool) {
        let whole = self.run_of(|c| c.is_ascii_digit() || c == '_');
        self.at += whole.len();
        let mut digits: String = whole.chars().filter(|c| *c != '_').collect();
        let mut places = 0;
        if let Some(point) = self.decimal_point() {
            self.at += point;
            let fraction = self.run_of(|c| c.is_ascii_digit());
            self.at += fraction.len();
            digits.push_str(fraction);
            places = fraction.len();
        }
        let value = match (digits.parse::<i64>(), u8::try_from(places)) {
            (Ok(value), Ok(count)) if places <= MOST_PLACES => (value, count),
            _ => {
                self.number_too_large(start, places);
                (0, 0)
            }
        };
        self.digits_after_a_comma(start, pounds);
        self.push(Kind::Number { digits: value.0, places: value.1, pounds }, start);
        if !pounds {
            self.unit();
        }
    }

    fn number_too_large(&mut self, start: usize, places: usize) {
        let span = self.span(start);
        let fault = if places > MOST_PLACES {
            let title = format!("this number has {places} decimal places");
            Diagnostic::error(codes::E0103, span, title, "at most 9 are kept").help("round it to what can be measured")
        } else {
            let title = "this number has too many digits";
            Diagnostic::error(codes::E0103, span, title, "at most 18 digits can be stored exactly")
        };
        self.report(fault);
    }

    fn date(&mut self, start: usize, shape: &Shape) {
        self.at += shape.length;
        let date = Date { year: shape.year, month: shape.month, day: shape.day };
        let exists = shape.year >= 1900 && shape.year <= 2199 && shape.day >= 1 && shape.day <= days_in(date);
        if !exists {
            let said = self.text.get(start..self.at).unwrap_or("");
            let title = format!("`{said}` is not a day in the calendar");
            let label = "no such day between 1900 and 2199";
            self.report(Diagnostic::error(codes::E0104, self.span(start), title, label));
        } else if !shape.iso {
            let written = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
            let span = self.span(start);
            let title = "a date is written year first, with two digits for month and day";
            self.report(
                Diagnostic::error(codes::E0105, span, title, "a date in another form")
                    .help(format!("if this is day {} of month {}, write `{written}`", date.day, date.month))
                    .edit(span, written),
            );
        }
        let date = if exists { date } else { Date { year: 2000, month: 1, day: 1 } };
        let after = self.rest();
        let gap = after.chars().next().filter(|c| is_blank(*c) && *c != '\t' || *c == 'T').map_or(0, char::len_utf8);
        let time = after.get(gap..).filter(|_| gap > 0).and_then(clock_time);
        let Some((ms, length)) = time else {
            return self.push(Kind::Date(date), start);
        };
        let time_start = self.at + gap;
        self.at = time_start + length;
        let ms = self.checked_time(ms, time_start);
        let civil_ms = days_since_1970(date) * 86_400_000 + ms;
        let kind = match zone(self.rest()) {
            Some((length, ahead)) => {
                self.at += length;
                Kind::DateTime { civil_ms: civil_ms - ahead, utc: true }
            }
            None => Kind::DateTime { civil_ms, utc: false },
        };
        self.push(kind, start);
    }

    /// Reports a time such as 25:00, which [`clock_time`] marks as negative.
    fn checked_time(&mut self, ms: i64, start: usize) -> i64 {
        if ms >= 0 {
            return ms;
        }
        let said = self.text.get(start..self.at).unwrap_or("");
        let title = format!("`{said}` is not a time of day");
        let label = "times run from 00:00 to 23:59:59";
        let fault = Diagnostic::error(codes::E0104, self.span(start), title, label);
        self.report(fault);
        0
    }
}

/// Three numbers that look like a date, and how they were written.
struct Shape {
    year: i32,
    month: u8,
    day: u8,
    /// `2026-04-01`
    iso: bool,
    length: usize,
}

impl Shape {
    /// `2026-04-01`, `2026-4-1`, `1/4/2026` or `01.04.2026`.
    fn of(text: &str) -> Option<Shape> {
        let (a, rest) = digits(text, 4)?;
        let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (b, rest) = digits(rest.get(1..)?, 2)?;
        let (c, after) = digits(rest.strip_prefix(separator)?, 4)?;
        if after.starts_with(|c: char| c.is_ascii_alphanumeric() && c != 'T') {
            return None;
        }
        let length = text.len() - after.len();
        let month: u8 = b.parse().ok()?;
        let year_first = a.len() == 4 && c.len() <= 2 && separator != '.';
        let day_first = a.len() <= 2 && c.len() == 4;
        let (year, day) = if year_first {
            (a, c)
        } else if day_first {
            (c, a)
        } else {
            return None;
        };
        let iso = separator == '-' && year_first && b.len() == 2 && c.len() == 2;
        Some(Shape { year: year.parse().ok()?, month, day: day.parse().ok()?, iso, length })
    }
}

/// Up to `most` digits, and what follows them; none if more follow.
fn digits(text: &str, most: usize) -> Option<(&str, &str)> {
    let end = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    (end > 0 && end <= most).then(|| text.split_at_checked(end)).flatten()
}

/// `Z`, ` GMT` or ` BST` after a time: its length in bytes and how far it is ahead of UTC, in milliseconds.
fn zone(text: &str) -> Option<(usize, i64)> {
    if text.starts_with('Z') {
        return Some((1, 0));
    }
    let after = text.trim_start_matches(is_blank);
    let gap = text.len() - after.len();
    let (word, ahead) = [("GMT", 0), ("BST", 3_600_000)].into_iter().find(|(word, _)| after.starts_with(word))?;
    let ends = !after.get(word.len()..)?.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (gap > 0 && ends).then_some((gap + word.len(), ahead))
}

/// `10:00`, `10:00:30` or `10:00:30.250`: milliseconds and length in bytes; -1 for a time that does not exist.
fn clock_time(text: &str) -> Option<(i64, usize)> {
    let (hours, rest) = digits(text, 2)?;
    let (minutes, mut rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (mut seconds, mut thousandths) = ("0", "0");
    if minutes.len() != 2 {
        return None;
    }
    if let Some((s, after)) = rest.strip_prefix(':').and_then(|rest| digits(rest, 2)) {
        (seconds, rest) = (s, after);
        if let Some((ms, after)) =
            rest.strip_prefix('.').and_then(|rest| digits(rest, 3)).filter(|(ms, _)| ms.len() == 3)
        {
            (thousandths, rest) = (ms, after);
        }
    }
    let (h, m, s): (i64, i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    let exists = h < 24 && m < 60 && s < 60;
    let ms = if exists { ((h * 60 + m) * 60 + s) * 1000 + thousandths.parse::<i64>().ok()? } else { -1 };
    Some((ms, text.len() - rest.len()))
}

/// `1.0.0`: its length in bytes.
fn version(text: &str) -> Option<usize> {
    let (_, rest) = digits(text, 9)?;
    let (_, rest) = digits(rest.strip_prefix('.')?, 9)?;
    let (_, rest) = digits(rest.strip_prefix('.')?, 9)?;
    Some(text.len() - rest.len())
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in the month of `date`; 0 for a month that does not exist.
fn days_in(date: Date) -> u8 {
    match date.month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(is_leap(date.year)),
        _ => 0,
    }
}

/// Days from 1970-01-01 to `date`, by counting from the year 0 in 400-year eras.
fn days_since_1970(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month), i64::from(date.day));
    let year = i64::from(date.year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}
