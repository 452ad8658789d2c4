//! One value from a field of a row, by the mapping's rule for it.

use super::date::DateRule;
use super::time::{ReadTime, TimeRule, without_finer};
use super::units::spelling;
use crate::data::interval::{Ends, between, beyond};
use crate::data::names::tidy;
use crate::data::number::{Factor, read_decimal, read_numeral};
use crate::data::other_unit;
use crate::data::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::codes::Codebook;
use concord_engine::values::interval::Edge;
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
    /// The export's unit is one that the fact declares: what falls between two values lies between them, and is not rounded.
    pub exact: bool,
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
    /// Of a conversion that was rounded: the neighbour on the other side of the exact value.
    pub other: Option<i64>,
}

impl From<Datum> for ReadCell {
    fn from(datum: Datum) -> ReadCell {
        ReadCell { datum, other: None }
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
            return value::code(text, codes).map(ReadCell::from);
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
        other_unit::read(input, &self.with_point(text)?, factor, places).map(ReadCell::from)
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
            Type::Number { places, .. } => return self.number(text, *places, input),
            Type::Duration if self.factor.is_some() => return self.number(text, 0, input),
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

    fn number(&self, text: &str, places: u8, input: &Input) -> Result<ReadCell, ValueFault> {
        let text = self.with_point(text)?;
        if self.exact {
            return other_unit::read(input, &text, self.factor, places).map(ReadCell::from);
        }
        if let Some((edge, bound)) = Edge::read(&text) {
            let (edge, ends) = self.bound(edge, bound, places)?;
            return beyond(input.shape, edge, ends).map(ReadCell::from);
        }
        let Some(factor) = self.factor else {
            return value::read_number(&text, places, input.shape).map(ReadCell::from);
        };
        let number = read_numeral(&text).map_err(value::number_fault)?;
        let product = number.times(factor, places).map_err(value::number_fault)?;
        // The exact value lies between the two, so both lie in a range that holds it.
        if let Some(other) = product.other {
            value::in_range(input.shape, other)?;
        }
        Ok(ReadCell { datum: value::in_range(input.shape, product.value)?, other: product.other })
    }

    /// The number beyond which a value lies; converted, the two between which it lies, and they themselves count as beyond it: a value
    /// just beyond a bound may be rounded to it.
    fn bound(&self, edge: Edge, text: &str, places: u8) -> Result<(Edge, Ends), ValueFault> {
        let Some(factor) = self.factor else {
            let value = read_decimal(text, places).map_err(value::number_fault)?;
            return Ok((edge, (value, value)));
        };
        let number = read_numeral(text).map_err(value::number_fault)?;
        let product = number.times(factor, places).map_err(value::number_fault)?;
        let other = product.other.unwrap_or(product.value);
        Ok((edge.or_equal(), (product.value.min(other), product.value.max(other))))
    }

    fn with_point<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, ValueFault> {
        match (self.decimal_comma, text.contains('.')) {
            (false, _) => Ok(Cow::Borrowed(text)),
            (true, false) => Ok(Cow::Owned(text.replacen(',', ".", 1))),
            (true, true) => Err(ValueFault::WrongKind),
        }
    }
}
