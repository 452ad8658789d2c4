//! One case through `evaluate_record`.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Datum};

use super::instance::{get_value, put_value};
use super::{Instance, RunError, columns, outcome};
use crate::emit::layout::{IN_AS_OF, IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};

/// Evaluates a case that was checked.
pub(super) fn evaluate(instance: &mut Instance, case: &Case) -> Result<Outcome, RunError> {
    let program = instance.program().clone();
    let layout = program.layout();
    let record = layout.heap;
    let out = record + layout.record_in;
    let events = columns::Events::place(layout, out + layout.record_out, std::slice::from_ref(case));
    instance.reserve(u64::from(events.end))?;
    let memory = instance.memory();
    let (mut missing, mut none) = (0_i64, 0_i64);
    for index in 0..layout.inputs.len() {
        let offset = IN_FACTS + 8 * u32::try_from(index).unwrap_or(0);
        match case.facts.get(index).copied().unwrap_or_default() {
            Datum::Missing => missing |= 1 << index,
            Datum::None => none |= 1 << index,
            Datum::Known(value) => put_value(memory, record + offset, value, 8)?,
        }
    }
    put_value(memory, record + IN_MISSING, missing, 8)?;
    put_value(memory, record + IN_NONE, none, 8)?;
    put_value(memory, record + IN_AS_OF, case.as_of, 8)?;
    put_value(memory, record + IN_NOT_SUPPLIED, case.not_supplied.cast_signed(), 8)?;
    if layout.has_events {
        events.write(layout, memory, std::slice::from_ref(case))?;
        let count = u32::try_from(case.events.len()).unwrap_or(0);
        let slots = [0, count, events.kinds, events.times];
        let start = record + layout.in_events();
        for (place, value) in (0..).zip(slots.iter().chain(&events.fields)) {
            put_value(memory, start + 8 * place, i64::from(*value), 8)?;
        }
    }
    let status = instance.call_record(record, out)?;
    let memory = instance.memory();
    if status != 0 {
        return outcome::general(program.plan(), layout, memory, out);
    }
    outcome::complete(program.plan(), layout, |place, _| get_value(memory, out + layout.out_slot(place, 0), 8))
}
