//! The pieces of an audit that can be withheld, each with its price: what a reader loses by it.

use super::known::Given;
use super::taken_back::{change, give_no_reason, mix_of, say_nothing, say_nothing_of_others, without_usual};
use crate::results::{
    Audit, Counts, FigureValue, MeasureResult, OrganisationFigure, OrganisationRate, Standing, Verdicts, WITHHELD,
    place,
};

/// Which of the readings of an obligation is the one that its rule asks for.
const OF_THE_RULE: usize = 1;

/// What is told together and withheld together, by the places of what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// How many cases there are: nobody can do without.
    Cases,
    LeftOut,
    Reasons,
    Rows,
    Complete(usize),
    Excuses(usize),
    /// The columns of a histogram.
    Times(usize),
    /// Percentiles, and how many times they are of.
    Delay(usize),
    Months(usize),
    /// What unknown cases lack.
    Needs(usize),
    /// How long an obligation took at an organisation.
    MemberDelay(usize, usize),
    Path(usize),
    /// What an organisation's own rules change of an obligation.
    Change(usize, usize),
    /// What is told of a split of a measure by how many of each group organisations have.
    Mix(usize, usize),
    Reading(usize, usize),
    OrganisationVerdicts(usize, usize),
    Verdicts(usize),
    Split(usize, usize),
    /// A chart over time of a measure: of all, or one of an organisation.
    Chart(usize, Option<usize>),
    Rate(usize, usize),
    Measure(usize),
    FigureSplit(usize, usize),
    FigureOf(usize, usize),
    Figure(usize),
    Member(usize),
    /// All by organisation: only where there are hardly more cases than organisations.
    Organisations,
}

/// Of rows of counts: what is hidden once what is small may be 0 as well, and once nothing is told. The second where the first hides nothing more.
fn wider<const N: usize>(counts: [u64; N], hidden: u8, may_be: u8) -> u8 {
    let all = every::<N>();
    let zero = |(at, count): (u8, &u64)| if *count == 0 { 1 << at } else { 0_u8 };
    let small = (0..).zip(&counts).map(zero).fold(0, |bits, bit| bits | bit) & may_be;
    let some = hidden | small | WITHHELD;
    if some == hidden { all | WITHHELD } else { some }
}

/// The bits of all counts of a row.
pub(super) const fn every<const N: usize>() -> u8 {
    (1 << N) - 1
}

/// Counts of which nothing is told.
pub(in crate::audit) fn withheld() -> Counts {
    Counts { hidden: every::<5>() | WITHHELD, ..Counts::default() }
}

/// Whether nothing is told of a row.
pub(super) fn is_spent<const N: usize>(hidden: u8) -> bool {
    hidden & WITHHELD != 0 && hidden & every::<N>() == every::<N>()
}

impl Piece {
    /// What it costs; nothing buys what is withheld already, and the number of all cases.
    pub(super) fn price(self, spent: bool) -> Option<u32> {
        let price = match self {
            Piece::Cases => return None,
            Piece::LeftOut | Piece::Reasons | Piece::Excuses(_) | Piece::Times(_) | Piece::Needs(_) => 1,
            Piece::Months(_) | Piece::MemberDelay(..) | Piece::Path(_) => 2,
            Piece::Split(..) | Piece::FigureSplit(..) | Piece::Complete(_) => 3,
            Piece::Chart(_, Some(_)) => 4,
            Piece::Reading(_, nth) if nth != OF_THE_RULE => 4,
            Piece::Delay(_) | Piece::Change(..) | Piece::Mix(..) => 5,
            Piece::OrganisationVerdicts(..) => 5,
            Piece::FigureOf(..) | Piece::Rate(..) => 6,
            Piece::Rows | Piece::Chart(_, None) => 7,
            Piece::Verdicts(_) => 8,
            Piece::Figure(_) | Piece::Measure(_) | Piece::Reading(..) => 9,
            Piece::Member(_) => 10,
            Piece::Organisations => 20,
        };
        (!spent).then_some(price)
    }

