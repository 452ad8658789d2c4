//! What is counted by organisation while cases go by: found by a number made of the letters of its code, listed in the order of the codes.
//!
//! A case is looked up once: [`Codes`] number the codes of all tallies of an audit, and each finds its own by that number.

use super::organisation::answering;
use crate::data::marks::{are_same, mark_of};
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Plan, Responsible};
use std::borrow::Cow;

/// A slot of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// A code, and its number among all of an audit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code<'c> {
    pub(super) text: &'c str,
    number: usize,
}

/// Something for each code that has come up.
#[derive(Clone, Debug)]
pub(super) struct ByCode<T> {
    /// In the order in which they came up.
    codes: Vec<String>,
    /// What there is for each of them.
    held: Vec<T>,
    /// Places of codes, by a number made of their letters.
    table: Vec<usize>,
    /// Places of codes, by their number among all of the audit.
    numbered: Vec<usize>,
    /// The place that was asked for last.
    last: usize,
    /// What a place that is not there would have; each is there.
    nowhere: T,
}

/// Who answers for what is judged in cases, and the numbers of their codes.
#[derive(Clone)]
pub(super) struct Codes {
    who: Vec<Responsible>,
    numbers: ByCode<()>,
}

/// The codes of one case, by who is asked for.
pub(super) struct CodesOf<'c> {
    /// Of the first who is asked for: mostly there is no other.
    first: Option<CodeOf<'c>>,
    others: Vec<CodeOf<'c>>,
}

struct CodeOf<'c> {
    who: Responsible,
    /// Nothing where the case does not say.
    text: Option<Cow<'c, str>>,
    number: usize,
}

impl Codes {
    /// Of those who answer for something; each once.
    pub(super) fn of(all: impl Iterator<Item = Responsible>) -> Codes {
        let mut who = Vec::new();
        all.for_each(|one| {
            if !who.contains(&one) {
                who.push(one)
            }
        });
        Codes { who, numbers: ByCode::default() }
    }

    /// Those of a case.
    pub(super) fn of_case<'c>(&mut self, plan: &Plan, case: &'c Case, outcome: &Outcome) -> CodesOf<'c> {
        let mut named = self.who.iter().map(|who| {
            let text = answering(plan, Some(*who), case, outcome);
            let number = text.as_deref().map_or(EMPTY, |text| self.numbers.place(text));
            CodeOf { who: *who, text, number }
        });
        CodesOf { first: named.next(), others: named.collect() }
    }
}

impl CodesOf<'_> {
    /// The code of who answers; nothing where the case does not say.
    pub(super) fn code(&self, who: Option<Responsible>) -> Option<Code<'_>> {
        let named = self.first.iter().chain(&self.others).find(|code| Some(code.who) == who)?;
        Some(Code { text: named.text.as_deref()?, number: named.number })
    }
}

impl<T: Default> Default for ByCode<T> {
    fn default() -> Self {
        ByCode {
            codes: Vec::new(),
            held: Vec::new(),
            table: vec![EMPTY; 16],
            numbered: Vec::new(),
            last: EMPTY,
            nowhere: T::default(),
        }
    }
}

impl<T> ByCode<T> {
    /// How many codes there are.
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    /// What there is for a code.
    pub(super) fn get(&self, code: &str) -> Option<&T> {
        self.held.get(*self.table.get(self.slot(code)?)?)
    }

    /// Each code with what there is for it, in the order of the codes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        let mut all: Vec<(&String, &T)> = self.codes.iter().zip(&self.held).collect();
        all.sort_unstable_by_key(|(code, _)| *code);
        all.into_iter()
    }

    /// The slot of the table in which a code stands, or would.
    fn slot(&self, code: &str) -> Option<usize> {
        let length = self.table.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(mark_of(code) >> 8).unwrap_or_default();
        let mut slots = (0..length).map(|step| (first + step) & (length - 1));
        let fits = |place: usize| {
            place == EMPTY || self.codes.get(place).is_some_and(|held| are_same(held.as_bytes(), code.as_bytes()))
        };
        slots.find(|slot| self.table.get(*slot).is_some_and(|place| fits(*place)))
    }
}

impl<T: Default> ByCode<T> {
    /// What there is for a code; begun where it is new.
    pub(super) fn of(&mut self, code: &str) -> &mut T {
        let place = self.place(code);
        self.held.get_mut(place).unwrap_or(&mut self.nowhere)
    }

    /// The same, of a code that has a number.
    #[inline]
    pub(super) fn of_code(&mut self, code: Code<'_>) -> &mut T {
        let place = match self.numbered.get(code.number) {
            Some(place) if *place != EMPTY => *place,
            _ => self.place_of(code),
        };
        self.held.get_mut(place).unwrap_or(&mut self.nowhere)
    }

    /// The place of a code of which the number is not known yet.
    #[cold]
    fn place_of(&mut self, code: Code<'_>) -> usize {
        let place = self.place(code.text);
        self.numbered.resize(self.numbered.len().max(code.number + 1), EMPTY);
        self.numbered.iter_mut().skip(code.number).take(1).for_each(|slot| *slot = place);
        place
    }

    /// Adds what another has of each code to what there is for it.
    pub(super) fn take(&mut self, other: &ByCode<T>, mut add: impl FnMut(&mut T, &T)) {
        other.codes.iter().zip(&other.held).for_each(|(code, own)| add(self.of(code), own));
    }

    fn place(&mut self, code: &str) -> usize {
        if self.codes.get(self.last).is_none_or(|last| !are_same(last.as_bytes(), code.as_bytes())) {
            let found = self.slot(code).and_then(|slot| self.table.get(slot)).copied();
            self.last = found.filter(|place| *place != EMPTY).unwrap_or_else(|| self.begin(code));
        }
        self.last
    }

    fn begin(&mut self, code: &str) -> usize {
        self.codes.push(code.to_owned());
        self.held.push(T::default());
        if 2 * self.codes.len() > self.table.len() {
            self.table = vec![EMPTY; 2 * self.table.len()];
            (0..self.codes.len()).for_each(|place| self.put(place));
        } else {
            self.put(self.codes.len() - 1);
        }
        self.codes.len() - 1
    }

    fn put(&mut self, place: usize) {
        let slot = self.codes.get(place).and_then(|code| self.slot(code));
        slot.and_then(|slot| self.table.get_mut(slot)).into_iter().for_each(|slot| *slot = place);
    }
}
