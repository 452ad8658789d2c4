//! One row applied to its case, by the mapping.

use super::Reader;
use super::rejects::Fault;
use crate::data::mapping::cell::{CellRule, ReadCell, TextFrom};
use crate::data::mapping::file::{Encoding, Rows};
use crate::data::mapping::time::{ReadTime, Why};
use crate::data::mapping::{Activity, ColumnEvent};
use crate::data::names::tidy;
use crate::words::acts;
use concord_engine::plan::case::{Datum, Occurrence, When};
use concord_engine::plan::{FieldId, Id, Input, KindId};
use concord_engine::values::codes::{Codebook, Codes};
use csv::ByteRecord;
use std::borrow::Cow;

/// Where a row stands.
#[derive(Clone, Copy)]
pub(super) struct RowAt<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
}

/// The texts of a row, by place in [`crate::data::mapping::Binding::columns`].
pub(super) enum RowText<'a> {
    /// As read, with the field of each column.
    Record(&'a ByteRecord, &'a [usize], Encoding),
    /// As a script left it.
    Script(Vec<String>),
}

impl RowText<'_> {
    fn get(&self, column: usize) -> Option<Cow<'_, str>> {
        match self {
            RowText::Script(texts) => texts.get(column).map(|text| Cow::Borrowed(text.as_str())),
            RowText::Record(record, fields, encoding) => {
                let bytes = record.get(*fields.get(column)?)?;
                decode(bytes, *encoding)
            }
        }
    }
}

/// A text without the blanks around it and what nobody sees.
fn tidied(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => tidy(text),
        Cow::Owned(text) => Cow::Owned(tidy(&text).into_owned()),
    }
}

/// Text from bytes; none where it is not UTF-8.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    if encoding == Encoding::Utf8 || bytes.is_ascii() {
        return std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    }
    Some(Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()))
}

/// The WHATWG table of Windows-1252: Latin-1 but for 0x80 to 0x9F.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().unwrap_or(char::from(byte))
}

/// What became of a row.
pub(super) enum RowFate {
    Used,
    LeftOut(String),
}

/// An event as often as there are codes, with one each.
fn one_a_code(event: &Occurrence, field: FieldId, codes: &[Datum]) -> Vec<Occurrence> {
    let with = |code: &Datum| {
        let mut event = event.clone();
        event.fields.iter_mut().skip(field.place()).take(1).for_each(|slot| *slot = *code);
        event
    };
    codes.iter().map(with).collect()
}

