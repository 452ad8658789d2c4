//! Decision tables where everything is known: the row's number first, the outputs from it.

use concord_engine::plan::{CellId, Shape, Table};

use super::{Known, Strict, strict_type};
use crate::abi::{bytes_of, none_of};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, Width, count, flag, int};
use crate::emit::runtime::class_of;
use crate::emit::walk::{
    Domain, Grid, NONE, SeenColumn, array_of, asked, constant_of, guarded, guards_of_row, output_of, walk,
};

impl<'p> Strict<'_, 'p> {
    /// Fills a table's cells.
    pub(crate) fn table(&mut self, table: &'p Table) -> Result<(), EmitError> {
        self.about(self.context.dependence.cell(table.row_cell));
        let row = match Grid::of(table) {
            Some(grid) => self.row_of_grid(table, &grid)?,
            None => self.row_by_trying(table)?,
        };
        let row = self.code.share(&row);
        self.fill(table.row_cell, Known::some(row.clone()))?;
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.context.is_wanted(*cell) {
                self.about(self.context.dependence.cell(*cell));
                let value = self.output(table, column, *cell, &row)?;
                self.fill(*cell, value)?;
            }
        }
        Ok(())
    }

    /// The row, where the table is a grid; doubt when there is none.
    fn row_of_grid(&mut self, table: &'p Table, grid: &Grid<'p>) -> Result<Node, EmitError> {
        let rows = table.rows.len();
        let mut place = int(0);
        for axis in &grid.axes {
            let value = walk(self, axis.expr)?;
            let wide = value.value.ty().max(strict_type(axis.expr.shape));
            let x = self.code.share(&value.value.to(wide));
            let class = class_of(&x, &axis.cuts, axis.expr.shape);
            let none = count(axis.cuts.len() + 1)?;
            let class = none.when(&value.none, &class);
            place = place.add(&class.bin(Bin::Mul, &count(axis.stride)?));
        }
        if grid.rows.iter().enumerate().all(|(class, row)| class == *row && *row < rows) {
            return Ok(place);
        }
        let wide = rows > 255;
        let bytes: Vec<u8> = grid
            .rows
            .iter()
            .flat_map(|row| {
                let [low, high, ..] = row.to_le_bytes();
                [Some(low), wide.then_some(high)].into_iter().flatten()
            })
            .collect();
        let address = self.context.constant(&bytes)?;
        let width = Width::unsigned(if wide { 2 } else { 1 });
        let row = self.code.share(&place.shl(width.log2()).load(width, address));
        if grid.rows.contains(&rows) {
            self.raise(&row.eq(&count(rows)?));
        }
        Ok(row)
    }

    /// The row, by trying one after the other.
    fn row_by_trying(&mut self, table: &'p Table) -> Result<Node, EmitError> {
        let rows = table.rows.len();
        let seen = self.look(table)?;
        let found = self.code.variable(&count(rows)?);
        for (place, row) in table.rows.iter().enumerate().rev() {
            let mut matches = flag(true);
            for (region, column) in asked(row, &seen) {
                let holds = self.lets_through(region, &column.value, column.shape);
                matches = matches.both(&holds.value.to(Ty::I32));
            }
            let answer = count(if row.outputs.is_some() { place } else { rows })?;
            let next = answer.when(&matches, &found);
            self.code.set(&found, &next);
        }
        self.raise(&found.eq(&count(rows)?));
        Ok(found)
    }

    /// The columns that tell rows apart, worked out once.
    fn look(&mut self, table: &'p Table) -> Result<Vec<SeenColumn<Known>>, EmitError> {
        let mut seen = Vec::new();
        for (place, column) in table.tested() {
            let Known { value, none } = walk(self, &column.expr)?;
            let value = Known { value: self.code.share(&value), none: self.code.share(&none) };
            seen.push(SeenColumn { place, shape: column.expr.shape, value });
        }
        Ok(seen)
    }

    /// One output, given the row.
    fn output(&mut self, table: &'p Table, column: usize, cell: CellId, row: &Node) -> Result<Known, EmitError> {
        let shape = *self.context.plan.cells.get(cell).ok_or(EmitError::no_such("cell", cell))?;
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let mut result = self.constants(&constants, shape, row)?;
        let open = table.rows.iter().enumerate().zip(&constants).filter(|(_, constant)| constant.is_none());
        for ((place, what), _) in open {
            let Some(expr) = output_of(what, column) else {
                continue;
            };
            let guards = guards_of_row(self, table, what);
            let value = guarded(self, guards, |strict| walk(strict, expr))?;
            let here = self.code.share(&row.eq(&count(place)?));
            let ty = strict_type(shape);
            let chosen = value.value.to(ty).when(&here, &result.value);
            let none = value.none.when(&here, &result.none);
            result = Known { value: self.code.share(&chosen), none: self.code.share(&none) };
        }
        Ok(result)
    }

    /// Those outputs that are constants, from an array.
    fn constants(&mut self, constants: &[Option<i64>], shape: Shape, row: &Node) -> Result<Known, EmitError> {
        let ty = strict_type(shape);
        let mut known: Vec<i64> = constants.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        match known.as_slice() {
            [] => {
                return Ok(Known { value: Node::Const(ty, 0), none: flag(shape.optional) });
            }
            [NONE] => {
                return Ok(Known { value: Node::Const(ty, 0), none: flag(true) });
            }
            [only] => return Ok(Known::some(Node::Const(ty, *only))),
            _ => {}
        }
        let bytes = bytes_of(shape.or_none(), 1);
        let width = Width::signed(bytes);
        let address = self.context.constant(&array_of(constants, bytes))?;
        let value = row.shl(width.log2()).load(width, address);
        if known.contains(&NONE) {
            let value = self.code.share(&value);
            let none = value.eq(&Node::Const(width.ty(), none_of(bytes)));
            return Ok(Known { value: value.to(ty), none: self.code.share(&none) });
        }
        Ok(Known::some(value.to(ty)))
    }
}
