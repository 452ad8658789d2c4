//! One value from a field of a row, by the mapping's rule for it.

use super::time::{TimeRule, read_date_as};
use crate::data::number::{Numeral, read_numeral};
use crate::data::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
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
    /// The export's codes, if it has its own.
    pub codes: BTreeMap<String, Datum>,
    /// Numbers are written with a comma.
    pub decimal_comma: bool,
    /// Format of a date.
    pub date_format: Option<String>,
    /// How a time is written.
    pub time: Option<TimeRule>,
    /// The conversion to the declared unit.
    pub factor: Option<Numeral>,
}

/// A value that was read, and whether its time came twice on the clock.
pub type ReadCell = (Datum, bool);

impl CellRule {
    /// Whether the text means "missing".
    #[must_use]
    pub fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|marker| marker == text)
    }

    /// Reads the text as a value of the input.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, input: &Input, text: &str) -> Result<ReadCell, ValueFault> {
        let text = text.trim();
        if self.is_missing(text) {
            return Ok((Datum::Missing, false));
        }
        if self.none.iter().any(|marker| marker == text) {
            return value::none(input.shape).map(|datum| (datum, false));
        }
        if !self.codes.is_empty() {
            let datum = self.codes.get(text).copied();
            return datum.map(|datum| (datum, false)).ok_or(ValueFault::UnknownVariant(None));
        }
        self.plain(input, text)
    }

    fn plain(&self, input: &Input, text: &str) -> Result<ReadCell, ValueFault> {
        let shape = input.shape;
        let datum = match &input.ty {
            Type::YesNo => match text {
                "yes" | "true" => Datum::Known(1),
                "no" | "false" => Datum::Known(0),
                _ => return Err(ValueFault::WrongKind),
            },
            Type::Number { places, .. } => self.number(text, *places, input)?,
            Type::Duration if self.factor.is_some() => self.number(text, 0, input)?,
            Type::Date => {
                let days = read_date_as(self.date_format.as_deref(), text);
                value::in_range(shape, days.map_err(ValueFault::BadTime)?)?
            }
            Type::Instant => {
                let rule = self.time.as_ref().ok_or(ValueFault::WrongKind)?;
                let time = rule.read(text).map_err(ValueFault::BadTime)?;
                return Ok((value::in_range(shape, time.instant)?, time.twice));
            }
            ty => value::read_text(ty, shape, text)?,
        };
        Ok((datum, false))
    }

    fn number(&self, text: &str, places: u8, input: &Input) -> Result<Datum, ValueFault> {
        let text = self.with_point(text)?;
        let Some(factor) = self.factor else {
            return value::read_number(&text, places, input.shape);
        };
        let number = read_numeral(&text).map_err(value::number_fault)?;
        let scaled = number.times(factor, places).map_err(value::number_fault)?;
        value::in_range(input.shape, scaled)
    }

    fn with_point<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, ValueFault> {
        match (self.decimal_comma, text.contains('.')) {
            (false, _) => Ok(Cow::Borrowed(text)),
            (true, false) => Ok(Cow::Owned(text.replacen(',', ".", 1))),
            (true, true) => Err(ValueFault::WrongKind),
        }
    }
}
