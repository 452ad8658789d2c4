//! Event logs in OCEL 2.0 (JSON): an event is about several objects, and those of one type are the cases. Each event is a row for each case that it is about.
//! Its attributes are columns by their names, and `ocel:id`, `ocel:type` and `ocel:time`; those of the object have `case:` before them, as
//! they were at the time of the event.
//!
//! The file is gone through twice, as objects may stand after the events that name them; only cases and their attributes are held.

use super::Reader;
use super::error::ReadError;
use super::files::{comes_once, failed, name_of, stopped};
use super::keyed::Keyed;
use super::ocel_json::{Event, Object, Part, walk};
use super::rejects::Fault;
use super::row_text::RowAt;
use super::told::Told;
use crate::data::mapping::time::read_instant;
use crate::results::DataFile;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is known of a case before its events are read.
#[derive(Default)]
struct Known {
    /// By column of the mapping: values, each from an instant on.
    values: Vec<(usize, i64, String)>,
    has_event: bool,
    /// It is of several organisations, and the mapping does not say which one counts.
    moves: bool,
}

/// What the walk says, or what stopped it.
fn fault(path: &Path, error: &serde_json::Error) -> ReadError {
    if let Some(kind) = error.io_error_kind() {
        return stopped(path, &std::io::Error::new(kind, error.to_string()));
    }
    // Nothing of the text is repeated.
    let (line, column) = (error.line(), error.column());
    let what = if error.is_eof() {
        "the file ends in the midst of the log"
    } else {
        "this is no event log in OCEL 2.0 (JSON)"
    };
    let why = format!("line {line}, column {column}: {what}");
    ReadError::Damaged(path.display().to_string(), why)
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn ocel(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        if comes_once(path) {
            return Err(failed(
                path,
                &"a log of objects is gone through twice, and cannot come through a pipe: write it to a file first",
            ));
        }
        let mut cases = self.objects(path)?;
        let mut row = Keyed::of(self.mapping.binding.columns.len());
        row.has_all();
        let mut line = 0;
        let mut file = self.begun(path)?;
        let walked = walk(&mut file, &mut |part| {
            if let Part::Event(event) = part {
                line += 1;
                self.ocel_event(RowAt { file: &name, line }, &event, (&mut cases, &mut row));
            }
            !self.is_over()
        });
        if self.is_over() {
            return Ok(None);
        }
        walked.map_err(|error| fault(path, &error))?;
        self.note_columns(&row);
        let without = cases.values().filter(|known| !known.has_event).count() as u64;
        let nouns = ("object of the type has", "objects of the type have");
        self.of_form.extend(Told::counted(without, nouns, "no event, and make no case").map(Told::weighing));
        let moved = cases.values().filter(|known| known.has_event && known.moves).count() as u64;
        let nouns = ("object changes its organisation,", "objects change their organisation,");
        let text = "and which one counts the mapping does not say (`take`): they stand under none";
        self.of_form.extend(Told::counted(moved, nouns, text).map(Told::weighing));
        let file = file.into_inner().finish(path, 0)?;
        self.done.bytes += file.bytes;
        Ok(Some(DataFile { lines: None, ..file }))
    }

    /// The objects that are cases.
    fn objects(&self, path: &Path) -> Result<BTreeMap<String, Known>, ReadError> {
        let wanted = self.mapping.file.source.objects.clone();
        let (mut cases, mut types): (BTreeMap<String, Known>, BTreeSet<String>) = Default::default();
        let mut twice = false;
        let walked = walk(&mut self.begun(path)?, &mut |part| {
            if let Part::Object(object) = part {
                if Some(&object.kind) == wanted.as_ref() {
                    let known = self.known(&object);
                    twice |= cases.insert(object.id, known).is_some();
                } else if types.len() < 20 {
                    types.insert(object.kind);
                }
            }
            true
        });
        walked.map_err(|error| fault(path, &error))?;
        let name = path.display().to_string();
        if twice {
            let why = "two objects have the same name: whose events are whose cannot be told";
            return Err(ReadError::Damaged(name, why.to_owned()));
        }
        if cases.is_empty() {
            let types: Vec<String> = types.iter().map(|name| format!("`{name}`")).collect();
            let why = format!("no object is of the type in [source] `objects`; there are {}", types.join(", "));
            return Err(ReadError::Columns(name, vec![why]));
        }
        Ok(cases)
    }

    fn known(&self, object: &Object) -> Known {
        let columns = &self.mapping.binding.columns;
        let place = |name: &str| columns.iter().position(|column| column.strip_prefix("case:") == Some(name));
        let mut known = Known::default();
        known.values.extend(place("ocel:id").map(|column| (column, i64::MIN, object.id.clone())));
        for attribute in &object.attributes {
            let Some(column) = place(&attribute.name) else { continue };
            // One without a time is so from the start.
            let from = attribute.time.as_deref().and_then(|time| read_instant(time).ok()).unwrap_or(i64::MIN);
            known.values.push((column, from, attribute.value.text()));
        }
        known.values.sort_by_key(|(column, from, _)| (*column, *from));
        if let Some(organisation) = self.within {
            let own = known.values.iter().filter(|(column, _, text)| *column == organisation && !text.is_empty());
            known.moves = own.map(|(.., text)| text).collect::<BTreeSet<_>>().len() > 1;
            // An object is one case, wherever it is: no organisation of several is its own.
            known.values.retain(|(column, ..)| *column != organisation || !known.moves);
        }
        known
    }

    fn ocel_event(&mut self, at: RowAt<'_>, event: &Event, (cases, row): (&mut BTreeMap<String, Known>, &mut Keyed)) {
        let mapping = self.mapping;
        let relation = mapping.file.source.relation.as_ref();
        let related = event.relationships.iter().filter(|of| relation.is_none_or(|name| *name == of.qualifier));
        let about: BTreeSet<&String> = related.map(|of| &of.object).filter(|id| cases.contains_key(*id)).collect();
        if about.is_empty() {
            self.counts.rows += 1;
            self.assembler.number += 1;
            let kind = mapping.file.source.objects.clone().unwrap_or_default(); // the mapping has it, as was seen to
            *self.left_out.entry(format!("about no {kind}")).or_default() += 1;
            return;
        }
        // An instant that cannot be read is before all: the mapping refuses the row.
        let now = read_instant(&event.time).unwrap_or(i64::MIN);
        for id in about {
            let Some(known) = cases.get_mut(id) else { continue };
            known.has_event = true;
            row.clear();
            for (column, _, value) in known.values.iter().filter(|(_, from, _)| *from <= now) {
                row.set(*column, value);
            }
            let mut twice = None;
            for (place, column) in mapping.binding.columns.iter().enumerate() {
                match column.as_str() {
                    "ocel:id" => row.set(place, &event.id),
                    "ocel:type" => row.set(place, &event.kind),
                    "ocel:time" => row.set(place, &event.time),
                    name => {
                        let mut own = event.attributes.iter().filter(|attribute| attribute.name == name);
                        own.next().into_iter().for_each(|attribute| row.set(place, &attribute.value.text()));
                        twice = twice.or(own.next().map(|_| name));
                    }
                }
            }
            let refused = twice.map(|name| Fault {
                column: name.to_owned(),
                reason: "the event has the attribute twice".to_owned(),
                found: String::new(),
            });
            self.keyed_row(at, row, refused);
        }
        if at.line.is_multiple_of(1_024) {
            self.report_progress(0);
        }
    }
}
