//! The entry for one case: `evaluate_record(in, out)`, and the general function behind it.

use std::rc::Rc;

use wasm_encoder::Function;

use concord_engine::plan::Class;

use super::EmitError;
use super::code::Code;
use super::general::General;
use super::helpers::{Helper, OUT};
use super::layout::{
    COLUMNS_AS_OF, COLUMNS_FACTS, COLUMNS_NOT_SUPPLIED, IN_AS_OF, IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED, OUT_COLUMNS,
    OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS, STATUS_BROKEN, STATUS_GENERAL, TIME_UNKNOWN, none_of,
};
use super::node::{Bin, Node, Ty, Width, int, long};
use super::shared::{EventSource, Shared};

/// The number of the batch entry.
const BATCH: u32 = 3;
/// The number of the general function.
pub(super) const GENERAL: u32 = 4;

const SLOT: Width = Width::signed(8);
const POINTER: Width = Width::signed(4);

/// `evaluate_record(in, out) -> status`: a batch of one row, whose columns are the slots of the record.
pub(super) fn evaluate_record(shared: &mut Shared<'_>) -> Result<Function, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (record, out) = (code.parameter(0), code.parameter(1));
    let used = shared.used.inputs.cast_signed();
    if used != 0 {
        let missing = record.load(SLOT, IN_MISSING).bin(Bin::And, &long(used));
        code.when(&missing.ne(&long(0)));
        code.finish(&Node::Call(GENERAL, Ty::I32, Rc::new(vec![record.clone(), out.clone()])));
        code.end();
    }
    mark_none(&mut code, shared, &record);
    let outputs = shared.layout.outputs.clone();
    let columns = int(i64::from(shared.blocks));
    let columns_out = int(i64::from(shared.blocks + shared.layout.columns));
    point(&mut code, [&columns, &record], [COLUMNS_FACTS, IN_FACTS], 16, shared.layout.inputs.len(), false);
    point(&mut code, [&columns_out, &out], [OUT_COLUMNS, shared.layout.out_slot(0, 0)], 8, outputs.len(), true);
    if shared.used.as_of {
        code.store(&columns, COLUMNS_AS_OF, &record.load(SLOT, IN_AS_OF), SLOT);
    }
    point_at_events(&mut code, shared, &record, &columns);
    code.store(&out, 0, &long(0), SLOT);
    code.store(&columns_out, OUT_STATUS, &out, POINTER);
    code.store(&columns_out, OUT_DETAIL, &out, POINTER);
    code.store(&columns_out, OUT_DETAIL_ROOM, &int(1), POINTER);
    code.discard(&Node::Call(BATCH, Ty::I32, Rc::new(vec![int(1), columns, columns_out])));
    for (place, output) in outputs.iter().enumerate() {
        if output.bytes < 8 && (output.shape.optional || output.shape.low < 0) {
            let slot = shared.layout.out_slot(place, 0);
            code.store(&out, slot, &out.load(Width::signed(output.bytes), slot), SLOT);
        }
    }
    code.push(&out.load(POINTER, 0));
    Ok(code.build())
}

/// Writes the mark of none into the slots of facts recorded as none.
fn mark_none(code: &mut Code, shared: &Shared<'_>, record: &Node) {
    for (index, column) in (0_u32..).zip(&shared.layout.inputs) {
        if column.used && column.optional {
            let bit = record.load(SLOT, IN_NONE).bin(Bin::And, &long(1_i64 << index));
            code.when(&bit.ne(&long(0)));
            code.store(record, IN_FACTS + 8 * index, &long(none_of(column.bytes)), SLOT);
            code.end();
        }
    }
}

/// Writes a block's pointers, `step` bytes apart, to slots, which are cleared where they are for answers.
fn point(code: &mut Code, [block, slots]: [&Node; 2], [to, from]: [u32; 2], step: u32, count: usize, clear: bool) {
    let Some(count) = i64::try_from(count).ok().filter(|count| *count > 0) else {
        return;
    };
    let index = code.variable(&int(0));
    let top = code.repeat();
    let slot = code.share(&slots.add(&index.shl(3)).add(&int(i64::from(from))));
    code.store(&block.add(&index.shl(step.trailing_zeros())), to, &slot, POINTER);
    if clear {
        code.store(&slot, 0, &long(0), SLOT);
    }
    code.set(&index, &index.add(&int(1)));
    code.leave_when(top, &index.bin(Bin::LtS, &int(count)));
    code.end();
}

