//! Times of one width, as most exports write them, read digit by digit.
//!
//! Only what stands exactly as the format says is read here: two digits a part, four a year, and nothing but digits between signs that
//! are none. Whatever else a text is goes to the general reader, which says what is wrong with it, or reads what is merely unusual.

use concord_engine::values::calendar::{DAY, HOUR, days_from_date};

/// No text of a pattern has more bytes.
const LONGEST: usize = 32;

/// A format all of whose texts are of one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Of sixteen bytes each: the bits of the signs, and what they are.
    signs: [(u128, u128); 2],
    /// Where year, month, day, hour and minute stand.
    numbers: [usize; 5],
    /// Where the second stands, if there is one.
    second: Option<usize>,
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
        if !whole || !apart || often(Part::Second) > 1 {
            return None;
        }
        let (mut signs, mut length) = ([(0, 0); 2], 0);
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
            length += part.length();
        }
        (length <= LONGEST).then_some(Pattern { signs, numbers, second, length })
    }

    /// What the clock on the wall shows, as milliseconds of civil time since 1970.
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        if text.len() != self.length {
            return None;
        }
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..self.length)?.copy_from_slice(text.as_bytes());
        let (halves, _) = bytes.as_chunks::<16>();
        let same = |(half, (mask, is)): (&[u8; 16], &(u128, u128))| u128::from_le_bytes(*half) & mask == *is;
        if !halves.iter().zip(&self.signs).all(same) {
            return None;
        }
        let digits = bytes.map(|byte| byte.wrapping_sub(b'0'));
        let mut greatest = 0;
        let mut two = |at: usize| {
            // Where there is none it is no digit.
            let [tens, ones] = [at, at + 1].map(|at| digits.get(at).copied().unwrap_or(u8::MAX));
            greatest = greatest.max(tens).max(ones);
            i64::from(tens) * 10 + i64::from(ones)
        };
        let [year, month, day, hour, minute] = self.numbers;
        let (year, month, day) = (two(year) * 100 + two(year + 2), two(month), two(day));
        let (hour, minute, second) = (two(hour), two(minute), self.second.map_or(0, &mut two));
        if greatest > 9 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(days_from_date(year, month, day)? * DAY + hour * HOUR + minute * 60_000 + second * 1_000)
    }
}
