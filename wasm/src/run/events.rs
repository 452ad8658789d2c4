//! The events of cases, written where the module reads them.

use concord_engine::plan::Id;
use concord_engine::plan::case::{Case, Datum};

use super::error::RunError;
use super::memory::{Room, put_value, size};
use crate::abi::{Layout, TIME_UNKNOWN, missing_of, none_of};

/// A fact of a case, or a field of an event: what it does not come with is missing.
pub(super) fn datum(of: &[Datum], number: usize) -> Datum {
    of.get(number).copied().unwrap_or(Datum::Missing)
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
    pub(super) fn place(layout: &Layout, from: u32, cases: &[Case]) -> Result<Events, RunError> {
        let mut room = Room::from(from);
        let count = if layout.has_events { cases.iter().map(|case| case.events.len()).sum() } else { 0 };
        let offsets = room.take(cases.len() + 1, 4_u32)?;
        let kinds = room.take(count, 1_u32)?;
        let times = room.take(count, 8_u32)?;
        let fields = layout.event_fields.iter().map(|column| room.take(count, column.bytes));
        let fields = fields.collect::<Result<_, _>>()?;
        Ok(Events { offsets, kinds, times, fields, end: room.take(1, 8_u32)? })
    }

    /// Writes them; a case that was checked is of 64 kinds at most.
    pub(super) fn write(&self, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        let mut place = 0_u32;
        put_value(memory, self.offsets, 0, 4)?;
        for (number, case) in (1..).zip(cases) {
            for event in &case.events {
                put_value(memory, self.kinds + place, i64::from(size(event.kind.place())?), 1)?;
                put_value(memory, self.times + 8 * place, event.at.unwrap_or(TIME_UNKNOWN), 8)?;
                for (slot, (column, at)) in layout.event_fields.iter().zip(&self.fields).enumerate() {
                    let value = match datum(&event.fields, slot) {
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
