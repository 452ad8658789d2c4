//! Warnings that wait until what stands around them is known: something may be none, and nothing beside it says so.

use crate::diagnostics::{Code, Diagnostic};
use crate::plan::Expr;
use crate::plan::operators::speaks_of_events;
use crate::text::Span;
use crate::types::{Builder, Place};

/// The warnings that wait, and those that will be told.
#[derive(Debug, Default)]
pub(in crate::types) struct Doubts {
    waiting: Vec<Doubt>,
    certain: Vec<Diagnostic>,
    /// What is there for the rest of the declaration, see [`Builder::given`].
    given: Vec<(Expr, Place)>,
}

/// A warning that waits.
#[derive(Debug)]
pub(in crate::types) struct Doubt {
    /// What may be none, see [`Builder::roots`]; where all of it is there, nothing is in doubt.
    pub of: Vec<Expr>,
    /// Where that is said.
    pub place: Place,
    /// The query that is none where it is.
    pub answers: Option<Span>,
    /// What is told.
    pub warning: Diagnostic,
}

impl Builder<'_> {
    /// Notes a warning that what stands beside it may settle. What another package's text leaves open is told there.
    pub(in crate::types) fn doubt(&mut self, mut doubt: Doubt) {
        let given = |of: &Expr| {
            self.doubts.given.iter().any(|(there, at)| there == of && (*at == doubt.place || !speaks_of_events(of)))
        };
        doubt.of.retain(|of| !given(of));
        if self.context.inlining().is_none() && !doubt.of.is_empty() {
            self.doubts.waiting.push(doubt);
        }
    }

    /// How many warnings wait, for [`Builder::ruled_out`].
    pub(in crate::types) fn doubts(&self) -> usize {
        self.doubts.waiting.len()
    }

    /// Takes out what was noted since a mark.
    pub(in crate::types) fn take_doubts(&mut self, mark: usize) -> Vec<Doubt> {
        self.doubts.waiting.split_off(mark.min(self.doubts.waiting.len()))
    }

    /// Puts back what was taken out.
    pub(in crate::types) fn put_doubts(&mut self, doubts: Vec<Doubt>) {
        self.doubts.waiting.extend(doubts);
    }

    /// For the rest of the declaration a value is there: without it, nothing is judged.
    pub(in crate::types) fn given(&mut self, value: &Expr, place: Place) {
        let implied = self.implied(value);
        self.doubts.given.extend(implied.into_iter().map(|there| (there, place)));
    }

    /// The same of what is there where a condition is yes: what is judged is judged only there.
    pub(in crate::types) fn given_where(&mut self, condition: &Expr, place: Place) {
        let there = self.there(condition, true);
        self.doubts.given.extend(there.into_iter().map(|there| (there, place)));
    }

    /// Works out a declaration of its own: what stands beside the place where it is asked for settles nothing in it.
    pub(super) fn by_itself<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let given = std::mem::take(&mut self.doubts.given);
        let mark = self.doubts();
        let done = work(self);
        let noted = self.take_doubts(mark);
        self.doubts.certain.extend(noted.into_iter().map(|doubt| doubt.warning));
        self.doubts.given = given;
        done
    }

    /// Drops what was noted from a mark on about values that are there where conditions at this place are `yes` or no.
    pub(in crate::types) fn ruled_out(
        &mut self,
        from: usize,
        to: usize,
        conditions: &[&Expr],
        yes: bool,
        place: Place,
    ) {
        if from < to {
            let there: Vec<Expr> = conditions.iter().flat_map(|condition| self.there(condition, yes)).collect();
            self.drop_doubts(from, to, &there, place);
        }
    }

    fn drop_doubts(&mut self, from: usize, to: usize, there: &[Expr], place: Place) {
        let mut number = 0;
        self.doubts.waiting.retain_mut(|doubt| {
            number += 1;
            if from < number && number <= to {
                let here = doubt.place == place;
                doubt.of.retain(|of| !(there.contains(of) && (here || !speaks_of_events(of))));
            }
            !doubt.of.is_empty()
        });
    }

    /// Drops what was noted from a mark on about the answers of these queries: it is said what stands for them where they are none.
    pub(in crate::types) fn answered_otherwise(&mut self, from: usize, queries: &[Span]) {
        let mut number = 0;
        self.doubts.waiting.retain(|doubt| {
            number += 1;
            number <= from || !doubt.answers.is_some_and(|query| queries.contains(&query))
        });
    }

    /// Reports what is still in doubt, once for each place of the text.
    pub(in crate::types) fn report_doubts(&mut self) {
        let waiting = self.take_doubts(0).into_iter().map(|doubt| doubt.warning);
        let all: Vec<Diagnostic> = std::mem::take(&mut self.doubts.certain).into_iter().chain(waiting).collect();
        let mut told: Vec<(Code, Span)> = Vec::new();
        for warning in all {
            let key = (warning.code, warning.primary.span);
            if !told.contains(&key) {
                told.push(key);
                self.faults.push(warning);
            }
        }
    }
}
