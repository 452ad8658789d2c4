//! One measure whose figure is a number or a share by value: the numbers of its cases, by organisation, period and group.
//!
//! A percentile needs every number, so memory grows with the cases; a mean, a sum and a ratio need sums alone.

use super::adds::{Adds, adds, is_unset};
use super::compare::place;
use super::estimate::{self, Pile};
use super::explained::{Explained, of_measure};
use super::few::{rounded, shown_value};
use super::figure_apart::{apart, standings_but};
use super::given::Given;
use super::measured::after;
use super::options::Options;
use super::organisation::answering;
use super::period::{Calendar, show_period};
use super::seen::Seen;
use super::sentences;
use super::series::Series;
use super::shares;
use super::strata::{StratumTally, strata};
use super::sure::charted;
use super::target::{better, in_force, since, with_its_day};
use super::unfinished;
use super::unset;
use crate::results::{ControlChart, Counts, FigureResult, FigureValue, OrganisationFigure, Rate, Shown, Target, Unset};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::figure::{Figure, Statistic};
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{CellId, Op, Plan, Step};
use concord_engine::variation::figures::{Parts, Reading};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The numbers of one measure while cases go by.
#[derive(Clone)]
pub(super) struct FigureTally<'a> {
    pub(super) plan: &'a Plan,
    pub(super) measure: &'a Measure,
    pub(super) calendar: Option<Calendar<'a>>,
    /// By organisation and period. Of cases that organisations share, the whole cases stand under none, and shares under theirs.
    pub(super) cells: BTreeMap<(Option<String>, Option<i64>), Pile>,
    /// Organisations that have not made a setting which a case of theirs needs: none of theirs counts.
    pub(super) unset: BTreeSet<Option<String>>,
    /// Whether there is a setting that each organisation has to make.
    pub(super) required: bool,
    pub(super) strata: Vec<StratumTally<'a, Part>>,
}

/// The numbers of a group of a split.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) pile: Pile,
    /// By organisation, where each has to make a setting of its own.
    pub(super) of: BTreeMap<Option<String>, Pile>,
}

impl Part {
    /// Adds the numbers of other cases.
    pub(super) fn take(&mut self, other: &Part) {
        self.pile.take(&other.pile);
        other.of.iter().for_each(|(code, pile)| self.of.entry(code.clone()).or_default().take(pile));
    }
}

/// Whether a measure has a figure of this kind; the others are shares of cases.
pub(super) fn is_figure(measure: &Measure) -> bool {
    measure.weight.is_some() || measure.shared.is_some() || matches!(measure.basis, Basis::Number(_))
}

impl<'a> FigureTally<'a> {
    pub(super) fn new(plan: &'a Plan, measure: &'a Measure, options: &'a Options) -> Self {
        let strata = strata(measure, options);
        let required = plan.parameters.iter().any(|parameter| parameter.value.is_none());
        let (calendar, cells, unset) = (Calendar::of(measure), BTreeMap::new(), BTreeSet::new());
        FigureTally { plan, measure, calendar, cells, unset, required, strata }
    }

    pub(super) fn add(&mut self, case: &Case, outcome: &Outcome) {
        let seen = Seen { plan: self.plan, case, outcome, judged: None };
        let Some(given) = self.given(&seen) else { return };
        let period = self.calendar.and_then(|calendar| calendar.period(&seen));
        let organisation = answering(self.plan, self.measure.compares(), case, outcome).map(Cow::into_owned);
        let is_alone = self.measure.shared.is_none();
        if is_alone && self.required && self.is_unset(&given, &seen) {
            self.unset.insert(organisation.clone());
        }
        match &self.measure.shared {
            None => given.to(self.cells.entry((organisation.clone(), period)).or_default()),
            Some(shared) => {
                given.to(self.cells.entry((None, period)).or_default());
                for (code, own) in shares::of_case(self.plan, shared, &given, case, outcome) {
                    own.to(self.cells.entry((Some(code), period)).or_default());
                }
            }
        }
        for stratum in &mut self.strata {
            let group = stratum.group(&seen);
            let part = stratum.of(&group);
            given.to(&mut part.pile);
            if is_alone && self.required {
                given.to(part.of.entry(organisation.clone()).or_default());
            }
        }
    }

    /// The periods that begin after the data end, of which it has cases all the same.
    pub(super) fn after_the_end(&self, as_of: i64) -> Vec<String> {
        let counted = self.cells.iter().filter(|(_, pile)| pile.cases() > 0);
        after(self.calendar, counted.filter_map(|((_, period), _)| *period), as_of)
    }

