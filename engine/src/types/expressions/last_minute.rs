//! `time of at in 07:00..19:59`: a time goes to the millisecond, and what happens at 19:59:30 is not in it.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Comparison, ExprKind, Policy, Test};
use crate::text::Span;
use crate::types::Builder;
use crate::types::expressions::comparison::turned;
use crate::values::calendar::{DAY, HOUR, show_date, show_time_of_day};

/// The last minute, or the last second, of an hour, as an end that leaves it out.
struct LastMinute {
    /// `19:59:30`: what is left out.
    left_out: String,
    /// `20:00`; none where the day ends.
    next: Option<String>,
    /// `19:59:59.999`
    last: String,
}

impl LastMinute {
    fn of(limit: &tree::Expr) -> Option<LastMinute> {
        const MINUTE: i64 = 60_000;
        let (time, moment) = match limit.kind {
            ExprKind::TimeOfDay(time) => (time, None),
            ExprKind::DateTime { civil_ms, utc } => (civil_ms, Some(if utc { "Z" } else { "" })),
            _ => return None,
        };
        let (step, within) = match time.rem_euclid(HOUR) {
            within if within == HOUR - MINUTE => (MINUTE, 30_000),
            within if within == HOUR - 1_000 => (1_000, 500),
            _ => return None,
        };
        let show = |at: i64| match moment {
            None => show_time_of_day(at),
            Some(zone) => format!("{} {}{zone}", show_date(at.div_euclid(DAY)), show_time_of_day(at.rem_euclid(DAY))),
        };
        let next = time + step;
        let ends_the_day = moment.is_none() && next == DAY;
        Some(LastMinute {
            left_out: show(time + within),
            next: (!ends_the_day).then(|| show(next)),
            last: show(next - 1),
        })
    }
}

/// What is said where it stands.
const LABEL: &str = "times go to the millisecond";

impl Builder<'_> {
    /// Warns where a time is held to be at most the last minute of an hour, or later than it.
    pub(super) fn warn_of_last_minute(&mut self, op: Comparison, left: &tree::Expr, right: &tree::Expr) {
        let (op, value, limit, last) = match (LastMinute::of(left), LastMinute::of(right)) {
            (None, Some(last)) => (op, left, right, last),
            (Some(last), None) => (turned(op), right, left, last),
            _ => return,
        };
        let (sign, comes_to) = match op {
            Comparison::LessOrEqual => ("<", "left out"),
            Comparison::Greater => (">=", "taken along"),
            _ => return,
        };
        let (said, end) = (self.context.words(value.span), self.context.words(limit.span));
        let title = format!("`{}` is later than `{end}`, so it is {comes_to}", last.left_out);
        let written = match (&last.next, op) {
            (Some(next), _) => format!("{said} {sign} {next}"),
            (None, Comparison::Greater) => return,
            (None, _) => format!("{said} <= {}", last.last),
        };
        self.tell_of_last_minute(title, left.span.to(right.span), written);
    }

    /// The same of a range, of which both ends count.
    pub(super) fn warn_of_last_minute_of(&mut self, value: &tree::Expr, low: &tree::Expr, high: &tree::Expr) {
        let Some(last) = LastMinute::of(high) else { return };
        let span = value.span.to(high.span);
        let [said, from, range] = [value.span, low.span, low.span.to(high.span)].map(|span| self.context.words(span));
        let between = self.context.words(Span { start: value.span.end, end: low.span.start, ..span });
        let negated = between.split(' ').any(|word| word == "not");
        let title = format!("`{}` is not in `{range}`", last.left_out);
        let from_midnight = matches!(low.kind, ExprKind::TimeOfDay(0));
        let written = match (last.next, negated) {
            (None, _) if from_midnight => return,
            (None, false) => format!("{said} >= {from}"),
            (None, true) => format!("{said} < {from}"),
            (Some(next), false) if from_midnight => format!("{said} < {next}"),
            (Some(next), true) if from_midnight => format!("{said} >= {next}"),
            (Some(next), false) => format!("({said} >= {from} and {said} < {next})"),
            (Some(next), true) => format!("({said} < {from} or {said} >= {next})"),
        };
        self.tell_of_last_minute(title, span, written);
    }

    fn tell_of_last_minute(&mut self, title: String, span: Span, written: String) {
        if !self.guards_count() && self.context.inlining().is_none() {
            let fault = Diagnostic::warning(codes::W0605, span, title, LABEL);
            self.faults.push(fault.help(format!("write `{written}`")).edit(span, written));
        }
    }

    /// The same of the cells of a table in which another row answers for what a cell leaves out; of one that is proved it is told as a gap.
    pub(in crate::types) fn warn_of_last_minutes(&mut self, tree: &tree::Table) {
        if !matches!(tree.policy, Policy::First | Policy::Collect(_)) || self.context.inlining().is_some() {
            return;
        }
        let mut waiting: Vec<(&Test, Span)> = tree.cells().map(|cell| (&cell.test, cell.span)).collect();
        while let Some((test, span)) = waiting.pop() {
            let (limit, comes_to) = match test {
                Test::OneOf(tests) => {
                    waiting.extend(tests.iter().map(|test| (test, span)));
                    continue;
                }
                Test::Not(test) => {
                    waiting.push((test, span));
                    continue;
                }
                Test::Range(_, high) => (high, "left out"),
                Test::Compare(Comparison::LessOrEqual, high) => (high, "left out"),
                Test::Compare(Comparison::Greater, low) => (low, "taken along"),
                _ => continue,
            };
            let Some(last) = LastMinute::of(limit) else { continue };
            let end = self.context.words(limit.span);
            let title = format!("`{}` is later than `{end}`, so it is {comes_to}", last.left_out);
            let fault = Diagnostic::warning(codes::W0605, span, title, LABEL);
            self.faults.push(fault.help(format!("write `{}`", last.last)).edit(limit.span, last.last));
        }
    }
}
