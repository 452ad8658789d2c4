//! Exports to cases: files are streamed row by row, and no row is lost in silence.
//!
//! Rows read = rows used + rows left out by name + rows refused; the sum is checked at the end of every run. A value that
//! does not fit its declared type is refused alone: the row is used, and the value counts as missing. Where a row that
//! would have made an event is refused, the case keeps a mark that events of that kind may be missing, so that its
//! verdicts become unknown rather than wrongly missed.

mod assemble;
mod completeness;
mod csv_rows;
mod doubts;
mod error;
mod export;
mod files;
mod findings;
mod load;
mod ndjson;
mod near;
mod places;
mod quotes;
mod rejects;
mod row;
mod row_text;
mod several;
mod told;
mod touch;

use super::mapping::Activity;
use super::mapping::file::Format;
use super::names::tidy;
use crate::results::{Data, DataFile};
use assemble::{Assembled, Assembler};
use completeness::{completeness, organisations};
use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Input, InputId, Kinds, Plan};
use concord_engine::values::types::Type;
pub use error::ReadError;
pub use export::{Export, ReadOptions, ReadSoFar, Rounded, RoundedAt};
pub use files::sha256_of;
pub use findings::after;
use findings::findings;
pub use load::{Mapping, load_mapping};
pub use near::{Otherwise, Written};
use rejects::Rejects;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
pub use told::Told;

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
        assembler: Assembler::new(plan, mapping.binding.not_supplied, options.as_of, mapping.binding.within),
        rejects: Rejects::new(options),
        counts: Counts::default(),
        left_out: BTreeMap::new(),
        carried: BTreeSet::new(),
        strangers: near::Strangers::default(),
        pending: Vec::new(),
        unplaced: 0,
        limited: 0,
        done: ReadSoFar { total: sizes.sum(), ..ReadSoFar::default() },
        progress,
    };
    let mut read: Vec<DataFile> = Vec::new();
    for path in paths {
        let file = match mapping.file.source.format {
            Format::Csv => reader.csv(path)?,
            Format::Ndjson => reader.ndjson(path)?,
        };
        if let Some(same) = read.iter().find(|earlier| earlier.sha256 == file.sha256 && file.bytes > 0) {
            return Err(ReadError::Twice(same.name.clone(), file.name));
        }
        read.push(file);
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
    /// Rows whose organisation has blanks around its code.
    tidied_codes: u64,
    /// Refused rows that may have been any event of their case.
    may_be_any: u64,
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
    fn told(&self) -> Vec<Told> {
        let (events, values) = (("event has", "events have"), ("value is", "values are"));
        let twice = "a time in the hour that the clock shows twice in autumn, and so any time from its first pass to its second";
        let between = "an instant known to the day, or in the hour that comes twice, and used as a range";
        let fields = "several codes in one field, and make {}";
        let several = Told::counted(self.several, ("row holds", "rows hold"), fields);
        let around_names = "with blanks around the name or characters that nobody sees; these do not count";
        let around_codes = "with blanks around the code; these do not count";
        let any = "not say what happened in a way that the mapping knows, and so may have been any event: what it could change is unknown";
        let all = [
            Told::counted(self.no_clock, events, "a date without a time of day, and so any time of that day"),
            Told::counted(self.no_day, events, "a time without the day, and so no known time"),
            Told::counted(self.twice, events, twice),
            Told::counted(self.around, events, "a time known only as a range"),
            Told::counted(self.between, values, between),
            Told::counted(self.beyond, values, "known only as a range, such as `<0.5`, and used so"),
            several.map(|told| Told { also: Some((self.of_several, "event", "events")), ..told }),
            Told::counted(
                self.repeated,
                ("code stands", "codes stand"),
                "again in the same field, without a further event",
            ),
            Told::counted(self.tidied, ("row names its case", "rows name their case"), around_names),
            Told::counted(
                self.tidied_codes,
                ("row names its organisation", "rows name their organisation"),
                around_codes,
            ),
            Told::counted(self.may_be_any, ("row does", "rows do"), any).map(Told::weighing),
        ];
        all.into_iter().flatten().collect()
    }
}

