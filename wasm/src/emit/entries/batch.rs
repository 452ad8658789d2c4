//! The entry for many cases in columns: `evaluate_batch(n, columns, out)`.
//!
//! Rows that are complete, as far as the wanted outputs go, take the strict code, inline in the loop where it is short. The others are set
//! aside, a bit a row, and some hundreds of rows later go through [`super::incomplete_row`] to the general function, so that neither
//! loop is in the way of the other. Validity is read 64 rows at a time.

use super::Entry;
use super::aside::{Aside, note_wanted};
use super::incomplete_row::{each_or_all, write_status};
use super::record::{leave_unless_timed, open_workspace};
use super::row::{Outputs, Sources};
use super::wanted::Needed;
use crate::abi::{COLUMNS_AS_OF, COLUMNS_AS_OF_EACH, COLUMNS_NOT_SUPPLIED, COLUMNS_NOT_SUPPLIED_EACH};
use crate::abi::{IN_AS_OF, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};
use crate::emit::assembler::{Bin, Code, EmitError, Label, Node, POINTER, SLOT, Ty, Width, int, long};
use crate::emit::memory::Rows;
use crate::emit::runtime::need;
use crate::emit::strict::{Ignored, Known, MOST_AS_BITS, Masks, Strict};
use crate::emit::walk::{Complete, Context, EventSource};

/// What stays the same from row to row, and what belongs to this one.
pub(super) struct Batch {
    pub(super) columns: Node,
    pub(super) out: Node,
    pub(super) row: Node,
    as_of: Node,
    not_supplied: Node,
    events: Option<EventSource>,
    pub(super) needed: Needed,
    pub(super) facts: Sources,
    pub(super) outputs: Outputs,
    /// The last address at which there are so many bytes as words tell events apart.
    last_words: Node,
}

/// `evaluate_batch(n, columns, out) -> rows that are not complete, −1 when there is no room for their records, or −2 when the workspace
/// is too small for the events of a row`.
pub(crate) fn evaluate_batch(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32, Ty::I32]);
    let left = code.variable(&code.parameter(0));
    let batch = Batch::new(&mut code, context)?;
    note_wanted(&mut code, context, &batch.out)?;
    let aside = Aside::new(&mut code, &context.map);
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &left.bin(Bin::LeS, &int(0)));
    aside.start(&mut code);
    if context.rows == Rows::ByLanes {
        batch.by_lanes(&mut code, context, &aside, &left)?;
    }
    let full = code.block();
    let block = code.repeat();
    code.leave_when(full, &left.bin(Bin::LeS, &int(0)));
    code.leave_when(full, &aside.has_room().not());
    batch.block(&mut code, context, &aside, &left)?;
    code.set(&left, &left.sub(&int(64)));
    code.leave(block);
    code.end();
    code.end();
    aside.run(&mut code, &batch.columns, &batch.out);
    code.leave(top);
    code.end();
    code.end();
    code.push(&aside.rows);
    Ok(code)
}

impl Batch {
    fn new(code: &mut Code, context: &mut Context<'_>) -> Result<Batch, EmitError> {
        let (columns, out) = (code.parameter(1), code.parameter(2));
        let needed = Needed::of(code, context, &out)?;
        let facts = Sources::of(code, context, &columns, &needed)?;
        let outputs = if by_record(context) { Outputs::none() } else { Outputs::of(code, context, &out) };
        let start = context.layout.columns_events;
        let events = context.layout.has_events.then(|| {
            let mut slot = |place: u32| code.share(&columns.load(POINTER, start + 8 * place));
            let (kinds, times) = (slot(1), slot(2));
            let fields = context.layout.event_fields.iter();
            let fields = fields.map(|field| code.share(&columns.load(POINTER, field.pointer))).collect();
            EventSource { first: code.local(Ty::I32), last: code.local(Ty::I32), kinds, times, fields, placed: int(0) }
        });
        let (row, as_of, not_supplied) = (code.variable(&int(0)), code.local(Ty::I64), code.local(Ty::I64));
        let end = if context.rows == Rows::AsBits { code.pages().shl(16).sub(&int(MOST_AS_BITS)) } else { int(0) };
        let last_words = code.share(&end);
        Ok(Batch { columns, out, row, as_of, not_supplied, events, needed, facts, outputs, last_words })
    }

