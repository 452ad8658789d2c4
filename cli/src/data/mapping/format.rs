//! The format of a date or time, as in `strptime`: what a text of it says, and what it would leave to be guessed.

use super::letters;
use jiff::fmt::strtime::{self, BrokenDownTime};

/// Why a mapping's entry is refused, and what to do about it.
pub type Refusal = (String, Option<String>);

/// A format whose every directive can be read without a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    text: String,
    /// The letters of its directives: `%-d` is `d`.
    letters: Vec<char>,
    /// What the text between or after its directives claims of the zone.
    literal: Option<LiteralZone>,
}

/// A zone that a format writes out as fixed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LiteralZone {
    /// `Z`, `UTC`, `+00:00`
    Utc,
    /// `BST`, `+01:00`
    Other,
}

/// The directives that can be read; those of a locale and of two-digit years are not among them.
const KNOWN: &str = "AaBbhdeFfGHIjklMmNnPpQRSsTtUuVWwYz%";
/// The directives that say something of the time of day.
const CLOCK: &str = "HkIlMSTRfNpPs";

impl Format {
    /// A format, held against what would have to be guessed.
    ///
    /// # Errors
    /// A year of two digits, an hour of twelve without its half of the day, or a directive that cannot be read.
    pub fn new(text: &str) -> Result<Format, Refusal> {
        let (letters, literal) = directives(text);
        if letters.is_empty() {
            return Err(no_directive(text));
        }
        let has = |any: &str| letters.iter().any(|letter| any.contains(*letter));
        if let Some(letter) = letters.iter().find(|letter| "ygD".contains(**letter)) {
            let help = "write years with four digits, `%Y`, in the export; where it cannot, add the century in the mapping's script";
            let message = format!("`%{letter}` is a year of two digits, and its century would be a guess");
            return Err((message, Some(help.to_owned())));
        }
        if let Some(letter) = letters.iter().find(|letter| !KNOWN.contains(**letter)) {
            let help = (*letter == 'Z').then(|| "name the zone, or write the offset: `%z`".to_owned());
            return Err((format!("`%{letter}` cannot be read"), help));
        }
        if has("Il") && !has("pP") {
            let help = "add `%p` where the text says AM or PM; hours of 24 are `%H`";
            return Err((
                "the hour is one of twelve, and nothing says which half of the day".into(),
                Some(help.into()),
            ));
        }
        Ok(Format { text: text.to_owned(), letters, literal })
    }

    /// As written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a text is that is not of it: one with day and month the other way round.
    #[must_use]
    pub fn hint(&self, text: &str) -> Option<&'static str> {
        let swapped = self.text.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m");
        let reads = || strtime::parse(&swapped, text).is_ok_and(|parsed| parsed.to_date().is_ok());
        let is_another = swapped != self.text && self.has("d") && self.has("m") && reads();
        is_another.then_some("; with day and month the other way round it would be")
    }

    /// Reads a text. An offset (`%z`) may be written `+0100`, `+01:00` or `Z`, as in `strptime` of C and of Python.
    pub(super) fn parse(&self, text: &str) -> Option<BrokenDownTime> {
        let as_written = strtime::parse(&self.text, text).ok();
        as_written.or_else(|| {
            let (before, after) = self.text.split_once("%z")?;
            let with_colon = || strtime::parse(format!("{before}%:z{after}"), text).ok();
            // What comes after the offset stands for itself.
            let of_utc = || {
                let body = text.strip_suffix(after)?.strip_suffix(['Z', 'z'])?;
                strtime::parse(&self.text, format!("{body}+0000{after}")).ok()
            };
            with_colon().or_else(of_utc)
        })
    }

    /// Whether a text may say fractions of a second.
    #[must_use]
    pub fn has_fraction(&self) -> bool {
        self.has("fN")
    }

    fn has(&self, any: &str) -> bool {
        self.letters.iter().any(|letter| any.contains(*letter))
    }

    /// Whether a text says what zone it is in.
    #[must_use]
    pub fn carries_zone(&self) -> bool {
        self.has("zQs") || self.literal.is_some()
    }

    /// Whether the zone is fixed text that means UTC: `Z`.
    #[must_use]
    pub fn writes_utc(&self) -> bool {
        !self.has("zQs") && self.literal == Some(LiteralZone::Utc)
    }

    /// Whether a text alone says the instant, once the zone is `in text`.
    #[must_use]
    pub fn says_its_zone(&self) -> bool {
        self.has("zQs") || self.literal == Some(LiteralZone::Utc)
    }

    /// Whether a text counts from 1970 in UTC.
    #[must_use]
    pub fn counts_from_1970(&self) -> bool {
        self.has("s")
    }

    /// Whether a text says the time of day, at least to the minute.
    #[must_use]
    pub fn has_clock(&self) -> bool {
        self.has("TRs") || (self.has("HkIl") && self.has("M"))
    }

    /// Whether a text says anything of the time of day.
    #[must_use]
    pub fn has_any_clock(&self) -> bool {
        self.has(CLOCK)
    }

    /// Whether a text says the day of the month, of the year or of the week.
    #[must_use]
    pub fn has_day(&self) -> bool {
        self.has("deFjs") || (self.has("UVW") && self.has("Aauw"))
    }

    /// Whether a text says at least the month.
    #[must_use]
    pub fn has_month(&self) -> bool {
        self.has("mBbhFjsUVW")
    }
}

/// Why a format without a directive is none, and the one that is meant where it is of another kind: `dd/MM/yyyy HH:mm`.
fn no_directive(text: &str) -> Refusal {
    let message = "the format has no `%`, so nothing could be read by it".to_owned();
    let help = match letters::meant(text) {
        Some(meant) => format!("write format = \"{meant}\""),
        None => "a format is written as in `strptime`: \"%d/%m/%Y %H:%M\" for 31/01/2026 09:30, \"rfc3339\" for 2026-01-31T09:30:00Z".to_owned(),
    };
    (message, Some(help))
}

/// The letters of the directives, and the zone that is written out after a time of day.
fn directives(text: &str) -> (Vec<char>, Option<LiteralZone>) {
    let mut letters = Vec::new();
    let mut literal = None;
    let mut between = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            between.push(character);
            continue;
        }
        literal = literal.or_else(|| literal_zone(&between, &letters));
        between.clear();
        let letter = characters.find(|c| !("-_0^#:.".contains(*c) || c.is_ascii_digit()));
        letters.extend(letter);
    }
    let literal = literal.or_else(|| literal_zone(&between, &letters));
    (letters, literal)
}

/// The zone that fixed text after a time of day names.
fn literal_zone(text: &str, letters: &[char]) -> Option<LiteralZone> {
    if !letters.iter().any(|letter| CLOCK.contains(*letter)) {
        return None;
    }
    let word = text.trim_matches(|c: char| ".()".contains(c) || c.is_whitespace()).to_ascii_uppercase();
    let offset = word.rfind(['+', '-', '−']).and_then(|at| word.get(at..));
    let offset = offset.map(|offset| offset.chars().filter(char::is_ascii_digit).collect::<String>());
    match (word.as_str(), offset) {
        (word, None) if word.contains('Z') || ["UTC", "GMT", "UT"].contains(&word) => Some(LiteralZone::Utc),
        ("BST" | "IST" | "WET" | "WEST" | "CET" | "CEST" | "EET" | "EEST", None) => Some(LiteralZone::Other),
        (_, Some(digits)) if digits.len() >= 2 && digits.bytes().all(|b| b == b'0') => Some(LiteralZone::Utc),
        (_, Some(digits)) if digits.len() >= 2 => Some(LiteralZone::Other),
        _ => None,
    }
}
