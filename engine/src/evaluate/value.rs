//! Possible values, and how operators act on them.
//!
//! A [`Value`] says everything that is known of one answer: what it could be, whether it could be none, and what would
//! settle it. Three rules hold everywhere and keep the interpreter and the compiled module the same:
//!
//! 1. *Known needs nothing.* When exactly one thing is possible, `needs` is empty ([`Value::settled`]).
//! 2. *None absorbs.* Arithmetic with a none is none; a test of a none is no.
//! 3. *Possible values are hulls.* A range holds every integer between its ends; a set is exact.

use crate::plan::{Class, Needs, Shape};

/// What is possible for one expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Range: the least possible. Set: the mask of possible variants.
    pub low: i64,
    /// Range: the greatest possible. Set: the same mask.
    pub high: i64,
    /// It may be a value.
    pub may_be_some: bool,
    /// It may be none.
    pub may_be_none: bool,
    /// What would settle it.
    pub needs: Needs,
}

/// The one thing that is possible of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// none
    None,
    /// a number, or the place of a variant
    Value(i64),
}

impl Known {
    /// The number, or the place of the variant.
    #[must_use]
    #[inline]
    pub fn value(self) -> Option<i64> {
        match self {
            Known::None => None,
            Known::Value(value) => Some(value),
        }
    }

    /// The same, as a place in a list.
    #[must_use]
    #[inline]
    pub fn place(self) -> Option<usize> {
        usize::try_from(self.value()?).ok()
    }
}

impl Value {
    /// A known number.
    #[must_use]
    #[inline]
    pub fn known(value: i64) -> Value {
        Value { low: value, high: value, may_be_some: true, may_be_none: false, needs: 0 }
    }

    /// A number from one to another, depending on `needs`.
    #[must_use]
    pub fn between(low: i64, high: i64, needs: Needs) -> Value {
        Value { low, high, may_be_some: true, may_be_none: false, needs }.settled(Class::Range)
    }

    /// A known variant.
    #[must_use]
    #[inline]
    pub fn choice(variant: i64) -> Value {
        // As a set has at most 63 choices, each of which has a bit.
        Value::known(1_i64.checked_shl(u32::try_from(variant).unwrap_or(0)).unwrap_or(0))
    }

    /// Recorded as none.
    #[must_use]
    #[inline]
    pub fn none() -> Value {
        Value { low: 0, high: 0, may_be_some: false, may_be_none: true, needs: 0 }
    }

    /// Known yes or no.
    #[must_use]
    pub fn yes_no(value: bool) -> Value {
        Value::known(i64::from(value))
    }

    /// Nothing is possible: a way that is not taken, to be joined to others.
    #[must_use]
    pub const fn nothing() -> Value {
        Value { low: 0, high: 0, may_be_some: false, may_be_none: false, needs: 0 }
    }

    /// Anything that the shape allows, depending on `needs`.
    #[must_use]
    pub fn anything(shape: Shape, needs: Needs) -> Value {
        let (low, high) = match shape.class {
            Class::Range => (shape.low, shape.high),
            Class::Set => (shape.full_mask().cast_signed(), shape.full_mask().cast_signed()),
        };
        Value { low, high, may_be_some: true, may_be_none: shape.optional, needs }.settled(shape.class)
    }

    /// A yes/no from "may be yes" and "may be no".
    #[must_use]
    pub fn test(certain: bool, possible: bool, needs: Needs) -> Value {
        let needs = if certain == possible { 0 } else { needs };
        Value { low: i64::from(certain), high: i64::from(possible), may_be_some: true, may_be_none: false, needs }
    }

    /// The one thing that is possible; nothing where several are. A range is one number where its ends meet. The ends of a set
    /// are the same mask whatever is possible: it is one variant where the mask has one bit.
    #[must_use]
    #[inline]
    pub fn only(&self, class: Class) -> Option<Known> {
        match (self.may_be_some, self.may_be_none, class) {
            (true, false, Class::Range) => (self.low == self.high).then_some(Known::Value(self.low)),
            (true, false, Class::Set) => {
                (self.low.count_ones() == 1).then(|| Known::Value(i64::from(self.low.trailing_zeros())))
            }
            (some, none, _) => (none && !some).then_some(Known::None),
        }
    }

    /// Whether exactly one thing is possible.
    #[must_use]
    pub fn is_known(&self, class: Class) -> bool {
        self.only(class).is_some()
    }

    /// Puts the value in its one form: a known value needs nothing, and none carries no range.
    #[must_use]
    pub fn settled(mut self, class: Class) -> Value {
        if !self.may_be_some {
            (self.low, self.high) = (0, 0);
        }
        if self.is_known(class) {
            self.needs = 0;
        }
        self
    }

    /// A yes/no: certainly yes.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.low == 1
    }

    /// A yes/no: possibly yes.
    #[must_use]
    pub fn may_be_yes(&self) -> bool {
        self.high == 1
    }

    /// What is possible when either may be the case.
    #[must_use]
    pub fn or_else(self, other: Value, class: Class) -> Value {
        let (low, high) = match (self.may_be_some, other.may_be_some) {
            (true, false) => (self.low, self.high),
            (false, _) => (other.low, other.high),
            (true, true) => match class {
                Class::Range => (self.low.min(other.low), self.high.max(other.high)),
                Class::Set => (self.low | other.low, self.high | other.high),
            },
        };
        Value {
            low,
            high,
            may_be_some: self.may_be_some || other.may_be_some,
            may_be_none: self.may_be_none || other.may_be_none,
            needs: self.needs | other.needs,
        }
        .settled(class)
    }

    /// Arithmetic on two ranges: `ends` gives the least and greatest result.
    #[must_use]
    pub fn arithmetic(self, other: Value, ends: impl Fn(Value, Value) -> (i64, i64)) -> Value {
        let may_be_some = self.may_be_some && other.may_be_some;
        let (low, high) = if may_be_some { ends(self, other) } else { (0, 0) };
        let may_be_none = self.may_be_none || other.may_be_none;
        Value { low, high, may_be_some, may_be_none, needs: self.needs | other.needs }.settled(Class::Range)
    }

    /// A test of two values: `ends` says, for values that are there, whether it certainly and whether it possibly holds.
    #[must_use]
    pub fn tested_with(self, other: Value, ends: impl Fn(Value, Value) -> (bool, bool)) -> Value {
        let both = self.may_be_some && other.may_be_some;
        let (certain, possible) = if both { ends(self, other) } else { (false, false) };
        let certain = certain && !self.may_be_none && !other.may_be_none;
        Value::test(certain, possible, self.needs | other.needs)
    }

    /// A range with its sign changed.
    #[must_use]
    pub fn turned_round(self) -> Value {
        Value { low: -self.high, high: -self.low, ..self }
    }
}
