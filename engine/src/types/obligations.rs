//! Obligations and the list of answers.

use super::Builder;
use super::judgements::Judged;
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Answer, AnswerKind, Expr, Obligation, Op, Shape};
use crate::syntax::tree::{self, Citation, ClauseKind, Deadline, Item};
use crate::text::Span;

/// The clauses of an obligation, each at most once where it may be said only once.
#[derive(Default)]
pub(super) struct Clauses<'t> {
    source: Option<&'t Citation>,
    pub applies: Vec<&'t tree::Expr>,
    pub from: Option<&'t tree::Expr>,
    pub expect: Option<Wanted<'t>>,
    /// Whether what was done before the trigger counts, where that is said.
    pub earlier: Option<bool>,
    pub excused: Vec<(&'t tree::Expr, &'t str)>,
    severity: Option<&'t str>,
    repeated: Option<(&'t ClauseKind, Span)>,
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
    /// Everything a caller sees, in the order of the text.
    pub(super) fn answers(&mut self, file: &tree::File) {
        for item in &file.items {
            match item {
                Item::Define(define) => {
                    if let Some(Symbol::Define(index)) = self.names.get(&define.name.node)
                        && let Some(built) = self.define(index, define.name.span)
                    {
                        let kind = AnswerKind::Value { cell: built.cell, ty: built.ty };
                        self.answer(&define.name.node, define.label.clone(), kind, None, define.span);
                    }
                }
                Item::Table(table) => self.table_answers(table),
                Item::Clock(clock) => {
                    if let Some(Symbol::Clock(index)) = self.names.get(&clock.name.node) {
                        self.clock_answers(index);
                    }
                }
                Item::Path(path) => {
                    if let Some(Symbol::Path(index)) = self.names.get(&path.name.node) {
                        self.path_answers(index);
                    }
                }
                Item::Obligation(obligation) => {
                    if let Some(Symbol::Obligation(index)) = self.names.get(&obligation.name.node) {
                        self.obligation(index, obligation.name.span);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn answer(
        &mut self,
        name: &str,
        label: Option<String>,
        kind: AnswerKind,
        source: Option<String>,
        span: Span,
    ) {
        self.plan.answers.push(Answer { name: name.to_owned(), label, kind, source, span });
    }

    fn table_answers(&mut self, tree: &tree::Table) {
        let Some(Symbol::Table(index)) = self.names.get(&tree.name.node) else {
            return;
        };
        let Some(cells) = self.table(index, tree.name.span) else {
            return;
        };
        if matches!(tree.policy, tree::Policy::Collect(_)) {
            let own = format!("{}.", tree.name.node);
            let built: Vec<_> =
                self.collects.iter().filter(|(n, _)| *n == tree.name.node || n.starts_with(&own)).cloned().collect();
            for (name, built) in built {
                let source = tree.source.as_ref().map(|c| self.citation(c));
                let kind = AnswerKind::Value { cell: built.cell, ty: built.ty };
                self.answer(&name, None, kind, source, tree.span);
            }
            return;
        }
        let step = self.grids.iter().find(|g| g.name == tree.name.node).map_or(0, |g| g.step);
        let source = tree.source.as_ref().map(|c| self.citation(c));
        for (column, (built, output)) in cells.iter().zip(&tree.outputs).enumerate() {
            let name = match self.names.get(&output.node) {
                _ if cells.len() == 1 => tree.name.node.clone(),
                Some(Symbol::Output(t, c)) if (t, c) == (index, column) => output.node.clone(),
                _ => format!("{}.{}", tree.name.node, output.node),
            };
            let kind = AnswerKind::Output { cell: built.cell, ty: built.ty.clone(), step };
            self.answer(&name, None, kind, source.clone(), tree.span);
        }
    }

    /// A citation as it is shown: the source's text and the place in it.
    pub(super) fn citation(&mut self, citation: &Citation) -> String {
        let found = self.plan.package.sources.iter().find(|s| s.id == citation.id.node).map(|s| s.citation.clone());
        self.plan.package.unverified |= citation.unverified;
        let Some(text) = found else {
            let title = format!("the package header gives no source `{}`", citation.id.node);
            let fault = Diagnostic::error(codes::E0708, citation.id.span, title, "which source?");
            self.faults.push(fault.help("add `source ID \"…\"` to the header, or correct the id"));
            return String::new();
        };
        let place = citation.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let unverified = if citation.unverified { " (unverified)" } else { "" };
        format!("{text}{place}{unverified}")
    }

    /// The place of an obligation among the answers, built when first asked for.
    pub(super) fn obligation(&mut self, index: usize, asked_at: Span) -> Option<usize> {
        let tree = *self.names.obligations.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.obligations, index, at, |b| b.build_obligation(tree))
    }

    fn build_obligation(&mut self, tree: &tree::Obligation) -> Option<usize> {
        let clauses = self.clauses(tree)?;
        let source = clauses.source.map(|c| self.citation(c));
        let cells = match clauses.repeated {
            None => {
                let judged = self.judged_once(tree, &clauses)?;
                self.cells_of(judged)
            }
            Some((repeated, span)) => self.repeated(tree, &clauses, repeated, span)?,
        };
        let excuses = clauses.excused.iter().map(|(_, because)| (*because).to_owned()).collect();
        let severity = clauses.severity.map(str::to_owned);
        let kind = AnswerKind::Obligation(Obligation { excuses, severity, ..cells });
        self.answer(&tree.name.node, tree.label.clone(), kind, source, tree.span);
        Some(self.plan.answers.len() - 1)
    }

    /// Puts a judgement on the whole case into cells.
    fn cells_of(&mut self, judged: Judged) -> Obligation {
        let excuse = self.store(judged.excuse);
        let trigger = self.store(judged.trigger);
        let due = self.store(judged.due);
        let done = self.store(judged.done);
        let verdict = self.store(Expr { op: Op::Verdict(Box::new(judged.verdict)), shape: Shape::set(6) });
        Obligation { verdict, trigger, due, done, excuse, counts: None, excuses: Vec::new(), severity: None }
    }

    fn clauses<'t>(&mut self, tree: &'t tree::Obligation) -> Option<Clauses<'t>> {
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
                let title = format!("`{}` says this twice", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0901, clause.span, title, "said again here"));
            }
        }
        Some(clauses)
    }
}
