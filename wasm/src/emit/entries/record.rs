//! The entry for one case: `evaluate_record(in, out)`, and the general function behind it.

use concord_engine::plan::{ById, InputId};

use super::Entry;
use crate::abi::{
    IN_AS_OF, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED, STATUS_BROKEN, STATUS_GENERAL, STATUS_NO_WORKSPACE, TIME_BETWEEN,
};
use crate::emit::assembler::{Bin, Code, EmitError, Label, Node, POINTER, SLOT, Turns, Ty, Width, flag, int, long};
use crate::emit::general::{CaseSource, General, is_timed, stage_known};
use crate::emit::memory::{AS_OF, FIRST_EVENT, NOT_SUPPLIED, PLACES, RECORD, SUPPLIED, TIMED_EVENTS};
use crate::emit::runtime::need;
use crate::emit::strict::{Ignored, Known, Strict, strict_type};
use crate::emit::walk::{Complete, Context, EventSource};

/// `evaluate_record(in, out) -> status`.
pub(crate) fn evaluate_record(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (record, out) = (code.parameter(0), code.parameter(1));
    let events = events_of_record(&mut code, context, &record);
    if let Some(events) = &events {
        open_workspace(&mut code, context, &events.last.sub(&events.first), |code| {
            code.store(&out, 0, &long(i64::from(STATUS_NO_WORKSPACE)), SLOT);
            code.finish(&int(i64::from(STATUS_NO_WORKSPACE)));
        });
    }
    if context.complete == Complete::AsOthers {
        stage_known(&mut code, context, &record);
        code.push(&Entry::General.call(vec![record, out]));
        return Ok(code);
    }
    let general = code.block();
    let used = context.reads.inputs.cast_signed();
    if used != 0 {
        let missing = record.load(SLOT, IN_MISSING).bin(Bin::And, &long(used));
        code.leave_when(general, &missing.ne(&long(0)));
    }
    if let Some(missing) = context.parameters_missing()? {
        code.leave_when(general, &missing.ne(&long(0)));
    }
    if let Some(events) = &events {
        let not_supplied =
            record.load(SLOT, IN_NOT_SUPPLIED).bin(Bin::And, &long(context.layout.kinds_used.cast_signed()));
        code.leave_when(general, &not_supplied.ne(&long(0)));
        leave_unless_timed(&mut code, events, general);
    }
    if context.complete == Complete::Apart {
        code.leave_when(general, &Entry::Strict.call(vec![record.clone(), out.clone()]));
    } else {
        answer(&mut code, context, (events, None), general)?;
    }
    code.finish(&int(0));
    code.end();
    stage_known(&mut code, context, &record);
    code.push(&Entry::General.call(vec![record, out]));
    Ok(code)
}

/// Makes the workspace ready for so many events, or refuses the case where it is too small or a case may not have so many.
pub(super) fn open_workspace(code: &mut Code, context: &Context<'_>, events: &Node, refuse: impl FnOnce(&mut Code)) {
    let workspace = context.map.workspace;
    let count = code.share(events);
    let Some(holds) = workspace.holds(&count) else { return };
    code.when(&holds.not());
    refuse(code);
    code.end();
    if workspace.each > 0 {
        code.set(&PLACES, &workspace.places(&count));
    }
}

/// The strict code on its own: `(in, out) -> whether it is in doubt`.
pub(crate) fn strict(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let record = code.parameter(0);
    let in_doubt = code.block();
    let events = events_of_record(&mut code, context, &record);
    // A complete record lacks nothing; the batch entry says here what its row may lack.
    let used = |mask: u64, of: &Node| if mask == 0 { long(0) } else { of.bin(Bin::And, &long(mask.cast_signed())) };
    let facts = used(context.reads.inputs, &record.load(SLOT, IN_MISSING));
    let kinds = used(context.layout.kinds_used, &record.load(SLOT, IN_NOT_SUPPLIED));
    let parameters = used(context.open_parameters()?, &context.unset());
    let [facts, kinds, parameters] = [facts, kinds, parameters].map(|mask| code.share(&mask));
    let ignored = Ignored { facts, kinds, parameters };
    answer(&mut code, context, (events, Some(ignored)), in_doubt)?;
    code.finish(&int(0));
    code.end();
    code.push(&int(1));
    Ok(code)
}

/// Fills the record out by the strict code; leaves where it is in doubt.
fn answer(
    code: &mut Code,
    context: &mut Context<'_>,
    (events, ignored): (Option<EventSource>, Option<Ignored>),
    in_doubt: Label,
) -> Result<(), EmitError> {
    let (record, out) = (code.parameter(0), code.parameter(1));
    let inputs = inputs_of_record(code, context, &record);
    let as_of = if context.reads.as_of { code.share(&record.load(SLOT, IN_AS_OF)) } else { long(0) };
    let outputs = context.layout.outputs.clone();
    let strict = Strict::new(code, context, inputs, as_of, events);
    let mut strict = match ignored {
        Some(ignored) => strict.ignoring(ignored),
        None => strict,
    };
    strict.run()?;
    let doubt = strict.doubt.clone();
    let values =
        outputs.iter().map(|output| strict.outgoing(output.cell, output.bytes)).collect::<Result<Vec<_>, _>>()?;
    code.leave_when(in_doubt, &doubt);
    for (output, value) in outputs.iter().zip(&values) {
        code.store(&out, output.slot, value, SLOT);
    }
    code.store(&out, 0, &long(0), SLOT);
    Ok(())
}