    /// Withholds it, or the next part of it.
    pub(super) fn withhold(self, audit: &mut Audit, given: &Given) {
        match self {
            Piece::Needs(_) | Piece::MemberDelay(..) | Piece::Path(_) | Piece::Change(..) | Piece::Mix(..) => {
                self.withhold_beside(audit, given);
            }
            Piece::Cases => {}
            Piece::LeftOut => audit.data.rows_left_out.clear(),
            Piece::Reasons => audit.data.reject_reasons.clear(),
            Piece::Rows => rows(audit),
            Piece::Complete(at) => {
                audit.data.completeness.get_mut(at).into_iter().for_each(|line| {
                    line.hidden = every::<2>() | WITHHELD;
                    (line.present, line.missing) = (0, 0);
                });
            }
            Piece::Excuses(at) => audit.obligations.get_mut(at).into_iter().for_each(|of| of.excuses.clear()),
            Piece::Times(at) => {
                let delay = audit.obligations.get_mut(at).and_then(|of| of.delay.as_mut());
                delay.into_iter().for_each(|delay| (delay.bins, delay.hidden) = (Vec::new(), 0));
            }
            Piece::Delay(at) => audit.obligations.get_mut(at).into_iter().for_each(|of| of.delay = None),
            Piece::Organisations => by_organisation(audit),
            Piece::Months(at) => audit.members.get_mut(at).into_iter().for_each(|of| of.months.clear()),
            Piece::Reading(at, nth) => {
                let reading = audit.obligations.get_mut(at).and_then(|of| of.readings.get_mut(nth));
                reading.into_iter().for_each(|reading| {
                    reading.hidden = every::<2>() | WITHHELD;
                    (reading.numerator, reading.denominator, reading.rate) = (0, 0, None);
                });
            }
            Piece::OrganisationVerdicts(at, nth) => verdicts_of(audit, at, nth),
            Piece::Verdicts(at) => {
                audit.obligations.get_mut(at).into_iter().for_each(|of| widen_verdicts(&mut of.verdicts));
            }
            Piece::Split(at, nth) => audit.measures.get_mut(at).into_iter().for_each(|of| split(of, nth)),
            Piece::Chart(at, nth) => audit.measures.get_mut(at).into_iter().for_each(|of| chart(of, nth)),
            Piece::Rate(at, nth) => rate_of(audit, at, nth),
            Piece::Measure(at) => {
                let Some(of) = audit.measures.get_mut(at) else { return };
                measure(of);
                // What is made of those that are decided tells whether some are unknown.
                let (name, hides) = (of.name.clone(), of.counts_unknown_against() && of.total.hidden & 1 << 4 != 0);
                let codes: Vec<String> = audit.members.iter().map(|member| member.code.clone()).collect();
                codes.iter().filter(|_| hides).for_each(|code| say_nothing(audit, code, std::slice::from_ref(&name)));
            }
            Piece::FigureSplit(at, nth) => {
                let groups = audit.figures.get_mut(at).and_then(|of| of.strata.get_mut(nth));
                groups.into_iter().for_each(|(_, groups)| groups.clear());
            }
            Piece::FigureOf(at, nth) => {
                let of = audit.figures.get_mut(at).and_then(|of| of.organisations.get_mut(nth));
                of.into_iter().for_each(figure_of);
                no_reason_of_figure(audit, at, nth);
            }
            Piece::Figure(at) => audit.figures.get_mut(at).into_iter().for_each(|of| {
                widen_figure(&mut of.total);
                if of.total.estimate.is_none() {
                    (of.chart, of.charts, of.phi) = (None, Vec::new(), None);
                }
            }),
            Piece::Member(at) => {
                audit.members.get_mut(at).into_iter().for_each(|of| {
                    (of.cases, of.cases_withheld, of.path) = (None, true, None);
                    of.causes.clear();
                    of.checks.clear();
                });
                audit.members.iter_mut().for_each(say_nothing_of_others);
            }
        }
    }

