//! Many cases through `evaluate_batch`: columns built where the module reads them.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Datum};

use super::instance::{get_value, put_value};
use super::{Instance, Program, RunError, outcome};
use crate::emit::Layout;
use crate::emit::layout::{
    COLUMNS_AS_OF_EACH, COLUMNS_FACTS, COLUMNS_NOT_SUPPLIED_EACH, OUT_COLUMNS, OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS,
    TIME_UNKNOWN, missing_of, none_of,
};

/// Cases and events in one call.
const MOST_CASES: usize = 4096;
const MOST_EVENTS: usize = 262_144;

/// Evaluates cases that were checked, in batches.
pub(super) fn evaluate(instance: &mut Instance, cases: &[Case]) -> Result<Vec<Outcome>, RunError> {
    let program = instance.program().clone();
    let mut outcomes = Vec::with_capacity(cases.len());
    let mut rest = cases;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(length(rest));
        one(instance, &program, batch, &mut outcomes)?;
        rest = after;
    }
    Ok(outcomes)
}

/// How many cases make the next batch.
fn length(cases: &[Case]) -> usize {
    let mut events = 0;
    let fitting = cases.iter().take(MOST_CASES).take_while(|case| {
        events += case.events.len();
        events <= MOST_EVENTS
    });
    fitting.count().max(1)
}

/// Hands out addresses.
struct Room {
    next: u32,
}

impl Room {
    fn take(&mut self, bytes: usize) -> u32 {
        let at = self.next.next_multiple_of(8);
        self.next = at.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        at
    }
}

/// Where the columns of events lie.
pub(super) struct Events {
    pub(super) offsets: u32,
    pub(super) kinds: u32,
    pub(super) times: u32,
    pub(super) fields: Vec<u32>,
    pub(super) end: u32,
}

impl Events {
    /// Makes room for the events of these cases.
    pub(super) fn place(layout: &Layout, from: u32, cases: &[Case]) -> Events {
        let mut room = Room { next: from };
        let count = if layout.has_events { cases.iter().map(|case| case.events.len()).sum() } else { 0 };
        let offsets = room.take(4 * (cases.len() + 1));
        let kinds = room.take(count);
        let times = room.take(8 * count);
        let fields = layout.event_fields.iter().map(|column| room.take(count * usize::from(column.bytes))).collect();
        Events { offsets, kinds, times, fields, end: room.take(8) }
    }

    /// Writes them.
    pub(super) fn write(&self, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        let mut place = 0_u32;
        put_value(memory, self.offsets, 0, 4)?;
        for (number, case) in (1..).zip(cases) {
            for event in &case.events {
                put_value(memory, self.kinds + place, i64::try_from(event.kind).unwrap_or(-1), 1)?;
                put_value(memory, self.times + 8 * place, event.at.unwrap_or(TIME_UNKNOWN), 8)?;
                for (slot, (column, at)) in layout.event_fields.iter().zip(&self.fields).enumerate() {
                    let value = match event.fields.get(slot).copied().unwrap_or_default() {
                        Datum::Missing => missing_of(column.bytes),
                        Datum::None => none_of(column.bytes),
                        Datum::Known(value) => value,
                    };
                    put_value(memory, at + u32::from(column.bytes) * place, value, column.bytes)?;
                }
                place += 1;
            }
            put_value(memory, self.offsets + 4 * number, i64::from(place), 4)?;
        }
        Ok(())
    }
}

/// Where a batch lies.
struct Place {
    columns: u32,
    out: u32,
    as_of: u32,
    not_supplied: u32,
    /// values and validity
    facts: Vec<(u32, u32)>,
    status: u32,
    lows: Vec<u32>,
    detail: u32,
    events: Events,
}

impl Place {
    fn of(layout: &Layout, cases: &[Case]) -> Place {
        let n = cases.len();
        let bytes = |size: u32| usize::try_from(size).unwrap_or(usize::MAX);
        let mut room = Room { next: layout.heap };
        let columns = room.take(bytes(layout.columns));
        let out = room.take(bytes(layout.columns_out));
        let as_of = room.take(8 * n);
        let not_supplied = room.take(8 * n);
        let facts = layout
            .inputs
            .iter()
            .map(|column| (room.take(n * usize::from(column.bytes)), room.take(n.div_ceil(64) * 8)));
        let facts = facts.collect();
        let status = room.take(4 * n);
        let lows = layout.outputs.iter().map(|output| room.take(n * usize::from(output.bytes))).collect();
        let detail = room.take(n * bytes(layout.record_out));
        let events = Events::place(layout, room.take(0), cases);
        Place { columns, out, as_of, not_supplied, facts, status, lows, detail, events }
    }

