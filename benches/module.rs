//! NEWS2 in a module's memory: records one after the other, and columns.

use concord_engine::plan::{AnswerKind, CellId, Plan};
use concord_wasm::abi::{COLUMNS_FACTS, IN_FACTS, IN_MISSING, OUT_COLUMNS, OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS};
use concord_wasm::run::{Instance, Program, RunError};

use crate::native::PartialObservation;

/// An instance with inputs in its memory.
pub struct Loaded {
    instance: Instance,
    rows: u32,
    columns: u32,
    out: u32,
    records: u32,
    record_in: u32,
    record_out: u32,
    lows: Vec<u32>,
}

/// Whether a cell is an answer of its own.
#[must_use]
pub fn answered(plan: &Plan, cell: CellId) -> bool {
    plan.answers.iter().any(|answer| match &answer.kind {
        AnswerKind::Value { cell: c, .. } | AnswerKind::Output { cell: c, .. } => *c == cell,
        AnswerKind::Obligation(_) => false,
    })
}

fn put(memory: &mut [u8], at: u32, value: i64, bytes: u8) {
    let start = usize::try_from(at).unwrap_or(0);
    let from = value.to_le_bytes();
    if let (Some(place), Some(from)) =
        (memory.get_mut(start..start + usize::from(bytes)), from.get(..usize::from(bytes)))
    {
        place.copy_from_slice(from);
    }
}

impl Loaded {
    /// Writes records and columns of these observations; columns only of the `wanted` cells.
    ///
    /// # Errors
    /// When the memory cannot grow.
    pub fn new(
        program: &Program,
        seen: &[PartialObservation],
        wanted: impl Fn(CellId) -> bool,
    ) -> Result<Loaded, RunError> {
        let mut instance = program.instance()?;
        let layout = program.layout().clone();
        let rows = u32::try_from(seen.len()).unwrap_or(0);
        let mut next = layout.heap;
        let mut take = |bytes: u32| {
            let at = next.next_multiple_of(64);
            next = at + bytes;
            at
        };
        let (columns, out, records) = (take(layout.columns), take(layout.columns_out), take(rows * layout.record_in));
        let record_out = take(layout.record_out);
        let facts: Vec<(u32, u32)> =
            layout.inputs.iter().map(|c| (take(rows * u32::from(c.bytes)), take(rows.div_ceil(64) * 8))).collect();
        let lows: Vec<u32> =
            layout.outputs.iter().map(|o| if wanted(o.cell) { take(rows * u32::from(o.bytes)) } else { 0 }).collect();
        let (status, detail) = (take(rows * 4), take(rows * layout.record_out));
        instance.reserve(u64::from(next) + 64)?;
        let memory = instance.memory();
        for (row, one) in (0..rows).zip(seen) {
            let mut missing = 0;
            for (((number, fact), column), (values, validity)) in (0..).zip(one.facts()).zip(&layout.inputs).zip(&facts)
            {
                let word = validity + row / 64 * 8 + row % 64 / 8;
                let before = usize::try_from(word).ok().and_then(|at| memory.get(at)).copied().unwrap_or(0);
                put(memory, word, i64::from(before) | i64::from(fact.is_some()) << (row % 8), 1);
                put(memory, values + row * u32::from(column.bytes), fact.unwrap_or(0), column.bytes);
                put(memory, records + row * layout.record_in + IN_FACTS + 8 * number, fact.unwrap_or(0), 8);
                missing |= i64::from(fact.is_none()) << number;
            }
            put(memory, records + row * layout.record_in + IN_MISSING, missing, 8);
        }
        for (number, (values, validity)) in (0..).zip(&facts) {
            put(memory, columns + COLUMNS_FACTS + 16 * number, i64::from(*values), 8);
            put(memory, columns + COLUMNS_FACTS + 16 * number + 8, i64::from(*validity), 8);
        }
        put(memory, out + OUT_STATUS, i64::from(status), 8);
        put(memory, out + OUT_DETAIL, i64::from(detail), 8);
        put(memory, out + OUT_DETAIL_ROOM, i64::from(rows), 8);
        for (number, low) in (0..).zip(&lows) {
            put(memory, out + OUT_COLUMNS + 8 * number, i64::from(*low), 8);
        }
        Ok(Loaded { instance, rows, columns, out, records, record_in: layout.record_in, record_out, lows })
    }

    /// One call of `evaluate_record` for each record.
    ///
    /// # Errors
    /// When the module stops.
    pub fn each(&mut self) -> Result<i32, RunError> {
        let mut sum = 0;
        for row in 0..self.rows {
            sum += self.instance.call_record(self.records + row * self.record_in, self.record_out)?;
        }
        Ok(sum)
    }

    /// One call of `evaluate_batch` for all.
    ///
    /// # Errors
    /// When the module stops.
    pub fn all(&mut self) -> Result<i32, RunError> {
        self.instance.call_batch(self.rows, self.columns, self.out)
    }

    /// A value of an output's column, after [`Loaded::all`], of one byte.
    pub fn byte(&mut self, output: usize, row: u32) -> Option<u8> {
        let at = usize::try_from(*self.lows.get(output)? + row).ok()?;
        self.instance.memory().get(at).copied()
    }
}
