//! A batch: its layout, from the address that the module gives; what goes in, and what came out.

use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT, read_instant};
use serde_json::Value;

use super::Columns;
use super::cells::{Cell, Cells};
use super::placing::{Fact, Placing};
use super::values::{read, show, shows, stands};
use crate::ask::Asking;
use crate::info::Type;

/// About how many bytes a batch may take, and how many rows it has at most.
const ROOM: usize = 1 << 20;
const MOST_ROWS: usize = 4096;

/// A column that goes in.
struct Given<'a> {
    entries: &'a [Value],
    /// Its place among the facts, and the fact; none of the instants to judge at.
    fact: Option<(usize, &'a Fact)>,
    of: Type,
    range: (i64, i64),
    bytes: usize,
    /// Where its values stand, and which of them are there.
    values: usize,
    there: usize,
}

/// Something that is wanted: its output, how that is read, and where its column stands.
struct Wanted {
    output: usize,
    of: Type,
    low: usize,
    bytes: usize,
    part: bool,
}

/// A batch.
pub(super) struct Block<'a> {
    placing: &'a Placing,
    given: Vec<Given<'a>>,
    wanted: Vec<Wanted>,
    as_of: i64,
    /// How many rows it has at most, and how many bytes.
    pub(super) rows: usize,
    pub(super) bytes: usize,
    /// Where the block of outputs stands; that of columns stands at the beginning.
    pub(super) out: usize,
    status: usize,
    none: usize,
    records: usize,
}

/// Sets so many bytes aside, from a multiple of 8 on.
fn aside(end: &mut usize, bytes: usize) -> usize {
    let at = *end;
    *end += bytes.next_multiple_of(8);
    at
}

impl<'a> Block<'a> {
    /// None where something goes in, or is wanted, that batches here do not have.
    pub(super) fn of(placing: &'a Placing, columns: &'a Columns, cells: &Cells, asking: &Asking) -> Option<Block<'a>> {
        let as_of = asking.as_of.as_ref().map(|text| read_instant(text).ok().filter(|at| *at < LAST_INSTANT));
        if as_of == Some(None) || (as_of.is_some() && columns.contains_key("as_of")) {
            return None;
        }
        let mut given: Vec<Given<'a>> = Vec::new();
        for (name, entries) in columns {
            given.push(Given::of(placing, name, entries)?);
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        for of in &cells.wanted {
            let answer = placing.answers.iter().find(|answer| answer.name == of.answer)?;
            let part = of.part.map(|(name, _)| name);
            let (output, ty) = answer.output(part, &placing.verdicts)?;
            let bytes = placing.outputs.get(output)?.bytes;
            wanted.push(Wanted { output, of: ty, low: 0, bytes, part: part.is_some() });
        }
        if wanted.is_empty() || !wanted.iter().all(|wanted| shows(&wanted.of)) {
            return None;
        }
        let mut block = Block {
            placing,
            given,
            wanted,
            as_of: as_of.flatten().unwrap_or(0),
            rows: 0,
            bytes: 0,
            out: 0,
            status: 0,
            none: 0,
            records: 0,
        };
        block.place();
        Some(block)
    }

    /// Lays everything out.
    fn place(&mut self) {
        let Placing { columns, columns_out, record_out, .. } = self.placing;
        let given: usize = self.given.iter().map(|of| of.bytes + 1).sum();
        let wanted: usize = self.wanted.iter().map(|of| of.bytes).sum();
        self.rows = (ROOM / (given + wanted + 8 + record_out)).clamp(8, MOST_ROWS) & !7;
        let rows = self.rows;
        let mut end = 0;
        aside(&mut end, *columns);
        self.out = aside(&mut end, *columns_out);
        for of in &mut self.given {
            of.values = aside(&mut end, rows * of.bytes);
            of.there = aside(&mut end, rows / 8);
        }
        for of in &mut self.wanted {
            of.low = aside(&mut end, rows * of.bytes);
        }
        self.status = aside(&mut end, 4 * rows);
        self.none = aside(&mut end, 4 * (rows + 1));
        self.records = aside(&mut end, record_out * rows);
        self.bytes = end;
    }

    /// Writes the rows from `start`, where the block begins at `base`; those that no column can hold.
    pub(super) fn fill(&self, memory: &mut [u8], base: usize, start: usize, count: usize) -> Vec<usize> {
        memory.fill(0);
        let pointer = |at: usize| i64::try_from(base + at).unwrap_or(0);
        put(memory, 0, self.as_of, 8);
        put(memory, self.out, pointer(self.status), 8);
        put(memory, self.out + 8, pointer(self.records), 8);
        put(memory, self.out + 16, i64::try_from(self.rows).unwrap_or(0), 8);
        for of in &self.wanted {
            put(memory, self.out + 24 + 8 * of.output, pointer(of.low), 8);
        }
        if !self.placing.events.is_empty() {
            put(memory, 16, (1 << self.placing.events.len()) - 1, 8);
            for part in 0..3 + self.placing.event_field_bytes.len() {
                put(memory, self.placing.columns_events + 8 * part, pointer(self.none), 8);
            }
        }
        let mut left = vec![false; count];
        for of in &self.given {
            of.point(memory, &pointer);
            of.write(memory, start, &mut left);
        }
        (start..).zip(left).filter_map(|(row, left)| left.then_some(row)).collect()
    }

