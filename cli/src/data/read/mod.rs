//! Exports to cases: files are streamed row by row, and no row is lost in silence.
//!
//! Rows read = rows used + rows left out by name + rows refused; the sum is checked at the end of every run. A value that
//! does not fit its declared type is refused alone: the row is used, and the value counts as missing. Where a row that
//! would have made an event is refused, the case keeps a mark that events of that kind may be missing, so that its
//! verdicts become unknown rather than wrongly missed.

mod assemble;
mod completeness;
mod csv_rows;
mod error;
mod export;
mod files;
mod load;
mod ndjson;
mod quotes;
mod rejects;
mod row;
mod row_text;
mod several;

use super::mapping::Activity;
use super::mapping::file::Format;
use super::names::near_twins;
use crate::results::{Data, DataFile};
use assemble::{Assembled, Assembler};
use completeness::{completeness, organisations};
use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Input, InputId, Plan};
use concord_engine::values::types::Type;
pub use error::ReadError;
pub use export::{Export, ReadOptions, ReadSoFar, Rounded, RoundedAt};
pub use files::sha256_of;
pub use load::{Mapping, load_mapping};
use rejects::Rejects;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Reads the files of one export, in the order given.
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
    let sizes = paths.iter().map(|path| files::size(path));
    let mut reader = Reader {
        plan,
        mapping,
        options,
        assembler: Assembler::new(plan, mapping.binding.not_supplied, options.as_of),
        rejects: Rejects::new(options),
        counts: Counts::default(),
        left_out: BTreeMap::new(),
        limited: 0,
        done: ReadSoFar { total: sizes.sum(), ..ReadSoFar::default() },
        progress,
    };
    let mut read = Vec::new();
    for path in paths {
        read.push(match mapping.file.source.format {
            Format::Csv => reader.csv(path)?,
            Format::Ndjson => reader.ndjson(path)?,
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
    /// Events whose text does not even say the day.
    no_day: u64,
    /// Events in the hour that the clock shows twice.
    twice: u64,
    /// Values that are instants, and known only to the day or to the hour that comes twice.
    between: u64,
    /// Other values known only as a range, such as a result beyond what can be measured.
    beyond: u64,
    /// Fields that hold several codes, and the events that they make.
    several: u64,
    of_several: u64,
    /// Codes that stand twice in one field.
    repeated: u64,
    /// Events of which a record says between which instants they happened.
    around: u64,
}

impl Counts {
    /// Counts a value that is known only as a range.
    fn value(&mut self, input: &Input, datum: Datum) {
        if matches!(datum, Datum::Between(..)) {
            *if input.ty == Type::Instant { &mut self.between } else { &mut self.beyond } += 1;
        }
    }

    /// Counts what a whole case gives as ranges.
    fn ranges(&mut self, plan: &Plan, case: &Case) {
        plan.subject.inputs.iter().zip(&case.facts).for_each(|(input, datum)| self.value(input, *datum));
        for event in &case.events {
            self.around += u64::from(matches!(event.at, When::Between(..)));
            let fields = plan.subject.events.get(event.kind).into_iter().flat_map(|kind| &kind.fields);
            fields.zip(&event.fields).for_each(|(input, datum)| self.value(input, *datum));
        }
    }

    /// What a reader of the report must know of times and values.
    fn notes(&self) -> Vec<String> {
        let said = |count: u64, (one, many): (&str, &str), what: &str| {
            (count > 0).then(|| format!("{count} {} {what}.", if count == 1 { one } else { many }))
        };
        let (events, values) = (("event has", "events have"), ("value is", "values are"));
        let no_clock = said(self.no_clock, events, "a date without a time of day, and so any time of that day");
        let no_day = said(self.no_day, events, "a time without the day, and so no known time");
        let twice = "a time in the hour that the clock shows twice in autumn, and so any time from its first pass to its second";
        let twice = said(self.twice, events, twice);
        let between = said(
            self.between,
            values,
            "an instant known to the day, or in the hour that comes twice, and used as a range",
        );
        let beyond = said(self.beyond, values, "known only as a range, such as `<0.5`, and used so");
        let around = said(self.around, events, "a time known only as a range");
        let several = (self.several > 0).then(|| {
            let rows = if self.several == 1 { "row holds" } else { "rows hold" };
            format!("{} {rows} several codes in one field, and make {} events.", self.several, self.of_several)
        });
        let repeated =
            said(self.repeated, ("code stands", "codes stand"), "again in the same field, without a further event");
        let tidied = (self.tidied > 0).then(|| {
            let rows = if self.tidied == 1 { "row names its case" } else { "rows name their case" };
            format!(
                "{} {rows} with blanks around the name or characters that nobody sees; these do not count.",
                self.tidied
            )
        });
        [no_clock, no_day, twice, around, between, beyond, several, repeated, tidied].into_iter().flatten().collect()
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
    /// Rows on which the script reached a limit.
    limited: u64,
    done: ReadSoFar,
    progress: &'a mut dyn FnMut(ReadSoFar),
}

impl Reader<'_> {
    /// Tells the caller how far it is: `bytes` of the current file.
    fn report_progress(&mut self, bytes: u64) {
        let now = ReadSoFar {
            bytes: self.done.bytes + bytes,
            rows: self.counts.rows,
            cases: self.assembler.len(),
            ..self.done
        };
        (self.progress)(now);
    }

    fn finish(mut self, files: Vec<DataFile>) -> Result<Export, ReadError> {
        self.report_progress(0);
        let refused = self.rejects.rows();
        let left_out: u64 = self.left_out.values().sum();
        let Counts { rows, used, .. } = self.counts;
        if rows != used + left_out + refused {
            return Err(ReadError::Unbalanced(format!(
                "{rows} rows were read, and {used} used, {left_out} left out, {refused} refused"
            )));
        }
        let not_mapped = self.not_mapped();
        let Assembled { ids, cases, rounded, ties } = self.assembler.finish();
        let mut notes = self.mapping.binding.notes.clone();
        notes.extend(self.counts.notes());
        notes.extend(twins(self.plan, &ids, &cases));
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
            rows_rejected: refused,
            values_rejected: rejects.values,
            reject_reasons: rejects.reasons,
            rejects_file: rejects.file,
            cases: cases.len() as u64,
            cases_hidden: false,
            events: cases.iter().map(|case| case.events.len() as u64).sum(),
            organisations: organisations(self.plan, &cases).len() as u64,
            completeness: completeness(self.plan, &cases, &not_mapped),
            notes,
        };
        Ok(Export { ids, cases, rounded, data })
    }

    /// Facts that no rule of the mapping fills.
    fn not_mapped(&self) -> BTreeSet<InputId> {
        if self.mapping.file.source.format == Format::Ndjson {
            return BTreeSet::new();
        }
        let binding = &self.mapping.binding;
        let by_code = binding.activities.values().filter_map(|activity| match activity {
            Activity::Fact(rule) => Some(rule.input),
            _ => None,
        });
        let mapped: BTreeSet<InputId> = binding.facts.iter().map(|fact| fact.input).chain(by_code).collect();
        self.plan.subject.inputs.placed().map(|(input, _)| input).filter(|input| !mapped.contains(input)).collect()
    }
}

/// Names that differ from another only in capitals, blanks or accents: they stay apart, and the report says so.
fn twins(plan: &Plan, ids: &[String], cases: &[Case]) -> Vec<String> {
    let said = |count: u64, of: &str| {
        (count > 0).then(|| {
            format!("{count} {of} differ from another only in capitals, blanks or accents; they are kept apart.")
        })
    };
    let of_cases = said(near_twins(ids.iter().map(String::as_str)), "names of cases");
    let of_organisations = said(near_twins(organisations(plan, cases).into_iter()), "codes of organisations");
    of_cases.into_iter().chain(of_organisations).collect()
}
