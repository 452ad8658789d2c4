//! Excuses that tell nobody apart: what every case to which it applies has, and what whoever did what is expected has.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Alternative, Expr, Function, Kinds, Op, Query};
use crate::syntax::tree;
use crate::types::Builder;
use crate::types::expressions::together::Together;
use crate::types::obligations::clause::Clauses;

impl Builder<'_> {
    /// Warns of such excuses; `tests` are what the clauses come to.
    pub(super) fn excuses_tell_apart(
        &mut self,
        clauses: &Clauses<'_>,
        (applies, trigger): (&Expr, &Expr),
        tests: &[Expr],
    ) {
        for ((said, _), test) in clauses.excused.iter().zip(tests) {
            let all = self.together(applies, test) == Some(Together::Always)
                || self.comes_with(trigger, test)
                || self.comes_with_each(clauses, test);
            let words = self.context.words(said.span);
            let (title, label, help) = if all {
                let title = format!("`{words}` holds of every case to which this applies, so all of them are excused");
                (title, "excuses everybody", "say who of them is excused, or leave the excuse out".to_owned())
            } else if let Some(negated) = self.comes_with_what_is_expected(clauses, test) {
                let never = if negated { "nothing is ever missed" } else { "nobody is ever late" };
                let of = if negated { "what must not happen" } else { "what is expected" };
                let title = format!("`{words}` excuses whoever has {of}, so {never}");
                let help = format!("ask for what came before, such as `{words} before first …`, or for another reason");
                (title, "excuses what is judged", help)
            } else if self.together(applies, test) == Some(Together::Never) {
                let title = format!("`{words}` holds of no case to which this applies, so it excuses nobody");
                (title, "excuses nobody", "correct it, or leave it out".to_owned())
            } else {
                continue;
            };
            self.faults.push(Diagnostic::warning(codes::W0901, said.span, title, label).help(help));
        }
    }

    /// Warns of an excuse that holds only where one before it does: the reason given is that one's.
    pub(super) fn each_reason_is_given(&mut self, clauses: &Clauses<'_>, tests: &[Expr]) {
        for (number, ((said, because), test)) in clauses.excused.iter().zip(tests).enumerate() {
            let wider = |before: &&Expr| self.together(test, before) == Some(Together::Always);
            let Some(before) = tests.iter().take(number).position(|before| wider(&before)) else { continue };
            let Some((first, _)) = clauses.excused.get(before) else { continue };
            let title = format!("\"{because}\" is never the reason: whoever it excuses is excused by a line before it");
            let fault = Diagnostic::warning(codes::W0601, said.span, title, "holds only where the other does");
            self.faults.push(fault.because(first.span, "the other").help("put the narrower line first, or correct it"));
        }
    }

    /// Whether a test asks for any event such as the trigger is the time of.
    fn comes_with(&self, trigger: &Expr, test: &Expr) -> bool {
        let (Op::Query(trigger), Some(any)) = (&self.behind(trigger).op, self.any_event(test)) else { return false };
        let among =
            |one: &Alternative| any.alternatives.iter().any(|all| hold(all.kinds, one.kinds) && covers(all, one));
        trigger.takes_values() && trigger.alternatives.iter().all(among)
    }

    /// Whether a test asks for any event of those that are each judged.
    fn comes_with_each(&mut self, clauses: &Clauses<'_>, test: &Expr) -> bool {
        let Some((tree::ClauseKind::ForEach(query), _)) = clauses.repeated else { return false };
        self.kinds_expected(query).is_some_and(|kinds| self.takes_any(kinds, test))
    }

    /// Whether a test asks for any event of these kinds, whatever it is like, with what else it may be.
    fn takes_any(&self, kinds: Kinds, test: &Expr) -> bool {
        let Some(any) = self.any_event(test) else { return false };
        let among = |kind: Kinds| any.alternatives.iter().any(|all| hold(all.kinds, kind) && takes_all(all));
        kinds.places().map(Kinds::one).all(among)
    }

    /// Whether a test asks for any event of what is expected, with what else it may be; and whether that must not happen.
    fn comes_with_what_is_expected(&mut self, clauses: &Clauses<'_>, test: &Expr) -> Option<bool> {
        let wanted = clauses.expect?;
        let kinds = self.kinds_expected(wanted.query)?;
        self.takes_any(kinds, test).then_some(wanted.negated)
    }

    fn kinds_expected(&mut self, query: &tree::Query) -> Option<Kinds> {
        let mark = self.faults.mark();
        let among = self.among(query);
        self.faults.take_back(mark);
        Some(among?.kinds)
    }

    fn any_event<'e>(&'e self, test: &'e Expr) -> Option<&'e Query> {
        match &self.behind(test).op {
            Op::Query(query) if query.function == Function::Any => Some(query),
            _ => None,
        }
    }
}

/// Whether all of some kinds are among these.
fn hold(all: Kinds, some: Kinds) -> bool {
    some.0 & !all.0 == 0
}

fn takes_all(alternative: &Alternative) -> bool {
    matches!(alternative.filter.op, Op::Constant(1))
}

fn covers(all: &Alternative, one: &Alternative) -> bool {
    takes_all(all) || all.filter == one.filter
}
