//! What comes with text that was pasted or typed elsewhere and can mean one thing only: invisible characters, the raised decimal point of
//! journals, degrees as keyboards have them, and the comments of SQL.

use super::{Lexer, is_blank};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// Decimal points of journals and formularies: `38·0`.
const RAISED_POINTS: [char; 4] = ['·', '⋅', '∙', '‧'];

/// Degrees as keyboards, word processors and laboratories have them, the longest first, and the unit that is meant.
const DEGREES: &[(&str, &str)] = &[
    ("degrees Celsius", "°C"),
    ("degrees C", "°C"),
    ("deg C", "°C"),
    ("degC", "°C"),
    ("℃", "°C"),
    ("° C", "°C"),
    ("ºC", "°C"),
    ("º C", "°C"),
    ("˚C", "°C"),
    ("˚ C", "°C"),
    ("degrees Fahrenheit", "°F"),
    ("degrees F", "°F"),
    ("deg F", "°F"),
    ("degF", "°F"),
    ("℉", "°F"),
    ("° F", "°F"),
    ("ºF", "°F"),
    ("º F", "°F"),
    ("˚F", "°F"),
];

/// Whether a character is not to be seen: zero-width blanks and joiners, soft hyphens, marks of direction.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
}

/// The unit that a spelling of degrees stands for; any other text as it is.
pub(in crate::syntax) fn degrees(said: &str) -> &str {
    DEGREES.iter().find(|(odd, _)| *odd == said).map_or(said, |(_, unit)| unit)
}

impl Lexer<'_> {
    /// A word with a blank in it that nobody sees: told as one word, which stands for what it was meant to declare.
    pub(super) fn word_with_invisible(&mut self, start: usize) -> bool {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_invisible(c);
        let word = self.text.get(start..).map_or("", |rest| {
            let end = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
            rest.get(..end).unwrap_or("").trim_end_matches(is_invisible)
        });
        if !word.contains(is_invisible) {
            return false;
        }
        self.at = start + word.len();
        let meant: String = word.chars().filter(|c| !is_invisible(*c)).collect();
        let span = self.span(start);
        let title = format!("`{meant}` has a character in it that cannot be seen");
        let fault = Diagnostic::error(codes::E0101, span, title, "pasted from elsewhere");
        self.report(fault.help("type the word anew").edit(span, meant.clone()).declaring([meant]));
        self.push(Kind::Stray, start);
        true
    }

    /// Characters that are not to be seen, between words.
    pub(super) fn invisible(&mut self) {
        let start = self.at;
        self.at += self.run_of(is_invisible).len();
        let span = self.span(start);
        let title = "a character stands here that cannot be seen";
        let fault = Diagnostic::error(codes::E0101, span, title, "pasted from elsewhere");
        self.report(fault.help("leave it out").edit(span, ""));
    }

    /// The length of the decimal point at the cursor, with a digit after it: `38·0` is told and read as `38.0`.
    pub(super) fn decimal_point(&mut self) -> Option<usize> {
        let rest = self.rest();
        let point = rest.chars().next().filter(|c| *c == '.' || RAISED_POINTS.contains(c))?;
        rest.get(point.len_utf8()..)?.chars().next().filter(char::is_ascii_digit)?;
        if point != '.' {
            let place = self.at;
            let span = Span { end: self.place(place + point.len_utf8()), ..self.span(place) };
            let fault = Diagnostic::error(codes::E0101, span, format!("`{point}` is written `.`"), "write `.` here");
            self.report(fault.edit(span, "."));
        }
        Some(point.len_utf8())
    }

    /// `ºC` and the like after a number, told and read as `°C`.
    pub(super) fn degrees_meant(&mut self) -> bool {
        let rest = self.rest();
        let ends = |odd: &str| {
            !rest.get(odd.len()..).is_some_and(|after| after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let Some((odd, unit)) = DEGREES.iter().find(|(odd, _)| rest.starts_with(odd) && ends(odd)) else {
            return false;
        };
        let start = self.at;
        self.at += odd.len();
        let span = self.span(start);
        let fault = Diagnostic::error(
            codes::E0101,
            span,
            format!("`{odd}` is written `{unit}`"),
            format!("write `{unit}` here"),
        );
        self.report(fault.edit(span, *unit));
        self.push(Kind::Unit, start);
        true
    }

    /// `isn't` is read as the sign of what is another, and told where that is read; of `doesn't` and the like it is told here.
    pub(super) fn contraction(&mut self, start: usize) -> bool {
        let word = self.text.get(start..self.at).unwrap_or("");
        let Some(after) = self.rest().strip_prefix(['\'', '’']).and_then(|rest| rest.strip_prefix('t')) else {
            return false;
        };
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        let small = word.to_ascii_lowercase();
        let other = after.trim_start_matches(is_blank);
        let equal = ["equal to", "equal"].into_iter().find(|word| small == "doesn" && other.starts_with(*word));
        if ["isn", "aren", "wasn", "weren"].contains(&small.as_str()) || equal.is_some() {
            let rest = equal.map_or(after, |word| other.get(word.len()..).unwrap_or(""));
            self.at = self.text.len() - rest.len();
            self.push(Kind::Sign("!="), start);
            return true;
        }
        if !["doesn", "don", "didn", "hasn", "haven", "hadn", "can", "won", "wouldn", "shouldn"]
            .contains(&small.as_str())
        {
            return false;
        }
        self.at = self.text.len() - after.len();
        let span = self.span(start);
        let said = self.text.get(start..self.at).unwrap_or("");
        let fault =
            Diagnostic::error(codes::E0213, span, format!("the language has no `{said}`"), "written in another way");
        self.report(fault.help("that a value is another is `is not`, as in `route is not oral`; that something did not happen is `not any Fall`"));
        self.push(Kind::Stray, start);
        true
    }

    /// `-- as in SQL`, at the start of a line or behind an entry: stepped over as a comment. `a --b` takes `-b` from `a`.
    pub(super) fn dashed_comment(&mut self) -> bool {
        let start = self.at;
        let apart = self.fresh_line || self.text.get(..start).is_some_and(|before| before.ends_with([' ', '\t']));
        let Some(after) = self.rest().strip_prefix("--").filter(|_| apart) else { return false };
        let said = after.trim_start_matches([' ', '\t']);
        if said.len() == after.len() || !said.starts_with(|c: char| c.is_alphanumeric()) {
            return false;
        }
        self.at += 2;
        let span = self.span(start);
        let fault = Diagnostic::error(codes::E0101, span, "a comment begins with `//`", "write `//` here");
        self.report(fault.edit(span, "//"));
        self.at += self.run_of(|c| c != '\n').len();
        true
    }

    /// `½`, alone or behind a whole number: written with a point.
    pub(super) fn fraction(&self, run: &str, span: Span) -> Option<Diagnostic> {
        let part = match run {
            "½" => ".5",
            "¼" => ".25",
            "¾" => ".75",
            _ => return None,
        };
        let at = usize::try_from(span.start.checked_sub(self.offset)?).ok()?;
        let before = self.text.get(..at)?;
        let whole = before.ends_with(|c: char| c.is_ascii_digit());
        let written = if whole { part.to_owned() } else { format!("0{part}") };
        let fault =
            Diagnostic::error(codes::E0101, span, format!("`{run}` is written `{written}`"), "a number has a point");
        Some(fault.edit(span, written))
    }
}
