//! One measure over all cases: counts by organisation and period, and what is computed from them.

use super::chart::{Series, control_chart};
use super::compare::{Unit, compare};
use super::options::Options;
use super::period::period_of;
use super::sentences;
use super::strata::{StratumTally, strata};
use crate::results::{ControlChart, Counts, MeasureResult, Target};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::library::{Basis, CalendarUnit, Measure, StratumKind};
use concord_engine::plan::{AnswerKind, CellId, Id, LabelId, Plan, Unknown, Verdict};
use concord_engine::values::types::{Type, decimal};
use std::collections::BTreeMap;

/// Counts of one measure while cases go by.
pub(super) struct MeasureTally<'a> {
    plan: &'a Plan,
    measure: &'a Measure,
    label: Option<LabelId>,
    calendar: Option<(CalendarUnit, CellId, &'a Type)>,
    cells: BTreeMap<(Option<String>, Option<i64>), Counts>,
    strata: Vec<StratumTally<'a>>,
}

/// What a case adds.
enum Adds {
    Nothing,
    Excluded,
    Open,
    Unknown,
    Counts(u64, u64),
}

impl Adds {
    fn to(&self, counts: &mut Counts, unknown_counts_against: bool) {
        match self {
            Adds::Nothing => {}
            Adds::Excluded => counts.excluded += 1,
            Adds::Open => counts.open += 1,
            Adds::Unknown => {
                counts.unknown += 1;
                counts.denominator += u64::from(unknown_counts_against);
            }
            Adds::Counts(met, of) => {
                counts.numerator += met;
                counts.denominator += of;
            }
        }
    }
}

impl<'a> MeasureTally<'a> {
    pub(super) fn new(plan: &'a Plan, measure: &'a Measure, options: &'a Options) -> Self {
        let label = measure.strata.iter().find_map(|stratum| match stratum.kind {
            StratumKind::Label(label) => Some(label),
            _ => None,
        });
        let calendar = measure.strata.iter().find_map(|stratum| match &stratum.kind {
            StratumKind::Calendar(unit, cell, ty) if *unit != CalendarUnit::Weekday => Some((*unit, *cell, ty)),
            _ => None,
        });
        MeasureTally {
            plan,
            measure,
            label,
            calendar,
            cells: BTreeMap::new(),
            strata: strata(plan, measure, &options.splits),
        }
    }

    pub(super) fn add(&mut self, case: &Case, outcome: &Outcome) {
        let organisation = self.label.and_then(|label| case.labels.get(label.place())?.clone());
        let period = self.calendar.and_then(|(unit, cell, ty)| period_of(unit, ty, self.known(outcome, cell)?));
        let adds = self.adds(outcome);
        if matches!(adds, Adds::Nothing) {
            return;
        }
        let against = self.measure.unknown_counts_against;
        adds.to(self.cells.entry((organisation, period)).or_default(), against);
        for stratum in &mut self.strata {
            adds.to(stratum.group(case, outcome), against);
        }
    }

    /// The number in a cell; nothing where it is not known or is none.
    fn known(&self, outcome: &Outcome, cell: CellId) -> Option<i64> {
        outcome.only(self.plan, cell)?.value()
    }

    fn adds(&self, outcome: &Outcome) -> Adds {
        let known = |cell: CellId| self.known(outcome, cell);
        match &self.measure.basis {
            Basis::Obligation(answer) => {
                let Some(AnswerKind::Obligation(cells)) = self.plan.answers.get(*answer).map(|answer| &answer.kind)
                else {
                    return Adds::Nothing;
                };
                match outcome.verdict(self.plan, cells) {
                    None => Adds::Unknown,
                    Some(Verdict::NotApplicable) => Adds::Nothing,
                    Some(Verdict::Excused) => Adds::Excluded,
                    Some(Verdict::Open) => Adds::Open,
                    Some(Verdict::Met) => Adds::Counts(1, 1),
                    Some(Verdict::Late | Verdict::Missed) => Adds::Counts(0, 1),
                }
            }
            Basis::Cases { of, met, excused } => {
                let excuses: Vec<Option<i64>> = excused.iter().map(|(place, _)| known(*place)).collect();
                match (known(*of), known(*met)) {
                    (Some(0), _) => Adds::Nothing,
                    (Some(_), _) if excuses.contains(&Some(1)) => Adds::Excluded,
                    (Some(_), Some(met)) if !excuses.contains(&None) => Adds::Counts(u64::from(met == 1), 1),
                    _ if of_time_alone(
                        self.plan,
                        [*of, *met].iter().chain(excused.iter().map(|(place, _)| place)),
                        outcome,
                    ) =>
                    {
                        Adds::Open
                    }
                    _ => Adds::Unknown,
                }
            }
            Basis::Counts { of, met } => {
                let number = |place: CellId| known(place).and_then(|value| u64::try_from(value).ok());
                match (number(*met), number(*of)) {
                    (Some(0), Some(0)) => Adds::Nothing,
                    (Some(met), Some(of)) if met <= of => Adds::Counts(met, of),
                    _ if of_time_alone(self.plan, [*of, *met].iter(), outcome) => Adds::Open,
                    _ => Adds::Unknown,
                }
            }
        }
    }

