//! One row applied to its case, by the mapping.

use super::Reader;
use super::doubts::Says;
use super::near::Written;
use super::rejects::Fault;
use super::row_text::{RowAt, RowText, tidied};
use super::several::one_a_code;
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::mapping::file::Rows;
use crate::data::mapping::time::{ReadTime, Why};
use crate::data::mapping::{Activity, ColumnEvent, FactRule, empty};
use crate::data::names::tidy;
use crate::data::value::SPOILT;
use crate::words::acts;
use concord_engine::plan::case::{Occurrence, When};
use concord_engine::plan::{FieldId, Id, KindId};
use concord_engine::values::spoilt;
use std::borrow::Cow;

/// Why a row whose activity nobody knows is refused.
const UNKNOWN: &str = "the mapping neither maps nor leaves out this activity";
/// What is said of rows that are left out because nothing in the rule has their code.
const OTHERS: &str = "other codes";

/// The name of a case from its parts: a separator within a part is doubled, so that two names never fall together.
pub(super) fn name_of(parts: &[String]) -> String {
    if let [part] = parts {
        return part.clone();
    }
    parts.iter().map(|part| part.replace('/', "//")).collect::<Vec<_>>().join("/")
}

/// What became of a row.
pub(super) enum RowFate {
    Used,
    /// It is set apart, to be read again.
    SetApart,
    LeftOut(String),
}