    fn write_pointers(&self, layout: &Layout, memory: &mut [u8], room: usize) -> Result<(), RunError> {
        let mut slot = |at: u32, value: u32| put_value(memory, at, i64::from(value), 8);
        slot(self.columns + COLUMNS_AS_OF_EACH, self.as_of)?;
        slot(self.columns + COLUMNS_NOT_SUPPLIED_EACH, self.not_supplied)?;
        for (number, (values, validity)) in (0..).zip(&self.facts) {
            slot(self.columns + COLUMNS_FACTS + 16 * number, *values)?;
            slot(self.columns + COLUMNS_FACTS + 16 * number + 8, *validity)?;
        }
        if layout.has_events {
            let start = self.columns + layout.columns_events();
            let pointers = [self.events.offsets, self.events.kinds, self.events.times];
            for (number, pointer) in (0..).zip(pointers.iter().chain(&self.events.fields)) {
                slot(start + 8 * number, *pointer)?;
            }
        }
        slot(self.out + OUT_STATUS, self.status)?;
        slot(self.out + OUT_DETAIL, self.detail)?;
        slot(self.out + OUT_DETAIL_ROOM, u32::try_from(room).unwrap_or(0))?;
        for (number, low) in (0..).zip(&self.lows) {
            slot(self.out + OUT_COLUMNS + 8 * number, *low)?;
        }
        Ok(())
    }

    fn write_facts(&self, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        for (index, (column, (values, validity))) in layout.inputs.iter().zip(&self.facts).enumerate() {
            let mut word = 0_i64;
            for (row, case) in (0_u32..).zip(cases) {
                let value = match case.facts.get(index).copied().unwrap_or_default() {
                    Datum::Missing => None,
                    Datum::None => Some(none_of(column.bytes)),
                    Datum::Known(value) => Some(value),
                };
                word |= i64::from(value.is_some()) << (row % 64);
                put_value(memory, values + u32::from(column.bytes) * row, value.unwrap_or(0), column.bytes)?;
                put_value(memory, validity + 8 * (row / 64), word, 8)?;
                if row % 64 == 63 {
                    word = 0;
                }
            }
        }
        for (row, case) in (0_u32..).zip(cases) {
            put_value(memory, self.as_of + 8 * row, case.as_of, 8)?;
            put_value(memory, self.not_supplied + 8 * row, case.not_supplied.cast_signed(), 8)?;
        }
        Ok(())
    }
}

fn one(
    instance: &mut Instance,
    program: &Program,
    cases: &[Case],
    outcomes: &mut Vec<Outcome>,
) -> Result<(), RunError> {
    let layout = program.layout();
    let place = Place::of(layout, cases);
    instance.reserve(u64::from(place.events.end))?;
    let memory = instance.memory();
    place.write_pointers(layout, memory, cases.len())?;
    place.write_facts(layout, memory, cases)?;
    if layout.has_events {
        place.events.write(layout, memory, cases)?;
    }
    let rows = u32::try_from(cases.len()).unwrap_or(0);
    if instance.call_batch(rows, place.columns, place.out)? < 0 {
        return Err(RunError::Trap("no room for the records of incomplete rows".to_owned()));
    }
    let memory = instance.memory();
    let mut detail = place.detail;
    for row in 0..rows {
        let outcome = if get_value(memory, place.status + 4 * row, 4)? == 0 {
            outcome::complete(program.plan(), layout, |number, output| {
                let low = place.lows.get(number).copied().unwrap_or(0);
                get_value(memory, low + u32::from(output.bytes) * row, output.bytes)
            })?
        } else {
            let outcome = outcome::general(program.plan(), layout, memory, detail)?;
            detail += layout.record_out;
            outcome
        };
        outcomes.push(outcome);
    }
    Ok(())
}
