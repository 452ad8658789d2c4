//! An object of JSON on each line, mapped like a row of CSV: its keys are columns, and `patient.id` is the `id` in the `patient`.

use super::Reader;
use super::cut::is_cut;
use super::error::ReadError;
use super::files::{name_of, stopped};
use super::keyed::Keyed;
use super::rejects::Fault;
use super::row_text::RowAt;
use crate::data::case_json::MAX_BYTES;
use crate::data::json_text::{Document, Node};
use crate::data::line::read_line;
use crate::results::DataFile;
use std::collections::BTreeSet;
use std::path::Path;

/// Objects within objects, deeper than this, have no columns.
const DEEPEST: usize = 8;

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn json_rows(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        let mut reader = self.begun(path)?;
        let mut row = Keyed::of(self.mapping.binding.columns.len());
        let (mut text, mut line) = (Vec::new(), 0);
        loop {
            text.clear();
            line += 1;
            let length = read_line(&mut reader, &mut text).map_err(|error| stopped(path, &error))?;
            if length == 0 {
                break;
            }
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if is_cut(&text) {
                self.tell_cut(&name, "a line");
            }
            row.clear();
            let refused = self.object(&text, &mut row).err();
            self.keyed_row(RowAt { file: &name, line }, &row, refused);
            if self.is_over() {
                return Ok(None);
            }
            if self.counts.rows.is_multiple_of(1_024) {
                self.report_progress(reader.get_ref().bytes());
            }
        }
        self.note_columns(&row);
        let file = reader.into_inner().finish(path, line - 1)?;
        self.done.bytes += file.bytes;
        Ok(Some(file))
    }

    fn object(&self, text: &[u8], row: &mut Keyed) -> Result<(), Fault> {
        let document = Document::check(text, MAX_BYTES);
        let document = document.map_err(|error| Fault::of_row(format!("{} {}", error.code, error.message)))?;
        if document.root().entries().is_none() {
            return Err(Fault::of_row("D04 the line is no JSON object"));
        }
        self.fields(document.root(), "", (row, &mut BTreeSet::new()))
    }

    /// The values of an object whose keys are columns, with those before them. What was seen is of the whole row: `patient.id` may be a key, and the `id` in
    /// a `patient`.
    fn fields(
        &self,
        object: Node<'_>,
        before: &str,
        (row, seen): (&mut Keyed, &mut BTreeSet<String>),
    ) -> Result<(), Fault> {
        // It is an object, as was seen before.
        for (key, value) in object.entries().unwrap_or_default() {
            let Some(key) = key.string() else { return Err(Fault::of_row("D04 a key is no Unicode")) };
            let path = if before.is_empty() { key } else { format!("{before}.{key}") };
            let within = format!("{path}.");
            let columns = &self.mapping.binding.columns;
            let column = columns.iter().position(|column| *column == path);
            if column.is_none() && !columns.iter().any(|column| column.starts_with(&within)) {
                continue;
            }
            if !seen.insert(path.clone()) {
                return Err(Fault {
                    column: path,
                    reason: "D05 the key is there twice".to_owned(),
                    found: String::new(),
                });
            }
            match (column, value.kind()) {
                (_, "null") => column.into_iter().for_each(|column| row.set(column, "")),
                (None, "an object") if path.matches('.').count() < DEEPEST => {
                    self.fields(value, &path, (&mut *row, &mut *seen))?
                }
                (Some(column), "a string") => {
                    let text = value.string().ok_or_else(|| Fault::of_row("D04 a string is no Unicode"))?;
                    row.set(column, &text);
                }
                (Some(column), "a number" | "true or false") => row.set(column, value.text()),
                (_, kind) => {
                    let reason = format!("expected a text, a number, true or false, found {kind}");
                    return Err(Fault { column: path, reason, found: String::new() });
                }
            }
        }
        Ok(())
    }
}
