//! From what a module wrote to what the interpreter would have said.

use concord_engine::evaluate::{Outcome, Value};
use concord_engine::plan::{ById, Class, Plan};

use super::error::RunError;
use super::memory::{Values, get_value, too_small};
use crate::abi::{Layout, Output, STATUS_BROKEN, none_of};

/// An outcome with only the cells that come out.
pub(super) fn visible(layout: &Layout, outcome: &Outcome) -> Outcome {
    let mut cells = ById::filled(Value::none(), outcome.cells.len());
    for output in &layout.outputs {
        if let (Some(place), Some(value)) = (cells.get_mut(output.cell), outcome.cells.get(output.cell)) {
            *place = *value;
        }
    }
    Outcome { cells, broken: outcome.broken, judged: outcome.judged.clone() }
}

/// An outcome of which nothing has come out yet. What does not come out stays so.
pub(super) fn none(plan: &Plan) -> Outcome {
    Outcome { cells: ById::filled(Value::none(), plan.cells.len()), broken: None, judged: Vec::new() }
}

/// Fills an outcome with known values, one of each output.
pub(super) fn complete(
    layout: &Layout,
    outcome: &mut Outcome,
    lows: impl Iterator<Item = Option<i64>>,
) -> Result<(), RunError> {
    for (output, low) in layout.outputs.iter().zip(lows) {
        let value = known(output, low.ok_or_else(too_small)?);
        if let Some(cell) = outcome.cells.get_mut(output.cell) {
            *cell = value;
        }
    }
    outcome.broken = None;
    outcome.judged.clear();
    Ok(())
}

/// Fills a cell of many outcomes with known values, where their rows are complete, as their statuses say: what the cell is, is asked once for all.
pub(super) fn complete_all(output: &Output, lows: Values<'_>, statuses: &[[u8; 4]], outcomes: &mut [Outcome]) {
    let rows = outcomes.iter_mut().zip(statuses);
    match lows {
        Values::None => fill(output, rows.zip(std::iter::repeat(0))),
        Values::One(all) => fill(output, rows.zip(all.iter().map(|low| i8::from_le_bytes(*low).into()))),
        Values::Two(all) => fill(output, rows.zip(all.iter().map(|low| i16::from_le_bytes(*low).into()))),
        Values::Four(all) => fill(output, rows.zip(all.iter().map(|low| i32::from_le_bytes(*low).into()))),
        Values::Eight(all) => fill(output, rows.zip(all.iter().map(|low| i64::from_le_bytes(*low)))),
    }
}

#[inline]
fn fill<'o>(output: &Output, rows: impl Iterator<Item = ((&'o mut Outcome, &'o [u8; 4]), i64)>) {
    for ((outcome, status), low) in rows {
        let cell = outcome.cells.get_mut(output.cell).filter(|_| *status == [0; 4]);
        cell.into_iter().for_each(|cell| *cell = known(output, low));
    }
}

#[inline]
fn known(output: &Output, low: i64) -> Value {
    if output.shape.optional && low == none_of(output.bytes) {
        return Value::none();
    }
    match output.shape.class {
        Class::Range => Value::known(low),
        Class::Set => Value::choice(low),
    }
}

/// Fills an outcome from a record out that the general function filled.
pub(super) fn general(layout: &Layout, memory: &[u8], record: u32, outcome: &mut Outcome) -> Result<(), RunError> {
    for output in &layout.outputs {
        let part = |part: u32| get_value(memory, record + output.slot + part * layout.record_out_parts, 8);
        let (low, high, presence, needs) = (part(0)?, part(1)?, part(2)?, part(3)?);
        let some = presence & 1 == 1;
        let low = match output.shape.class {
            Class::Set => high,
            Class::Range if some => low,
            Class::Range => 0,
        };
        let value =
            Value { low, high, may_be_some: some, may_be_none: presence & 2 == 2, needs: needs.cast_unsigned() };
        if let Some(cell) = outcome.cells.get_mut(output.cell) {
            *cell = value;
        }
    }
    let status = get_value(memory, record, 4)?;
    let is_broken = status & i64::from(STATUS_BROKEN) != 0;
    let claim = usize::try_from(status >> 8).ok().and_then(|number| layout.claims.get(number));
    outcome.broken = claim.filter(|_| is_broken).copied();
    outcome.judged.clear();
    Ok(())
}
