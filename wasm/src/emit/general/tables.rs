//! Decision tables of at most 64 rows over possible values: the rows that may match are a mask ([`super::tables_masks`]). Outputs that are
//! written out are then gathered from the arrays that the strict code uses.

use concord_engine::plan::{Class, Shape, StepId, Table};

use super::General;
use super::tables_masks::{Found, MaskedRows};
use super::value::{Possible, Union, ends};
use crate::abi::{bytes_of, none_of};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, Width, bit, flag, int, long};
use crate::emit::memory::{GREATEST, PRESENCE};
use crate::emit::runtime::Helper;
use crate::emit::walk::{SeenColumn, array_of, constant_of, output_of, walk};

/// What came of trying the rows.
struct RowSearchResult {
    rows: Node,
    /// The same, but every row with an answer where no row may match.
    answering: Node,
    /// Whether there are several of these.
    several: Node,
    needs: Node,
    claim: Node,
    /// No row may match.
    nothing: Node,
}

impl<'p> General<'_, 'p> {
    /// Fills a table's cells: for one row what it says, and only where several may match what they have in common.
    pub(crate) fn table(&mut self, step: StepId, table: &'p Table) -> Result<(), EmitError> {
        let Some(rows) = MaskedRows::of(table) else {
            return self.long_table(step, table);
        };
        let tried = self.try_rows(step, table, &rows)?;
        let first = self.code.share(&tried.rows.ctz());
        let [last, needs] = [first.clone(), long(0)].map(|value| self.code.variable(&value));
        let mut gathered = Vec::new();
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.context.is_wanted(*cell) {
                let shape = self.shape(*cell)?;
                gathered.push((column, *cell, shape, self.gathered(table, column, shape, &tried)?));
            }
        }
        self.code.when(&tried.several);
        self.code.set(&last, &tried.rows.top_bit());
        self.code.set(&needs, &tried.needs);
        gathered.iter().filter_map(|(.., gathered)| gathered.as_ref()).for_each(|of| self.gather(of, &tried));
        self.code.end();
        let claim = tried.claim.to(Ty::I64);
        let [low, high] = [first, last].map(|row| claim.when(&tried.nothing, &row));
        self.fill(table.row_cell, &Possible { low, high, needs, ..Possible::known(long(0)) })?;
        for (column, cell, shape, gathered) in gathered {
            let value = match gathered {
                Some(gathered) => gathered.value,
                None => self.other_output(table, column, shape, &tried)?,
            };
            self.fill(cell, &or_anything(&value, shape, &tried.nothing))?;
        }
        Ok(())
    }

    fn try_rows(&mut self, step: StepId, table: &'p Table, of: &MaskedRows<'p>) -> Result<RowSearchResult, EmitError> {
        let Found { claims, rows, several, needs } = self.masked_rows(table, of)?;
        if !table.first && table.rows.iter().all(|row| row.outputs.is_some()) {
            let (claim, nothing) = (int(0), int(0));
            return Ok(RowSearchResult { answering: rows.clone(), rows, several, needs, claim, nothing });
        }
        let nothing = self.code.share(&rows.eq(&long(0)));
        let claim = self.code.variable(&int(0));
        let answering = self.code.variable(&rows);
        self.code.when(&nothing);
        self.code.set(&claim, &claims.ctz().when(&claims.ne(&long(0)), &long(0)).to(Ty::I32));
        self.break_claim(step, &claim)?;
        self.code.set(&needs, &long(0));
        self.code.set(&answering, &long(of.answering));
        self.code.set(&several, &flag(of.answering.count_ones() > 1));
        self.code.end();
        Ok(RowSearchResult { rows, answering, several, needs, claim, nothing })
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

    /// An output that is written out, as one row says it; nothing where it is worked out, or the same in all rows.
    fn gathered(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        tried: &RowSearchResult,
    ) -> Result<Option<Gathered>, EmitError> {
        let answering = table.rows.iter().filter(|row| row.outputs.is_some());
        let written: Option<Vec<i64>> = answering.map(|row| constant_of(output_of(row, column))).collect();
        let Some(first) = written.as_ref().and_then(|all| all.first()).copied() else { return Ok(None) };
        if written.iter().flatten().all(|value| *value == first) {
            return Ok(None);
        }
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let width = Width::signed(bytes_of(shape.or_none(), 1));
        let array = self.context.constant(&array_of(&constants, width.bytes))?;
        let row = tried.answering.ctz().to(Ty::I32).shl(width.log2());
        let of_row = self.code.share(&row.load(width, array).to(Ty::I64));
        let (some, none) = if shape.optional {
            let none = self.code.variable(&of_row.eq(&long(none_of(width.bytes))));
            (self.code.variable(&none.not()), none)
        } else {
            (flag(true), flag(false))
        };
        let is_set = shape.class == Class::Set;
        let one = if is_set { long(1).bin(Bin::Shl, &of_row) } else { of_row };
        let low = self.code.variable(&long(0).when(&none, &one).to(ends(shape).0.ty()));
        let high = if is_set { low.clone() } else { self.code.variable(&low) };
        let needs = self.code.variable(&long(0));
        let answering = table.rows.iter().enumerate().filter(|(_, row)| row.outputs.is_some());
        let answering = answering.map(|(row, _)| bit(row)).try_fold(0, |all, row| Ok(all | row?.cast_signed()))?;
        let ends =
            written.iter().flatten().fold((first, first), |(least, most), value| (least.min(*value), most.max(*value)));
        let of_all = [answering, ends.0, ends.1];
        Ok(Some(Gathered { width, array, of_all, shape, value: Possible { low, high, some, none, needs } }))
    }

    /// The same of several rows: all that they say.
    fn gather(&mut self, of: &Gathered, tried: &RowSearchResult) {
        let Gathered { width, array, of_all, shape, value } = of;
        let mut operands = vec![tried.answering.clone(), int(i64::from(*array))];
        let helper = match shape.class {
            Class::Set => Helper::Variants,
            Class::Range if shape.optional || self.context.layout.has_events => Helper::Least(*width),
            Class::Range => {
                operands.extend(of_all.map(long));
                Helper::LeastOrAll(*width)
            }
        };
        self.code.set(&value.low, &self.context.helpers.call(helper, operands).to(value.low.ty()));
        if shape.class == Class::Range {
            self.code.set(&value.high, &GREATEST.to(value.high.ty()));
        }
        if shape.optional {
            self.code.set(&value.some, &PRESENCE.bin(Bin::And, &int(1)));
            self.code.set(&value.none, &PRESENCE.bin(Bin::ShrU, &int(1)));
        }
        self.code.set(&value.needs, &long(0).when(&value.is_known(shape.class), &tried.needs));
    }

    /// An output that is worked out, or the same in all rows.
    fn other_output(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        tried: &RowSearchResult,
    ) -> Result<Possible, EmitError> {
        let mut outputs = table.rows.iter().filter_map(|row| output_of(row, column));
        let Some(first) = outputs.next() else { return Ok(Possible::anything(shape)) };
        let is_same = constant_of(Some(first)).is_some()
            && outputs.all(|other| constant_of(Some(other)) == constant_of(Some(first)));
        let value =
            if is_same { walk(self, first)? } else { self.worked_out_output(table, column, shape, &tried.rows)? };
        let needs = value.needs.bin(Bin::Or, &tried.needs);
        Ok(Possible { needs, ..value }.settled(self.code, shape.class))
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
        Ok(union.value(self.code))
    }
}

/// An output that is written out.
struct Gathered {
    width: Width,
    array: u32,
    /// The rows with an answer, and the least and the greatest that they say.
    of_all: [i64; 3],
    shape: Shape,
    value: Possible,
}

/// A value, or anything where a flag is set.
fn or_anything(value: &Possible, shape: Shape, flag: &Node) -> Possible {
    let any = Possible::anything(shape);
    Possible {
        low: any.low.when(flag, &value.low),
        high: any.high.when(flag, &value.high),
        some: any.some.when(flag, &value.some),
        none: any.none.when(flag, &value.none),
        needs: long(0).when(flag, &value.needs),
    }
}
