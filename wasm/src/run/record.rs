//! One case through `evaluate_record`.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Datum, Settings};

use super::check;
use super::error::RunError;
use super::events::{Events, datum};
use super::instance::Instance;
use super::judged::{Workspace, judgements};
use super::memory::{get_bytes, get_value, put_value, size, value_at};
use super::verdict_columns;
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_AS_OF, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};

impl Instance {
    /// Evaluates one case.
    ///
    /// # Errors
    /// When the case does not fit the plan, a setting is refused, or memory runs out.
    pub fn evaluate(&mut self, case: &Case, settings: &Settings) -> Result<Outcome, RunError> {
        self.configure(settings)?;
        check::case(self.program().plan(), case).map_err(|fault| RunError::Case(0, fault))?;
        evaluate(self, case)
    }

    /// Evaluates one case, and gives the bytes of the record out as well: of an answer that is known in all its parts those up to the end
    /// of the values, otherwise all.
    ///
    /// # Errors
    /// As [`Instance::evaluate`].
    pub fn evaluate_with_bytes(&mut self, case: &Case, settings: &Settings) -> Result<(Outcome, Vec<u8>), RunError> {
        let outcome = self.evaluate(case, settings)?;
        let layout = self.layout();
        let (out, parts, whole) = (layout.heap + layout.record_in, layout.record_out_parts, layout.record_out);
        let memory = self.memory();
        let known = get_value(memory, out, 4)? == 0;
        Ok((outcome, get_bytes(memory, out, if known { 8 + parts } else { whole })?))
    }
}

/// Where a case stands in a module's memory, ready for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedRecord {
    /// The record in.
    pub record: u32,
    /// Where the record out goes.
    pub out: u32,
    /// The first address after all that was written.
    pub end: u32,
    /// Where the workspace stands that was given for it, and its bytes; none where the module's own is in force.
    pub workspace: Option<(u32, u32)>,
}

impl Instance {
    /// Checks a case and writes it from `heap` up, as [`Instance::evaluate`] does before it calls.
    ///
    /// # Errors
    /// When the case does not fit the plan, or memory runs out.
    pub fn place_record(&mut self, case: &Case) -> Result<PlacedRecord, RunError> {
        check::case(self.program().plan(), case).map_err(|fault| RunError::Case(0, fault))?;
        place(self, case)
    }
}

/// Evaluates a case that was checked.
pub(super) fn evaluate(instance: &mut Instance, case: &Case) -> Result<Outcome, RunError> {
    let PlacedRecord { record, out, .. } = place(instance, case)?;
    let program = instance.program().clone();
    let layout = program.layout();
    let status = instance.call_record(record, out)?;
    let workspace = instance.workspace();
    let (plan, memory) = (program.plan(), instance.memory());
    let mut outcome = verdict_columns::none(plan);
    if status == 0 {
        let lows = layout.outputs.iter().map(|output| value_at(memory, out + output.slot, 8));
        verdict_columns::complete(layout, &mut outcome, lows)?;
    } else {
        verdict_columns::general(layout, memory, out, &mut outcome)?;
    }
    Ok(Outcome { judged: judgements(plan, layout, Workspace { memory, at: workspace }, case, status == 0)?, ..outcome })
}

fn place(instance: &mut Instance, case: &Case) -> Result<PlacedRecord, RunError> {
    let program = instance.program().clone();
    let layout = program.layout();
    let record = layout.heap;
    let out = record + layout.record_in;
    let bounds = out + layout.record_out;
    let events = bounds + BOUNDS_FACTS + 16 * size(layout.inputs.len())?;
    let subject = &program.plan().subject;
    let events = Events::place(subject, layout, events, std::slice::from_ref(case))?;
    instance.reserve(u64::from(events.end))?;
    instance.make_workspace(case.events.len(), events.end)?;
    let memory = instance.memory();
    let (mut missing, mut none, mut between) = (0_i64, 0_i64, 0_i64);
    for (number, (column, bounds)) in layout.inputs.iter().zip((bounds + BOUNDS_FACTS..).step_by(16)).enumerate() {
        match datum(&case.facts, number) {
            Datum::Missing => missing |= 1 << number,
            Datum::None => none |= 1 << number,
            Datum::Known(value) => put_value(memory, record + column.slot, value, 8)?,
            Datum::Between(low, high) => {
                missing |= 1 << number;
                between |= 1 << number;
                put_value(memory, bounds, low, 8)?;
                put_value(memory, bounds + 8, high, 8)?;
            }
        }
    }
    put_value(memory, record + IN_MISSING, missing, 8)?;
    put_value(memory, record + IN_NONE, none, 8)?;
    put_value(memory, record + IN_AS_OF, case.as_of, 8)?;
    put_value(memory, record + IN_NOT_SUPPLIED, case.not_supplied.cast_signed(), 8)?;
    put_value(memory, bounds + BOUNDS_WHICH, between, 8)?;
    let pointers = [if between == 0 { 0 } else { bounds }, events.bounds_or_0()];
    for (place, pointer) in (0..).zip(pointers) {
        put_value(memory, record + layout.record_in_bounds + 8 * place, i64::from(pointer), 8)?;
    }
    if layout.has_events {
        events.write(subject, layout, memory, std::slice::from_ref(case))?;
        let count = size(case.events.len())?;
        let slots = [0, count, events.kinds, events.times];
        let start = record + layout.record_in_events;
        for (place, value) in (0..).zip(slots.iter().chain(&events.fields)) {
            put_value(memory, start + 8 * place, i64::from(*value), 8)?;
        }
    }
    Ok(PlacedRecord { record, out, end: events.end, workspace: instance.given() })
}
