//! Which of several values that rows have under a code a fact is, where the rule says it (`taking last within 12 h`): by the times of the rows, as of a
//! record in FHIR, whatever order they stand in.

use super::Reader;
use super::doubts::Says;
use super::rejects::Fault;
use super::row_text::{RowAt, RowText};
use crate::data::mapping::FactRule;
use concord_engine::plan::case::{Datum, When};
use concord_engine::plan::coding::{Taking, Which};
use concord_engine::plan::{Id, InputId};
use concord_fhir::{Counts, lies};
use std::collections::BTreeMap;

/// One of several values: when it was so, and what it is.
#[derive(Clone, Copy)]
struct Said {
    when: When,
    says: Says,
}

/// All values of facts of which the rule says which counts, by the place of their case.
#[derive(Default)]
pub(super) struct Takings(BTreeMap<(usize, usize), (Taking, Vec<Said>)>);

impl Takings {
    /// Adds a value.
    pub(super) fn add(&mut self, place: usize, taking: Taking, when: When, says: Says) {
        let (_, all) = self.0.entry((place, taking.fact.place())).or_insert_with(|| (taking, Vec::new()));
        all.push(Said { when, says });
    }

    /// The fact that each case has of them.
    pub(super) fn settle(&mut self, as_of: impl Fn(usize) -> i64) -> Vec<(usize, InputId, Datum)> {
        let all = std::mem::take(&mut self.0).into_iter();
        all.map(|((place, _), (taking, all))| (place, taking.fact, taken(taking, all, as_of(place)))).collect()
    }
}

/// The value that counts; missing where it is not known which, or what it is.
fn taken(taking: Taking, all: Vec<Said>, as_of: i64) -> Datum {
    let counts = |said: &Said| counts(said.when, as_of, taking.within);
    let placed: Vec<(Counts, Said)> =
        all.into_iter().map(|said| (counts(&said), said)).filter(|(counts, _)| *counts != Counts::No).collect();
    let is_sure = placed.iter().any(|(counts, _)| *counts == Counts::Yes);
    let is_unsure = placed.iter().any(|(counts, _)| *counts == Counts::Perhaps);
    let all: Vec<Said> = placed.into_iter().map(|(_, said)| said).collect();
    if is_unsure {
        // What is so for sure is so, whatever else says the same.
        return if is_sure { same(&all) } else { Datum::Missing };
    }
    if let [one] = all.as_slice() {
        return same(std::slice::from_ref(one));
    }
    match taking.which {
        Which::First | Which::Last => at_the_edge(taking.which, &all),
        Which::Highest | Which::Lowest => extreme(taking.which, &all),
    }
}

/// The value of the first or the last, where it is known which that is, or all that may be it say the same.
fn at_the_edge(which: Which, all: &[Said]) -> Datum {
    let spans: Option<Vec<(i64, i64)>> = all.iter().map(|said| span(said.when)).collect();
    let Some(spans) = spans else { return same(all) };
    let may_be = concord_fhir::at_the_edge(which, &spans).into_iter().zip(all);
    let at_edge: Vec<Said> = may_be.filter(|(may_be, _)| *may_be).map(|(_, said)| *said).collect();
    same(&at_edge)
}

/// The greatest or the least of values, each of which may lie between two.
fn extreme(which: Which, all: &[Said]) -> Datum {
    let ends = |said: &Said| match said.says {
        Says::This(Datum::Known(value)) => Some((value, value)),
        Says::This(Datum::Between(low, high)) => Some((low, high)),
        _ => None,
    };
    let of_two = |one: (i64, i64), other: (i64, i64)| match which {
        Which::Lowest => (one.0.min(other.0), one.1.min(other.1)),
        _ => (one.0.max(other.0), one.1.max(other.1)),
    };
    let ends: Option<Vec<(i64, i64)>> = all.iter().map(ends).collect();
    let found = ends.and_then(|ends| ends.into_iter().reduce(of_two));
    found.map_or(Datum::Missing, |(low, high)| Datum::between(low, high))
}

/// The one value that all have.
fn same(all: &[Said]) -> Datum {
    let Some(Said { says: Says::This(first), .. }) = all.first() else { return Datum::Missing };
    if all.iter().all(|other| other.says == Says::This(*first)) { *first } else { Datum::Missing }
}

fn span(when: When) -> Option<(i64, i64)> {
    match when {
        When::Known(at) => Some((at, at)),
        When::Between(first, last) => Some((first, last)),
        When::Unknown => None,
    }
}

/// Whether something lies before the instant asked about, and not longer before than may be.
fn counts(when: When, as_of: i64, within: Option<i64>) -> Counts {
    span(when).map_or(Counts::Perhaps, |span| lies(span, as_of, within))
}

impl Reader<'_> {
    /// Applies a row that is a fact alone, which its code says; a refused value may have been anything.
    pub(super) fn fact_by_code(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        (place, time): (usize, usize),
        rule: &FactRule,
    ) -> Result<(), Fault> {
        let plan = self.plan;
        let Some(taking) = rule.taking else {
            self.says_whether_it_counts(row).inspect_err(|_| self.may_say(row, (place, time), rule))?;
            self.fact(at, row, place, rule);
            return Ok(());
        };
        // Its time is that of no event.
        let counts = self.counts;
        let when = self.says_whether_it_counts(row).and_then(|()| self.text(row, time));
        let when = when.and_then(|text| self.time(time, &text));
        self.counts = counts;
        let when = when.inspect_err(|_| self.assembler.takings.add(place, taking, When::Unknown, Says::Anything))?;
        let Some(input) = plan.subject.inputs.get(rule.input) else { return Ok(()) };
        let cell = self.cell(at, row, place, input, &rule.cell);
        let says = if cell.refused { Says::Anything } else { Says::This(cell.datum) };
        if says != Says::This(Datum::Missing) {
            // What has no time was so at any time.
            self.assembler.takings.add(place, taking, when.unwrap_or(When::Unknown), says);
        }
        Ok(())
    }

    /// A row that is a fact alone, and does not count, or not yet: it may say anything of it.
    pub(super) fn may_say(&mut self, row: &RowText<'_>, (place, time): (usize, usize), rule: &FactRule) {
        let Some(taking) = rule.taking else { return self.doubt_fact(place, rule.input, rule.take, Says::Anything) };
        let counts = self.counts;
        let when = self.text(row, time).and_then(|text| self.time(time, &text));
        self.counts = counts;
        // A time that cannot be read may be any.
        let when = when.ok().flatten().unwrap_or(When::Unknown);
        self.assembler.takings.add(place, taking, when, Says::Anything);
    }
}
