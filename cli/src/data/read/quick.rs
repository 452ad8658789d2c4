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
use concord_engine::plan::case::{Datum, Occurrence, When};
use concord_engine::plan::{FieldId, Id, Input, InputId, KindId};

/// The fields of a file that say whose a row is, what happened and when.
pub(super) struct Quick {
    case: usize,
    within: Option<usize>,
    activity: usize,
    time: usize,
    /// Those that say whose it is: the first and the last of each run of such.
    whose: Runs,
    /// The same of those that say something of a fact.
    facts: Runs,
    /// The same of all that say anything else than whose it is and when.
    says: Runs,
    /// Rows say labels beside the organisation within which a case is named.
    has_labels: bool,
    /// The bytes of the longest text that says that there is no value.
    longest_missing: usize,
}

/// The first and the last of each run of fields that follow each other.
type Runs = Vec<(usize, usize)>;

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
fn runs(mut fields: Vec<usize>) -> Runs {
    fields.sort_unstable();
    let mut runs = Runs::new();
    for field in fields {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 >= field => *last = field,
            _ => runs.push((field, field)),
        }
    }
    runs
}

/// A text of plain letters, of which nothing is to be tidied.
fn plain(text: &[u8]) -> Option<&str> {
    let is_plain = !text.is_empty() && text.iter().all(u8::is_ascii_graphic);
    std::str::from_utf8(text).ok().filter(|_| is_plain)
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
        let of_cell = |rule: &CellRule| match rule.from {
            TextFrom::Column(column) => field(column),
            TextFrom::Constant(_) => None,
        };
        let facts: Vec<usize> = binding.facts.iter().filter_map(|rule| of_cell(&rule.cell)).collect();
        let (case, activity, time) = (field(*case)?, field(activity)?, field(time)?);
        let of_events = binding.activities.values().flat_map(|activity| match activity {
            Activity::Event(_, rules) => rules.as_slice(),
            _ => &[],
        });
        let of_events = of_events.filter_map(|(_, rule)| of_cell(rule));
        let says = of_events.chain(facts.iter().copied()).chain([activity]).collect();
        let whose = within.into_iter().chain([case]).collect();
        let (whose, facts, says) = (runs(whose), runs(facts), runs(says));
        let has_labels = binding.labels.iter().any(|rule| binding.within != Some(rule.label));
        let longest_missing = binding.missing.iter().map(String::len).fold(0, usize::max);
        Some(Quick { case, within, activity, time, whose, facts, says, has_labels, longest_missing })
    }

    /// Applies a row, where it can be known so; whether it was.
    #[inline]
    pub(super) fn quick_row(&mut self, quick: &Quick, record: &Record<'_>, fields: &[usize]) -> bool {
        if self.apart.is_some() {
            return false;
        }
        let row = Row { record, fields };
        let met = self.met.find(record, &quick.says);
        if self.quickly(quick, row, met).is_some() {
            if met.is_none() {
                self.meet(quick, row);
            }
            return true;
        }
        self.last_said.may_add();
        met.is_some_and(|met| self.begins_as_met(quick, row, met).is_some())
    }

    fn quickly(&mut self, quick: &Quick, row: Row<'_>, met: Option<usize>) -> Option<()> {
        let place = self.assembler.last;
        let whose = || quick.whose.iter().map(|(first, last)| row.record.between(*first, *last));
        if !self.last_said.was_whose(place, whose()) {
            self.is_of_last(quick, row)?;
            self.last_said.is_whose(place, whose());
        }
        let mapping = self.mapping;
        let adds_nothing = |rule: &LabelRule| self.has_label(place, row, rule);
        if quick.has_labels && !mapping.binding.labels.iter().all(adds_nothing) {
            return None;
        }
        if !met.and_then(|met| self.met.get(met)).is_some_and(|said| said.facts.is_empty()) {
            self.adds_no_fact(place, quick, row)?;
        }
        if let Some(met) = met {
            let at = self.time_of(quick, row)?;
            return self.event_as_met(place, at, met);
        }
        match self.activities.carry(row.record.field(quick.activity)?)? {
            Activity::Facts => Some(()),
            Activity::Event(kind, rules) => {
                let at = self.time_of(quick, row)?;
                self.quick_event(place, row, at, (*kind, rules))
            }
            Activity::LeftOut | Activity::Fact(_) => None,
        }
    }

    /// That a row says in the same letters that it is of the case of the row before.
    fn is_of_last(&self, quick: &Quick, row: Row<'_>) -> Option<()> {
        let is_same = |field: usize, held: &str| row.record.field(field).map(|own| are_same(own, held.as_bytes()));
        let is_case = is_same(quick.case, self.assembler.last_id()?)?;
        let is_within = match quick.within {
            Some(within) => is_same(within, self.assembler.last_organisation()?)?,
            None => true,
        };
        (is_case && is_within).then_some(())
    }

    /// That what a row says of facts adds nothing to what its case has.
    fn adds_no_fact(&mut self, place: usize, quick: &Quick, row: Row<'_>) -> Option<()> {
        let mapping = self.mapping;
        let whole = || quick.facts.iter().map(|(first, last)| row.record.between(*first, *last));
        if !self.last_said.added_nothing(place, whole()) {
            if !mapping.binding.facts.iter().enumerate().all(|rule| self.has_fact(place, row, rule)) {
                return None;
            }
            self.last_said.adds_nothing(place, whole());
        }
        Some(())
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

    /// When a row was.
    #[inline]
    fn time_of(&mut self, quick: &Quick, row: Row<'_>) -> Option<i64> {
        let (binding, time) = (&self.mapping.binding, row.record.field(quick.time)?);
        if time.len() <= quick.longest_missing && binding.missing.iter().any(|marker| marker.as_bytes() == time) {
            return None;
        }
        binding.time.as_ref()?.usual(time, &mut self.last_day).filter(|at| !empty::is_too_early(*at))
    }

    /// Adds the event of a row that says what one said that was met.
    #[inline]
    fn event_as_met(&mut self, place: usize, at: i64, met: usize) -> Option<()> {
        let said = self.met.get(met)?;
        let fields = self.assembler.spent.fields_of(&said.fields);
        self.assembler.exact_event(place, said.kind, at, fields).then_some(())
    }

    fn quick_event(
        &mut self,
        place: usize,
        row: Row<'_>,
        at: i64,
        (kind, rules): (KindId, &[(FieldId, CellRule)]),
    ) -> Option<()> {
        let declared = self.plan.subject.events.get(kind)?;
        let fields = self.fields_read_before(row, (kind, rules))?;
        let event = Occurrence { kind, at: When::Known(at), fields };
        if !may_end_so(declared, &event) {
            self.assembler.spent.give_back(event.fields);
            return None;
        }
        self.assembler.exact_event(place, kind, at, event.fields).then_some(())
    }

    /// The fields of the event of a row, where each was read before.
    fn fields_read_before(
        &mut self,
        row: Row<'_>,
        (kind, rules): (KindId, &[(FieldId, CellRule)]),
    ) -> Option<Vec<Datum>> {
        let of = &self.plan.subject.events.get(kind)?.fields;
        let mut fields = self.assembler.spent.fields(of.len());
        for (field, rule) in rules {
            let known = of.get(*field).and_then(|input| self.read_before(row, input, rule));
            let Some((cell, slot)) = known.zip(fields.get_mut(field.place())) else {
                self.assembler.spent.give_back(fields);
                return None;
            };
            *slot = cell.datum;
        }
        Some(fields)
    }

    /// Begins a case with a row that says what one said that was met, where case and organisation have plain names.
    fn begins_as_met(&mut self, quick: &Quick, row: Row<'_>, met: usize) -> Option<()> {
        let binding = &self.mapping.binding;
        if quick.has_labels {
            return None;
        }
        let at = self.time_of(quick, row)?;
        let id = plain(row.record.field(quick.case)?)?;
        let organisation = match quick.within {
            Some(within) => Some(plain(row.record.field(within)?)?),
            None => None,
        };
        let is_missing = |code: &str| binding.labels.iter().any(|rule| rule.missing.iter().any(|none| none == code));
        if organisation.is_some_and(is_missing) {
            return None;
        }
        self.hand_over_before(id);
        if self.assembler.holds(id) {
            return None;
        }
        let place = self.assembler.place(id, organisation)?;
        let said = self.met.get(met)?;
        self.assembler.first_facts(place, &said.facts);
        self.event_as_met(place, at, met)
    }

    /// Takes note of what a row says that was used, where it says something new.
    pub(super) fn meet_row(&mut self, quick: &Quick, record: &Record<'_>, fields: &[usize]) {
        if self.met.find(record, &quick.says).is_none() {
            self.meet(quick, Row { record, fields });
        }
    }

    /// Takes note of what a row says that was used and is looked up, where each of its values was read before.
    fn meet(&mut self, quick: &Quick, row: Row<'_>) -> Option<()> {
        let binding = &self.mapping.binding;
        if !self.met.is_new() {
            return None;
        }
        let Activity::Event(kind, rules) = self.activities.carry(row.record.field(quick.activity)?)? else {
            return None;
        };
        let mut facts: Vec<(InputId, Datum)> = Vec::new();
        for rule in &binding.facts {
            let input = self.plan.subject.inputs.get(rule.input)?;
            let cell = self.read_before(row, input, &rule.cell).filter(|cell| !cell.refused)?;
            if facts.iter().any(|(own, _)| *own == rule.input) {
                // Two columns of one fact are held against each other.
                return None;
            }
            facts.extend((cell.datum != Datum::Missing).then_some((rule.input, cell.datum)));
        }
        let fields = self.fields_read_before(row, (*kind, rules))?;
        // Whether what has an end may stand depends on when it began.
        self.plan.subject.events.get(*kind).filter(|declared| declared.ends.is_none())?;
        self.met.keep((*kind, fields, facts));
        Some(())
    }
}
