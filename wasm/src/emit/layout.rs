//! Where everything lies: the record and batch layouts of one module, as hosts use them.
//!
//! `wasm/ABI.md` says the same in words.

use concord_engine::plan::library::{Basis, StratumKind};
use concord_engine::plan::{AnswerKind, Class, MAX_UNKNOWNS, Plan, Shape, Step};

use super::EmitError;
use super::used::Used;

/// The version of the binary interface.
pub const ABI_VERSION: i32 = 1;
/// The most pages of 64 KiB a module's memory may grow to.
pub const MAX_PAGES: u64 = 16_384;

/// An event's time that is not known, in the column of times.
pub const TIME_UNKNOWN: i64 = i64::MIN;
/// Bit of a status: something was missing, and the whole of the record out is filled.
pub const STATUS_GENERAL: i32 = 1;
/// Bit of a status: an `impossible` claim is broken; which one stands from bit 8 up.
pub const STATUS_BROKEN: i32 = 2;

/// A column of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Bytes of one value: 1, 2, 4 or 8, signed.
    pub bytes: u8,
    /// Whether a value may be none: the least integer of the width.
    pub optional: bool,
    /// Whether the logic looks at it.
    pub used: bool,
}

/// A cell that a caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// The plan's cell.
    pub cell: usize,
    /// Its shape.
    pub shape: Shape,
    /// Bytes of one value in its column, signed.
    pub bytes: u8,
}

/// The layout of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// One for each fact of the case.
    pub inputs: Vec<Column>,
    /// One for each slot of event fields: slot `j` holds the `j`-th field of an event, whatever its kind.
    pub event_fields: Vec<Column>,
    /// Whether there are events at all.
    pub has_events: bool,
    /// The cells that come out, by cell.
    pub outputs: Vec<Output>,
    /// `impossible` claims (step, row), by the number in a status.
    pub claims: Vec<(usize, usize)>,
    /// Bits of the kinds of event that the logic looks at.
    pub kinds_used: u64,
    /// Bytes of a record in.
    pub record_in: u32,
    /// Bytes of a record out.
    pub record_out: u32,
    /// Bytes of the block of column pointers.
    pub columns: u32,
    /// Bytes of the block of output pointers.
    pub columns_out: u32,
    /// The first address that the host may use.
    pub heap: u32,
}

/// Slots of a record in: bits of the facts that are missing.
pub const IN_MISSING: u32 = 0;
/// Bits of the facts recorded as none.
pub const IN_NONE: u32 = 8;
/// The instant asked about.
pub const IN_AS_OF: u32 = 16;
/// Bits of the kinds of event that the export does not carry.
pub const IN_NOT_SUPPLIED: u32 = 24;
/// The first fact.
pub const IN_FACTS: u32 = 32;

/// In the block of columns: the instant asked about, where it is the same for all cases.
pub const COLUMNS_AS_OF: u32 = 0;
/// Pointer to one instant a case, or 0.
pub const COLUMNS_AS_OF_EACH: u32 = 8;
/// Kinds not supplied, where they are the same for all cases.
pub const COLUMNS_NOT_SUPPLIED: u32 = 16;
/// Pointer to one mask a case, or 0.
pub const COLUMNS_NOT_SUPPLIED_EACH: u32 = 24;
/// The first fact's pointers: values, then validity.
pub const COLUMNS_FACTS: u32 = 32;

/// In the block of outputs: pointer to one status a case, or 0.
pub const OUT_STATUS: u32 = 0;
/// Pointer to room for records of the incomplete rows, or 0.
pub const OUT_DETAIL: u32 = 8;
/// How many records it holds.
pub const OUT_DETAIL_ROOM: u32 = 16;
/// The first output's pointer.
pub const OUT_COLUMNS: u32 = 24;

impl Layout {
    /// Works out the layout of a plan's module; [`Layout::heap`] is set when its data are known.
    pub(super) fn of(plan: &Plan) -> Result<Layout, EmitError> {
        let used = Used::of(plan);
        if plan.subject.inputs.len() > MAX_UNKNOWNS || plan.parameters.len() > MAX_UNKNOWNS {
            return Err(EmitError::TooLarge("more than 64 facts or parameters"));
        }
        if plan.subject.events.len() > MAX_UNKNOWNS {
            return Err(EmitError::TooLarge("more than 64 kinds of event"));
        }
        let inputs: Vec<Column> = plan
            .subject
            .inputs
            .iter()
            .enumerate()
            .map(|(index, input)| Column {
                bytes: bytes_of(input.shape, 1),
                optional: input.shape.optional,
                used: used.inputs >> index & 1 == 1,
            })
            .collect();
        let event_fields = event_fields(plan);
        let outputs = outputs(plan)?;
        let count = |n: usize| u32::try_from(n).map_err(|_| EmitError::TooLarge("too many columns"));
        let event_slots = if plan.subject.events.is_empty() { 0 } else { 4 + count(event_fields.len())? };
        let event_pointers = if plan.subject.events.is_empty() { 0 } else { 3 + count(event_fields.len())? };
        Ok(Layout {
            record_in: IN_FACTS + 8 * (count(inputs.len())? + event_slots),
            record_out: 8 * (1 + 4 * count(outputs.len())?),
            columns: COLUMNS_FACTS + 8 * (2 * count(inputs.len())? + event_pointers),
            columns_out: OUT_COLUMNS + 8 * count(outputs.len())?,
            has_events: !plan.subject.events.is_empty(),
            kinds_used: used.kinds,
            claims: claims(plan),
            inputs,
            event_fields,
            outputs,
            heap: 0,
        })
    }

