//! The entry for many cases in columns: `evaluate_batch(n, columns, out)`.
//!
//! Rows that are complete take the strict code, inline in the loop where it is short; the others go through
//! [`super::incomplete_row`] to the general function. Validity is read 64 rows at a time.

use super::Entry;
use super::incomplete_row::{each_or_all, fact_of, write_status};
use super::record::{leave_unless_timed, open_workspace};
use crate::abi::{
    COLUMNS_AS_OF, COLUMNS_AS_OF_EACH, COLUMNS_NOT_SUPPLIED, COLUMNS_NOT_SUPPLIED_EACH, Column, IN_AS_OF, IN_NONE,
    none_of,
};
use crate::emit::assembler::{Bin, Code, EmitError, Label, Node, POINTER, SLOT, Ty, Width, flag, int, long};
use crate::emit::runtime::{Helper, need, next_row};
use crate::emit::strict::{Known, MOST_AS_BITS, Masks, Strict};
use crate::emit::walk::{Context, EventSource};

/// What stays the same from row to row, and what belongs to this one.
struct Batch {
    columns: Node,
    out: Node,
    row: Node,
    as_of: Node,
    not_supplied: Node,
    events: Option<EventSource>,
    incomplete: Node,
}

/// `evaluate_batch(n, columns, out) -> rows that are not complete, −1 when there is no room for their records, or −2 when the workspace
/// is too small for the events of a row`.
pub(crate) fn evaluate_batch(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32, Ty::I32]);
    let rows = code.parameter(0);
    let batch = Batch::new(&mut code, context);
    let valid = code.variable(&long(0));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &batch.row.bin(Bin::GeS, &rows));
    batch.start_row(&mut code, context, &valid);
    let complete = code.block();
    let general = code.block();
    if context.reads.inputs != 0 {
        let is_valid = valid.to(Ty::I32).bin(Bin::And, &int(1));
        code.leave_when(general, &is_valid.not());
    }
    batch.strict_row(&mut code, context, general)?;
    code.leave(complete);
    code.end();
    let operands = vec![batch.columns.clone(), batch.out.clone(), batch.row.clone(), batch.incomplete.clone()];
    let room = Entry::IncompleteRow.call(operands);
    code.when(&room.not());
    code.finish(&int(-1));
    code.end();
    code.set(&batch.incomplete, &batch.incomplete.add(&int(1)));
    code.end();
    let next = valid.bin(Bin::ShrU, &long(1));
    code.set(&valid, &next);
    code.set(&batch.row, &batch.row.add(&int(1)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&batch.incomplete);
    Ok(code)
}

impl Batch {
    fn new(code: &mut Code, context: &Context<'_>) -> Batch {
        let (columns, out) = (code.parameter(1), code.parameter(2));
        let start = context.layout.columns_events;
        let events = context.layout.has_events.then(|| {
            let mut slot = |place: u32| code.share(&columns.load(POINTER, start + 8 * place));
            let (kinds, times) = (slot(1), slot(2));
            let fields = context.layout.event_fields.iter();
            let fields = fields.map(|field| code.share(&columns.load(POINTER, field.pointer))).collect();
            EventSource {
                first: code.local(Ty::I32),
                last: code.local(Ty::I32),
                kinds,
                times,
                fields,
                placed: int(0),
                bounds: int(0),
            }
        });
        Batch {
            row: code.variable(&int(0)),
            as_of: code.local(Ty::I64),
            not_supplied: code.local(Ty::I64),
            incomplete: code.variable(&int(0)),
            columns,
            out,
            events,
        }
    }

    /// Reads what belongs to the row as a whole.
    fn start_row(&self, code: &mut Code, context: &mut Context<'_>, valid: &Node) {
        if context.reads.inputs != 0 {
            code.when(&self.row.bin(Bin::And, &int(63)).not());
            code.set(valid, &long(-1));
            let rest = code.variable(&long(context.reads.inputs.cast_signed()));
            let top = code.repeat();
            let word = context.helpers.call(Helper::Valid, vec![fact_of(&self.columns, &rest), self.row.clone()]);
            code.set(valid, &word.bin(Bin::And, valid));
            next_row(code, &rest, top);
            code.end();
        }
        if context.reads.as_of {
            let value = each_or_all(code, &self.columns, &self.row, COLUMNS_AS_OF_EACH, COLUMNS_AS_OF);
            code.set(&self.as_of, &value);
        }
        if let Some(events) = &self.events {
            let (each, all) = (COLUMNS_NOT_SUPPLIED_EACH, COLUMNS_NOT_SUPPLIED);
            let value = each_or_all(code, &self.columns, &self.row, each, all);
            code.set(&self.not_supplied, &value);
            let offsets = self.columns.load(POINTER, context.layout.columns_events);
            let offsets = code.share(&offsets.add(&self.row.shl(2)));
            code.set(&events.first, &offsets.load(POINTER, 0));
            code.set(&events.last, &offsets.load(POINTER, 4));
            open_workspace(code, context, events, |code| code.finish(&int(-2)));
        }
    }

    /// The value of a fact in this row.
    fn fact(&self, code: &mut Code, column: &Column) -> Known {
        let width = Width::signed(column.bytes);
        let values = self.columns.load(POINTER, column.pointer);
        let value = code.share(&values.add(&self.row.shl(width.log2())).load(width, 0));
        let none = Node::Const(value.ty(), none_of(column.bytes));
        let none = if column.optional { value.eq(&none) } else { flag(false) };
        Known { value, none: code.share(&none) }
    }

