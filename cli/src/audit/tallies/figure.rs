//! What is counted of a measure that is a number.

use super::bins::Bins;
use crate::audit::estimate::Pile;
use crate::audit::figures::{FigureTally, Part};
use crate::audit::group::Group;
use concord_engine::plan::figure::Statistic;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::values::types::Type;
use concord_engine::variation::figures::{Bands, Reading, Sums};
use concord_engine::variation::sketch::sketch;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Numbers by organisation, period and group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfFigure {
    /// Its name in the rule.
    pub name: String,
    /// By organisation and first day of the period.
    cells: Vec<(Option<String>, Option<i64>, OfPile)>,
    /// Organisations that have not made a setting which each has to make.
    #[serde(default)]
    unset: Vec<Option<String>>,
    /// By split and group.
    strata: Vec<Vec<OfPart>>,
}

/// A group, its numbers, and by organisation where each has to make a setting of its own.
type OfPart = (Group, OfPile, Vec<(Option<String>, OfPile)>);

/// Numbers of some cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPile {
    excluded: u64,
    open: u64,
    unknown: u64,
    against: u64,
    without: u64,
    readings: Bins,
    /// Cases that have anything above the line, and those that have there another number than below it.
    some: u64,
    other: u64,
    /// Cases added up, and five sums: above and below the line, squares above, products, squares below. Written as texts, as they may be
    /// larger than the numbers of JSON.
    cases: u64,
    sums: [String; 5],
}

impl OfFigure {
    pub(in crate::audit) fn of(tally: &FigureTally<'_>) -> OfFigure {
        let of = |pile: &Pile| OfPile::of(tally.measure, pile);
        let cells = tally.cells.iter().map(|((code, period), pile)| (code.clone(), *period, of(pile)));
        let strata = tally.strata.iter();
        let strata = strata.map(|split| {
            let part = |part: &Part| part.of.iter().map(|(code, pile)| (code.clone(), of(pile))).collect();
            split.iter().map(|(group, all)| (group.clone(), of(&all.pile), part(all))).collect()
        });
        let unset = tally.unset.iter().cloned().collect();
        OfFigure { name: tally.measure.name.clone(), cells: cells.collect(), unset, strata: strata.collect() }
    }

    pub(in crate::audit) fn to(&self, tally: &mut FigureTally<'_>) -> Option<()> {
        if self.name != tally.measure.name || self.strata.len() != tally.strata.len() {
            return None;
        }
        for (code, period, pile) in &self.cells {
            pile.to(tally.cells.entry((code.clone(), *period)).or_default())?;
        }
        tally.unset.extend(self.unset.iter().cloned());
        for (split, groups) in tally.strata.iter_mut().zip(&self.strata) {
            for (group, pile, of) in groups {
                let part = split.of(group);
                pile.to(&mut part.pile)?;
                for (code, pile) in of {
                    pile.to(part.of.entry(code.clone()).or_default())?;
                }
            }
        }
        Some(())
    }
}

impl OfPile {
    fn of(measure: &Measure, pile: &Pile) -> OfPile {
        let sums = &pile.sums;
        let five = [sums.part, sums.whole, sums.part_squared, sums.part_by_whole, sums.whole_squared];
        OfPile {
            excluded: pile.excluded,
            open: pile.open,
            unknown: pile.unknown,
            against: pile.against,
            without: pile.without,
            readings: readings(measure, pile),
            some: pile.some,
            other: pile.other,
            cases: sums.cases,
            sums: five.map(|sum| sum.to_string()),
        }
    }

    fn to(&self, pile: &mut Pile) -> Option<()> {
        pile.excluded += self.excluded;
        pile.open += self.open;
        pile.unknown += self.unknown;
        pile.against += self.against;
        pile.without += self.without;
        pile.some += self.some;
        pile.other += self.other;
        pile.readings.extend(self.readings.iter().map(|(value, cases)| Reading { value: *value, cases: *cases }));
        let mut sums = self.sums.iter().map(|sum| sum.parse::<i128>().ok());
        let mut next = || sums.next().flatten();
        pile.sums.take(&Sums {
            cases: self.cases,
            part: next()?,
            whole: next()?,
            part_squared: next()?,
            part_by_whole: next()?,
            whole_squared: next()?,
        });
        Some(())
    }
}

/// Numbers of a percentile in fixed bins: the measure's own bands, where it has some; times keep their minute.
fn readings(measure: &Measure, pile: &Pile) -> Bins {
    let each = pile.readings.iter().map(|reading| (reading.value, reading.cases));
    let Basis::Number(figure) = &measure.basis else { return Bins::new() };
    match figure.statistic {
        Statistic::Percentile { bands: Some(bands), .. } => {
            let bands = Bands { width: bands.width.max(1), open_from: bands.open_from };
            let mut all: BTreeMap<i64, u64> = BTreeMap::new();
            for (value, cases) in each {
                *all.entry(bands.start(value)).or_default() += cases;
            }
            all.into_iter().collect()
        }
        _ => sketch(each, &[], if figure.ty == Type::Duration { 60_000 } else { 1 }),
    }
}