/// What refused rows of no known case may be.
const UNPLACED: &str =
    "not say of which case: what they would change is not known, and any verdict of missed may be one of them";
/// Why nothing is known of cases that share a name.
const MIXED: &str =
    "with one of another organisation, and rows without an organisation may belong to either: nothing of them is known";

struct Reader<'a> {
    plan: &'a Plan,
    mapping: &'a Mapping,
    options: &'a ReadOptions,
    assembler: Assembler<'a>,
    rejects: Rejects,
    counts: Counts,
    left_out: BTreeMap<String, u64>,
    /// Activities that rows carry and the mapping names.
    carried: BTreeSet<String>,
    /// What rows write otherwise than they should.
    strangers: near::Strangers,
    /// Refused rows whose case was not found when they were read: what they may call it.
    pending: Vec<Vec<String>>,
    /// Refused rows whose case nobody can tell.
    unplaced: u64,
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
        self.settle_pending();
        let absent = self.absent();
        let mut told = self.not_carried();
        told.extend(self.counts.told());
        let unplaced = Told::counted(self.unplaced, ("refused row does", "refused rows do"), UNPLACED);
        told.extend(unplaced.map(Told::weighing));
        let within = self.mapping.binding.within;
        let Assembled { ids, cases, rounded, ties, shared, mixed } = self.assembler.finish();
        let names = ("name of a case is", "names of cases are");
        told.extend(Told::counted(shared, names, "used by more than one organisation; each means another case"));
        let nothing = ("case shares its name", "cases share their name");
        told.extend(Told::counted(mixed, nothing, MIXED).map(Told::weighing));
        told.extend(findings(self.plan, &ids, &cases, self.options.as_of, within));
        told.extend(Told::counted(
            ties,
            ("event has", "events have"),
            "the same time as the event before them; they keep the order of the file",
        ));
        let mut notes = self.mapping.binding.notes.clone();
        notes.extend(told.iter().map(Told::exactly));
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
            events: cases.iter().map(|case| case.events.len() as u64).sum(),
            organisations: organisations(self.plan, &cases).len() as u64,
            completeness: completeness(self.plan, &cases, &not_mapped),
            notes,
            warnings: Vec::new(),
            hidden: 0,
        };
        let known = self.mapping.binding.activities.keys().map(String::as_str);
        let otherwise = self.strangers.told(known);
        Ok(Export { ids, cases, rounded, absent, otherwise, told, data })
    }

    /// Names of activities that the mapping knows and no row carries: one that is written otherwise would be missed by everybody.
    fn not_carried(&self) -> Vec<Told> {
        let named = self.mapping.file.events.map.iter();
        let named = named.filter(|(_, activity)| activity.get_ref().event.is_some());
        let missing: Vec<String> = named
            .map(|(name, _)| tidy(name).into_owned())
            .filter(|name| !self.carried.contains(name))
            .map(|name| format!("`{name}`"))
            .collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let text = format!("{}, which [events.map] names, {verb} carried by no row.", missing.join(", "));
        if missing.is_empty() { Vec::new() } else { vec![Told::once(text).weighing()] }
    }

    /// The kinds of event that only such names make.
    fn absent(&self) -> u64 {
        let binding = &self.mapping.binding;
        let made = |carried: bool| {
            let named = binding.activities.iter().filter(|(name, _)| self.carried.contains(*name) == carried);
            named.fold(0, |mask, (_, activity)| match activity {
                Activity::Event(kind, _) => mask | Kinds::one(*kind).0,
                _ => mask,
            })
        };
        let in_columns = binding.column_events.iter().fold(0, |mask, event| mask | Kinds::one(event.kind).0);
        // What a code of the rule may be is never in all exports.
        if self.mapping.file.events.by_code.is_some() { 0 } else { made(false) & !made(true) & !in_columns }
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
