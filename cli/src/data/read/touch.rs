//! What a refused row may have touched: verdicts that it could change are unknown, and never missed.
//!
//! A row whose activity nobody knows may have been any event of its case. One of the wrong length names its case where its fields still
//! stand in their columns, counted from the front or from the back, or holds the name somewhere; where it names none, the report says so.

use super::Reader;
use super::doubts::Says;
use super::records::Record;
use super::rejects::Fault;
use super::row::name_of;
use super::row_text::{RowText, decode, tidied};
use crate::data::mapping::Activity;
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::mapping::file::{Rows, Take};
use crate::data::refused_value::RefusedValue;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Id, Input, InputId, KindId, Kinds};
use concord_engine::values::codes::{Codebook, Codes};

/// Of more rows than this, the case is not looked for again once all are read.
const MOST_PENDING: usize = 100_000;

impl Reader<'_> {
    /// A refused row of a known case: its facts may be meant or not.
    pub(super) fn doubt(&mut self, row: &RowText<'_>, place: usize) {
        let mapping = self.mapping;
        // A case that is not there has brought no code.
        let mut codes = self.assembler.case(place).map(|case| case.codes.clone()).unwrap_or_default();
        for rule in &mapping.binding.facts {
            let Some(input) = self.plan.subject.inputs.get(rule.input) else { continue };
            let says = self.quietly(row, input, &rule.cell, &mut codes);
            self.doubt_fact(place, rule.input, rule.take, says);
        }
    }

    /// What a row that does not count says of a fact, or may say.
    pub(super) fn doubt_fact(&mut self, place: usize, input: InputId, take: Take, says: Says) {
        let held = self.assembler.case(place).and_then(|case| case.facts.get(input.place()).copied());
        // A fact that is not there is missing.
        self.assembler.doubts.add(place, input, take, held.unwrap_or_default(), says);
    }

    /// A value as it would be read, without a word about what is wrong with it; one that cannot be read may be anything.
    pub(super) fn quietly(&self, row: &RowText<'_>, input: &Input, rule: &CellRule, codes: &mut Codes) -> Says {
        let TextFrom::Column(column) = rule.from else { return Says::This(Datum::Missing) };
        let Some(text) = row.get(column) else { return Says::Anything };
        let read = match rule.unit_column {
            // A unit that cannot be read is none that is declared.
            Some(unit) => rule.read_in(input, &text, &row.get(unit).unwrap_or_default()),
            None => rule.read(input, &text, &mut Codebook { package: &self.plan.codes, case: codes }),
        };
        read.map_or(Says::Anything, |cell| Says::This(cell.datum))
    }

    /// A row that may have said anything of a case.
    fn touch_whole(&mut self, place: usize) {
        self.assembler.mark_all(place);
        let mapping = self.mapping;
        for rule in &mapping.binding.facts {
            if matches!(rule.cell.from, TextFrom::Column(_)) {
                self.doubt_fact(place, rule.input, rule.take, Says::Anything);
            }
        }
        for activity in mapping.binding.activities.values() {
            let Activity::Fact(rule) = activity else { continue };
            match rule.taking {
                Some(taking) => self.assembler.takings.add(place, taking, When::Unknown, Says::Anything),
                None => self.doubt_fact(place, rule.input, rule.take, Says::Anything),
            }
        }
    }

    /// The same of all cases of a name.
    pub(super) fn touch_all(&mut self, id: &str) {
        for place in self.assembler.called(id) {
            self.touch_whole(place);
        }
    }

    /// A row whose fields cannot be trusted: the case that it names is touched, now or once all rows are read.
    pub(super) fn touch_unshaped(&mut self, record: Record<'_>, (columns, fields): (usize, &[usize])) {
        let texts: Vec<String> = record
            .fields()
            // A field that cannot be read names no case.
            .map(|field| decode(field).map(tidied).map(std::borrow::Cow::into_owned).unwrap_or_default())
            .collect();
        let case = &self.mapping.binding.case;
        if case.is_empty() {
            // Each row is a case of its own, and this one is none.
            return;
        }
        let named = |place: &dyn Fn(usize) -> Option<usize>| {
            let parts = case.iter().map(|column| texts.get(place(*fields.get(*column)?)?).cloned());
            parts.collect::<Option<Vec<String>>>().filter(|parts| parts.iter().all(|part| !part.is_empty()))
        };
        let from_front = named(&Some);
        let from_back = named(&|field| field.checked_add(texts.len())?.checked_sub(columns));
        let mut candidates: Vec<String> = [from_front, from_back].into_iter().flatten().map(|p| name_of(&p)).collect();
        // Where each row is a whole case, one that names none is a case of its own that is lost.
        if case.len() == 1 && self.mapping.binding.rows == Rows::Events {
            candidates.extend(texts.iter().filter(|text| !text.is_empty()).cloned());
        }
        self.touch_one_of(candidates);
    }

    /// The first of these names that is that of a case: the case is touched, now or once all rows are read.
    pub(super) fn touch_one_of(&mut self, candidates: Vec<String>) {
        if let Some(apart) = &mut self.apart {
            match candidates.is_empty() {
                true => self.unplaced += 1,
                false => apart.put_unshaped(self.counts.rows, candidates),
            }
            return;
        }
        match candidates.first() {
            Some(first) if !self.assembler.called(first).is_empty() => self.touch_all(&first.clone()),
            Some(_) if self.pending.len() < MOST_PENDING => self.pending.push(candidates),
            _ => self.unplaced += 1,
        }
    }

    /// Looks again for the cases of rows that named none when they were read.
    ///
    /// Before the end of the export, only those are settled whose first candidate is there: it would be found at the end as well.
    pub(super) fn settle_pending(&mut self, at_the_end: bool) {
        for candidates in std::mem::take(&mut self.pending) {
            if !at_the_end && candidates.first().is_none_or(|id| !self.assembler.holds(id)) {
                self.pending.push(candidates);
                continue;
            }
            match candidates.iter().find(|id| !self.assembler.called(id).is_empty()) {
                Some(id) => self.touch_all(&id.clone()),
                None => self.unplaced += 1,
            }
        }
    }

    /// A row of a case that already has one, where each row is a whole case: what the two say differently is not known.
    pub(super) fn row_again(&mut self, row: &RowText<'_>, place: usize) -> Fault {
        let mapping = self.mapping;
        let Some(case) = self.assembler.case(place).cloned() else {
            return Fault::of_row("the case already has a row, and each row is a whole case");
        };
        let (mut differs, mut codes) = (false, case.codes.clone());
        for rule in &mapping.binding.facts {
            let Some(input) = self.plan.subject.inputs.get(rule.input) else { continue };
            let says = self.quietly(row, input, &rule.cell, &mut codes);
            // What neither says in a way that can be read is not known either way.
            let unread = |held: &Datum| *held == Datum::Missing && says == Says::Anything;
            let same = |held: &Datum| Says::This(*held) == says || unread(held);
            differs |= !case.facts.get(rule.input.place()).is_some_and(same);
            self.doubt_fact(place, rule.input, Take::Only, says);
        }
        for event in &mapping.binding.column_events {
            let counts = self.counts;
            let read = self.text(row, event.at).and_then(|text| self.time(event.at, &text));
            self.counts = counts;
            let held = |at| case.events.iter().any(|held| held.kind == event.kind && held.at == at);
            let same = match read {
                Ok(Some(at)) => held(at),
                Ok(None) => !case.events.iter().any(|held| held.kind == event.kind),
                Err(_) => false,
            };
            if !same {
                differs = true;
                self.assembler.mark_incomplete(place, event.kind);
            }
        }
        again(differs)
    }

    /// The same of a case that is read whole.
    pub(super) fn case_again(&mut self, place: usize, other: &Case, refused: &[RefusedValue]) -> Fault {
        let Some(case) = self.assembler.case(place).cloned() else { return again(true) };
        let of = |value: &RefusedValue, name: &str| value.path.split(['.', '[']).next() == Some(name);
        for ((input, declared), datum) in self.plan.subject.inputs.placed().zip(&other.facts) {
            let refused = refused.iter().any(|value| of(value, &declared.name));
            let says = if refused { Says::Anything } else { Says::This(*datum) };
            self.doubt_fact(place, input, Take::Only, says);
        }
        let of = |case: &Case, kind: KindId| -> Vec<Occurrence> {
            case.events.iter().filter(|event| event.kind == kind).cloned().collect()
        };
        for (kind, _) in self.plan.subject.events.placed() {
            let may_lack = other.not_supplied & Kinds::one(kind).0 != 0;
            if may_lack || of(&case, kind) != of(other, kind) {
                self.assembler.mark_incomplete(place, kind);
            }
        }
        again(case != *other)
    }
}

fn again(differs: bool) -> Fault {
    Fault::of_row(if differs {
        "the case already has a row, and each row is a whole case; what the two say differently is not known"
    } else {
        "the case already has a row that says the same"
    })
}
