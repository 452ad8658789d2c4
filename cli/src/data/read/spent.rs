//! Memory of cases that were judged and counted, to be filled again.

use super::export::Part;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::values::codes::Codes;

/// So many texts are kept at most.
const MOST_TEXTS: usize = 1_024;

/// Cases, fields of their events, and texts.
#[derive(Default)]
pub(super) struct Spent {
    cases: Vec<Case>,
    fields: Vec<Vec<Datum>>,
    texts: Vec<String>,
    /// Lists of names and of numbers of cases, which are empty.
    ids: Vec<String>,
    order: Vec<usize>,
}

impl Spent {
    /// Takes cases back, and their names.
    pub(super) fn take_back(&mut self, part: Part) {
        let Part { mut ids, cases, mut order, .. } = part;
        self.cases = cases;
        self.texts.append(&mut ids);
        self.texts.truncate(MOST_TEXTS);
        order.clear();
        (self.ids, self.order) = (ids, order);
    }

    /// Lists of names, of cases and of their numbers, which are empty: they have room where some are spent.
    pub(super) fn lists(&mut self) -> (Vec<String>, Vec<Case>, Vec<usize>) {
        let cases = if self.cases.is_empty() { std::mem::take(&mut self.cases) } else { Vec::new() };
        (std::mem::take(&mut self.ids), cases, std::mem::take(&mut self.order))
    }

    /// A case of which nothing is known; new where none is spent.
    pub(super) fn case(&mut self) -> Case {
        // As its page says.
        let mut case = self.cases.pop().unwrap_or_default();
        case.facts.clear();
        let room = MOST_TEXTS.saturating_sub(self.texts.len());
        self.texts.extend(case.labels.drain(..).flatten().take(room));
        let fields = case.events.drain(..).map(|event| event.fields).filter(|fields| fields.capacity() > 0);
        self.fields.extend(fields);
        case.codes = Codes::default();
        case
    }

    /// Room for so many fields of an event, all missing.
    #[inline]
    pub(super) fn fields(&mut self, length: usize) -> Vec<Datum> {
        if length == 0 {
            return Vec::new();
        }
        // Where none is spent, a new one is made.
        let mut fields = self.fields.pop().unwrap_or_default();
        fields.clear();
        fields.resize(length, Datum::Missing);
        fields
    }

    /// A copy of the fields of another event.
    #[inline]
    pub(super) fn fields_of(&mut self, other: &[Datum]) -> Vec<Datum> {
        if other.is_empty() {
            return Vec::new();
        }
        // Where none is spent, a new one is made.
        let mut fields = self.fields.pop().unwrap_or_default();
        fields.clear();
        match other {
            // Mostly there is one.
            [one] => fields.push(*one),
            _ => fields.extend_from_slice(other),
        }
        fields
    }

    /// Gives fields back that belong to no event.
    pub(super) fn give_back(&mut self, fields: Vec<Datum>) {
        self.fields.extend((fields.capacity() > 0).then_some(fields));
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> String {
        // Where none is spent, a new one is made.
        let mut own = self.texts.pop().unwrap_or_default();
        text.clone_into(&mut own);
        own
    }
}
