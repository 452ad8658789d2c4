//! Obligations and the list of answers.

pub(in crate::types) mod clause;
pub(in crate::types) mod deadline;
pub(in crate::types) mod every;
pub(in crate::types) mod repeated;
pub(in crate::types) mod verdict;

use crate::names::Symbol;
use crate::plan::{Answer, AnswerKind, Expr, Obligation, Op, Shape};
use crate::syntax::tree::{self, Item};
use crate::text::Span;
use crate::types::Builder;
use crate::types::obligations::verdict::Judged;

impl Builder<'_> {
    /// Everything a caller sees, in the order of the text.
    pub(in crate::types) fn answers(&mut self, file: &tree::File) {
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

    pub(in crate::types) fn answer(
        &mut self,
        name: &str,
        label: Option<String>,
        kind: AnswerKind,
        source: Option<String>,
        span: Span,
    ) {
        self.plan.answers.push(Answer { name: name.to_owned(), label, kind, source, span });
    }

    /// The place of an obligation among the answers, built when first asked for.
    pub(in crate::types) fn obligation(&mut self, index: usize, asked_at: Span) -> Option<usize> {
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
}
