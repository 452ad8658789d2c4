//! The values that an expression can have, where they are few: a sum of points 3.0, 1.5 and 1.0 is never 4.1.
//!
//! More may be named than there are, never fewer: terms are taken to be independent of each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{CellId, Class, Expr, Op, Plan, Region, Step, Table};

/// The most values that are told apart; beyond it, each of the proved range is taken to be possible.
const MOST: usize = 1_000;
/// The most pairs of values that are added up one by one.
const MOST_PAIRS: usize = 200_000;

type Values = BTreeSet<i64>;

/// The few values that cells of a plan can have.
#[derive(Debug, Default)]
pub(super) struct Possible {
    cells: BTreeMap<CellId, Values>,
}

impl Possible {
    /// Works them out, step after step.
    pub fn of(plan: &Plan) -> Possible {
        let mut possible = Possible::default();
        for step in plan.steps.iter() {
            match step {
                Step::Value { cell, expr } => possible.fill(*cell, possible.values(expr)),
                Step::Table(table) => {
                    for (place, cell) in table.output_cells.iter().enumerate() {
                        possible.fill(*cell, possible.of_column(table, place));
                    }
                }
                Step::Column { .. } => {}
            }
        }
        possible
    }

    fn fill(&mut self, cell: CellId, values: Option<Values>) {
        if let Some(values) = values {
            self.cells.insert(cell, values);
        }
    }

    /// What the rows of a table answer.
    fn of_column(&self, table: &Table, place: usize) -> Option<Values> {
        let mut all = Values::new();
        for row in table.rows.iter().filter_map(|row| row.outputs.as_ref()) {
            all.extend(self.values(row.get(place)?)?);
        }
        some_few(all)
    }

    /// The values of an expression, where they are few and not simply all of a range.
    pub fn values(&self, expr: &Expr) -> Option<Values> {
        if expr.shape.class != Class::Range {
            return None;
        }
        let pair = |a: &Expr, b: &Expr, with: fn(i64, i64) -> Option<i64>| {
            let (a, b) = (self.values(a)?, self.values(b)?);
            let within = a.len().checked_mul(b.len())? <= MOST_PAIRS;
            let all: Option<Values> =
                if within { a.iter().flat_map(|x| b.iter().map(|y| with(*x, *y))).collect() } else { None };
            some_few(all?)
        };
        match &expr.op {
            Op::Constant(value) => Some(Values::from([*value])),
            Op::None => Some(Values::new()),
            Op::Cell(cell) => self.cells.get(cell).cloned().or_else(|| whole(expr)),
            Op::Negate(x) => self.values(x)?.into_iter().map(i64::checked_neg).collect(),
            Op::Add(a, b) => pair(a, b, i64::checked_add),
            Op::Subtract(a, b) => pair(a, b, i64::checked_sub),
            Op::Multiply(a, b) => pair(a, b, i64::checked_mul),
            Op::Assume(x) | Op::Rest(_, x) => self.values(x),
            Op::If(_, a, b) | Op::Else(a, b) => {
                let mut all = self.values(a)?;
                all.extend(self.values(b)?);
                some_few(all)
            }
            Op::Lowest(items) | Op::Highest(items) => {
                let mut all = Values::new();
                for item in items {
                    all.extend(self.values(item)?);
                }
                some_few(all)
            }
            _ => whole(expr),
        }
    }

    /// The least possible value from a limit on, and the greatest below it; the limit and the value a step below where all of a
    /// range are possible.
    pub fn beside(&self, expr: &Expr, limit: i64, step: i64) -> (Option<i64>, Option<i64>) {
        match self.values(expr) {
            Some(values) => (values.range(limit..).next().copied(), values.range(..limit).next_back().copied()),
            None => (Some(limit), limit.checked_sub(step)),
        }
    }

    /// A region that lets the same values through, with ends that the expression can have.
    pub fn narrowed(&self, expr: &Expr, region: &Region) -> Region {
        let Some(values) = self.values(expr) else { return region.clone() };
        let ends = |(low, high): &(i64, i64)| {
            let mut within = values.range(*low..=*high.max(low));
            let first = within.next()?;
            Some((*first, *within.next_back().unwrap_or(first))) // one value alone is both ends
        };
        Region { ranges: region.ranges.iter().filter_map(ends).collect(), none: region.none }
    }
}

fn some_few(values: Values) -> Option<Values> {
    (values.len() <= MOST).then_some(values)
}

/// All values of a small range.
fn whole(expr: &Expr) -> Option<Values> {
    let (low, high) = (expr.shape.low, expr.shape.high);
    let few = high.checked_sub(low).and_then(|width| usize::try_from(width).ok()).is_some_and(|width| width < MOST);
    few.then(|| (low..=high).collect())
}

/// Gives the cells of tables and the tests of ranges ends that what they ask of can have, so that texts that mean the same are the same.
pub(super) fn narrow(plan: &mut Plan) {
    let possible = Possible::of(plan);
    for step in plan.steps.iter_mut() {
        match step {
            Step::Table(table) => {
                for row in &mut table.rows {
                    for (cell, column) in row.cells.iter_mut().zip(&table.columns) {
                        *cell = possible.narrowed(&column.expr, cell);
                    }
                    row.outputs.iter_mut().flatten().for_each(|output| narrow_tests(&possible, output));
                }
            }
            Step::Value { expr, .. } => narrow_tests(&possible, expr),
            Step::Column { .. } => {}
        }
    }
}

fn narrow_tests(possible: &Possible, expr: &mut Expr) {
    if let Op::Within(x, low, high) = &mut expr.op {
        let region = possible.narrowed(x, &Region { ranges: vec![(*low, *high)], none: false });
        if let [(first, last)] = region.ranges.as_slice() {
            (*low, *high) = (*first, *last);
        }
    }
    expr.op.operands_mut().into_iter().for_each(|operand| narrow_tests(possible, operand));
}
