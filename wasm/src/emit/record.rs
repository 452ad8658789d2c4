//! The entry for one case: `evaluate_record(in, out)`, and the general function behind it.

use wasm_encoder::Function;

use concord_engine::plan::Class;

use super::EmitError;
use super::code::Code;
use super::general::General;
use super::helpers::{Helper, OUT};
use super::layout::{
    IN_AS_OF, IN_FACTS, IN_MISSING, IN_NOT_SUPPLIED, STATUS_BROKEN, STATUS_GENERAL, TIME_UNKNOWN, none_of,
};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::Possible;
use super::shared::{EventSource, Shared};
use super::strict::{Known, Strict, strict_type};

/// The number of the general function.
pub(super) const GENERAL: u32 = 4;

const SLOT: Width = Width::signed(8);

/// `evaluate_record(in, out) -> status`.
pub(super) fn evaluate_record(shared: &mut Shared<'_>) -> Result<Function, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (record, out) = (code.parameter(0), code.parameter(1));
    let general = code.block();
    let used = shared.used.inputs.cast_signed();
    if used != 0 {
        let missing = record.load(SLOT, IN_MISSING).bin(Bin::And, &long(used));
        code.leave_when(general, &missing.ne(&long(0)));
    }
    if let Some(missing) = shared.parameters_missing() {
        code.leave_when(general, &missing.ne(&long(0)));
    }
    let events = events_of_record(&mut code, shared, &record);
    if let Some(events) = &events {
        let not_supplied =
            record.load(SLOT, IN_NOT_SUPPLIED).bin(Bin::And, &long(shared.layout.kinds_used.cast_signed()));
        code.leave_when(general, &not_supplied.ne(&long(0)));
        leave_unless_timed(&mut code, events, general);
    }
    let inputs = inputs_of_record(&mut code, shared, &record);
    let as_of = if shared.used.as_of { code.share(&record.load(SLOT, IN_AS_OF)) } else { long(0) };
    let outputs = shared.layout.outputs.clone();
    let mut strict = Strict::new(&mut code, shared, inputs, as_of, events);
    strict.run()?;
    let doubt = strict.doubt.clone();
    let values =
        outputs.iter().map(|output| strict.outgoing(output.cell, output.bytes)).collect::<Result<Vec<_>, _>>()?;
    code.leave_when(general, &doubt);
    for (place, value) in values.iter().enumerate() {
        code.store(&out, shared.layout.out_slot(place, 0), value, SLOT);
    }
    code.store(&out, 0, &long(0), SLOT);
    code.finish(&int(0));
    code.end();
    code.push(&Node::Call(GENERAL, Ty::I32, std::rc::Rc::new(vec![record, out])));
    Ok(code.build())
}

/// Leaves unless every event of the case has its time: those without come last.
pub(super) fn leave_unless_timed(code: &mut Code, events: &EventSource, general: super::code::Label) {
    let some = events.first.ne(&events.last);
    code.when(&some);
    let last = events.times.add(&events.last.sub(&int(1)).shl(3)).load(SLOT, 0);
    code.leave_when(general, &last.eq(&long(TIME_UNKNOWN)));
    code.end();
}

fn inputs_of_record(code: &mut Code, shared: &Shared<'_>, record: &Node) -> Vec<Option<Known>> {
    let inputs = shared.plan.subject.inputs.iter().zip(&shared.layout.inputs).enumerate();
    inputs
        .map(|(index, (input, column))| {
            column.used.then(|| {
                let offset = 8 * u32::try_from(index).unwrap_or(0);
                let ty = strict_type(input.shape);
                let width = if ty == Ty::I64 { SLOT } else { Width::signed(4) };
                let value = code.share(&record.load(width, IN_FACTS + offset));
                let none = if column.optional {
                    let mask = record.load(SLOT, super::layout::IN_NONE);
                    mask.bin(Bin::And, &long(1_i64 << index)).ne(&long(0))
                } else {
                    flag(false)
                };
                Known { value, none: code.share(&none) }
            })
        })
        .collect()
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
    let mut general = General::new(&mut code, shared, [record, out.clone()], asked, events);
    general.run()?;
    let broken = general.broken.clone();
    general.shared.layout.outputs.iter().try_for_each(|output| general.cell(output.cell).map(|_| ()))?;
    let status = broken.shl(8).bin(Bin::Or, &int(i64::from(STATUS_BROKEN | STATUS_GENERAL)));
    let status = int(i64::from(STATUS_GENERAL)).when(&broken.bin(Bin::LtS, &int(0)), &status);
    let status = code.share(&status);
    code.store(&out, 0, &status, SLOT);
    code.push(&status);
    Ok(code.build())
}

impl General<'_, '_> {
    /// Writes a cell into the record out, if it goes out. A range may come with needs though it is known.
    pub(super) fn put(&mut self, cell: usize, value: &Possible) {
        let Some(place) = self.shared.layout.output_of(cell) else {
            return;
        };
        let Some(output) = self.shared.layout.outputs.get(place) else {
            return;
        };
        if self.next != Some(place) {
            let slot = int(i64::from(self.shared.layout.out_slot(place, 0)));
            self.code.set(&OUT, &self.out.add(&slot));
        }
        self.next = Some(place + 1);
        let [some, none] = [&value.some, &value.none].map(|flag| self.code.share(flag));
        let low = if output.shape.class == Class::Set { value.low.ctz() } else { value.low.to(Ty::I64) };
        let low = low.when(&some, &long(none_of(output.bytes)));
        let presence = some.bin(Bin::Or, &none.shl(1));
        let operands = vec![low, value.high.to(Ty::I64), presence, value.needs.clone()];
        let stride = 8 * u32::try_from(self.shared.layout.outputs.len()).unwrap_or(0);
        self.shared.helpers.run(self.code, Helper::Put(stride), operands);
    }
}
