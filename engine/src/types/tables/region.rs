//! Table cells as sets of values: what the proof of completeness works on.

use crate::plan::{Class, Expr, Op, Shape};
use crate::text::Span;
use crate::types::expressions::terms::yes_no;
use crate::values::types::Type;

/// The values of one column that a cell lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Ranges in order, none touching another; for a set, ranges of variants' places.
    pub ranges: Vec<(i64, i64)>,
    /// Whether none is let through.
    pub none: bool,
}

/// A table as the proof sees it.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Its name.
    pub name: String,
    /// Place of its step in the plan.
    pub step: usize,
    /// Columns.
    pub columns: Vec<GridColumn>,
    /// Rows in order.
    pub rows: Vec<GridRow>,
    /// `first` tables may overlap.
    pub first: bool,
    /// The name in the text.
    pub name_span: Span,
}

/// A column of a grid.
#[derive(Clone, Debug)]
pub struct GridColumn {
    /// As the author calls it.
    pub title: String,
    /// Its type.
    pub ty: Type,
    /// Its domain.
    pub shape: Shape,
    /// What it tests.
    pub expr: Expr,
    /// In the header.
    pub span: Span,
}

/// A row of a grid.
#[derive(Clone, Debug)]
pub struct GridRow {
    /// One for each column.
    pub regions: Vec<Region>,
    /// The cells' places in the text.
    pub cells: Vec<Span>,
    /// The row's place in the text.
    pub span: Span,
    /// Whether it claims to be impossible.
    pub impossible: bool,
}

impl Region {
    /// All values of a shape.
    #[must_use]
    pub fn all(shape: Shape) -> Region {
        Region { ranges: vec![(shape.low, shape.high)], none: shape.optional }
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

    /// The test of `x` that this region stands for; nothing when all values are let through.
    #[must_use]
    pub fn condition(&self, x: &Expr) -> Option<Expr> {
        if *self == Region::all(x.shape) {
            return None;
        }
        let mut tests = Vec::new();
        if x.shape.class == Class::Set {
            let mask = self.ranges.iter().flat_map(|(low, high)| *low..=*high).fold(0_u64, |mask, v| mask | 1 << v);
            if mask != 0 {
                tests.push(yes_no(Op::OneOf(Box::new(x.clone()), mask)));
            }
        } else {
            tests.extend(self.ranges.iter().map(|(low, high)| yes_no(Op::Within(Box::new(x.clone()), *low, *high))));
        }
        if self.none {
            tests.push(yes_no(Op::IsNone(Box::new(x.clone()))));
        }
        Some(match (tests.pop(), tests.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                tests.push(last);
                yes_no(Op::Or(tests))
            }
            (None, _) => yes_no(Op::Or(Vec::new())),
        })
    }
}
