//! Exports to cases: files are streamed row by row, and no row is lost in silence.
//!
//! Rows read = rows used + rows left out by name + rows refused; the sum is checked at the end of every run. A value that
//! does not fit its declared type is refused alone: the row is used, and the value counts as missing. Where a row that
//! would have made an event is refused, the case keeps a mark that events of that kind may be missing, so that its
//! verdicts become unknown rather than wrongly missed.

mod activities;
mod apart;
mod assemble;
mod cells;
mod closed;
mod completeness;
mod counted;
mod counts;
mod csv_rows;
mod cut;
mod differing;
mod doubts;
mod ended;
mod error;
mod export;
mod fhir;
mod files;
mod findings;
mod forms;
mod found;
mod headings;
mod hl7;
mod hl7_place;
mod hl7_results;
mod hl7_whose;
mod in_order;
mod joined;
mod json_rows;
mod keyed;
mod load;
mod long_before;
mod met;
mod midnight;
mod ndjson;
mod near;
mod near_names;
mod noted;
mod ocel;
mod ocel_json;
mod opened;
mod parquet_rows;
mod partitioned;
mod paths;
mod pieces;
mod places;
mod quick;
mod quotes;
mod records;
mod reject_parts;
mod rejects;
mod resent;
mod row;
mod row_text;
mod scratch;
mod several;
mod shared;
mod side_by_side;
mod spent;
mod spread;
mod standing;
mod summary;
mod swallowed;
mod taking;
mod told;
mod touch;
mod unhashed;
mod utf16;
mod way;
mod whole;
mod win1252;
mod xes;
mod xml;
mod zstd;

use super::mapping::LastDay;
use super::mapping::file::Format;
use crate::results::DataFile;
use activities::Activities;
use apart::Apart;
use assemble::{Assembler, PART_CASES};
use cells::Cells;
use closed::Closed;
use concord_engine::plan::Plan;
use counts::Counts;
use differing::LastSaid;
pub use error::ReadError;
pub use export::{Cases, Export, Part, ReadOptions, ReadSoFar};
pub(super) use files::{comes_once, name_of, open_text, what_it_seems};
pub use files::{sha256_of, sha256_of_file};
pub(super) use forms::Seems;
pub use in_order::{InOrder, SoFar};
pub use load::{Mapping, load_mapping};
use met::Met;
pub(super) use near::alike;
pub use near::{Otherwise, Written};
pub use noted::Noted;
pub(super) use parquet_rows::open_parquet;
pub use partitioned::{InParts, partition_export};
pub use paths::files_of;
pub use pieces::{Next, PIECE, Piece, Pieces};
use rejects::Rejects;
use shared::Shared;
pub use side_by_side::{Gathered, put_together, read_pieces};
pub use spread::{Spread, SpreadSoFar};
use std::collections::BTreeMap;
use std::path::PathBuf;
use swallowed::Swallowed;
pub use told::{Counted, Told};
pub use unhashed::Unhashed;
pub use way::{Way, account};
use whole::Assembled;
pub(super) use xes::events_of;

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
        whole.add(part);
        Some(Part::default())
    };
    let source = Source { plan, mapping, paths, options };
    let export = read(source, &mut take, progress)?;
    let came_back = || ReadError::Unbalanced("a case came back, and none was handed over".to_owned());
    let export = export.ok_or_else(came_back)?;
    let mut noted = Noted::of(source);
    noted.add(whole.all());
    let export = noted.complete(export)?;
    let Part { ids, cases, absent, .. } = whole;
    Ok(Export { ids, cases, absent, ..export })
}

