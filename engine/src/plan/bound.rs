//! How much work a plan can be: the operator evaluations of one case, as a polynomial in the count of its events.
//!
//! Nothing in a plan loops but event queries and the day loops of the calendar, so the bound is read off the text:
//! every branch counts, an operator counts one (inside a formula too), a query its alternatives and a column its expression once
//! for each event, and a path twice its states times its symbols for each event: all states and symbols may be possible, and some
//! at any place. A day that [`Op::AddWorkingDays`] goes through counts one as well; see [`working_day_turns`].
//!
//! A column that is a [`Running`] query goes through the events once. An event whose instant is not known may stand anywhere, so each of
//! them costs more: it is taken in at every event anew. Of those there are few, so that they are counted apart, as `m`.

use std::collections::BTreeMap;
use std::fmt;

use super::{Expr, Function, KindId, Kinds, MAX_EVENTS, Op, PathOf, Plan, Query, Region, Running, Step};
use crate::values::working_days;

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

/// The most operator evaluations that one case may cost, where all its events are at instants that are known: what takes a module about a
/// second. Most rules stay far below it with all the events that a case may have; one whose work grows with their square takes fewer.
pub const MOST_WORK: u64 = 1_000_000_000;

/// The most events of a case that cost no more than [`MOST_WORK`]; none where that is as many as any case may have.
#[must_use]
pub fn most_events(plan: &Plan) -> Option<u32> {
    let work = work_bound(plan);
    let fits = |events: u32| work.at(u64::from(events), 0) <= MOST_WORK;
    let all = u32::try_from(MAX_EVENTS).unwrap_or(u32::MAX);
    if fits(all) {
        return None;
    }
    let (mut most, mut more) = (0, all);
    while most + 1 < more {
        let middle = most + (more - most) / 2;
        if fits(middle) {
            most = middle;
        } else {
            more = middle;
        }
    }
    Some(most)
}

/// A bound on the operator evaluations of one case; shown as `42 + 3 n + 2 n² + 5 m + 4 n m`, n the count of the case's events and m
/// that of those whose instants are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkBound {
    /// The factor of each power of n, from the constant term up; the last is not 0.
    pub factors: Vec<u64>,
    /// The same of what each event adds whose instant is not known.
    pub unplaced: Vec<u64>,
}

impl WorkBound {
    /// The bound for a case with so many events, some of them at instants that are not known.
    #[must_use]
    pub fn at(&self, events: u64, unplaced: u64) -> u64 {
        let sum = |factors: &[u64]| {
            factors.iter().rev().fold(0_u64, |sum, factor| sum.saturating_mul(events).saturating_add(*factor))
        };
        sum(&self.factors).saturating_add(sum(&self.unplaced).saturating_mul(unplaced))
    }

    /// The factors where all events are at instants that are not known.
    fn worst(self) -> Vec<u64> {
        let unplaced = WorkBound { factors: self.unplaced, unplaced: Vec::new() };
        WorkBound { factors: self.factors, unplaced: Vec::new() }.plus(&WorkBound::repeated(&unplaced, 1, 0)).factors
    }

    /// So many steps, whatever the case.
    #[must_use]
    pub fn constant(steps: u64) -> WorkBound {
        WorkBound { factors: if steps == 0 { Vec::new() } else { vec![steps] }, unplaced: Vec::new() }
    }

    /// Both.
    #[must_use]
    pub fn plus(mut self, other: &WorkBound) -> WorkBound {
        self.combine(other, u64::saturating_add);
        self
    }

    /// The greater factor of each power: no less than either.
    #[must_use]
    pub fn or(mut self, other: &WorkBound) -> WorkBound {
        self.combine(other, u64::max);
        self
    }

    /// One for each step of another: as no more than all events are at instants that are not known, m² is at most n m.
    #[must_use]
    pub fn times(&self, other: &WorkBound) -> WorkBound {
        let product = |a: &[u64], b: &[u64], shift: usize| {
            let mut powers = vec![0_u64; if a.is_empty() || b.is_empty() { 0 } else { a.len() + b.len() - 1 + shift }];
            for (low, x) in a.iter().enumerate() {
                for (more, y) in b.iter().enumerate() {
                    if let Some(power) = powers.get_mut(low + more + shift) {
                        *power = power.saturating_add(x.saturating_mul(*y));
                    }
                }
            }
            powers
        };
        let of = |factors: Vec<u64>, unplaced: Vec<u64>| WorkBound { factors, unplaced };
        of(product(&self.factors, &other.factors, 0), product(&self.factors, &other.unplaced, 0))
            .plus(&of(Vec::new(), product(&self.unplaced, &other.factors, 0)))
            .plus(&of(Vec::new(), product(&self.unplaced, &other.unplaced, 1)))
    }

