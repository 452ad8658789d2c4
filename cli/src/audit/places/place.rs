//! One organisation: its cases by month, and how complete, how precise and how often copied its events are.

use super::guarded::Guarded;
use super::judged::median;
use super::misplaced::{Far, misplaced};
use super::waiting::{Brief, Happened};
use super::{Judged, Ways};
use crate::audit::disclose::Disclosure;
use crate::audit::sample::Sample;
use crate::data::marks::{Marks, mixed};
use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Answer, Id, Kinds, Obligation, Plan, Verdict};
use concord_engine::values::calendar::{DAY, HOUR, date_from_days, local_from_instant};
use concord_engine::variation::delays::Counted;
use concord_engine::variation::shifted::{Days, Shifted};
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;
/// A case with fewer known times than this may be like another by chance.
const LEAST_TIMES: usize = 3;
/// Of fewer times no median is told.
const LEAST_TO_TELL: u64 = 20;

/// An organisation.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Place {
    pub(in crate::audit) cases: u64,
    /// By first day of the month, since 1970.
    pub(in crate::audit) months: BTreeMap<i64, Month>,
    pub(in crate::audit) kinds: Vec<OfKind>,
    /// Cases that lack a fact, by fact.
    pub(in crate::audit) missing: Vec<u64>,
    /// First events of cases by hour of the clock, in winter and in summer time.
    pub(in crate::audit) hours: Days,
    /// How far its days lie early in summer, once all cases are in: by the first events of cases, then by each kind.
    pub(in crate::audit) early: Vec<Option<Shifted>>,
    /// Cases that a refused row may have changed.
    pub(in crate::audit) touched: u64,
    /// Cases exactly like an earlier one, in facts, events and times.
    pub(in crate::audit) copies: u64,
    /// Cases exactly like one of another organisation.
    pub(in crate::audit) elsewhere: u64,
    /// Cases with an event after the end of the data.
    pub(in crate::audit) future: u64,
    pub(in crate::audit) judged: Vec<Judged>,
    pub(in crate::audit) ways: Guarded<Ways>,
    /// A number of each case, where they are held here; that two have one by chance is less likely than that two are alike by chance.
    pub(super) seen: Marks,
}

/// A month's cases, and by kind of event those that have one.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Month {
    pub(in crate::audit) cases: u64,
    pub(in crate::audit) with: Vec<u64>,
    /// The first and the last day on which a case begins.
    pub(in crate::audit) days: Option<(i64, i64)>,
}

/// What is known of the events of a kind.
#[derive(Clone, Debug)]
pub(in crate::audit) struct OfKind {
    pub(in crate::audit) events: u64,
    /// Without a known time.
    pub(in crate::audit) untimed: u64,
    /// Exactly like an earlier event of the same case.
    pub(in crate::audit) copies: u64,
    /// Those that lie far from the rest of their case.
    pub(in crate::audit) far: Far,
    /// By minute of the hour.
    pub(in crate::audit) minutes: Guarded<[u64; 60]>,
    /// The first of the kind in its case by hour of the clock, in winter and in summer time.
    pub(in crate::audit) hours: Days,
    /// From the first event of the case, milliseconds: the first of the kind.
    pub(in crate::audit) after_first: Sample<i64>,
    /// The median of these with its variance, once all cases are in; none of few.
    pub(in crate::audit) usually_after: Option<(f64, f64)>,
}

impl Place {
    pub(super) fn new(plan: &Plan, obligations: usize) -> Place {
        let kind = OfKind {
            events: 0,
            untimed: 0,
            copies: 0,
            far: [0; 4],
            minutes: [0; 60].into(),
            hours: [[0; 24]; 2],
            after_first: Sample::default(),
            usually_after: None,
        };
        Place {
            cases: 0,
            months: BTreeMap::new(),
            kinds: vec![kind; plan.subject.events.len()],
            missing: vec![0; plan.subject.inputs.len()],
            hours: [[0; 24]; 2],
            early: Vec::new(),
            touched: 0,
            copies: 0,
            elsewhere: 0,
            future: 0,
            judged: vec![Judged::default(); obligations],
            ways: Ways::default().into(),
            seen: Marks::default(),
        }
    }

