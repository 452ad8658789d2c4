//! One value from a field of a row, by the mapping's rule for it.

use super::date::DateRule;
use super::time::{ReadTime, TimeRule, without_finer};
use super::units::spelling;
use crate::data::interval::between;
use crate::data::names::tidy;
use crate::data::number::Factor;
use crate::data::other_unit;
use crate::data::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::codes::Codebook;
use concord_engine::values::spoilt;
use concord_engine::values::types::Type;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where the text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextFrom {
    /// A column, by place in [`super::Binding::columns`].
    Column(usize),
    /// The same for every case.
    Constant(String),
}

/// How a field's text becomes a value.
#[derive(Clone, Debug)]
pub struct CellRule {
    /// Where the text comes from.
    pub from: TextFrom,
    /// Texts that mean "missing".
    pub missing: Vec<String>,
    /// Texts that mean "recorded as none".
    pub none: Vec<String>,
    /// The export's codes, if it has its own, and what they stand for.
    pub codes: BTreeMap<String, Stands>,
    /// What stands between the codes of one field, where it holds several.
    pub separator: Option<String>,
    /// Numbers are written with a comma.
    pub decimal_comma: bool,
    /// How a date is written.
    pub date: DateRule,
    /// How a time is written.
    pub time: Option<TimeRule>,
    /// The conversion to the declared unit.
    pub factor: Option<Factor>,
    /// The export is text, in which a point may stand between thousands.
    pub is_text: bool,
    /// The column that says the unit of each value.
    pub unit_column: Option<usize>,
}

/// What a code of the export stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    /// A value, a none, or nothing.
    For(Datum),
    /// A code.
    ForCode(String),
}

/// A value that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadCell {
    /// The value.
    pub datum: Datum,
    /// It could not be read, and may have been anything.
    pub refused: bool,
}

impl ReadCell {
    /// What a text is that cannot be read.
    pub const REFUSED: ReadCell = ReadCell { datum: Datum::Missing, refused: true };
}

impl From<Datum> for ReadCell {
    fn from(datum: Datum) -> ReadCell {
        ReadCell { datum, refused: false }
    }
}

impl CellRule {
    /// Whether it reads a column.
    #[must_use]
    pub fn is_of(&self, column: usize) -> bool {
        self.from == TextFrom::Column(column)
    }

    /// Whether a text that is read says more than milliseconds, which are left out.
    #[must_use]
    pub fn is_finer(&self, input: &Input, text: &str) -> bool {
        match input.ty {
            Type::Instant => self.time.as_ref().is_some_and(|rule| rule.is_finer(&tidy(text))),
            Type::TimeOfDay => without_finer(text).1,
            _ => false,
        }
    }

    /// Whether the text means "missing".
    #[must_use]
    pub fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|marker| marker == text)
    }

    /// Reads the text as a value of the input.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, input: &Input, text: &str, codes: &mut Codebook<'_>) -> Result<ReadCell, ValueFault> {
        let text = &*tidy(text);
        if let Some(marked) = self.marked(input, text) {
            return marked;
        }
        if !self.codes.is_empty() {
            return match self.codes.get(text) {
                Some(Stands::For(datum)) => Ok((*datum).into()),
                Some(Stands::ForCode(code)) => value::code(code, codes).map(ReadCell::from),
                None => Err(ValueFault::UnknownVariant(None)),
            };
        }
        if input.ty == Type::Code {
            return if spoilt::is_spoilt(text) {
                Err(ValueFault::Spoilt)
            } else {
                value::code(text, codes).map(ReadCell::from)
            };
        }
        self.plain(input, text)
    }

    /// Reads the text as a number in a unit that the input declares.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_in(&self, input: &Input, text: &str, unit: &str) -> Result<ReadCell, ValueFault> {
        let text = &*tidy(text);
        if let Some(marked) = self.marked(input, text) {
            return marked;
        }
        let Type::Number { places, .. } = input.ty else { return Err(ValueFault::WrongKind) };
        let factor = other_unit::factor(input, &spelling(&tidy(unit)))?;
        self.counted(input, text, (factor, places))
    }

    /// What a text that marks a missing value, or a none, stands for.
    fn marked(&self, input: &Input, text: &str) -> Option<Result<ReadCell, ValueFault>> {
        if self.is_missing(text) {
            return Some(Ok(Datum::Missing.into()));
        }
        self.none.iter().any(|marker| marker == text).then(|| value::none(input.shape).map(ReadCell::from))
    }

    fn plain(&self, input: &Input, text: &str) -> Result<ReadCell, ValueFault> {
        let shape = input.shape;
        let datum = match &input.ty {
            Type::YesNo => match text {
                "yes" | "true" => Datum::Known(1),
                "no" | "false" => Datum::Known(0),
                _ => return Err(ValueFault::WrongKind),
            },
            Type::Number { places, .. } => return self.counted(input, text, (self.factor, *places)),
            Type::Duration if self.factor.is_some() => return self.counted(input, text, (self.factor, 0)),
            Type::Date => value::in_range(shape, self.date.read(text).map_err(ValueFault::BadTime)?)?,
            Type::Instant => {
                let rule = self.time.as_ref().ok_or(ValueFault::WrongKind)?;
                match rule.read(text).map_err(ValueFault::BadTime)? {
                    ReadTime::At(instant) => value::in_range(shape, instant)?,
                    ReadTime::Between(first, last, _) => between(shape, (first, last))?,
                    ReadTime::Unknown(why) => return Err(ValueFault::BadTime(why.reason())),
                }
            }
            Type::TimeOfDay => value::read_text(&input.ty, shape, &without_finer(text).0)?,
            ty => value::read_text(ty, shape, text)?,
        };
        Ok(datum.into())
    }

    /// A number; of a conversion, what falls between two values lies between them, and nothing is rounded.
    fn counted(
        &self,
        input: &Input,
        text: &str,
        (factor, places): (Option<Factor>, u8),
    ) -> Result<ReadCell, ValueFault> {
        let text = self.with_point(text)?;
        if self.is_text && places == 0 && factor.is_none() && may_be_thousands(&text) {
            return Err(ValueFault::Thousands);
        }
        other_unit::read(input, &text, factor, places).map(ReadCell::from)
    }

    fn with_point<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, ValueFault> {
        match (self.decimal_comma, text.contains('.')) {
            (false, _) => Ok(Cow::Borrowed(text)),
            (true, false) => Ok(Cow::Owned(text.replacen(',', ".", 1))),
            (true, true) => Err(ValueFault::WrongKind),
        }
    }
}

/// Whether a whole number has exactly three digits behind its point, as one that is written with points between its thousands: `1.000`, `<12.500`.
fn may_be_thousands(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim_start_matches(['<', '>', '=', '≤', '≥', ' ', '+', '-']);
    let parts = number.split_once('.').filter(|(before, after)| digits(before) && digits(after));
    parts.is_some_and(|(before, after)| (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3)
}