    /// The next 64 rows, or what is left of them.
    fn block(&self, code: &mut Code, context: &mut Context<'_>, aside: &Aside, left: &Node) -> Result<(), EmitError> {
        let start = code.variable(&self.row);
        let live = code.variable(&long(-1));
        code.when(&left.bin(Bin::LtS, &int(64)));
        code.set(&live, &long(1).bin(Bin::Shl, &left.to(Ty::I64)).sub(&long(1)));
        code.end();
        if context.complete == Complete::AsOthers {
            code.set(&aside.word, &live);
            code.set(&self.row, &start.add(&int(64)));
            aside.keep(code);
            return Ok(());
        }
        let rest = code.variable(&live);
        self.facts.valid(code, context, (&self.columns, &start), &self.needed, &rest);
        if let Some(missing) = context.parameters_missing()? {
            let missing = missing.bin(Bin::And, &self.needed.parameters);
            code.set(&rest, &rest.when(&missing.eq(&long(0)), &long(0)));
        }
        code.set(&aside.word, &live.bin(Bin::Xor, &rest));
        let done = code.block();
        let rows = code.repeat();
        code.leave_when(done, &rest.eq(&long(0)));
        code.set(&self.row, &start.add(&rest.ctz().to(Ty::I32)));
        let complete = code.block();
        let general = code.block();
        self.start_row(code, context);
        self.strict_row(code, context, general)?;
        code.leave(complete);
        code.end();
        let bit = rest.bin(Bin::And, &long(0).sub(&rest));
        code.set(&aside.word, &aside.word.bin(Bin::Or, &bit));
        code.end();
        code.set(&rest, &rest.without_lowest());
        code.leave(rows);
        code.end();
        code.end();
        code.set(&self.row, &start.add(&int(64)));
        aside.keep(code);
        Ok(())
    }

    /// Reads what belongs to the row as a whole.
    fn start_row(&self, code: &mut Code, context: &Context<'_>) {
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
            open_workspace(code, context, &events.last.sub(&events.first), |code| code.finish(&int(-2)));
        }
    }

    fn strict_row(&self, code: &mut Code, context: &mut Context<'_>, general: Label) -> Result<(), EmitError> {
        if let Some(events) = &self.events {
            let used = self.not_supplied.bin(Bin::And, &self.needed.kinds);
            code.leave_when(general, &used.ne(&long(0)));
            leave_unless_timed(code, events, general);
        }
        let values = if context.rows == Rows::AsBits
            && let Some(events) = &self.events
        {
            self.answer_by_bits(code, context, events, general)?
        } else if context.complete == Complete::Apart {
            self.answer_of_record(code, context, general)
        } else {
            self.answer(code, context, None, general)?
        };
        write_status(code, &self.out, &self.row, &int(0));
        if by_record(context) {
            let from = int(i64::from(context.map.record_out));
            code.share(&Entry::Outputs.call(vec![self.out.clone(), self.row.clone(), from]));
        }
        self.outputs.write(code, &self.row, &values);
        Ok(())
    }

    /// What a row may lack, as no wanted answer depends on it.
    pub(super) fn ignored(&self, context: &Context<'_>) -> Result<Ignored, EmitError> {
        let facts = long(context.reads.inputs.cast_signed()).bin(Bin::And, &complement(&self.needed.facts));
        // What all outputs need is there.
        let open = |needed: &Node, missing: Node| if needed.constant().is_some() { long(0) } else { missing };
        let kinds = open(&self.needed.kinds, self.not_supplied.clone());
        let parameters = open(&self.needed.parameters, context.parameters_missing()?.unwrap_or(long(0)));
        Ok(Ignored { facts, kinds, parameters })
    }

    /// The outputs by the strict code, written out here.
    fn answer(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        masks: Option<Masks>,
        general: Label,
    ) -> Result<Vec<Node>, EmitError> {
        let facts = context.layout.inputs.clone();
        let facts = (0_u8..).zip(&facts);
        let inputs = facts
            .map(|(number, column)| column.used.then(|| self.facts.value(code, number, column, &self.row)))
            .collect();
        let outputs = context.layout.outputs.clone();
        let ignored = self.ignored(context)?;
        let strict = Strict::new(code, context, inputs, self.as_of.clone(), self.events.clone());
        let strict = strict.ignoring(ignored);
        let mut strict = if let Some(masks) = masks { strict.of_bits(masks) } else { strict };
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
        let is_inside = events.kinds.add(&events.first).bin(Bin::LeU, &self.last_words);
        code.leave_when(many, &is_few.both(&is_inside).not());
        let at = events.times.add(&last.shl(3)).load(SLOT, 0);
        code.leave_when(many, &at.bin(Bin::GtS, &self.as_of));
        let masks = Masks::of(code, context, events)?;
        let few = self.answer(code, context, Some(masks), general)?;
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
            let Known { value, none: is_none } = self.facts.value(code, number, column, &self.row);
            code.store(&record, column.slot, &value, SLOT);
            none = code.share(&none.bin(Bin::Or, &need(number).when(&is_none, &long(0))));
        }
        code.store(&record, IN_NONE, &none, SLOT);
        code.store(&record, IN_AS_OF, &self.as_of, SLOT);
        code.store(&record, IN_MISSING, &complement(&self.needed.facts), SLOT);
        code.store(&record, IN_NOT_SUPPLIED, &self.not_supplied, SLOT);
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

/// Whether what comes out of a row goes from a record out into the columns by a function that incomplete rows take as well.
fn by_record(context: &Context<'_>) -> bool {
    context.complete == Complete::Apart && context.rows == Rows::OneByOne
}

fn complement(mask: &Node) -> Node {
    mask.bin(Bin::Xor, &long(-1))
}
