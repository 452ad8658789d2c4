//! Works out the [`Layout`] of a plan.

use concord_engine::plan::bound::WorkBound;
use concord_engine::plan::{AnswerKind, ById, CellId, Claim, FieldId, Id, InputId, MAX_UNKNOWNS, Plan, Step};

use super::reads::Reads;
use crate::abi::{COLUMNS_FACTS, Column, IN_FACTS, Layout, OUT_COLUMNS, Output, bytes_of};
use crate::emit::assembler::{EmitError, address};

/// Slots of a record in before the pointers to fields of events: first, count, kinds, times.
const EVENTS_IN: u32 = 4 * 8;
/// Pointers to bounds: of facts, then of events.
const BOUNDS: u32 = 2 * 8;
/// In the block of columns: offsets, kinds, times.
const EVENTS_COLUMNS: u32 = 3 * 8;

/// The layout of a plan's module; [`Layout::heap`], the workspace and where judgements stand are set when the rest of memory is known.
pub(crate) fn layout_of(plan: &Plan, reads: &Reads) -> Result<Layout, EmitError> {
    if plan.subject.inputs.len() > MAX_UNKNOWNS || plan.parameters.len() > MAX_UNKNOWNS {
        return Err(EmitError::TooLarge("more than 64 facts or parameters"));
    }
    if plan.subject.events.len() > MAX_UNKNOWNS {
        return Err(EmitError::TooLarge("more than 64 kinds of event"));
    }
    let inputs: ById<InputId, Column> = inputs(plan, reads);
    let facts = address(inputs.len())?;
    let (record_in_events, columns_events) = (IN_FACTS + 8 * facts, COLUMNS_FACTS + 16 * facts);
    let event_fields = event_fields(plan, record_in_events + EVENTS_IN, columns_events + EVENTS_COLUMNS);
    let outputs = outputs(plan)?;
    let (fields, parts) = (8 * address(event_fields.len())?, 8 * address(outputs.len())?);
    let has_events = !plan.subject.events.is_empty();
    let of_events = |bytes: u32| if has_events { bytes + fields } else { 0 };
    let record_in_bounds = record_in_events + of_events(EVENTS_IN);
    let columns_bounds = columns_events + of_events(EVENTS_COLUMNS);
    Ok(Layout {
        record_in: record_in_bounds + BOUNDS,
        record_in_events,
        record_in_bounds,
        record_out: 8 + 4 * parts,
        record_out_parts: parts,
        columns: columns_bounds + BOUNDS,
        columns_events,
        columns_bounds,
        columns_out: OUT_COLUMNS + parts,
        has_events,
        kinds_used: reads.kinds,
        claims: claims(plan),
        inputs,
        event_fields,
        outputs,
        judged: Vec::new(),
        workspace_each: 0,
        workspace_beyond: 0,
        workspace: 0,
        heap: 0,
        operators: WorkBound::default(),
    })
}

fn inputs(plan: &Plan, reads: &Reads) -> ById<InputId, Column> {
    let inputs = (0_u32..).zip(&plan.subject.inputs);
    let column = |(number, input): (u32, &concord_engine::plan::Input)| Column {
        bytes: bytes_of(input.shape, 1),
        optional: input.shape.optional,
        used: reads.inputs >> number & 1 == 1,
        slot: IN_FACTS + 8 * number,
        pointer: COLUMNS_FACTS + 16 * number,
    };
    inputs.map(column).collect()
}

fn event_fields(plan: &Plan, slots: u32, pointers: u32) -> ById<FieldId, Column> {
    let kinds = || plan.subject.events.iter();
    let most = kinds().map(|kind| kind.fields.len()).max().into_iter();
    let columns = (0_u32..).zip(most.flat_map(|most| 0..most)).map(|(number, field)| {
        let fields = kinds().filter_map(|kind| kind.fields.get(FieldId::at(field)));
        let bytes = fields.map(|field| bytes_of(field.shape.or_none(), 3)).fold(1, u8::max);
        Column { bytes, optional: true, used: true, slot: slots + 8 * number, pointer: pointers + 8 * number }
    });
    columns.collect()
}

fn outputs(plan: &Plan) -> Result<Vec<Output>, EmitError> {
    let mut cells: Vec<CellId> = Vec::new();
    for answer in &plan.answers {
        match &answer.kind {
            AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => cells.push(*cell),
            AnswerKind::Obligation(o) => {
                cells.extend([o.verdict, o.trigger, o.due, o.done, o.excuse]);
                cells.extend(o.counts.iter().flatten());
                // Reasons say which of them hold.
                cells.extend(o.conditions().map(|member| member.verdict));
            }
        }
    }
    for step in &plan.steps {
        if let Step::Table(table) = step {
            cells.push(table.row_cell);
        }
    }
    cells.extend(&plan.wanted);
    cells.sort_unstable();
    cells.dedup();
    let output = |(number, cell): (u32, CellId)| {
        let shape = *plan.cells.get(cell).ok_or(EmitError::no_such("cell", cell))?;
        let (slot, pointer) = (8 + 8 * number, OUT_COLUMNS + 8 * number);
        Ok(Output { cell, shape, bytes: bytes_of(shape, 1), slot, pointer })
    };
    (0_u32..).zip(cells).map(output).collect()
}

fn claims(plan: &Plan) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (step, what) in plan.steps.placed() {
        let Step::Table(table) = what else { continue };
        claims.push(Claim { step, row: 0 });
        let rows = table.rows.iter().enumerate().skip(1);
        claims.extend(rows.filter(|(_, row)| row.outputs.is_none()).map(|(row, _)| Claim { step, row }));
    }
    claims
}
