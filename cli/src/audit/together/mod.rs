//! What all that an audit tells gives away together: suppressed counts of one table narrow each other, as their sum is that of another.
//!
//! Each count by itself is protected where it is counted ([`super::disclose`]). Here all of them are taken together, as whoever has the
//! report can: every sum that holds between them is worked out, and where that would leave fewer than three numbers
//! that a count of 1 to 7 may be, what costs a reader least is withheld, until nothing is given away.

mod beside;
mod columns;
mod known;
mod over_time;
mod piece;
mod sums;
mod tables;
mod taken_back;
mod tried;

use crate::audit::disclose::stands_for;
use crate::results::{Audit, ChartPoint, ControlChart, Counts, MeasureResult};
pub(super) use known::{ByBoth, Given, GroupOf, MixOf, OfTimes, PathOf, PeriodsOf, StepOf};
use piece::Piece;
pub(super) use piece::withheld;
use std::collections::{BTreeMap, BTreeSet};
pub(super) use sums::keep;
use tables::Tables;

/// A piece is withheld in so many parts at most.
const MOST_PARTS: u8 = 4;

/// Withholds of an audit, whose counts are protected each by itself, what they give away together; says in its notes what.
pub(super) fn withhold(audit: &mut Audit, given: &Given) {
    // How often each was withheld, part by part.
    let mut withheld: BTreeMap<Piece, u8> = BTreeMap::new();
    loop {
        let mut tables = Tables::of(audit, given);
        tables.sums.work_out();
        let is_left = |piece: &Piece| withheld.get(piece).is_none_or(|times| *times < MOST_PARTS);
        let given_away = tables.sums.given_away().map(|place| {
            let tellers = cheapest(&tables, &tables.sums.tellers(place), &is_left);
            if !tellers.is_empty() {
                return tellers;
            }
            let can_go = |of: usize| tables.pieces.get(of).is_some_and(|of| cost(of, &is_left).is_some());
            cheapest(&tables, &tables.sums.near(place, can_go), &is_left)
        });
        let next = fewest(given_away.filter(|pieces| !pieces.is_empty()).collect());
        if next.is_empty() {
            break;
        }
        for piece in next {
            piece.withhold(audit, given);
            *withheld.entry(piece).or_default() += 1;
        }
    }
    let withheld: BTreeSet<Piece> = withheld.into_keys().collect();
    // A split of which no group is told is none, and neither is a chart without a point.
    for piece in &withheld {
        match *piece {
            Piece::Split(at, _) => {
                let measure = audit.measures.get_mut(at);
                measure.into_iter().for_each(|of| of.strata.retain(|split| !split.groups.is_empty()));
            }
            Piece::Chart(at, _) | Piece::Rate(at, _) => {
                audit.measures.get_mut(at).into_iter().for_each(without_empty_charts);
            }
            Piece::FigureSplit(at, _) => {
                let figure = audit.figures.get_mut(at);
                figure.into_iter().for_each(|of| of.strata.retain(|(_, groups)| !groups.is_empty()));
            }
            _ => {}
        }
    }
    if !withheld.is_empty() {
        audit.data.notes.push(note(audit, &withheld));
    }
}

fn without_empty_charts(of: &mut MeasureResult) {
    of.chart = of.chart.take().filter(|chart| !chart.points.is_empty());
    of.charts.retain(|chart| !chart.points.is_empty());
}

/// What a piece costs; nothing buys one of which nothing is left.
fn cost((piece, spent): &(Piece, bool), is_left: &impl Fn(&Piece) -> bool) -> Option<u32> {
    piece.price(*spent).filter(|_| is_left(piece))
}

/// Of what gives a count away, the pieces that cost least.
fn cheapest(tables: &Tables<'_>, of: &BTreeSet<usize>, is_left: &impl Fn(&Piece) -> bool) -> BTreeSet<Piece> {
    let pieces = of.iter().filter_map(|of| tables.pieces.get(*of));
    let priced: Vec<(u32, Piece)> = pieces.filter_map(|of| Some((cost(of, is_left)?, of.0))).collect();
    let least = priced.iter().map(|(price, _)| *price).min();
    priced.into_iter().filter(|(price, _)| Some(*price) == least).map(|(_, piece)| piece).collect()
}

/// Few pieces of which each list has one: first the one that most have.
fn fewest(mut lists: Vec<BTreeSet<Piece>>) -> BTreeSet<Piece> {
    let mut chosen = BTreeSet::new();
    while !lists.is_empty() {
        let mut times: BTreeMap<Piece, usize> = BTreeMap::new();
        lists.iter().flatten().for_each(|piece| *times.entry(*piece).or_default() += 1);
        let Some((piece, _)) = times.into_iter().max_by_key(|(_, times)| *times) else { break };
        lists.retain(|pieces| !pieces.contains(&piece));
        chosen.insert(piece);
    }
    chosen
}

