//! Reads what a module has worked out about each event that may be judged, out of its columns.

use concord_engine::evaluate::{Judgement, Value};
use concord_engine::plan::case::Case;
use concord_engine::plan::{Class, JudgedEach, Plan};

use super::error::RunError;
use super::memory::{get_value, size};
use crate::abi::{JudgedColumn, Layout};

/// Where the columns stand.
#[derive(Clone, Copy)]
pub(super) struct Workspace<'a> {
    pub(super) memory: &'a [u8],
    pub(super) at: u32,
}

/// The judgements on the events of the case that was just evaluated; whether all of it was known says which code filled the columns.
pub(super) fn judgements(
    plan: &Plan,
    layout: &Layout,
    workspace: Workspace<'_>,
    case: &Case,
    all_known: bool,
) -> Result<Vec<Vec<Judgement>>, RunError> {
    let places = layout.places(size(case.events.len())?);
    let column = |column: &JudgedColumn| {
        let first = |before: u32| workspace.at + before * places;
        JudgedColumn {
            low: first(column.low),
            high: first(column.high),
            presence: column.presence.map(first),
            needs: first(column.needs),
            ..*column
        }
    };
    let each = plan.judged.iter().zip(&layout.judged);
    each.map(|(each, columns)| {
        let columns: Vec<JudgedColumn> = columns.iter().map(column).collect();
        of_each(each, &columns, workspace.memory, case, all_known)
    })
    .collect()
}

fn of_each(
    each: &JudgedEach,
    columns: &[JudgedColumn],
    memory: &[u8],
    case: &Case,
    all_known: bool,
) -> Result<Vec<Judgement>, RunError> {
    let events = case.events.iter().enumerate().filter(|(_, event)| event.kind == each.kind);
    let judgement = |(event, _)| {
        let slot = size(event)?;
        let value = |column: &JudgedColumn| {
            if all_known { known(column, memory, slot) } else { possible(column, memory, slot) }
        };
        Ok(Judgement { event, values: columns.iter().map(value).collect::<Result<_, RunError>>()? })
    };
    events.map(judgement).collect()
}

fn part(memory: &[u8], first: u32, slot: u32, bytes: u8) -> Result<i64, RunError> {
    get_value(memory, first + slot * u32::from(bytes), bytes)
}

fn known(column: &JudgedColumn, memory: &[u8], slot: u32) -> Result<Value, RunError> {
    if let Some(presence) = column.presence
        && part(memory, presence, slot, 1)? != 0
    {
        return Ok(Value::none());
    }
    let value = part(memory, column.low, slot, column.bytes)?;
    Ok(match column.shape.class {
        Class::Range => Value::known(value),
        Class::Set => Value::choice(value),
    })
}

fn possible(column: &JudgedColumn, memory: &[u8], slot: u32) -> Result<Value, RunError> {
    let presence = column.presence.map(|presence| part(memory, presence, slot, 1)).transpose()?.unwrap_or(1);
    let (low, high) = (part(memory, column.low, slot, column.bytes)?, part(memory, column.high, slot, column.bytes)?);
    let needs = part(memory, column.needs, slot, 8)?.cast_unsigned();
    let value = Value { low, high, may_be_some: presence & 1 == 1, may_be_none: presence & 2 == 2, needs };
    Ok(value.settled(column.shape.class))
}
