//! Tables as grids: a table is a small array, looked up by what its columns hold.
//!
//! Each column's values fall into *classes* between cuts; the class is how many cuts a value has reached, so it is
//! bounded whatever the value; and the array gives the row for each combination of classes. The row then gives the outputs.

use concord_engine::plan::{Expr, Shape, Table, TableRow};

/// The most combinations of classes.
const MOST: usize = 4096;

/// A column of a grid.
pub(crate) struct Axis<'p> {
    /// The place of the column in the table.
    column: usize,
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

impl<'p> Grid<'p> {
    /// The grid of a table, if it has one of reasonable size.
    pub(crate) fn of(table: &'p Table) -> Option<Grid<'p>> {
        let mut axes = Vec::new();
        let mut size = 1_usize;
        for (column, of) in table.tested() {
            let axis = Axis { column, expr: &of.expr, cuts: cuts(table, column, of.expr.shape), stride: size };
            size = size.checked_mul(axis.classes())?;
            if size > MOST {
                return None;
            }
            axes.push(axis);
        }
        let rows = (0..size).map(|place| row_at(table, &axes, place)).collect();
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

/// Where the values of a column come to be told apart by some row.
pub(crate) fn cuts(table: &Table, column: usize, shape: Shape) -> Vec<i64> {
    let ranges = table.rows.iter().filter_map(|row| row.cells.get(column)).flat_map(|region| &region.ranges);
    let ends = ranges.flat_map(|(low, high)| [Some(*low), high.checked_add(1)]).flatten();
    let mut cuts: Vec<i64> = ends.filter(|cut| *cut > shape.low && *cut <= shape.high).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The row that answers for one combination of classes.
fn row_at(table: &Table, axes: &[Axis<'_>], place: usize) -> usize {
    let values: Vec<Option<i64>> = axes
        .iter()
        .map(|axis| {
            let class = place / axis.stride % axis.classes();
            if class == 0 { Some(axis.expr.shape.low) } else { axis.cuts.get(class - 1).copied() }
        })
        .collect();
    let matches = |row: &TableRow| {
        let mut cells = axes.iter().zip(&values);
        cells.all(|(axis, value)| row.cells.get(axis.column).is_some_and(|region| region.contains(*value)))
    };
    let row = table.rows.iter().position(matches);
    row.filter(|row| table.rows.get(*row).is_some_and(|row| row.outputs.is_some())).unwrap_or(table.rows.len())
}