    /// Whether each case is in it or excused, unknown, or without a number.
    pub(super) fn is_of_all(&self) -> bool {
        let Basis::Number(figure) = &self.measure.basis else { return false };
        let weighs = self.measure.weight.is_some() || self.measure.shared.is_some();
        let is_all = |step: &Step| matches!(step, Step::Value { cell, expr } if *cell == figure.of && matches!(expr.op, Op::Constant(1)));
        !weighs && !matches!(figure.statistic, Statistic::Per { .. }) && self.plan.steps.iter().any(is_all)
    }

    /// Whether a case is unknown for want of a setting alone.
    fn is_unset(&self, given: &Given, seen: &Seen<'_>) -> bool {
        if !matches!(given, Given::Unknown | Given::Against(_)) {
            return false;
        }
        let weight = self.measure.weight.iter().map(|weight| weight.cell);
        match &self.measure.basis {
            Basis::Number(figure) => {
                let exposure = match figure.statistic {
                    Statistic::Per { exposure, .. } => Some(exposure),
                    _ => None,
                };
                let excused = figure.excused.iter().map(|(cell, _)| *cell);
                let cells = [figure.of, figure.value].into_iter().chain(exposure).chain(excused).chain(weight);
                is_unset(seen, &cells.collect::<Vec<_>>())
            }
            _ => matches!(adds(self.measure, seen), Adds::Unset),
        }
    }

    fn given(&self, seen: &Seen<'_>) -> Option<Given> {
        let outcome = seen.outcome;
        let weight = self.measure.weight.as_ref().map(|weight| self.number(outcome, weight.cell));
        let weight = weight.or(self.measure.shared.as_ref().map(|shared| Number::Is(shared.whole)));
        if let Basis::Number(figure) = &self.measure.basis {
            return self.number_of(figure, weight, outcome);
        }
        match (adds(self.measure, seen), weight.unwrap_or(Number::Is(1))) {
            (Adds::Nothing, _) | (_, Number::None | Number::Is(0)) => None,
            (Adds::Excluded, _) => Some(Given::Excluded),
            (Adds::Open, _) => Some(Given::Open),
            (Adds::Unknown(_) | Adds::Unset, Number::Is(whole)) if self.measure.unknown_counts_against => {
                Some(Given::Against(whole))
            }
            (Adds::Unknown(_) | Adds::Unset, _) | (_, Number::Unknown) => Some(Given::Unknown),
            (Adds::Counts(met, _), Number::Is(whole)) => {
                Some(Given::Parts(Parts { part: if met == 0 { 0 } else { whole }, whole }))
            }
        }
    }

    fn number_of(&self, figure: &Figure, weight: Option<Number>, outcome: &Outcome) -> Option<Given> {
        let flag = |cell: CellId| self.number(outcome, cell);
        let excused: Vec<Number> = figure.excused.iter().map(|(cell, _)| flag(*cell)).collect();
        match flag(figure.of) {
            Number::Is(1) => {}
            Number::Unknown => return Some(Given::Unknown),
            _ => return None,
        }
        if excused.contains(&Number::Is(1)) {
            return Some(Given::Excluded);
        }
        let weight = weight.unwrap_or(Number::Is(1));
        let other = match figure.statistic {
            Statistic::Per { exposure, .. } => self.number(outcome, exposure),
            _ => weight,
        };
        let is_ratio = matches!(figure.statistic, Statistic::Per { .. });
        match (self.number(outcome, figure.value), other) {
            _ if excused.contains(&Number::Unknown) => Some(Given::Unknown),
            (_, Number::None) => None,
            (Number::None, _) => Some(Given::Without),
            // What was counted without any exposure was counted: it stands above the line, and nothing below it.
            (Number::Is(0), Number::Is(0)) => None,
            (_, Number::Is(0)) if !is_ratio => None,
            (Number::Unknown, _) | (_, Number::Unknown) => Some(Given::Unknown),
            (Number::Is(part), Number::Is(whole)) if is_ratio => Some(Given::Parts(Parts { part, whole })),
            (Number::Is(value), Number::Is(cases)) => {
                let reading = Reading { value, cases: u64::try_from(cases).ok()? };
                let by_place = matches!(figure.statistic, Statistic::Percentile { .. });
                Some(if by_place { Given::Reading(reading) } else { Given::Number(reading) })
            }
        }
    }

    fn number(&self, outcome: &Outcome, cell: CellId) -> Number {
        match outcome.only(self.plan, cell) {
            None => Number::Unknown,
            Some(known) => known.value().map_or(Number::None, Number::Is),
        }
    }

