//! One obligation over all cases: verdicts, readings, delays, what is missing, and the cases to look at.

use super::adds::is_unset;
use super::by_code::{ByCode, CodesOf};
use super::clocks::{ClockOff, Clocks};
use super::delays::{MOST_LIMITS, Took, days_from, delay, in_days, the_limit, took};
use super::disclose::{Disclosure, rate};
use super::forbidden::forbids;
use super::judge::Judge;
use super::look_at::{Furthest, Overdue, cases_to_look_at};
use super::options::Options;
use super::places::Became;
use super::sample::Sample;
use super::seen::Seen;
use super::sentences;
use super::sums::add;
use super::together::OfTimes;
use crate::data::read::Cases;
use crate::results::{ObligationResult, Reading, Verdicts};
use concord_engine::evaluate::{Known, Outcome};
use concord_engine::explain::{Lateness, unknown_name};
use concord_engine::plan::case::Case;
use concord_engine::plan::{Answer, AnswerId, Obligation, Plan, Verdict};
use concord_engine::values::calendar::DAY;
use std::collections::{BTreeMap, BTreeSet};

/// Counts of one obligation while cases go by.
#[derive(Clone)]
pub(super) struct ObligationTally<'a> {
    plan: &'a Plan,
    place: AnswerId,
    pub(super) answer: &'a Answer,
    cells: &'a Obligation,
    pub(super) verdicts: Verdicts,
    pub(super) organisations: ByCode<Verdicts>,
    pub(super) needs: [u64; 64],
    pub(super) excuses: BTreeMap<usize, u64>,
    pub(super) times: Sample<Took>,
    /// Of each organisation, where each has to make a setting; put to the others once it is known which of them have.
    times_of: BTreeMap<Option<String>, Sample<Took>>,
    /// Organisations that have not made a setting which a case of theirs needs: what is decided of the others is decided against them, and
    /// so none is.
    pub(super) unset: BTreeSet<Option<String>>,
    /// Whether there is a setting that each organisation has to make.
    required: bool,
    pub(super) limits: BTreeSet<i64>,
    pub(super) days: BTreeSet<i64>,
    /// How long, or how many days, the case had that came last.
    allowed: Option<i64>,
    late: Furthest,
    missed: Furthest,
    pub(super) clocks: Clocks,
}

fn tick(verdicts: &mut Verdicts, verdict: Option<Verdict>) {
    *match verdict {
        None => &mut verdicts.unknown,
        Some(Verdict::NotApplicable) => &mut verdicts.not_applicable,
        Some(Verdict::Excused) => &mut verdicts.excused,
        Some(Verdict::Met) => &mut verdicts.met,
        Some(Verdict::Late) => &mut verdicts.late,
        Some(Verdict::Missed) => &mut verdicts.missed,
        Some(Verdict::Open) => &mut verdicts.open,
    } += 1;
}

/// Takes off what is decided of others.
fn take_decided(from: &mut Verdicts, of: &Verdicts) {
    from.met = from.met.saturating_sub(of.met);
    from.late = from.late.saturating_sub(of.late);
    from.missed = from.missed.saturating_sub(of.missed);
}

