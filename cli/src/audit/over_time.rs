//! The charts of a measure over time: of all cases together, and of each organisation.

use super::adds::sum;
use super::disclose::stands_for;
use super::options::Options;
use super::period::show_period;
use super::series::{Rounded, Series, Within};
use super::sure::{charted, part};
use super::together::keeps_periods;
use super::unfinished;
use super::unit::Unit;
use crate::results::{Better, ControlChart, Counts, Shown, Target};
use concord_engine::plan::library::CalendarUnit;
use std::collections::{BTreeMap, BTreeSet};

/// What the charts of a measure have in common.
pub(super) struct OverTime<'a> {
    pub(super) unit: CalendarUnit,
    /// With the day from which it counts.
    pub(super) target: Option<&'a (Target, Option<i64>)>,
    pub(super) better: Better,
    /// Whether unknown cases count against.
    pub(super) against: bool,
    pub(super) options: &'a Options,
}

impl OverTime<'_> {
    /// The charts of what is counted by organisation and period; `decided` shows counts as they may be shown.
    pub(super) fn charts<'c>(
        &self,
        counted: impl Iterator<Item = (Option<&'c String>, Option<i64>, Counts)>,
        units: &[Unit],
        decided: impl Fn(Counts) -> Counts,
    ) -> (Option<ControlChart>, Vec<ControlChart>) {
        let mut all: BTreeMap<i64, Counts> = BTreeMap::new();
        let mut each: BTreeMap<&str, BTreeMap<i64, Counts>> = BTreeMap::new();
        for (organisation, period, counts) in counted {
            let Some(period) = period else { continue };
            sum(all.entry(period).or_default(), &counts);
            if let Some(code) = organisation {
                sum(each.entry(code).or_default().entry(period).or_default(), &counts);
            }
        }
        let is_open = |counts: &Counts| decided(*counts).is_unfinished();
        // What begins after the data end, by the day on which something is due, has hardly begun to be decided.
        let is_after = |first: i64| first > self.options.as_of;
        let open = all.iter().filter(|(first, counts)| is_after(**first) || is_open(counts)).map(|(first, _)| *first);
        // Where a period of all is not complete, it is not complete for anybody.
        let open: BTreeSet<i64> = open.collect();
        let until = all.keys().rev().find(|first| !open.contains(first)).copied();
        let chart = |organisation: Option<&str>, periods: &BTreeMap<i64, Counts>| {
            let points = periods.iter().map(|(first, counts)| (*first, decided(*counts)));
            let mut whole = Counts::default();
            periods.values().for_each(|counts| sum(&mut whole, counts));
            let own = periods.iter().filter(|(_, counts)| is_open(counts)).map(|(first, _)| *first);
            let open: BTreeSet<i64> = own.chain(open.iter().copied()).collect();
            self.chart(organisation, points.collect(), (&whole, until, &open))
        };
        let charts = units.iter().filter_map(|unit| chart(Some(&unit.code), each.get(unit.code.as_str())?));
        (chart(None, &all), charts.collect())
    }

    /// The chart of one organisation, or of all.
    fn chart(
        &self,
        organisation: Option<&str>,
        mut points: Vec<(i64, Counts)>,
        (whole, until, open): (&Counts, Option<i64>, &BTreeSet<i64>),
    ) -> Option<ControlChart> {
        let disclosure = &self.options.disclosure;
        let whole = disclosure.counts(*whole);
        let protected = !disclosure.shows_cases();
        if protected && !keeps_periods(&whole, points.iter().map(|(_, counts)| counts)) {
            return None;
        }
        let unfinished = points.iter().filter(|(first, _)| open.contains(first));
        let unfinished: Vec<String> = unfinished.map(|(first, _)| show_period(self.unit, *first)).collect();
        points.retain(|(first, _)| !open.contains(first));
        let rounded = protected.then(|| self.rounded(&points, Some(&whole).filter(|_| unfinished.is_empty())));
        let chart = charted(&Series {
            organisation,
            unit: self.unit,
            points,
            until,
            target: self.target.map(|(target, _)| target.value),
            from: self.target.and_then(|(_, from)| *from),
            shown: Shown::Share,
            weighed: false,
            better: self.better,
            rebase: &self.options.rebase,
            rounded,
        });
        chart.map(|chart| unfinished::without(chart, unfinished))
    }

    /// What the shown counts leave open.
    fn rounded(&self, points: &[(i64, Counts)], whole: Option<&Counts>) -> Rounded {
        // Of none decided there is no rate, and where all is unknown nothing is decided.
        let may_be_none = |counts: &Counts| {
            let unknown = counts.unknown > 0 || counts.hidden >> 4 & 1 != 0;
            self.against && counts.hidden & 3 == 2 && unknown
        };
        let doubtful = points.iter().any(|(_, counts)| may_be_none(counts));
        Rounded {
            periods: points.iter().filter_map(|(first, counts)| within(*first, counts)).collect(),
            whole: whole.map(bounds),
            doubtful: doubtful.then(|| "whether all its periods have a rate is not told".to_owned()),
        }
    }
}

/// Numerator and denominator.
fn bounds(counts: &Counts) -> [(u64, u64); 2] {
    [stands_for(counts.numerator, counts.hidden & 1 != 0), stands_for(counts.denominator, counts.hidden & 2 != 0)]
}

/// A period, as its counts leave it open; none of which there is no rate.
fn within(first: i64, counts: &Counts) -> Option<Within> {
    if counts.hidden & 3 == 0 {
        counts.rate?;
    }
    let [numerator, denominator] = bounds(counts);
    (denominator.1 > 0).then(|| Within { first, value: part(numerator, denominator), numerator, denominator })
}
