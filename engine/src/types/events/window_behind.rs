//! `any Urine where growth and any Catheter within 48 h before first Admission`: windows belong to the outermost query, which whoever reads the
//! inner query and the window together does not see.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::builder::context::Context;
use crate::types::{Builder, Place};

/// A query without brackets at the end of a condition, and what stands directly behind it and belongs to the query around it.
#[derive(Clone, Copy)]
struct Behind<'t> {
    outer: &'t tree::Query,
    inner: &'t tree::Query,
    /// From the first such window to the last, or the deadline.
    limits: Span,
}

impl Behind<'_> {
    fn title(self, context: Context<'_>) -> String {
        let [said, asked, around] =
            [self.limits, self.inner.span, self.outer.events.span].map(|span| context.words(span));
        format!("`{said}` is about `{around}`, and not about the query `{asked}` that it stands behind")
    }
}

/// What is said where it stands.
const OUTERMOST: &str = "belongs to the outermost query";

impl Builder<'_> {
    /// Warns where a window stands directly behind a query of the condition, and no brackets say whose it is. On a line of its own it is one more
    /// part of the query around it.
    pub(super) fn warn_of_window_behind(&mut self, tree: &tree::Query) {
        if let Some(behind) = behind(tree) {
            self.warn_of_behind(behind);
        }
    }

    /// The same of what is expected before an event: `expect Review where any Fall before first Discharge`.
    pub(in crate::types) fn warn_of_deadline_behind(&mut self, wanted: &tree::Query, before: &tree::Query) {
        let conditions = wanted.have.iter().chain(&wanted.filter);
        let mut last = conditions.filter(|condition| condition.span.end == wanted.span.end);
        if let Some(inner) = last.find_map(|condition| at_the_end(condition)) {
            let limits = Span { start: wanted.span.end, ..before.span };
            self.warn_of_behind(Behind { outer: wanted, inner, limits });
        }
    }

    fn warn_of_behind(&mut self, behind: Behind<'_>) {
        let Behind { inner, limits, .. } = behind;
        let gap = Span { start: inner.span.end, end: limits.end, ..inner.span };
        if self.context.inlining().is_some() || self.context.has_several_lines(gap) {
            return;
        }
        let [said, asked] = [limits, inner.span].map(|span| self.context.words(span));
        let fault = Diagnostic::warning(codes::W0506, limits, behind.title(self.context), OUTERMOST);
        let fault = fault.help(format!(
            "put the query in brackets, without it or with it: `({asked}) {said}`, which it is now, or `({asked} {said})`"
        ));
        let place = |at: u32| Span { start: at, end: at, ..inner.span };
        self.faults.push(fault.edit(place(inner.span.start), "(").edit(place(inner.span.end), ")"));
    }

    /// A window that cannot be one of the outer query, and can be one of the query that it stands behind, was meant for that.
    pub(super) fn window_of_the_inner(
        &mut self,
        tree: &tree::Query,
        window: &tree::Window,
        inside: Place,
        mark: usize,
    ) {
        let Some(behind) = behind(tree).filter(|behind| behind.limits.covers(window.span)) else { return };
        let (tried, doubts) = (self.faults.mark(), self.doubts());
        let fits = self.window(window, inside).is_some();
        self.faults.take_back(tried);
        self.take_doubts(doubts);
        if fits {
            self.meant_for_the_inner(behind, mark);
        }
    }

    /// `where count B within 1 h after at >= 2`: what is no condition by itself is compared behind its window.
    pub(super) fn number_before_a_window(&mut self, tree: &tree::Query, mark: usize) {
        let Some(behind) = behind(tree) else { return };
        let found = self.faults.take_out(mark);
        let is_it = found.iter().any(|fault| fault.code == codes::E0503 && fault.primary.span == behind.inner.span);
        found.into_iter().for_each(|fault| self.faults.push(fault));
        if is_it {
            self.meant_for_the_inner(behind, mark);
        }
    }

    /// Tells, in the place of what was found since a mark, that the window is not the inner query's.
    fn meant_for_the_inner(&mut self, behind: Behind<'_>, mark: usize) {
        let Behind { inner, limits, .. } = behind;
        let found = self.faults.take_out(mark);
        let code = found.first().map_or(codes::E0310, |fault| fault.code);
        let [said, asked] = [limits, inner.span].map(|span| self.context.words(span));
        let fault = Diagnostic::error(code, limits, behind.title(self.context), OUTERMOST);
        let place = |at: u32| Span { start: at, end: at, ..inner.span };
        let fault = fault.help(format!("put the query in brackets with its window: `({asked} {said})`"));
        self.faults.push(fault.edit(place(inner.span.start), "(").edit(place(limits.end), ")"));
    }
}

/// What stands behind a query of the last condition of a query before its windows.
fn behind(outer: &tree::Query) -> Option<Behind<'_>> {
    let conditions = [&outer.filter, &outer.have].into_iter().flatten();
    let starts: Vec<u32> = conditions.clone().map(|condition| condition.span.start).collect();
    conditions.filter_map(|condition| Some((condition, at_the_end(condition)?))).find_map(|(condition, inner)| {
        let end = condition.span.end;
        let next = starts.iter().copied().filter(|start| *start >= end).min().unwrap_or(u32::MAX);
        let mut windows = outer.windows.iter().filter(|window| end <= window.span.start && window.span.start < next);
        let first = windows.next()?;
        let last = windows.next_back().unwrap_or(first);
        let limits = first.span.to(last.if_any.unwrap_or(last.span));
        Some(Behind { outer, inner, limits })
    })
}

/// The query without brackets with which an expression ends.
fn at_the_end(expr: &tree::Expr) -> Option<&tree::Query> {
    if let ExprKind::Query(query) = &expr.kind {
        if query.span != expr.span {
            return None;
        }
        let condition = query.have.iter().chain(&query.filter).find(|part| part.span.end == query.span.end);
        return Some(condition.and_then(|condition| at_the_end(condition)).unwrap_or(query));
    }
    // In a list without a comparison, `yes` has the place of the whole list.
    let parts =
        expr.parts().into_iter().filter(|part| part.span != expr.span || !matches!(part.kind, ExprKind::YesNo(_)));
    let last = parts.max_by_key(|part| part.span.end)?;
    if last.span.end == expr.span.end { at_the_end(last) } else { None }
}