impl<'a> ObligationTally<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        (place, answer): (AnswerId, &'a Answer),
        cells: &'a Obligation,
        look_at: usize,
    ) -> Self {
        ObligationTally {
            plan,
            place,
            answer,
            cells,
            verdicts: Verdicts::default(),
            organisations: ByCode::default(),
            needs: [0; 64],
            excuses: BTreeMap::new(),
            times: Sample::default(),
            times_of: BTreeMap::new(),
            unset: BTreeSet::new(),
            required: cells.responsible.is_some() && plan.parameters.iter().any(|of| of.value.is_none()),
            limits: BTreeSet::new(),
            days: BTreeSet::new(),
            allowed: None,
            late: Furthest::new(look_at),
            missed: Furthest::new(look_at),
            clocks: Clocks::default(),
        }
    }

    /// Adds a case, by its row in the export, and what became of the obligation in it.
    pub(super) fn add(&mut self, row: usize, codes: &CodesOf<'_>, (case, outcome): (&Case, &Outcome), became: Became) {
        let (verdict, [trigger, due, done]) = (became.verdict, became.times());
        tick(&mut self.verdicts, verdict);
        let code = codes.code(self.cells.responsible);
        if let Some(code) = code {
            tick(self.organisations.of_code(code), verdict);
        }
        let organisation = || code.map(|code| code.text.to_owned());
        if let Some((trigger, due)) = trigger.zip(due) {
            self.allowed(trigger, due);
        }
        match verdict {
            None => {
                self.count_needs(outcome.cells.get(self.cells.verdict).map_or(0, |value| value.needs));
                let seen = Seen { plan: self.plan, case, outcome, judged: None };
                if self.required && is_unset(&seen, &[self.cells.verdict]) {
                    self.unset.insert(organisation());
                }
            }
            Some(Verdict::Excused) => {
                let place = outcome.only(self.plan, self.cells.excuse).and_then(Known::place);
                *self.excuses.entry(place.unwrap_or(usize::MAX)).or_default() += 1;
            }
            Some(Verdict::Met | Verdict::Late) => {
                let late = due.zip(done).filter(|_| verdict == Some(Verdict::Late));
                let (by, holidays) = (self.cells.due_by, &self.plan.holidays);
                let late_by = late.map(|(due, done)| took(by, due, done, holidays));
                let late = late.map(|(due, done)| Lateness::of(by, due, done, holidays));
                if let (Some(trigger), Some(done)) = (trigger, done) {
                    let took = Took { time: took(by, trigger, done, holidays), late_by };
                    if self.required {
                        self.times_of.entry(organisation()).or_default().push(took);
                    } else {
                        self.times.push(took);
                    }
                    if self.cells.due != self.cells.trigger {
                        self.clocks.add(code, trigger, done);
                    }
                }
                let by = late.and_then(|late| late.elapsed);
                if let Some(by) = by.filter(|by| self.late.wants(*by, row)) {
                    let organisation = organisation();
                    self.late.add(Overdue { by, late, row, organisation, event: None, kept: None });
                }
            }
            Some(Verdict::Missed) => {
                if let Some(trigger) = trigger.filter(|_| became.before) {
                    self.clocks.add(code, trigger, trigger - 1);
                }
                let by = due.map_or(0, |due| case.as_of - due);
                if self.missed.wants(by, row) {
                    let organisation = organisation();
                    self.missed.add(Overdue { by, late: None, row, organisation, event: None, kept: None });
                }
            }
            Some(Verdict::NotApplicable | Verdict::Open) => {}
        }
    }

    /// Takes note of how long a case has, as long as that is the same for all.
    fn allowed(&mut self, trigger: i64, due: i64) {
        let days = in_days(self.cells.due_by).map(|days| days_from(days, trigger, due, &self.plan.holidays));
        // Of what is due at an instant it is a time.
        let allowed = days.unwrap_or(due - trigger);
        if self.allowed.replace(allowed) == Some(allowed) {
            return;
        }
        // Of more than say that they differ the least are held, whichever came first.
        let (all, most) = if days.is_some() { (&mut self.days, 2) } else { (&mut self.limits, MOST_LIMITS) };
        all.insert(allowed);
        keep_least(all, most);
    }

    /// Adds what was counted of other cases of the export.
    pub(super) fn take(&mut self, other: ObligationTally<'_>) {
        // Each count is named, so that none is forgotten.
        #[rustfmt::skip]
        let ObligationTally {
            plan: _, place: _, answer: _, cells: _, required: _, allowed: _,
            verdicts, organisations, needs, excuses, times, times_of, unset, limits, days, late, missed, clocks,
        } = other;
        add(&mut self.verdicts, &verdicts);
        self.organisations.take(&organisations, add);
        self.needs.iter_mut().zip(needs).for_each(|(sum, own)| *sum += own);
        for (place, count) in excuses {
            *self.excuses.entry(place).or_default() += count;
        }
        self.times.take(&times);
        for (code, times) in &times_of {
            self.times_of.entry(code.clone()).or_default().take(times);
        }
        self.unset.extend(unset);
        self.limits.extend(limits);
        self.days.extend(days);
        keep_least(&mut self.limits, MOST_LIMITS);
        keep_least(&mut self.days, 2);
        self.late.take(late);
        self.missed.take(missed);
        self.clocks.take(&clocks);
    }

    fn count_needs(&mut self, needs: u64) {
        for (bit, count) in self.needs.iter_mut().enumerate() {
            *count += needs >> bit & 1;
        }
    }

    /// Keeps the cases that will be listed, of those that begin with this row.
    pub(super) fn keep(&mut self, first: usize, all: Cases<'_>) {
        self.late.keep(first, all);
        self.missed.keep(first, all);
    }

    /// Each case that is kept so far: its number, and its name.
    pub(super) fn each_kept(&mut self, see: &mut dyn FnMut(usize, &mut String)) {
        self.late.each_kept(see);
        self.missed.each_kept(see);
    }

    /// The time that all cases have, or their days; none where they have several.
    fn limit(&self) -> Option<i64> {
        let days = self.days.first().copied().filter(|_| self.days.len() == 1);
        days.map(|days| days * DAY).or_else(|| the_limit(&self.limits))
    }

    /// How long it took whoever has made the settings that each has to make, as far as that is known by now.
    pub(super) fn all_times(&self) -> impl Iterator<Item = Took> {
        let set = self.times_of.iter().filter(|(code, _)| !self.unset.contains(code));
        self.times.values().chain(set.flat_map(|(_, times)| times.values()))
    }

    /// All cases are in: of organisations that have not made a setting which each has to make, nothing is decided.
    pub(super) fn settle(&mut self) {
        for (code, times) in std::mem::take(&mut self.times_of) {
            if !self.unset.contains(&code) {
                self.times.extend(times.values());
            }
        }
        // Those of cases that name no organisation are what the others leave.
        let mut unnamed = self.verdicts;
        self.organisations.iter().for_each(|(_, own)| take_decided(&mut unnamed, own));
        for code in &self.unset {
            let own = match code {
                Some(code) => self.organisations.of(code),
                None => &mut unnamed,
            };
            let was = *own;
            take_decided(own, &was);
            take_decided(&mut self.verdicts, &was);
            let decided = was.met + was.late + was.missed;
            own.unknown += decided;
            self.verdicts.unknown += decided;
        }
        self.late.without(&self.unset);
        self.missed.without(&self.unset);
    }

    /// What a reader may take for granted of its times.
    pub(super) fn of_times(&self) -> OfTimes {
        let by_time = in_days(self.cells.due_by).is_none();
        let beyond = |took: &Took, limit: i64| {
            let is_late = took.late_by.is_some();
            is_late == (took.time > limit || by_time && limit == 0 && is_late)
        };
        let parted = self.limit().is_some_and(|limit| self.times.counts().all(|(took, _)| beyond(&took, limit)));
        OfTimes {
            parted,
            all: self.times.len() == self.verdicts.met + self.verdicts.late,
            all_late: self.times.count(|took| took.late_by.is_some()) == self.verdicts.late,
        }
    }

    /// Whether what is named as lacking accounts for all that is unknown.
    pub(super) fn names_needs(&self) -> bool {
        self.needs.iter().sum::<u64>() >= self.verdicts.unknown
    }

    pub(super) fn finish(self, judge: &mut dyn Judge, options: &Options) -> (ObligationResult, Vec<ClockOff>) {
        let disclosure = &options.disclosure;
        let (clocks, limit) = (self.clocks.off(disclosure), self.limit());
        let cases = if disclosure.shows_cases() {
            cases_to_look_at(self.place, judge, self.late, self.missed)
        } else {
            Vec::new()
        };
        let times = self.times.counts().collect::<Vec<(Took, u64)>>();
        let delay = disclosure.delay(delay(&times, limit, in_days(self.cells.due_by), disclosure));
        let needs = self.needs.iter().enumerate().filter(|(_, count)| **count > 0);
        let needs = needs.map(|(bit, count)| (unknown_name(self.plan, bit), *count));
        let excuses = self.excuses.iter().map(|(place, count)| {
            let reason = self.cells.excuses.get(*place).cloned();
            (reason.unwrap_or_else(|| sentences::ONE_OF_SEVERAL_EXCUSES.to_owned()), *count)
        });
        let (needs, excuses) = (disclosure.list(needs), disclosure.list(excuses));
        let several = self.organisations.len() > 1;
        let organisations = self.organisations.iter().filter(|_| several);
        let forbidden = forbids(self.plan, self.cells);
        let result = ObligationResult {
            id: options.anchor(&self.answer.name),
            name: self.answer.name.clone(),
            title: self.answer.label.clone().unwrap_or_else(|| self.answer.name.clone()),
            source: self.answer.source.clone().unwrap_or_default(),
            severity: self.cells.severity.clone(),
            forbidden,
            verdicts: disclosure.verdicts(self.verdicts),
            organisations: organisations.map(|(code, v)| (code.clone(), disclosure.verdicts(*v))).collect(),
            readings: readings(self.verdicts, forbidden, disclosure),
            delay,
            needs,
            excuses,
            cases,
        };
        (result, clocks)
    }
}

