//! The form and range of a value.

/// The form and range of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// A range of integers, or a set of variants.
    pub class: Class,
    /// Whether it may be none.
    pub optional: bool,
    /// Least value; 0 for a set.
    pub low: i64,
    /// Greatest value; for a set, the greatest variant's place.
    pub high: i64,
}

/// See [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `low ..= high`, all integers between
    Range,
    /// variants `0 ..= high`, at most 63
    Set,
}

impl Shape {
    /// Yes or no, never none.
    pub const YES_NO: Shape = Shape { class: Class::Range, optional: false, low: 0, high: 1 };

    /// A range of integers.
    #[must_use]
    pub const fn range(low: i64, high: i64) -> Shape {
        Shape { class: Class::Range, optional: false, low, high }
    }

    /// A set of `variants` variants.
    #[must_use]
    pub const fn set(variants: i64) -> Shape {
        Shape { class: Class::Set, optional: false, low: 0, high: variants - 1 }
    }

    /// The same, possibly none.
    #[must_use]
    pub const fn or_none(self) -> Shape {
        Shape { optional: true, ..self }
    }

    /// The mask of all variants of a set.
    #[must_use]
    pub fn full_mask(self) -> u64 {
        u64::MAX >> 63_u32.saturating_sub(u32::try_from(self.high).unwrap_or(63))
    }
}
