//! What stands in a table twice: an alternative of a cell, and rows of a `collect` table that let through the same, of which each has its say.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Region};
use crate::syntax::tree::{self, Test};
use crate::types::Builder;
use crate::types::tables::cell::place_of;
use crate::types::tables::{Conditions, ConditionsOfRow};

impl Builder<'_> {
    /// Warns of an alternative of a cell that stands in it twice: `low, low`.
    pub(super) fn warn_of_alternative_twice(
        &mut self,
        (tests, regions): (&[Test], &[Region]),
        (test, own): (&Test, &Region),
    ) {
        let first = regions.iter().position(|region| region == own && !own.is_empty());
        let first = first.and_then(|first| tests.get(first)).and_then(place_of);
        if let Some((first, again)) = first.zip(place_of(test)).filter(|_| self.context.inlining().is_none()) {
            self.listed_twice(first, again);
        }
    }

    /// Warns of a row that asks the same as one before it. Of a list two rows may give different choices for one condition.
    pub(super) fn warn_of_rows_twice(
        &mut self,
        tree: &tree::Table,
        how: &str,
        conditions: &Conditions,
        values: &[Option<Vec<Expr>>],
    ) {
        if self.context.inlining().is_some() {
            return;
        }
        let mut told = Vec::new();
        for (number, again) in conditions.rows.iter().enumerate() {
            let same = |first: &&ConditionsOfRow| {
                first.cells == again.cells && (how != "list" || values.get(first.row) == values.get(again.row))
            };
            let Some(first) = conditions.rows.iter().take(number).find(same) else { continue };
            let row = |of: &ConditionsOfRow| tree.rows.get(of.row).map(|row| row.span);
            told.extend(row(first).zip(row(again)));
        }
        for (first, again) in told {
            let (title, help) = match how {
                "sum" => (
                    "this row fits wherever one before it does, and both are added",
                    "correct its cells, or leave it out; where both are meant, write one row with the sum of the two",
                ),
                "count" => (
                    "this row fits wherever one before it does, and both are counted",
                    "correct its cells, or leave it out",
                ),
                _ => ("this row fits wherever one before it does", "correct its cells, or leave one of the two out"),
            };
            let fault = Diagnostic::warning(codes::W0601, again, title, "the same cells again");
            self.faults.push(fault.because(first, "the first").help(help));
        }
    }
}
