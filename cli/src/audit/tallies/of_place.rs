//! What is counted of an organisation, so that afterwards it can be told why it differs.

use super::add_each;
use super::bins::{Bins, count, of_times, times};
use crate::audit::places::{Far, Judged, Month, OfKind, Place};
use crate::audit::sums::{add, span};
use crate::results::Verdicts;
use serde::{Deserialize, Serialize};

/// Half steps of rounding and the minutes just under a limit: counts of margins up to these stay exact.
const MARGINS: [i64; 13] =
    [-1_800_001, -900_001, -450_001, -300_001, -150_001, -1, 0, 150_000, 299_999, 300_000, 450_000, 900_000, 1_800_000];

/// An organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfPlace {
    /// Its code.
    pub code: String,
    /// Its cases.
    pub cases: u64,
    /// By first day of the month: cases, by kind of event those that have one, and the first and the last day.
    months: Vec<OfMonth>,
    kinds: Vec<Kind>,
    missing: Vec<u64>,
    /// First events by hour of the clock, in winter and in summer time.
    hours: [[u64; 24]; 2],
    touched: u64,
    copies: u64,
    /// Cases exactly like one of another organisation of the same export.
    elsewhere: u64,
    future: u64,
    judged: Vec<OfJudged>,
    /// Kinds of event in their order, and cases that go so.
    ways: Vec<(Vec<u8>, u64)>,
    with: Vec<[u64; 2]>,
    before: Vec<((u8, u8), u64)>,
}

type OfMonth = (i64, u64, Vec<u64>, Option<(i64, i64)>);

/// Events of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    events: u64,
    untimed: u64,
    copies: u64,
    far: Far,
    minutes: Vec<u64>,
    /// The first of its case by hour of the clock, in winter and in summer time.
    hours: [[u64; 24]; 2],
    after_first: Bins,
}

/// One obligation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfJudged {
    verdicts: Verdicts,
    months: Vec<(i64, [u64; 2])>,
    /// Still open, by first day of the month.
    waiting: Vec<(i64, u64)>,
    /// In winter and in summer time.
    times: [Bins; 2],
    margins: Bins,
    first_done: Option<i64>,
    missed_excused: u64,
    limits: Option<(i64, i64)>,
    seasons: [[u64; 2]; 2],
    early: [[u64; 2]; 2],
}

impl OfPlace {
    pub(in crate::audit) fn of(code: &str, place: &Place) -> OfPlace {
        let ways = place.ways.counted().so_far();
        let months = place.months.iter().map(|(first, of)| (*first, of.cases, of.with.clone(), of.days));
        OfPlace {
            code: code.to_owned(),
            cases: place.cases,
            months: months.collect(),
            kinds: place.kinds.iter().map(Kind::of).collect(),
            missing: place.missing.clone(),
            hours: place.hours,
            touched: place.touched,
            copies: place.copies,
            elsewhere: place.elsewhere,
            future: place.future,
            judged: place.judged.iter().map(OfJudged::of).collect(),
            ways: ways.ways.iter().map(|(way, cases)| (way.clone(), *cases)).collect(),
            with: ways.with.clone(),
            before: ways.before.iter().map(|(pair, cases)| (*pair, *cases)).collect(),
        }
    }

    /// Cases by month.
    pub(super) fn by_month(&self) -> impl Iterator<Item = u64> {
        self.months.iter().map(|(_, cases, ..)| *cases)
    }

