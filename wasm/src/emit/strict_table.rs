//! Decision tables where everything is known: the row's number first, the outputs from it.

use concord_engine::plan::{Expr, Op, Row, Table};

use super::EmitError;
use super::grid::Grid;
use super::layout::{bytes_of, none_of};
use super::node::{Bin, Node, Ty, Width, flag, int};
use super::strict::{Known, Strict, strict_type};
use super::walk::{all_guarded, guarded, guards_of, walk};

impl<'p> Strict<'_, 'p> {
    /// Fills a table's cells.
    pub(super) fn table(&mut self, table: &'p Table) -> Result<(), EmitError> {
        let row = match Grid::of(table) {
            Some(grid) => self.row_of_grid(table, &grid)?,
            None => self.row_by_trying(table)?,
        };
        let row = self.code.share(&row);
        self.fill(table.row_cell, Known::some(row.clone()))?;
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.shared.is_wanted(*cell) {
                let value = self.output(table, column, *cell, &row)?;
                self.fill(*cell, value)?;
            }
        }
        Ok(())
    }

    /// The row, where the table is a grid; doubt when there is none.
    fn row_of_grid(&mut self, table: &'p Table, grid: &Grid<'p>) -> Result<Node, EmitError> {
        let count = table.rows.len();
        let mut place = int(0);
        for axis in &grid.axes {
            let value = walk(self, axis.expr)?;
            let wide = value.value.ty().max(strict_type(axis.expr.shape));
            let x = self.code.share(&value.value.to(wide));
            let tests = axis.cuts.iter().map(|cut| x.bin(Bin::GeS, &Node::Const(x.ty(), *cut)));
            let class = tests.fold(int(0), |sum, test| sum.add(&test));
            let none = int(i64::try_from(axis.cuts.len() + 1).unwrap_or(0));
            let class = none.when(&value.none, &class);
            place = place.add(&class.bin(Bin::Mul, &int(i64::try_from(axis.stride).unwrap_or(0))));
        }
        if grid.rows.iter().enumerate().all(|(class, row)| class == *row && *row < count) {
            return Ok(place);
        }
        let wide = count > 255;
        let bytes: Vec<u8> = grid
            .rows
            .iter()
            .flat_map(|row| {
                let [low, high, ..] = row.to_le_bytes();
                [Some(low), wide.then_some(high)].into_iter().flatten()
            })
            .collect();
        let address = self.shared.constant(&bytes);
        let width = Width::unsigned(if wide { 2 } else { 1 });
        let row = self.code.share(&place.shl(width.log2()).load(width, address));
        if grid.rows.contains(&count) {
            self.raise(&row.eq(&number(count)));
        }
        Ok(row)
    }

    /// The row, by trying one after the other.
    fn row_by_trying(&mut self, table: &'p Table) -> Result<Node, EmitError> {
        let count = table.rows.len();
        let found = self.code.variable(&number(count));
        for (place, row) in table.rows.iter().enumerate().rev() {
            let conditions = all_guarded(self, &row.conditions)?;
            let holds = conditions.iter().fold(flag(true), |sum, item| sum.both(&item.value.to(Ty::I32)));
            let answer = number(if row.outputs.is_some() { place } else { count });
            let next = answer.when(&holds, &found);
            self.code.set(&found, &next);
        }
        self.raise(&found.eq(&number(count)));
        Ok(found)
    }

    /// One output, given the row.
    fn output(&mut self, table: &'p Table, column: usize, cell: usize, row: &Node) -> Result<Known, EmitError> {
        let shape = *self.shared.plan.cells.get(cell).ok_or(EmitError::NoSuch("cell", cell))?;
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let mut result = self.constants(&constants, shape, row);
        let open = table.rows.iter().enumerate().zip(&constants).filter(|(_, constant)| constant.is_none());
        for ((place, what), _) in open {
            let Some(expr) = output_of(what, column) else {
                continue;
            };
            let guards = guards_of(self, &what.conditions);
            let value = guarded(self, guards, |strict| walk(strict, expr))?;
            let here = self.code.share(&row.eq(&number(place)));
            let ty = strict_type(shape);
            let chosen = value.value.to(ty).when(&here, &result.value);
            let none = value.none.when(&here, &result.none);
            result = Known { value: self.code.share(&chosen), none: self.code.share(&none) };
        }
        Ok(result)
    }

    /// Those outputs that are constants, from an array.
    fn constants(&mut self, constants: &[Option<i64>], shape: concord_engine::plan::Shape, row: &Node) -> Known {
        let ty = strict_type(shape);
        let mut known: Vec<i64> = constants.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        match known.as_slice() {
            [] => {
                return Known { value: Node::Const(ty, 0), none: flag(shape.optional) };
            }
            [NONE] => {
                return Known { value: Node::Const(ty, 0), none: flag(true) };
            }
            [only] => return Known::some(Node::Const(ty, *only)),
            _ => {}
        }
        let bytes = bytes_of(shape.or_none(), 1);
        let width = Width::signed(bytes);
        let address = self.shared.constant(&array_of(constants, bytes));
        let value = row.shl(width.log2()).load(width, address);
        if known.contains(&NONE) {
            let value = self.code.share(&value);
            let none = value.eq(&Node::Const(width.ty(), none_of(bytes)));
            return Known { value: value.to(ty), none: self.code.share(&none) };
        }
        Known::some(value.to(ty))
    }
}

/// A place that is none, among constants; no range reaches so low.
pub(super) const NONE: i64 = i64::MIN;

/// One value a row, and one more for no row.
pub(super) fn array_of(constants: &[Option<i64>], bytes: u8) -> Vec<u8> {
    let mut array = Vec::new();
    for value in constants.iter().map(|value| value.unwrap_or(0)).chain([0]) {
        let value = if value == NONE { none_of(bytes) } else { value };
        array.extend(value.to_le_bytes().iter().take(usize::from(bytes)));
    }
    array
}

/// What a row says in a column.
pub(super) fn output_of(row: &Row, column: usize) -> Option<&Expr> {
    row.outputs.as_ref().and_then(|outputs| outputs.get(column))
}

/// A constant output: a number, a variant's place, or [`NONE`].
pub(super) fn constant_of(output: Option<&Expr>) -> Option<i64> {
    match output.map(|expr| &expr.op) {
        Some(Op::Constant(value)) => Some(*value),
        Some(Op::Choice(variant)) => Some(i64::from(*variant)),
        Some(Op::None) => Some(NONE),
        _ => None,
    }
}

fn number(value: usize) -> Node {
    int(i64::try_from(value).unwrap_or(0))
}
