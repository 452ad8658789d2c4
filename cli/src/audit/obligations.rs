//! One obligation over all cases: verdicts, readings, delays, what is missing, and the cases to look at.

use super::delays::delay;
use super::disclose::{Disclosure, rate};
use super::words::{self, anchor};
use super::{Explain, Options};
use crate::report::model::{CaseToLookAt, ObligationResult, Reading, Verdicts};
use concord_engine::evaluate::{Outcome, Value};
use concord_engine::plan::case::Case;
use concord_engine::plan::{Answer, Obligation, Plan, Verdict};
use concord_engine::values::types::duration;
use std::collections::{BTreeMap, BTreeSet};

/// Counts of one obligation while cases go by.
pub(super) struct ObligationTally<'a> {
    place: usize,
    answer: &'a Answer,
    cells: &'a Obligation,
    look_at: usize,
    verdicts: Verdicts,
    organisations: BTreeMap<String, Verdicts>,
    needs: [u64; 64],
    excuses: BTreeMap<usize, u64>,
    /// From trigger to what was expected, and by how much that is late.
    delays: Vec<(i64, Option<i64>)>,
    limits: BTreeSet<i64>,
    late: Vec<Candidate>,
    missed: Vec<Candidate>,
}

/// A case that may be worth looking at.
struct Candidate {
    /// By how much, or for how long, the deadline was passed.
    over: i64,
    id: String,
    organisation: Option<String>,
    case: Case,
}

/// The one possible value of a range; none where it is unknown or is none.
pub(super) fn known(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    (value.may_be_some && !value.may_be_none && value.low == value.high).then_some(value.low)
}

