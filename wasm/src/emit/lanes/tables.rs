//! Decision tables in lanes: the class of each column is a sum of tests, the classes give a place, and whatever the table says is looked up
//! there; or in its row, where it has many places.

use concord_engine::plan::{CellId, Shape, Table};

use super::held::{Laned, bytes, halved, op, same, test};
use super::lookup::{MOST, byte_at, number_at};
use super::{Flag, Held, Lanes, Looked, lane_of};
use crate::emit::assembler::{EmitError, Lane, Node, Vector, address};
use crate::emit::walk::{
    Axis, Domain, Grid, NONE, SeenColumn, asked, constant_of, guarded, guards_of_row, output_of, walk,
};

/// The row of a table in each lane.
struct Found {
    row: Held,
    /// The place in the array of rows, and the array; where the table is one.
    place: Option<(Node, Vec<usize>)>,
}

impl<'p> Lanes<'_, 'p> {
    /// Fills a table's cells.
    pub(super) fn table(&mut self, table: &'p Table) -> Result<(), EmitError> {
        self.about(self.context.dependence.cell(table.row_cell));
        let most = table.rows.len();
        // A row that is none stands in a byte as well.
        let found = match Grid::of(table).filter(|grid| grid.rows.len() <= MOST && most < MOST / 2) {
            Some(grid) => self.row_of_grid(table, grid)?,
            None => Found { row: self.row_by_trying(table)?, place: None },
        };
        self.fill(table.row_cell, Laned::some(found.row.clone()))?;
        let wanted: Vec<_> =
            table.output_cells.iter().enumerate().filter(|(_, cell)| self.context.is_wanted(**cell)).collect();
        let few = wanted.len() == 1;
        for (column, cell) in wanted {
            self.about(self.context.dependence.cell(*cell));
            let value = self.output(table, (column, *cell), &found, few)?;
            self.fill(*cell, value)?;
        }
        Ok(())
    }

    fn row_of_grid(&mut self, table: &'p Table, grid: Grid<'p>) -> Result<Found, EmitError> {
        let rows = table.rows.len();
        let mut place: Option<Node> = None;
        for axis in &grid.axes {
            let value = walk(self, axis.expr)?;
            let class = self.class(axis, &value)?;
            let class = self.times(&class, axis.stride);
            place = Some(
                place.map_or_else(|| class.clone(), |place| op(self.code, Vector::Add(Lane::I8), &[&place, &class])),
            );
        }
        let place = place.unwrap_or(bytes(0));
        let is_row = grid.rows.iter().enumerate().all(|(class, row)| class == *row);
        let array: Vec<u8> = grid.rows.iter().map(|row| u8::try_from(*row).unwrap_or(u8::MAX)).collect();
        let row = if is_row { place.clone() } else { byte_at(self.code, &place, &array) };
        if grid.rows.contains(&rows) {
            let broken: Vec<u8> = grid.rows.iter().map(|row| if *row == rows { u8::MAX } else { 0 }).collect();
            let broken = byte_at(self.code, &place, &broken);
            self.raise(&Flag::Of(broken));
        }
        Ok(Found { row: Held::Numbers(Lane::I8, vec![row]), place: Some((place, grid.rows)) })
    }

    /// The class of a column's value, from 0; none is the last.
    fn class(&mut self, axis: &Axis<'p>, value: &Laned) -> Result<Node, EmitError> {
        let shape = axis.expr.shape;
        let each = shape.low == 0 && (1..=shape.high).eq(axis.cuts.iter().copied());
        let class = if each {
            self.byte(&value.value)
        } else {
            let (value, by) = self.squeezed(&value.value, shape, &axis.cuts);
            let mut sum: Option<Node> = None;
            for cut in &axis.cuts {
                let reached = self.reaches(&value, cut - by).node();
                let before = sum.unwrap_or(bytes(0));
                sum = Some(op(self.code, Vector::Sub(Lane::I8), &[&before, &reached]));
            }
            sum.unwrap_or(bytes(0))
        };
        let last = i64::from(address(axis.cuts.len())?) + 1;
        Ok(match &value.none {
            Flag::Always(false) => class,
            Flag::Always(true) => bytes(last),
            Flag::Of(none) => op(self.code, Vector::Select, &[&bytes(last), &class, none]),
        })
    }

    /// Numbers of 16 bits as bytes, so many less: where they leave the range of bytes they stay on their side of every cut.
    fn squeezed(&mut self, value: &Held, shape: Shape, cuts: &[i64]) -> (Held, i64) {
        let (Held::Numbers(Lane::I16, parts), Some(first), Some(last)) = (value, cuts.first(), cuts.last()) else {
            return (value.clone(), 0);
        };
        // A test is whether a value is greater than what comes before the cut.
        let span = last - first;
        if cuts.len() < 2 || span > 253 || lane_of(shape) > Lane::I16 {
            return (value.clone(), 0);
        }
        let middle = first + span / 2;
        let less: Vec<Node> =
            parts.iter().map(|part| op(self.code, Vector::SubSaturating, &[part, &same(Lane::I16, middle)])).collect();
        let bytes = halved(self.code, &less, Lane::I16);
        (Held::Numbers(Lane::I8, bytes), middle)
    }

    fn reaches(&mut self, value: &Held, cut: i64) -> Flag {
        match value {
            Held::Same(value) => Flag::Always(*value >= cut),
            Held::Flags(_) if cut == 1 => value.flag(self.code),
            Held::Flags(_) => Flag::Always(cut < 1),
            Held::Numbers(..) => test(self.code, Vector::Greater, value, &Held::Same(cut - 1)),
        }
    }

    /// A class so many times: a few additions, as bytes are not multiplied.
    fn times(&mut self, class: &Node, times: usize) -> Node {
        let (mut sum, mut doubled, mut rest): (Option<Node>, Node, usize) = (None, class.clone(), times);
        while rest > 0 {
            if rest & 1 == 1 {
                sum = Some(match sum {
                    Some(sum) => op(self.code, Vector::Add(Lane::I8), &[&sum, &doubled]),
                    None => doubled.clone(),
                });
            }
            rest >>= 1;
            if rest > 0 {
                doubled = op(self.code, Vector::Add(Lane::I8), &[&doubled, &doubled]);
            }
        }
        sum.unwrap_or(bytes(0))
    }

    /// The row, by trying one after the other.
    fn row_by_trying(&mut self, table: &'p Table) -> Result<Held, EmitError> {
        let mut seen = Vec::new();
        for (place, column) in table.tested() {
            let value = walk(self, &column.expr)?;
            seen.push(SeenColumn { place, shape: column.expr.shape, value });
        }
        let most = i64::from(address(table.rows.len())?);
        let (shape, mut found) = (Shape::range(0, most), Held::Same(most));
        for (place, row) in (0..most).rev().zip(table.rows.iter().rev()) {
            let mut cells = Vec::new();
            for (region, column) in asked(row, &seen) {
                cells.push(self.lets_through(region, &column.value, column.shape));
            }
            let matches = self.all(&cells).value.flag(self.code);
            let answer = Held::Same(if row.outputs.is_some() { place } else { most });
            found = self.choose_value(&matches, &answer, &found, shape);
        }
        let broken = found.is_same(self.code, most);
        self.raise(&broken);
        Ok(found)
    }

    /// One output, given the row.
    fn output(
        &mut self,
        table: &'p Table,
        (column, cell): (usize, CellId),
        found: &Found,
        alone: bool,
    ) -> Result<Laned, EmitError> {
        let shape = *self.context.plan.cells.get(cell).ok_or(EmitError::no_such("cell", cell))?;
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let is_open =
            constants.iter().zip(&table.rows).any(|(constant, row)| constant.is_none() && row.outputs.is_some());
        let mut result = self.constants(&constants, shape, (cell, is_open), (found, alone));
        for (place, row) in table.rows.iter().enumerate() {
            let is_constant = constants.get(place).is_none_or(Option::is_some);
            let Some(expr) = output_of(row, column).filter(|_| !is_constant) else { continue };
            let guards = guards_of_row(self, table, row);
            let value = guarded(self, guards, |lanes| walk(lanes, expr))?;
            let here = found.row.is_same(self.code, i64::from(address(place)?));
            let chosen = self.choose_value(&here, &value.value, &result.value, shape);
            let none = here.choose(self.code, &value.none, &result.none);
            result = Laned { value: chosen, none };
        }
        Ok(result)
    }

    /// Those outputs that are constants, from an array.
    fn constants(
        &mut self,
        constants: &[Option<i64>],
        shape: Shape,
        (cell, is_open): (CellId, bool),
        (found, alone): (&Found, bool),
    ) -> Laned {
        let mut known: Vec<i64> = constants.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        match known.as_slice() {
            [] => return Laned { value: Held::Same(0), none: Flag::Always(shape.optional) },
            [NONE] => return Laned { value: Held::Same(0), none: Flag::Always(true) },
            [only] => return Laned::some(Held::Same(*only)),
            _ => {}
        }
        // What a row says that has no constant, or claims to be impossible, is not looked up here.
        let of_row = |row: usize| constants.get(row).copied().flatten().unwrap_or(0);
        let by_row = || (0..constants.len()).map(of_row).collect::<Vec<i64>>();
        let (place, array) = match &found.place {
            Some((place, rows)) if alone || rows.len() <= 16 => {
                (place.clone(), rows.iter().map(|row| of_row(*row)).collect())
            }
            _ if found.row.lane() == Lane::I8 => (self.byte(&found.row), by_row()),
            _ => return self.of_many_rows(&found.row, &by_row(), shape),
        };
        let lane = lane_of(shape);
        let numbers: Vec<i64> = array.iter().map(|value| if *value == NONE { 0 } else { *value }).collect();
        let value = Held::Numbers(lane, number_at(self.code, &place, &numbers, lane));
        let none = if known.contains(&NONE) {
            let none: Vec<u8> = array.iter().map(|value| if *value == NONE { u8::MAX } else { 0 }).collect();
            Flag::Of(byte_at(self.code, &place, &none))
        } else {
            Flag::Always(false)
        };
        if !is_open {
            let array = array.iter().map(|value| (*value != NONE).then_some(*value)).collect();
            self.looked.insert(cell, Looked { place, array });
        }
        Laned { value, none }
    }

    /// The same where rows are more than a byte counts: one after the other.
    fn of_many_rows(&mut self, row: &Held, array: &[i64], shape: Shape) -> Laned {
        let mut result = Laned::some(Held::Same(shape.low));
        for (place, value) in (0_i64..).zip(array) {
            let here = row.is_same(self.code, place);
            let none = Flag::Always(*value == NONE);
            let value = Held::Same(if *value == NONE { shape.low } else { *value });
            let value = self.choose_value(&here, &value, &result.value, shape);
            result = Laned { value, none: here.choose(self.code, &none, &result.none) };
        }
        result
    }
}
