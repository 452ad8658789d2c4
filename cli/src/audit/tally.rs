//! All that is counted while cases go by; memory does not grow with them, but for the delays.

use super::at_once;
use super::by_code::Codes;
use super::disclose::Disclosure;
use super::explained::{Explained, judges};
use super::figures::{FigureTally, is_figure};
use super::judge::Judge;
use super::last_event::LastEvent;
use super::measures::MeasureTally;
use super::obligations::ObligationTally;
use super::options::Options;
use super::period::show_period;
use super::places::{Became, Place, Places};
use super::quality::{self, Returns};
use super::sentences;
use super::together;
use super::unsplit::unsplit;
use super::why::{self, AsRunTally, Known};
use crate::data::read::{Cases, Export, Told};
use crate::results::{Audit, Data, FigureResult, MeasureResult, ObligationResult};
use crate::words::period;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::library::{CalendarUnit, Measure};
use concord_engine::plan::{AnswerKind, Id, Package};
use concord_engine::values::calendar::show_date;
use std::collections::{BTreeMap, BTreeSet};

/// The tallies of every obligation and measure of a package.
#[derive(Clone)]
pub(super) struct Tally<'a> {
    package: &'a Package,
    pub(super) obligations: Vec<ObligationTally<'a>>,
    pub(super) measures: Vec<MeasureTally<'a>>,
    pub(super) figures: Vec<FigureTally<'a>>,
    pub(super) places: Places<'a>,
    last_event: LastEvent,
    codes: Codes,
    /// What became of each obligation in the case that is counted.
    became: Vec<Became>,
    pub(super) broken: u64,
    /// Which labels some case says, by place.
    pub(super) labels: Vec<bool>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(package: &'a Package, options: &'a Options) -> Tally<'a> {
        let plan = &package.plan;
        // Where no case is shown, none is kept.
        let look_at = if options.disclosure.shows_cases() { options.look_at } else { 0 };
        let obligations = plan.answers.placed().filter_map(|found| match &found.1.kind {
            AnswerKind::Obligation(cells) => Some(ObligationTally::new(plan, found, cells, look_at)),
            _ => None,
        });
        let (figures, shares): (Vec<_>, Vec<_>) = package.measures.iter().partition(|measure| is_figure(measure));
        let places = Places::new(package);
        let answers = plan.answers.iter().filter_map(|answer| match &answer.kind {
            AnswerKind::Obligation(cells) => cells.responsible,
            _ => None,
        });
        let compared = package.measures.iter().filter_map(Measure::compares);
        Tally {
            package,
            codes: Codes::of(places.by().into_iter().chain(answers).chain(compared)),
            places,
            last_event: LastEvent::default(),
            obligations: obligations.collect(),
            measures: shares.into_iter().map(|measure| MeasureTally::new(plan, measure, options)).collect(),
            figures: figures.into_iter().map(|measure| FigureTally::new(plan, measure, options)).collect(),
            became: Vec::new(),
            broken: 0,
            labels: vec![false; plan.subject.labels.len()],
        }
    }

    /// Adds a case, by its row in the export.
    pub(super) fn add(&mut self, row: usize, case: &Case, outcome: &Outcome) {
        self.broken += u64::from(outcome.broken.is_some());
        self.labels.iter_mut().zip(&case.labels).for_each(|(said, label)| *said |= label.is_some());
        let codes = self.codes.of_case(&self.package.plan, case, outcome);
        self.became.clear();
        let cells = self.places.obligations.iter().zip(&self.places.expected);
        let of = cells.map(|((_, cells), kinds)| Became::of(&self.package.plan, (*cells, *kinds), (case, outcome)));
        self.became.extend(of);
        self.places.add(&codes, case, &self.became);
        self.last_event.add(case, &self.became);
        for (obligation, became) in self.obligations.iter_mut().zip(&self.became) {
            obligation.add(row, &codes, (case, outcome), *became);
        }
        for measure in &mut self.measures {
            measure.add(row, &codes, case, outcome);
        }
        for figure in &mut self.figures {
            figure.add(case, outcome);
        }
    }

    /// Adds all that was counted of other cases of the export.
    pub(super) fn take(&mut self, other: Tally<'a>) {
        #[rustfmt::skip]
        let Tally {
            package: _, codes: _, became: _, obligations, measures, figures, places, broken, labels, last_event,
        } = other;
        self.last_event.take(&last_event);
        self.broken += broken;
        self.labels.iter_mut().zip(labels).for_each(|(all, own)| *all |= own);
        self.places.take(places);
        self.obligations.iter_mut().zip(obligations).for_each(|(all, own)| all.take(own));
        self.measures.iter_mut().zip(measures).for_each(|(all, own)| all.take_all(own));
        self.figures.iter_mut().zip(figures).for_each(|(all, own)| all.take(own));
    }

    /// What will be counted of members as they ran the rules.
    pub(super) fn as_run(&self, options: &Options) -> AsRunTally<'a> {
        AsRunTally::new(self.package, &self.places, options)
    }

    /// Keeps the cases that will be listed, of those that begin with this row.
    pub(super) fn keep(&mut self, first: usize, all: Cases<'_>) {
        self.obligations.iter_mut().for_each(|obligation| obligation.keep(first, all));
        self.measures.iter_mut().for_each(|measure| measure.keep(first, all));
    }

    /// Each case that is kept so far: its number, and its name.
    pub(super) fn each_kept(&mut self, see: &mut dyn FnMut(usize, &mut String)) {
        self.obligations.iter_mut().for_each(|obligation| obligation.each_kept(see));
        self.measures.iter_mut().for_each(|measure| measure.each_kept(see));
    }

    /// `notes` are what the judging found out about the data, beside what came of the cases of members as they ran the rules.
    pub(super) fn finish(
        mut self,
        export: &Export,
        (notes, as_run): (Vec<String>, &AsRunTally<'_>),
        judge: &mut dyn Judge,
        options: &Options,
    ) -> Audit {
        self.obligations.iter_mut().for_each(ObligationTally::settle);
        if !options.disclosure.shows_cases() {
            self.measures.iter_mut().for_each(MeasureTally::pool);
            self.figures.iter_mut().for_each(FigureTally::pool);
        }
        let mut given = self.given(export, as_run, options);
        self.places.settle(&options.disclosure);
        given.paths = paths(&self.places);
        let completed = self.without_months();
        let after = self.after_the_end(options.as_of);
        let returns = returns(&self.measures, options);
        let known = known(self.package, (&self.places, as_run, &returns), export, options);
        let explained = why::explained(&self.places, &known);
        self.places.leave_out(&explained);
        let disclosure = &options.disclosure;
        let mut data = self.data(export, notes, disclosure);
        let judged = self.weighed(&explained);
        let (obligations, clocks): (Vec<_>, Vec<_>) =
            self.obligations.into_iter().map(|o| o.finish(judge, options)).unzip();
        let measures = at_once::each(self.measures, options.threads, |m| m.finish(options, &explained));
        let (mut measures, of_mixes): (Vec<MeasureResult>, Vec<_>) = measures.into_iter().unzip();
        let (unusual, used): (Vec<_>, Vec<BTreeSet<String>>) = of_mixes.into_iter().unzip();
        for (mixes, used) in given.mixes.iter_mut().zip(used) {
            mixes.iter_mut().for_each(|mix| mix.used = used.contains(&mix.title));
        }
        let unusual = measures.iter().map(|measure| measure.name.clone()).zip(unusual).collect();
        // A measure often has the name of its obligation, and links must tell the two apart.
        let taken = |id: &String| obligations.iter().any(|obligation: &ObligationResult| obligation.id == *id);
        measures.iter_mut().filter(|measure| taken(&measure.id)).for_each(|measure| measure.id.push_str("-rate"));
        for (obligation, off) in obligations.iter().zip(&clocks) {
            data.warnings.extend(off.iter().map(|off| sentences::clock_off(&obligation.title, &off.code, &off.what)));
            let judging = measures.iter_mut().filter(|measure| measure.judges() == Some(&obligation.name));
            for rate in judging.flat_map(|measure| &mut measure.organisations) {
                if let Some(off) = off.iter().find(|off| off.code == rate.code) {
                    rate.cause.get_or_insert_with(|| off.what.clone());
                }
            }
        }
        data.warnings.extend(completed.into_iter().chain(after));
        // Of several measures the first says it.
        data.warnings.extend(measures.iter().find_map(|measure| measure.chart.as_ref()?.half_sent()));
        data.warnings.extend(sentences::nobody(&obligations, &measures));
        let figures = self.figures.into_iter().map(|figure| figure.finish(options, &explained));
        let figures: Vec<FigureResult> = figures.collect();
        data.warnings.extend(figures.iter().filter_map(sentences::not_in_a_figure));
        let members = why::members(&self.places, known, (&measures, &figures, &judged), &unusual, options);
        let mut audit = Audit {
            id: options.id.clone(),
            run: 1,
            as_of: show_date(options.as_of),
            logic: judge.logic(),
            data,
            obligations,
            measures,
            figures,
            members,
            silent: silent(&self.places, options),
        };
        if !disclosure.shows_cases() {
            together::withhold(&mut audit, &given);
        }
        audit
    }

    /// The measures that count cases of periods which begin after the data end, in words.
    fn after_the_end(&self, as_of: i64) -> Vec<String> {
        let measures = self.measures.iter().map(|of| (of.measure, of.after_the_end(as_of)));
        let all = measures.chain(self.figures.iter().map(|of| (of.measure, of.after_the_end(as_of))));
        all.filter_map(|(of, periods)| sentences::after_the_end(of, &periods)).collect()
    }

    /// By name of the figure, the obligation of which it weighs what comes of it, where it compares those who answer for that.
    fn weighed(&self, explained: &Explained) -> BTreeMap<String, String> {
        let own = self.figures.iter().filter(|figure| !explained.is_of_others(figure.measure));
        let judged = own.filter_map(|of| Some((of.measure.name.clone(), judges(&self.package.plan, of.measure)?)));
        judged.collect()
    }

    /// Takes their months from measures of an export of what was completed, by which they say nothing; in words.
    fn without_months(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        for (number, (answer, _)) in self.places.obligations.iter().enumerate() {
            let Some(month) = self.places.of_completed(number) else { continue };
            let judges = |measure: &MeasureTally<'_>| {
                sentences::judged_by(&self.package.plan, &measure.measure.basis).as_ref() == Some(&answer.name)
            };
            self.measures.iter_mut().filter(|measure| judges(measure)).for_each(|measure| measure.calendar = None);
            let title = answer.label.as_ref().unwrap_or(&answer.name);
            told.push(sentences::of_completed(title, &period(&show_period(CalendarUnit::Month, month))));
        }
        told
    }

    /// What is told of the export.
    fn data(&self, export: &Export, notes: Vec<String>, disclosure: &Disclosure) -> Data {
        let mut data = export.data.clone();
        let exact: Vec<String> = export.told.iter().map(Told::exactly).collect();
        data.notes.retain(|note| !exact.contains(note));
        for told in &export.told {
            let said = told.words(|count, one, many| disclosure.counted(count, one, many));
            if told.weighs {
                data.warnings.push(said.clone());
            }
            data.notes.push(said);
        }
        data.warnings.extend(unsplit(self.package, &self.labels, export.data.cases));
        data.notes.extend(notes);
        self.last_event.tell(&mut data, disclosure);
        disclosure.data(&mut data);
        if self.broken > 0 {
            data.warnings.push(sentences::broken_claims(&disclosure.counted(
                self.broken,
                "case reaches",
                "cases reach",
            )));
        }
        data
    }

    /// What is known of all tables besides what they tell.
    fn given(&mut self, export: &Export, as_run: &AsRunTally<'_>, options: &Options) -> together::Given {
        self.places.count_waiting();
        if options.disclosure.shows_cases() {
            return together::Given::default();
        }
        let by = self.places.by();
        let named = self.places.iter().map(|(_, place)| place.cases).sum();
        together::Given {
            unnamed: export.data.cases.saturating_sub(named),
            left_out: !export.data.rows_left_out.is_empty(),
            obligations: self
                .places
                .obligations
                .iter()
                .map(|(_, cells)| by.is_some() && cells.responsible == by)
                .collect(),
            measures: self.measures.iter().map(|of| by.is_some() && of.measure.compares() == by).collect(),
            figures: self.figures.iter().map(|of| by.is_some() && of.measure.compares() == by).collect(),
            figures_of_all: self.figures.iter().map(FigureTally::is_of_all).collect(),
            unset: self.measures.iter().map(|of| of.unset.clone()).collect(),
            figures_unset: self.figures.iter().map(|of| of.unset.clone()).collect(),
            obligations_unset: self.obligations.iter().map(|of| of.unset.clone()).collect(),
            over_time: self.measures.iter().map(MeasureTally::over_time).collect(),
            times: self.obligations.iter().map(ObligationTally::of_times).collect(),
            listed: self.measures.iter().map(MeasureTally::counts_what_it_names).collect(),
            needs: self.obligations.iter().map(ObligationTally::names_needs).collect(),
            timed: self.places.iter().map(|(code, place)| (code.to_owned(), timed(place))).collect(),
            without: self.without(export),
            mixes: self.measures.iter().map(|measure| measure.mixed(&options.disclosure)).collect(),
            paths: BTreeMap::new(),
            as_run: as_run.told(&self.places, &options.disclosure),
        }
    }

    /// The kinds of event, by name, of which the cases of organisations without one are all cases without one.
    fn without(&self, export: &Export) -> BTreeSet<String> {
        let kinds = self.package.plan.subject.events.placed();
        let all = kinds.filter(|(kind, of)| {
            let lines = &export.data.completeness;
            let missing =
                lines.iter().find(|line| line.kind == "event" && line.name == of.name).map(|line| line.missing);
            let ways = self.places.iter().map(|(_, place)| place.ways.counted());
            missing == Some(ways.map(|ways| ways.cases.saturating_sub(ways.of(kind.place())[0])).sum())
        });
        all.map(|(_, of)| of.name.clone()).collect()
    }
}

