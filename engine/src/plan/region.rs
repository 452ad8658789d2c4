//! Table cells as sets of values: proved over them, tried on them, compiled from them.

use super::{Class, Expr, Op, Shape};

/// The values of one column that a cell lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Ranges in order, none touching another; for a set, ranges of variants' places.
    pub ranges: Vec<(i64, i64)>,
    /// Whether none is let through.
    pub none: bool,
}

impl Region {
    /// All values of a shape.
    #[must_use]
    pub fn all(shape: Shape) -> Region {
        Region { ranges: vec![(shape.low, shape.high)], none: shape.optional }
    }

    /// No value at all.
    #[must_use]
    pub fn nothing() -> Region {
        Region { ranges: Vec::new(), none: false }
    }

    /// Only none.
    #[must_use]
    pub fn none() -> Region {
        Region { ranges: Vec::new(), none: true }
    }

    /// The values of a range that lie in the shape.
    #[must_use]
    pub fn range(low: i64, high: i64, shape: Shape) -> Region {
        let (low, high) = (low.max(shape.low), high.min(shape.high));
        Region { ranges: if low <= high { vec![(low, high)] } else { Vec::new() }, none: false }
    }

    /// Values in either.
    #[must_use]
    pub fn union(&self, other: &Region) -> Region {
        let mut all: Vec<(i64, i64)> = self.ranges.iter().chain(&other.ranges).copied().collect();
        all.sort_unstable();
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for (low, high) in all {
            match ranges.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => ranges.push((low, high)),
            }
        }
        Region { ranges, none: self.none || other.none }
    }

    /// Values of the shape that are not in this.
    #[must_use]
    pub fn complement(&self, shape: Shape) -> Region {
        let mut ranges = Vec::new();
        let mut from = shape.low;
        for (low, high) in &self.ranges {
            if from < *low {
                ranges.push((from, low - 1));
            }
            from = high.saturating_add(1);
        }
        if from <= shape.high {
            ranges.push((from, shape.high));
        }
        Region { ranges, none: shape.optional && !self.none }
    }

    /// Values of the shape that are in both.
    #[must_use]
    pub fn both(&self, other: &Region, shape: Shape) -> Region {
        self.complement(shape).union(&other.complement(shape)).complement(shape)
    }

    /// A value in both, if there is one: `Some(None)` is none.
    #[must_use]
    pub fn common(&self, other: &Region) -> Option<Option<i64>> {
        for (low, high) in &self.ranges {
            for (from, to) in &other.ranges {
                if low.max(from) <= high.min(to) {
                    return Some(Some(*low.max(from)));
                }
            }
        }
        (self.none && other.none).then_some(None)
    }

    /// Whether nothing is let through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && !self.none
    }

    /// Whether all values of a shape are let through: `any`.
    #[must_use]
    pub fn is_all(&self, shape: Shape) -> bool {
        *self == Region::all(shape)
    }

    /// Whether it lets through a part of the values of a shape, so that the value has to be known.
    #[must_use]
    pub fn asks(&self, shape: Shape) -> bool {
        !self.is_all(shape) && !self.is_empty()
    }

    /// Whether a value, or none, is let through.
    #[must_use]
    pub fn contains(&self, value: Option<i64>) -> bool {
        value.map_or(self.none, |value| self.covers(value, value))
    }

    /// Whether every value of a range is let through.
    #[must_use]
    pub fn covers(&self, low: i64, high: i64) -> bool {
        self.ranges.iter().any(|(from, to)| *from <= low && high <= *to)
    }

    /// Whether some value of a range is let through.
    #[must_use]
    pub fn meets(&self, low: i64, high: i64) -> bool {
        self.ranges.iter().any(|(from, to)| *from <= high && low <= *to)
    }

    /// Whether some value let through by one is next to some value let through by the other.
    #[must_use]
    pub fn touches(&self, other: &Region) -> bool {
        self.union(other).ranges.len() < self.ranges.len() + other.ranges.len()
    }

    /// The variants of a set that are let through, as a mask.
    #[must_use]
    pub fn mask(&self) -> u64 {
        self.ranges.iter().flat_map(|(low, high)| *low..=*high).fold(0, |mask, variant| mask | 1 << (variant & 63))
    }

    /// The variants of a mask.
    #[must_use]
    pub fn of_mask(mask: u64) -> Region {
        let variants = (0..=63).filter(|variant| mask >> variant & 1 == 1);
        variants.fold(Region::nothing(), |region, variant| {
            region.union(&Region { ranges: vec![(variant, variant)], none: false })
        })
    }

    /// The test of `x` that this region stands for; nothing when all values are let through.
    #[must_use]
    pub fn condition(&self, x: &Expr) -> Option<Expr> {
        if self.is_all(x.shape) {
            return None;
        }
        let mut tests = Vec::new();
        if x.shape.class == Class::Set {
            tests.extend(Some(self.mask()).filter(|mask| *mask != 0).map(|mask| Op::OneOf(Box::new(x.clone()), mask)));
        } else {
            tests.extend(self.ranges.iter().map(|(low, high)| Op::Within(Box::new(x.clone()), *low, *high)));
        }
        tests.extend(self.none.then(|| Op::IsNone(Box::new(x.clone()))));
        let mut tests: Vec<Expr> = tests.into_iter().map(yes_no).collect();
        Some(if tests.len() == 1 { tests.remove(0) } else { yes_no(Op::Or(tests)) })
    }
}

fn yes_no(op: Op) -> Expr {
    Expr { op, shape: Shape::YES_NO }
}