    /// What became of its cases, by obligation.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = &Verdicts> {
        self.judged.iter().map(|judged| &judged.verdicts)
    }

    pub(super) fn held(&self) -> u64 {
        let judged = self.judged.iter().flat_map(|judged| judged.times.iter().chain([&judged.margins]));
        judged.chain(self.kinds.iter().map(|kind| &kind.after_first)).map(count).fold(0, u64::saturating_add)
    }

    pub(in crate::audit) fn to(&self, place: &mut Place) -> Option<()> {
        if self.kinds.len() != place.kinds.len() || self.judged.len() != place.judged.len() {
            return None;
        }
        place.cases += self.cases;
        place.touched += self.touched;
        place.copies += self.copies;
        place.elsewhere += self.elsewhere;
        place.future += self.future;
        for (first, cases, with, days) in &self.months {
            month(place.months.entry(*first).or_default(), *cases, with, *days);
        }
        self.kinds.iter().zip(&mut place.kinds).try_for_each(|(own, kind)| own.to(kind))?;
        add_each(&mut place.missing, self.missing.iter())?;
        self.hours.iter().zip(&mut place.hours).try_for_each(|(own, all)| add_each(all, own.iter()))?;
        self.judged.iter().zip(&mut place.judged).try_for_each(|(own, judged)| own.to(judged))?;
        let all = place.ways.counting();
        all.cases += self.cases;
        for (way, cases) in &self.ways {
            *all.ways.entry(way.clone()).or_default() += cases;
        }
        grow(&mut all.with, &self.with, [0, 0]);
        for (sum, own) in all.with.iter_mut().zip(&self.with) {
            add_each(sum, own.iter())?;
        }
        for (pair, cases) in &self.before {
            *all.before.entry(*pair).or_default() += cases;
        }
        Some(())
    }
}

fn grow<T: Clone>(to: &mut Vec<T>, other: &[T], with: T) {
    to.resize(to.len().max(other.len()), with);
}

fn month(to: &mut Month, cases: u64, with: &[u64], days: Option<(i64, i64)>) {
    to.cases += cases;
    grow(&mut to.with, with, 0);
    to.with.iter_mut().zip(with).for_each(|(sum, own)| *sum += own);
    to.days = span(to.days, days);
}

impl Kind {
    fn of(kind: &OfKind) -> Kind {
        Kind {
            events: kind.events,
            untimed: kind.untimed,
            copies: kind.copies,
            far: kind.far,
            minutes: kind.minutes.counted().to_vec(),
            hours: kind.hours,
            after_first: of_times(kind.after_first.values(), &[]),
        }
    }

    fn to(&self, kind: &mut OfKind) -> Option<()> {
        kind.events += self.events;
        kind.untimed += self.untimed;
        kind.copies += self.copies;
        add_each(&mut kind.far, self.far.iter())?;
        kind.after_first.extend(times(&self.after_first));
        self.hours.iter().zip(&mut kind.hours).try_for_each(|(own, all)| add_each(all, own.iter()))?;
        add_each(kind.minutes.counting(), self.minutes.iter())
    }
}

impl OfJudged {
    fn of(judged: &Judged) -> OfJudged {
        let [winter, summer] = &judged.times;
        OfJudged {
            verdicts: judged.verdicts,
            months: judged.months.counted().iter().map(|(first, counts)| (*first, *counts)).collect(),
            waiting: judged.waiting.counted().iter().map(|(first, open)| (*first, *open)).collect(),
            times: [winter, summer].map(|times| of_times(times.values(), &[])),
            margins: of_times(judged.margins.counted().values(), &MARGINS),
            first_done: judged.first_done,
            missed_excused: judged.missed_excused,
            limits: judged.limits,
            seasons: judged.seasons,
            early: judged.early,
        }
    }

    fn to(&self, judged: &mut Judged) -> Option<()> {
        add(&mut judged.verdicts, &self.verdicts);
        for (first, counts) in &self.months {
            add_each(judged.months.counting().entry(*first).or_default(), counts.iter())?;
        }
        for (first, open) in &self.waiting {
            *judged.waiting.counting().entry(*first).or_default() += open;
        }
        judged.times.iter_mut().zip(&self.times).for_each(|(all, own)| all.extend(times(own)));
        judged.margins.counting().extend(times(&self.margins));
        judged.first_done = judged.first_done.into_iter().chain(self.first_done).min();
        judged.missed_excused += self.missed_excused;
        judged.limits = span(judged.limits, self.limits);
        let pairs = judged.seasons.iter_mut().chain(&mut judged.early);
        pairs.zip(self.seasons.iter().chain(&self.early)).try_for_each(|(sum, own)| add_each(sum, own.iter()))
    }
}