/// By code, the counts behind the paths of organisations, as they may be told.
fn paths(places: &Places<'_>) -> BTreeMap<String, together::PathOf> {
    let usual = why::usual_path(places);
    let told = places.iter().filter(|_| !places.disclosure.shows_cases());
    told.filter_map(|(code, place)| Some((code.to_owned(), why::counts_of_path(places, place, &usual)?))).collect()
}

/// By obligation, whether all that was done at an organisation has a time.
fn timed(place: &Place) -> Vec<bool> {
    let all = place
        .judged
        .iter()
        .map(|judged| judged.took().map(|(_, often)| often).sum::<u64>() == judged.verdicts.met + judged.verdicts.late);
    all.collect()
}

/// Members that are named and of which no case is; where cases name no organisation at all, nobody can tell.
fn silent(places: &Places<'_>, options: &Options) -> Vec<(String, Option<String>)> {
    let named: BTreeSet<&str> = options.members.iter().map(|member| member.code.as_str()).collect();
    let silent = named.into_iter().filter(|code| places.count() > 0 && places.of(code).is_none());
    silent.map(|code| (code.to_owned(), options.names.get(code).cloned())).collect()
}

/// What ready-made counts are by month; of exact ones alone.
fn returns(measures: &[MeasureTally<'_>], options: &Options) -> Returns {
    let mut all = Returns::default();
    for measure in measures.iter().filter(|of| options.disclosure.shows_cases() && of.is_of_returns()) {
        let title = if measure.measure.title.is_empty() { &measure.measure.name } else { &measure.measure.title };
        all.add(
            (title, measure.measure.unknown_counts_against),
            measure.cells().filter_map(|(code, month, counts)| Some((code?, month?, counts))),
        );
    }
    all
}

/// What the data of each organisation show, and which rules it ran; nothing where there is only one.
fn known(
    package: &Package,
    (places, as_run, returns): (&Places<'_>, &AsRunTally<'_>, &Returns),
    export: &Export,
    options: &Options,
) -> why::AllKnown {
    if places.iter().count() < 2 {
        return why::AllKnown::new();
    }
    let of_members = package.members.iter().map(|member| (member.code.clone(), member.title.clone()));
    let mut names: BTreeMap<String, String> = of_members.collect();
    names.extend(options.names.clone());
    let all = places.iter().map(|(code, place)| {
        let said = (export.otherwise.as_slice(), &names, returns);
        let found = quality::found(&package.plan, places, (code, place), said, &options.disclosure);
        (code.to_owned(), Known { found, rules: as_run.rules_of(package, code, options) })
    });
    all.collect()
}
