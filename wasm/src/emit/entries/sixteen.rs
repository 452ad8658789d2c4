//! Sixteen rows of a batch at once, by lanes.

use concord_engine::plan::{ById, InputId};

use super::batch::{Aside, Batch};
use crate::abi::{Column, OUT_STATUS, none_of};
use crate::emit::assembler::{Bin, Code, EmitError, Lane, Node, POINTER, Ty, Vector, int, long};
use crate::emit::lanes::{Flag, Held, Laned, Lanes, ROWS};
use crate::emit::walk::Context;

impl Batch {
    /// Works out sixteen rows after the other, as long as there are as many among the 64 that start at a row, complete or not; those in doubt
    /// are set aside, and the complete rows that are left are what is left of `rest`.
    pub(super) fn by_lanes(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        aside: &Aside,
        (start, left, rest): (&Node, &Node, &Node),
    ) -> Result<(), EmitError> {
        let rows = int(i64::from(ROWS));
        let done = code.variable(&int(0));
        let out = code.block();
        code.leave_when(out, &rest.eq(&long(0)));
        let top = code.repeat();
        code.leave_when(out, &left.sub(&done).bin(Bin::LtS, &rows));
        code.set(&self.row, &start.add(&done));
        if let Flag::Of(doubt) = self.answer_by_lanes(code, context)? {
            let bits = Node::vector(Vector::Bits, vec![doubt]).to(Ty::I64).bin(Bin::Shl, &done.to(Ty::I64));
            code.set(&aside.word, &aside.word.bin(Bin::Or, &bits.bin(Bin::And, rest)));
        }
        code.set(&done, &done.add(&rows));
        code.leave_when(top, &done.bin(Bin::LtS, &int(64)));
        code.end();
        code.end();
        let after = rest.bin(Bin::And, &long(-1).bin(Bin::Shl, &done.to(Ty::I64)));
        code.set(rest, &after.when(&done.bin(Bin::LtS, &int(64)), &long(0)));
        Ok(())
    }

    /// Fills the outputs of sixteen rows; those in doubt.
    fn answer_by_lanes(&self, code: &mut Code, context: &mut Context<'_>) -> Result<Flag, EmitError> {
        let facts = context.layout.inputs.clone();
        let mut inputs: ById<InputId, Option<Laned>> = ById::default();
        for (number, column) in (0_u8..).zip(&facts) {
            inputs.push(column.used.then(|| self.lanes_of(code, number, column)));
        }
        let (ignored, outputs) = (self.ignored(context)?, context.layout.outputs.clone());
        let mut lanes = Lanes::new(code, context, inputs, ignored);
        let doubt = lanes.run()?;
        let values = outputs.iter().map(|output| lanes.outgoing(output.cell, output.bytes));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let status = code.share(&self.out.load(POINTER, OUT_STATUS));
        code.when(&status);
        let complete = Node::vector(Vector::Const([0; 16]), Vec::new());
        store_all(code, &status.add(&self.row.shl(2)), &vec![complete; 4]);
        code.end();
        self.outputs.each(code, &self.row, |code, address, _, place| {
            if let Some(parts) = values.get(place) {
                store_all(code, address, parts);
            }
        });
        Ok(doubt)
    }

    /// A fact in sixteen rows.
    fn lanes_of(&self, code: &mut Code, number: u8, column: &Column) -> Laned {
        let (lane, address) = (Lane::of(column.bytes), self.facts.address(number, column, &self.row));
        let address = code.share(&address);
        let places = (0..u32::from(column.bytes)).map(|part| 16 * part);
        let parts: Vec<Node> =
            places.map(|at| code.share(&Node::vector(Vector::Load(at), vec![address.clone()]))).collect();
        let value = Held::Numbers(lane, parts);
        let none = if column.optional { value.is_same(code, none_of(column.bytes)) } else { Flag::Always(false) };
        Laned { value, none }
    }
}

/// Writes vectors one after the other.
fn store_all(code: &mut Code, address: &Node, parts: &[Node]) {
    let address = code.share(address);
    for (at, part) in (0..).step_by(16).zip(parts) {
        code.store_vector(&address, at, part);
    }
}
