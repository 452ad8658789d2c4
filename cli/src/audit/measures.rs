//! One measure over all cases: counts by organisation and period, and what is computed from them.

use super::adds::{Adds, adds, counts_of, sum};
use super::by_code::{ByCode, Code, CodesOf};
use super::cells::Cells;
use super::clusters::{Clusters, widened, with_effect};
use super::compare::{Comparison, OF_JUDGEMENTS, OF_RECORDS, bare, compare, compare_clustered};
use super::disclose::Disclosure;
use super::explained::{Explained, of_measure};
use super::mix::{self, LeftOut, Mix};
use super::options::Options;
use super::over_time::OverTime;
use super::part::Part;
use super::period::Calendar;
use super::periods::Periods;
use super::records::Records;
use super::review::Review;
use super::seen::Seen;
use super::sentences;
use super::strata::{StratumTally, mixes, strata};
use super::target::{better, in_force, since, standing, with_its_day};
use super::together::beside_periods;
use super::unit::{Unit, Whole, summed};
use super::unset;
use super::why::{Unusual, unusual};
use crate::results::{ControlChart, Counts, Judgements, MeasureResult, StratumResult, Target};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{JudgedEach, Kinds, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of one measure while cases go by.
#[derive(Clone)]
pub(super) struct MeasureTally<'a> {
    pub(super) plan: &'a Plan,
    pub(super) measure: &'a Measure,
    /// Where it counts judgements: those of which entry of the plan's.
    pub(super) each: Option<(usize, &'a JudgedEach)>,
    pub(super) calendar: Option<Calendar<'a>>,
    /// The periods that have come up.
    pub(super) periods: Periods,
    /// By the number of the period, of cases that name no organisation.
    pub(super) unnamed: Cells,
    /// The places of organisations that have come up, and by the number of the period what each has.
    pub(super) places: ByCode<Option<usize>>,
    pub(super) named: Cells,
    /// Organisations that have not made a setting which a case of theirs needs: what is decided of the others is decided against them, and
    /// so none counts.
    pub(super) unset: BTreeSet<Option<String>>,
    /// Whether there is a setting that each organisation has to make.
    pub(super) required: bool,
    pub(super) strata: Vec<StratumTally<'a, Part>>,
    /// The same splits by organisation, where organisations are compared.
    pub(super) mixes: Vec<StratumTally<'a, Mix>>,
    /// What is summed of judgements, where a case may be several: of all, and by organisation.
    pub(super) clusters: Clusters,
    pub(super) clusters_of: ByCode<Clusters>,
    pub(super) review: Review,
}

impl<'a> MeasureTally<'a> {
    pub(super) fn new(plan: &'a Plan, measure: &'a Measure, options: &'a Options) -> Self {
        let strata = strata(measure, options);
        let mixes = mixes(plan, measure, options);
        let each = match &measure.basis {
            Basis::Each { judged, .. } => plan.judged.get(*judged).map(|each| (*judged, each)),
            _ => None,
        };
        MeasureTally {
            plan,
            measure,
            each,
            calendar: Calendar::of(measure),
            periods: Periods::default(),
            unnamed: Cells::default(),
            places: ByCode::default(),
            named: Cells::default(),
            unset: BTreeSet::new(),
            required: plan.parameters.iter().any(|parameter| parameter.value.is_none()),
            strata,
            mixes,
            clusters: Clusters::default(),
            clusters_of: ByCode::default(),
            review: Review::new(options.look_at),
        }
    }

    /// Adds a case, by its row in the export: itself, or each of its judgements that the measure counts.
    pub(super) fn add(&mut self, row: usize, codes: &CodesOf<'_>, case: &Case, outcome: &Outcome) {
        let organisation = codes.code(self.measure.compares());
        let seen = Seen { plan: self.plan, case, outcome, judged: None };
        match self.each {
            None => self.add_one(row, organisation, &seen),
            Some((place, each)) => {
                for judgement in outcome.judged.get(place).into_iter().flatten() {
                    self.add_one(row, organisation, &Seen { judged: Some((each, judgement)), ..seen });
                }
                if Kinds(case.not_supplied).contain(each.kind) {
                    // How many there were nobody knows; that there may be some is not nothing.
                    self.add_one(row, organisation, &seen);
                }
            }
        }
    }

    fn add_one(&mut self, row: usize, organisation: Option<Code<'_>>, seen: &Seen<'_>) {
        let against = self.measure.unknown_counts_against;
        let adds = adds(self.measure, seen);
        let Some((met, of)) = adds.of(against) else { return };
        if matches!(adds, Adds::Unset) {
            self.unset.insert(organisation.map(|code| code.text.to_owned()));
        }
        let number = self.periods.of(self.calendar, seen);
        let next = self.places.len();
        let place = organisation.map(|code| *self.places.of_code(code).get_or_insert(next));
        let sums = adds.sums(against);
        match place {
            Some(place) => self.named.add(number, place, sums),
            None => self.unnamed.add(number, 0, sums),
        }
        let (clustered, is_counted) = (self.is_clustered(), matches!(self.measure.basis, Basis::Counts { .. }));
        if clustered {
            self.clusters.add(row, met, of);
            let own = organisation.map(|code| self.clusters_of.of_code(code));
            own.into_iter().for_each(|own| own.add(row, met, of));
        }
        let mut mixes = self.mixes.iter_mut().peekable();
        for stratum in &mut self.strata {
            let group = stratum.group(seen);
            let mix = mixes.next_if(|mix| mix.is_as(stratum));
            // What is unknown of a case tells nothing of the group that it is in.
            let decided = matches!(adds, Adds::Counts(..)) && of > 0;
            if let Some((mix, code)) = mix.zip(organisation).filter(|_| decided) {
                let [own_met, own_of] = mix.of(&group).of_code(code);
                (*own_met, *own_of) = (*own_met + met, *own_of + of);
            }
            let part = stratum.of(&group);
            sum(&mut part.counts, &counts_of(sums));
            if clustered {
                part.clusters.add(row, met, of);
                let own = organisation.filter(|_| is_counted).map(|code| part.clusters_of.of_code(code));
                own.into_iter().for_each(|own| own.add(row, met, of));
            }
            if self.required {
                let own = part.of.entry(organisation.map(|code| code.text.to_owned())).or_default();
                sum(own, &counts_of(sums));
            }
        }
        if let Some(judged) = seen.judged {
            self.review.add(row, organisation.map(|code| code.text.to_owned()), seen.case, judged, self.plan);
        }
    }

    /// What counts by organisation and period.
    fn settled(&self) -> impl Iterator<Item = (Option<&String>, Option<i64>, Counts)> {
        let against = self.measure.unknown_counts_against;
        self.cells()
            .map(move |(code, period, counts)| (code, period, unset::settled(&self.unset, against, code, &counts)))
    }

    /// The same without those who have not made a setting.
    pub(super) fn set(&self) -> impl Iterator<Item = (Option<&String>, Option<i64>, Counts)> {
        self.cells().filter(|(code, ..)| !unset::has(&self.unset, *code))
    }

    /// What was counted by organisation and period.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Option<&String>, Option<i64>, Counts)> {
        let places = std::iter::once((None, None)).chain(self.places.iter().map(|(code, place)| (Some(code), *place)));
        places.flat_map(move |(code, place)| {
            let counted = move |number: usize| match place {
                Some(place) => self.named.get(number, place),
                None => self.unnamed.get(number, 0),
            };
            self.periods.iter().filter_map(move |(period, number)| Some((code, period, counts_of(counted(number)?))))
        })
    }

    /// Whether a case may be several judgements. Where each is one, what is summed of them follows from the counts.
    pub(super) fn is_clustered(&self) -> bool {
        !matches!(self.measure.basis, Basis::Obligation(_) | Basis::Cases { .. })
    }

    /// The measure, and by code the groups of which an organisation has far more than others; `explained` says by obligation and code what
    /// explains where one stands. And the titles of the splits by which something is told of what they are expected to have.
    pub(super) fn finish(
        mut self,
        options: &Options,
        explained: &Explained,
    ) -> (MeasureResult, (BTreeMap<String, Unusual>, BTreeSet<String>)) {
        let disclosure = &options.disclosure;
        let measure = self.measure;
        let (total, units, of_units) = self.summed(disclosure);
        let judged = sentences::judged_by(self.plan, &measure.basis);
        let causes = of_measure(self.plan, measure, explained);
        let Comparison { mut rates, funnel, spread, differ } = self.compared((&units, &of_units), options, &causes);
        rates.iter_mut().for_each(|rate| rate.unset = unset::has(&self.unset, Some(&rate.code)));
        let apart = funnel.as_ref().map_or(&[][..], |funnel| &funnel.apart);
        let mixed = mix::expect(&self.mixes, &mut rates, disclosure, &LeftOut { unset: &self.unset, apart });
        let (cases, largest, effect) = self.clusters.finish();
        let judgements = self.each.map(|(_, each)| Judgements {
            event: self.plan.subject.events.get(each.kind).map_or_else(String::new, |kind| kind.name.clone()),
            cases: disclosure.count(cases),
            largest: Some(largest).filter(|_| disclosure.shows_cases()),
            design_effect: effect.map(|effect| (effect * 10.0).ceil() / 10.0),
            review: if disclosure.shows_cases() { std::mem::take(&mut self.review).finish() } else { Vec::new() },
        });
        let total = self.widened(self.decided(total, disclosure), &self.clusters, disclosure);
        let target = in_force(measure, options.as_of);
        let (chart, charts) = self.charts(&units, target.as_ref(), options);
        let since = target.as_ref().and_then(|(_, from)| self.since((*from)?, disclosure));
        let protected = |since| beside_periods(since, &total, chart.as_ref());
        let since = if disclosure.shows_cases() { since } else { since.map(protected) };
        // Where cases have no period, nobody can tell which the target counts for.
        let target = target.map(|target| with_its_day(target, since.is_some() || self.calendar.is_none()));
        let unusual = self.unusual(mixed.by.as_ref(), disclosure);
        let result = MeasureResult {
            id: options.anchor(&measure.name),
            name: measure.name.clone(),
            title: if measure.title.is_empty() { measure.name.clone() } else { measure.title.clone() },
            source: measure.source.clone().unwrap_or_default(),
            basis: sentences::basis(self.plan, measure),
            obligation: judged,
            of_others: explained.is_of_others(measure),
            total,
            unset: unset::told(&self.unset, (self.plan, measure), self.cells(), disclosure),
            unknown_policy: sentences::unknown_policy(measure.unknown_counts_against).to_owned(),
            standing: target.as_ref().map_or_else(Default::default, |target| {
                standing(target, (&total, since.as_ref(), chart.as_ref()), disclosure)
            }),
            target,
            better: better(measure),
            judgements,
            organisations: rates,
            unlike: mixed.unlike,
            nested: mixed.nested,
            funnel,
            differ,
            spread,
            strata: self.shown_splits(disclosure),
            chart,
            charts,
        };
        (result, (unusual, mixed.used))
    }

    /// What is shown of the groups of each split.
    fn shown_splits(&self, disclosure: &Disclosure) -> Vec<StratumResult> {
        let shown = |part: &Part| {
            let counts = unset::of_part(&self.unset, &part.counts, &part.of);
            self.widened(self.decided(counts, disclosure), &part.clusters, disclosure)
        };
        let named = self.strata.iter().map(|stratum| stratum.named(shown));
        named.map(|(title, groups)| StratumResult { title, groups }).collect()
    }

    /// By code, the group of which an organisation has far more than others: of the split by which something is expected of them where there is one, as no other group
    /// has anything to do with that.
    fn unusual(&self, by: Option<&String>, disclosure: &Disclosure) -> BTreeMap<String, Unusual> {
        let mut found = unusual(&self.mixes, disclosure);
        let split = self.mixes.iter().find(|split| Some(&split.title()) == by);
        found.extend(split.map(|split| unusual(std::slice::from_ref(split), disclosure)).unwrap_or_default()); // nothing is expected then
        found.values_mut().for_each(|unusual| unusual.by = by.cloned());
        found
    }

    /// All cases together, and where there are several organisations, those of each and of all of these as they may be shown.
    fn summed(&self, disclosure: &Disclosure) -> (Counts, Vec<Unit>, Whole) {
        let mut total = Counts::default();
        let mut organisations: BTreeMap<String, Counts> = BTreeMap::new();
        self.set().for_each(|(_, _, counts)| sum(&mut total, &counts));
        for (organisation, _, counts) in self.settled() {
            if let Some(code) = organisation {
                sum(organisations.entry(code.clone()).or_default(), &counts);
            }
        }
        let several = organisations.len() > 1;
        // What its own records are is told of exact counts alone.
        let records = self.records().filter(|_| disclosure.shows_cases());
        let of_own = records.map_or_else(BTreeMap::new, |records| records.effects());
        let mut of_all = Counts::default();
        for (_, counts) in organisations.iter().filter(|(code, _)| !unset::has(&self.unset, Some(code))) {
            // One of which nothing is decided has no rate.
            let shown = self.decided(*counts, disclosure);
            if shown.rate.is_some() || shown.hidden & 3 != 0 {
                sum(&mut of_all, counts);
            }
        }
        let units = organisations
            .into_iter()
            .filter(|_| several)
            .map(|(code, counts)| {
                // One without a judgement has nothing to widen.
                let clusters = self.clusters_of.get(&code).copied().unwrap_or_default();
                let decided = self.decided(counts, disclosure);
                let counts = match of_own.get(&code) {
                    Some(effect) => with_effect(decided, *effect, disclosure),
                    None => self.widened(decided, &clusters, disclosure),
                };
                Unit::of(code, counts, disclosure)
            })
            .collect::<Vec<Unit>>();
        let rates = |counts: &Counts| [counts.numerator, counts.denominator];
        let of_all = match disclosure.shows_cases() || rates(&of_all) == rates(&total) {
            true => Whole::of(self.decided(of_all, disclosure), disclosure),
            // Where others are in the total too, no table tells how many these are: they are the sum of what is shown of each.
            false => {
                let set = units.iter().filter(|unit| !unset::has(&self.unset, Some(&unit.code)));
                Whole { counts: summed(set, disclosure), within: None }
            }
        };
        (total, units, of_all)
    }

    /// All cases of periods that begin on a day or later, where others begin before.
    fn since(&self, from: i64, disclosure: &Disclosure) -> Option<Counts> {
        let mut held = Counts::default();
        let cells = self.settled().map(|(_, period, counts)| (period, counts));
        since(cells, from, |counts| sum(&mut held, &counts)).then(|| self.decided(held, disclosure))
    }

    /// The organisations beside one another; judgements of one case are not independent.
    fn compared(&self, all: (&[Unit], &Whole), options: &Options, causes: &BTreeMap<String, String>) -> Comparison {
        let (names, against) = (&options.names, (self.measure.unknown_counts_against, &options.disclosure));
        match (self.each, self.clusters.finish().2) {
            (None, _) => match self.effect() {
                Some(effect) => compare_clustered(all, names, against, causes, (effect, OF_RECORDS)),
                None => compare(all, names, against, causes),
            },
            (Some(_), Some(effect)) => compare_clustered(all, names, against, causes, (effect, OF_JUDGEMENTS)),
            (Some(_), None) => {
                let rates = all.0.iter().map(|unit| bare(unit, names)).collect();
                Comparison { rates, funnel: None, spread: None, differ: None }
            }
        }
    }

    /// What is summed of records, where they hold ready-made counts.
    fn records(&self) -> Option<Records<'_, 'a>> {
        let is_counted = matches!(self.measure.basis, Basis::Counts { .. });
        is_counted.then(|| Records { all: &self.clusters, by_code: &self.clusters_of, strata: &self.strata })
    }

    /// By how much less than so many cases what records count tells, where they hold ready-made counts.
    fn effect(&self) -> Option<f64> {
        self.records()?.effect()
    }

    /// Counts as they may be shown. Where all in the denominator are unknown there is no rate: what an export does not supply is not 0 %.
    fn decided(&self, counts: Counts, disclosure: &Disclosure) -> Counts {
        let shown = disclosure.counts(counts);
        let nothing = self.measure.unknown_counts_against && counts.unknown == counts.denominator;
        if nothing { Counts { rate: None, ..shown } } else { shown }
    }

    /// The interval of a rate of judgements, which are not independent.
    fn widened(&self, counts: Counts, of: &Clusters, disclosure: &Disclosure) -> Counts {
        match (self.each, self.effect()) {
            (Some(_), _) => widened(counts, of, disclosure),
            (None, Some(effect)) => with_effect(counts, effect, disclosure),
            (None, None) => counts,
        }
    }

    /// Change over time, of all cases and of each organisation.
    fn charts(
        &self,
        units: &[Unit],
        target: Option<&(Target, Option<i64>)>,
        options: &Options,
    ) -> (Option<ControlChart>, Vec<ControlChart>) {
        let Some(Calendar { unit, .. }) = self.calendar else {
            return (None, Vec::new());
        };
        let against = self.measure.unknown_counts_against;
        let over_time = OverTime { unit, target, better: better(self.measure), against, options };
        over_time.charts(self.set(), units, |counts| self.decided(counts, &options.disclosure))
    }
}