/// Whether the periods of a chart may be told beside all of them together.
pub(super) fn keeps_periods<'c>(all: &Counts, periods: impl Iterator<Item = &'c Counts>) -> bool {
    let numerator = |counts: &Counts| stands_for(counts.numerator, counts.hidden & 1 != 0);
    sums::keep(numerator(all), periods.map(numerator))
}

/// The cases since a target counts, as they may be told beside all of them and beside the periods of the chart.
pub(super) fn beside_periods(since: Counts, total: &Counts, chart: Option<&ControlChart>) -> Counts {
    let Some(chart) = chart else { return since };
    let held: Vec<Counts> = chart.held().iter().map(ChartPoint::counts).collect();
    let before = chart.points.iter().take(chart.points.len().saturating_sub(held.len())).map(ChartPoint::counts);
    let parts: Vec<Counts> = before.chain([since]).collect();
    if keeps_periods(&since, held.iter()) && keeps_periods(total, parts.iter()) {
        return since;
    }
    withheld()
}

/// What was withheld, in a sentence.
fn note(audit: &Audit, withheld: &BTreeSet<Piece>) -> String {
    let mut parts: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for piece in withheld {
        let (what, which) = named(audit, *piece);
        parts.entry(what).or_default().insert(which);
    }
    let said = parts.iter().map(|(what, which)| {
        let which: Vec<&str> = which.iter().map(String::as_str).filter(|which| !which.is_empty()).collect();
        match which.len() {
            0 => (*what).to_owned(),
            1..=4 => format!("{what} ({})", which.join(", ")),
            n => format!("{what} (in {n} tables)"),
        }
    });
    format!(
        "To keep a count of 1 to 7 from being worked out by subtraction, these tables are not shown in full: {}. What is \"not shown\" there may be none, a few or many.",
        said.collect::<Vec<_>>().join("; ")
    )
}

fn named(audit: &Audit, piece: Piece) -> (&'static str, String) {
    let obligation = |at: usize| audit.obligations.get(at).map_or_else(String::new, |of| format!("`{}`", of.name));
    let measure = |at: usize| audit.measures.get(at).map_or_else(String::new, |of| format!("`{}`", of.name));
    let figure = |at: usize| audit.figures.get(at).map_or_else(String::new, |of| format!("`{}`", of.name));
    let member = |at: usize| audit.members.get(at).map_or_else(String::new, |of| of.code.clone());
    match piece {
        Piece::Cases | Piece::Rows => ("how many rows were read, used and refused", String::new()),
        Piece::LeftOut => ("the rows that are left out, by name", String::new()),
        Piece::Reasons => ("the reasons for which rows and values are refused", String::new()),
        Piece::Complete(at) => {
            let line = audit.data.completeness.get(at);
            ("how many cases have a fact or an event", line.map_or_else(String::new, |line| format!("`{}`", line.name)))
        }
        Piece::Excuses(at) => ("excuses by reason", obligation(at)),
        Piece::Times(at) => ("how many took how long", obligation(at)),
        Piece::Delay(at) => ("how long it took", obligation(at)),
        Piece::Needs(at) => ("what unknown cases lack", obligation(at)),
        Piece::MemberDelay(at, _) => ("how long it took at some organisations", member(at)),
        Piece::Path(at) => ("paths", member(at)),
        Piece::Change(at, _) => ("what own rules change", member(at)),
        Piece::Mix(at, _) => ("what organisations would have by who their cases are", measure(at)),
        Piece::Organisations => ("all counts by organisation", String::new()),
        Piece::Months(at) => ("cases by month", member(at)),
        Piece::Reading(at, _) => ("an answer to another question", obligation(at)),
        Piece::OrganisationVerdicts(at, _) => ("verdicts of some organisations", obligation(at)),
        Piece::Verdicts(at) => ("verdicts of all", obligation(at)),
        Piece::Split(at, _) => ("a split, or its small groups", measure(at)),
        Piece::Chart(at, _) => ("charts over time", measure(at)),
        Piece::FigureSplit(at, _) => ("a split, or its small groups", figure(at)),
        Piece::Rate(at, _) => ("counts of some organisations", measure(at)),
        Piece::FigureOf(at, _) => ("counts of some organisations", figure(at)),
        Piece::Measure(at) => ("counts of a measure", measure(at)),
        Piece::Figure(at) => ("counts of a figure", figure(at)),
        Piece::Member(at) => ("the number of cases", member(at)),
    }
}