impl Reader<'_> {
    /// Applies one row, with what it looks up in other files.
    pub(super) fn apply(&mut self, at: RowAt<'_>, row: &RowText<'_>) -> Result<RowFate, Fault> {
        if self.mapping.joined.is_empty() {
            return self.apply_whole(at, row);
        }
        let texts = self.looked_up(row);
        self.apply_whole(at, &RowText::SetApart(&texts))
    }

    /// What a row has, and what stands beside its keys in other files; where nothing does, nothing is known.
    fn looked_up(&mut self, row: &RowText<'_>) -> Vec<Option<String>> {
        let mapping = self.mapping;
        let columns = 0..mapping.binding.columns.len();
        let mut texts: Vec<Option<String>> = columns.map(|column| row.get(column).map(Cow::into_owned)).collect();
        self.not_found.resize(mapping.joined.len(), 0);
        for (table, not_found) in mapping.joined.iter().zip(&mut self.not_found) {
            let found = row.get(table.on).and_then(|key| table.get(&tidy(&key)));
            *not_found += u64::from(found.is_none());
            for (nth, column) in table.columns.iter().enumerate() {
                // What is not found is missing.
                let text = found.and_then(|found| found.get(nth)).cloned().unwrap_or_default();
                texts.iter_mut().skip(*column).take(1).for_each(|slot| *slot = Some(text.clone()));
            }
        }
        texts
    }

    /// Applies a row that has all its texts.
    pub(super) fn apply_whole(&mut self, at: RowAt<'_>, row: &RowText<'_>) -> Result<RowFate, Fault> {
        if let Some(why) = self.is_none(row) {
            return Ok(RowFate::LeftOut(why));
        }
        if self.apart.is_some() {
            return self.set_apart(at, row);
        }
        let binding = &self.mapping.binding;
        let event = binding.activity.filter(|_| binding.rows == Rows::Events);
        if let (Some(event), Some(place)) = (event, self.last_case(row)) {
            let organisation = self.within.and_then(|column| row.get(column));
            return self.event_of(at, row, (place, organisation.as_deref(), true), event);
        }
        let id = self.case_id(at, row).inspect_err(|_| self.unplaced += 1)?;
        self.hand_over_before(&id);
        let organisation = self.organisation(row);
        let organisation = organisation.as_deref();
        let found = if event.is_none() { self.assembler.found(&id, organisation) } else { None };
        if let Some(place) = found {
            return Err(self.row_again(row, place));
        }
        let Some(place) = self.assembler.place(&id, organisation) else {
            self.touch_all(&id);
            return Err(Fault::of_row("the row does not say at which organisation its case is"));
        };
        if let Some(event) = event {
            return self.event_of(at, row, (place, organisation, false), event);
        }
        for event in &binding.column_events {
            self.column_event(at, row, place, event);
        }
        self.facts(at, row, place, false);
        Ok(RowFate::Used)
    }

    /// The place of the case of the last row, where a row says in the same letters that it is of that one.
    fn last_case(&self, row: &RowText<'_>) -> Option<usize> {
        let [column] = self.mapping.binding.case.as_slice() else { return None };
        let same = row.get(*column).as_deref() == Some(self.assembler.last_id()?);
        let at_same = || match (self.mapping.binding.within, self.within) {
            (None, _) => true,
            (_, Some(column)) => row.get(column).as_deref() == self.assembler.last_organisation(),
            (Some(_), None) => false,
        };
        let is_known = || self.within.is_none() || self.assembler.last_organisation().is_some();
        (same && is_known() && at_same()).then_some(self.assembler.last)
    }

    /// Applies a row that is an event of a case, and perhaps facts.
    fn event_of(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        (place, organisation, is_last): (usize, Option<&str>, bool),
        (activity, time): (usize, usize),
    ) -> Result<RowFate, Fault> {
        if let Some(why) = self.does_not_count(row, place, (activity, time)) {
            return Ok(RowFate::LeftOut(why));
        }
        let made = self.event_row(at, row, place, activity, time);
        let refused = |fault: &Fault| {
            self.doubt(row, place);
            let of_time = fault.column == self.column(time);
            if fault.reason == UNKNOWN {
                self.strangers.name(organisation, &fault.found);
            } else if let Some(organisation) = organisation.filter(|_| of_time) {
                self.strangers.other(organisation, Written::Time);
            }
        };
        if made.inspect_err(refused)? {
            self.facts(at, row, place, is_last);
            return Ok(RowFate::Used);
        }
        let name = self.text(row, activity)?;
        let known = self.mapping.binding.activities.contains_key(name.as_ref());
        Ok(RowFate::LeftOut(if known { name.into_owned() } else { OTHERS.to_owned() }))
    }

    /// The organisation within which the case of a row is named.
    fn organisation<'t>(&mut self, row: &'t RowText<'_>) -> Option<Cow<'t, str>> {
        let binding = &self.mapping.binding;
        let within = binding.within?;
        let rule = binding.labels.iter().find(|rule| rule.label == within)?;
        let written = row.get(self.within?)?;
        if self.assembler.last_organisation() == Some(&*written) {
            // It was read before, and nothing is to be tidied of it.
            return Some(written);
        }
        let blank = written.trim().len() != written.len();
        let text = tidied(written);
        let missing = acts(&text) || rule.missing.iter().any(|marker| *marker == text);
        self.counts.tidied_codes += u64::from(blank && !missing);
        if blank && !missing {
            self.strangers.other(&text, Written::Code);
        }
        (!missing).then_some(text)
    }

    /// The name of the case: its columns, or the row's number. Only an empty text is no name.
    pub(super) fn case_id<'t>(&mut self, at: RowAt<'_>, row: &'t RowText<'_>) -> Result<Cow<'t, str>, Fault> {
        let mapping = self.mapping;
        let columns = &mapping.binding.case;
        if let [column] = columns.as_slice() {
            return self.part_of_id(row, *column);
        }
        if columns.is_empty() {
            return Ok(Cow::Owned(format!("{}, line {}", at.file, at.line)));
        }
        let parts = columns.iter().map(|column| Ok(self.part_of_id(row, *column)?.into_owned()));
        let parts: Vec<String> = parts.collect::<Result<_, Fault>>()?;
        Ok(Cow::Owned(name_of(&parts)))
    }

    fn part_of_id<'t>(&mut self, row: &'t RowText<'_>, column: usize) -> Result<Cow<'t, str>, Fault> {
        let again = row.get(column).filter(|text| self.assembler.last_id() == Some(text));
        if let Some(text) = again.filter(|_| self.mapping.binding.case.len() == 1) {
            // It was read before, and nothing is to be tidied of it.
            return Ok(text);
        }
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

    /// Applies the event of a row to its case; false where its activity is left out.
    fn event_row(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        activity: usize,
        time: usize,
    ) -> Result<bool, Fault> {
        let mapping = self.mapping;
        // A row of which nobody can tell what happened may have been anything.
        let name = self.text(row, activity).inspect_err(|_| self.assembler.mark_all(place))?;
        let Some(rule) = self.activities.carry(name.as_bytes()) else {
            if mapping.binding.leave_out_others && !spoilt::is_spoilt(&name) {
                return Ok(false);
            }
            self.assembler.mark_all(place);
            self.counts.may_be_any += 1;
            let is_spoilt = mapping.file.events.by_code.is_some() && spoilt::is_spoilt(&name);
            let reason = if is_spoilt { SPOILT } else { UNKNOWN }.to_owned();
            return Err(Fault { column: self.column(activity), reason, found: name.into_owned() });
        };
        let (kind, fields) = match rule {
            Activity::LeftOut => return Ok(false),
            Activity::Facts => return self.says_whether_it_counts(row).map(|()| true),
            Activity::Fact(rule) => return self.fact_by_code(at, row, (place, time), rule).map(|()| true),
            Activity::Event(kind, fields) => (*kind, fields),
        };
        let counts = self.says_whether_it_counts(row).and_then(|()| self.text(row, time));
        let when = counts.and_then(|text| self.time(time, &text));
        let made = when.and_then(|when| self.event(at, row, place, (kind, when.unwrap_or(When::Unknown), fields)));
        if made.is_err() {
            self.assembler.mark_incomplete(place, kind);
        }
        made.map(|()| true)
    }

    /// The time of an event; none where the export has none.
    pub(super) fn time(&mut self, column: usize, text: &str) -> Result<Option<When>, Fault> {
        let binding = &self.mapping.binding;
        if binding.missing.iter().any(|marker| marker == text) {
            return Ok(None);
        }
        let read = binding.time.as_ref().map_or(Err("the mapping names no zone"), |rule| rule.read(text));
        self.counts.finer += u64::from(read.is_ok() && binding.time.as_ref().is_some_and(|rule| rule.is_finer(text)));
        let happened = read.and_then(|time| match time {
            // What happened so early did not happen then.
            ReadTime::At(first) | ReadTime::Between(first, ..) if empty::is_too_early(first) => {
                Err(empty::too_early(first))
            }
            time => Ok(time),
        });
        let time = happened.map_err(|reason| {
            // Of most texts nothing more is known.
            let hint = binding.time.as_ref().and_then(|rule| rule.hint(text, reason)).unwrap_or_default();
            Fault { column: self.column(column), reason: format!("{reason}{hint}"), found: text.to_owned() }
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
        let Some(declared) = plan.subject.events.get(kind) else { return Ok(()) };
        let of = &declared.fields;
        let mut fields = self.assembler.spent.fields(of.len());
        let mut several = None;
        for (field, rule) in rules {
            if let (Some(input), Some(slot)) = (of.get(*field), fields.get_mut(field.place())) {
                if rule.separator.is_some() {
                    several = Some((*field, self.codes(at, row, place, input, rule)));
                    continue;
                }
                *slot = self.cell(at, row, place, input, rule).datum;
            }
        }
        let mut event = Occurrence { kind, at: when, fields };
        self.ended(at, row, declared, &mut event, rules)?;
        let fits = match several {
            None => self.assembler.event(place, event),
            Some((field, codes)) => {
                let events = one_a_code(&event, field, &codes);
                let fit = events.len() <= self.assembler.room(place);
                fit && events.into_iter().all(|event| self.assembler.event(place, event))
            }
        };
        if fits {
            return Ok(());
        }
        Err(Fault::of_row(format!("the case has more events than the limit of {}", self.assembler.most_events())))
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

    /// `is_last`: the row says of the organisation of its case what the row before it said.
    fn facts(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, is_last: bool) {
        let mapping = self.mapping;
        for rule in mapping.binding.facts.iter().enumerate() {
            self.fact_of_row(at, row, place, rule);
        }
        for rule in &mapping.binding.labels {
            let said = is_last && mapping.binding.within == Some(rule.label);
            if said || !self.assembler.wants_label(place, rule.label, rule.take) {
                continue;
            }
            let text = match &rule.from {
                TextFrom::Constant(text) => Some(Cow::Borrowed(text.as_str())),
                TextFrom::Column(column) => row.get(*column),
            };
            if text.is_some() && text.as_deref() == self.assembler.label_of(place, rule.label) {
                continue;
            }
            let Some(text) = text.map(tidied) else {
                self.refuse(at, &rule.from, row, "the text is not in the encoding that the mapping names".to_owned());
                self.assembler.label_refused(place, rule.label, rule.take);
                continue;
            };
            if acts(&text) {
                self.refuse(at, &rule.from, row, "the label has a control character".to_owned());
                self.assembler.label_refused(place, rule.label, rule.take);
                continue;
            }
            let missing = rule.missing.iter().any(|marker| *marker == text);
            if !missing && !self.assembler.label(place, rule.label, &text, rule.take) {
                self.refuse(at, &rule.from, row, "the rows of the case do not agree".to_owned());
            }
        }
    }

    pub(super) fn fact(&mut self, at: RowAt<'_>, row: &RowText<'_>, place: usize, rule: &FactRule) {
        let plan = self.plan;
        let Some(input) = plan.subject.inputs.get(rule.input) else { return };
        if !self.assembler.wants_fact(place, rule.input, rule.take) {
            return self.says_otherwise(row, place, rule);
        }
        let cell = self.cell(at, row, place, input, &rule.cell);
        if cell.refused {
            return self.doubt_fact(place, rule.input, rule.take, Says::Anything);
        }
        if !self.assembler.fact(place, rule.input, cell, rule.take) {
            self.refuse(at, &rule.cell.from, row, "the rows of the case do not agree".to_owned());
        }
    }
}