/// Writes where the case's events lie into the block of columns.
fn point_at_events(code: &mut Code, shared: &Shared<'_>, record: &Node, columns: &Node) {
    if !shared.layout.has_events {
        return;
    }
    code.store(columns, COLUMNS_NOT_SUPPLIED, &record.load(SLOT, IN_NOT_SUPPLIED), SLOT);
    let (from, to) = (shared.layout.in_events(), shared.layout.columns_events());
    let ends = int(i64::from(shared.blocks + shared.layout.columns + shared.layout.columns_out));
    let first = code.share(&record.load(POINTER, from));
    code.store(&ends, 0, &first, POINTER);
    code.store(&ends, 4, &first.add(&record.load(POINTER, from + 8)), POINTER);
    code.store(columns, to, &ends, POINTER);
    let pointers = 2 + u32::try_from(shared.layout.event_fields.len()).unwrap_or(0);
    for place in 0..pointers {
        code.store(columns, to + 8 + 8 * place, &record.load(POINTER, from + 16 + 8 * place), POINTER);
    }
}

/// Leaves unless every event of the case has its time: those without come last.
pub(super) fn leave_unless_timed(code: &mut Code, events: &EventSource, general: super::code::Label) {
    let some = events.first.ne(&events.last);
    code.when(&some);
    let last = events.times.add(&events.last.sub(&int(1)).shl(3)).load(SLOT, 0);
    code.leave_when(general, &last.eq(&long(TIME_UNKNOWN)));
    code.end();
}

fn events_of_record(code: &mut Code, shared: &Shared<'_>, record: &Node) -> Option<EventSource> {
    if !shared.layout.has_events {
        return None;
    }
    let start = shared.layout.in_events();
    let mut slot = |place: u32| code.share(&record.load(Width::signed(4), start + 8 * place));
    let (first, count, kinds, times) = (slot(0), slot(1), slot(2), slot(3));
    let fields = (4..).take(shared.layout.event_fields.len()).map(&mut slot).collect();
    let last = code.share(&first.add(&count));
    Some(EventSource { first, last, kinds, times, fields })
}

/// The general function: `(in, out) -> status`, every part of the record out filled.
pub(super) fn general(shared: &mut Shared<'_>) -> Result<Function, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (record, out) = (code.parameter(0), code.parameter(1));
    let events = events_of_record(&mut code, shared, &record);
    let asked = [code.share(&record.load(SLOT, IN_AS_OF)), code.share(&record.load(SLOT, IN_NOT_SUPPLIED))];
    let outputs = shared.layout.outputs.clone();
    let mut general = General::new(&mut code, shared, record, asked, events);
    general.run()?;
    let broken = general.broken.clone();
    general.code.set(&OUT, &out.add(&int(8)));
    for output in &outputs {
        let value = general.cell(output.cell)?;
        let low = if output.shape.class == Class::Set { value.low.ctz() } else { value.low.to(Ty::I64) };
        let low = low.when(&value.some, &long(none_of(output.bytes)));
        let presence = value.some.to(Ty::I64).bin(Bin::Or, &value.none.to(Ty::I64).shl(1));
        let operands = vec![low, value.high.to(Ty::I64), presence, value.needs];
        let stride = 8 * u32::try_from(outputs.len()).unwrap_or(0);
        let written = general.shared.helpers.call(Helper::Put(stride), operands);
        general.code.discard(&written);
    }
    let status = broken.shl(8).bin(Bin::Or, &int(i64::from(STATUS_BROKEN | STATUS_GENERAL)));
    let status = int(i64::from(STATUS_GENERAL)).when(&broken.bin(Bin::LtS, &int(0)), &status);
    let status = code.share(&status);
    code.store(&out, 0, &status, SLOT);
    code.push(&status);
    Ok(code.build())
}
