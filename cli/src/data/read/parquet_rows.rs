//! Rows of Parquet: their values as texts, a missing one as an empty text. What a file says of its times is held against the mapping before
//! any row is read.

use super::Reader;
use super::error::ReadError;
use super::files::{comes_once, failed, hashed, name_of};
use super::forms::{FIRST, is_not};
use super::headings::none_called;
use super::keyed::Keyed;
use super::row_text::RowAt;
use crate::data::mapping::Activity;
use crate::data::mapping::date::DateRule;
use crate::data::mapping::file::Format;
use crate::data::mapping::time::TimeRule;
use crate::data::names::tidy;
use crate::results::DataFile;
use concord_engine::values::types::Type;
use concord_parquet::{Cell, Column, Fault, Means, Parquet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Opens a file, which is read from its end.
///
/// # Errors
/// Where it is none, damaged, or no file on disk.
pub(in crate::data) fn open_parquet(path: &Path) -> Result<Parquet<File>, ReadError> {
    let disk = |error: io::Error| failed(path, &error);
    if comes_once(path) {
        return Err(failed(
            path,
            &"a Parquet file is read from its end, and cannot come through a pipe: write it to a file first",
        ));
    }
    let mut file = File::open(path).map_err(disk)?;
    let mut start = Vec::new();
    file.by_ref().take(FIRST as u64).read_to_end(&mut start).map_err(disk)?;
    if let Some(why) = is_not(Format::Parquet, &start) {
        return Err(ReadError::Damaged(path.display().to_string(), why));
    }
    Parquet::open(file).map_err(|error| fault(path, &error))
}

/// A file that is damaged, or a disk that is.
pub(super) fn fault(path: &Path, fault: &Fault) -> ReadError {
    match fault {
        Fault::Disk(error) => failed(path, error),
        _ => ReadError::Damaged(path.display().to_string(), fault.to_string()),
    }
}

/// Why a column is none of the file: it may be one that has parts.
fn not_there(name: &str, columns: &[Column]) -> Option<String> {
    let start = format!("{}.", tidy(name));
    let mut parts = columns.iter().filter_map(|column| tidy(&column.name).strip_prefix(&start).map(str::to_owned));
    let part = parts.next()?;
    // As all writers name what stands within a list.
    Some(if ["list.", "bag.", "array", "key_value."].iter().any(|of| part.starts_with(of)) {
        format!("`{name}` is a list, which is not read: give each of its values a row, or the one that counts a column")
    } else {
        format!("`{name}` has parts: name one of them, such as `{name}.{part}`")
    })
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn parquet(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let mut parquet = open_parquet(path)?;
        let (bytes, sha256) = hashed(path)?;
        let name = name_of(path);
        let (columns, wanted): (Vec<usize>, Vec<usize>) = self.wanted(path, parquet.columns())?.into_iter().unzip();
        let mut row = Keyed::of(self.mapping.binding.columns.len());
        row.has_all();
        let (mut line, all) = (0, parquet.rows().max(1));
        for group in 0..parquet.groups() {
            let mut rows = parquet.group(group, &wanted).map_err(|error| fault(path, &error))?;
            while rows.next_row().map_err(|error| fault(path, &error))? {
                line += 1;
                row.clear();
                for (place, column) in columns.iter().enumerate() {
                    match rows.cell(place) {
                        Cell::Missing => {}
                        Cell::Text(text) => row.set(*column, text),
                        Cell::NotText => row.set_unreadable(*column),
                    }
                }
                self.keyed_row(RowAt { file: &name, line }, &row, None);
                if self.is_over() {
                    return Ok(None);
                }
                if line.is_multiple_of(4_096) {
                    let share = u128::from(bytes) * u128::from(line) / u128::from(all);
                    // A share of the bytes is not more than all of them.
                    self.report_progress(u64::try_from(share).unwrap_or(bytes));
                }
            }
        }
        self.note_columns(&row);
        self.done.bytes += bytes;
        let name = path.display().to_string();
        Ok(Some(DataFile { name, lines: None, bytes, sha256, is_bare: line == 0 }))
    }

    /// The columns that the mapping uses, each with its place in the file.
    fn wanted(&self, path: &Path, columns: &[Column]) -> Result<Vec<(usize, usize)>, ReadError> {
        let (mut wanted, mut faults) = (Vec::new(), Vec::new());
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let binding = &self.mapping.binding;
        for (used, name) in binding.columns.iter().enumerate().filter(|(used, _)| !binding.is_joined(*used)) {
            let mut own = columns.iter().enumerate().filter(|(_, column)| tidy(&column.name) == tidy(name));
            match (own.next(), own.next()) {
                (Some((place, column)), None) => {
                    faults.extend(self.time_fault(used, column));
                    wanted.push((used, place));
                }
                (None, _) => faults.push(not_there(name, columns).unwrap_or_else(|| none_called(name, &names))),
                (Some(_), Some(_)) => faults.push(format!("more than one column is called `{name}`")),
            }
        }
        if faults.is_empty() { Ok(wanted) } else { Err(ReadError::Columns(path.display().to_string(), faults)) }
    }

    /// How dates are read from a column of the mapping.
    fn dates_of(&self, column: usize) -> impl Iterator<Item = &DateRule> {
        let (binding, plan) = (&self.mapping.binding, self.plan);
        let facts = binding.facts.iter().filter_map(|fact| Some((plan.subject.inputs.get(fact.input)?, &fact.cell)));
        let of_events = binding.activities.values().filter_map(|activity| match activity {
            Activity::Event(kind, fields) => Some((*kind, fields)),
            _ => None,
        });
        let of_events = of_events.chain(binding.column_events.iter().map(|event| (event.kind, &event.fields)));
        let fields = of_events.flat_map(|(kind, fields)| fields.iter().map(move |(field, cell)| (kind, *field, cell)));
        let fields =
            fields.filter_map(|(kind, field, cell)| Some((plan.subject.events.get(kind)?.fields.get(field)?, cell)));
        let dates = facts.chain(fields).filter(move |(input, cell)| input.ty == Type::Date && cell.is_of(column));
        dates.map(|(_, cell)| &cell.date)
    }

    /// How times are read from a column of the mapping.
    fn times_of(&self, column: usize) -> impl Iterator<Item = &TimeRule> {
        let binding = &self.mapping.binding;
        let in_events = binding.column_events.iter().map(|event| event.at).chain(binding.activity.map(|(_, at)| at));
        let general = in_events.filter(move |at| *at == column).filter_map(|_| binding.time.as_ref());
        let facts = binding.facts.iter().map(|fact| &fact.cell).filter(move |cell| cell.is_of(column));
        general.chain(facts.filter_map(|cell| cell.time.as_ref()))
    }

    /// What the type of a column says against the way in which its times are to be read.
    fn time_fault(&self, place: usize, column: &Column) -> Option<String> {
        let name = &column.name;
        let date = self.dates_of(place).find_map(|rule| match column.means {
            Means::Time { utc, .. } => rule.fault_of_times(utc).map(|help| format!("`{name}` has times: {help}")),
            Means::OldTime => rule.fault_of_times(false).map(|help| format!("`{name}` has times: {help}")),
            Means::Date => rule.fault_of_dates().map(|help| format!("`{name}` has dates, and no texts: {help}")),
            _ => None,
        });
        date.or_else(|| self.time_of_event_fault(place, column))
    }

    fn time_of_event_fault(&self, place: usize, column: &Column) -> Option<String> {
        let name = &column.name;
        self.times_of(place).find_map(|rule| match column.means {
            Means::Time { .. } | Means::OldTime if !rule.reads_values() => {
                Some(format!("`{name}` has times, and no texts: leave `format` out"))
            }
            Means::Time { utc: true, .. } if !rule.is_in_text() && !rule.overrides_the_text() => Some(format!(
                "`{name}` has instants in UTC: say `zone = \"in text\"`, or `because` where they were never UTC"
            )),
            Means::Time { utc: false, .. } | Means::OldTime if rule.is_in_text() => {
                Some(format!("`{name}` has times without a zone: name it, such as `zone = \"Europe/London\"`"))
            }
            Means::Date if rule.reads_values() => {
                Some(format!("`{name}` has dates without a time of day: say `format = \"%Y-%m-%d\"`"))
            }
            _ => None,
        })
    }
}
