//! Rows that do not count, whatever they say happened: those of which a column says another thing than `only` in the mapping names, and results in
//! messages that are none, or none yet.

use super::Reader;
use super::hl7_results::{NOT_FINAL, PERHAPS};
use super::rejects::Fault;
use super::row_text::RowText;
use crate::data::mapping::Activity;
use crate::data::mapping::OnlyRule;

impl Reader<'_> {
    /// Why a row is left out before its case is asked for: its result is none.
    pub(super) fn is_none(&self, row: &RowText<'_>) -> Option<String> {
        let why = row.get(self.mapping.binding.standing?)?;
        (!why.is_empty() && why != NOT_FINAL && why != PERHAPS).then(|| why.into_owned())
    }

    /// Why a row of a case does not count. Of a result that is not final, or perhaps no result, its kind of event is not supplied in full, and its fact is not
    /// known where it might count.
    pub(super) fn does_not_count(
        &mut self,
        row: &RowText<'_>,
        place: usize,
        (activity, time): (usize, usize),
    ) -> Option<String> {
        let mapping = self.mapping;
        let binding = &mapping.binding;
        if let Some(why) = binding.standing.and_then(|column| row.get(column)).filter(|why| !why.is_empty()) {
            // What the mapping does not know is refused, as it would be if it were final.
            let name = self.text(row, activity).ok()?;
            match binding.activities.get(name.as_ref()) {
                Some(Activity::Event(kind, _)) => self.assembler.mark_incomplete(place, *kind),
                Some(Activity::Fact(rule)) => self.may_say(row, (place, time), rule),
                Some(_) => {}
                None if binding.leave_out_others => {}
                None => return None,
            }
            return Some(why.into_owned());
        }
        let other = binding.only.iter().find(|only| self.says_another(row, only))?;
        Some(format!("another `{}` than [events] `only` names", self.column(other.column)))
    }

    /// Whether a row says something in a column that must hold one of some texts, and none of them.
    fn says_another(&self, row: &RowText<'_>, only: &OnlyRule) -> bool {
        let text = self.text(row, only.column).ok();
        text.is_some_and(|text| {
            !only.holds(&text) && !self.mapping.binding.missing.iter().any(|missing| *missing == text)
        })
    }

    /// That a row says what `only` asks for: one that does not may have counted.
    pub(super) fn says_whether_it_counts(&self, row: &RowText<'_>) -> Result<(), Fault> {
        for only in &self.mapping.binding.only {
            let text = self.text(row, only.column)?;
            if !only.holds(&text) {
                let reason = "the row does not say whether it counts, and `only` does not name the empty text";
                let (column, reason) = (self.column(only.column), reason.to_owned());
                return Err(Fault { column, reason, found: String::new() });
            }
        }
        Ok(())
    }
}