    /// `explained` says by obligation and code what explains where one stands.
    pub(super) fn finish(self, options: &Options, explained: &Explained) -> FigureResult {
        let measure = self.measure;
        let shown = estimate::shown(measure);
        let show = |pile: &Pile| shown_value(measure, pile, &options.disclosure);
        let (total, organisations) = self.added_up();
        let target = in_force(measure, options.as_of);
        let several = organisations.len() > 1;
        let causes = of_measure(self.plan, measure, explained);
        let from = target.as_ref().and_then(|(_, from)| *from);
        let cells = (&self.cells, |code: Option<&String>| self.is_left_out(code));
        let apart = apart(cells, (&organisations, measure.shared.is_some()), &causes, from).filter(|_| several);
        let is_apart = |code: &String| apart.as_ref().is_some_and(|apart| apart.codes.contains(code));
        let rest = apart.as_ref().map_or(&total, |apart| &apart.rest);
        let (stands, standing) = match several {
            true => standings_but(&is_apart, measure, (&organisations, rest), &options.disclosure),
            false => Default::default(),
        };
        let (chart, charts) = self.charts(&organisations, target.as_ref(), (&shown, options), &show, several);
        let since = target.as_ref().and_then(|(_, from)| self.since((*from)?)).map(|pile| show(&pile));
        // Where cases have no period, nobody can tell which the target counts for.
        let target = target.map(|target| with_its_day(target, since.is_some() || self.calendar.is_none()));
        let shown_total = show(&total);
        let one = |(code, pile): (&String, &Pile)| {
            let value = show(pile);
            let standing = stands.get(code).copied().flatten();
            let standing = standing.map(|standing| estimate::apart(measure, standing, [&value, &shown_total]));
            // They are made of exact counts, and would tell them.
            let exact = standing.filter(|_| options.disclosure.shows_cases());
            let name = |flag| place(flag).to_owned();
            OrganisationFigure {
                code: code.clone(),
                name: options.names.get(code).cloned(),
                value,
                z: exact.map(|s| s.z),
                z_adjusted: exact.map(|s| s.z_adjusted),
                p: exact.map(|s| s.p_adjusted),
                q: None,
                place: standing.map_or_else(|| "not compared".to_owned(), |s| name(s.flag)),
                place_adjusted: standing.map_or_else(|| "not compared".to_owned(), |s| name(s.flag_adjusted)),
                cause: causes.get(code).filter(|_| is_apart(code)).cloned(),
            }
        };
        let organisations = if several { organisations.iter().map(one).collect() } else { Vec::new() };
        FigureResult {
            id: options.anchor(&measure.name),
            name: measure.name.clone(),
            title: if measure.title.is_empty() { measure.name.clone() } else { measure.title.clone() },
            source: measure.source.clone().unwrap_or_default(),
            basis: sentences::basis(self.plan, measure),
            method: estimate::method(measure).to_owned(),
            better: better(measure),
            total: shown_total,
            shown,
            target,
            since,
            // A sum of some of them no table has.
            rest: apart
                .as_ref()
                .filter(|_| options.disclosure.shows_cases())
                .map(|apart| show(apart.rest_since.as_ref().unwrap_or(&apart.rest))), // the whole time is held
            organisations,
            compared: standing.method.to_owned(),
            phi: standing.phi,
            strata: self.strata.iter().map(|stratum| stratum.named(|part| show(&self.of_part(part)))).collect(),
            unset: self.told_unset(options),
            chart,
            charts,
        }
    }

    /// Each case once, whoever shares it.
    fn counted_once(&self) -> impl Iterator<Item = (Option<i64>, &Pile)> {
        let all = self.measure.shared.is_none();
        let cells = self.cells.iter().filter(move |((organisation, _), _)| all || organisation.is_none());
        let cells = cells.filter(|((organisation, _), _)| !self.is_left_out(organisation.as_ref()));
        cells.map(|((_, period), pile)| (*period, pile))
    }

    fn added_up(&self) -> (Pile, BTreeMap<String, Pile>) {
        let mut total = Pile::default();
        let mut organisations: BTreeMap<String, Pile> = BTreeMap::new();
        self.counted_once().for_each(|(_, pile)| total.take(pile));
        for ((organisation, _), pile) in &self.cells {
            if let Some(code) = organisation {
                organisations.entry(code.clone()).or_default().take(pile);
            }
        }
        let left_out = organisations.iter_mut().filter(|(code, _)| self.is_left_out(Some(code)));
        left_out.for_each(|(_, pile)| *pile = pile.undecided());
        (total, organisations)
    }

    /// Whether an organisation has not made a setting which each has to make.
    fn is_left_out(&self, code: Option<&String>) -> bool {
        !self.unset.is_empty() && self.unset.contains(&code.cloned())
    }