    pub(super) fn finish(self, options: &Options) -> MeasureResult {
        let disclosure = &options.disclosure;
        let measure = self.measure;
        let mut total = Counts::default();
        let mut organisations: BTreeMap<String, Counts> = BTreeMap::new();
        for ((organisation, _), counts) in &self.cells {
            sum(&mut total, counts);
            if let Some(code) = organisation {
                sum(organisations.entry(code.clone()).or_default(), counts);
            }
        }
        let several = organisations.len() > 1;
        let units: Vec<Unit> = organisations
            .into_iter()
            .filter(|_| several)
            .map(|(code, counts)| Unit { code, counts: disclosure.counts(counts) })
            .collect();
        let (rates, funnel, spread) = compare(&units, &options.names);
        let target = self.target(options.as_of);
        let (chart, charts) = self.charts(&units, target.as_ref(), options);
        MeasureResult {
            id: options.anchor(&measure.name),
            name: measure.name.clone(),
            title: if measure.title.is_empty() { measure.name.clone() } else { measure.title.clone() },
            source: measure.source.clone().unwrap_or_default(),
            basis: sentences::basis(self.plan, measure),
            total: disclosure.counts(total),
            unknown_policy: sentences::unknown_policy(measure.unknown_counts_against).to_owned(),
            target,
            organisations: rates,
            funnel,
            spread,
            strata: self.strata.iter().map(|stratum| stratum.finish(disclosure)).collect(),
            chart,
            charts,
        }
    }

    fn target(&self, day: i64) -> Option<Target> {
        let in_force = self.measure.targets.iter().filter(|target| target.from.is_none_or(|from| from <= day));
        let target = in_force.max_by_key(|target| target.from)?;
        let scale = (0..target.places).fold(1.0, |scale, _| scale * 10.0);
        #[allow(clippy::cast_precision_loss, reason = "a percentage with a few places")]
        let percent = target.value as f64 / scale;
        let words = if target.at_least { "at least" } else { "at most" };
        Some(Target {
            text: format!("{words} {}%", decimal(target.value, target.places)),
            value: percent / 100.0,
            at_least: target.at_least,
            unverified: target.unverified,
        })
    }

    fn charts(
        &self,
        units: &[Unit],
        target: Option<&Target>,
        options: &Options,
    ) -> (Option<ControlChart>, Vec<ControlChart>) {
        let Some((unit, _, _)) = self.calendar else {
            return (None, Vec::new());
        };
        let mut all: BTreeMap<i64, Counts> = BTreeMap::new();
        let mut each: BTreeMap<&str, BTreeMap<i64, Counts>> = BTreeMap::new();
        for ((organisation, period), counts) in &self.cells {
            let Some(period) = period else { continue };
            sum(all.entry(*period).or_default(), counts);
            if let Some(code) = organisation {
                sum(each.entry(code).or_default().entry(*period).or_default(), counts);
            }
        }
        let chart = |organisation: Option<&str>, periods: &BTreeMap<i64, Counts>| {
            let points = periods.iter().map(|(first, counts)| (*first, options.disclosure.counts(*counts)));
            control_chart(&Series {
                organisation,
                unit,
                points: points.collect(),
                until: all.keys().next_back().copied(),
                target: target.map(|target| target.value),
                higher_is_better: self.measure.higher_is_better,
            })
        };
        let charts = units.iter().filter_map(|unit| chart(Some(&unit.code), each.get(unit.code.as_str())?));
        (chart(None, &all), charts.collect())
    }
}

/// Whether what is unknown of these cells is so only because an obligation is still open.
fn of_time_alone<'a>(plan: &Plan, cells: impl Iterator<Item = &'a CellId>, outcome: &Outcome) -> bool {
    let needs = cells.filter_map(|cell| outcome.cells.get(*cell)).fold(0, |needs, value| needs | value.needs);
    let time = |bit: &usize| matches!(plan.unknowns.get(*bit), Some(Unknown::Decision(_)));
    needs != 0 && (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1).all(|bit| time(&bit))
}

fn sum(into: &mut Counts, counts: &Counts) {
    into.numerator += counts.numerator;
    into.denominator += counts.denominator;
    into.excluded += counts.excluded;
    into.open += counts.open;
    into.unknown += counts.unknown;
}
