//! Many cases through `evaluate_batch`: columns built where the module reads them.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Datum, Settings};
use concord_engine::plan::{CellId, Subject};

use super::check;
use super::error::RunError;
use super::events::{Events, datum};
use super::instance::Instance;
use super::memory::{Room, Values, put_value, put_values, size, too_small};
use super::program::Program;
use super::record;
use super::verdict_columns;
use crate::abi::{
    COLUMNS_AS_OF_EACH, COLUMNS_BOUNDS_FACT, COLUMNS_BOUNDS_HIGH, COLUMNS_NOT_SUPPLIED_EACH, Layout, OUT_DETAIL,
    OUT_DETAIL_ROOM, OUT_STATUS, none_of,
};

/// Cases and events in one call.
const MOST_CASES: usize = 4096;
const MOST_EVENTS: usize = 262_144;

impl Instance {
    /// Evaluates many cases under the same settings, in order.
    ///
    /// # Errors
    /// When a case does not fit the plan, a setting is refused, or memory runs out.
    pub fn evaluate_batch(&mut self, cases: &[Case], settings: &Settings) -> Result<Vec<Outcome>, RunError> {
        self.evaluate_batch_for(cases, settings, |_| true)
    }

    /// The same in the place of outcomes that nobody needs any more, which must be this program's: their memory is used again.
    ///
    /// # Errors
    /// As [`Instance::evaluate_batch`].
    pub fn evaluate_batch_again(
        &mut self,
        cases: &[Case],
        settings: &Settings,
        spent: Vec<Outcome>,
    ) -> Result<Vec<Outcome>, RunError> {
        self.checked(cases, settings)?;
        let wanted = vec![true; self.layout().outputs.len()];
        evaluate(self, cases, &wanted, spent)
    }

    fn checked(&mut self, cases: &[Case], settings: &Settings) -> Result<(), RunError> {
        self.configure(settings)?;
        let plan = self.program().plan();
        cases
            .iter()
            .enumerate()
            .try_for_each(|(index, case)| check::case(plan, case).map_err(|fault| RunError::Case(index, fault)))
    }

    /// The same, of the cells that are wanted; whatever stands in the others does not count. A case that lacks only what no wanted cell
    /// depends on costs no more than a complete one.
    ///
    /// # Errors
    /// As [`Instance::evaluate_batch`].
    pub fn evaluate_batch_for(
        &mut self,
        cases: &[Case],
        settings: &Settings,
        wanted: impl Fn(CellId) -> bool,
    ) -> Result<Vec<Outcome>, RunError> {
        self.checked(cases, settings)?;
        let wanted: Vec<bool> = self.layout().outputs.iter().map(|output| wanted(output.cell)).collect();
        evaluate(self, cases, &wanted, Vec::new())
    }
}

/// Where cases stand in a module's memory as columns, ready for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedBatch {
    /// The block of columns.
    pub columns: u32,
    /// The block of outputs.
    pub out: u32,
    /// Where one status a row goes.
    pub status: u32,
    /// Where the column of each output goes, and the bytes of a value.
    pub lows: Vec<(u32, u8)>,
    /// Where the records of incomplete rows go.
    pub detail: u32,
    /// The first address after all that was written.
    pub end: u32,
    /// Where the workspace stands that was given for them, and its bytes; none where the module's own is in force.
    pub workspace: Option<(u32, u32)>,
}

impl Instance {
    /// Checks cases and writes them from `heap` up, as [`Instance::evaluate_batch`] does before it calls; no more than are evaluated
    /// in one call.
    ///
    /// # Errors
    /// When a case does not fit the plan, or memory runs out.
    pub fn place_batch(&mut self, cases: &[Case]) -> Result<PlacedBatch, RunError> {
        for (index, case) in cases.iter().enumerate() {
            check::case(self.program().plan(), case).map_err(|fault| RunError::Case(index, fault))?;
        }
        let program = self.program().clone();
        let places = place(self, &program, (cases, &vec![true; program.layout().outputs.len()]))?;
        let widths = program.layout().outputs.iter().map(|output| output.bytes);
        Ok(PlacedBatch {
            columns: places.columns,
            out: places.out,
            status: places.status,
            lows: places.lows.iter().copied().zip(widths).collect(),
            detail: places.detail,
            end: places.events.end,
            workspace: self.given(),
        })
    }
}