    fn combine(&mut self, other: &WorkBound, with: impl Fn(u64, u64) -> u64) {
        for (own, others) in [(&mut self.factors, &other.factors), (&mut self.unplaced, &other.unplaced)] {
            own.resize(own.len().max(others.len()), 0);
            own.iter_mut().zip(others).for_each(|(a, b)| *a = with(*a, *b));
        }
    }

    fn scaled(&self, by: u64) -> WorkBound {
        let scaled = |factors: &[u64]| factors.iter().map(|factor| factor.saturating_mul(by)).collect();
        WorkBound { factors: scaled(&self.factors), unplaced: scaled(&self.unplaced) }
    }

    /// `each` for every turn of a loop over the events, `passes` times, and for `more` turns besides.
    fn repeated(each: &WorkBound, passes: u64, more: u64) -> WorkBound {
        let WorkBound { factors, unplaced } = each.scaled(passes);
        let for_each_event = |factors: Vec<u64>| match factors.as_slice() {
            [] => factors,
            _ => [vec![0], factors].concat(),
        };
        WorkBound { factors: for_each_event(factors), unplaced: for_each_event(unplaced) }.plus(&each.scaled(more))
    }
}

impl fmt::Display for WorkBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let powers = |factors: &[u64], more: &str| {
            let power = |power: usize| match power {
                0 => String::new(),
                1 => " n".to_owned(),
                2 => " n²".to_owned(),
                3 => " n³".to_owned(),
                _ => format!(" n^{power}"),
            };
            let terms = factors.iter().enumerate().filter(|(_, factor)| **factor != 0);
            terms.map(|(place, factor)| format!("{factor}{}{more}", power(place))).collect::<Vec<_>>()
        };
        let terms = [powers(&self.factors, ""), powers(&self.unplaced, " m")].concat();
        write!(f, "{}", if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") })
    }
}

/// The work of one case, at most.
#[must_use]
pub fn work_bound(plan: &Plan) -> WorkBound {
    let mut sum = WorkBound::default();
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } => sum = sum.plus(&of(plan, expr)),
            Step::Column { kinds, expr, .. } => sum = sum.plus(&of_column(plan, *kinds, expr)),
            Step::Table(table) => {
                // A column is worked out where some cell is not `any`, though none asks what its value is.
                let asked = |place: usize, shape| {
                    table.rows.iter().filter_map(|row| row.cells.get(place)).any(|region: &Region| region.asks(shape))
                };
                let unasked = table.tested().filter(|(place, column)| !asked(*place, column.expr.shape));
                sum = unasked.fold(sum, |sum, (_, column)| sum.plus(&of(plan, &column.expr)));
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
        Op::Formula(formula) => 1 + formula.value.size(),
        _ => 1,
    };
    expr.op.operands().into_iter().fold(WorkBound::constant(own), |sum, operand| sum.plus(&of(plan, operand)))
}

/// The expression for each event and for each kind that an export may have left out. A running query takes each event in once, and those
/// that may stand anywhere at each event; at one that may stand anywhere itself it is asked anew.
fn of_column(plan: &Plan, kinds: Kinds, expr: &Expr) -> WorkBound {
    let anew = WorkBound::constant(1).plus(&of(plan, expr));
    let left_out = u64::from(kinds.0.count_ones());
    let Some((_, query)) = Running::of(expr) else { return WorkBound::repeated(&anew, 1, left_out) };
    let turn = turn_of_query(plan, query);
    let at_each = WorkBound::constant(2).plus(&turn).plus(&turn.scaled(left_out_of(query)));
    let unplaced = WorkBound::repeated(&turn, 1, 0).plus(&anew);
    let pass = WorkBound::repeated(&at_each, 1, 0).plus(&anew.scaled(left_out));
    pass.plus(&WorkBound { factors: Vec::new(), unplaced: unplaced.worst() })
}

/// One turn for each event, with what may come before it at any place; one for each event, or kind left out, to find what that is.
fn of_path(path: &PathOf) -> WorkBound {
    let moves = u64::try_from(2 * path.states * path.symbols).unwrap_or(u64::MAX);
    let last = WorkBound::constant(moves + 1);
    WorkBound::repeated(&WorkBound::constant(moves + 2), 1, u64::from(path.kinds.0.count_ones())).plus(&last)
}

/// One turn for each event and for each kind that an export may have left out.
fn of_query(plan: &Plan, query: &Query) -> WorkBound {
    WorkBound::repeated(&turn_of_query(plan, query), 1, left_out_of(query)).plus(&WorkBound::constant(1))
}

/// How many kinds there are of which an export may have left events out.
fn left_out_of(query: &Query) -> u64 {
    u64::from(query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds)).0.count_ones())
}

/// What one event costs: that of the dearest kind.
fn turn_of_query(plan: &Plan, query: &Query) -> WorkBound {
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
    WorkBound::constant(1 + sorting).plus(&dearest)
}
