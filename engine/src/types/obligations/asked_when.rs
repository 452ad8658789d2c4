//! What `where` asks of the time of what is expected: of what lies before the trigger nothing counts, and a time up to which something counts is
//! no deadline.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, Comparison, ExprKind};
use crate::text::Span;
use crate::types::expressions::comparison::turned;
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::obligations::start::Start;
use crate::types::{Builder, Place};

/// A condition of `where` on when the event is.
struct Asked<'t> {
    condition: &'t tree::Expr,
    op: Comparison,
    /// What is compared, which rises or falls with the time of the event, and with what.
    value: &'t tree::Expr,
    rises: bool,
    other: &'t tree::Expr,
}

impl Asked<'_> {
    /// Whether what happens later than some time does not fulfil it.
    fn closes(&self) -> bool {
        let up = matches!(self.op, Comparison::Less | Comparison::LessOrEqual | Comparison::Equal);
        let down = matches!(self.op, Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Equal);
        if self.rises { up } else { down }
    }
}

/// Whether `where` gives a time after which nothing counts.
pub(in crate::types) fn closes(query: &tree::Query) -> bool {
    asked_when(query).iter().any(Asked::closes)
}

/// The conditions that `where` joins with `and`.
fn conditions(query: &tree::Query) -> Vec<&tree::Expr> {
    let mut found = Vec::new();
    let mut waiting: Vec<&tree::Expr> = query.filter.iter().map(|filter| &**filter).collect();
    while let Some(next) = waiting.pop() {
        match &next.kind {
            ExprKind::Binary { op, left, right } if op.node == BinaryOp::And => waiting.extend([&**right, &**left]),
            _ => found.push(next),
        }
    }
    found
}

