//! One row applied to its case, by the mapping.

use super::Reader;
use super::rejects::Fault;
use super::row_text::{RowAt, RowText, tidied};
use super::several::one_a_code;
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::mapping::file::Rows;
use crate::data::mapping::time::{ReadTime, Why};
use crate::data::mapping::{Activity, ColumnEvent, FactRule};
use crate::words::acts;
use concord_engine::plan::case::{Datum, Occurrence, When};
use concord_engine::plan::{FieldId, Id, KindId};
use std::borrow::Cow;

/// What is said of rows that are left out because nothing in the rule has their code.
const OTHERS: &str = "other codes";

/// What became of a row.
pub(super) enum RowFate {
    Used,
    LeftOut(String),
}

impl Reader<'_> {
    /// Applies one row.
    pub(super) fn apply(&mut self, at: RowAt<'_>, row: &RowText<'_>) -> Result<RowFate, Fault> {
        let binding = &self.mapping.binding;
        let id = self.case_id(at, row)?;
        let place = match (binding.rows, binding.activity) {
            (Rows::Events, Some((activity, time))) => match self.event_row(at, row, &id, activity, time)? {
                Some(place) => place,
                None => {
                    let name = self.text(row, activity)?;
                    let known = binding.activities.contains_key(name.as_ref());
                    return Ok(RowFate::LeftOut(if known { name.into_owned() } else { OTHERS.to_owned() }));
                }
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
            if mapping.binding.leave_out_others {
                return Ok(None);
            }
            return Err(Fault {
                column: self.column(activity),
                reason: "the mapping neither maps nor leaves out this activity".to_owned(),
                found: name.into_owned(),
            });
        };
        let (kind, fields) = match rule {
            Activity::LeftOut => return Ok(None),
            Activity::Facts => return Ok(Some(self.assembler.place(id))),
            Activity::Fact(rule) => {
                let place = self.assembler.place(id);
                self.fact(at, row, place, rule);
                return Ok(Some(place));
            }
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
        let mapping = self.mapping;
        for rule in &mapping.binding.facts {
            self.fact(at, row, place, rule);
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

    fn fact(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, rule: &FactRule) {
        let plan = self.plan;
        let Some(input) = plan.subject.inputs.get(rule.input) else { return };
        if !self.assembler.wants_fact(place, rule.input, rule.take) {
            return;
        }
        let cell = self.cell(at, row, place, input, &rule.cell);
        if !self.assembler.fact(place, rule.input, cell, rule.take) {
            self.refuse(at, &rule.cell.from, row, "the rows of the case do not agree".to_owned());
        }
    }
}
