//! A row of the case that the row before it was of, as nearly all are of an export that is grouped by case: read by its bytes alone, where each
//! of its texts was met before.
//!
//! Whatever else a row may be goes the long way, by [`super::row`], which would find the same: no event, fact or count is made here before all of
//! the row is known. That a name was carried, and what the row before said, is noted before, as the long way notes the same of the row.

use super::Reader;
use super::cells::key_of;
use super::ended::may_end_so;
use super::records::Record;
use crate::data::mapping::cell::{CellRule, ReadCell, TextFrom};
use crate::data::mapping::file::Rows;
use crate::data::mapping::{Activity, FactRule, LabelRule, empty};
use crate::data::marks::are_same;
use concord_engine::plan::case::{Occurrence, When};
use concord_engine::plan::{FieldId, Id, Input, KindId};

/// The fields of a file that say whose a row is, what happened and when.
pub(super) struct Quick {
    case: usize,
    within: Option<usize>,
    activity: usize,
    time: usize,
    /// Those that say something of a fact: the first and the last of each run of such.
    facts: Vec<(usize, usize)>,
}

/// A row, with the field of each column.
#[derive(Clone, Copy)]
struct Row<'r> {
    record: &'r Record<'r>,
    fields: &'r [usize],
}

impl<'r> Row<'r> {
    fn get(&self, column: usize) -> Option<&'r [u8]> {
        self.record.field(*self.fields.get(column)?)
    }

    fn text_from<'t>(&self, from: &'t TextFrom) -> Option<&'t [u8]>
    where
        'r: 't,
    {
        match from {
            TextFrom::Constant(text) => Some(text.as_bytes()),
            TextFrom::Column(column) => self.get(*column),
        }
    }
}

/// Numbers as runs of such as follow each other.
fn runs(mut fields: Vec<usize>) -> Vec<(usize, usize)> {
    fields.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for field in fields {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 >= field => *last = field,
            _ => runs.push((field, field)),
        }
    }
    runs
}

impl Reader<'_> {
    /// Where these stand in a file whose columns have these fields; nothing where the mapping asks for more of a row than can be known so.
    pub(super) fn quick_of(&self, fields: &[usize]) -> Option<Quick> {
        let (mapping, binding) = (self.mapping, &self.mapping.binding);
        let [case] = binding.case.as_slice() else { return None };
        let (activity, time) = binding.activity.filter(|_| binding.rows == Rows::Events)?;
        if mapping.script.is_some() || !mapping.joined.is_empty() || binding.within.is_some() != self.within.is_some() {
            return None;
        }
        if !binding.only.is_empty() {
            return None;
        }
        let field = |column: usize| fields.get(column).copied();
        let within = match self.within {
            Some(column) => Some(field(column)?),
            None => None,
        };
        let of_facts = binding.facts.iter().filter_map(|rule| match rule.cell.from {
            TextFrom::Column(column) => field(column),
            TextFrom::Constant(_) => None,
        });
        let facts = runs(of_facts.collect());
        Some(Quick { case: field(*case)?, within, activity: field(activity)?, time: field(time)?, facts })
    }

    /// Applies a row, where it can be known so; whether it was.
    pub(super) fn quick_row(&mut self, quick: &Quick, record: &Record<'_>, fields: &[usize]) -> bool {
        let is_known = self.apart.is_none() && self.quickly(quick, Row { record, fields }).is_some();
        if !is_known {
            self.last_said.may_add();
        }
        is_known
    }

    fn quickly(&mut self, quick: &Quick, row: Row<'_>) -> Option<()> {
        if !are_same(row.record.field(quick.case)?, self.assembler.last_id()?.as_bytes()) {
            return None;
        }
        if let Some(within) = quick.within
            && !are_same(row.record.field(within)?, self.assembler.last_organisation()?.as_bytes())
        {
            return None;
        }
        let mapping = self.mapping;
        let (place, binding) = (self.assembler.last, &mapping.binding);
        let adds_nothing = |rule: &LabelRule| self.has_label(place, row, rule);
        if !binding.labels.iter().all(adds_nothing) {
            return None;
        }
        let whole = || quick.facts.iter().map(|(first, last)| row.record.between(*first, *last));
        if !self.last_said.added_nothing(place, whole()) {
            if !binding.facts.iter().enumerate().all(|rule| self.has_fact(place, row, rule)) {
                return None;
            }
            self.last_said.adds_nothing(place, whole());
        }
        match self.activities.carry(row.record.field(quick.activity)?)? {
            Activity::Facts => Some(()),
            Activity::Event(kind, rules) => self.quick_event(place, row, row.record.field(quick.time)?, (*kind, rules)),
            Activity::LeftOut | Activity::Fact(_) => None,
        }
    }

    /// Whether the case has what a row says of a label, or wants none of it.
    fn has_label(&self, place: usize, row: Row<'_>, rule: &LabelRule) -> bool {
        let held = || self.assembler.label_of(place, rule.label).map(str::as_bytes);
        self.mapping.binding.within == Some(rule.label)
            || !self.assembler.wants_label(place, rule.label, rule.take)
            || row.text_from(&rule.from).is_some_and(|text| held() == Some(text))
    }

    /// The same of a fact. Where the first row counts and has said it, a row that says what the row before said adds nothing again.
    fn has_fact(&mut self, place: usize, row: Row<'_>, (number, rule): (usize, &FactRule)) -> bool {
        let is_wanted = self.assembler.wants_fact(place, rule.input, rule.take);
        let Some(text) = row.text_from(&rule.cell.from) else { return false };
        let is_constant = matches!(rule.cell.from, TextFrom::Constant(_));
        if !is_wanted && (is_constant || self.last_said.is(place, number, text)) {
            return true;
        }
        let cell = self.plan.subject.inputs.get(rule.input).and_then(|input| self.read_before(row, input, &rule.cell));
        let adds_nothing = cell.is_some_and(|cell| self.assembler.has_fact(place, rule.input, cell, rule.take));
        if adds_nothing && !is_wanted {
            self.last_said.keep(place, number, text);
        }
        adds_nothing
    }

    /// What a text was read as before.
    fn read_before(&self, row: Row<'_>, input: &Input, rule: &CellRule) -> Option<ReadCell> {
        let text = row.text_from(&rule.from).filter(|_| rule.separator.is_none())?;
        self.cells.get(key_of(input, rule, text)?)
    }

    fn quick_event(
        &mut self,
        place: usize,
        row: Row<'_>,
        time: &[u8],
        (kind, rules): (KindId, &[(FieldId, CellRule)]),
    ) -> Option<()> {
        let (plan, binding) = (self.plan, &self.mapping.binding);
        if binding.missing.iter().any(|marker| marker.as_bytes() == time) || self.assembler.room(place) == 0 {
            return None;
        }
        let at = binding.time.as_ref()?.usual(time, &mut self.last_day).filter(|at| !empty::is_too_early(*at))?;
        let declared = plan.subject.events.get(kind)?;
        let of = &declared.fields;
        let mut fields = self.assembler.spent.fields(of.len());
        for (field, rule) in rules {
            let known = of.get(*field).and_then(|input| self.read_before(row, input, rule));
            let Some((cell, slot)) = known.zip(fields.get_mut(field.place())) else {
                self.assembler.spent.give_back(fields);
                return None;
            };
            *slot = cell.datum;
        }
        let event = Occurrence { kind, at: When::Known(at), fields };
        if !may_end_so(declared, &event) {
            self.assembler.spent.give_back(event.fields);
            return None;
        }
        self.assembler.exact_event(place, kind, at, event.fields).then_some(())
    }
}
