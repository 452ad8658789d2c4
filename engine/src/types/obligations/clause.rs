//! The clauses of an obligation, each at most once.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Citation, ClauseKind, Deadline};
use crate::text::Span;
use crate::types::Builder;

/// The clauses of an obligation, each at most once where it may be said only once.
#[derive(Default)]
pub(super) struct Clauses<'t> {
    pub source: Option<&'t Citation>,
    pub applies: Vec<&'t tree::Expr>,
    pub from: Option<&'t tree::Expr>,
    pub expect: Option<Wanted<'t>>,
    /// Obligations and conditions that must all be kept, and where that is said.
    pub bundle: Option<(&'t [tree::Expr], Span)>,
    /// Whether what was done before the trigger counts, where that is said.
    pub earlier: Option<bool>,
    pub excused: Vec<(&'t tree::Expr, &'t str)>,
    pub severity: Option<&'t str>,
    pub repeated: Option<(&'t ClauseKind, Span)>,
}

/// What is expected, and by when.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'t> {
    pub query: &'t tree::Query,
    pub negated: bool,
    pub deadline: Option<&'t Deadline>,
    pub span: Span,
}

impl Builder<'_> {
    pub(super) fn clauses<'t>(&mut self, tree: &'t tree::Obligation) -> Option<Clauses<'t>> {
        let mut clauses = Clauses::default();
        for clause in &tree.clauses {
            let twice = match &clause.kind {
                ClauseKind::Source(citation) => clauses.source.replace(citation).is_some(),
                ClauseKind::Applies(when) => {
                    clauses.applies.push(when);
                    false
                }
                ClauseKind::From(from) => clauses.from.replace(from).is_some(),
                ClauseKind::Expect { query, deadline, negated } => {
                    let wanted = Wanted { query, negated: *negated, deadline: deadline.as_ref(), span: clause.span };
                    clauses.expect.replace(wanted).is_some()
                }
                ClauseKind::AllOf(members) => clauses.bundle.replace((members, clause.span)).is_some(),
                ClauseKind::Earlier(counts) => clauses.earlier.replace(*counts).is_some(),
                ClauseKind::Excused { when, because } => {
                    clauses.excused.push((when, because));
                    false
                }
                ClauseKind::Severity(word) => clauses.severity.replace(&word.node).is_some(),
                ClauseKind::ForEach(_) | ClauseKind::ForEachPeriod(_) | ClauseKind::Every { .. } => {
                    clauses.repeated.replace((&clause.kind, clause.span)).is_some()
                }
            };
            if twice {
                let title = format!("`{}` gives this clause twice", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0901, clause.span, title, "given again here"));
            }
        }
        Some(clauses)
    }
}
