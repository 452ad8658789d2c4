//! The course of many attendances, in columns as a module reads them: the Sepsis Cases log, case by case and again from its start until
//! there are enough.

use std::fs;
use std::io;
use std::path::Path;

use concord_engine::plan::Plan;
use concord_engine::values::calendar::read_instant;
use concord_wasm::abi::{OUT_COLUMNS, OUT_STATUS};
use concord_wasm::run::{Instance, Program, RunError};

/// Activities of the log, and what each is called in the rule.
const ACTIVITIES: [(&str, &str); 16] = [
    ("ER Registration", "Registration"),
    ("ER Triage", "Triage"),
    ("ER Sepsis Triage", "SepsisTriage"),
    ("IV Antibiotics", "Antibiotics"),
    ("IV Liquid", "Fluids"),
    ("LacticAcid", "Lactate"),
    ("CRP", "CRP"),
    ("Leucocytes", "Leucocytes"),
    ("Admission NC", "Admission"),
    ("Admission IC", "Admission"),
    ("Release A", "Release"),
    ("Release B", "Release"),
    ("Release C", "Release"),
    ("Release D", "Release"),
    ("Release E", "Release"),
    ("Return ER", "Return"),
];

/// Events of cases, side by side.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Where the events of each case start, and after the last where they end.
    pub offsets: Vec<u32>,
    /// The kind of each event, by its place in the rule.
    pub kinds: Vec<u8>,
    /// When each happened, in milliseconds since 1970.
    pub times: Vec<i64>,
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Log {
    /// Reads the log as the plan names its events. Its rows stand case by case; those of a case are put in order of time, those at one time
    /// stay as they are listed.
    ///
    /// # Errors
    /// When the file cannot be read or is not the log.
    pub fn read(path: &Path, plan: &Plan) -> io::Result<Log> {
        let mut cases: Vec<(String, Vec<(i64, u8)>)> = Vec::new();
        for row in fs::read_to_string(path)?.lines().skip(1) {
            let cells: Vec<&str> = row.split(';').collect();
            let [case, activity, _, _, at, ..] = *cells.as_slice() else { return Err(wrong(row)) };
            let name = ACTIVITIES.iter().find(|(of, _)| *of == activity).ok_or_else(|| wrong(activity))?.1;
            let kind = plan.subject.events.iter().position(|kind| kind.name == name);
            let kind = kind.and_then(|kind| u8::try_from(kind).ok()).ok_or_else(|| wrong(name))?;
            let event = (read_instant(at).map_err(wrong)?, kind);
            match cases.last_mut().filter(|(last, _)| last == case) {
                Some((_, events)) => events.push(event),
                None => cases.push((case.to_owned(), vec![event])),
            }
        }
        let mut log = Log { offsets: vec![0], ..Log::default() };
        for (_, mut events) in cases {
            events.sort_by_key(|(at, _)| *at);
            log.kinds.extend(events.iter().map(|(_, kind)| *kind));
            log.times.extend(events.iter().map(|(at, _)| *at));
            log.offsets.push(u32::try_from(log.kinds.len()).map_err(|_| wrong("too many events"))?);
        }
        Ok(log)
    }

    /// How many cases there are.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// So many cases: these again and again.
    #[must_use]
    pub fn repeated(&self, cases: usize) -> Log {
        let mut log = Log { offsets: vec![0], ..Log::default() };
        let ranges = self.offsets.windows(2).filter_map(|ends| Some((*ends.first()?, *ends.last()?)));
        for (start, end) in ranges.cycle().take(cases) {
            let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
            log.kinds.extend(self.kinds.get(range.clone()).unwrap_or_default());
            log.times.extend(self.times.get(range).unwrap_or_default());
            log.offsets.push(u32::try_from(log.kinds.len()).unwrap_or(u32::MAX));
        }
        log
    }

    /// Writes the columns for others to read: whole numbers, the least byte first.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let offsets: Vec<u8> = self.offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
        let times: Vec<u8> = self.times.iter().flat_map(|at| at.to_le_bytes()).collect();
        fs::write(folder.join("offsets.u32"), offsets)?;
        fs::write(folder.join("kinds.u8"), &self.kinds)?;
        fs::write(folder.join("times.i64"), times)
    }
}

/// An instance with a log in its memory, and room for every answer to every case.
pub struct Judged {
    instance: Instance,
    rows: u32,
    columns: u32,
    out: u32,
    lows: Vec<u32>,
}

fn copy(memory: &mut [u8], at: u32, bytes: &[u8]) {
    let start = usize::try_from(at).unwrap_or(0);
    if let Some(place) = memory.get_mut(start..start + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

impl Judged {
    /// Writes the log where the module reads it.
    ///
    /// # Errors
    /// When the memory cannot grow.
    pub fn new(program: &Program, log: &Log, as_of: i64) -> Result<Judged, RunError> {
        let mut instance = program.instance()?;
        let layout = program.layout().clone();
        let count = |length: usize| u32::try_from(length).map_err(|_| RunError::Trap("too many".to_owned()));
        let (rows, events) = (count(log.cases())?, count(log.kinds.len())?);
        let mut next = layout.heap;
        let mut take = |bytes: u32| {
            let at = next.next_multiple_of(64);
            next = at + bytes;
            at
        };
        let (columns, out) = (take(layout.columns), take(layout.columns_out));
        let (offsets, kinds, times) = (take(4 * (rows + 1)), take(events), take(8 * events));
        let status = take(4 * rows);
        let lows: Vec<u32> = layout.outputs.iter().map(|output| take(rows * u32::from(output.bytes))).collect();
        let most =
            log.offsets.windows(2).filter_map(|ends| ends.last()?.checked_sub(*ends.first()?)).max().unwrap_or(0);
        let end = instance.make_workspace(usize::try_from(most).unwrap_or(usize::MAX), next)?;
        instance.reserve(u64::from(end) + 64)?;
        let memory = instance.memory();
        let words: Vec<u8> = log.offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
        copy(memory, offsets, &words);
        copy(memory, kinds, &log.kinds);
        let words: Vec<u8> = log.times.iter().flat_map(|at| at.to_le_bytes()).collect();
        copy(memory, times, &words);
        copy(memory, columns + concord_wasm::abi::COLUMNS_AS_OF, &as_of.to_le_bytes());
        for (slot, address) in (0..).zip([offsets, kinds, times]) {
            copy(memory, columns + layout.columns_events + 8 * slot, &address.to_le_bytes());
        }
        copy(memory, out + OUT_STATUS, &status.to_le_bytes());
        for (number, low) in (0..).zip(&lows) {
            copy(memory, out + OUT_COLUMNS + 8 * number, &low.to_le_bytes());
        }
        Ok(Judged { instance, rows, columns, out, lows })
    }

    /// Judges every case: how many took the general code.
    ///
    /// # Errors
    /// When the module stops.
    pub fn all(&mut self) -> Result<i32, RunError> {
        self.instance.call_batch(self.rows, self.columns, self.out)
    }

    /// In how many cases an output of one byte is 1, after [`Judged::all`].
    pub fn yes(&mut self, output: usize) -> usize {
        let start = usize::try_from(self.lows.get(output).copied().unwrap_or(0)).unwrap_or(0);
        let rows = usize::try_from(self.rows).unwrap_or(0);
        let column = self.instance.memory().get(start..start + rows);
        column.map_or(0, |column| column.iter().filter(|value| **value == 1).count())
    }
}
