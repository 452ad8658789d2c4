//! `of each E in x`: a measure that counts the judgements of an obligation, one for each event E that it judges.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Basis, Taken};
use crate::plan::{AnswerId, AnswerKind, Expr, Id, JudgedEach, KindId, Kinds, Op};
use crate::syntax::tree::{Name, Path};
use crate::types::expressions::at_hand::AtHand;
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// The basis of a measure that counts judgements.
    pub(super) fn each_basis(&mut self, event: &Name, of: &Path) -> Option<Basis> {
        let obligation = self.obligation_named(of)?;
        let name = self.plan.answers.get(obligation)?.name.clone();
        let kind = self.judged_events.iter().find(|judged| judged.obligation == name).map(|judged| judged.kind);
        let Some(kind) = kind else {
            return self.judges_no_event_of_a_kind(obligation, &name, event, of);
        };
        let judged = self.plan.subject.events.get(kind).map_or_else(String::new, |kind| kind.name.clone());
        match self.names().get(&event.node) {
            Some(symbol @ Symbol::Event(found)) if KindId::at(found) == kind => self.mention(event.span, symbol),
            _ => {
                let title = format!("`{name}` judges each `{judged}`, not each `{}`", event.node);
                let fault = Diagnostic::error(codes::E0923, event.span, title, "not what is judged");
                return self.fault(fault.help(format!("write `of each {judged} in {name}`")).edit(event.span, judged));
            }
        }
        let judged = self.columns_of_each(&name, kind)?;
        Some(Basis::Each { obligation, judged })
    }

    /// What judges the waits from one event to the next, the periods of a clock or a set of events has no events of one kind that a measure could
    /// be of.
    fn judges_no_event_of_a_kind<T>(&mut self, obligation: AnswerId, name: &str, event: &Name, of: &Path) -> Option<T> {
        let answer = self.plan.answers.get(obligation).map(|answer| &answer.kind);
        let repeated = matches!(answer, Some(AnswerKind::Obligation(judged)) if judged.counts.is_some());
        let title = format!("`{name}` does not judge each event of a kind");
        let (label, help) = if repeated {
            let help = "what `every`, `for each period` and `for each` of a set judge is not an event of one kind: a measure counts the cases, each by its worst";
            ("it judges something else", format!("write `of obligation {name}`; {help}"))
        } else {
            ("one verdict on each case", format!("write `of obligation {name}`, or give it `for each {}`", event.node))
        };
        self.fault(Diagnostic::error(codes::E0923, of.span, title, label).help(help))
    }

    fn columns_of_each(&mut self, name: &str, kind: KindId) -> Option<usize> {
        let judged = self.judged_events.iter().find(|judged| judged.obligation == name)?;
        let [trigger, due, done, _] = judged.shown.clone();
        let due_by = judged.due_by;
        let parts = [judged.among.clone(), judged.verdict.clone(), trigger, due, done];
        let [among, verdict, trigger, due, done] = parts.map(|part| self.plan.column_of(Kinds::one(kind), part));
        let splits = Vec::new();
        Some(self.plan.judge_each(JudgedEach { kind, among, verdict, trigger, due, due_by, done, splits }))
    }

    /// Where the parts of a measure are worked out: at the event, where it counts judgements.
    pub(super) fn place_of_measure(&mut self, obligation: AnswerId, judged: usize, of: &Path) -> Option<Place> {
        let name = self.plan.answers.get(obligation)?.name.clone();
        let alias = self.judged_events.iter().find(|judged| judged.obligation == name).and_then(|j| j.alias.clone());
        let kind = self.plan.judged.get(judged)?.kind;
        self.enter(Place::default(), AtHand::Event(kind), alias, of.span)
    }

    /// Where what splits a measure is found.
    pub(super) fn split_by(&mut self, expr: Expr, basis: &Basis) -> Taken {
        match basis {
            Basis::Each { judged, .. } => {
                let Some(kind) = self.plan.judged.get(*judged).map(|each| each.kind) else {
                    return Taken::Case(self.plan.store(expr));
                };
                let column = self.plan.column_of(Kinds::one(kind), expr);
                Taken::Event(self.plan.split_each(*judged, column))
            }
            _ => match expr.op {
                Op::Cell(cell) => Taken::Case(cell),
                _ => Taken::Case(self.plan.store(expr)),
            },
        }
    }
}