/// Reads the files of one export, in the order given, and hands cases over as soon as rows of others follow; no more of them are held than
/// make a part. Whoever takes them gives back a part whose memory is used again, or none where no more are wanted. The export comes back
/// without its cases, and without what is [`Noted`] of them. `absent` are the kinds of event of which it is taken for granted that no row carries
/// them, which is known only at the end.
///
/// # Errors
/// As [`read_export`].
pub fn stream_export(
    source: Source<'_>,
    absent: u64,
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<InParts, ReadError> {
    let others = Spread::at(source.options.scratch.as_ref().map(|folder| folder.join("closed")));
    let mut reader = Reader::new(source, Some(Closed::with(others)), parts, progress);
    reader.taken_for_absent = absent;
    let Some(files) = reader.files(source.paths)? else { return Ok(InParts::Over) };
    reader.settle_resources();
    let found = reader.absent();
    if found != absent && reader.handed_over > 0 {
        return Ok(if reader.is_over() { InParts::Over } else { InParts::Absent(found) });
    }
    Ok(reader.finish(files)?.map_or(InParts::Over, |export| InParts::All(Box::new(export))))
}

/// Reads the files of one export, in whatever order its rows stand, and hands all its cases over once they are whole. The export comes back as
/// from [`stream_export`].
///
/// # Errors
/// As [`read_export`].
pub fn hold_export(
    source: Source<'_>,
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<InParts, ReadError> {
    let export = read(source, parts, progress)?;
    Ok(export.map_or(InParts::Over, |export| InParts::All(Box::new(export))))
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
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<Option<Export>, ReadError> {
    let mut reader = Reader::new(source, None, parts, progress);
    let Some(files) = reader.files(source.paths)? else { return Ok(None) };
    reader.settle_resources();
    reader.finish(files)
}

struct Reader<'a> {
    plan: &'a Plan,
    mapping: &'a Mapping,
    options: &'a ReadOptions,
    assembler: Assembler<'a>,
    rejects: Rejects,
    counts: Counts,
    left_out: BTreeMap<String, u64>,
    /// The column of the organisation within which a case is named.
    within: Option<usize>,
    /// What the mapping names, and what rows carry of it.
    activities: Activities<'a>,
    /// What rows write otherwise than they should.
    strangers: near::Strangers,
    /// Refused rows whose case was not found when they were read: what they may call it.
    pending: Vec<Vec<String>>,
    /// Refused rows whose case nobody can tell.
    unplaced: u64,
    /// Of rows whose values have keys: which columns any row had.
    had: Vec<bool>,
    /// What a form of file has to tell.
    of_form: Vec<told::Told>,
    /// Lines that a quotation mark has made the text of a field.
    swallowed: Swallowed,
    /// Of each file that rows look things up in, how many rows found nothing there.
    not_found: Vec<u64>,
    /// What cases on lines are held against, once one was read.
    validator: Option<jsonschema::Validator>,
    /// What is known of messages before they are read.
    messages: hl7::Before,
    /// Resources of FHIR, by patient.
    resources: fhir::Resources,
    /// Rows on which the script reached a limit.
    limited: u64,
    /// How many cases were handed over.
    handed_over: u64,
    cells: Cells,
    met: Met,
    /// What the row before said of each fact.
    last_said: LastSaid,
    /// The day that the time of an event was read as last.
    last_day: LastDay,
    /// Names that more than one organisation uses, and cases of which nothing is known for that reason.
    shared: Shared,
    mixed: u64,
    /// Takes cases that are whole, and gives back what is to be filled again; nothing where no more are wanted.
    parts: &'a mut dyn FnMut(Part) -> Option<Part>,
    /// No more are wanted.
    is_over: bool,
    /// Where rows are set apart, to be read by case.
    apart: Option<Apart>,
    /// Kinds of event of which it was taken for granted that no row carries them, when cases were handed over.
    taken_for_absent: u64,
    done: ReadSoFar,
    progress: &'a mut dyn FnMut(ReadSoFar),
}

impl<'a> Reader<'a> {
    fn new(
        source: Source<'a>,
        closed: Option<Closed>,
        parts: &'a mut dyn FnMut(Part) -> Option<Part>,
        progress: &'a mut dyn FnMut(ReadSoFar),
    ) -> Reader<'a> {
        let Source { plan, mapping, options, .. } = source;
        let within = mapping.binding.within;
        Reader {
            plan,
            mapping,
            options,
            assembler: Assembler::new(plan, mapping.binding.not_supplied, options.as_of, within, closed),
            rejects: Rejects::new(options),
            counts: Counts::default(),
            left_out: BTreeMap::new(),
            within: mapping.binding.within_column(),
            activities: Activities::of(&mapping.binding),
            strangers: near::Strangers::default(),
            pending: Vec::new(),
            unplaced: 0,
            had: Vec::new(),
            of_form: Vec::new(),
            swallowed: Swallowed::default(),
            not_found: Vec::new(),
            validator: None,
            messages: hl7::Before::default(),
            resources: fhir::Resources::default(),
            limited: 0,
            handed_over: 0,
            cells: Cells::new(),
            met: Met::new(),
            last_said: LastSaid::default(),
            last_day: LastDay::default(),
            shared: Shared::default(),
            mixed: 0,
            parts,
            is_over: false,
            apart: None,
            taken_for_absent: 0,
            done: ReadSoFar::default(),
            progress,
        }
    }

    /// Reads files, folders and patterns; nothing where reading on leads to nothing.
    fn files(&mut self, paths: &[PathBuf]) -> Result<Option<Vec<DataFile>>, ReadError> {
        let paths = files_of(paths)?;
        self.done.total = paths.iter().map(|path| files::size(path)).sum();
        if self.mapping.file.source.format == Format::Hl7 {
            self.before_messages(&paths)?;
        }
        if self.mapping.file.source.format == Format::Fhir && self.apart.is_some() {
            self.before_resources(&paths)?;
        }
        let mut read: Vec<DataFile> = Vec::new();
        let mut with_rows: BTreeMap<String, usize> = BTreeMap::new();
        for (number, path) in paths.iter().enumerate() {
            self.rejects.file(number);
            let before = self.counts.rows;
            if let Some(apart) = &mut self.apart {
                // Nobody names so many files.
                apart.file = u32::try_from(number).unwrap_or(u32::MAX);
            }
            let file = match self.mapping.file.source.format {
                Format::Csv => self.csv(path)?,
                Format::Ndjson => self.ndjson(path)?,
                Format::JsonLines => self.json_rows(path)?,
                Format::Xes => self.xes(path)?,
                Format::Parquet => self.parquet(path)?,
                Format::Ocel => self.ocel(path)?,
                Format::Hl7 => self.hl7(path, number)?,
                Format::Fhir => self.fhir(path, number)?,
            };
            let Some(mut file) = file else { return Ok(None) };
            file.is_bare = self.counts.rows == before;
            // Two of which each holds a header alone say that there was nothing, and nothing in them counts twice.
            if !file.is_bare
                && let Some(same) = with_rows.insert(file.sha256.clone(), number).and_then(|same| read.get(same))
            {
                return Err(ReadError::Twice(same.name.clone(), file.name));
            }
            read.push(file);
        }
        Ok(Some(read))
    }
}

impl Reader<'_> {
    /// Tells the caller how far it is: `bytes` of the current file.
    fn report_progress(&mut self, bytes: u64) {
        let now = ReadSoFar {
            bytes: self.done.bytes + bytes,
            rows: self.counts.rows,
            cases: self.handed_over + self.assembler.len(),
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
            self.hand_over(self.taken_for_absent);
        }
    }

    fn hand_over(&mut self, absent: u64) {
        let Assembled { ids, cases, order, shared, mixed } = self.assembler.finish();
        self.last_said.forget();
        self.shared.take(&shared);
        self.mixed += mixed;
        self.handed_over += cases.len() as u64;
        for part in (Part { ids, cases, order, absent }).of_cases(PART_CASES) {
            match (self.parts)(part) {
                Some(spent) => self.assembler.spent.take_back(spent),
                None => {
                    self.is_over = true;
                    return;
                }
            }
        }
    }
}