/// The verdict, where exactly one is possible.
pub(super) fn verdict(value: Option<&Value>) -> Option<Verdict> {
    let mask = value?.low;
    let place = usize::try_from(mask.trailing_zeros()).ok()?;
    (mask.count_ones() == 1).then(|| Verdict::ALL.get(place).copied())?
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

impl<'a> ObligationTally<'a> {
    pub(super) fn new(place: usize, answer: &'a Answer, cells: &'a Obligation, look_at: usize) -> Self {
        ObligationTally {
            place,
            answer,
            cells,
            look_at,
            verdicts: Verdicts::default(),
            organisations: BTreeMap::new(),
            needs: [0; 64],
            excuses: BTreeMap::new(),
            delays: Vec::new(),
            limits: BTreeSet::new(),
            late: Vec::new(),
            missed: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, id: &str, organisation: Option<&str>, case: &Case, outcome: &Outcome) {
        let cell = |place: usize| outcome.cells.get(place);
        let of = cell(self.cells.verdict);
        let verdict = verdict(of);
        tick(&mut self.verdicts, verdict);
        if let Some(code) = organisation {
            tick(self.organisations.entry(code.to_owned()).or_default(), verdict);
        }
        let (trigger, due, done) =
            (known(cell(self.cells.trigger)), known(cell(self.cells.due)), known(cell(self.cells.done)));
        if let (Some(trigger), Some(due), true) = (trigger, due, self.limits.len() < 2) {
            self.limits.insert(due - trigger);
        }
        let candidate = |over: i64| Candidate {
            over,
            id: id.to_owned(),
            organisation: organisation.map(str::to_owned),
            case: case.clone(),
        };
        match verdict {
            None => self.count_needs(of.map_or(0, |value| value.needs)),
            Some(Verdict::Excused) => {
                let excuse = cell(self.cells.excuse).filter(|value| value.low.count_ones() == 1);
                let place = excuse.and_then(|value| usize::try_from(value.low.trailing_zeros()).ok());
                *self.excuses.entry(place.unwrap_or(usize::MAX)).or_default() += 1;
            }
            Some(Verdict::Met | Verdict::Late) => {
                if let (Some(trigger), Some(done)) = (trigger, done) {
                    let over = due.filter(|_| verdict == Some(Verdict::Late)).map(|due| done - due);
                    self.delays.push((done - trigger, over));
                }
                if let (Some(due), Some(done), Some(Verdict::Late)) = (due, done, verdict) {
                    keep(&mut self.late, self.look_at, done - due, candidate);
                }
            }
            Some(Verdict::Missed) => {
                let over = due.map_or(0, |due| case.as_of - due);
                keep(&mut self.missed, self.look_at, over, candidate);
            }
            Some(Verdict::NotApplicable | Verdict::Open) => {}
        }
    }

    fn count_needs(&mut self, needs: u64) {
        for (bit, count) in self.needs.iter_mut().enumerate() {
            *count += needs >> bit & 1;
        }
    }

    pub(super) fn finish(mut self, plan: &Plan, explain: &mut Explain<'_>, options: &Options) -> ObligationResult {
        let disclosure = &options.disclosure;
        let cases = if disclosure.shows_cases() { self.cases(explain) } else { Vec::new() };
        let limit = self.limits.iter().next().copied().filter(|_| self.limits.len() == 1);
        let delay = disclosure.delay(delay(&self.delays, limit));
        let needs = self.needs.iter().enumerate().filter(|(_, count)| **count > 0);
        let needs = needs.map(|(bit, count)| (words::unknown(plan, bit), *count));
        let excuses = self.excuses.iter().map(|(place, count)| {
            let reason = self.cells.excuses.get(*place).cloned();
            (reason.unwrap_or_else(|| "one of several".to_owned()), *count)
        });
        let several = self.organisations.len() > 1;
        let organisations = self.organisations.iter().filter(|_| several);
        ObligationResult {
            id: anchor(&[&options.id, &self.answer.name]),
            name: self.answer.name.clone(),
            title: self.answer.label.clone().unwrap_or_else(|| self.answer.name.clone()),
            source: self.answer.source.clone().unwrap_or_default(),
            verdicts: disclosure.verdicts(self.verdicts),
            organisations: organisations.map(|(code, v)| (code.clone(), disclosure.verdicts(*v))).collect(),
            readings: readings(self.verdicts, disclosure),
            delay,
            needs: disclosure.list(needs),
            excuses: disclosure.list(excuses),
            cases,
        }
    }

    /// The longest delays, then the targets missed longest ago.
    fn cases(&mut self, explain: &mut Explain<'_>) -> Vec<CaseToLookAt> {
        longest_first(&mut self.late, self.look_at);
        longest_first(&mut self.missed, self.look_at);
        let late = self.late.iter().map(|case| (case, format!("late by {}", duration(case.over))));
        let missed = self.missed.iter().map(|case| (case, "missed".to_owned()));
        late.chain(missed)
            .map(|(candidate, verdict)| CaseToLookAt {
                case: candidate.id.clone(),
                organisation: candidate.organisation.clone(),
                verdict,
                because: explain(self.place, &candidate.case),
            })
            .collect()
    }
}

/// Holds a case among the longest; the list is cut back now and then, so that it stays short.
fn keep(list: &mut Vec<Candidate>, most: usize, over: i64, candidate: impl FnOnce(i64) -> Candidate) {
    list.push(candidate(over));
    if list.len() > 4 * most + 64 {
        longest_first(list, most);
    }
}

fn longest_first(list: &mut Vec<Candidate>, most: usize) {
    list.sort_by_key(|candidate| std::cmp::Reverse(candidate.over));
    list.truncate(most);
}

/// The same sentence with other denominators: different questions, side by side.
fn readings(v: Verdicts, disclosure: &Disclosure) -> Vec<Reading> {
    let applicable = v.met + v.late + v.missed;
    let all = applicable + v.not_applicable + v.excused + v.open + v.unknown;
    let mut readings = vec![
        (
            "Late, of the cases that have both the trigger and what was expected".to_owned(),
            v.late,
            v.met + v.late,
            false,
        ),
        (
            "Late or missed, of the cases to which it applies: a missing one counts as not done".to_owned(),
            v.late + v.missed,
            applicable,
            true,
        ),
        ("Late, of all cases in the export: a missing one counts as in order".to_owned(), v.late, all, false),
    ];
    if v.unknown > 0 {
        let with_unknown = applicable + v.unknown;
        let question =
            "Met, of the cases to which it applies or may apply: an unknown one counts as not met".to_owned();
        readings.push((question, v.met, with_unknown, false));
    }
    let shown = readings.into_iter().map(|(question, numerator, denominator, is_the_rule)| {
        let ([numerator, denominator], hidden) = disclosure.hide([numerator, denominator]);
        let rate = if hidden == 0 { rate(numerator, denominator) } else { None };
        Reading { question, numerator, denominator, rate, is_the_rule, hidden }
    });
    shown.collect()
}