/// Drops the largest until there are no more than so many.
fn keep_least(all: &mut BTreeSet<i64>, most: usize) {
    while all.len() > most {
        all.pop_last();
    }
}

/// The same sentence with other denominators: different questions, side by side.
fn readings(v: Verdicts, forbidden: bool, disclosure: &Disclosure) -> Vec<Reading> {
    let applicable = v.met + v.late + v.missed;
    let all = applicable + v.not_applicable + v.excused + v.open + v.unknown;
    let reading = |question: &str, numerator: u64, denominator: u64, is_the_rule: bool| {
        let ([numerator, denominator], hidden) = disclosure.hide([numerator, denominator]);
        let rate = if hidden == 0 { rate(numerator, denominator) } else { None };
        Reading { question: question.to_owned(), numerator, denominator, rate, is_the_rule, hidden }
    };
    let asked = if forbidden { sentences::HAPPENED_OF_APPLICABLE } else { sentences::NOT_DONE_OF_APPLICABLE };
    let mut readings = vec![
        reading(sentences::LATE_OF_TIMED, v.late, v.met + v.late, false),
        reading(asked, v.late + v.missed, applicable, true),
        reading(sentences::LATE_OF_ALL, v.late, all, false),
    ];
    if v.unknown > 0 {
        readings.push(reading(sentences::MET_OF_PERHAPS_APPLICABLE, v.met, applicable + v.unknown, false));
    }
    readings
}
