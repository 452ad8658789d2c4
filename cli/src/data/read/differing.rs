//! Cases whose rows say different values of a fact of which one row counts: two patients under one number may be among them, and whoever reads the
//! report must know.

use super::Reader;
use super::cells::key_of;
use super::doubts::Says;
use super::row_text::{RowAt, RowText};
use super::told::Told;
use crate::data::mapping::FactRule;
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::mapping::file::Take;
use crate::data::marks::{SHORT, ends_of};
use concord_engine::plan::case::Datum;
use concord_engine::plan::{Id, Input, InputId, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// What the last row of a case said of each fact, so that a row that says the same is known by its bytes.
#[derive(Default)]
pub(super) struct LastSaid {
    place: Option<usize>,
    texts: Vec<Said>,
    /// All that a row said of facts, where it added nothing, and of which case.
    whole: (Option<usize>, Vec<Said>),
    /// How the row before said whose it is, where it was known by its bytes, and of which case it was.
    whose: (Option<usize>, Vec<Said>),
}

/// A text, and its ends; none where no row said anything.
#[derive(Clone, Default)]
struct Said {
    ends: [u64; 2],
    length: Option<usize>,
    text: Vec<u8>,
}

impl Said {
    fn keep(&mut self, text: &[u8]) {
        (self.ends, self.length) = (ends_of(text), Some(text.len()));
        self.text.clear();
        self.text.extend_from_slice(text);
    }

    #[inline]
    fn is(&self, text: &[u8]) -> bool {
        self.length == Some(text.len())
            && if text.len() <= SHORT { self.ends == ends_of(text) } else { self.text == text }
    }
}

impl LastSaid {
    /// Takes note of what a row says of the fact of a rule.
    pub(super) fn keep(&mut self, place: usize, rule: usize, text: &[u8]) {
        if self.place != Some(place) {
            self.place = Some(place);
            self.texts.iter_mut().for_each(|said| said.length = None);
        }
        if self.texts.len() <= rule {
            self.texts.resize(rule + 1, Said::default());
        }
        self.texts.iter_mut().skip(rule).take(1).for_each(|said| said.keep(text));
    }

    /// Whether the last row of the case said it in the same bytes.
    #[inline]
    pub(super) fn is(&self, place: usize, rule: usize, text: &[u8]) -> bool {
        self.place == Some(place) && self.texts.get(rule).is_some_and(|last| last.is(text))
    }

    /// Whether the row before was of the same case, said the same of all facts, and added nothing.
    #[inline]
    pub(super) fn added_nothing<'r>(&self, place: usize, whole: impl Iterator<Item = Option<&'r [u8]>>) -> bool {
        are_said(&self.whole, place, whole)
    }

    /// Takes note of all that a row says of facts, which adds nothing.
    pub(super) fn adds_nothing<'r>(&mut self, place: usize, whole: impl Iterator<Item = Option<&'r [u8]>>) {
        say(&mut self.whole, place, whole);
    }

    /// Whether the row before was of the same case, and said so in the same bytes.
    #[inline]
    pub(super) fn was_whose<'r>(&self, place: usize, whose: impl Iterator<Item = Option<&'r [u8]>>) -> bool {
        are_said(&self.whose, place, whose)
    }

    /// Takes note of how a row says that it is of a case.
    pub(super) fn is_whose<'r>(&mut self, place: usize, whose: impl Iterator<Item = Option<&'r [u8]>>) {
        say(&mut self.whose, place, whose);
    }

    /// A row may have added something.
    pub(super) fn may_add(&mut self) {
        (self.whole.0, self.whose.0) = (None, None);
    }

    /// Other cases follow, which have the places of these.
    pub(super) fn forget(&mut self) {
        self.place = None;
        self.may_add();
    }
}

/// Whether a row of a case said all this.
#[inline]
fn are_said<'r>(
    (of, said): &(Option<usize>, Vec<Said>),
    place: usize,
    mut all: impl Iterator<Item = Option<&'r [u8]>>,
) -> bool {
    *of == Some(place) && said.iter().all(|said| all.next().flatten().is_some_and(|text| said.is(text)))
}

