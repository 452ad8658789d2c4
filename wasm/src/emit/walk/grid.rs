//! Tables as grids: when every condition asks one thing of one column against constants, a table is a small array.
//!
//! Each column's values fall into *classes* between cuts; the class is a sum of tests, `(x >= cut) + …`, so it is bounded
//! whatever the value; and the array gives the row for each combination of classes. The row then gives the outputs.

use concord_engine::plan::{Class, Expr, Op, Row, Shape, Table};

use super::operators::{Comparison, as_interval};

/// The most combinations of classes.
const MOST: usize = 4096;

/// A column of a grid.
pub(crate) struct Axis<'p> {
    /// What decides the class.
    pub(crate) expr: &'p Expr,
    /// Where a new class starts, the first (the least value) left out.
    pub(crate) cuts: Vec<i64>,
    /// How far apart neighbours on this axis lie in the array.
    pub(crate) stride: usize,
}

impl Axis<'_> {
    /// Classes of values, and one for none where there may be none.
    pub(crate) fn classes(&self) -> usize {
        self.cuts.len() + 1 + usize::from(self.expr.shape.optional)
    }
}

/// A table as an array.
pub(crate) struct Grid<'p> {
    pub(crate) axes: Vec<Axis<'p>>,
    /// The row for each combination; the count of rows where the claim that there is one is broken.
    pub(crate) rows: Vec<usize>,
}

/// One condition: what it reads, and the values that meet it.
struct Test<'p> {
    expr: &'p Expr,
    accepted: Vec<(i64, i64)>,
}

impl<'p> Grid<'p> {
    /// The grid of a table, if it has one of reasonable size.
    pub(crate) fn of(table: &'p Table) -> Option<Grid<'p>> {
        let rows: Vec<Vec<Test<'p>>> = table.rows.iter().map(tests).collect::<Option<_>>()?;
        let mut axes: Vec<Axis<'p>> = Vec::new();
        for test in rows.iter().flatten() {
            let index = axes.iter().position(|axis| axis.expr == test.expr);
            let index = index.unwrap_or_else(|| {
                axes.push(Axis { expr: test.expr, cuts: Vec::new(), stride: 0 });
                axes.len() - 1
            });
            let axis = axes.get_mut(index)?;
            for (low, high) in &test.accepted {
                axis.cuts.push(*low);
                axis.cuts.push(high.checked_add(1)?);
            }
        }
        let mut size = 1_usize;
        for axis in &mut axes {
            let shape = axis.expr.shape;
            axis.cuts.retain(|cut| *cut > shape.low && *cut <= shape.high);
            axis.cuts.sort_unstable();
            axis.cuts.dedup();
            axis.stride = size;
            size = size.checked_mul(axis.classes())?;
            if size > MOST {
                return None;
            }
        }
        let rows = (0..size).map(|place| row_at(table, &axes, &rows, place)).collect();
        let mut grid = Grid { axes, rows };
        (0..grid.axes.len()).for_each(|axis| grid.merge(axis));
        Some(grid)
    }

    /// Leaves out the cuts of an axis that make no difference.
    fn merge(&mut self, axis: usize) {
        let Some((stride, count, cuts)) = self.axes.get(axis).map(|a| (a.stride, a.classes(), a.cuts.len())) else {
            return;
        };
        let class = |place: usize| place / stride % count;
        let differs = |cut: usize| {
            let mut places = (0..self.rows.len()).filter(|place| class(*place) == cut);
            places.any(|place| self.rows.get(place) != self.rows.get(place + stride))
        };
        let kept: Vec<bool> = (0..cuts).map(differs).collect();
        let keeps = |class: usize| class == 0 || kept.get(class - 1).copied().unwrap_or(true);
        let rows = self.rows.iter().enumerate().filter(|(place, _)| keeps(class(*place)));
        self.rows = rows.map(|(_, row)| *row).collect();
        let mut kept = kept.into_iter();
        if let Some(axis) = self.axes.get_mut(axis) {
            axis.cuts.retain(|_| kept.next().unwrap_or(true));
        }
        let mut stride = 1;
        for axis in &mut self.axes {
            axis.stride = stride;
            stride *= axis.classes();
        }
    }
}

/// The row that answers for one combination of classes.
fn row_at(table: &Table, axes: &[Axis<'_>], rows: &[Vec<Test<'_>>], place: usize) -> usize {
    let values: Vec<Option<i64>> = axes
        .iter()
        .map(|axis| {
            let class = place / axis.stride % axis.classes();
            if class == 0 { Some(axis.expr.shape.low) } else { axis.cuts.get(class - 1).copied() }
        })
        .collect();
    let matches = |tests: &Vec<Test<'_>>| {
        tests.iter().all(|test| {
            let axis = axes.iter().position(|axis| axis.expr == test.expr);
            let value = axis.and_then(|axis| values.get(axis).copied().flatten());
            value.is_some_and(|x| test.accepted.iter().any(|(low, high)| x >= *low && x <= *high))
        })
    };
    let row = rows.iter().position(matches).unwrap_or(rows.len());
    match table.rows.get(row) {
        Some(Row { outputs: Some(_), .. }) => row,
        _ => rows.len(),
    }
}

fn tests(row: &Row) -> Option<Vec<Test<'_>>> {
    row.conditions.iter().map(test).collect()
}

fn test(condition: &Expr) -> Option<Test<'_>> {
    let interval =
        |found: Option<(_, i64, i64)>| found.map(|(expr, low, high)| Test { expr, accepted: clipped(expr, low, high) });
    match &condition.op {
        Op::Within(x, low, high) => interval(Some((x, *low, *high))),
        Op::LessOrEqual(a, b) => interval(as_interval(Comparison::LessOrEqual, a, b)),
        Op::Less(a, b) => interval(as_interval(Comparison::Less, a, b)),
        Op::Equal(a, b) => interval(as_interval(Comparison::Equal, a, b)),
        Op::OneOf(x, mask) => Some(Test { expr: x, accepted: places(x.shape, *mask) }),
        Op::Or(items) => {
            let mut all = items.iter().map(test);
            let mut first = all.next()??;
            for next in all {
                let next = next?;
                if next.expr != first.expr {
                    return None;
                }
                first.accepted.extend(next.accepted);
            }
            Some(first)
        }
        Op::Not(x) if is_plain(x) => Some(Test { expr: x, accepted: vec![(0, 0)] }),
        _ if is_plain(condition) => Some(Test { expr: condition, accepted: vec![(1, 1)] }),
        _ => None,
    }
}

/// A yes/no that is held somewhere, not worked out here.
fn is_plain(expr: &Expr) -> bool {
    matches!(expr.op, Op::Input(_) | Op::Cell(_) | Op::Parameter(_)) && expr.shape.class == Class::Range
}

fn clipped(expr: &Expr, low: i64, high: i64) -> Vec<(i64, i64)> {
    let (low, high) = (low.max(expr.shape.low), high.min(expr.shape.high));
    if low <= high { vec![(low, high)] } else { Vec::new() }
}

fn places(shape: Shape, mask: u64) -> Vec<(i64, i64)> {
    (0..=shape.high).filter(|place| mask >> place & 1 == 1).map(|place| (place, place)).collect()
}
