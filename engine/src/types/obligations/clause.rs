//! The clauses of an obligation, each at most once.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Citation, ClauseKind, Deadline, Name};
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
    pub earlier: Option<(bool, Span)>,
    pub excused: Vec<(&'t tree::Expr, &'t str)>,
    pub severity: Option<&'t str>,
    pub repeated: Option<(&'t ClauseKind, Span)>,
    /// Who answers for it, where that is said.
    pub responsible: Option<&'t Name>,
    /// How many doubts there were before.
    pub doubts: usize,
}

/// What is expected, and by when.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'t> {
    pub query: &'t tree::Query,
    pub negated: bool,
    pub deadline: Option<&'t Deadline>,
    pub span: Span,
}

impl Clauses<'_> {
    /// Whether the clause read last is an `every` beside a `for each`, or the other way round.
    fn repeated_otherwise(&self, all: &[tree::Clause]) -> bool {
        let Some((_, last)) = self.repeated else { return false };
        let kinds = all.iter().filter(|clause| clause.span.end <= last.end).map(|clause| &clause.kind);
        let every = kinds.clone().filter(|kind| matches!(kind, ClauseKind::Every { .. })).count();
        let each = |kind: &&ClauseKind| {
            matches!(kind, ClauseKind::ForEach(_) | ClauseKind::ForEachPeriod(_) | ClauseKind::ForEachDay { .. })
        };
        every == 1 && kinds.filter(each).count() == 1
    }
}

impl Builder<'_> {
    pub(super) fn clauses<'t>(&mut self, tree: &'t tree::Obligation) -> Option<Clauses<'t>> {
        let mut clauses = Clauses { doubts: self.doubts(), ..Clauses::default() };
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
                ClauseKind::Earlier(counts) => clauses.earlier.replace((*counts, clause.span)).is_some(),
                ClauseKind::Excused { when, because } => {
                    clauses.excused.push((when, because));
                    false
                }
                ClauseKind::For(name) => clauses.responsible.replace(name).is_some(),
                ClauseKind::Severity(word) => clauses.severity.replace(&word.node).is_some(),
                ClauseKind::ForEach(_)
                | ClauseKind::ForEachPeriod(_)
                | ClauseKind::ForEachDay { .. }
                | ClauseKind::Every { .. } => clauses.repeated.replace((&clause.kind, clause.span)).is_some(),
            };
            if twice && clauses.repeated_otherwise(&tree.clauses) {
                let title = "`every` and `for each` do not go together: each of them says for what a judgement is made";
                let fault = Diagnostic::error(codes::E0901, clause.span, title, "beside `for each`");
                return self.fault(fault.help("what is due on each day of an event that lasts is `for each day of Stay` with `expect Obs`; what is due again and again from one event to another is `every 4 h from first Stay until first Discharge`"));
            }
            if twice {
                let title = format!("`{}` gives this clause twice", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0901, clause.span, title, "given again here"));
            }
        }
        self.all_count(tree, &clauses)?;
        Some(clauses)
    }

    /// A clause that has no meaning beside the others is refused: it would be read as if it had one.
    fn all_count(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<()> {
        let Some(wanted) = clauses.expect else { return Some(()) };
        let before = matches!(wanted.deadline, Some(Deadline::Before(_)));
        let (idle, why, help) = match clauses.repeated {
            None if before && clauses.from.is_none() => (
                clauses.earlier.map(|(_, span)| span),
                "whatever is expected before an event is earlier, and it counts",
                "leave it out; a window leaves out what is too early: `within 24 h before first X`, `after first Y`",
            ),
            Some((ClauseKind::Every { from, .. }, _)) => {
                let twice = clauses.from.filter(|_| from.is_some()).map(|from| from.span);
                let other = clauses.earlier.map(|(_, span)| span).or(wanted.deadline.map(|_| wanted.span));
                let no = wanted.negated.then_some(wanted.span);
                (
                    twice.or(no).or(other),
                    "`every` says from when, and when the next is due",
                    "write `every 1 h from first X until first Y` and `expect Z`, without more",
                )
            }
            Some((ClauseKind::ForEachPeriod(_), _)) => {
                let stop = wanted.query.events.name() == Some("stop");
                let earlier = clauses.earlier.filter(|_| stop).map(|(_, span)| span);
                (
                    clauses.from.map(|from| from.span).or(earlier),
                    "a period is judged from its own start, and its stop is never earlier",
                    "leave it out",
                )
            }
            Some((ClauseKind::ForEachDay { .. }, _)) => (
                clauses
                    .from
                    .map(|from| from.span)
                    .or(clauses.earlier.map(|(_, span)| span))
                    .or(wanted.deadline.map(|_| wanted.span)),
                "each day is judged by itself: what is expected is due on the day",
                "leave it out; `expect Review where time of at <= 10:00` says by which time of the day",
            ),
            _ => return Some(()),
        };
        let Some(idle) = idle else { return Some(()) };
        let title = format!("`{}` says something that changes nothing", tree.name.node);
        self.fault(Diagnostic::error(codes::E0905, idle, title, why).help(help))
    }
}
