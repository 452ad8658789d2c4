//! Rows whose values have keys: an object of JSON on each line, or an event of XES. What a row does not have is empty; a column of the
//! mapping that no row has at all is told, as there is no header that would have it.

use super::Reader;
use super::rejects::Fault;
use super::row_text::{RowAt, RowText};
use super::told::Told;

/// A row in the making: a text for each column that the mapping uses.
pub(super) struct Keyed {
    texts: Vec<Option<String>>,
    /// Which columns any row had.
    had: Vec<bool>,
}

impl Keyed {
    pub(super) fn of(columns: usize) -> Keyed {
        Keyed { texts: vec![None; columns], had: vec![false; columns] }
    }

    /// Before another row.
    pub(super) fn clear(&mut self) {
        self.texts.iter_mut().for_each(|text| text.get_or_insert_default().clear());
    }

    pub(super) fn set(&mut self, column: usize, value: &str) {
        self.had.iter_mut().skip(column).take(1).for_each(|had| *had = true);
        let text = self.texts.get_mut(column).map(Option::get_or_insert_default);
        text.into_iter().for_each(|text| value.clone_into(text));
    }

    /// The value is none that can be read.
    pub(super) fn set_unreadable(&mut self, column: usize) {
        self.texts.iter_mut().skip(column).take(1).for_each(|text| *text = None);
    }

    /// Where a file says which columns it has, and has all of them.
    pub(super) fn has_all(&mut self) {
        self.had.fill(true);
    }

    pub(super) fn get(&self, column: usize) -> Option<&str> {
        self.texts.get(column)?.as_deref()
    }
}

impl Reader<'_> {
    /// Counts a row and reads it, unless it is refused before.
    pub(super) fn keyed_row(&mut self, at: RowAt<'_>, row: &Keyed, refused: Option<Fault>) {
        self.counts.rows += 1;
        self.assembler.number += 1;
        let fate = match refused {
            None => self.apply(at, &RowText::SetApart(&row.texts)),
            Some(fault) => {
                let case = &self.mapping.binding.case;
                let parts: Option<Vec<String>> =
                    case.iter().map(|column| row.get(*column).map(str::to_owned)).collect();
                let parts = parts.filter(|parts| !parts.is_empty() && parts.iter().all(|part| !part.is_empty()));
                self.touch_one_of(parts.map(|parts| super::row::name_of(&parts)).into_iter().collect());
                Err(fault)
            }
        };
        self.became(at, fate);
    }

    /// Takes note of the columns that rows of a file had.
    pub(super) fn note_columns(&mut self, row: &Keyed) {
        self.had.resize(row.had.len(), false);
        self.had.iter_mut().zip(&row.had).for_each(|(all, own)| *all |= own);
    }

    /// Columns that the mapping names and that no row of all files has.
    pub(super) fn in_no_row(&self) -> Option<Told> {
        let binding = &self.mapping.binding;
        let columns =
            binding.columns.iter().enumerate().zip(&self.had).filter(|((place, _), _)| !binding.is_joined(*place));
        let never: Vec<String> = columns.filter(|(_, had)| !**had).map(|((_, name), _)| format!("`{name}`")).collect();
        let verb = if never.len() == 1 { "is" } else { "are" };
        let text = format!("{}, which the mapping names, {verb} in no row.", never.join(", "));
        (!never.is_empty()).then(|| Told::once(text).weighing())
    }
}