/// Those of them that are on when the event is; of a range, its greatest and its least.
fn asked_when(query: &tree::Query) -> Vec<Asked<'_>> {
    let alias = query.alias.as_ref().map(|alias| alias.node.as_str());
    let mut found = Vec::new();
    for condition in conditions(query) {
        match &condition.kind {
            ExprKind::Compare { op, left, right } => match (moves(left, alias), moves(right, alias)) {
                (Some(rises), None) => found.push(Asked { condition, op: *op, value: left, rises, other: right }),
                (None, Some(rises)) => {
                    found.push(Asked { condition, op: turned(*op), value: right, rises, other: left });
                }
                _ => {}
            },
            ExprKind::InRange { value, low, high } => {
                let Some(rises) = moves(value, alias) else { continue };
                for (op, other) in [(Comparison::LessOrEqual, high), (Comparison::GreaterOrEqual, low)] {
                    found.push(Asked { condition, op, value, rises, other });
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether an expression rises or falls with the time of the event of which it is asked: `at`, `date of at`, `at - first Fall`. Nothing where it speaks
/// of another time, or of a part of the day alone.
fn moves(expr: &tree::Expr, alias: Option<&str>) -> Option<bool> {
    match &expr.kind {
        ExprKind::At => Some(true),
        ExprKind::Path(path) => match path.parts.as_slice() {
            [name, part] if alias == Some(name.node.as_str()) && part.node == "at" => Some(true),
            _ => None,
        },
        ExprKind::Calendar { function, arguments } => match arguments.as_slice() {
            [of] if function.node == "date" => moves(of, alias),
            [from, to] => match (moves(from, alias), moves(to, alias)) {
                (None, Some(rises)) => Some(rises),
                (Some(rises), None) => Some(!rises),
                _ => None,
            },
            _ => None,
        },
        ExprKind::Binary { op, left, right } => match (op.node, moves(left, alias), moves(right, alias)) {
            (BinaryOp::Add | BinaryOp::Subtract, Some(rises), None) | (BinaryOp::Add, None, Some(rises)) => Some(rises),
            (BinaryOp::Subtract, None, Some(rises)) => Some(!rises),
            _ => None,
        },
        _ => None,
    }
}

/// What an expression is of, where it is the day of it.
fn of_day(expr: &tree::Expr) -> (&tree::Expr, bool) {
    match &expr.kind {
        ExprKind::Calendar { function, arguments } if function.node == "date" => {
            arguments.first().map_or((expr, false), |of| (of, true))
        }
        _ => (expr, false),
    }
}

/// `first War - 24 h`: what is before the dash, and how long a time stands behind it.
fn so_long_from(expr: &tree::Expr, step: BinaryOp) -> Option<(&tree::Expr, &tree::Expr)> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let is_length = matches!(&right.kind, ExprKind::Number(number) if number.digits > 0);
    (op.node == step && is_length).then_some((left, right))
}

impl Builder<'_> {
    /// Refuses a `where` that only what lies before the trigger fulfils, as nothing of that counts; warns of one that closes where there is no
    /// deadline.
    pub(super) fn asked_when_fits(
        &mut self,
        clauses: &Clauses<'_>,
        wanted: Wanted<'_>,
        (start, endless): (&Start, bool),
        place: Place,
    ) -> Option<()> {
        let earlier = clauses.earlier.is_some_and(|(counts, _)| counts);
        let asked = asked_when(wanted.query);
        for one in asked.iter().filter(|_| !earlier) {
            if let Some(end) = self.ends_by_the_trigger(one, start, place) {
                return self.asks_for_before(wanted, &asked, (one.condition, end));
            }
        }
        if let Some(one) = asked.iter().find(|one| endless && one.closes()) {
            self.no_deadline_in_where(wanted, one, start, place);
        }
        Some(())
    }

    /// The trigger, where an event at it or later never fulfils a condition: `at < w.at`, `at <= w.at - 1 h`, `date of at < date of w.at`.
    fn ends_by_the_trigger<'t>(&mut self, asked: &Asked<'t>, start: &Start, place: Place) -> Option<&'t tree::Expr> {
        let ((own, day), (other, of_the_day)) = (of_day(asked.value), of_day(asked.other));
        if !matches!(own.kind, ExprKind::At | ExprKind::Path(_)) || day != of_the_day || !asked.rises {
            return None;
        }
        let strictly = asked.op == Comparison::Less;
        if strictly && self.is_trigger(other, start, place) {
            return Some(other);
        }
        let (end, _) = so_long_from(other, BinaryOp::Subtract).filter(|_| asked.closes())?;
        self.is_trigger(end, start, place).then_some(end)
    }

    /// `expect INR where at < w.at and at >= w.at - 24 h`: what comes before `w.at` does not count.
    fn asks_for_before(
        &mut self,
        wanted: Wanted<'_>,
        asked: &[Asked<'_>],
        (condition, end): (&tree::Expr, &tree::Expr),
    ) -> Option<()> {
        let (said, end) = (self.context.words(condition.span), self.context.words(end.span));
        let title = format!("`{said}` asks for what lies before that from which this is counted");
        let label = format!("what happens from `{end}` on never fulfils it");
        let fault = Diagnostic::error(codes::E0925, condition.span, title, label);
        let expected = self.expected_at_any_time(wanted, asked);
        let begins = asked.iter().find(|one| {
            let back = matches!(one.op, Comparison::Greater | Comparison::GreaterOrEqual);
            back && one.rises && matches!(one.value.kind, ExprKind::At | ExprKind::Path(_))
        });
        self.fault(match begins {
            Some(begins) => fault.help(format!(
                "count from where that time begins, with `{end}` as the deadline: `from {}` and `expect {expected} by {end}`",
                self.context.words(begins.other.span)
            )),
            None => fault.help(format!(
                "count from an earlier time, with `{end}` as the deadline, such as `from {end} - 24 h` and `expect {expected} by {end}`"
            )),
        })
    }

    /// What is expected, without what is asked of its time: `no Fall`, `INR where value > 2.0`
    fn expected_at_any_time(&self, wanted: Wanted<'_>, asked: &[Asked<'_>]) -> String {
        let query = wanted.query;
        let no = if wanted.negated { "no " } else { "" };
        let Some(filter) = &query.filter else { return format!("{no}{}", self.context.words(query.span)) };
        let events = self.context.words(Span { end: filter.span.start, ..query.span });
        let events = events.trim_end_matches("where").trim_end();
        let timed = |condition: &&tree::Expr| asked.iter().any(|one| one.condition.span == condition.span);
        let others = conditions(query).into_iter().filter(|condition| !timed(condition));
        let others: Vec<String> = others.map(|condition| self.context.words(condition.span)).collect();
        if others.is_empty() { format!("{no}{events}") } else { format!("{no}{events} where {}", others.join(" and ")) }
    }

    /// `expect Review where at <= f.at + 24 h` says which reviews count, and not by when.
    fn no_deadline_in_where(&mut self, wanted: Wanted<'_>, asked: &Asked<'_>, start: &Start, place: Place) {
        let (said, events) = (self.context.words(asked.condition.span), self.context.words(wanted.query.events.span));
        let never = if wanted.negated { "met" } else { "missed" };
        let title = format!("`{said}` says which `{events}` counts, and not by when: this can never be {never}");
        let fault = Diagnostic::warning(codes::W0901, asked.condition.span, title, "no deadline");
        let own = matches!(asked.value.kind, ExprKind::At | ExprKind::Path(_)) && asked.rises;
        let help = if let Some(length) = self.length_after(asked, start, place) {
            let no = if wanted.negated { "no " } else { "" };
            format!("the deadline stands behind what is expected: `expect {no}{events} within {length}`")
        } else if own {
            let end = self.context.words(asked.other.span);
            format!(
                "say by when behind what is expected, such as `by {end}`, or with which events a case ends in the subject, such as `ends with Discharge`"
            )
        } else if asked.rises {
            "say by when behind what is expected, such as `within 4 h`, or with which events a case ends in the subject, such as `ends with Discharge`".to_owned()
        } else {
            "it counts back, and what lies before the beginning does not count: count from an earlier time, such as `from date of at - 30 calendar days`, with the deadline behind what is expected, such as `by at`".to_owned()
        };
        self.faults.push(fault.help(help));
    }

    /// The length of `at <= first Fall + 24 h`, or of `at - first Fall <= 24 h`, where that is counted from.
    fn length_after(&mut self, asked: &Asked<'_>, start: &Start, place: Place) -> Option<String> {
        if matches!(asked.value.kind, ExprKind::At | ExprKind::Path(_)) {
            let (from, length) = so_long_from(asked.other, BinaryOp::Add)?;
            return self.is_trigger(from, start, place).then(|| self.context.words(length.span));
        }
        let ExprKind::Binary { op, right, .. } = &asked.value.kind else { return None };
        let of_trigger = op.node == BinaryOp::Subtract && asked.rises && self.is_trigger(right, start, place);
        (of_trigger && matches!(asked.other.kind, ExprKind::Number(_))).then(|| self.context.words(asked.other.span))
    }
}
