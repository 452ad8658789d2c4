//! The cases to look at: those furthest beyond their deadline, kept by row and only as many as are listed.

use super::judge::Judge;
use super::sentences;
use crate::data::read::Export;
use crate::results::CaseToLookAt;
use concord_engine::explain::Lateness;
use concord_engine::plan::AnswerId;

/// A case and how far beyond its deadline it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overdue {
    /// Milliseconds by which, or for which, the deadline was passed.
    pub(super) by: i64,
    /// Where it was done late and both times are known, how late.
    pub(super) late: Option<Lateness>,
    /// Its row in the export.
    pub(super) row: usize,
    /// Who answers for it.
    pub(super) organisation: Option<String>,
    /// The event's place in the case, where it is an event that was judged.
    pub(super) event: Option<usize>,
}

/// The furthest so far.
#[derive(Default)]
pub(super) struct Furthest {
    most: usize,
    cases: Vec<Overdue>,
}

impl Furthest {
    pub(super) fn new(most: usize) -> Furthest {
        Furthest { most, cases: Vec::new() }
    }

    /// Adds a case; the list is cut back now and then, so that it stays short.
    pub(super) fn add(&mut self, case: Overdue) {
        self.cases.push(case);
        if self.cases.len() > 4 * self.most + 64 {
            self.cut();
        }
    }

    /// The furthest first; those equally far in the order in which they came.
    pub(super) fn finish(mut self) -> Vec<Overdue> {
        self.cut();
        self.cases
    }

    fn cut(&mut self) {
        self.cases.sort_by_key(|case| std::cmp::Reverse(case.by));
        self.cases.truncate(self.most);
    }
}

/// The cases of an answer, each with its explanation: the longest delays, then the targets missed longest ago.
pub(super) fn cases_to_look_at(
    answer: AnswerId,
    export: &Export,
    judge: &mut dyn Judge,
    late: Furthest,
    missed: Furthest,
) -> Vec<CaseToLookAt> {
    let late = late.finish().into_iter().map(|overdue| (sentences::late(overdue.late), overdue));
    let missed = missed.finish().into_iter().map(|overdue| (sentences::MISSED.to_owned(), overdue));
    let listed = late.chain(missed).filter_map(|(verdict, Overdue { row, organisation, .. })| {
        let (id, case) = (export.ids.get(row)?, export.cases.get(row)?);
        Some(CaseToLookAt { case: id.clone(), organisation, verdict, because: judge.explain(answer, case) })
    });
    listed.collect()
}
