//! Event logs in XES (IEEE 1849): each event is a row. Its attributes are columns by their keys, those of its trace with `case:` before
//! them, as process mining tools write them: `case:concept:name`, `concept:name`, `time:timestamp`.

use super::Reader;
use super::error::ReadError;
use super::files::{ExportFile, broken, name_of, stopped};
use super::keyed::Keyed;
use super::row_text::RowAt;
use super::told::Told;
use super::xml::{Tag, Tags};
use crate::data::mapping::file::Encoding;
use crate::results::DataFile;
use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::Path;

/// What is known of a trace until it ends: its attributes may stand after its events.
#[derive(Default)]
struct Trace {
    attributes: Vec<(String, String)>,
    /// Each with its line.
    events: Vec<(u64, Vec<(String, String)>)>,
}

/// Where an activity stands, by the extension of the standard that says so.
const STATE: &str = "lifecycle:transition";
/// What it says there of an activity that has not come to its end; other words are not repeated.
const BEFORE_THE_END: [&str; 11] = [
    "schedule",
    "assign",
    "reassign",
    "start",
    "suspend",
    "resume",
    "withdraw",
    "manualskip",
    "autoskip",
    "ate_abort",
    "pi_abort",
];

/// Events that say something else than that an activity is complete, where the mapping asks for none of it.
struct States {
    asked: bool,
    others: u64,
    named: BTreeSet<&'static str>,
}

impl States {
    fn of(reader: &Reader<'_>) -> States {
        let asked = !reader.mapping.binding.columns.iter().any(|column| column == STATE);
        States { asked, others: 0, named: BTreeSet::new() }
    }

    fn add(&mut self, trace: &Trace) {
        let all = trace.events.iter().filter(|_| self.asked).flat_map(|(_, own)| own);
        for (_, value) in all.filter(|(key, value)| key == STATE && !value.eq_ignore_ascii_case("complete")) {
            self.others += 1;
            self.named.extend(BEFORE_THE_END.iter().find(|word| value.eq_ignore_ascii_case(word)));
        }
    }

    fn told(&self) -> Option<Told> {
        let named: Vec<&str> = self.named.iter().copied().collect();
        let named = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
        let text = format!(
            "another `{STATE}` than `complete`{named}, and each counts as if it had been done: say in the mapping which count, \
            such as `only = {{ \"{STATE}\" = [\"complete\"] }}` in [events]"
        );
        Told::counted(self.others, ("event of the log has", "events of the log have"), &text).map(Told::weighing)
    }
}

/// What a log is made of.
enum Piece {
    Trace(Trace),
    /// An event of no trace.
    Beside,
}

/// Goes through a log, piece by piece, each with the bytes read so far, until no more is wanted; whether all of it was gone through.
fn walk(tags: &mut Tags, path: &Path, see: &mut dyn FnMut(Piece, u64) -> bool) -> Result<bool, ReadError> {
    let mut open: Vec<String> = Vec::new();
    let mut trace = Trace::default();
    while let Some(tag) = tags.next().map_err(|error| stopped(path, &error))? {
        let Tag { name: element, attributes, opens, closes, line } = tag;
        let mut piece = None;
        if opens {
            let within = (open.last().map(String::as_str), open.len());
            match (element.as_str(), within) {
                (_, (None, _)) if element != "log" => {
                    return Err(broken(path, &"it is no event log in XES: its first element is another than `log`"));
                }
                ("trace", (Some("log"), 1)) => trace = Trace::default(),
                ("event", (Some("trace"), 2)) => trace.events.push((line, Vec::new())),
                ("event", (Some("log"), 1)) => piece = Some(Piece::Beside),
                (_, (Some("trace"), 2)) => trace.attributes.extend(pair(attributes)),
                (_, (Some("event"), 3)) => {
                    trace.events.last_mut().into_iter().for_each(|(_, own)| own.extend(pair(attributes.clone())));
                }
                _ => {}
            }
            open.push(element.clone());
        }
        if closes {
            if open.pop().as_ref() != Some(&element) {
                return Err(broken(path, &format!("line {line}: `{element}` ends here and is not open")));
            }
            if element == "trace" && open.len() == 1 {
                piece = Some(Piece::Trace(std::mem::take(&mut trace)));
            }
        }
        if piece.is_some_and(|piece| !see(piece, tags.file().bytes())) {
            return Ok(false);
        }
    }
    if !open.is_empty() || tags.seen == 0 {
        return Err(broken(path, &"the file ends in the midst of the log"));
    }
    Ok(true)
}

/// The attributes of an event: what each is called, and its value.
type Attributes<'i, 't> = &'i mut dyn Iterator<Item = (String, &'t str)>;

/// Goes through the events of a log, with what each and its trace says.
///
/// # Errors
/// Where it is none, or cannot be read.
pub(in crate::data) fn events_of(
    path: &Path,
    encoding: Encoding,
    see: &mut dyn FnMut(Attributes<'_, '_>),
) -> Result<(), ReadError> {
    let mut tags = Tags::of(BufReader::new(ExportFile::open_log(path, encoding)?));
    let mut each = |piece, _| {
        let Piece::Trace(trace) = piece else { return true };
        for (_, own) in &trace.events {
            let of_trace = trace.attributes.iter().map(|(key, value)| (format!("case:{key}"), value.as_str()));
            see(&mut of_trace.chain(own.iter().map(|(key, value)| (key.clone(), value.as_str()))));
        }
        true
    };
    walk(&mut tags, path, &mut each).map(drop)
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn xes(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        let mut tags = Tags::of(self.begun(path)?);
        let mut row = Keyed::of(self.mapping.binding.columns.len());
        let (mut without, mut states) = (0, States::of(self));
        let whole = walk(&mut tags, path, &mut |piece, bytes| {
            match piece {
                Piece::Beside => {
                    self.counts.rows += 1;
                    self.assembler.number += 1;
                    *self.left_out.entry("of no trace".to_owned()).or_default() += 1;
                }
                Piece::Trace(trace) => {
                    without += u64::from(trace.events.is_empty());
                    states.add(&trace);
                    self.trace(&name, &trace, &mut row);
                    self.report_progress(bytes);
                }
            }
            !self.is_over()
        })?;
        if !whole {
            return Ok(None);
        }
        self.note_columns(&row);
        let nouns = ("trace of the log has", "traces of the log have");
        self.of_form.extend(Told::counted(without, nouns, "no event, and make no case").map(Told::weighing));
        self.of_form.extend(states.told());
        let (file, lines) = tags.into_file();
        let file = file.finish(path, lines)?;
        self.done.bytes += file.bytes;
        Ok(Some(file))
    }

    fn trace(&mut self, name: &str, trace: &Trace, row: &mut Keyed) {
        let mapping = self.mapping;
        for (line, attributes) in &trace.events {
            row.clear();
            for (place, column) in mapping.binding.columns.iter().enumerate() {
                let (key, all) = match column.strip_prefix("case:") {
                    Some(key) => (key, &trace.attributes),
                    None => (column.as_str(), attributes),
                };
                let value = all.iter().find(|(own, _)| own == key);
                value.into_iter().for_each(|(_, value)| row.set(place, value));
            }
            self.keyed_row(RowAt { file: name, line: *line }, row, None);
        }
    }
}

/// The key and the value of an attribute of the log.
fn pair(attributes: Vec<(String, String)>) -> Option<(String, String)> {
    let (mut key, mut value) = (None, None);
    for (name, text) in attributes {
        match name.as_str() {
            "key" => key = Some(text),
            "value" => value = Some(text),
            _ => {}
        }
    }
    key.zip(value)
}
