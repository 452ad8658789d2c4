//! An export that is not grouped by case, in parts that fit into memory: its rows are set apart by case, and each part is read by itself.
//!
//! What comes of it is what comes of an export that is held whole: a case's rows come in the order of the export, and what is refused is
//! listed in it as well. Only cases come in another order; each says the number of its first row.

use super::apart::{Apart, Row};
use super::error::ReadError;
use super::fhir::Resource;
use super::rejects::Fault;
use super::row::RowFate;
use super::row_text::{RowAt, RowText};
use super::scratch::Scratch;
use super::{Export, Part, ReadSoFar, Reader, Source};
use crate::data::mapping::file::Format;
use std::path::Path;

/// What came of reading an export whose cases are handed over.
pub enum InParts {
    /// The export, without its cases.
    All(Box<Export>),
    /// The events that its mapping names and no row carries were others than was taken for granted: these.
    Absent(u64),
    /// A case came back that was handed over, or no more were wanted.
    Over,
}

/// Reads the files of one export, in whatever order its rows stand, and hands its cases over in parts. What is set apart goes to so many
/// files in a folder; `absent` are the kinds of event of which it is taken for granted that no row carries them.
///
/// # Errors
/// What makes the export unreadable as a whole, or that the disk is full.
pub fn partition_export(
    source: Source<'_>,
    (folder, count, absent): (&Path, usize, u64),
    parts: &mut dyn FnMut(Part) -> Option<Part>,
    progress: &mut dyn FnMut(ReadSoFar),
) -> Result<InParts, ReadError> {
    let scratch = Scratch::at(folder);
    let mut reader = Reader::new(source, None, parts, progress);
    reader.taken_for_absent = absent;
    reader.rejects.in_parts(scratch.clone());
    reader.apart = Some(Apart::new(Scratch::at(&folder.join("cases")), count)?);
    let Some(files) = reader.files(source.paths)? else { return Ok(InParts::Over) };
    let Some(apart) = reader.apart.take() else { return Ok(InParts::Over) };
    // In messages a file is called by its name alone.
    let names = files.iter().map(|file| Path::new(&file.name).file_name().unwrap_or_default().to_string_lossy());
    let names: Vec<String> = names.map(std::borrow::Cow::into_owned).collect();
    reader.resources.name_files(&names);
    let (bundles, unplaced) = apart.finish(source.mapping.binding.columns.len())?;
    reader.unplaced += unplaced;
    for bundle in bundles {
        reader.rejects.begin_part()?;
        reader.bundle(bundle, &names)?;
        reader.hand_over(absent);
        if reader.is_over() {
            return Ok(InParts::Over);
        }
    }
    let found = reader.absent();
    if found != absent {
        return Ok(InParts::Absent(found));
    }
    Ok(reader.finish(files)?.map_or(InParts::Over, |export| InParts::All(Box::new(export))))
}

impl Reader<'_> {
    /// Sets a row apart, once its case is known.
    pub(super) fn set_apart(&mut self, at: RowAt<'_>, row: &RowText<'_>) -> Result<RowFate, Fault> {
        let counts = self.counts;
        let name = self.case_id(at, row).inspect_err(|_| self.unplaced += 1)?;
        // It is counted when it is read again.
        self.counts = counts;
        let texts = (0..self.mapping.binding.columns.len()).map(|column| row.get(column));
        if let Some(apart) = &mut self.apart {
            apart.put(&name, (counts.rows, at.line), texts);
        }
        Ok(RowFate::SetApart)
    }

    fn bundle(&mut self, bundle: super::apart::Bundle, names: &[String]) -> Result<(), ReadError> {
        let mut rows = bundle.rows;
        let mut met = bundle.met.into_iter().peekable();
        let mut later = bundle.at_the_end;
        let mut row = Row::default();
        while rows.next(&mut row)? {
            while let Some((_, name)) = met.next_if(|(number, _)| *number < row.number) {
                later.extend(self.touch_if_begun(name));
            }
            self.assembler.number = row.number;
            self.rejects.file(row.file);
            // A row that was set apart is of a file that was read.
            let at = RowAt { file: names.get(row.file).map_or("", String::as_str), line: row.line };
            if self.mapping.file.source.format.is_of_cases() {
                // A resource is a text, and so is a case.
                let text = row.texts.first_mut().and_then(Option::take).unwrap_or_default();
                if self.mapping.file.source.format == Format::Ndjson {
                    self.line(at, text.as_bytes())?;
                    continue;
                }
                self.resource_again(Resource { number: row.number, file: row.file, line: row.line, text });
                continue;
            }
            let fate = self.apply_whole(at, &RowText::SetApart(&row.texts));
            self.became(at, fate);
        }
        self.settle_resources();
        for (_, name) in met {
            later.extend(self.touch_if_begun(name));
        }
        later.iter().for_each(|name| self.touch_all(name));
        Ok(())
    }

    /// Touches a case that has begun; one that has not yet is given back.
    fn touch_if_begun(&mut self, name: String) -> Option<String> {
        if !self.assembler.holds(&name) {
            return Some(name);
        }
        self.touch_all(&name);
        None
    }
}
