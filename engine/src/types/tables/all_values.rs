//! A cell whose alternatives take every value: `>= 65, <= 80`, where a comma is read as *and*.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Region, TableColumn};
use crate::syntax::tree::{Comparison, Test};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Reports alternatives that take all values together and share some, where none of them takes all by itself.
    pub(super) fn leaves_something_out(
        &mut self,
        (tests, regions, union): (&[Test], &[Region], &Region),
        column: &TableColumn,
        span: Span,
    ) -> Option<()> {
        let shape = column.expr.shape;
        let takes_all = |region: &Region| region.covers(shape.low, shape.high);
        let shared = |(place, one): (usize, &Region)| {
            regions.iter().skip(place + 1).any(|other| matches!(one.common(other), Some(Some(_))))
        };
        if !takes_all(union) || regions.iter().any(takes_all) || !regions.iter().enumerate().any(shared) {
            return Some(());
        }
        let title = "a comma means or, and every value is one of these";
        let fault = Diagnostic::error(codes::E0212, span, title, "the same as `any`");
        let denied = self.context.words(span).starts_with("not");
        let written = match tests {
            [Test::Not(one), Test::Not(other)] => {
                Some(format!("not {{ {}, {} }}", self.as_written(one), self.as_written(other)))
            }
            [Test::Compare(one, _), Test::Compare(other, _)] if is_above(*one) != is_above(*other) => {
                let both = regions.iter().cloned().reduce(|one, other| one.both(&other, shape));
                let ends = both.and_then(|both| both.ranges.first().copied());
                ends.map(|(low, high)| format!("{}..{}", column.ty.show_bare(low), column.ty.show_bare(high)))
            }
            _ => None,
        };
        let only_not = matches!(tests, [Test::Not(_), Test::Not(_)]);
        self.fault(match written {
            Some(written) if !denied || only_not => {
                let what = if only_not { "all but these" } else { "where both hold" };
                fault.help(format!("write `{written}`, {what}")).edit(span, written)
            }
            Some(written) => fault.help(format!("where both hold is `{written}`")),
            None => fault.help("write `any` where each will do, or a range such as `3..5`"),
        })
    }
}

fn is_above(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual)
}
