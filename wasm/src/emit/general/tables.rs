//! Decision tables of at most 64 rows over possible values: the rows that may match are a mask.
//!
//! Each condition leaves two bits, possibly and certainly; the bits of a row's conditions are and-ed, and the row joins the
//! mask: in one loop where all conditions are written out ([`super::tables_written`]), otherwise by a call for each. Outputs that
//! are written out are then gathered from the arrays that the strict code uses.

use concord_engine::plan::{CellId, Class, Id, Op, Region, Shape, StepId, Table};

use super::General;
use super::facts::is_staged;
use super::tables_written::{MOST_ROWS, Written};
use super::value::{Possible, Union, is_yes_no};
use crate::abi::bytes_of;
use crate::emit::assembler::{Bin, EmitError, Node, Ty, bit, flag, int, long, truncate};
use crate::emit::memory::{CLAIMS, GREATEST, NEEDS, PRESENCE, ROWS, SET_MARK, STAGED_BYTES};
use crate::emit::runtime::{Helper, RowSearchLoop};
use crate::emit::walk::{Domain, NONE, SeenColumn, array_of, asked, constant_of, output_of, walk};

/// What came of trying the rows.
struct RowSearchResult {
    rows: Node,
    /// The same, but every row with an answer where no row may match.
    answering: Node,
    needs: Node,
    claim: Node,
    /// No row may match.
    nothing: Node,
}