/// Evaluates cases that were checked, in batches, in the place of outcomes of the same program.
fn evaluate(
    instance: &mut Instance,
    cases: &[Case],
    wanted: &[bool],
    spent: Vec<Outcome>,
) -> Result<Vec<Outcome>, RunError> {
    let program = instance.program().clone();
    let mut outcomes = spent;
    outcomes.resize_with(cases.len(), || verdict_columns::none(program.plan()));
    let (mut rest, mut places) = (cases, outcomes.as_mut_slice());
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(length(rest));
        let (now, later) = places.split_at_mut(batch.len());
        one(instance, &program, (batch, wanted), now)?;
        (rest, places) = (after, later);
    }
    if !program.plan().judged.is_empty() {
        // A batch leaves the columns of its last case alone: the judgements of the others are worked out one by one.
        for (case, outcome) in cases.iter().zip(&mut outcomes) {
            outcome.judged = record::evaluate(instance, case)?.judged;
        }
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

/// Where a batch lies.
struct Places {
    columns: u32,
    out: u32,
    as_of: u32,
    not_supplied: u32,
    facts: Vec<FactPlaces>,
    bounds: Option<Bounds>,
    status: u32,
    /// Of each output, 0 where it is not wanted.
    lows: Vec<u32>,
    detail: u32,
    events: Events,
}

/// Where a fact's values and their validity lie.
struct FactPlaces {
    values: u32,
    validity: u32,
}

/// Where the bounds of facts lie, where any are known to lie between two values.
struct Bounds {
    pointers: u32,
    facts: Vec<FactBounds>,
}

/// Where a fact's least values, their validity and its greatest values lie.
struct FactBounds {
    low: FactPlaces,
    high: u32,
}

impl Bounds {
    fn place(layout: &Layout, room: &mut Room, rows: usize) -> Result<Bounds, RunError> {
        let pointers = room.take(1, COLUMNS_BOUNDS_FACT * size(layout.inputs.len())?)?;
        let mut facts = Vec::new();
        for column in &layout.inputs {
            let low =
                FactPlaces { values: room.take(rows, column.bytes)?, validity: room.take(rows.div_ceil(64), 8_u32)? };
            facts.push(FactBounds { low, high: room.take(rows, column.bytes)? });
        }
        Ok(Bounds { pointers, facts })
    }

    fn write(&self, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        for (index, (column, fact)) in layout.inputs.iter().zip(&self.facts).enumerate() {
            let pointers = self.pointers + COLUMNS_BOUNDS_FACT * size(index)?;
            for (offset, pointer) in [(0, fact.low.values), (8, fact.low.validity), (COLUMNS_BOUNDS_HIGH, fact.high)] {
                put_value(memory, pointers + offset, i64::from(pointer), 8)?;
            }
            let mut word = 0_i64;
            for (row, case) in (0_u32..).zip(cases) {
                if let Datum::Between(low, high) = datum(&case.facts, index) {
                    word |= 1 << (row % 64);
                    put_value(memory, fact.low.values + u32::from(column.bytes) * row, low, column.bytes)?;
                    put_value(memory, fact.high + u32::from(column.bytes) * row, high, column.bytes)?;
                }
                put_value(memory, fact.low.validity + 8 * (row / 64), word, 8)?;
                if row % 64 == 63 {
                    word = 0;
                }
            }
        }
        Ok(())
    }
}

impl Places {
    fn of(subject: &Subject, layout: &Layout, cases: &[Case], wanted: &[bool]) -> Result<Places, RunError> {
        let n = cases.len();
        let mut room = Room::from(layout.heap);
        let columns = room.take(1, layout.columns)?;
        let out = room.take(1, layout.columns_out)?;
        let as_of = room.take(n, 8_u32)?;
        let not_supplied = room.take(n, 8_u32)?;
        let mut facts = Vec::new();
        for column in &layout.inputs {
            let (values, validity) = (room.take(n, column.bytes)?, room.take(n.div_ceil(64), 8_u32)?);
            facts.push(FactPlaces { values, validity });
        }
        let status = room.take(n, 4_u32)?;
        let outputs = layout.outputs.iter().zip(wanted);
        let lows = outputs.map(|(output, wanted)| if *wanted { room.take(n, output.bytes) } else { Ok(0) });
        let lows = lows.collect::<Result<_, _>>()?;
        let detail = room.take(n, layout.record_out)?;
        let bounded = cases.iter().flat_map(|case| &case.facts).any(|fact| matches!(fact, Datum::Between(..)));
        let bounds = if bounded { Some(Bounds::place(layout, &mut room, n)?) } else { None };
        let events = Events::place(subject, layout, room.take(0, 8_u32)?, cases)?;
        Ok(Places { columns, out, as_of, not_supplied, facts, bounds, status, lows, detail, events })
    }

    fn write_pointers(&self, layout: &Layout, memory: &mut [u8], room: u32) -> Result<(), RunError> {
        let mut slot = |at: u32, value: u32| put_value(memory, at, i64::from(value), 8);
        slot(self.columns + COLUMNS_AS_OF_EACH, self.as_of)?;
        slot(self.columns + COLUMNS_NOT_SUPPLIED_EACH, self.not_supplied)?;
        for (column, fact) in layout.inputs.iter().zip(&self.facts) {
            slot(self.columns + column.pointer, fact.values)?;
            slot(self.columns + column.pointer + 8, fact.validity)?;
        }
        // The interface has a pointer of 0 where there are no bounds.
        slot(self.columns + layout.columns_bounds, self.bounds.as_ref().map_or(0, |bounds| bounds.pointers))?;
        slot(self.columns + layout.columns_bounds + 8, self.events.bounds_or_0())?;
        if layout.has_events {
            let start = self.columns + layout.columns_events;
            let pointers = [self.events.offsets, self.events.kinds, self.events.times];
            for (number, pointer) in (0..).zip(pointers.iter().chain(&self.events.fields)) {
                slot(start + 8 * number, *pointer)?;
            }
        }
        slot(self.out + OUT_STATUS, self.status)?;
        slot(self.out + OUT_DETAIL, self.detail)?;
        slot(self.out + OUT_DETAIL_ROOM, room)?;
        for (output, low) in layout.outputs.iter().zip(&self.lows) {
            slot(self.out + output.pointer, *low)?;
        }
        Ok(())
    }

    fn write_facts(&self, layout: &Layout, memory: &mut [u8], cases: &[Case]) -> Result<(), RunError> {
        for (index, (column, fact)) in layout.inputs.iter().zip(&self.facts).enumerate() {
            let value = |case: &Case| match datum(&case.facts, index) {
                Datum::Missing | Datum::Between(..) => None,
                Datum::None => Some(none_of(column.bytes)),
                Datum::Known(value) => Some(value),
            };
            // Where the bit of validity is not set, nobody reads the value.
            let values = cases.iter().map(|case| value(case).unwrap_or(0));
            put_values(memory, (fact.values, cases.len()), column.bytes, values)?;
            let bits = |some: &[Case]| {
                (0..).zip(some).fold(0, |bits, (row, case)| bits | i64::from(value(case).is_some()) << row)
            };
            put_values(memory, (fact.validity, cases.len().div_ceil(64)), 8, cases.chunks(64).map(bits))?;
        }
        put_values(memory, (self.as_of, cases.len()), 8, cases.iter().map(|case| case.as_of))?;
        let not_supplied = cases.iter().map(|case| case.not_supplied.cast_signed());
        put_values(memory, (self.not_supplied, cases.len()), 8, not_supplied)
    }

    /// The columns of outputs, as the module has filled them.
    fn lows<'m>(&self, layout: &Layout, memory: &'m [u8], rows: usize) -> Result<Vec<Values<'m>>, RunError> {
        let lows = layout.outputs.iter().zip(&self.lows).map(|(output, low)| {
            if *low == 0 { Some(Values::None) } else { Values::of(memory, *low, rows, output.bytes) }
        });
        lows.collect::<Option<_>>().ok_or_else(too_small)
    }
}

