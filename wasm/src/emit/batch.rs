//! The entry for many cases in columns: `evaluate_batch(n, columns, out)`.
//!
//! Rows that are complete take the strict code, inline in the loop; the others go through a record to the general
//! function. Validity is looked at 64 rows at a time.

use wasm_encoder::Function;

use super::EmitError;
use super::code::{Code, Label};
use super::helpers::Helper;
use super::layout::{
    COLUMNS_AS_OF, COLUMNS_AS_OF_EACH, COLUMNS_FACTS, COLUMNS_NOT_SUPPLIED, COLUMNS_NOT_SUPPLIED_EACH, IN_AS_OF,
    IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED, OUT_COLUMNS, OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS, none_of,
};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::record::{GENERAL, leave_unless_timed};
use super::shared::{EventSource, SCRATCH, Shared};
use super::strict::{Known, Strict};

const SLOT: Width = Width::signed(8);
const POINTER: Width = Width::signed(4);

/// What stays the same from row to row, and what is at hand in this one.
struct Batch {
    columns: Node,
    out: Node,
    row: Node,
    values: Vec<Option<Node>>,
    outputs: Vec<(Node, Node, Width)>,
    as_of: Node,
    not_supplied: Node,
    events: Option<EventSource>,
    status: Node,
    incomplete: Node,
}

/// `evaluate_batch(n, columns, out) -> rows that are not complete, or −1 when there is no room for their records`.
pub(super) fn evaluate_batch(shared: &mut Shared<'_>) -> Result<Function, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32, Ty::I32]);
    let rows = code.parameter(0);
    let batch = Batch::new(&mut code, shared);
    let valid = code.variable(&long(0));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &batch.row.bin(Bin::GeS, &rows));
    batch.start_row(&mut code, shared, &valid);
    let complete = code.block();
    let general = code.block();
    if shared.used.inputs != 0 {
        let is_valid = valid.to(Ty::I32).bin(Bin::And, &int(1));
        code.leave_when(general, &is_valid.not());
    }
    batch.strict_row(&mut code, shared, general)?;
    code.leave(complete);
    code.end();
    batch.general_row(&mut code, shared);
    code.end();
    batch.write_row(&mut code);
    let next = valid.bin(Bin::ShrU, &long(1));
    code.set(&valid, &next);
    code.set(&batch.row, &batch.row.add(&int(1)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&batch.incomplete);
    Ok(code.build())
}

impl Batch {
    fn new(code: &mut Code, shared: &Shared<'_>) -> Batch {
        let (columns, out) = (code.parameter(1), code.parameter(2));
        let values = shared.layout.inputs.iter().enumerate().map(|(index, column)| {
            let at = COLUMNS_FACTS + 16 * u32::try_from(index).unwrap_or(0);
            column.used.then(|| code.share(&columns.load(POINTER, at)))
        });
        let values = values.collect();
        let outputs = shared.layout.outputs.iter().enumerate().map(|(place, output)| {
            let width = Width::signed(output.bytes);
            let pointer = code.share(&out.load(POINTER, OUT_COLUMNS + 8 * u32::try_from(place).unwrap_or(0)));
            (pointer, code.local(width.ty()), width)
        });
        let outputs = outputs.collect();
        let start = shared.layout.columns_events();
        let events = shared.layout.has_events.then(|| {
            let mut slot = |place: u32| code.share(&columns.load(POINTER, start + 8 * place));
            let (kinds, times) = (slot(1), slot(2));
            let fields = (3..).take(shared.layout.event_fields.len()).map(&mut slot).collect();
            EventSource { first: code.local(Ty::I32), last: code.local(Ty::I32), kinds, times, fields }
        });
        Batch {
            row: code.variable(&int(0)),
            as_of: code.local(Ty::I64),
            not_supplied: code.local(Ty::I64),
            status: code.local(Ty::I32),
            incomplete: code.variable(&int(0)),
            columns,
            out,
            values,
            outputs,
            events,
        }
    }

    fn pointers(&self, index: usize) -> Node {
        self.columns.add(&int(i64::from(COLUMNS_FACTS) + 16 * i64::try_from(index).unwrap_or(0)))
    }

    /// One value a case, or one for all.
    fn each_or_all(&self, code: &mut Code, place: &Node, each: u32, all: u32) {
        let pointer = code.share(&self.columns.load(POINTER, each));
        code.when(&pointer);
        code.set(place, &pointer.add(&self.row.shl(3)).load(SLOT, 0));
        code.otherwise();
        code.set(place, &self.columns.load(SLOT, all));
        code.end();
    }

    /// Reads what belongs to the row as a whole.
    fn start_row(&self, code: &mut Code, shared: &mut Shared<'_>, valid: &Node) {
        if shared.used.inputs != 0 {
            code.when(&self.row.bin(Bin::And, &int(63)).not());
            let used = (0..self.values.len()).filter(|index| self.values.get(*index).is_some_and(Option::is_some));
            let words =
                used.map(|index| shared.helpers.call(Helper::Valid, vec![self.pointers(index), self.row.clone()]));
            let all = words.fold(long(-1), |all, word| all.bin(Bin::And, &word));
            code.set(valid, &all);
            code.end();
        }
        if shared.used.as_of {
            self.each_or_all(code, &self.as_of, COLUMNS_AS_OF_EACH, COLUMNS_AS_OF);
        }
        if let Some(events) = &self.events {
            self.each_or_all(code, &self.not_supplied, COLUMNS_NOT_SUPPLIED_EACH, COLUMNS_NOT_SUPPLIED);
            let offsets = self.columns.load(POINTER, shared.layout.columns_events());
            let offsets = code.share(&offsets.add(&self.row.shl(2)));
            code.set(&events.first, &offsets.load(POINTER, 0));
            code.set(&events.last, &offsets.load(POINTER, 4));
        }
    }

