//! Times of one width, as most exports write them, read digit by digit.
//!
//! Only what stands exactly as the format says is read here: two digits a part, four a year, and nothing but digits between signs that
//! are none. Whatever else a text is goes to the general reader, which says what is wrong with it, or reads what is merely unusual.

use concord_engine::values::calendar::{DAY, days_from_date};

/// No text of a pattern has more bytes.
const LONGEST: usize = 32;

/// A format all of whose texts are of one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Of sixteen bytes each: the bits of the signs, and what they are.
    signs: [(u128, u128); 2],
    /// Of sixteen bytes each: the bits of the digits.
    digits: [u128; 2],
    /// Where year, month, day, hour and minute stand.
    numbers: [usize; 5],
    /// Of sixteen bytes each: the bits of year, month and day.
    day: [u128; 2],
    /// Where the second stands, if there is one.
    second: Option<usize>,
    length: usize,
    /// So many bits of the last sixteen bytes are among the first sixteen.
    before: u32,
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
        // Blanks at the ends of a text do not count.
        if format.trim() != format {
            return None;
        }
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
        if !whole || !apart || often(Part::Second) > 1 {
            return None;
        }
        let (mut signs, mut digits, mut day, mut length) = ([(0, 0); 2], [0; 2], [0; 2], 0);
        let stands = |wanted: Part| {
            let before = parts.iter().take_while(|part| **part != wanted);
            before.map(|part| part.length()).sum::<usize>()
        };
        let numbers = [Part::Year, Part::Month, Part::Day, Part::Hour, Part::Minute].map(stands);
        let second = parts.contains(&Part::Second).then(|| stands(Part::Second));
        for part in &parts {
            if let Part::Sign(sign) = part {
                let bits = 8 * (length % 16);
                let (mask, is) = signs.get_mut(length / 16)?;
                (*mask, *is) = (*mask | 0xff << bits, *is | u128::from(*sign) << bits);
            }
            for byte in (length..length + part.length()).filter(|_| part.is_number()) {
                let bits = 0xff << (8 * (byte % 16));
                *digits.get_mut(byte / 16)? |= bits;
                if matches!(part, Part::Year | Part::Month | Part::Day) {
                    *day.get_mut(byte / 16)? |= bits;
                }
            }
            length += part.length();
        }
        let before = u32::try_from(LONGEST.checked_sub(length)? * 8).ok()?;
        Some(Pattern { signs, digits, numbers, day, second, length, before })
    }

    /// What the clock on the wall shows, as milliseconds of civil time since 1970.
    #[inline]
    pub(super) fn read(&self, text: &[u8], last: &mut LastDay) -> Option<i64> {
        if text.len() != self.length {
            return None;
        }
        // No text of a pattern has fewer than sixteen bytes: they are read where they stand, and what comes after the first of them from the end.
        let (front, end) = (u128::from_le_bytes(*text.first_chunk()?), u128::from_le_bytes(*text.last_chunk()?));
        // Of sixteen bytes none comes after them.
        let back = end.checked_shr(self.before).unwrap_or(0);
        let [(front_signs, in_front), (back_signs, in_back)] = self.signs;
        if front & front_signs != in_front || back & back_signs != in_back {
            return None;
        }
        let [in_front, in_back] = self.digits;
        if !are_digits(front, in_front) || !are_digits(back, in_back) {
            return None;
        }
        let [year, month, day, hour, minute] = self.numbers;
        let [hour, minute] = [two(text, hour)?, two(text, minute)?];
        let second = match self.second {
            Some(second) => two(text, second)?,
            None => 0,
        };
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let [front_day, back_day] = self.day;
        let written = (front & front_day, back & back_day);
        // Held against each other as numbers: they were just worked out as such.
        if (last.written.0 ^ written.0) | (last.written.1 ^ written.1) != 0 {
            let year = two(text, year)? * 100 + two(text, year + 2)?;
            let day = days_from_date(year.into(), two(text, month)?.into(), two(text, day)?.into())?;
            *last = LastDay { written, day };
        }
        Some(last.day * DAY + i64::from((hour * 60 + minute) * 60 + second) * 1_000)
    }
}

/// A day that was read, and as what it was written by one pattern: that of the next text is often the same.
#[derive(Clone, Copy, Debug)]
pub struct LastDay {
    /// The bits of its numbers.
    written: (u128, u128),
    day: i64,
}

impl Default for LastDay {
    fn default() -> Self {
        // No day has bits where there are no numbers.
        LastDay { written: (u128::MAX, u128::MAX), day: 0 }
    }
}

/// Whether all bytes among sixteen that have bits here are digits: all are asked side by side.
#[inline]
fn are_digits(bytes: u128, of: u128) -> bool {
    const EACH: u128 = u128::MAX / 0xff;
    // What the others are asked for is a zero.
    let values = (bytes & of) ^ ((EACH * u128::from(b'0')) & of);
    // A byte of less than 128 with 118 more reaches 128 where it is more than 9, and never passes on to the next.
    let most = EACH * 0x7f;
    (((values & most) + EACH * 118) | values) & !most == 0
}

/// The number of two digits at a place.
#[inline]
fn two(text: &[u8], at: usize) -> Option<u32> {
    let [tens, ones] = *text.get(at..)?.first_chunk()?;
    // They are digits: of each the last four bits are its value.
    Some(u32::from(tens & 0xf) * 10 + u32::from(ones & 0xf))
}