fn place(instance: &mut Instance, program: &Program, (cases, wanted): (&[Case], &[bool])) -> Result<Places, RunError> {
    let (subject, layout) = (&program.plan().subject, program.layout());
    let rows = size(cases.len())?;
    let places = Places::of(subject, layout, cases, wanted)?;
    instance.reserve(u64::from(places.events.end))?;
    let most = cases.iter().map(|case| case.events.len()).fold(0, usize::max);
    instance.make_workspace(most, places.events.end)?;
    let memory = instance.memory();
    places.write_pointers(layout, memory, rows)?;
    places.write_facts(layout, memory, cases)?;
    if let Some(bounds) = &places.bounds {
        bounds.write(layout, memory, cases)?;
    }
    if layout.has_events {
        places.events.write(subject, layout, memory, cases)?;
    }
    Ok(places)
}

fn one(
    instance: &mut Instance,
    program: &Program,
    (cases, wanted): (&[Case], &[bool]),
    outcomes: &mut [Outcome],
) -> Result<(), RunError> {
    let rows = size(cases.len())?;
    let places = place(instance, program, (cases, wanted))?;
    let layout = program.layout();
    if instance.call_batch(rows, places.columns, places.out)? < 0 {
        return Err(RunError::Trap(
            "no room for the records of incomplete rows, or for the events of a row".to_owned(),
        ));
    }
    let memory = instance.memory();
    let lows = places.lows(layout, memory, cases.len())?;
    let Some(Values::Four(statuses)) = Values::of(memory, places.status, cases.len(), 4) else {
        return Err(too_small());
    };
    for (output, lows) in layout.outputs.iter().zip(lows) {
        verdict_columns::complete_all(output, lows, statuses, outcomes);
    }
    let mut detail = places.detail;
    for (outcome, status) in outcomes.iter_mut().zip(statuses) {
        if *status == [0; 4] {
            outcome.broken = None;
            outcome.judged.clear();
        } else {
            verdict_columns::general(layout, memory, detail, outcome)?;
            detail += layout.record_out;
        }
    }
    Ok(())
}
