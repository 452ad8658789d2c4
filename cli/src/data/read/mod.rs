//! Exports to cases: files are streamed row by row, and no row is lost in silence.
//!
//! Rows read = rows used + rows left out by name + rows rejected; the sum is checked at the end of every run. A value that
//! does not fit its declared type is rejected alone: the row is used, and the value counts as not supplied. Where a row that
//! would have made an event is rejected, the case keeps a mark that events of that kind may be missing, so that its
//! verdicts become unknown rather than wrongly missed.

mod assemble;
mod csv_rows;
mod input;
mod ndjson;
mod quotes;
mod rejects;
mod row;

use super::mapping::file::Format;
use super::mapping::script::RowScript;
use super::mapping::{Binding, MappingError, MappingFile, bind, read_mapping};
use super::names;
use crate::report::model::{Completeness, Data, DataFile};
use assemble::{Assembled, Assembler};
use concord_engine::plan::Plan;
use concord_engine::plan::case::{Case, Datum};
pub use input::sha256_of;
use rejects::Rejects;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// A mapping with everything it refers to.
pub struct Mapping {
    /// As written.
    pub file: MappingFile,
    /// Held against the plan.
    pub binding: Binding,
    /// Its script, if it has one.
    pub script: Option<RowScript>,
    /// SHA-256 of the file, and of its script after it.
    pub sha256: String,
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Rejects may show the values found; they are patient data.
    pub show_values: bool,
    /// Where refused rows and values are written; not created when there are none.
    pub rejects: Option<PathBuf>,
    /// The instant up to which events count, for every case that does not say.
    pub as_of: i64,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read, as stored.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Rows read.
    pub rows: u64,
    /// Cases begun.
    pub cases: u64,
}

/// The cases of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What the export calls each case.
    pub ids: Vec<String>,
    /// The cases, in the same order: that of their first row.
    pub cases: Vec<Case>,
    /// By place of the case, the values that a conversion of units rounded.
    pub rounded: BTreeMap<usize, Vec<Rounded>>,
    /// Where they came from and what was lost on the way.
    pub data: Data,
}

/// A value whose conversion was rounded to the declared places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// Where it stands in the case.
    pub at: RoundedAt,
    /// The neighbour on the other side of the exact value.
    pub other: i64,
}

/// Where a rounded value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundedAt {
    /// A fact, by its place in the subject's inputs.
    Fact(usize),
    /// A field of an event, by their places.
    Field {
        /// Among the events of the case, in order.
        event: usize,
        /// Among the fields of its kind.
        field: usize,
    },
}

