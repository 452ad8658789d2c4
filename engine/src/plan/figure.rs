//! Measures whose figure is a number and no share of cases: medians and percentiles, means, sums, rates per so many.

use super::{CellId, Responsible};
use crate::text::Span;
use crate::values::types::Type;

/// A number of each case, and what is made of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Which cases: a cell of yes/no.
    pub of: CellId,
    /// Exclusions: cell and reason.
    pub excused: Vec<(CellId, String)>,
    /// What is made of the numbers.
    pub statistic: Statistic,
    /// The number; a case whose number is none has none.
    pub value: CellId,
    /// Its type: a number or a duration.
    pub ty: Type,
    /// The number as the rule writes it.
    pub words: String,
    /// What the sum is taken per, as the rule writes it.
    pub per: Option<String>,
}

/// What is made of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// In thousandths: 500 is the median.
    Percentile {
        /// Which.
        per_mille: u16,
        /// Whether each number stands for all from it up to so much more.
        bands: Option<Bands>,
    },
    /// The mean.
    Mean,
    /// The sum.
    Sum,
    /// The sum over the sum of another number, times so many: falls per 1,000 bed days.
    Per {
        /// So many, in the unit of the other number.
        times: i64,
        /// The digits of the other number after the point.
        places: u8,
        /// Whether both are in one unit, so that what comes of them has none.
        plain: bool,
        /// The other number, not below 0.
        exposure: CellId,
        /// Whether the numbers are counts of events, which vary as such.
        events: bool,
    },
}

/// Numbers recorded in whole steps that have been completed, in the scale of the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// How wide.
    pub width: i64,
    /// The least number of the open last band.
    pub open_from: Option<i64>,
}

/// What each case counts for.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// A number, not below 0.
    pub cell: CellId,
    /// Its type.
    pub ty: Type,
    /// As the rule writes it.
    pub words: String,
}

/// Organisations that answer for each case by shares, which are proved to add up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// What a share of 1 is: a power of ten.
    pub whole: i64,
    /// Each share.
    pub shares: Vec<Share>,
    /// Where they are written.
    pub span: Span,
}

/// What one organisation answers for of each case.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Which.
    pub responsible: Responsible,
    /// Its name in the rule.
    pub name: String,
    /// A number from 0 to the whole, never none.
    pub cell: CellId,
}

impl Shared {
    /// The cells of the shares, and those from which organisations are taken.
    pub(super) fn cells(&self) -> impl Iterator<Item = CellId> {
        self.shares.iter().flat_map(|share| {
            let of = if let Responsible::Cell(cell) = share.responsible { Some(cell) } else { None };
            [Some(share.cell), of].into_iter().flatten()
        })
    }
}

impl Figure {
    /// The cells that it is made of.
    pub(super) fn cells(&self) -> impl Iterator<Item = CellId> {
        let exposure = match self.statistic {
            Statistic::Per { exposure, .. } => Some(exposure),
            _ => None,
        };
        let excused = self.excused.iter().map(|(cell, _)| *cell);
        [self.of, self.value].into_iter().chain(exposure).chain(excused.collect::<Vec<_>>())
    }
}
