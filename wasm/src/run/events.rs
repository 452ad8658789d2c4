//! The events of cases, written where the module reads them.

use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Id, Subject};

use super::error::RunError;
use super::memory::{Room, put_value, put_values, size};
use crate::abi::{
    EVENT_BOUNDS_FIELDS, EVENT_BOUNDS_TIMES, Layout, TIME_BETWEEN, TIME_UNKNOWN, between_of, missing_of, none_of,
};

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
    bounds: Option<Bounds>,
    pub(super) end: u32,
}

/// Where the bounds of times and fields lie, where any are known to lie between two values.
struct Bounds {
    pointers: u32,
    times: Ends,
    fields: Vec<Ends>,
}

/// Columns of least and of greatest values.
#[derive(Clone, Copy)]
struct Ends {
    low: u32,
    high: u32,
}

impl Bounds {
    fn place(layout: &Layout, room: &mut Room, count: usize) -> Result<Bounds, RunError> {
        let slots = size(layout.event_fields.len())?;
        let pointers = room.take(1, EVENT_BOUNDS_FIELDS + 16 * slots)?;
        let mut ends = |bytes: u8| -> Result<Ends, RunError> {
            Ok(Ends { low: room.take(count, bytes)?, high: room.take(count, bytes)? })
        };
        let times = ends(8)?;
        let fields = layout.event_fields.iter().map(|column| ends(column.bytes)).collect::<Result<_, RunError>>()?;
        Ok(Bounds { pointers, times, fields })
    }

    fn write(&self, subject: &Subject, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        self.write_pointers(memory)?;
        for (place, event) in (0_u32..).zip(cases.iter().flat_map(|case| &case.events)) {
            if let When::Between(first, last) = subject.started(event) {
                self.times.write(memory, place, 8, (first, last))?;
            }
            for ((column, ends), field) in layout.event_fields.iter().zip(&self.fields).zip(&event.fields) {
                if let Datum::Between(low, high) = *field {
                    ends.write(memory, place, column.bytes, (low, high))?;
                }
            }
        }
        Ok(())
    }

    fn write_pointers(&self, memory: &mut [u8]) -> Result<(), RunError> {
        let starts = (EVENT_BOUNDS_FIELDS..).step_by(16);
        for (start, ends) in
            std::iter::once(EVENT_BOUNDS_TIMES).chain(starts).zip(std::iter::once(&self.times).chain(&self.fields))
        {
            put_value(memory, self.pointers + start, i64::from(ends.low), 8)?;
            put_value(memory, self.pointers + start + 8, i64::from(ends.high), 8)?;
        }
        Ok(())
    }
}

impl Ends {
    fn write(self, memory: &mut [u8], place: u32, bytes: u8, (low, high): (i64, i64)) -> Result<(), RunError> {
        let offset = u32::from(bytes) * place;
        put_value(memory, self.low + offset, low, bytes)?;
        put_value(memory, self.high + offset, high, bytes)
    }
}

/// Whether anything of a case's events is known to lie between two values.
fn has_bounds(subject: &Subject, case: &Case) -> bool {
    case.events.iter().any(|event| {
        matches!(subject.started(event), When::Between(..))
            || event.fields.iter().any(|field| matches!(field, Datum::Between(..)))
    })
}

impl Events {
    /// Makes room for the events of these cases.
    pub(super) fn place(subject: &Subject, layout: &Layout, from: u32, cases: &[Case]) -> Result<Events, RunError> {
        let mut room = Room::from(from);
        let count = if layout.has_events { cases.iter().map(|case| case.events.len()).sum() } else { 0 };
        let offsets = room.take(cases.len() + 1, 4_u32)?;
        let kinds = room.take(count, 1_u32)?;
        let times = room.take(count, 8_u32)?;
        let fields = layout.event_fields.iter().map(|column| room.take(count, column.bytes));
        let fields = fields.collect::<Result<_, _>>()?;
        let bounded = layout.has_events && cases.iter().any(|case| has_bounds(subject, case));
        let bounds = if bounded { Some(Bounds::place(layout, &mut room, count)?) } else { None };
        Ok(Events { offsets, kinds, times, fields, bounds, end: room.take(1, 8_u32)? })
    }

    /// The pointer to bounds: 0 where there are none.
    pub(super) fn bounds_or_0(&self) -> u32 {
        // As the interface has it.
        self.bounds.as_ref().map_or(0, |bounds| bounds.pointers)
    }

    /// Writes them; a case that was checked is of 64 kinds at most.
    pub(super) fn write(
        &self,
        subject: &Subject,
        layout: &Layout,
        memory: &mut [u8],
        cases: &[Case],
    ) -> Result<(), RunError> {
        let lengths = cases.iter().map(|case| i64::try_from(case.events.len()).unwrap_or(i64::MAX));
        let offsets = lengths.scan(0_i64, |before, length| {
            *before = before.saturating_add(length);
            Some(*before)
        });
        // A case that was checked has no more events than there are addresses.
        put_values(memory, (self.offsets, cases.len() + 1), 4, std::iter::once(0).chain(offsets))?;
        let count = cases.iter().map(|case| case.events.len()).sum();
        let events = || cases.iter().flat_map(|case| &case.events);
        // It is one of 64.
        let kinds = events().map(|event| i64::try_from(event.kind.place()).unwrap_or(i64::MAX));
        put_values(memory, (self.kinds, count), 1, kinds)?;
        let times = events().map(|event| match subject.started(event) {
            When::Known(at) => at,
            When::Unknown => TIME_UNKNOWN,
            When::Between(..) => TIME_BETWEEN,
        });
        put_values(memory, (self.times, count), 8, times)?;
        for (slot, (column, at)) in layout.event_fields.iter().zip(&self.fields).enumerate() {
            let values = events().map(|event| match datum(&event.fields, slot) {
                Datum::Known(value) => value,
                Datum::Missing => missing_of(column.bytes),
                Datum::None => none_of(column.bytes),
                Datum::Between(..) => between_of(column.bytes),
            });
            put_values(memory, (*at, count), column.bytes, values)?;
        }
        self.bounds.as_ref().map_or(Ok(()), |bounds| bounds.write(subject, layout, memory, cases))
    }
}