    /// What is told beside the tables.
    fn withhold_beside(self, audit: &mut Audit, given: &Given) {
        let named = |audit: &Audit, number: usize| audit.obligations.get(number).map(|of| of.name.clone());
        match self {
            Piece::Needs(at) => audit.obligations.get_mut(at).into_iter().for_each(|of| of.needs.clear()),
            Piece::MemberDelay(at, number) => {
                let Some(name) = named(audit, number) else { return };
                let member = audit.members.get_mut(at);
                member.into_iter().for_each(|of| of.delays.retain(|delay| delay.obligation != name));
            }
            Piece::Path(at) => {
                audit.members.get_mut(at).into_iter().for_each(|of| of.path = None);
                audit.members.iter_mut().for_each(without_usual);
            }
            Piece::Change(at, number) => {
                if let Some(name) = named(audit, number) {
                    change(audit, at, &name);
                }
            }
            Piece::Mix(at, nth) => {
                let mix = given.mixes.get(at).and_then(|mixes| mixes.get(nth));
                mix.into_iter().for_each(|of| mix_of(audit, at, of));
            }
            _ => {}
        }
    }
}

fn rows(audit: &mut Audit) {
    let data = &mut audit.data;
    let counts = [data.rows, data.rows_used, data.rows_rejected, data.values_rejected, 1, data.events];
    let cases = data.hidden & 1 << place::CASES;
    data.hidden = wider(counts, data.hidden & !cases | 1 << place::CASES, every::<6>()) & !(1 << place::CASES) | cases;
    let shown = |at: u8, count: u64| if data.hidden >> at & 1 == 0 { count } else { 0 };
    (data.rows, data.rows_used) = (shown(place::ROWS, data.rows), shown(place::ROWS_USED, data.rows_used));
    let refused =
        (shown(place::ROWS_REJECTED, data.rows_rejected), shown(place::VALUES_REJECTED, data.values_rejected));
    data.events = shown(place::EVENTS, data.events);
    (data.rows_rejected, data.values_rejected) = refused;
}

fn widen_verdicts(v: &mut Verdicts) {
    let hidden = wider(v.each(), v.hidden, every::<7>());
    *v = Verdicts::of_each(only(v.each(), hidden), hidden);
}

/// Counts without those that are hidden.
fn only<const N: usize>(mut counts: [u64; N], hidden: u8) -> [u64; N] {
    (0..8_u8).zip(&mut counts).filter(|(at, _)| hidden >> at & 1 != 0).for_each(|(_, count)| *count = 0);
    counts
}

/// Numerator and denominator of more than a few are told as long as can be.
fn widen(c: &mut Counts) {
    let counts = [c.numerator, c.denominator, c.excluded, c.open, c.unknown];
    let few = c.denominator == 0;
    c.hidden = wider(counts, c.hidden, if few { every::<5>() } else { 0b1_1100 });
    let [numerator, denominator, excluded, open, unknown] = only(counts, c.hidden);
    let rate = c.rate.filter(|_| c.hidden & 3 == 0);
    *c = Counts { numerator, denominator, excluded, open, unknown, rate, hidden: c.hidden };
}

fn widen_figure(f: &mut FigureValue) {
    let counts = [f.cases, f.excluded, f.open, f.unknown, f.without];
    f.hidden = wider(counts, f.hidden, if f.cases == 0 { every::<5>() } else { 0b1_1110 });
    let [cases, excluded, open, unknown, without] = only(counts, f.hidden);
    let estimate = f.estimate.filter(|_| f.hidden & 1 == 0);
    *f = FigureValue { cases, excluded, open, unknown, without, estimate, hidden: f.hidden };
}

/// The verdicts of an organisation; once all are, what was found of it in them.
fn verdicts_of(audit: &mut Audit, at: usize, nth: usize) {
    let Some(obligation) = audit.obligations.get_mut(at) else { return };
    let Some((code, verdicts)) = obligation.organisations.get_mut(nth) else { return };
    widen_verdicts(verdicts);
    let spent = is_spent::<7>(verdicts.hidden);
    let (code, name) = (code.clone(), obligation.name.clone());
    let judges = |of: &&MeasureResult| of.obligation.as_ref() == Some(&name);
    let mut about: Vec<String> = audit.measures.iter().filter(judges).map(|of| of.name.clone()).collect();
    about.push(name);
    match spent {
        true => say_nothing(audit, &code, &about),
        // A share of verdicts tells whether one of them that is hidden now is none.
        false => give_no_reason(audit, &code, &about),
    }
}

