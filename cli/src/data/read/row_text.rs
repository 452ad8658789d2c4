//! The texts of one row, and the values that they are read as.

use super::Reader;
use super::cells::key_of;
use super::records::Record;
use super::rejects::Fault;
use crate::data::mapping::cell::{CellRule, ReadCell, TextFrom};
use crate::data::mapping::hint;
use crate::data::names::{has_tidy_ends, tidy};
use crate::data::value::ValueFault;
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::codes::{Codebook, Codes};
use std::borrow::Cow;

/// Where a row stands.
#[derive(Clone, Copy)]
pub(super) struct RowAt<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
}

/// The texts of a row, by place in [`crate::data::mapping::Binding::columns`].
pub(super) enum RowText<'a> {
    /// Of a file in UTF-8.
    Text(Line<'a>),
    /// As read, with the field of each column.
    Record(Record<'a>, &'a [usize]),
    /// As it was set apart.
    SetApart(&'a [Option<String>]),
    /// As a script left it.
    Script(Vec<String>),
}

impl RowText<'_> {
    pub(super) fn get(&self, column: usize) -> Option<Cow<'_, str>> {
        match self {
            RowText::Text(line) => line.get(column).map(Cow::Borrowed),
            RowText::SetApart(texts) => texts.get(column)?.as_deref().map(Cow::Borrowed),
            RowText::Script(texts) => texts.get(column).map(|text| Cow::Borrowed(text.as_str())),
            RowText::Record(record, fields) => decode(record.field(*fields.get(column)?)?),
        }
    }
}

/// A record of text.
pub(super) struct Line<'a> {
    text: &'a str,
    is_ascii: bool,
    record: Record<'a>,
    /// The field of each column.
    fields: &'a [usize],
}

impl<'a> Line<'a> {
    /// A record, where it is text.
    pub(super) fn of(record: Record<'a>, fields: &'a [usize]) -> Option<Line<'a>> {
        let text = std::str::from_utf8(record.bytes()).ok()?;
        Some(Line { text, is_ascii: text.is_ascii(), record, fields })
    }

    fn get(&self, column: usize) -> Option<&'a str> {
        let (start, end) = self.record.bounds(*self.fields.get(column)?)?;
        self.text.get(start..end)
    }
}

/// A text without the blanks around it and what nobody sees.
pub(super) fn tidied(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => tidy(text),
        Cow::Owned(text) => Cow::Owned(tidy(&text).into_owned()),
    }
}

/// Text from bytes; none where they are not UTF-8, into which other encodings were turned before.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

impl Reader<'_> {
    pub(super) fn column(&self, column: usize) -> String {
        // Only the message is without the column's name where it has none.
        self.mapping.binding.columns.get(column).cloned().unwrap_or_default()
    }

    /// A field of the row, without the blanks around it and what nobody sees.
    pub(super) fn text<'t>(&self, row: &'t RowText<'_>, column: usize) -> Result<Cow<'t, str>, Fault> {
        if let RowText::Text(line) = row
            && let Some(text) = line.get(column).filter(|text| line.is_ascii && has_tidy_ends(text))
        {
            return Ok(Cow::Borrowed(text));
        }
        row.get(column).map(tidied).ok_or_else(|| Fault {
            column: self.column(column),
            reason: "the text is not in the encoding that the mapping names".to_owned(),
            found: String::new(),
        })
    }

    /// Reads a value; one that does not fit goes to the rejects and counts as missing.
    pub(super) fn cell(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        input: &Input,
        rule: &CellRule,
    ) -> ReadCell {
        let text = match &rule.from {
            TextFrom::Constant(text) => Some(Cow::Borrowed(text.as_str())),
            TextFrom::Column(column) => row.get(*column),
        };
        let key = text.as_ref().and_then(|text| key_of(input, rule, text.as_bytes()));
        if let Some(cell) = key.and_then(|key| self.cells.get(key)) {
            return cell;
        }
        if text.as_ref().is_some_and(|text| rule.is_missing(&tidy(text))) {
            key.into_iter().for_each(|key| self.cells.put(key, Datum::Missing.into()));
            return Datum::Missing.into();
        }
        let Some(text) = text else {
            self.refuse(at, &rule.from, row, "the text is not in the encoding that the mapping names".to_owned());
            return ReadCell::REFUSED;
        };
        if let Some(column) = rule.unit_column {
            // A unit that cannot be read is none that is declared.
            let unit = row.get(column).unwrap_or_default();
            return self.kept(at, row, (input, rule, &text), rule.read_in(input, &text, &unit));
        }
        let read = self.read_as(place, (input, rule), &text);
        if let (Some(key), Ok(cell)) = (key, &read) {
            self.cells.put(key, *cell);
        }
        self.kept(at, row, (input, rule, &text), read)
    }

    /// Reads a text of the row as a value.
    pub(super) fn read(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        (input, rule): (&Input, &CellRule),
        text: &str,
    ) -> ReadCell {
        let read = self.read_as(place, (input, rule), text);
        self.kept(at, row, (input, rule, text), read)
    }

    fn read_as(
        &mut self,
        place: usize,
        (input, rule): (&Input, &CellRule),
        text: &str,
    ) -> Result<ReadCell, ValueFault> {
        let plan = self.plan;
        let mut of_no_case = Codes::default();
        let case = self.assembler.codes(place).unwrap_or(&mut of_no_case);
        let read = rule.read(input, text, &mut Codebook { package: &plan.codes, case });
        self.counts.finer += u64::from(read.is_ok() && rule.is_finer(input, text));
        read
    }

    /// A value that was read; one that does not fit goes to the rejects and counts as missing.
    fn kept(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        (input, rule, text): (&Input, &CellRule, &str),
        read: Result<ReadCell, ValueFault>,
    ) -> ReadCell {
        match read {
            Ok(cell) => {
                self.counts.value(input, cell.datum);
                cell
            }
            Err(fault) => {
                let hint = match fault {
                    ValueFault::WrongKind | ValueFault::UnknownVariant(_) | ValueFault::BadTime(_) => {
                        let codes: Vec<&str> = rule.codes.keys().map(String::as_str).collect();
                        hint::of_value(text, input, (rule.decimal_comma, &codes))
                    }
                    _ => None,
                };
                // Of most texts nothing more is known.
                let reason = format!("`{}`: {}{}", input.name, fault.reason(input), hint.unwrap_or_default());
                self.refuse(at, &rule.from, row, reason);
                ReadCell::REFUSED
            }
        }
    }

    pub(super) fn refuse(&mut self, at: RowAt<'_>, from: &TextFrom, row: &RowText<'_>, reason: String) {
        let (column, found) = match from {
            TextFrom::Constant(text) => (String::new(), text.clone()),
            // Only the message is without the field where the row has none.
            TextFrom::Column(column) => (self.column(*column), row.get(*column).unwrap_or_default().into_owned()),
        };
        self.rejects.value(at.file, at.line, &Fault { column, reason, found });
    }
}
