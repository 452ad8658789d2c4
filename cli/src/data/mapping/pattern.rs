//! Times of one width, as most exports write them, read digit by digit.
//!
//! Only what stands exactly as the format says is read here: two digits a part, four a year, and nothing but digits between signs that
//! are none. Whatever else a text is goes to the general reader, which says what is wrong with it, or reads what is merely unusual.

use concord_engine::values::calendar::{DAY, HOUR, days_from_date};

/// A format all of whose texts are of one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Sign(u8),
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

impl Part {
    fn length(self) -> usize {
        match self {
            Part::Sign(_) => 1,
            Part::Year => 4,
            _ => 2,
        }
    }

    fn is_number(self) -> bool {
        !matches!(self, Part::Sign(_))
    }
}

impl Pattern {
    /// The pattern of a format as in `strptime`; none where its texts have several widths, or say anything but a day and a time of day.
    pub(super) fn new(format: &str) -> Option<Pattern> {
        let mut parts = Vec::new();
        let mut letters = format.bytes();
        while let Some(letter) = letters.next() {
            if letter != b'%' {
                let plain = letter == b' ' || (letter.is_ascii_graphic() && !letter.is_ascii_digit());
                parts.push(Part::Sign(plain.then_some(letter)?));
                continue;
            }
            match letters.next()? {
                b'Y' => parts.push(Part::Year),
                b'm' => parts.push(Part::Month),
                b'd' => parts.push(Part::Day),
                b'H' => parts.push(Part::Hour),
                b'M' => parts.push(Part::Minute),
                b'S' => parts.push(Part::Second),
                b'F' => parts.extend([Part::Year, Part::Sign(b'-'), Part::Month, Part::Sign(b'-'), Part::Day]),
                b'T' => parts.extend([Part::Hour, Part::Sign(b':'), Part::Minute, Part::Sign(b':'), Part::Second]),
                b'R' => parts.extend([Part::Hour, Part::Sign(b':'), Part::Minute]),
                _ => return None,
            }
        }
        let often = |part: Part| parts.iter().filter(|other| **other == part).count();
        let whole = [Part::Year, Part::Month, Part::Day, Part::Hour, Part::Minute].map(often) == [1; 5];
        let apart = !parts.iter().zip(parts.iter().skip(1)).any(|(one, next)| one.is_number() && next.is_number());
        let length = parts.iter().map(|part| part.length()).sum();
        (whole && apart && often(Part::Second) <= 1).then_some(Pattern { parts, length })
    }

    /// What the clock on the wall shows, as milliseconds of civil time since 1970.
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        if text.len() != self.length {
            return None;
        }
        let mut rest = text.as_bytes();
        let (mut year, mut month, mut day, mut clock) = (0, 0, 0, 0);
        for part in &self.parts {
            let (own, after) = rest.split_at_checked(part.length())?;
            rest = after;
            if let Part::Sign(sign) = part {
                if own != [*sign] {
                    return None;
                }
                continue;
            }
            let number = digits(own)?;
            let most = |most: i64| (number <= most).then_some(number);
            match part {
                Part::Sign(_) => {}
                Part::Year => year = number,
                Part::Month => month = number,
                Part::Day => day = number,
                Part::Hour => clock += most(23)? * HOUR,
                Part::Minute => clock += most(59)? * 60_000,
                Part::Second => clock += most(59)? * 1_000,
            }
        }
        Some(days_from_date(year, month, day)? * DAY + clock)
    }
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}
