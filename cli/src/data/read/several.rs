//! Several codes in one field: each makes an event of its own.

use super::Reader;
use super::row_text::{RowAt, RowText};
use crate::data::mapping::cell::{CellRule, TextFrom};
use crate::data::names::tidy;
use concord_engine::plan::case::{Datum, Occurrence};
use concord_engine::plan::{FieldId, Id, Input};

/// An event as often as there are codes, with one each.
pub(super) fn one_a_code(event: &Occurrence, field: FieldId, codes: &[Datum]) -> Vec<Occurrence> {
    let with = |code: &Datum| {
        let mut event = event.clone();
        event.fields.iter_mut().skip(field.place()).take(1).for_each(|slot| *slot = *code);
        event
    };
    codes.iter().map(with).collect()
}

impl Reader<'_> {
    /// The codes of a field that holds several, each once; a missing one where it holds none.
    pub(super) fn codes(
        &mut self,
        at: RowAt<'_>,
        row: &RowText<'_>,
        place: usize,
        input: &Input,
        rule: &CellRule,
    ) -> Vec<Datum> {
        let (TextFrom::Column(column), Some(separator)) = (&rule.from, &rule.separator) else { return Vec::new() };
        let text = match self.text(row, *column) {
            Ok(text) if !rule.is_missing(&text) => text,
            _ => return vec![self.cell(at, row, place, input, rule).datum],
        };
        let mut codes: Vec<Datum> = Vec::new();
        for piece in text.split(separator.as_str()).map(tidy) {
            if piece.is_empty() || rule.is_missing(&piece) {
                continue;
            }
            let code = self.read(at, row, place, (input, rule), &piece).datum;
            if matches!(code, Datum::Known(_)) && codes.contains(&code) {
                self.counts.repeated += 1;
            } else {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            codes.push(Datum::Missing);
        }
        if codes.len() > 1 {
            self.counts.several += 1;
            self.counts.of_several += codes.len() as u64;
        }
        codes
    }
}
