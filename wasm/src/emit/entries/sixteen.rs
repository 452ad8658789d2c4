//! Sixteen rows of a batch at once, by lanes.

use std::collections::BTreeMap;

use concord_engine::plan::{ById, InputId};

use super::aside::Aside;
use super::batch::Batch;
use super::incomplete_row::fact_of;
use crate::abi::{COLUMNS_FACTS, Column, OUT_STATUS, none_of};
use crate::emit::assembler::{Bin, Code, EmitError, Lane, Node, POINTER, SLOT, Vector, Width, int, long};
use crate::emit::lanes::{Flag, Held, Laned, Lanes, ROWS};
use crate::emit::memory::ROWS_ASIDE;
use crate::emit::runtime::next_row;
use crate::emit::walk::Context;

impl Batch {
    /// Works out whole blocks of 64 rows, as many as can be set aside: complete or not, by sixteen. The rows that are not complete, or in
    /// doubt, are set aside.
    pub(super) fn by_lanes(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        aside: &Aside,
        left: &Node,
    ) -> Result<(), EmitError> {
        let none = code.block();
        code.leave_when(none, &left.bin(Bin::LtS, &int(64)));
        let end = code.share(&self.row.add(&left.bin(Bin::And, &int(-64))));
        let most = code.share(&self.row.add(&int(i64::from(ROWS_ASIDE))));
        let end = code.share(&end.when(&end.bin(Bin::LtS, &most), &most));
        code.set(left, &left.sub(&end.sub(&self.row)));
        self.missing(code, context, aside, &end)?;
        let at = code.variable(&int(i64::from(aside.first)));
        let columns = self.columns_from(code, context);
        let top = code.repeat();
        let doubt = self.answer_by_lanes(code, context, &columns)?;
        if !matches!(doubt, Flag::Always(false)) {
            let word = Width::unsigned(2);
            let doubt = at.load(word, 0).bin(Bin::Or, &Node::vector(Vector::Bits, vec![doubt.node()]));
            code.store(&at, 0, &doubt, word);
        }
        code.set(&at, &at.add(&int(2)));
        code.set(&columns.done, &columns.done.add(&int(i64::from(ROWS))));
        code.set(&self.row, &self.row.add(&int(i64::from(ROWS))));
        code.leave_when(top, &self.row.bin(Bin::LtS, &end));
        code.end();
        code.end();
        Ok(())
    }

    /// Sets aside the rows in which something needed is missing, from this one to the last.
    fn missing(&self, code: &mut Code, context: &Context<'_>, aside: &Aside, end: &Node) -> Result<(), EmitError> {
        code.set(&aside.word, &long(0));
        if let Some(missing) = context.parameters_missing()? {
            let missing = missing.bin(Bin::And, &self.needed.parameters);
            code.set(&aside.word, &long(-1).when(&missing.ne(&long(0)), &long(0)));
        }
        let row = code.variable(&self.row);
        let words = code.repeat();
        aside.keep(code);
        code.set(&row, &row.add(&int(64)));
        code.leave_when(words, &row.bin(Bin::LtS, end));
        code.end();
        if context.reads.inputs == 0 {
            return Ok(());
        }
        let rest = code.variable(&self.needed.facts);
        code.when(&rest.ne(&long(0)));
        let facts = code.repeat();
        let pointers = code.share(&fact_of(&self.columns, &rest));
        let validity = code.variable(&pointers.load(POINTER, COLUMNS_FACTS + 8));
        let all = code.share(&pointers.load(POINTER, COLUMNS_FACTS).not());
        code.when(&validity.bin(Bin::Or, &all));
        code.set(&validity, &validity.add(&self.row.bin(Bin::ShrU, &int(3))));
        let at = code.variable(&int(i64::from(aside.first)));
        let words = code.repeat();
        // Where there is no column, all are missing, whatever its validity says.
        let missing = validity.load(SLOT, 0).bin(Bin::Xor, &long(-1));
        code.set(&aside.word, &long(-1));
        code.when(&all.not());
        code.set(&aside.word, &at.load(SLOT, 0).bin(Bin::Or, &missing));
        code.end();
        code.store(&at, 0, &aside.word, SLOT);
        code.set(&validity, &validity.add(&int(8)));
        code.set(&at, &at.add(&int(8)));
        code.leave_when(words, &at.bin(Bin::LtS, &aside.next));
        code.end();
        code.end();
        next_row(code, &rest, facts);
        code.end();
        Ok(())
    }

    /// Where the columns of the rows from this one on start.
    fn columns_from(&self, code: &mut Code, context: &Context<'_>) -> Columns {
        let facts = (0_u8..).zip(&context.layout.inputs);
        let facts = facts.map(|(number, column)| {
            column.used.then(|| self.facts.from(code, (number, column), &self.row, context.map.unwanted))
        });
        let facts = facts.collect();
        let outputs = self.outputs.from(code, &self.row);
        let status = code.share(&self.out.load(POINTER, OUT_STATUS));
        let status = code.variable(&status.add(&self.row.shl(2)).when(&status, &int(0)));
        Columns { facts, outputs, status, done: code.variable(&int(0)) }
    }

    /// Fills the outputs of sixteen rows; those in doubt.
    fn answer_by_lanes(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        columns: &Columns,
    ) -> Result<Flag, EmitError> {
        let facts = context.layout.inputs.clone();
        let mut inputs: ById<InputId, Option<Laned>> = ById::default();
        for (from, column) in columns.facts.iter().zip(&facts) {
            inputs.push(from.as_ref().map(|from| lanes_of(code, (from, &columns.done), column)));
        }
        let (ignored, outputs) = (self.ignored(context)?, context.layout.outputs.clone());
        let mut lanes = Lanes::new(code, context, inputs, ignored);
        let doubt = lanes.run()?;
        let values = outputs.iter().map(|output| lanes.outgoing(output.cell, output.bytes));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        code.when(&columns.status);
        let complete = Node::vector(Vector::Const([0; 16]), Vec::new());
        store_all(code, &columns.status.add(&columns.done.shl(2)), &vec![complete; 4]);
        code.end();
        self.outputs.each(code, |code, target| {
            let Some(parts) = values.get(target.place) else { return };
            let width = target.width.log2();
            let address = match columns.outputs.get(&target.place) {
                Some(from) => from.add(&columns.done.shl(width)),
                None => target.address(&self.row),
            };
            store_all(code, &address, parts);
        });
        Ok(doubt)
    }
}

/// Where the columns of some rows start, and how many of these rows are done.
struct Columns {
    facts: Vec<Option<Node>>,
    /// By place among the outputs.
    outputs: BTreeMap<usize, Node>,
    /// 0 where nobody asks for statuses.
    status: Node,
    done: Node,
}

/// A fact in sixteen rows.
fn lanes_of(code: &mut Code, (from, done): (&Node, &Node), column: &Column) -> Laned {
    let lane = Lane::of(column.bytes);
    let address = code.share(&from.add(&done.shl(Width::signed(column.bytes).log2())));
    let places = (0..u32::from(column.bytes)).map(|part| 16 * part);
    let parts: Vec<Node> =
        places.map(|at| code.share(&Node::vector(Vector::Load(at), vec![address.clone()]))).collect();
    let value = Held::Numbers(lane, parts);
    let none = if column.optional { value.is_same(code, none_of(column.bytes)) } else { Flag::Always(false) };
    Laned { value, none }
}

/// Writes vectors one after the other.
fn store_all(code: &mut Code, address: &Node, parts: &[Node]) {
    let address = code.share(address);
    for (at, part) in (0..).step_by(16).zip(parts) {
        code.store_vector(&address, at, part);
    }
}