    fn strict_row(&self, code: &mut Code, context: &mut Context<'_>, general: Label) -> Result<(), EmitError> {
        if let Some(missing) = context.parameters_missing()? {
            code.leave_when(general, &missing.ne(&long(0)));
        }
        if let Some(events) = &self.events {
            let used = self.not_supplied.bin(Bin::And, &long(context.layout.kinds_used.cast_signed()));
            code.leave_when(general, &used.ne(&long(0)));
            leave_unless_timed(code, events, general);
        }
        let outputs = context.layout.outputs.clone();
        let values = if context.as_bits
            && let Some(events) = &self.events
        {
            self.answer_by_bits(code, context, events, general)?
        } else if context.strict_apart {
            self.answer_of_record(code, context, general)
        } else {
            self.answer(code, context, general)?
        };
        write_status(code, &self.out, &self.row, &int(0));
        for (output, value) in outputs.iter().zip(&values) {
            let width = Width::signed(output.bytes);
            let pointer = code.share(&self.out.load(POINTER, output.pointer));
            code.when(&pointer);
            code.store(&pointer.add(&self.row.shl(width.log2())), 0, value, width);
            code.end();
        }
        Ok(())
    }

    /// The outputs by the strict code, written out here.
    fn answer(&self, code: &mut Code, context: &mut Context<'_>, general: Label) -> Result<Vec<Node>, EmitError> {
        let facts = context.layout.inputs.iter();
        let inputs = facts.map(|column| column.used.then(|| self.fact(code, column))).collect();
        let outputs = context.layout.outputs.clone();
        let mut strict = Strict::new(code, context, inputs, self.as_of.clone(), self.events.clone());
        strict.run()?;
        let doubt = strict.doubt.clone();
        let values = outputs.iter().map(|output| strict.outgoing(output.cell, output.bytes));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        code.leave_when(general, &doubt);
        Ok(values)
    }

    /// The outputs where the events of the row are taken as bits, if they are few and have all happened; else by the strict code that stands apart.
    fn answer_by_bits(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        events: &EventSource,
        general: Label,
    ) -> Result<Vec<Node>, EmitError> {
        let outputs = context.layout.outputs.clone();
        let values: Vec<Node> = outputs.iter().map(|output| code.local(Width::signed(output.bytes).ty())).collect();
        let done = code.block();
        let many = code.block();
        let last = code.share(&events.last.sub(&int(1)));
        let is_few = last.sub(&events.first).bin(Bin::LeU, &int(MOST_AS_BITS - 1));
        code.leave_when(many, &is_few.not());
        let at = events.times.add(&last.shl(3)).load(SLOT, 0);
        code.leave_when(many, &at.bin(Bin::GtS, &self.as_of));
        let facts = context.layout.inputs.iter();
        let inputs = facts.map(|column| column.used.then(|| self.fact(code, column))).collect();
        let masks = Masks::of(code, context, events)?;
        let mut strict = Strict::new(code, context, inputs, self.as_of.clone(), self.events.clone());
        strict.masks = Some(masks);
        strict.run()?;
        let doubt = strict.doubt.clone();
        let few = outputs.iter().map(|output| strict.outgoing(output.cell, output.bytes));
        let few = few.collect::<Result<Vec<_>, _>>()?;
        code.leave_when(general, &doubt);
        values.iter().zip(&few).for_each(|(place, value)| code.set(place, value));
        code.leave(done);
        code.end();
        let many = self.answer_of_record(code, context, general);
        values.iter().zip(&many).for_each(|(place, value)| code.set(place, value));
        code.end();
        Ok(values)
    }

    /// The outputs by the strict code that stands apart: the row goes into a record, and they come out of one.
    fn answer_of_record(&self, code: &mut Code, context: &Context<'_>, general: Label) -> Vec<Node> {
        let [record, out] = [context.map.record, context.map.record_out].map(|at| int(i64::from(at)));
        let mut none = long(0);
        let facts = (0_u8..).zip(&context.layout.inputs).filter(|(_, column)| column.used);
        for (number, column) in facts {
            let fact = self.fact(code, column);
            code.store(&record, column.slot, &fact.value, SLOT);
            none = code.share(&none.bin(Bin::Or, &need(number).when(&fact.none, &long(0))));
        }
        code.store(&record, IN_NONE, &none, SLOT);
        code.store(&record, IN_AS_OF, &self.as_of, SLOT);
        if let Some(events) = &self.events {
            let start = context.layout.record_in_events;
            let count = events.last.sub(&events.first);
            let slots = [(start, &events.first), (start + 8, &count), (start + 16, &events.kinds)];
            let fields = context.layout.event_fields.iter().map(|field| field.slot).zip(&events.fields);
            for (slot, value) in slots.into_iter().chain([(start + 24, &events.times)]).chain(fields) {
                code.store(&record, slot, value, POINTER);
            }
        }
        code.leave_when(general, &Entry::Strict.call(vec![record, out.clone()]));
        context.layout.outputs.iter().map(|output| out.load(Width::signed(output.bytes), output.slot)).collect()
    }
}
