//! Whether a measure can come out in two ways: one of an obligation that can never be missed is always 100%.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::Expr;
use crate::syntax::tree::{self, ClauseKind, MeasureKind};
use crate::types::Builder;
use crate::types::expressions::together::Together;
use crate::types::obligations::asked_when::closes;

impl Builder<'_> {
    /// Says so where nothing ends the time for what a measure is of: it is open until it is done, so none is missed; or, where it must not happen,
    /// until it happens, so none is met.
    pub(super) fn comes_out_in_two_ways(&mut self, tree: &tree::Measure) {
        if self.over.is_some() {
            return;
        }
        let of = tree.entries.iter().find_map(|entry| match &entry.kind {
            MeasureKind::OfObligation(of) | MeasureKind::OfEach { of, .. } => Some(of),
            _ => None,
        });
        let Some([name]) = of.map(|of| of.parts.as_slice()) else { return };
        let Some(Symbol::Obligation(index)) = self.names().get(&name.node) else { return };
        let Some(negated) = self.names().obligations.get(index).and_then(|obligation| endless(obligation)) else {
            return;
        };
        let (done, rate) = if negated { ("met", "0%") } else { ("missed", "100%") };
        let title = format!("`{}` can never be {done}, so `{}` is always {rate}", name.node, tree.name.node);
        let fault = Diagnostic::warning(codes::W0901, name.span, title, "nothing says by when");
        self.faults.push(fault.help("say by when in the obligation, such as `within 4 h`, or with which events a case ends in the subject, such as `ends with Discharge`"));
    }

    /// The same of cases: what `met when` asks must not hold of all that `where` lets count, or of none of them.
    pub(super) fn comes_out_in_two_ways_of_cases(
        &mut self,
        tree: &tree::Measure,
        of: &Expr,
        (asked, met): (&tree::Expr, &Expr),
    ) {
        let (which, rate) = match self.together(of, met) {
            Some(Together::Always) => ("every case that is counted", "100%"),
            Some(Together::Never) => ("no case that is counted", "0%"),
            None => return,
        };
        let said = self.context.words(asked.span);
        let title = format!("`{said}` holds of {which}, so `{}` is always {rate}", tree.name.node);
        let fault = Diagnostic::warning(codes::W0901, asked.span, title, "tells none of them apart");
        self.faults.push(fault.help(
            "`of cases where` says who is counted, and `met when` who of them did what is wanted: one of the two is another",
        ));
    }

    /// An exclusion must not hold of all that are counted.
    pub(super) fn leaves_someone(&mut self, of: &Expr, (asked, excused): (&tree::Expr, &Expr)) {
        if self.together(of, excused) == Some(Together::Always) {
            let said = self.context.words(asked.span);
            let title = format!("`{said}` holds of every case that is counted, so all of them are excused");
            let fault = Diagnostic::warning(codes::W0901, asked.span, title, "nobody is left");
            self.faults.push(fault.help("say who of them is excused, or leave the exclusion out"));
        }
    }
}

/// Of an obligation that says no time by which, whether it is about what must not happen. One that is judged again and again, or made of
/// others, has its times from these.
fn endless(obligation: &tree::Obligation) -> Option<bool> {
    let mut found = None;
    for clause in &obligation.clauses {
        match &clause.kind {
            // Of a window or a `where` that closes it is told in the obligation.
            ClauseKind::Expect { deadline: None, query, .. }
                if query.windows.iter().any(|w| w.kind.closes()) || closes(query) =>
            {
                return None;
            }
            ClauseKind::Expect { deadline: None, negated, .. } => found = Some(*negated),
            ClauseKind::Expect { .. }
            | ClauseKind::AllOf(_)
            | ClauseKind::ForEachPeriod(_)
            | ClauseKind::ForEachDay { .. }
            | ClauseKind::Every { .. } => return None,
            _ => {}
        }
    }
    found
}