/// Why an export cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// A file cannot be opened or read.
    File(String, String),
    /// The file's header does not have what the mapping names.
    Columns(String, Vec<String>),
    /// A quote is opened in a line, and either never closed or closed in the midst of a text in another line.
    Quotes(String, u64, Option<u64>),
    /// The mapping is wrong.
    Mapping(String, Vec<MappingError>),
    /// Our own fault: the counts do not add up.
    Unbalanced(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::File(name, why) => write!(f, "cannot read `{name}`: {why}"),
            ReadError::Columns(name, faults) => {
                write!(f, "`{name}` does not fit the mapping: {}", faults.join("; "))
            }
            ReadError::Quotes(name, opened, closed) => {
                write!(f, "`{name}`: line {opened}: a quote is opened here, and ")?;
                match closed {
                    None => f.write_str("not closed before the file ends")?,
                    Some(line) => write!(f, "text follows the quote that closes it in line {line}")?,
                }
                f.write_str("; nothing is read, as all between would be one text (where quotes are part of the texts, name a sign that never occurs as `quote` in [source])")
            }
            ReadError::Mapping(name, errors) => {
                write!(f, "the mapping `{name}` is wrong:")?;
                errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
            ReadError::Unbalanced(why) => write!(f, "a fault in Concord: {why}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Loads a mapping file and its script, and binds it to the plan.
///
/// # Errors
/// All that is wrong with it.
pub fn load_mapping(plan: &Plan, path: &Path) -> Result<Mapping, ReadError> {
    let name = path.display().to_string();
    let text = read_text(path)?;
    let wrong = |errors| ReadError::Mapping(name.clone(), errors);
    let file = read_mapping(&text).map_err(|error| wrong(vec![error]))?;
    let binding = bind(plan, &file, &text).map_err(wrong)?;
    let mut hashed = text.clone();
    let script = match &file.script {
        None => None,
        Some(spanned) => {
            let beside = path.parent().unwrap_or(Path::new("")).join(&spanned.get_ref().file);
            let script = read_text(&beside)?;
            hashed.push_str(&script);
            let compiled = RowScript::compile(&script).map_err(|message| {
                let line = Some(super::mapping::file::line_of(&text, spanned.span().start));
                let at = "script".to_owned();
                wrong(vec![MappingError { line, at, message, help: None }])
            })?;
            Some(compiled)
        }
    };
    let sha256 = sha256_of(hashed.as_bytes());
    Ok(Mapping { file, binding, script, sha256 })
}

fn read_text(path: &Path) -> Result<String, ReadError> {
    std::fs::read_to_string(path).map_err(|error| ReadError::File(path.display().to_string(), error.to_string()))
}

/// Reads the files of one export, in the order given.
///
/// # Errors
/// What makes the export unreadable as a whole; single rows and values go to the rejects instead.
pub fn read_export(
    plan: &Plan,
    mapping: &Mapping,
    files: &[PathBuf],
    options: &ReadOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Export, ReadError> {
    let sizes = files.iter().map(|file| std::fs::metadata(file).map_or(0, |data| data.len()));
    let mut reader = Reader {
        plan,
        mapping,
        options,
        assembler: Assembler::new(plan, mapping.binding.not_supplied, options.as_of),
        rejects: Rejects::new(options),
        counts: Counts::default(),
        left_out: BTreeMap::new(),
        done: Progress { total: sizes.sum(), ..Progress::default() },
        progress,
    };
    let mut read = Vec::new();
    for file in files {
        read.push(match mapping.file.source.format {
            Format::Csv => reader.csv(file)?,
            Format::Ndjson => reader.ndjson(file)?,
        });
    }
    reader.finish(read)
}

/// Rows by what became of them.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    rows: u64,
    used: u64,
    /// Rows whose case is named with blanks around it or characters that nobody sees.
    tidied: u64,
    /// Events whose text is a date without a time of day.
    no_clock: u64,
    /// Events in the hour that the clock shows twice.
    twice: u64,
}

impl Counts {
    /// What a reader of the report must know of the times.
    fn notes(&self) -> Vec<String> {
        let unknown = |count: u64, why: &str| {
            let events = if count == 1 { "event has" } else { "events have" };
            (count > 0).then(|| format!("{count} {events} {why}, and so no known time."))
        };
        let no_clock = unknown(self.no_clock, "a date without a time of day");
        let twice = unknown(self.twice, "a time in the hour that the clock shows twice in autumn");
        let tidied = (self.tidied > 0).then(|| {
            let rows = if self.tidied == 1 { "row names its case" } else { "rows name their case" };
            format!(
                "{} {rows} with blanks around the name or characters that nobody sees; these do not count.",
                self.tidied
            )
        });
        no_clock.into_iter().chain(twice).chain(tidied).collect()
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    mapping: &'a Mapping,
    options: &'a ReadOptions,
    assembler: Assembler<'a>,
    rejects: Rejects,
    counts: Counts,
    left_out: BTreeMap<String, u64>,
    done: Progress,
    progress: &'a mut dyn FnMut(Progress),
}

impl Reader<'_> {
    /// Tells the caller how far it is: `bytes` of the file at hand.
    fn tell(&mut self, bytes: u64) {
        let now = Progress {
            bytes: self.done.bytes + bytes,
            rows: self.counts.rows,
            cases: self.assembler.len(),
            ..self.done
        };
        (self.progress)(now);
    }

    fn finish(mut self, files: Vec<DataFile>) -> Result<Export, ReadError> {
        self.tell(0);
        let rejected = self.rejects.rows();
        let left_out: u64 = self.left_out.values().sum();
        let Counts { rows, used, .. } = self.counts;
        if rows != used + left_out + rejected {
            return Err(ReadError::Unbalanced(format!(
                "{rows} rows were read, and {used} used, {left_out} left out, {rejected} rejected"
            )));
        }
        let not_mapped = self.not_mapped();
        let Assembled { ids, cases, rounded, ties } = self.assembler.finish();
        let mut notes = self.mapping.binding.notes.clone();
        notes.extend(self.counts.notes());
        notes.extend(near_twins(self.plan, &ids, &cases));
        if ties > 0 {
            notes.push(format!(
                "{ties} events have the same time as the event before them; they keep the order of the file."
            ));
        }
        let rejects = self.rejects.finish()?;
        let data = Data {
            files,
            mapping: format!("{}, version {}", self.mapping.file.title, self.mapping.file.version),
            mapping_sha256: self.mapping.sha256.clone(),
            rows,
            rows_used: used,
            rows_left_out: self.left_out.into_iter().collect(),
            rows_rejected: rejected,
            values_rejected: rejects.values,
            reject_reasons: rejects.reasons,
            rejects_file: rejects.file,
            cases: count(cases.len()),
            cases_hidden: false,
            events: cases.iter().map(|case| count(case.events.len())).sum(),
            organisations: organisations(self.plan, &cases),
            completeness: completeness(self.plan, &cases, &not_mapped),
            notes,
        };
        Ok(Export { ids, cases, rounded, data })
    }

    /// Facts that no rule of the mapping fills.
    fn not_mapped(&self) -> BTreeSet<usize> {
        if self.mapping.file.source.format == Format::Ndjson {
            return BTreeSet::new();
        }
        let mapped: BTreeSet<usize> = self.mapping.binding.facts.iter().map(|fact| fact.input).collect();
        (0..self.plan.subject.inputs.len()).filter(|input| !mapped.contains(input)).collect()
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Names that differ from another only in capitals, blanks or accents: they stay apart, and the report says so.
fn near_twins(plan: &Plan, ids: &[String], cases: &[Case]) -> Vec<String> {
    let said = |count: u64, of: &str| {
        (count > 0).then(|| {
            format!("{count} {of} differ from another only in capitals, blanks or accents; they are kept apart.")
        })
    };
    let of_cases = said(names::near_twins(ids.iter().map(String::as_str)), "names of cases");
    let of_organisations = organisation_label(plan).and_then(|label| {
        let codes: BTreeSet<&str> = cases.iter().filter_map(|case| case.labels.get(label)?.as_deref()).collect();
        said(names::near_twins(codes.into_iter()), "codes of organisations")
    });
    of_cases.into_iter().chain(of_organisations).collect()
}

/// How many organisations the first label of that type names.
fn organisations(plan: &Plan, cases: &[Case]) -> u64 {
    let Some(label) = organisation_label(plan) else {
        return 0;
    };
    let codes = cases.iter().filter_map(|case| case.labels.get(label)?.as_deref());
    count(codes.collect::<BTreeSet<&str>>().len())
}

/// Place of the label that says which organisation a case belongs to: the first of that type.
#[must_use]
pub fn organisation_label(plan: &Plan) -> Option<usize> {
    use concord_engine::values::types::Type;
    plan.subject.labels.iter().position(|label| label.ty == Type::Organisation)
}

fn completeness(plan: &Plan, cases: &[Case], not_mapped: &BTreeSet<usize>) -> Vec<Completeness> {
    let line = |name: &str, kind: &str, present: u64, not_supplied: bool| Completeness {
        name: name.to_owned(),
        kind: kind.to_owned(),
        present,
        missing: count(cases.len()).saturating_sub(present),
        not_supplied,
        hidden: 0,
    };
    let facts = plan.subject.inputs.iter().enumerate().map(|(place, input)| {
        let has = |case: &&Case| case.facts.get(place).is_some_and(|datum| *datum != Datum::Missing);
        line(&input.name, "fact", count(cases.iter().filter(has).count()), not_mapped.contains(&place))
    });
    let events = plan.subject.events.iter().enumerate().map(|(kind, of)| {
        let has = |case: &&Case| case.events.iter().any(|event| event.kind == kind);
        let without =
            |case: &Case| case.not_supplied.checked_shr(u32::try_from(kind).unwrap_or(64)).unwrap_or(0) & 1 == 1;
        let present = count(cases.iter().filter(has).count());
        let absent = present == 0 && !cases.is_empty() && cases.iter().all(without);
        line(&of.name, "event", present, absent)
    });
    facts.chain(events).collect()
}
