//! The cases to look at: those furthest beyond their deadline, only as many as are listed.

use super::judge::Judge;
use super::sentences;
use crate::data::read::Cases;
use crate::results::CaseToLookAt;
use concord_engine::explain::Lateness;
use concord_engine::plan::AnswerId;
use concord_engine::plan::case::Case;
use std::collections::BTreeSet;

/// A case and how far beyond its deadline it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overdue {
    /// Milliseconds by which, or for which, the deadline was passed.
    pub(super) by: i64,
    /// Where it was done late and both times are known, how late.
    pub(super) late: Option<Lateness>,
    /// A number that rises with the order of cases in the export.
    pub(super) row: usize,
    /// Who answers for it.
    pub(super) organisation: Option<String>,
    /// The event's place in the case, where it is an event that was judged.
    pub(super) event: Option<usize>,
    /// The case and its name, once they are kept.
    pub(super) kept: Option<Box<(String, Case)>>,
}

/// The furthest so far.
#[derive(Clone, Default)]
pub(super) struct Furthest {
    most: usize,
    cases: Vec<Overdue>,
    /// The least far of as many as are listed: what is less far will not be among them.
    least: Option<(i64, usize)>,
}

impl Furthest {
    pub(super) fn new(most: usize) -> Furthest {
        Furthest { most, cases: Vec::new(), least: None }
    }

    /// Whether a case may still be among them.
    pub(super) fn wants(&self, by: i64, row: usize) -> bool {
        self.most > 0 && self.least.is_none_or(|(least, last)| by > least || (by == least && row < last))
    }

    /// Adds a case; the list is cut back now and then, so that it stays short.
    pub(super) fn add(&mut self, case: Overdue) {
        self.cases.push(case);
        if self.cases.len() > 4 * self.most + 64 {
            self.cut();
        }
    }

    /// Keeps the cases that are still among the furthest, of those that begin with this row.
    pub(super) fn keep(&mut self, first: usize, all: Cases<'_>) {
        self.cut();
        for overdue in self.cases.iter_mut().filter(|overdue| overdue.kept.is_none()) {
            let place = match all.order {
                Some(order) => order.binary_search(&overdue.row).ok(),
                None => overdue.row.checked_sub(first),
            };
            let found = place.and_then(|place| Some((all.ids.get(place)?.clone(), all.cases.get(place)?.clone())));
            overdue.kept = found.map(Box::new);
        }
    }

    /// Each case that is kept so far: its number, and its name.
    pub(super) fn each_kept(&mut self, see: &mut dyn FnMut(usize, &mut String)) {
        for overdue in &mut self.cases {
            overdue.kept.as_mut().into_iter().for_each(|kept| see(overdue.row, &mut kept.0));
        }
    }

    /// Leaves out the cases of some organisations.
    pub(super) fn without(&mut self, codes: &BTreeSet<Option<String>>) {
        self.cases.retain(|case| !codes.contains(&case.organisation));
    }

    /// The furthest first; those equally far in the order of the export.
    pub(super) fn finish(mut self) -> Vec<Overdue> {
        self.cut();
        self.cases
    }

    /// Adds those of other cases of the export.
    pub(super) fn take(&mut self, other: Furthest) {
        self.cases.extend(other.cases);
        self.cut();
    }

    fn cut(&mut self) {
        self.cases.sort_by_key(|case| (std::cmp::Reverse(case.by), case.row));
        self.cases.truncate(self.most);
        let last = self.cases.last().filter(|_| self.cases.len() == self.most);
        self.least = last.map(|case| (case.by, case.row)).or(self.least);
    }
}

/// The cases of an answer, each with its explanation: the longest delays, then the targets missed longest ago.
pub(super) fn cases_to_look_at(
    answer: AnswerId,
    judge: &mut dyn Judge,
    late: Furthest,
    missed: Furthest,
) -> Vec<CaseToLookAt> {
    let late = late.finish().into_iter().map(|overdue| (sentences::late(overdue.late), overdue));
    let missed = missed.finish().into_iter().map(|overdue| (sentences::MISSED.to_owned(), overdue));
    let listed = late.chain(missed).filter_map(|(verdict, Overdue { organisation, kept, .. })| {
        let (id, case) = *kept?;
        Some(CaseToLookAt { because: judge.explain(answer, &case), case: id, organisation, verdict })
    });
    listed.collect()
}
