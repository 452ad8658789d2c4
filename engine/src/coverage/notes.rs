//! The points noted so far, and what a place of the text comes to in a case.

use std::collections::BTreeMap;

use super::possible::Possible;
use super::{Aspect, Point};
use crate::compile::Again;
use crate::evaluate::Evaluated;
use crate::plan::{Expr, Id, Kinds, MAX_LEVELS, Op};
use crate::text::Span;
use crate::types::{Asked, Questions};

/// What is noted of a package.
pub(super) struct Notes<'a> {
    /// The package.
    pub of: &'a Again,
    /// The values that sums of points can have.
    pub possible: Possible,
    /// The values at which a case shows a side of a threshold, where few are possible: by the place and which of it.
    exact: BTreeMap<(Span, String), i64>,
    points: BTreeMap<(Span, Aspect, String), Point>,
    nothing: Questions,
}

impl<'a> Notes<'a> {
    pub fn new(of: &'a Again) -> Notes<'a> {
        let possible = Possible::of(&of.package.plan);
        Notes { of, possible, exact: BTreeMap::new(), points: BTreeMap::new(), nothing: Questions::default() }
    }

    /// Notes a point that a case may show; `which` tells it from others of its place.
    pub fn declare(&mut self, which: impl Into<String>, point: Point) {
        self.points.entry((point.at, point.aspect, which.into())).or_insert(point);
    }

    /// Notes the value at which a case shows a side of a threshold.
    pub fn declare_exact(&mut self, at: Span, which: impl Into<String>, value: i64) {
        self.exact.insert((at, which.into()), value);
    }

    /// Whether a value is the one at which a case shows a side of a threshold.
    pub fn is_exact(&self, at: Span, which: &str, value: i64) -> bool {
        self.exact.get(&(at, which.to_owned())) == Some(&value)
    }

    /// Notes that a case shows a point; one that was not noted before is none.
    pub fn mark(&mut self, aspect: Aspect, at: Span, which: impl Into<String>) {
        if let Some(point) = self.points.get_mut(&(at, aspect, which.into())) {
            point.reached = true;
        }
    }

    /// All of them, in the order of the text.
    pub fn finish(self) -> Vec<Point> {
        self.points.into_values().collect()
    }

    /// What was worked out of the text.
    pub fn questions(&self) -> &Questions {
        self.of.seen.questions().unwrap_or(&self.nothing)
    }

    /// The ways in which the expression at a place was worked out, as far as a case can be asked about them.
    pub fn asked(&self, at: Span) -> impl Iterator<Item = &Asked> {
        let all = self.questions().expressions.get(&at).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|asked| asked.around.len() + depth(&asked.expr) <= usize::from(MAX_LEVELS))
    }

    /// The text of a place on one line.
    pub fn words(&self, span: Span) -> String {
        words(&self.of.source.text, span)
    }
}

/// A piece of a text on one line, without comments.
pub(super) fn words(text: &str, span: Span) -> String {
    let (start, end) = (span.start as usize, span.end as usize);
    // A span lies within its text.
    let text = text.get(start..end).unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// How deep queries stand inside an expression.
fn depth(expr: &Expr) -> usize {
    let Op::Query(query) = &expr.op else {
        // Where there are no operands there is no query.
        return expr.op.operands().into_iter().map(depth).max().unwrap_or(0);
    };
    let parts = query.alternatives.iter().flat_map(|one| [&one.filter, &one.value]);
    // A query has alternatives.
    1 + parts.map(depth).max().unwrap_or(0)
}

/// The events of a case that are of some kinds.
pub(super) fn events_of(evaluated: &Evaluated<'_>, kinds: Kinds) -> Vec<usize> {
    let events = evaluated.case().events.iter().enumerate();
    events.filter(|(_, event)| kinds.contain(event.kind)).map(|(place, _)| place).collect()
}

/// Whether events fit the kinds of those in scope.
pub(super) fn fits(evaluated: &Evaluated<'_>, around: &[Kinds], events: &[usize]) -> bool {
    let kind = |event: &usize| evaluated.case().events.get(*event).map(|event| event.kind);
    around.len() == events.len()
        && around.iter().zip(events).all(|(kinds, event)| kind(event).is_some_and(|kind| kinds.contain(kind)))
}

/// The kind of event of a name.
pub(super) fn kind_named(of: &Again, name: &str) -> Kinds {
    let events = &of.package.plan.subject.events;
    events.position(|kind| kind.name == name).map_or(Kinds::default(), Kinds::one)
}

/// Every kind of event.
pub(super) fn every_kind(of: &Again) -> Kinds {
    let count = of.package.plan.subject.events.len();
    (0..count).fold(Kinds::default(), |kinds, place| kinds.and(Kinds::one(crate::plan::KindId::at(place))))
}
