//! The columns of a file: what values they have, and what those mean.

use crate::fault::Fault;
use crate::thrift::{Field, Thrift};

/// How a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// Of so many bytes each.
    Fixed(usize),
}

/// What a value means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Whole,
    /// A whole number that is never negative.
    Unsigned,
    /// A number of so many decimal places.
    Decimal(u32),
    /// A floating-point number.
    Real,
    /// Text.
    Text,
    /// A date without a time of day.
    Date,
    /// A time of day; so many of its units make a second.
    Clock(i64),
    /// An instant, if in UTC, or what a clock of no known place showed; so many of its units make a second.
    Time {
        /// Whether it is an instant.
        utc: bool,
        /// Units in a second.
        units: i64,
    },
    /// The same as older writers store it, which leave open whether it is an instant.
    OldTime,
    /// An identifier of 16 bytes.
    Uuid,
    /// Something else, which is not read.
    Other(&'static str),
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name; within others, theirs and its own, with full stops between.
    pub name: String,
    /// What its values mean.
    pub means: Means,
    /// A row may have several values of it.
    pub repeats: bool,
    pub(crate) stored: Stored,
    /// So many of it and those it lies within may be missing.
    pub(crate) levels: u32,
}

/// An entry of a schema.
#[derive(Default)]
pub struct Entry {
    pub name: String,
    pub children: Option<i64>,
    pub repetition: i64,
    physical: Option<i64>,
    length: i64,
    converted: Option<i64>,
    scale: i64,
    logical: Option<Means>,
}

impl Entry {
    pub fn read(thrift: &mut Thrift<'_>, of: Field) -> Result<Entry, Fault> {
        let mut entry = Entry::default();
        thrift.within(of, |thrift, field| {
            match field.id {
                1 => entry.physical = Some(thrift.number(field)?),
                2 => entry.length = thrift.number(field)?,
                3 => entry.repetition = thrift.number(field)?,
                4 => entry.name = thrift.text(field)?,
                5 => entry.children = Some(thrift.number(field)?),
                6 => entry.converted = Some(thrift.number(field)?),
                7 => entry.scale = thrift.number(field)?,
                10 => entry.logical = logical(thrift, field)?,
                _ => thrift.skip(field)?,
            }
            Ok(())
        })?;
        Ok(entry)
    }

    pub fn stored(&self) -> Result<Stored, Fault> {
        Ok(match self.physical {
            Some(0) => Stored::Boolean,
            Some(1) => Stored::Int32,
            Some(2) => Stored::Int64,
            Some(3) => Stored::Int96,
            Some(4) => Stored::Float,
            Some(5) => Stored::Double,
            Some(6) => Stored::Bytes,
            Some(7) => match usize::try_from(self.length) {
                Ok(length) if (1..=1 << 20).contains(&length) => Stored::Fixed(length),
                _ => return Err(Fault::Broken("a column has values of no length")),
            },
            _ => return Err(Fault::Broken("a column is of no known type")),
        })
    }

    pub fn means(&self, stored: Stored) -> Result<Means, Fault> {
        let means = self.logical.clone().or_else(|| self.converted());
        let wide = matches!((&means, stored), (Some(Means::Decimal(_)), Stored::Fixed(17..)));
        let means = if wide { Some(Means::Other("decimals of more than 38 digits")) } else { means };
        let means = means.unwrap_or(match stored {
            Stored::Boolean => Means::YesNo,
            Stored::Int32 | Stored::Int64 => Means::Whole,
            Stored::Int96 => Means::OldTime,
            Stored::Float | Stored::Double => Means::Real,
            // Older writers say nothing of text.
            Stored::Bytes => Means::Text,
            Stored::Fixed(_) => Means::Other("bytes that mean nothing"),
        });
        let fits = match (&means, stored) {
            (Means::Decimal(places), Stored::Int32 | Stored::Int64 | Stored::Bytes | Stored::Fixed(_)) => *places <= 38,
            (Means::Other(_), _)
            | (Means::YesNo, Stored::Boolean)
            | (Means::Whole | Means::Unsigned | Means::Clock(_), Stored::Int32 | Stored::Int64)
            | (Means::Real, Stored::Float | Stored::Double)
            | (Means::Text, Stored::Bytes)
            | (Means::Date, Stored::Int32)
            | (Means::Time { .. }, Stored::Int64)
            | (Means::OldTime, Stored::Int96)
            | (Means::Uuid, Stored::Fixed(16)) => true,
            _ => false,
        };
        if fits { Ok(means) } else { Err(Fault::Broken("a column means what it cannot hold")) }
    }

    /// What older writers say of it.
    fn converted(&self) -> Option<Means> {
        Some(match self.converted? {
            0 | 4 | 19 => Means::Text,
            5 => Means::Decimal(u32::try_from(self.scale).ok()?),
            6 => Means::Date,
            7 => Means::Clock(1_000),
            8 => Means::Clock(1_000_000),
            9 => Means::Time { utc: true, units: 1_000 },
            10 => Means::Time { utc: true, units: 1_000_000 },
            11..=14 => Means::Unsigned,
            15..=18 => Means::Whole,
            20 => Means::Other("BSON"),
            21 => Means::Other("intervals of months, days and milliseconds"),
            _ => return None,
        })
    }
}

/// What newer writers say of it.
fn logical(thrift: &mut Thrift<'_>, of: Field) -> Result<Option<Means>, Fault> {
    let mut means = None;
    thrift.within(of, |thrift, field| {
        let (mut utc, mut units, mut scale, mut signed) = (false, None, 0, true);
        thrift.within(field, |thrift, inner| {
            match (field.id, inner.id) {
                (5, 1) => scale = thrift.number(inner)?,
                (7 | 8, 1) => utc = thrift.yes(inner)?,
                (7 | 8, 2) => thrift.within(inner, |thrift, unit| {
                    units = [1_000, 1_000_000, 1_000_000_000].get(usize::try_from(unit.id - 1).unwrap_or(3)).copied();
                    thrift.skip(unit)
                })?,
                (10, 2) => signed = thrift.yes(inner)?,
                _ => thrift.skip(inner)?,
            }
            Ok(())
        })?;
        let units = units.ok_or(Fault::Broken("a time is in no known unit"));
        means = match field.id {
            1 | 4 | 12 => Some(Means::Text),
            5 => Some(Means::Decimal(u32::try_from(scale).map_err(|_| Fault::Broken("a decimal has no places"))?)),
            6 => Some(Means::Date),
            7 => Some(Means::Clock(units?)),
            8 => Some(Means::Time { utc, units: units? }),
            10 if signed => Some(Means::Whole),
            10 => Some(Means::Unsigned),
            13 => Some(Means::Other("BSON")),
            14 => Some(Means::Uuid),
            15 => Some(Means::Other("floating-point numbers of two bytes")),
            16 => Some(Means::Other("values of any type")),
            17 | 18 => Some(Means::Other("shapes on a map")),
            _ => None,
        };
        Ok(())
    })?;
    Ok(means)
}
