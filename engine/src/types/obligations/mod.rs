//! Obligations: the clauses, the judgement that follows from them, and its cells.

pub(in crate::types) mod asked_when;
mod before;
mod begun_by;
mod bundle;
mod clause;
mod day;
mod deadline;
mod every;
mod excuses;
mod gap;
pub(in crate::types) mod judged_event;
mod repeated;
mod responsible;
mod start;
mod stop;
mod verdict;
mod windows;

use crate::plan::{AnswerId, AnswerKind, CellId, DueBy, Obligation};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::Builder;
use crate::types::obligations::verdict::Judged;

impl Builder<'_> {
    /// The place of an obligation among the answers, built when first asked for.
    pub(in crate::types) fn obligation(&mut self, index: usize, asked_at: Span) -> Option<AnswerId> {
        let tree = *self.names().obligations.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.obligations, index, at, |b| b.build_obligation(tree))
    }

    fn build_obligation(&mut self, tree: &tree::Obligation) -> Option<AnswerId> {
        let clauses = self.clauses(tree)?;
        let source = clauses.source.map(|c| self.citation(c));
        let cells = match clauses.repeated {
            _ if clauses.bundle.is_some() => self.bundle(tree, &clauses)?,
            None => {
                let judged = self.judged_once(tree, &clauses)?;
                self.cells_of(judged)
            }
            Some((repeated, span)) => self.repeated(tree, &clauses, repeated, span)?,
        };
        let excuses = clauses.excused.iter().map(|(_, because)| (*because).to_owned());
        let excuses = excuses.chain(clauses.bundle.map(|_| bundle::EXCUSED.to_owned())).collect();
        let severity = clauses.severity.map(str::to_owned);
        let responsible = match clauses.responsible {
            Some(name) => self.responsible_called(name),
            None => self.only_organisation(&tree.name),
        };
        let kind = AnswerKind::Obligation(Obligation { excuses, severity, responsible, ..cells });
        Some(self.answer(&tree.name.node, tree.label.clone(), kind, source, tree.span))
    }

    /// Puts a judgement on the whole case into cells.
    fn cells_of(&mut self, judged: Judged) -> Obligation {
        let excuse = self.plan.store(judged.excuse);
        let trigger = self.plan.store(judged.trigger);
        let due = self.plan.store(judged.due);
        let done = self.plan.store(judged.done);
        let verdict = self.plan.store(judged.verdict);
        Obligation { trigger, due, due_by: judged.due_by, done, excuse, ..of_verdict(verdict) }
    }
}

/// An obligation of which nothing is known but the cell of its verdict, which the others are too.
fn of_verdict(verdict: CellId) -> Obligation {
    Obligation {
        verdict,
        trigger: verdict,
        due: verdict,
        due_by: DueBy::Instant,
        done: verdict,
        excuse: verdict,
        counts: None,
        excuses: Vec::new(),
        severity: None,
        responsible: None,
        members: Vec::new(),
    }
}