impl Reader<'_> {
    /// Applies one row.
    pub(super) fn apply(&mut self, at: RowAt<'_>, row: &RowText<'_>) -> Result<RowFate, Fault> {
        let binding = &self.mapping.binding;
        let id = self.case_id(at, row)?;
        let place = match (binding.rows, binding.activity) {
            (Rows::Events, Some((activity, time))) => match self.event_row(at, row, &id, activity, time)? {
                Some(place) => place,
                None => return Ok(RowFate::LeftOut(self.text(row, activity)?.into_owned())),
            },
            _ => {
                if self.assembler.has(&id) {
                    return Err(Fault::of_row("the case already has a row, and each row is a whole case"));
                }
                let place = self.assembler.place(&id);
                for event in &binding.column_events {
                    self.column_event(at, row, place, event);
                }
                place
            }
        };
        self.facts(at, row, place);
        Ok(RowFate::Used)
    }

    fn column(&self, column: usize) -> String {
        // Only the message is without the column's name where it has none.
        self.mapping.binding.columns.get(column).cloned().unwrap_or_default()
    }

    /// A field of the row, without the blanks around it and what nobody sees.
    fn text<'t>(&self, row: &'t RowText<'_>, column: usize) -> Result<Cow<'t, str>, Fault> {
        row.get(column).map(tidied).ok_or_else(|| Fault {
            column: self.column(column),
            reason: "the text is not in the encoding that the mapping names".to_owned(),
            found: String::new(),
        })
    }

    /// The name of the case: its columns, or the row's number. Only an empty text is no name.
    fn case_id<'t>(&mut self, at: RowAt<'_>, row: &'t RowText<'_>) -> Result<Cow<'t, str>, Fault> {
        let mapping = self.mapping;
        let columns = &mapping.binding.case;
        if let [column] = columns.as_slice() {
            return self.part_of_id(row, *column);
        }
        if columns.is_empty() {
            return Ok(Cow::Owned(format!("{}, line {}", at.file, at.line)));
        }
        // A separator within a part is doubled, so that two names never fall together.
        let parts = columns.iter().map(|column| Ok(self.part_of_id(row, *column)?.replace('/', "//")));
        let parts: Vec<String> = parts.collect::<Result<_, Fault>>()?;
        Ok(Cow::Owned(parts.join("/")))
    }

    fn part_of_id<'t>(&mut self, row: &'t RowText<'_>, column: usize) -> Result<Cow<'t, str>, Fault> {
        let text = self.text(row, column)?;
        let fault =
            |reason: &str| Err(Fault { column: self.column(column), reason: reason.to_owned(), found: String::new() });
        if text.is_empty() {
            return fault("the case has no name");
        }
        if acts(&text) {
            return fault("the name of the case has a control character");
        }
        self.counts.tidied += u64::from(row.get(column).is_some_and(|written| written != text));
        Ok(text)
    }

    /// Applies the event of a row; none where its activity is left out.
    fn event_row(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        id: &str,
        activity: usize,
        time: usize,
    ) -> Result<Option<usize>, Fault> {
        let mapping = self.mapping;
        let name = self.text(row, activity)?;
        let Some(rule) = mapping.binding.activities.get(name.as_ref()) else {
            self.assembler.place(id);
            return Err(Fault {
                column: self.column(activity),
                reason: "the mapping neither maps nor leaves out this activity".to_owned(),
                found: name.into_owned(),
            });
        };
        let (kind, fields) = match rule {
            Activity::LeftOut => return Ok(None),
            Activity::Facts => return Ok(Some(self.assembler.place(id))),
            Activity::Event(kind, fields) => (*kind, fields),
        };
        let place = self.assembler.place(id);
        let when = self.text(row, time).and_then(|text| self.time(time, &text));
        let made = when.and_then(|when| self.event(at, row, place, (kind, when.unwrap_or(When::Unknown), fields)));
        if made.is_err() {
            self.assembler.mark_incomplete(place, kind);
        }
        made.map(|()| Some(place))
    }

    /// The time of an event; none where the export has none.
    fn time(&mut self, column: usize, text: &str) -> Result<Option<When>, Fault> {
        let binding = &self.mapping.binding;
        if binding.missing.iter().any(|marker| marker == text) {
            return Ok(None);
        }
        let read = binding.time.as_ref().map_or(Err("the mapping names no zone"), |rule| rule.read(text));
        let time = read.map_err(|reason| Fault {
            column: self.column(column),
            reason: reason.to_owned(),
            found: text.to_owned(),
        })?;
        Ok(Some(match time {
            ReadTime::At(instant) => When::Known(instant),
            ReadTime::Between(first, last, why) => {
                *match why {
                    Why::NoClock => &mut self.counts.no_clock,
                    Why::Twice => &mut self.counts.twice,
                } += 1;
                When::between(first, last)
            }
            ReadTime::Unknown(_) => {
                self.counts.no_day += 1;
                When::Unknown
            }
        }))
    }

    fn event(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        (kind, when, rules): (KindId, When, &[(FieldId, CellRule)]),
    ) -> Result<(), Fault> {
        let plan = self.plan;
        let Some(of) = plan.subject.events.get(kind).map(|kind| &kind.fields) else { return Ok(()) };
        let mut fields = vec![Datum::Missing; of.len()];
        let mut rounded = Vec::new();
        let mut several = None;
        for (field, rule) in rules {
            if let (Some(input), Some(slot)) = (of.get(*field), fields.get_mut(field.place())) {
                if rule.separator.is_some() {
                    several = Some((*field, self.codes(at, row, place, input, rule)));
                    continue;
                }
                let cell = self.cell(at, row, place, input, rule);
                *slot = cell.datum;
                rounded.extend(cell.other.map(|other| (*field, other)));
            }
        }
        let event = Occurrence { kind, at: when, fields };
        let events = match several {
            Some((field, codes)) => one_a_code(&event, field, &codes),
            None => vec![event],
        };
        let fit = events.len() <= self.assembler.room(place);
        if fit && events.into_iter().all(|event| self.assembler.event(place, event, &rounded)) {
            return Ok(());
        }
        Err(Fault::of_row("the case has more events than the limit of 65,535"))
    }

    /// The codes of a field that holds several, each once; a missing one where it holds none.
    fn codes(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, input: &Input, rule: &CellRule) -> Vec<Datum> {
        let (TextFrom::Column(column), Some(separator)) = (&rule.from, &rule.separator) else { return Vec::new() };
        let text = match self.text(row, *column) {
            Ok(text) if !rule.is_missing(&text) => text,
            _ => return vec![self.cell(at, row, place, input, rule).datum],
        };
        let mut codes: Vec<Datum> = Vec::new();
        for piece in text.split(separator.as_str()).map(tidy) {
            if piece.is_empty() || rule.is_missing(&piece) {
                continue;
            }
            let code = self.read(at, row, place, (input, rule), &piece).datum;
            if matches!(code, Datum::Known(_)) && codes.contains(&code) {
                self.counts.repeated += 1;
            } else {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            codes.push(Datum::Missing);
        }
        if codes.len() > 1 {
            self.counts.several += 1;
            self.counts.of_several += codes.len() as u64;
        }
        codes
    }

    /// An event with a column of its own: it did not happen where the column is missing.
    fn column_event(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, event: &ColumnEvent) {
        let read = self.text(row, event.at).and_then(|text| self.time(event.at, &text));
        let made = match read {
            Ok(None) => return,
            Ok(Some(when)) => self.event(at, row, place, (event.kind, when, &event.fields)),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = made {
            self.assembler.mark_incomplete(place, event.kind);
            self.rejects.value(at.file, at.line, &fault);
        }
    }

    fn facts(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize) {
        let (plan, mapping) = (self.plan, self.mapping);
        for rule in &mapping.binding.facts {
            let Some(input) = plan.subject.inputs.get(rule.input) else {
                continue;
            };
            if !self.assembler.wants_fact(place, rule.input, rule.take) {
                continue;
            }
            let cell = self.cell(at, row, place, input, &rule.cell);
            if !self.assembler.fact(place, rule.input, cell, rule.take) {
                self.refuse(at, &rule.cell.from, row, "the rows of the case do not agree".to_owned());
            }
        }
        for rule in &mapping.binding.labels {
            if !self.assembler.wants_label(place, rule.label, rule.take) {
                continue;
            }
            let text = match &rule.from {
                TextFrom::Constant(text) => Some(Cow::Borrowed(text.as_str())),
                TextFrom::Column(column) => row.get(*column),
            };
            let Some(text) = text.map(tidied) else {
                self.refuse(at, &rule.from, row, "the text is not in the encoding that the mapping names".to_owned());
                continue;
            };
            if acts(&text) {
                self.refuse(at, &rule.from, row, "the label has a control character".to_owned());
                continue;
            }
            let missing = rule.missing.iter().any(|marker| *marker == text);
            if !missing && !self.assembler.label(place, rule.label, &text, rule.take) {
                self.refuse(at, &rule.from, row, "the rows of the case do not agree".to_owned());
            }
        }
    }

    /// Reads a value; one that does not fit goes to the rejects and counts as missing.
    fn cell(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, input: &Input, rule: &CellRule) -> ReadCell {
        let text = match &rule.from {
            TextFrom::Constant(text) => Some(Cow::Borrowed(text.as_str())),
            TextFrom::Column(column) => row.get(*column),
        };
        let Some(text) = text else {
            self.refuse(at, &rule.from, row, "the text is not in the encoding that the mapping names".to_owned());
            return Datum::Missing.into();
        };
        self.read(at, row, place, (input, rule), &text)
    }

    /// Reads a text of the row as a value.
    fn read(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        (input, rule): (&Input, &CellRule),
        text: &str,
    ) -> ReadCell {
        let plan = self.plan;
        let mut of_no_case = Codes::default();
        let case = self.assembler.codes(place).unwrap_or(&mut of_no_case);
        match rule.read(input, text, &mut Codebook { package: &plan.codes, case }) {
            Ok(cell) => {
                self.counts.value(input, cell.datum);
                cell
            }
            Err(fault) => {
                let reason = format!("`{}`: {}", input.name, fault.reason(input));
                self.refuse(at, &rule.from, row, reason);
                Datum::Missing.into()
            }
        }
    }

    fn refuse(&mut self, at: RowAt<'_>, from: &TextFrom, row: &RowText<'_>, reason: String) {
        let (column, found) = match from {
            TextFrom::Constant(text) => (String::new(), text.clone()),
            // Only the message is without the field where the row has none.
            TextFrom::Column(column) => (self.column(*column), row.get(*column).unwrap_or_default().into_owned()),
        };
        self.rejects.value(at.file, at.line, &Fault { column, reason, found });
    }
}