    /// Where in a record in the events start: first, count, kinds, times, then a pointer for each slot of fields.
    #[must_use]
    pub fn in_events(&self) -> u32 {
        IN_FACTS + 8 * u32::try_from(self.inputs.len()).unwrap_or(0)
    }

    /// Where in the block of columns the events start: offsets, kinds, times, then a pointer for each slot of fields.
    #[must_use]
    pub fn columns_events(&self) -> u32 {
        COLUMNS_FACTS + 16 * u32::try_from(self.inputs.len()).unwrap_or(0)
    }

    /// Where in a record out part `part` (0 low, 1 high, 2 presence, 3 needs) of an output stands.
    #[must_use]
    pub fn out_slot(&self, output: usize, part: usize) -> u32 {
        u32::try_from(8 * (1 + part * self.outputs.len() + output)).unwrap_or(0)
    }

    /// The place of a cell among the outputs.
    #[must_use]
    pub fn output_of(&self, cell: usize) -> Option<usize> {
        self.outputs.binary_search_by_key(&cell, |output| output.cell).ok()
    }
}

/// The bytes of the smallest signed integer that holds a shape's values and `reserved` more below them where it is optional.
pub(super) fn bytes_of(shape: Shape, reserved: i64) -> u8 {
    let spare = if shape.optional { reserved } else { 0 };
    [
        (1, i64::from(i8::MIN), i64::from(i8::MAX)),
        (2, i64::from(i16::MIN), i64::from(i16::MAX)),
        (4, i64::from(i32::MIN), i64::from(i32::MAX)),
    ]
    .into_iter()
    .find(|(_, least, most)| shape.low >= least + spare && shape.high <= *most)
    .map_or(8, |(bytes, ..)| bytes)
}

/// The least integer of a width: none, in a column.
#[must_use]
pub const fn none_of(bytes: u8) -> i64 {
    match bytes {
        1 => i8::MIN as i64,
        2 => i16::MIN as i64,
        4 => i32::MIN as i64,
        _ => i64::MIN,
    }
}

/// In a column of event fields, what stands for a value that is missing.
#[must_use]
pub const fn missing_of(bytes: u8) -> i64 {
    none_of(bytes) + 1
}

fn event_fields(plan: &Plan) -> Vec<Column> {
    let slots = plan.subject.events.iter().map(|kind| kind.fields.len()).max().unwrap_or(0);
    (0..slots)
        .map(|slot| {
            let fields = plan.subject.events.iter().filter_map(|kind| kind.fields.get(slot));
            let bytes = fields.map(|field| bytes_of(field.shape.or_none(), 2)).max().unwrap_or(1);
            Column { bytes, optional: true, used: true }
        })
        .collect()
}

fn outputs(plan: &Plan) -> Result<Vec<Output>, EmitError> {
    let mut cells: Vec<usize> = Vec::new();
    for answer in &plan.answers {
        match &answer.kind {
            AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => cells.push(*cell),
            AnswerKind::Obligation(o) => {
                cells.extend([o.verdict, o.trigger, o.due, o.done, o.excuse]);
            }
        }
    }
    for step in &plan.steps {
        if let Step::Table(table) = step {
            cells.push(table.row_cell);
        }
    }
    for measure in &plan.measures {
        match &measure.basis {
            Basis::Obligation(_) => {}
            Basis::Cases { of, met, excused } => {
                cells.extend([*of, *met]);
                cells.extend(excused.iter().map(|(cell, _)| *cell));
            }
            Basis::Counts { of, met } => cells.extend([*of, *met]),
        }
        for stratum in &measure.strata {
            match &stratum.kind {
                StratumKind::Label(_) => {}
                StratumKind::Cell(cell, _) | StratumKind::Calendar(_, cell, _) | StratumKind::Band(cell, ..) => {
                    cells.push(*cell)
                }
            }
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
        .into_iter()
        .map(|cell| {
            let shape = *plan.cells.get(cell).ok_or(EmitError::NoSuch("cell", cell))?;
            Ok(Output { cell, shape, bytes: bytes_of(shape, 1) })
        })
        .collect()
}

fn claims(plan: &Plan) -> Vec<(usize, usize)> {
    let mut claims = Vec::new();
    for (step, what) in plan.steps.iter().enumerate() {
        let Step::Table(table) = what else { continue };
        let rows = table.rows.iter().enumerate();
        let impossible = rows.filter(|(_, row)| row.outputs.is_none()).map(|(number, _)| number);
        claims.push((step, 0));
        claims.extend(impossible.filter(|number| *number != 0).map(|number| (step, number)));
    }
    claims
}

/// Whether a value of this shape travels as a 32-bit flag in the general lowering.
pub(super) fn is_yes_no(shape: Shape) -> bool {
    shape.class == Class::Range && !shape.optional && shape.low >= 0 && shape.high <= 1
}
