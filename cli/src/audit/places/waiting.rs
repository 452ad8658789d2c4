//! Cases that wait to be counted of their organisations, so that those of one are counted one after the other: what is counted of one lies
//! far from what is counted of the next, and is fetched once for all of its cases.
//!
//! Of a case there is as much as is counted, side by side with that of others, so that many can wait near the processor.

use crate::audit::delays::in_days;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{CellId, Id, Kinds, Obligation, Plan, Verdict};
use concord_engine::values::calendar::{DAY, local_from_instant};
use std::hint::black_box;

/// So many wait at most: more than a hundred of each organisation where there are a hundred.
const MOST: usize = 16_384;
/// An event may be a copy of one so many places before it.
const NEAR: usize = 8;

/// The cases.
#[derive(Default)]
pub(super) struct Waiting {
    cases: Vec<Head>,
    events: Vec<Happened>,
    became: Vec<Became>,
}

/// What is said of a case as a whole, and where its parts begin.
struct Head {
    place: usize,
    missing: u64,
    touched: bool,
    future: bool,
    events: usize,
    became: usize,
}

/// A case.
#[derive(Clone, Copy)]
pub(super) struct Brief<'w> {
    /// The bits of the facts that it lacks; there are no more facts than bits.
    pub(super) missing: u64,
    /// A refused row may have changed it.
    pub(super) touched: bool,
    /// It has an event after the end of the data.
    pub(super) future: bool,
    pub(super) events: &'w [Happened],
    /// One of each obligation of the plan.
    pub(super) became: &'w [Became],
}

/// An event, in two words.
#[derive(Clone, Copy)]
pub(super) struct Happened {
    /// When, if that is known; 0 where it is not.
    instant: i64,
    is_known: bool,
    /// No more than its day is known.
    is_of_day: bool,
    /// The place of its kind; there are no more kinds than bits.
    pub(super) kind: u8,
    /// It is exactly like one shortly before it.
    pub(super) copy: bool,
}

impl Happened {
    /// When, if that is known.
    #[inline]
    pub(super) fn at(&self) -> Option<i64> {
        self.is_known.then_some(self.instant)
    }

    /// An instant of its day, if that is known.
    pub(super) fn on(&self) -> Option<i64> {
        (self.is_known || self.is_of_day).then_some(self.instant)
    }
}

/// What became of an obligation in a case, in four words.
#[derive(Clone, Copy)]
pub(in crate::audit) struct Became {
    pub(in crate::audit) verdict: Option<Verdict>,
    /// When it began, was due and was done, and which of these are known; 0 where one is not.
    instants: [i64; 3],
    are_known: [bool; 3],
    /// What was expected was not done since it began, and was before.
    pub(in crate::audit) before: bool,
}

impl Became {
    /// Of a case; `expected` are the kinds of event that are expected and not what it begins with.
    pub(in crate::audit) fn of(
        plan: &Plan,
        (cells, expected): (&Obligation, Kinds),
        (case, outcome): (&Case, &Outcome),
    ) -> Became {
        let times = [cells.trigger, cells.due, cells.done].map(|cell| outcome.only(plan, cell)?.value());
        let times = match in_days(cells.due_by) {
            Some(_) if times[0].is_none() || times[2].is_none() => by_the_day(times, cells, outcome),
            _ => times,
        };
        // Whether each is known stands beside it.
        let (instants, are_known) = (times.map(|time| time.unwrap_or(0)), times.map(|time| time.is_some()));
        let verdict = outcome.verdict(plan, cells);
        let before = verdict == Some(Verdict::Missed) && times[2].is_none() && was_before(case, times[0], expected);
        Became { verdict, instants, are_known, before }
    }

    /// When it began, was due and was done, as far as these are known.
    #[inline]
    pub(in crate::audit) fn times(&self) -> [Option<i64>; 3] {
        let ([began, due, done], [has_begun, is_due, is_done]) = (self.instants, self.are_known);
        [has_begun.then_some(began), is_due.then_some(due), is_done.then_some(done)]
    }
}

/// When it began and was done where one of these is known by the day alone: of what is due by a day that is as much as counts. What is done on the day on which it
/// begins is not done before.
fn by_the_day(times: [Option<i64>; 3], cells: &Obligation, outcome: &Outcome) -> [Option<i64>; 3] {
    let [began, due, done] = times;
    let day = |at: i64| local_from_instant(at).div_euclid(DAY);
    let within = |cell: CellId| {
        let value = outcome.cells.get(cell)?;
        (value.may_be_some && !value.may_be_none && day(value.low) == day(value.high)).then_some(value.low)
    };
    let (began, done) = (began.or_else(|| within(cells.trigger)), done.or_else(|| within(cells.done)));
    let done = done.map(|done| began.filter(|began| day(*began) == day(done)).unwrap_or(done)); // another day is its own
    [began, due, done]
}