/// Takes note of all that a row of a case says.
fn say<'r>((of, said): &mut (Option<usize>, Vec<Said>), place: usize, all: impl Iterator<Item = Option<&'r [u8]>>) {
    let mut kept = 0;
    for text in all {
        if said.len() <= kept {
            said.push(Said::default());
        }
        match (text, said.get_mut(kept)) {
            (Some(text), Some(slot)) => slot.keep(text),
            _ => return *of = None,
        }
        kept += 1;
    }
    said.truncate(kept);
    *of = Some(place);
}

/// Facts that rows of a case say differently, and in how many cases that is so.
#[derive(Default)]
pub(super) struct Differing {
    found: BTreeSet<(usize, usize)>,
    /// By fact, and whether the last row counts.
    counted: BTreeMap<(usize, bool), u64>,
}

impl Differing {
    /// Takes note of one; `take` says which row counts.
    pub(super) fn add(&mut self, place: usize, input: InputId, take: Take) {
        if self.found.insert((place, input.place())) {
            *self.counted.entry((input.place(), take == Take::Last)).or_default() += 1;
        }
    }

    /// Other cases follow, which have the places of these.
    pub(super) fn forget(&mut self) {
        self.found.clear();
    }

    /// Adds what was found of other cases.
    pub(super) fn take(&mut self, other: &Differing) {
        for (which, count) in &other.counted {
            *self.counted.entry(*which).or_default() += count;
        }
    }

    /// What a reader of the results must know.
    pub(super) fn told(&self, plan: &Plan) -> Vec<Told> {
        let told = self.counted.iter().filter_map(|((input, is_last), count)| {
            let name = &plan.subject.inputs.get(InputId::at(*input))?.name;
            let which = if *is_last { "last" } else { "first" };
            let text = format!(
                "rows that say different values of `{name}`, of which the {which} counts: where it cannot change, they may be of two patients under one number"
            );
            Told::counted(*count, ("case has", "cases have"), &text).map(Told::weighing)
        });
        told.collect()
    }
}

impl Reader<'_> {
    /// Takes what a row says of a fact: it counts, or it is held against what does.
    pub(super) fn fact_of_row(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        (number, rule): (usize, &FactRule),
    ) {
        let column = match rule.cell.from {
            TextFrom::Column(column) if rule.take == Take::First => column,
            _ => return self.fact(at, row, place, rule),
        };
        let text = row.get(column);
        // A text that cannot be read is none that was read before.
        let bytes = text.as_ref().map_or(&[] as &[u8], |text| text.as_bytes());
        if self.assembler.wants_fact(place, rule.input, rule.take) {
            self.fact(at, row, place, rule);
        } else if !self.last_said.is(place, number, bytes) {
            self.says_otherwise(row, place, rule);
        } else {
            return;
        }
        self.last_said.keep(place, number, bytes);
    }

    /// Holds what a row says of a fact against what its case has.
    pub(super) fn says_otherwise(&mut self, row: &RowText<'_>, place: usize, rule: &FactRule) {
        let Some(input) = self.plan.subject.inputs.get(rule.input) else { return };
        let Some(case) = self.assembler.case(place) else { return };
        let held = Says::This(case.facts.get(rule.input.place()).copied().unwrap_or_default()); // a fact that is not there is missing
        let says = self.says(row, place, (input, &rule.cell));
        if !matches!(says, Says::Anything | Says::This(Datum::Missing)) && says != held {
            self.assembler.differing.add(place, rule.input, rule.take);
        }
    }

    /// What a row says of a fact whose case has it already: as it was read before, or for whoever reads it next.
    fn says(&mut self, row: &RowText<'_>, place: usize, (input, rule): (&Input, &CellRule)) -> Says {
        let text = match rule.from {
            TextFrom::Column(column) => row.get(column),
            TextFrom::Constant(_) => None,
        };
        let key = text.and_then(|text| key_of(input, rule, text.as_bytes()));
        if let Some(cell) = key.and_then(|key| self.cells.get(key)) {
            return Says::This(cell.datum);
        }
        // A case that is not there has brought no code.
        let mut codes = self.assembler.case(place).map(|case| case.codes.clone()).unwrap_or_default();
        let says = self.quietly(row, input, rule, &mut codes);
        if let (Some(key), Says::This(datum)) = (key, says) {
            self.cells.put(key, datum.into());
        }
        says
    }
}
