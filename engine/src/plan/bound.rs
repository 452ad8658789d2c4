//! How much work a plan can be: the operator evaluations of one case, as a polynomial in the count of its events.
//!
//! Nothing in a plan loops but event queries and the day loops of the calendar, so the bound is read off the text:
//! every branch counts, an operator counts one (inside a formula too), a query its alternatives and a column its expression once
//! for each event, and a path twice its states times its symbols for each event: all states and symbols may be possible, and some
//! at any place. A day that [`Op::AddWorkingDays`] or [`Op::Overlap`] goes through counts one as well; see [`working_day_turns`] and
//! [`OVERLAP_TURNS`].

use std::collections::BTreeMap;
use std::fmt;

use super::{Expr, Function, KindId, Op, PathOf, Plan, Query, Step};
use crate::values::{calendar, working_days};

/// The most days that one overlap goes through.
pub const OVERLAP_TURNS: u64 = calendar::LONGEST_OVERLAP.unsigned_abs() + 1;

/// Steps for each event of a median: its least and its greatest values are sorted by heapsort, two comparisons on each of
/// at most 17 levels.
pub const SORT_STEPS: u64 = 2 * 2 * 17;

/// The most days that one addition of working days goes through: seven for every five that count, and as many for every five
/// holidays; both ends of what is possible.
#[must_use]
pub fn working_day_turns(holidays: usize) -> u64 {
    let counted = working_days::MOST.unsigned_abs().saturating_add(u64::try_from(holidays).unwrap_or(u64::MAX));
    2 * (counted.saturating_mul(7) / 5 + 7)
}

/// A bound on the operator evaluations of one case; shown as `42 + 3 n + 2 n²`, n the count of the case's events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkBound {
    /// The factor of each power of n, from the constant term up; the last is not 0.
    pub factors: Vec<u64>,
}

impl WorkBound {
    /// The bound for a case with so many events.
    #[must_use]
    pub fn at(&self, events: u64) -> u64 {
        self.factors.iter().rev().fold(0, |sum, factor| sum.saturating_mul(events).saturating_add(*factor))
    }

    fn constant(steps: u64) -> WorkBound {
        WorkBound { factors: if steps == 0 { Vec::new() } else { vec![steps] } }
    }

    fn plus(mut self, other: &WorkBound) -> WorkBound {
        self.combine(other, u64::saturating_add);
        self
    }

    /// The greater factor of each power: no less than either.
    fn or(mut self, other: &WorkBound) -> WorkBound {
        self.combine(other, u64::max);
        self
    }

    fn combine(&mut self, other: &WorkBound, with: impl Fn(u64, u64) -> u64) {
        self.factors.resize(self.factors.len().max(other.factors.len()), 0);
        self.factors.iter_mut().zip(&other.factors).for_each(|(a, b)| *a = with(*a, *b));
    }

    fn scaled(&self, by: u64) -> WorkBound {
        WorkBound { factors: self.factors.iter().map(|factor| factor.saturating_mul(by)).collect() }
    }

    /// `each` for every turn of a loop over the events, `passes` times, and for `more` turns besides.
    fn repeated(each: &WorkBound, passes: u64, more: u64) -> WorkBound {
        let mut factors = vec![0];
        factors.extend(each.scaled(passes).factors);
        WorkBound { factors }.plus(&each.scaled(more))
    }
}

impl fmt::Display for WorkBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut terms = self.factors.iter().enumerate().filter(|(_, factor)| **factor != 0).peekable();
        if terms.peek().is_none() {
            return write!(f, "0");
        }
        for (place, (power, factor)) in terms.enumerate() {
            let plus = if place == 0 { "" } else { " + " };
            match power {
                0 => write!(f, "{plus}{factor}")?,
                1 => write!(f, "{plus}{factor} n")?,
                2 => write!(f, "{plus}{factor} n²")?,
                3 => write!(f, "{plus}{factor} n³")?,
                _ => write!(f, "{plus}{factor} n^{power}")?,
            }
        }
        Ok(())
    }
}

/// The work of one case, at most.
#[must_use]
pub fn work_bound(plan: &Plan) -> WorkBound {
    let mut sum = WorkBound::default();
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } => sum = sum.plus(&of(plan, expr)),
            Step::Column { kinds, expr, .. } => {
                let turn = WorkBound::constant(1).plus(&of(plan, expr));
                sum = sum.plus(&WorkBound::repeated(&turn, 1, u64::from(kinds.0.count_ones())));
            }
            Step::Table(table) => {
                for row in &table.rows {
                    let conditions = row.conditions(&table.columns);
                    let parts = conditions.iter().chain(row.outputs.iter().flatten());
                    sum = parts.fold(sum.plus(&WorkBound::constant(1)), |sum, e| sum.plus(&of(plan, e)));
                }
            }
        }
    }
    sum
}

fn of(plan: &Plan, expr: &Expr) -> WorkBound {
    let own = match &expr.op {
        Op::Query(query) => return of_query(plan, query),
        Op::Path(path) => return of_path(path),
        Op::AddWorkingDays(..) => 1 + working_day_turns(plan.holidays.len()),
        Op::Overlap(_) => 1 + OVERLAP_TURNS,
        Op::Formula(formula) => 1 + formula.value.size(),
        _ => 1,
    };
    expr.op.operands().into_iter().fold(WorkBound::constant(own), |sum, operand| sum.plus(&of(plan, operand)))
}

/// One turn for each event, with what may come before it at any place; one for each event, or kind left out, to find what that is.
fn of_path(path: &PathOf) -> WorkBound {
    let moves = u64::try_from(2 * path.states * path.symbols).unwrap_or(u64::MAX);
    let last = WorkBound::constant(moves + 1);
    WorkBound::repeated(&WorkBound::constant(moves + 2), 1, u64::from(path.kinds.0.count_ones())).plus(&last)
}

/// One turn for each event and for each kind that an export may have left out; a turn is that of the dearest kind.
fn of_query(plan: &Plan, query: &Query) -> WorkBound {
    let mut kinds: BTreeMap<KindId, WorkBound> = BTreeMap::new();
    for alternative in &query.alternatives {
        let mut work = of(plan, &alternative.filter);
        if query.takes_values() {
            work = work.plus(&of(plan, &alternative.value));
        }
        for kind in alternative.kinds.places() {
            let sum = kinds.entry(kind).or_default();
            *sum = std::mem::take(sum).plus(&work);
        }
    }
    let dearest = kinds.values().fold(WorkBound::default(), WorkBound::or);
    let sorting = if query.function == Function::MedianDoubled { SORT_STEPS } else { 0 };
    let turn = WorkBound::constant(1 + sorting).plus(&dearest);
    let left_out = u64::try_from(kinds.len()).unwrap_or(u64::MAX);
    WorkBound::repeated(&turn, 1, left_out).plus(&WorkBound::constant(1))
}