    /// What came out for the rows from `start`, of which so many left a record.
    pub(super) fn take(&self, memory: &[u8], start: usize, count: usize, records: usize, cells: &mut Cells) {
        for (place, of) in self.wanted.iter().enumerate() {
            let none = i64::MIN >> (64 - 8 * of.bytes);
            for row in 0..count {
                if get(memory, self.status + 4 * row, 4) == 0 {
                    let value = get(memory, of.low + row * of.bytes, of.bytes);
                    let cell = if value == none { Cell::without("none") } else { of.known(value) };
                    cells.put(place, start + row, cell);
                }
            }
            for number in 0..records {
                let at = self.records + number * self.placing.record_out;
                let slot = |part: usize| get(memory, at + 8 + 8 * (part * self.placing.outputs.len() + of.output), 8);
                let row = usize::try_from(get(memory, at + 4, 4)).unwrap_or(usize::MAX);
                let cell = match get(memory, at, 4) & 2 {
                    0 => of.possible(slot(0), slot(1), slot(2)),
                    _ => Cell::without("broken"),
                };
                cells.put(place, start.saturating_add(row), cell);
            }
        }
    }
}

impl<'a> Given<'a> {
    fn of(placing: &'a Placing, name: &str, entries: &'a [Value]) -> Option<Given<'a>> {
        let column = |fact, of: Type, range, bytes| Given { entries, fact, of, range, bytes, values: 0, there: 0 };
        if name == "as_of" {
            let of = Type { kind: "instant".to_owned(), places: None, unit: None, variants: None };
            return Some(column(None, of, (FIRST_INSTANT, LAST_INSTANT - 1), 8));
        }
        let (place, fact) = placing.facts.iter().enumerate().find(|(_, fact)| fact.name == name)?;
        stands(&fact.of).then_some(())?;
        let (low, high) = fact.range()?;
        // With the last instant of a module's range begins the year 2200, which a case does not reach.
        let high = if fact.of.kind == "instant" { high.min(LAST_INSTANT - 1) } else { high };
        Some(column(Some((place, fact)), fact.of.clone(), (low, high), fact.bytes))
    }

    /// Says where it stands.
    fn point(&self, memory: &mut [u8], pointer: &impl Fn(usize) -> i64) {
        match self.fact {
            None => put(memory, 8, pointer(self.values), 8),
            Some((place, _)) => {
                put(memory, 32 + 16 * place, pointer(self.values), 8);
                put(memory, 40 + 16 * place, pointer(self.there), 8);
            }
        }
    }

    /// Writes the entries of these rows, and notes the rows in which one cannot stand.
    fn write(&self, memory: &mut [u8], start: usize, left: &mut [bool]) {
        let entries = self.entries.get(start..).unwrap_or_default();
        for (row, (entry, left)) in entries.iter().zip(left).enumerate() {
            if entry.is_null() {
                *left |= self.fact.is_none(); // the module says that it is missing
                continue;
            }
            match read(&self.of, entry).filter(|value| (self.range.0..=self.range.1).contains(value)) {
                None => *left = true,
                Some(value) => {
                    put(memory, self.values + row * self.bytes, value, self.bytes);
                    if let Some(bits) = memory.get_mut(self.there + row / 8) {
                        *bits |= 1 << (row % 8);
                    }
                }
            }
        }
    }
}

impl Wanted {
    fn known(&self, value: i64) -> Cell {
        Cell::value(show(&self.of, value).unwrap_or_default())
    }

    /// What a record says is possible.
    fn possible(&self, low: i64, high: i64, presence: i64) -> Cell {
        let set = self.of.kind == "enum";
        let one = if set { high & (high - 1) == 0 } else { low == high };
        match presence {
            2 => Cell::without("none"),
            1 if one => self.known(low),
            _ if self.part || set || presence & 1 == 0 => Cell::without("unknown"),
            _ => {
                let ends = show(&self.of, low).zip(show(&self.of, high));
                Cell { ends, ..Cell::without("unknown") }
            }
        }
    }
}

fn put(memory: &mut [u8], at: usize, value: i64, bytes: usize) {
    if let (Some(to), Some(value)) = (memory.get_mut(at..at + bytes), value.to_le_bytes().get(..bytes)) {
        to.copy_from_slice(value);
    }
}

fn get(memory: &[u8], at: usize, bytes: usize) -> i64 {
    let mut value = [0; 8];
    if let (Some(from), Some(to)) = (memory.get(at..at + bytes), value.get_mut(..bytes)) {
        to.copy_from_slice(from);
    }
    let unused = 64 - 8 * bytes;
    i64::from_le_bytes(value) << unused >> unused
}
