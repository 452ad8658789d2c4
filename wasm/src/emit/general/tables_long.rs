//! Decision tables over possible values, row by row: the way for tables of any size.

use concord_engine::plan::{Claim, Shape, StepId, Table, TableRow};

use super::General;
use super::value::{Possible, Union};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, address, count, int, long};
use crate::emit::walk::{Domain, asked, output_of, walk};

/// What a table gathers while its rows are tried.
struct Found {
    row: Union,
    outputs: Vec<(usize, Union)>,
    needs: Node,
    claim: Node,
}

impl<'p> General<'_, 'p> {
    /// Fills a table's cells, whatever its size.
    pub(super) fn long_table(&mut self, step: StepId, table: &'p Table) -> Result<(), EmitError> {
        let most = i64::from(address(table.rows.len())?);
        let mut outputs = Vec::new();
        for (column, cell) in table.output_cells.iter().enumerate() {
            if self.context.is_wanted(*cell) {
                let shape = self.shape(*cell)?;
                outputs.push((column, Union::new(self.code, shape)));
            }
        }
        let found = Found {
            row: Union::new(self.code, Shape::range(0, most.max(2))),
            outputs,
            needs: self.code.variable(&long(0)),
            claim: self.code.variable(&int(-1)),
        };
        let seen = self.look(table)?;
        let done = self.code.block();
        for (number, row) in table.rows.iter().enumerate() {
            let cells: Vec<Possible> =
                asked(row, &seen).map(|(cell, of)| self.lets_through(cell, &of.value, of.shape)).collect();
            let matches = self.all(&cells);
            self.code.when(&matches.high);
            self.join_row(table, number, row, &matches, &found)?;
            self.code.leave_when(done, &matches.low);
            self.code.end();
        }
        self.code.end();
        self.fill_table(step, table, &found)
    }

    /// A row that may match joins those found.
    fn join_row(
        &mut self,
        table: &'p Table,
        number: usize,
        row: &'p TableRow,
        matches: &Possible,
        found: &Found,
    ) -> Result<(), EmitError> {
        self.code.set(&found.needs, &found.needs.bin(Bin::Or, &matches.needs));
        let number = i64::from(address(number)?);
        if row.outputs.is_some() {
            if !table.first {
                self.code.when(&matches.low);
                found.row.clear(self.code);
                found.outputs.iter().for_each(|(_, union)| union.clear(self.code));
                self.code.set(&found.needs, &long(0));
                self.code.end();
            }
            let place = Possible::known(long(number));
            found.row.join(self.code, &mut self.context.helpers, &place);
            for (column, union) in &found.outputs {
                if let Some(expr) = output_of(row, *column) {
                    let value = walk(self, expr)?;
                    union.join(self.code, &mut self.context.helpers, &value);
                }
            }
        } else {
            let unclaimed = found.claim.bin(Bin::LtS, &int(0));
            self.code.set(&found.claim, &int(number).when(&unclaimed, &found.claim));
            if !table.first {
                self.code.when(&matches.low);
                found.row.clear(self.code);
                self.code.end();
            }
        }
        Ok(())
    }

    /// Writes a table's cells: the row and outputs found, or, when only a claim was left, anything at all.
    fn fill_table(&mut self, step: StepId, table: &'p Table, found: &Found) -> Result<(), EmitError> {
        found.row.need(self.code, &found.needs);
        let row = found.row.value(self.code);
        let nothing = self.code.share(&row.high.bin(Bin::LtS, &long(0)));
        self.code.when(&nothing);
        self.break_claim(step, &found.claim)?;
        self.code.end();
        let claim = found.claim.to(Ty::I64);
        let claim = long(0).when(&claim.bin(Bin::LtS, &long(0)), &claim);
        let claimed = self.code.share(&claim);
        let either = Possible {
            low: claimed.when(&nothing, &row.low),
            high: claimed.when(&nothing, &row.high),
            needs: long(0).when(&nothing, &row.needs),
            ..row
        };
        self.fill(table.row_cell, &either)?;
        for (column, union) in &found.outputs {
            union.need(self.code, &found.needs);
            let Some(cell) = table.output_cells.get(*column) else {
                continue;
            };
            let shape = self.shape(*cell)?;
            let value = union.value(self.code);
            let any = Possible::anything(shape);
            let either = Possible {
                low: any.low.when(&nothing, &value.low),
                high: any.high.when(&nothing, &value.high),
                some: any.some.when(&nothing, &value.some),
                none: any.none.when(&nothing, &value.none),
                needs: long(0).when(&nothing, &value.needs),
            };
            self.fill(*cell, &either)?;
        }
        Ok(())
    }

    /// Reports the claim of a step and row as broken, unless another was before.
    pub(super) fn break_claim(&mut self, step: StepId, claim: &Node) -> Result<(), EmitError> {
        let claims = self.context.layout.claims.iter().enumerate();
        let claims: Vec<(usize, Claim)> =
            claims.filter(|(_, claim)| claim.step == step).map(|(number, claim)| (number, *claim)).collect();
        let unbroken = self.code.share(&self.broken.bin(Bin::LtS, &int(0)));
        let place = self.broken.clone();
        for (number, of) in claims {
            let is_it = if of.row == 0 { claim.bin(Bin::LeS, &int(0)) } else { claim.eq(&count(of.row)?) };
            let broken = count(number)?.when(&is_it.both(&unbroken), &place);
            self.code.set(&place, &broken);
        }
        Ok(())
    }
}