    /// A group of a split without those who have not.
    pub(super) fn of_part<'p>(&self, part: &'p Part) -> Cow<'p, Pile> {
        if self.unset.is_empty() {
            return Cow::Borrowed(&part.pile);
        }
        let mut all = Pile::default();
        let own = part.of.iter().filter(|(code, _)| !self.is_left_out(code.as_ref()));
        own.for_each(|(_, pile)| all.take(pile));
        Cow::Owned(all)
    }

    /// What is told of those who have not; nothing where there are none.
    fn told_unset(&self, options: &Options) -> Option<Unset> {
        let cells = self.cells.iter().map(|((code, period), pile)| {
            // Those that count against are among its cases.
            let all = pile.cases() + pile.unknown.saturating_sub(pile.against);
            let counts = Counts { denominator: all, excluded: pile.excluded, open: pile.open, ..Counts::default() };
            (code.as_ref(), *period, counts)
        });
        unset::told(&self.unset, (self.plan, self.measure), cells, &options.disclosure)
    }

    /// All cases of periods that begin on a day or later, where others begin before.
    fn since(&self, from: i64) -> Option<Pile> {
        let mut held = Pile::default();
        since(self.counted_once(), from, |pile| held.take(pile)).then_some(held)
    }

    fn charts(
        &self,
        organisations: &BTreeMap<String, Pile>,
        target: Option<&(Target, Option<i64>)>,
        (shown, options): (&Shown, &Options),
        show: &impl Fn(&Pile) -> FigureValue,
        several: bool,
    ) -> (Option<ControlChart>, Vec<ControlChart>) {
        let Some(Calendar { unit, .. }) = self.calendar else { return (None, Vec::new()) };
        let mut all: BTreeMap<i64, Pile> = BTreeMap::new();
        for (period, pile) in self.counted_once() {
            if let Some(period) = period {
                all.entry(period).or_default().take(pile);
            }
        }
        let shown_all: BTreeMap<i64, FigureValue> = all.iter().map(|(first, pile)| (*first, show(pile))).collect();
        // Whoever has no score waits for nothing.
        let mut open = if shown.is_a_time() { unfinished::still_without(&shown_all) } else { BTreeSet::new() };
        // Nor is anything complete that begins after the data end.
        let is_open = |(first, value): &(&i64, &FigureValue)| **first > options.as_of || value.is_unfinished();
        open.extend(shown_all.iter().filter(is_open).map(|(first, _)| *first));
        let chart = |organisation: Option<&str>, periods: &mut dyn Iterator<Item = (i64, &Pile)>| {
            let exact = options.disclosure.shows_cases();
            // What is told of rounded counts follows from what is shown, and of these nothing is.
            let some = |pile: &Pile| if exact { pile.some } else { 0 };
            let values = periods.map(|(first, pile)| ((first, show(pile)), some(pile)));
            let (unfinished, finished): (Vec<_>, Vec<_>) =
                values.partition(|((first, value), _)| open.contains(first) || value.is_unfinished());
            let (values, some): (Vec<(i64, FigureValue)>, Vec<u64>) = finished.into_iter().unzip();
            let points = values.iter().zip(some).map(|((first, value), some)| (*first, as_counts(value, some)));
            let chart = charted(&Series {
                organisation,
                unit,
                points: points.collect(),
                until: all.keys().rev().find(|first| !open.contains(first)).copied(),
                target: target.map(|(target, _)| target.value),
                from: target.and_then(|(_, from)| *from),
                shown: shown.clone(),
                weighed: *shown == Shown::Share,
                better: better(self.measure),
                rebase: &options.rebase,
                rounded: (!exact).then(|| rounded(&values)),
            });
            let unfinished = unfinished.iter().map(|((first, _), _)| show_period(unit, *first)).collect();
            chart.map(|chart| unfinished::without(chart, unfinished))
        };
        let overall = chart(None, &mut all.iter().map(|(first, pile)| (*first, pile)));
        let set = organisations.keys().filter(|code| several && !self.is_left_out(Some(code)));
        let each = set.filter_map(|code| {
            let own = self.cells.iter().filter(|((organisation, _), _)| organisation.as_ref() == Some(code));
            chart(Some(code), &mut own.filter_map(|((_, period), pile)| Some(((*period)?, pile))))
        });
        (overall, each.collect())
    }
}

/// A number of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Is(i64),
    None,
    Unknown,
}

/// The figure of a period as a chart takes it, where so many of its cases have anything above the line.
fn as_counts(value: &FigureValue, numerator: u64) -> Counts {
    let rate = value.estimate.filter(|estimate| !estimate.at_least).map(|estimate| {
        let (low, high) = estimate.interval.unwrap_or((estimate.value, estimate.value));
        Rate { value: estimate.value, low, high }
    });
    Counts { numerator, denominator: value.cases, rate, ..Counts::default() }
}