/// Leaves unless the instant of every event of the case is known: the others come last.
pub(super) fn leave_unless_timed(code: &mut Code, events: &EventSource, general: Label) {
    let some = events.first.ne(&events.last);
    code.when(&some);
    let last = events.times.add(&events.last.sub(&int(1)).shl(3)).load(SLOT, 0);
    code.leave_when(general, &last.bin(Bin::LeS, &long(TIME_BETWEEN)));
    code.end();
}

fn inputs_of_record(code: &mut Code, context: &Context<'_>, record: &Node) -> ById<InputId, Option<Known>> {
    let inputs = (0_u8..).zip(context.plan.subject.inputs.iter().zip(&context.layout.inputs));
    inputs
        .map(|(number, (input, column))| {
            column.used.then(|| {
                let ty = strict_type(input.shape);
                let width = if ty == Ty::I64 { SLOT } else { Width::signed(4) };
                let value = code.share(&record.load(width, column.slot));
                let none = if column.optional {
                    let mask = record.load(SLOT, IN_NONE);
                    mask.bin(Bin::And, &need(number)).ne(&long(0))
                } else {
                    flag(false)
                };
                Known { value, none: code.share(&none) }
            })
        })
        .collect()
}

fn events_of_record(code: &mut Code, context: &Context<'_>, record: &Node) -> Option<EventSource> {
    if !context.layout.has_events {
        return None;
    }
    let start = context.layout.record_in_events;
    let mut slot = |place: u32| code.share(&record.load(POINTER, start + 8 * place));
    let (first, count, kinds, times) = (slot(0), slot(1), slot(2), slot(3));
    let fields = context.layout.event_fields.iter();
    let fields = fields.map(|field| code.share(&record.load(POINTER, field.slot))).collect();
    let last = code.share(&first.add(&count));
    Some(EventSource { first, last, kinds, times, fields, placed: int(0) })
}

/// The place after the last event whose instant is known.
fn last_placed(code: &mut Code, events: &EventSource) -> Node {
    let placed = code.variable(&events.last);
    let out = code.block();
    let top = code.repeat_for(Turns::Events);
    code.leave_when(out, &placed.bin(Bin::LeS, &events.first));
    let last = placed.sub(&int(1));
    code.leave_when(out, &is_timed(&events.times.add(&last.shl(3)).load(SLOT, 0)));
    code.set(&placed, &last);
    code.leave(top);
    code.end();
    code.end();
    placed
}

/// The events of the case that the general code works on, which stand in globals.
fn events_of_case(code: &mut Code, context: &Context<'_>, record: &Node) -> Option<EventSource> {
    let found = events_of_record(code, context, record)?;
    let placed = last_placed(code, &found);
    code.set(&RECORD, record);
    code.set(&NOT_SUPPLIED, &record.load(SLOT, IN_NOT_SUPPLIED));
    code.set(&FIRST_EVENT, &found.first);
    code.set(&SUPPLIED, &found.last.sub(&found.first));
    code.set(&TIMED_EVENTS, &placed.sub(&found.first));
    let first = FIRST_EVENT.steady();
    let column = |place: u32| RECORD.steady().load(POINTER, context.layout.record_in_events + 8 * place);
    Some(EventSource {
        last: first.add(&SUPPLIED.steady()),
        placed: first.add(&TIMED_EVENTS.steady()),
        kinds: column(2),
        times: column(3),
        first,
        ..found
    })
}

/// The general function: `(in, out) -> status`, every part of the record out filled. What is there of the facts is staged.
pub(crate) fn general(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (record, out) = (code.parameter(0), code.parameter(1));
    let events = events_of_case(&mut code, context, &record);
    code.set(&AS_OF, &record.load(SLOT, IN_AS_OF));
    let case = CaseSource { record, out: out.clone(), as_of: AS_OF.steady(), events };
    let mut general = General::new(&mut code, context, case);
    general.run()?;
    let broken = general.broken.clone();
    general.context.layout.outputs.iter().try_for_each(|output| general.cell(output.cell).map(|_| ()))?;
    let status = broken.shl(8).bin(Bin::Or, &int(i64::from(STATUS_BROKEN | STATUS_GENERAL)));
    let status = int(i64::from(STATUS_GENERAL)).when(&broken.bin(Bin::LtS, &int(0)), &status);
    let status = code.share(&status);
    code.store(&out, 0, &status, SLOT);
    code.push(&status);
    Ok(code)
}