impl<'p> General<'_, 'p> {
    /// Fills a table's cells.
    pub(crate) fn table(&mut self, step: StepId, table: &'p Table) -> Result<(), EmitError> {
        if table.rows.len() > MOST_ROWS {
            return self.long_table(step, table);
        }
        let tried = self.try_rows(step, table)?;
        let claim = tried.claim.to(Ty::I64);
        let low = claim.when(&tried.nothing, &tried.rows.ctz());
        let high = claim.when(&tried.nothing, &tried.rows.top_bit());
        let needs = tried.needs.clone();
        self.fill_found(table.row_cell, Possible { low, high, needs, ..Possible::known(long(0)) })?;
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.context.is_wanted(*cell) {
                let shape = self.shape(*cell)?;
                let value = self.masked_output(table, column, shape, &tried)?;
                self.fill_found(*cell, value)?;
            }
        }
        Ok(())
    }

    /// Fills a cell; ranges that only go out are settled there.
    fn fill_found(&mut self, cell: CellId, value: Possible) -> Result<(), EmitError> {
        let class = self.shape(cell)?.class;
        let looked_at = class == Class::Set || self.context.reads.cells.contains(&cell);
        let value = if looked_at { value.settled(self.code, &mut self.context.helpers, class) } else { value };
        self.fill(cell, &value)
    }

    fn try_rows(&mut self, step: StepId, table: &'p Table) -> Result<RowSearchResult, EmitError> {
        let rows = match Written::of(table) {
            Some(written) => self.written_rows(table, &written)?,
            None => self.try_each(table)?,
        };
        let rows = self.code.share(&rows);
        let needs = self.code.share(&NEEDS);
        let breakable = table.first || table.rows.iter().any(|row| row.outputs.is_none());
        if !breakable {
            return Ok(RowSearchResult { answering: rows.clone(), rows, needs, claim: int(0), nothing: int(0) });
        }
        let nothing = self.code.share(&rows.eq(&long(0)));
        let claim = self.code.variable(&int(0));
        self.code.when(&nothing);
        let first = CLAIMS.ctz().when(&CLAIMS.ne(&long(0)), &long(0));
        self.code.set(&claim, &first);
        self.break_claim(step, &claim)?;
        self.code.end();
        let needs = self.code.share(&long(0).when(&nothing, &needs));
        let answering = (0_u32..).zip(&table.rows).filter(|(_, row)| row.outputs.is_some());
        let answering = answering.fold(0, |mask, (number, _)| mask | 1_i64.wrapping_shl(number));
        let answering = self.code.share(&long(answering).when(&nothing, &rows));
        Ok(RowSearchResult { rows, answering, needs, claim, nothing })
    }

    /// Tries the rows in one loop over what is written out.
    fn written_rows(&mut self, table: &'p Table, written: &Written<'p>) -> Result<Node, EmitError> {
        let (mut places, mut columns) = (Vec::new(), Vec::new());
        let mut next = self.context.plan.subject.inputs.len();
        for expr in &written.columns {
            let staged = match expr.op {
                Op::Input(index) if is_staged(self.context, index) => Some(index.place()),
                _ => None,
            };
            let place = staged.unwrap_or(next);
            let place = u8::try_from(place).map_err(|_| EmitError::NoSuch("place of a column", place))?;
            places.push(place);
            if staged.is_none() {
                let class = expr.shape.class;
                columns.push((place, walk(self, expr)?.shared(self.code, class), class));
                next += 1;
            }
        }
        for (place, value, class) in columns {
            let at = int(i64::from(self.context.map.staged + STAGED_BYTES * u32::from(place)));
            let high = if class == Class::Set { long(SET_MARK) } else { value.high };
            let operands = vec![at, value.low, high, value.needs];
            self.context.helpers.run(self.code, Helper::Column, operands);
        }
        let address = int(i64::from(self.context.constant(&written.table(&places)?)?));
        let search = RowSearchLoop { unique: !table.first, staged: self.context.map.staged };
        let operands = vec![address, long(written.impossible)];
        Ok(self.context.helpers.call(Helper::Rows(search), operands))
    }

    /// Tries the rows one after the other.
    fn try_each(&mut self, table: &'p Table) -> Result<Node, EmitError> {
        self.context.helpers.run(self.code, Helper::Start, Vec::new());
        let seen = self.look(table)?;
        let done = self.code.block();
        for row in &table.rows {
            let mut bits: Option<Node> = None;
            for (region, column) in asked(row, &seen) {
                let next = self.condition(region, column);
                bits = Some(bits.map_or(next.clone(), |bits| bits.bin(Bin::And, &next)));
            }
            let operands = vec![bits.unwrap_or(int(3)), flag(row.outputs.is_none())];
            let certain = self.context.helpers.call(Helper::Row(!table.first), operands);
            self.code.leave_when(done, &certain);
        }
        self.code.end();
        Ok(ROWS)
    }

    /// The columns that tell rows apart, worked out once.
    pub(super) fn look(&mut self, table: &'p Table) -> Result<Vec<SeenColumn<Possible>>, EmitError> {
        let mut seen = Vec::new();
        for (place, column) in table.tested() {
            let shape = column.expr.shape;
            let value = walk(self, &column.expr)?.shared(self.code, shape.class);
            seen.push(SeenColumn { place, shape, value });
        }
        Ok(seen)
    }

    /// The two bits of a cell.
    fn condition(&mut self, region: &Region, column: &SeenColumn<Possible>) -> Node {
        let SeenColumn { value, shape, .. } = column;
        let (helper, operands) = match region.ranges.as_slice() {
            _ if shape.class == Class::Set && value.is_there() => {
                let accepted = long(region.mask().cast_signed());
                (Helper::OneOf, vec![value.low.clone(), accepted, value.needs.clone()])
            }
            [(low, high)] if value.is_there() && !is_yes_no(*shape) => {
                let ends = [value.low.clone(), value.high.clone(), long(*low), long(*high)];
                (Helper::Within, ends.into_iter().chain([value.needs.clone()]).collect())
            }
            _ => {
                let test = self.lets_through(region, value, *shape);
                (Helper::Condition, vec![test.low, test.high, test.needs])
            }
        };
        self.context.helpers.call(helper, operands)
    }

    fn masked_output(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        tried: &RowSearchResult,
    ) -> Result<Possible, EmitError> {
        let answering = || table.rows.iter().filter(|row| row.outputs.is_some());
        let constants: Option<Vec<i64>> = answering().map(|row| constant_of(output_of(row, column))).collect();
        let value = match constants {
            Some(all) if all.iter().all(|value| all.first() == Some(value)) => {
                let Some(output) = answering().next().and_then(|row| output_of(row, column)) else {
                    return Ok(Possible::anything(shape));
                };
                walk(self, output)?
            }
            Some(all) if spans(&all, shape) => {
                let value = self.gathered_output(table, column, shape, &tried.answering)?;
                return Ok(Possible { needs: tried.needs.clone(), ..value });
            }
            Some(_) => self.gathered_output(table, column, shape, &tried.rows)?,
            None => self.worked_out_output(table, column, shape, &tried.rows)?,
        };
        let any = Possible::anything(shape);
        Ok(Possible {
            low: any.low.when(&tried.nothing, &value.low),
            high: any.high.when(&tried.nothing, &value.high),
            some: any.some.when(&tried.nothing, &value.some),
            none: any.none.when(&tried.nothing, &value.none),
            needs: value.needs.bin(Bin::Or, &tried.needs).when(&tried.nothing.not(), &long(0)),
        })
    }

    /// Outputs that are all written out.
    fn gathered_output(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        rows: &Node,
    ) -> Result<Possible, EmitError> {
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let bytes = bytes_of(shape.or_none(), 1);
        let address = self.context.constant(&array_of(&constants, bytes))?;
        let mut operands = vec![rows.clone(), int(i64::from(address))];
        let is_set = shape.class == Class::Set;
        let helper = if is_set { Helper::Variants } else { Helper::Least };
        if !is_set {
            operands.push(long(64 - 8 * i64::from(bytes)));
        }
        let low = self.context.helpers.call(helper, operands);
        let low = if is_yes_no(shape) { low.to(Ty::I32) } else { low };
        let low = self.code.share(&low);
        let high = if is_yes_no(shape) { GREATEST.to(Ty::I32) } else { GREATEST };
        let high = if is_set { low.clone() } else { self.code.share(&high) };
        let (some, none) = if shape.optional {
            let presence = self.code.share(&PRESENCE);
            let is_some = self.code.share(&presence.bin(Bin::And, &int(1)));
            (is_some, self.code.share(&presence.bin(Bin::ShrU, &int(1))))
        } else {
            (flag(true), flag(false))
        };
        Ok(Possible { low, high, some, none, needs: long(0) })
    }

    /// Outputs that have to be worked out.
    fn worked_out_output(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        rows: &Node,
    ) -> Result<Possible, EmitError> {
        let union = Union::new(self.code, shape);
        for (number, row) in table.rows.iter().enumerate() {
            let Some(expr) = output_of(row, column) else {
                continue;
            };
            let bit = long(bit(number)?.cast_signed());
            self.code.when(&rows.bin(Bin::And, &bit).ne(&long(0)));
            let value = walk(self, expr)?;
            union.join(self.code, &mut self.context.helpers, &value);
            self.code.end();
        }
        Ok(union.value(self.code, &mut self.context.helpers))
    }
}

/// Whether constants, taken together, are all that a shape allows.
fn spans(constants: &[i64], shape: Shape) -> bool {
    let values = || constants.iter().copied().filter(|value| *value != NONE);
    let spanned = match shape.class {
        Class::Set => {
            values().fold(0, |mask, value| mask | 1_u64.wrapping_shl(truncate(value).cast_unsigned()))
                == shape.full_mask()
        }
        Class::Range => values().min() == Some(shape.low) && values().max() == Some(shape.high),
    };
    spanned && constants.contains(&NONE) == shape.optional
}
