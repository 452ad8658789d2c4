//! Decision tables of at most 64 rows over possible values: the rows that may match are a mask.
//!
//! Each condition is one call that leaves two bits, possibly and certainly; the bits of a row's conditions are and-ed, and
//! the row joins the mask. Outputs that are written out are then gathered from the arrays that the strict code uses.

use concord_engine::plan::{Class, Expr, Op, Shape, Table};

use super::EmitError;
use super::general::General;
use super::helpers::{CLAIMS, GREATEST, Helper, IMPOSSIBLE, NEEDS, PRESENCE, ROWS, UNIQUE};
use super::layout::{bytes_of, is_yes_no};
use super::node::{Bin, Node, Ty, int, long};
use super::possible::{Possible, Union};
use super::rows::{COLUMN, SET, Written};
use super::strict_table::{array_of, constant_of, output_of};
use super::walk::{Comparison, Domain, as_interval, walk};

/// What a table's columns look at, worked out once.
type Seen<'p> = Vec<(&'p Expr, Possible)>;

/// What came of trying the rows.
struct Tried {
    rows: Node,
    needs: Node,
    claim: Node,
    /// No row may match.
    nothing: Node,
}

impl<'p> General<'_, 'p> {
    /// Fills a table's cells.
    pub(super) fn table(&mut self, step: usize, table: &'p Table) -> Result<(), EmitError> {
        if table.rows.len() > 64 {
            return self.long_table(step, table);
        }
        let tried = self.try_rows(step, table)?;
        let low = self.code.share(&tried.rows.ctz());
        let high = self.code.share(&tried.rows.top_bit());
        let claim = tried.claim.to(Ty::I64);
        let row = Possible {
            low: claim.when(&tried.nothing, &low),
            high: claim.when(&tried.nothing, &high),
            needs: tried.needs.clone(),
            ..Possible::known(long(0))
        };
        let row = row.settled(self.code, &mut self.shared.helpers, Class::Range);
        self.fill(table.row_cell, &row)?;
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.shared.is_wanted(*cell) {
                let shape = self.shape(*cell)?;
                let value = self.masked_output(table, column, shape, &tried)?;
                self.fill(*cell, &value)?;
            }
        }
        Ok(())
    }

    fn try_rows(&mut self, step: usize, table: &'p Table) -> Result<Tried, EmitError> {
        let mut seen: Seen<'p> = Vec::new();
        if !self.written_rows(table, &mut seen)? {
            self.try_each(table, &mut seen)?;
        }
        let rows = self.code.share(&ROWS);
        let needs = self.code.share(&NEEDS);
        let breakable = table.first || table.rows.iter().any(|row| row.outputs.is_none());
        if !breakable {
            return Ok(Tried { rows, needs, claim: int(0), nothing: int(0) });
        }
        let nothing = self.code.share(&rows.eq(&long(0)));
        let claim = self.code.variable(&int(0));
        self.code.when(&nothing);
        let first = CLAIMS.ctz().when(&CLAIMS.ne(&long(0)), &long(0));
        self.code.set(&claim, &first);
        self.break_claim(step, &claim);
        self.code.end();
        let needs = self.code.share(&long(0).when(&nothing, &needs));
        Ok(Tried { rows, needs, claim, nothing })
    }

    /// Tries the rows in a loop, where their conditions are written out.
    fn written_rows(&mut self, table: &'p Table, seen: &mut Seen<'p>) -> Result<bool, EmitError> {
        let Some(written) = Written::of(table) else {
            return Ok(false);
        };
        let mut values = Vec::new();
        for expr in &written.columns {
            let value = self.look(expr, seen)?;
            if !value.is_there() {
                return Ok(false);
            }
            values.push((value, expr.shape.class));
        }
        let count = u32::try_from(values.len()).unwrap_or(0);
        for ((value, class), place) in values.into_iter().zip(0..) {
            let at = int(i64::from(self.shared.seen + COLUMN * place));
            let high = if class == Class::Set { long(SET) } else { value.high };
            let column = self.shared.helpers.call(Helper::Column, vec![at, value.low, high, value.needs]);
            self.code.discard(&column);
        }
        let kind = if table.first { 0 } else { UNIQUE };
        let address = int(i64::from(self.shared.constant(&written.data)));
        let rows = int(i64::try_from(table.rows.len()).unwrap_or(0));
        let operands = vec![address, int(i64::from(COLUMN * count)), rows, long(written.impossible)];
        let tried = self.shared.helpers.call(Helper::Rows(written.bytes, kind, self.shared.seen), operands);
        self.code.discard(&tried);
        Ok(true)
    }

    /// Tries the rows one after the other.
    fn try_each(&mut self, table: &'p Table, seen: &mut Seen<'p>) -> Result<(), EmitError> {
        let start = self.shared.helpers.call(Helper::Start, Vec::new());
        self.code.discard(&start);
        let done = self.code.block();
        for row in &table.rows {
            let mut bits: Option<Node> = None;
            for condition in &row.conditions {
                let next = self.condition(condition, seen)?;
                bits = Some(bits.map_or(next.clone(), |bits| bits.bin(Bin::And, &next)));
            }
            let bits = bits.unwrap_or(int(3));
            let kind = if table.first { 0 } else { UNIQUE } | if row.outputs.is_some() { 0 } else { IMPOSSIBLE };
            let certain = self.shared.helpers.call(Helper::Row(kind), vec![bits]);
            self.code.leave_when(done, &certain);
        }
        self.code.end();
        Ok(())
    }

    /// The two bits of a condition.
    fn condition(&mut self, condition: &'p Expr, seen: &mut Seen<'p>) -> Result<Node, EmitError> {
        let interval = match &condition.op {
            Op::Within(x, low, high) => Some((&**x, *low, *high)),
            Op::LessOrEqual(a, b) => as_interval(Comparison::LessOrEqual, a, b),
            Op::Less(a, b) => as_interval(Comparison::Less, a, b),
            Op::Equal(a, b) => as_interval(Comparison::Equal, a, b),
            _ => None,
        };
        if let Some((x, low, high)) = interval {
            let value = self.look(x, seen)?;
            if value.is_there() && !is_yes_no(x.shape) {
                let ends = [low.max(x.shape.low), high.min(x.shape.high)].map(long);
                let [low, high] = ends;
                let operands = vec![value.low.to(Ty::I64), value.high.to(Ty::I64), low, high, value.needs];
                return Ok(self.shared.helpers.call(Helper::Within, operands));
            }
        }
        if let Op::OneOf(x, mask) = &condition.op {
            let value = self.look(x, seen)?;
            if value.is_there() {
                let operands = vec![value.low, long(mask.cast_signed()), value.needs];
                return Ok(self.shared.helpers.call(Helper::OneOf, operands));
            }
        }
        let value = match &condition.op {
            Op::Not(x) => {
                let x = self.look(x, seen)?;
                self.not(x)
            }
            _ => self.look(condition, seen)?,
        };
        let operands = vec![value.low.to(Ty::I32), value.high.to(Ty::I32), value.needs];
        Ok(self.shared.helpers.call(Helper::Condition, operands))
    }

    /// What an expression may be, worked out once a table.
    fn look(&mut self, expr: &'p Expr, seen: &mut Seen<'p>) -> Result<Possible, EmitError> {
        if let Some((_, value)) = seen.iter().find(|(other, _)| *other == expr) {
            return Ok(value.clone());
        }
        let value = walk(self, expr)?.shared(self.code, expr.shape.class);
        seen.push((expr, value.clone()));
        Ok(value)
    }

    fn masked_output(
        &mut self,
        table: &'p Table,
        column: usize,
        shape: Shape,
        tried: &Tried,
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
            Some(_) => self.gathered_output(table, column, shape, &tried.rows),
            None => self.worked_out_output(table, column, shape, &tried.rows)?,
        };
        let any = Possible::anything(shape);
        let value = Possible {
            low: any.low.when(&tried.nothing, &value.low),
            high: any.high.when(&tried.nothing, &value.high),
            some: any.some.when(&tried.nothing, &value.some),
            none: any.none.when(&tried.nothing, &value.none),
            needs: value.needs.bin(Bin::Or, &tried.needs).when(&tried.nothing.not(), &long(0)),
        };
        Ok(value.settled(self.code, &mut self.shared.helpers, shape.class))
    }

    /// Outputs that are all written out.
    fn gathered_output(&mut self, table: &'p Table, column: usize, shape: Shape, rows: &Node) -> Possible {
        let constants: Vec<Option<i64>> = table.rows.iter().map(|row| constant_of(output_of(row, column))).collect();
        let bytes = bytes_of(shape.or_none(), 1);
        let address = self.shared.constant(&array_of(&constants, bytes));
        let operands = vec![rows.clone(), int(i64::from(address))];
        let is_set = shape.class == Class::Set;
        let helper = if is_set { Helper::Variants } else { Helper::Least(bytes) };
        let low = self.shared.helpers.call(helper, operands);
        let low = if is_yes_no(shape) { low.to(Ty::I32) } else { low };
        let low = self.code.share(&low);
        let high = if is_yes_no(shape) { GREATEST.to(Ty::I32) } else { GREATEST };
        let high = if is_set { low.clone() } else { self.code.share(&high) };
        let (some, none) = if shape.optional {
            let presence = self.code.share(&PRESENCE);
            (presence.bin(Bin::And, &int(1)), presence.bin(Bin::ShrU, &int(1)))
        } else {
            (int(1), int(0))
        };
        let value = Possible { low, high, some, none, needs: long(0) };
        value.settled(self.code, &mut self.shared.helpers, shape.class)
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
            let bit = long(1_i64 << (number & 63));
            self.code.when(&rows.bin(Bin::And, &bit).ne(&long(0)));
            let value = walk(self, expr)?;
            union.join(self.code, &mut self.shared.helpers, &value);
            self.code.end();
        }
        Ok(union.value(self.code, &mut self.shared.helpers))
    }
}
