//! Rows that a quotation mark has swallowed: it was opened in a text and closed by the mark of another, and the rows between are the text of one field.

use super::records::Record;
use super::told::Told;

/// Of lines with so few separators in all, nobody can tell whether they are rows or a text.
const FEW: usize = 3;

/// Lines within fields that look like rows.
#[derive(Default)]
pub(super) struct Swallowed {
    lines: u64,
    first: Option<u64>,
}

impl Swallowed {
    /// Looks through the fields of a record that has several lines.
    pub(super) fn add(&mut self, record: Record<'_>, (columns, delimiter): (usize, u8), line: u64) {
        let separators = columns.saturating_sub(1);
        let is_row = |text: &&[u8]| text.iter().filter(|byte| **byte == delimiter).count() == separators;
        for field in record.fields().filter(|field| field.contains(&b'\n')) {
            let rows = field.split(|byte| *byte == b'\n').skip(1).filter(is_row).count();
            if rows * separators >= FEW {
                self.lines += rows as u64;
                self.first.get_or_insert(line);
            }
        }
    }

    /// What a reader of the results must know.
    pub(super) fn told(&self) -> Option<Told> {
        let line = self.first?;
        let text = format!(
            "like a row, within the text of one field (the first such text begins in line {line}): a quotation mark there was perhaps never closed, and another ended it"
        );
        Told::counted(self.lines, ("line looks", "lines look"), &text).map(Told::weighing)
    }
}
