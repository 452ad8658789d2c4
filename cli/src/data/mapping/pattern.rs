//! Times of one width, as most exports write them, read digit by digit.
//!
//! Only what stands exactly as the format says is read here: two digits a part, four a year, and nothing but digits between signs that
//! are none. Whatever else a text is goes to the general reader, which says what is wrong with it, or reads what is merely unusual.

use concord_engine::values::calendar::days_from_date;

/// No text of a pattern has more bytes.
const LONGEST: usize = 32;

/// Eight bytes of a text each: from its first byte on, from the ninth, from the last but sixteen, and from the last but eight. Some may be in two of them.
type Words = [u64; 4];

/// A format all of whose texts are of one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The signs, and a zero where there is a digit.
    plain: Words,
    /// What must be added to what a byte is beyond that, to reach 128 where it is something else: 127 to a sign, 118 to a digit.
    beyond: Words,
    /// The bits of year, month and day.
    day: Words,
    /// Where year, month, day, hour and minute stand.
    numbers: [usize; 5],
    /// Where the second stands, if there is one.
    second: Option<usize>,
    length: usize,
}

/// The words of a text.
#[inline]
fn words(text: &[u8]) -> Option<Words> {
    let [first, last] = [text.first_chunk::<16>()?, text.last_chunk::<16>()?].map(|bytes| bytes.as_chunks::<8>().0);
    let (&[a, b], &[c, d]) = (first, last) else { return None };
    Some([a, b, c, d].map(u64::from_le_bytes))
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
        let stands = |wanted: Part| {
            let before = parts.iter().take_while(|part| **part != wanted);
            before.map(|part| part.length()).sum::<usize>()
        };
        let numbers = [Part::Year, Part::Month, Part::Day, Part::Hour, Part::Minute].map(stands);
        let second = parts.contains(&Part::Second).then(|| stands(Part::Second));
        let bytes = |of: &dyn Fn(Part) -> u8| -> Vec<u8> {
            parts.iter().flat_map(|part| std::iter::repeat_n(of(*part), part.length())).collect()
        };
        let plain = bytes(&|part| if let Part::Sign(sign) = part { sign } else { b'0' });
        let beyond = bytes(&|part| if part.is_number() { 118 } else { 127 });
        let day = bytes(&|part| if matches!(part, Part::Year | Part::Month | Part::Day) { 0xff } else { 0 });
        let length = plain.len();
        if length > LONGEST {
            return None;
        }
        let (plain, beyond, day) = (words(&plain)?, words(&beyond)?, words(&day)?);
        Some(Pattern { plain, beyond, day, numbers, second, length })
    }

    /// What the clock on the wall shows: the day since 1970, and milliseconds since its midnight.
    #[inline]
    pub(super) fn read(&self, text: &[u8], last: &mut LastDay) -> Option<(i64, i64)> {
        const MOST: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        if text.len() != self.length {
            return None;
        }
        let written = words(text)?;
        let (mut other, mut moved) = (0, 0);
        for ((own, plain), (beyond, (day, last))) in
            written.iter().zip(self.plain).zip(self.beyond.iter().zip(self.day.iter().zip(last.written)))
        {
            // All bytes are asked side by side: none passes on to the next.
            let apart = own ^ plain;
            other |= (apart & MOST).wrapping_add(*beyond) | apart;
            moved |= (own & day) ^ last;
        }
        if other & !MOST != 0 {
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
        if moved != 0 {
            let year = two(text, year)? * 100 + two(text, year + 2)?;
            let day = days_from_date(year.into(), two(text, month)?.into(), two(text, day)?.into())?;
            let written = written.iter().zip(self.day).map(|(own, bits)| own & bits);
            last.written.iter_mut().zip(written).for_each(|(last, own)| *last = own);
            last.day = day;
        }
        Some((last.day, i64::from((hour * 60 + minute) * 60 + second) * 1_000))
    }
}

/// A day that was read, and as what it was written by one pattern: that of the next text is often the same.
#[derive(Clone, Copy, Debug)]
pub struct LastDay {
    /// The bits of its numbers.
    written: Words,
    day: i64,
}

impl Default for LastDay {
    fn default() -> Self {
        // No day has bits where there are no numbers.
        LastDay { written: [u64::MAX; 4], day: 0 }
    }
}

/// The number of two digits at a place.
#[inline]
fn two(text: &[u8], at: usize) -> Option<u32> {
    let [tens, ones] = *text.get(at..)?.first_chunk()?;
    // They are digits: of each the last four bits are its value.
    Some(u32::from(tens & 0xf) * 10 + u32::from(ones & 0xf))
}