    /// Adds a case, whose obligations are these.
    pub(super) fn add(&mut self, (obligations, holidays): (&[(&Answer, &Obligation)], &[i64]), case: Brief<'_>) {
        let month = self.add_case(case);
        let excused = case.became.iter().any(|became| became.verdict == Some(Verdict::Excused));
        for (((_, cells), became), judged) in obligations.iter().zip(case.became).zip(&mut self.judged) {
            judged.add((cells, holidays), became, month, excused);
        }
    }

    /// Adds the case itself; gives the month in which it begins, and whether that is in summer time.
    fn add_case(&mut self, case: Brief<'_>) -> (Option<i64>, bool) {
        self.cases += 1;
        self.touched += u64::from(case.touched);
        self.future += u64::from(case.future);
        add_bits(&mut self.missing, case.missing);
        let (far, mistaken) = misplaced(case.events);
        for (kind, of) in far.into_iter().flatten() {
            let sums = self.kinds.get_mut(usize::from(kind)).map(|kind| &mut kind.far).into_iter().flatten();
            sums.zip(of).for_each(|(sum, own)| *sum += own);
        }
        // A date that is mistaken begins no case; of two it is the one from which nothing counts.
        let begins = mistaken.and_then(|(first, second)| {
            let mut triggers = case.became.iter().filter_map(|became| became.times()[0]);
            second.or_else(|| triggers.find(|trigger| *trigger != first))
        });
        let first = begins.or_else(|| case.events.iter().find_map(Happened::at)); // they stand in their order
        let local = first.map(local_from_instant);
        self.ways.counting().add(case.events, self.kinds.len());
        let mut seen = Kinds::default();
        for event in case.events {
            let Some(kind) = self.kinds.get_mut(usize::from(event.kind)) else { continue };
            let own = Kinds(1_u64.checked_shl(event.kind.into()).unwrap_or(0));
            kind.add(event, (first, local), !seen.meet(own));
            seen = seen.and(own);
        }
        let Some((first, local)) = first.zip(local) else {
            // Where no more than days are known, it begins on the first of them, at whatever hour.
            let day = case.events.iter().filter_map(Happened::on).min();
            let day = day.map(|day| local_from_instant(day).div_euclid(DAY));
            day.into_iter()
                .for_each(|day| self.months.entry(month_of(day)).or_default().add(day, seen, self.kinds.len()));
            return (day.map(month_of), false);
        };
        let summer = local != first;
        tick(&mut self.hours, local, summer);
        let day = local.div_euclid(DAY);
        let month = month_of(day);
        self.months.entry(month).or_default().add(day, seen, self.kinds.len());
        (Some(month), summer)
    }

    /// Takes note of the number of a case, where all numbers are held.
    pub(super) fn hold(&mut self, mark: u64) {
        self.copies += u64::from(!self.seen.add(mark));
    }

    pub(super) fn settle(&mut self) {
        self.judged.iter_mut().for_each(Judged::settle);
        for kind in &mut self.kinds {
            let times = std::mem::take(&mut kind.after_first);
            if times.len() >= LEAST_TO_TELL {
                kind.usually_after = median(&Counted::of(times.counts()));
            }
        }
    }

    /// Hours of the first events of cases, or of a kind: the one before `what`.
    pub(in crate::audit) fn days(&self, what: usize) -> Days {
        let kind = what.checked_sub(1).map(|kind| self.kinds.get(kind).map_or([[0; 24]; 2], |kind| kind.hours));
        kind.unwrap_or(self.hours)
    }

    /// All cases are in.
    pub(super) fn close(&mut self) {
        self.ways.counting().close();
        self.seen = Marks::default();
    }