/// A split that cannot be told small group by small group is not told.
fn split(of: &mut MeasureResult, nth: usize) {
    let Some(split) = of.strata.get_mut(nth) else { return };
    let is_few = |counts: &Counts| counts.denominator == 0 && !is_spent::<5>(counts.hidden);
    let few: Vec<&mut Counts> = split.groups.iter_mut().map(|(_, counts)| counts).filter(|c| is_few(c)).collect();
    let done = few.is_empty();
    for counts in few {
        *counts = withheld();
    }
    if done {
        split.groups.clear();
        of.unlike = of.unlike.take().filter(|unlike| unlike.title != split.title);
        of.nested.retain(|title| *title != split.title);
    }
}

/// A chart without its points keeps its place among the others until all is withheld.
fn chart(of: &mut MeasureResult, nth: Option<usize>) {
    let chart = match nth {
        Some(nth) => of.charts.get_mut(nth),
        None => {
            of.standing.periods = [0; 3];
            of.chart.as_mut()
        }
    };
    chart.into_iter().for_each(|chart| chart.points.clear());
}

/// The rate of an organisation: first what is few in it, then all, and what rests on that.
fn rate_of(audit: &mut Audit, at: usize, nth: usize) {
    let Some(of) = audit.measures.get_mut(at) else { return };
    let Some(rate) = of.organisations.get_mut(nth) else { return };
    widen(&mut rate.counts);
    let (code, name) = (rate.code.clone(), of.name.clone());
    if rate.counts.rate.is_some() || !is_spent::<5>(rate.counts.hidden) {
        // How far it lies from the group, taken apart, tells whether what is hidden now is none.
        say_nothing(audit, &code, &[name]);
        return;
    }
    compare_no_more(rate);
    let own = of.charts.iter_mut().filter(|chart| chart.organisation.as_ref() == Some(&code));
    own.for_each(|chart| chart.points.clear());
    say_nothing(audit, &code, &[name]);
}

fn compare_no_more(rate: &mut OrganisationRate) {
    *rate = OrganisationRate::not_compared(std::mem::take(&mut rate.code), rate.name.take(), rate.counts);
}

/// A measure: first what is few in it, then all, and what rests on that.
fn measure(of: &mut MeasureResult) {
    widen(&mut of.total);
    if is_spent::<5>(of.total.hidden) {
        (of.standing, of.funnel, of.spread, of.unlike) = (Standing::default(), None, None, None);
        (of.chart, of.charts) = (None, Vec::new());
        of.organisations.iter_mut().for_each(compare_no_more);
    }
}

/// Of a figure that is withheld of an organisation no reason is given.
fn no_reason_of_figure(audit: &mut Audit, at: usize, nth: usize) {
    let Some(figure) = audit.figures.get(at) else { return };
    let Some(of) = figure.organisations.get(nth).filter(|of| of.value.estimate.is_none()) else { return };
    let (code, name) = (of.code.clone(), figure.name.clone());
    give_no_reason(audit, &code, &[name]);
}

fn figure_of(of: &mut OrganisationFigure) {
    widen_figure(&mut of.value);
    if of.value.estimate.is_none() {
        (of.z, of.z_adjusted, of.p, of.q) = (None, None, None, None);
        (of.place, of.place_adjusted) = ("not compared".to_owned(), "not compared".to_owned());
    }
}

/// Nothing is told by organisation, as in an audit of one.
fn by_organisation(audit: &mut Audit) {
    audit.data.organisations = 0;
    audit.members.clear();
    audit.obligations.iter_mut().for_each(|of| of.organisations.clear());
    for of in &mut audit.measures {
        (of.funnel, of.spread, of.unlike) = (None, None, None);
        of.organisations.clear();
        of.charts.clear();
    }
    for of in &mut audit.figures {
        (of.phi, of.compared) = (None, String::new());
        of.organisations.clear();
        of.charts.clear();
    }
}