    /// The value of a fact in this row.
    fn raw(&self, shared: &Shared<'_>, index: usize) -> Option<(Node, u8)> {
        let column = shared.layout.inputs.get(index)?;
        let values = self.values.get(index)?.as_ref()?;
        let width = Width::signed(column.bytes);
        Some((values.add(&self.row.shl(width.log2())).load(width, 0), column.bytes))
    }

    fn strict_row(&self, code: &mut Code, shared: &mut Shared<'_>, general: Label) -> Result<(), EmitError> {
        if let Some(missing) = shared.parameters_missing() {
            code.leave_when(general, &missing.ne(&long(0)));
        }
        if let Some(events) = &self.events {
            let used = self.not_supplied.bin(Bin::And, &long(shared.layout.kinds_used.cast_signed()));
            code.leave_when(general, &used.ne(&long(0)));
            leave_unless_timed(code, events, general);
        }
        let inputs = (0..self.values.len())
            .map(|index| {
                let (raw, bytes) = self.raw(shared, index)?;
                let value = code.share(&raw);
                let optional = shared.layout.inputs.get(index).is_some_and(|column| column.optional);
                let none = if optional { value.eq(&Node::Const(value.ty(), none_of(bytes))) } else { flag(false) };
                Some(Known { value, none: code.share(&none) })
            })
            .collect();
        let cells: Vec<(usize, u8)> = shared.layout.outputs.iter().map(|output| (output.cell, output.bytes)).collect();
        let mut strict = Strict::new(code, shared, inputs, self.as_of.clone(), self.events.clone());
        strict.run()?;
        let doubt = strict.doubt.clone();
        let values = cells.iter().map(|(cell, bytes)| strict.outgoing(*cell, *bytes)).collect::<Result<Vec<_>, _>>()?;
        code.leave_when(general, &doubt);
        for ((_, place, _), value) in self.outputs.iter().zip(&values) {
            code.set(place, value);
        }
        code.set(&self.status, &int(0));
        Ok(())
    }

    fn general_row(&self, code: &mut Code, shared: &mut Shared<'_>) {
        let record = int(i64::from(SCRATCH));
        self.fill_record(code, shared, &record);
        let scratch_out = i64::from(SCRATCH + shared.layout.record_in);
        let target = code.variable(&int(scratch_out));
        let detail = code.share(&self.out.load(POINTER, OUT_DETAIL));
        code.when(&detail);
        let full = self.incomplete.bin(Bin::GeS, &self.out.load(POINTER, OUT_DETAIL_ROOM));
        code.when(&full);
        code.finish(&int(-1));
        code.end();
        let place = self.incomplete.bin(Bin::Mul, &int(i64::from(shared.layout.record_out)));
        code.set(&target, &detail.add(&place));
        code.end();
        let status = Node::Call(GENERAL, Ty::I32, std::rc::Rc::new(vec![record, target.clone()]));
        code.set(&self.status, &status);
        code.store(&target, 4, &self.row, POINTER);
        code.set(&self.incomplete, &self.incomplete.add(&int(1)));
        for (number, (_, place, width)) in self.outputs.iter().enumerate() {
            let slot = if width.bytes == 8 { SLOT } else { POINTER };
            code.set(place, &target.load(slot, shared.layout.out_slot(number, 0)));
        }
    }

    /// Copies the row into a record.
    fn fill_record(&self, code: &mut Code, shared: &mut Shared<'_>, record: &Node) {
        let missing = code.variable(&long(0));
        let none = code.variable(&long(0));
        for (index, column) in shared.layout.inputs.clone().iter().enumerate() {
            let Some((raw, bytes)) = self.raw(shared, index) else {
                continue;
            };
            let place = u32::try_from(index).unwrap_or(0);
            let valid = shared.helpers.call(Helper::Valid, vec![self.pointers(index), self.row.clone()]);
            let valid = valid.to(Ty::I32).bin(Bin::And, &int(1));
            code.when(&valid);
            let raw = code.share(&raw);
            code.store(record, IN_FACTS + 8 * place, &raw, SLOT);
            if column.optional {
                let is_none = raw.eq(&Node::Const(raw.ty(), none_of(bytes))).to(Ty::I64).shl(place);
                code.set(&none, &none.bin(Bin::Or, &is_none));
            }
            code.otherwise();
            code.set(&missing, &missing.bin(Bin::Or, &long(1_i64 << place)));
            code.end();
        }
        code.store(record, IN_MISSING, &missing, SLOT);
        code.store(record, IN_NONE, &none, SLOT);
        code.store(record, IN_AS_OF, &self.as_of, SLOT);
        code.store(record, IN_NOT_SUPPLIED, &self.not_supplied, SLOT);
        if let Some(events) = &self.events {
            let count = events.last.sub(&events.first);
            let slots = [&events.first, &count, &events.kinds, &events.times];
            for (place, value) in (0..).zip(slots.into_iter().chain(&events.fields)) {
                code.store(record, shared.layout.in_events() + 8 * place, value, POINTER);
            }
        }
    }

    fn write_row(&self, code: &mut Code) {
        let status = code.share(&self.out.load(POINTER, OUT_STATUS));
        code.when(&status);
        code.store(&status.add(&self.row.shl(2)), 0, &self.status, POINTER);
        code.end();
        for (pointer, value, width) in &self.outputs {
            code.when(pointer);
            code.store(&pointer.add(&self.row.shl(width.log2())), 0, value, *width);
            code.end();
        }
    }
}