    pub(super) fn show(&mut self, disclosure: &Disclosure) {
        let show = |count: &mut u64| *count = disclosure.stand_in(*count);
        let counts = [&mut self.cases, &mut self.touched, &mut self.copies, &mut self.elsewhere, &mut self.future];
        counts.into_iter().for_each(show);
        self.missing.iter_mut().for_each(show);
        self.hours.iter_mut().flatten().for_each(show);
        for month in self.months.values_mut() {
            show(&mut month.cases);
            month.with.iter_mut().for_each(show);
        }
        for kind in &mut self.kinds {
            [&mut kind.events, &mut kind.untimed, &mut kind.copies].into_iter().for_each(show);
            kind.far.iter_mut().for_each(show);
            kind.minutes.protect();
            if !disclosure.shows_distribution(kind.after_first.len()) {
                kind.after_first.clear();
            }
        }
        self.ways.protect();
        self.judged.iter_mut().for_each(|judged| judged.show(disclosure));
    }
}

impl Month {
    fn add(&mut self, day: i64, seen: Kinds, kinds: usize) {
        self.cases += 1;
        self.with.resize(kinds, 0);
        add_bits(&mut self.with, seen.0);
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
    }
}

impl OfKind {
    /// Times on a step of so many minutes, and all, as they may be told.
    pub(in crate::audit) fn on_step(&self, step: usize) -> [u64; 2] {
        self.minutes.told(|minutes| [minutes.iter().step_by(step).sum(), minutes.iter().sum()])
    }

    /// Adds an event of a case that begins at an instant, by the clock at a local time.
    fn add(&mut self, event: &Happened, (first, local): (Option<i64>, Option<i64>), is_first: bool) {
        self.events += 1;
        self.copies += u64::from(event.copy);
        let Some(at) = event.at() else {
            self.untimed += 1;
            return;
        };
        let minute = usize::try_from(at.rem_euclid(HOUR) / MINUTE).unwrap_or(0);
        self.minutes.counting().iter_mut().skip(minute).take(1).for_each(|count| *count += 1);
        if let Some((first, local)) = first.zip(local).filter(|_| is_first) {
            // But for one whose date is mistaken none comes before the first.
            if at >= first {
                self.after_first.push(at - first);
            }
            // By the season in which the case begins.
            tick(&mut self.hours, at + (local - first), local != first);
        }
    }
}

/// Adds each bit to the count in its place.
#[inline]
fn add_bits(counts: &mut [u64], mut bits: u64) {
    for count in counts {
        *count += bits & 1;
        bits >>= 1;
    }
}

/// Counts one more at a local time.
#[inline]
fn tick(hours: &mut Days, local: i64, summer: bool) {
    let hour = usize::try_from(local.rem_euclid(DAY) / HOUR).unwrap_or(0);
    let season = hours.iter_mut().skip(usize::from(summer)).take(1);
    season.flatten().skip(hour).take(1).for_each(|count| *count += 1);
}

/// A number of a case, made of its facts, events and times; none of one that may be like another by chance.
pub(super) fn mark_of(case: &Case) -> Option<u64> {
    if case.events.iter().filter(|event| event.at.known().is_some()).take(LEAST_TIMES).count() < LEAST_TIMES {
        return None;
    }
    let mut mark = case.facts.iter().fold(0, |mark, datum| with_datum(mark, *datum));
    for event in &case.events {
        mark = with_time(mixed(mark, event.kind.place() as u64), event.at);
        mark = event.fields.iter().fold(mark, |mark, datum| with_datum(mark, *datum));
    }
    Some(mark)
}

/// A number made of what came before and of a value; of what kind it is stands in the number before it.
fn with_datum(mark: u64, datum: Datum) -> u64 {
    match datum {
        Datum::Missing => mixed(mark, 0),
        Datum::None => mixed(mark.rotate_left(1), 0),
        Datum::Known(value) => mixed(mark.rotate_left(2), value.cast_unsigned()),
        Datum::Between(low, high) => mixed(mixed(mark.rotate_left(3), low.cast_unsigned()), high.cast_unsigned()),
    }
}

/// The same of a time.
fn with_time(mark: u64, at: When) -> u64 {
    with_datum(
        mark,
        match at {
            When::Unknown => Datum::Missing,
            When::Known(at) => Datum::Known(at),
            When::Between(first, last) => Datum::Between(first, last),
        },
    )
}

/// The first day of the month that a day lies in.
fn month_of(day: i64) -> i64 {
    let (_, _, of_month) = date_from_days(day);
    day - (of_month - 1)
}
