//! When what lasts ended, as an export has it: an empty date of a system is no end, and nothing ends before it starts.

use super::Reader;
use super::rejects::Fault;
use super::row_text::{RowAt, RowText};
use crate::data::case_events::{ENDS_EARLY, empty_end};
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::mapping::empty;
use concord_engine::plan::case::{Datum, Occurrence};
use concord_engine::plan::{EventKind, FieldId, Id};

/// Whether what is read of an event may stand as it is, of when it ended.
#[inline]
pub(super) fn may_end_so(kind: &EventKind, event: &Occurrence) -> bool {
    kind.ends.is_none() || (empty_end(kind, event).is_none() && kind.ends_early(event).is_none())
}

impl Reader<'_> {
    /// Leaves out an end that is none.
    ///
    /// # Errors
    /// The event ends before it starts: one of its two times is wrong, and nobody can tell which.
    pub(super) fn ended(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        kind: &EventKind,
        event: &mut Occurrence,
        rules: &[(FieldId, CellRule)],
    ) -> Result<(), Fault> {
        if may_end_so(kind, event) {
            return Ok(());
        }
        let from = kind.ends.and_then(|end| rules.iter().find(|(field, _)| *field == end)).map(|(_, rule)| &rule.from);
        if let Some((field, end)) = empty_end(kind, event) {
            from.into_iter().for_each(|from| self.refuse(at, from, row, empty::too_early(end).to_owned()));
            event.fields.get_mut(field.place()).into_iter().for_each(|slot| *slot = Datum::Missing);
            return Ok(());
        }
        let column = from.and_then(|from| if let TextFrom::Column(column) = from { Some(*column) } else { None });
        // An end that is no column of the row has no text there.
        let found = column.and_then(|column| row.get(column)).unwrap_or_default().into_owned();
        // As above, and no name.
        let column = column.map(|column| self.column(column)).unwrap_or_default();
        Err(Fault { column, reason: ENDS_EARLY.to_owned(), found })
    }
}
