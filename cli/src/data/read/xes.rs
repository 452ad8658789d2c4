//! Event logs in XES (IEEE 1849): each event is a row. Its attributes are columns by their keys, those of its trace with `case:` before
//! them, as process mining tools write them: `case:concept:name`, `concept:name`, `time:timestamp`.

use super::Reader;
use super::error::ReadError;
use super::files::{ExportFile, broken, stopped};
use super::keyed::Keyed;
use super::row_text::RowAt;
use super::told::Told;
use super::xml::{Tag, Tags};
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

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn xes(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        // Only messages are without a name where a path has none.
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let encoding = self.mapping.file.source.encoding;
        let file = ExportFile::open_log(path, encoding)?.hashed_aside(self.options.unhashed.as_ref());
        let file = BufReader::with_capacity(256 * 1024, file);
        let mut tags = Tags::of(file);
        let mut row = Keyed::of(self.mapping.binding.columns.len());
        let mut open: Vec<String> = Vec::new();
        let mut trace = Trace::default();
        let (mut without, mut states) = (0, States::of(self));
        while let Some(tag) = tags.next().map_err(|error| stopped(path, &error))? {
            let Tag { name: element, attributes, opens, closes, line } = tag;
            if opens {
                let within = (open.last().map(String::as_str), open.len());
                match (element.as_str(), within) {
                    ("trace", (Some("log"), 1)) => trace = Trace::default(),
                    ("event", (Some("trace"), 2)) => trace.events.push((line, Vec::new())),
                    ("event", (Some("log"), 1)) => {
                        self.counts.rows += 1;
                        self.assembler.number += 1;
                        *self.left_out.entry("of no trace".to_owned()).or_default() += 1;
                    }
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
                    without += u64::from(trace.events.is_empty());
                    states.add(&trace);
                    self.trace(&name, std::mem::take(&mut trace), &mut row);
                    self.report_progress(tags.file().bytes());
                }
            }
            if self.is_over() {
                return Ok(None);
            }
        }
        if !open.is_empty() || tags.seen == 0 {
            return Err(broken(path, &"the file ends in the midst of the log"));
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

    fn trace(&mut self, name: &str, trace: Trace, row: &mut Keyed) {
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