/// The first instant of the day that an event surely lies in; none where that is not known.
fn of_day(at: When) -> Option<i64> {
    let day = |at: i64| local_from_instant(at).div_euclid(DAY);
    match at {
        When::Between(first, last) if day(first) == day(last) => Some(first),
        _ => None,
    }
}

impl Waiting {
    /// Adds a case of the organisation in this place; whether as many wait now as may.
    pub(super) fn push(&mut self, place: usize, case: &Case, became: &[Became]) -> bool {
        let (mut missing, mut bit) = (0, 1_u64);
        for datum in &case.facts {
            missing |= if *datum == Datum::Missing { bit } else { 0 };
            // After the last bit there is none.
            bit <<= 1;
        }
        let (first, mut future, mut before) = (self.events.len(), false, None);
        self.events.extend(case.events.iter().enumerate().map(|(nth, event)| {
            let at = event.at.known();
            future |= matches!(event.at, When::Known(at) | When::Between(at, _) if at > case.as_of);
            let kind = u8::try_from(event.kind.place()).unwrap_or(u8::MAX);
            let at_once = at.is_some() && before == at;
            before = at;
            let of_day = if at.is_none() { of_day(event.at) } else { None };
            // Whether it is known, or its day is, stands beside it.
            let (instant, is_known) = (at.or(of_day).unwrap_or(0), at.is_some());
            Happened {
                instant,
                is_known,
                is_of_day: of_day.is_some(),
                kind,
                copy: at_once && is_copy(&case.events, nth, event),
            }
        }));
        let (touched, became_from) = (case.not_supplied != 0, self.became.len());
        self.cases.push(Head { place, missing, touched, future, events: first, became: became_from });
        self.became.extend_from_slice(became);
        self.cases.len() >= MOST
    }

    /// Hands all of them over, those of one organisation one after the other in the order in which they came, and forgets them.
    pub(super) fn empty(&mut self, mut take: impl FnMut(usize, Brief<'_>)) {
        let mut order: Vec<usize> = (0..self.cases.len()).collect();
        order.sort_by_key(|nth| self.cases.get(*nth).map(|head| head.place));
        let mut order = order.into_iter().filter_map(|nth| self.brief(nth)).peekable();
        while let Some((place, case)) = order.next() {
            // The parts of the next case are on their way from far memory while this one is counted.
            let next = order.peek().map(|(_, next)| next);
            black_box(next.map(|next| (next.events.first().copied(), next.became.first().copied())));
            take(place, case);
        }
        drop(order);
        self.cases.clear();
        self.events.clear();
        self.became.clear();
    }

    /// A case, by its place among those that wait, with the place of its organisation.
    #[inline]
    fn brief(&self, nth: usize) -> Option<(usize, Brief<'_>)> {
        let (head, next) = (self.cases.get(nth)?, self.cases.get(nth + 1));
        let events = head.events..next.map_or(self.events.len(), |next| next.events);
        let became = head.became..next.map_or(self.became.len(), |next| next.became);
        let brief = Brief {
            missing: head.missing,
            touched: head.touched,
            future: head.future,
            // The parts of a case lie within the lists.
            events: self.events.get(events).unwrap_or_default(),
            became: self.became.get(became).unwrap_or_default(),
        };
        Some((head.place, brief))
    }
}

/// Whether events of some kinds are all before an instant, and any is: the last of them is, as those at known times come first, in order.
fn was_before(case: &Case, began: Option<i64>, expected: Kinds) -> bool {
    let Some(began) = began else { return false };
    let last = case.events.iter().rev().find(|event| expected.contain(event.kind));
    last.is_some_and(|event| event.at.known().is_some_and(|at| at < began))
}

/// Whether an event at a known time is exactly like one shortly before it; those at one time stand side by side.
fn is_copy(events: &[Occurrence], place: usize, event: &Occurrence) -> bool {
    let earlier = events.get(place.saturating_sub(NEAR)..place).unwrap_or_default();
    earlier.iter().rev().take_while(|other| other.at == event.at).any(|other| other == event)
}
