//! Exports to cases: files are streamed row by row, and no row is lost in silence.
//!
//! Rows read = rows used + rows left out by name + rows refused; the sum is checked at the end of every run. A value that
//! does not fit its declared type is refused alone: the row is used, and the value counts as missing. Where a row that
//! would have made an event is refused, the case keeps a mark that events of that kind may be missing, so that its
//! verdicts become unknown rather than wrongly missed.

mod activities;
mod assemble;
mod closed;
mod completeness;
mod counts;
mod csv_rows;
mod doubts;
mod error;
mod export;
mod files;
mod findings;
mod forms;
mod load;
mod ndjson;
mod paths;
mod places;
mod quotes;
mod rejects;
mod row;
mod row_text;
mod several;
mod summary;
mod told;
mod touch;
mod utf16;
mod whole;
mod zstd;

use super::mapping::file::Format;
use crate::results::DataFile;
use activities::Activities;
use assemble::Assembler;
use closed::Closed;
use completeness::Held;
use concord_engine::plan::Plan;
use counts::Counts;
pub use error::ReadError;
pub use export::{Cases, Export, Part, ReadOptions, ReadSoFar, Rounded, RoundedAt};
pub use files::sha256_of;
use findings::Findings;
pub use load::{Mapping, load_mapping};
pub use paths::files_of;
use rejects::Rejects;
use std::collections::BTreeMap;
use std::path::PathBuf;
pub use told::Told;
use whole::Assembled;

/// Reads the files of one export, in the order given, and holds all its cases.
///
/// # Errors
/// What makes the export unreadable as a whole; single rows and values go to the rejects instead.
pub fn read_export(
    plan: &Plan,
    mapping: &Mapping,
    paths: &[PathBuf],
    options: &ReadOptions,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<Export, ReadError> {
    let mut whole = Part::default();
    let mut take = |part| {
        whole = part;
        Some(Part::default())
    };
    let source = Source { plan, mapping, paths, options };
    let export = read(source, None, &mut take, progress)?;
    let came_back = || ReadError::Unbalanced("a case came back, and none was handed over".to_owned());
    let export = export.ok_or_else(came_back)?;
    let Part { ids, cases, rounded, absent } = whole;
    Ok(Export { ids, cases, rounded, absent, ..export })
}

/// Reads the files of one export, in the order given, and hands cases over as soon as rows of others follow; no more of them are held than
/// make a part. Whoever takes them gives back a part whose memory is used again, or none where no more are wanted. The export comes back
/// without its cases; nothing comes back where that cannot be: a row belongs to a case that was handed over, no more are wanted, or an
/// activity is carried by no row, which is known only at the end.
///
/// # Errors
/// As [`read_export`].
pub fn stream_export(
    source: Source<'_>,
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<Option<Export>, ReadError> {
    read(source, Some(Closed::default()), parts, progress)
}

/// An export to be read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The plan of its cases.
    pub plan: &'a Plan,
    /// How it becomes cases.
    pub mapping: &'a Mapping,
    /// Its files.
    pub paths: &'a [PathBuf],
    /// How to read.
    pub options: &'a ReadOptions,
}

fn read(
    source: Source<'_>,
    closed: Option<Closed>,
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<Option<Export>, ReadError> {
    let Source { plan, mapping, paths, options } = source;
    let paths = files_of(paths)?;
    let sizes = paths.iter().map(|path| files::size(path));
    let within = mapping.binding.within;
    let mut reader = Reader {
        plan,
        mapping,
        options,
        assembler: Assembler::new(plan, mapping.binding.not_supplied, options.as_of, within, closed),
        rejects: Rejects::new(options),
        counts: Counts::default(),
        left_out: BTreeMap::new(),
        activities: Activities::of(&mapping.binding),
        pending: Vec::new(),
        unplaced: 0,
        limited: 0,
        held: Held::new(plan),
        findings: Findings::new(plan, options.as_of, within),
        shared: 0,
        mixed: 0,
        parts,
        is_over: false,
        done: ReadSoFar { total: sizes.sum(), ..ReadSoFar::default() },
        progress,
    };
    let mut read: Vec<DataFile> = Vec::new();
    for path in &paths {
        let file = match mapping.file.source.format {
            Format::Csv => reader.csv(path)?,
            Format::Ndjson => reader.ndjson(path)?,
        };
        let Some(file) = file else { return Ok(None) };
        if let Some(same) = read.iter().find(|earlier| earlier.sha256 == file.sha256 && file.bytes > 0) {
            return Err(ReadError::Twice(same.name.clone(), file.name));
        }
        read.push(file);
    }
    reader.finish(read)
}

struct Reader<'a> {
    plan: &'a Plan,
    mapping: &'a Mapping,
    options: &'a ReadOptions,
    assembler: Assembler<'a>,
    rejects: Rejects,
    counts: Counts,
    left_out: BTreeMap<String, u64>,
    /// What the mapping names, and what rows carry of it.
    activities: Activities<'a>,
    /// Refused rows whose case was not found when they were read: what they may call it.
    pending: Vec<Vec<String>>,
    /// Refused rows whose case nobody can tell.
    unplaced: u64,
    /// Rows on which the script reached a limit.
    limited: u64,
    /// What was counted of the cases that were handed over.
    held: Held<'a>,
    findings: Findings<'a>,
    /// Names that more than one organisation uses, and cases of which nothing is known for that reason.
    shared: u64,
    mixed: u64,
    /// Takes cases that are whole, and gives back what is to be filled again; nothing where no more are wanted.
    parts: &'a mut dyn FnMut(Part) -> Option<Part>,
    /// No more are wanted.
    is_over: bool,
    done: ReadSoFar,
    progress: &'a mut dyn FnMut(ReadSoFar),
}

impl Reader<'_> {
    /// Tells the caller how far it is: `bytes` of the current file.
    fn report_progress(&mut self, bytes: u64) {
        let now = ReadSoFar {
            bytes: self.done.bytes + bytes,
            rows: self.counts.rows,
            cases: self.findings.counted().0 + self.assembler.len(),
            ..self.done
        };
        (self.progress)(now);
    }

    /// Whether reading on leads to nothing: cases come back that were handed over, or no more are wanted.
    fn is_over(&self) -> bool {
        self.is_over || self.assembler.recurs()
    }

    /// Hands over what is whole before a row of this case, where it is enough for a part.
    fn hand_over_before(&mut self, id: &str) {
        if self.assembler.is_full() && !self.assembler.holds(id) {
            self.settle_pending(false);
            self.hand_over(0);
        }
    }

    fn hand_over(&mut self, absent: u64) {
        let Assembled { ids, cases, rounded, shared, mixed } = self.assembler.finish();
        self.shared += shared;
        self.mixed += mixed;
        self.held.add(&cases);
        self.findings.add((&ids, &cases));
        match (self.parts)(Part { ids, cases, rounded, absent }) {
            Some(spent) => self.assembler.spent = spent.cases,
            None => self.is_over = true,
        }
    }
}
