//! One judgement: trigger, deadline, what was done, and the verdict that follows from them.
//!
//! A judgement stands at a place: on the whole case, or on one occurrence of a repeated obligation, where the trigger is the
//! current event.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{DueBy, Expr, Op, Shape, Verdict, VerdictOf};
use crate::syntax::tree::{self, Deadline};
use crate::types::expressions::terms::{all, present, yes_no};
use crate::types::obligations::clause::{Clauses, Wanted};
use crate::types::obligations::deadline::Expected;
use crate::types::package::declared_type::MOST_CHOICES;
use crate::types::{Builder, Place};

/// One choice is left for no excuse.
const MOST_EXCUSES: usize = MOST_CHOICES - 1;

/// A judgement as expressions at its place.
pub(super) struct Judged {
    pub verdict: Expr,
    pub trigger: Expr,
    pub due: Expr,
    pub due_by: DueBy,
    pub done: Expr,
    pub excuse: Expr,
}

impl Builder<'_> {
    /// A judgement on the whole case.
    pub(super) fn judged_once(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<Judged> {
        let wanted = self.wanted(tree, clauses)?;
        let place = Place::default();
        if let Some(Deadline::Before(before)) = wanted.deadline {
            if let Some(from) = clauses.from {
                let title = "what is expected before an event needs no `from`";
                let fault = Diagnostic::error(codes::E0904, from.span, title, "not needed");
                return self.fault(fault.help("leave out `from`: the obligation arises when the later event happens"));
            }
            let trigger = self.before_what(before, place)?.time;
            self.given(&trigger, place);
            let expected = self.expected_before(clauses, wanted, before, None, place)?;
            return self.judgement(clauses, trigger, expected, place);
        }
        let Some(from) = clauses.from else {
            let title = format!("`{}` does not say from when", tree.name.node);
            let fault = Diagnostic::error(codes::E0903, tree.name.span, title, "no `from`");
            return self
                .fault(fault.help("add a line such as `from first Triage`: the deadline is counted from there"));
        };
        let start = self.start(from, wanted, place)?;
        let expected = self.expected(clauses, wanted, &start, place)?;
        self.judgement(clauses, start.trigger, expected, place)
    }

    pub(super) fn wanted<'t>(&mut self, tree: &tree::Obligation, clauses: &Clauses<'t>) -> Option<Wanted<'t>> {
        if clauses.expect.is_none() {
            let title = format!("`{}` does not say what is expected", tree.name.node);
            let fault = Diagnostic::error(codes::E0902, tree.name.span, title, "nothing expected");
            return self.fault(fault.help("add a line such as `expect Antibiotics within 1 h`"));
        }
        clauses.expect
    }

    /// What must hold for an obligation to apply, as far as its clauses and the package say so.
    pub(super) fn applies(&mut self, clauses: &Clauses<'_>, place: Place) -> Option<Vec<Expr>> {
        let mut applies = Vec::new();
        for when in &clauses.applies {
            applies.push(self.condition(when, place)?);
        }
        applies.extend(self.in_force());
        Some(applies)
    }

    /// What excuses it, in order.
    pub(super) fn excuses(&mut self, clauses: &Clauses<'_>, place: Place) -> Option<Vec<Expr>> {
        if let Some((one, _)) = clauses.excused.get(MOST_EXCUSES) {
            let title = format!("an obligation has at most {MOST_EXCUSES} lines `excused when`");
            let fault = Diagnostic::error(codes::E0306, one.span, title, "one too many");
            return self.fault(fault.help("put conditions of one reason together with `or`"));
        }
        let mut tests = Vec::new();
        for (when, _) in &clauses.excused {
            tests.push(self.condition(when, place)?);
        }
        self.each_reason_is_given(clauses, &tests);
        Some(tests)
    }

    /// The verdict from what was expected, with the clauses that limit and excuse it.
    pub(super) fn judgement(
        &mut self,
        clauses: &Clauses<'_>,
        trigger: Expr,
        expected: Expected,
        place: Place,
    ) -> Option<Judged> {
        let mut applies = self.applies(clauses, place)?;
        applies.extend(expected.applies);
        if trigger.shape.optional {
            applies.push(present(&trigger));
        }
        let tests = self.excuses(clauses, place)?;
        // Where it does not apply, nothing is judged: whatever it needs to apply is there.
        let conditions: Vec<&Expr> = applies.iter().collect();
        self.ruled_out(clauses.doubts, self.doubts(), &conditions, true, place);
        let applies = all(applies);
        self.excuses_tell_apart(clauses, (&applies, &trigger), &tests);
        let count = i64::try_from(tests.len()).unwrap_or(62);
        let excuse = Expr { op: Op::FirstYes(tests), shape: Shape::set(count + 1) };
        let excuse = self.kept(excuse, place);
        let excused = if count == 0 {
            Expr { op: Op::Constant(0), shape: Shape::YES_NO }
        } else {
            yes_no(Op::OneOf(Box::new(excuse.clone()), (1 << count) - 1))
        };
        let Expected { due, due_by, done, happened, in_time, passed, forbidden, .. } = expected;
        let of = VerdictOf { applies, excused, happened, in_time, passed };
        let verdict =
            if forbidden { forbidden_verdict(of) } else { Expr { op: Op::Verdict(Box::new(of)), shape: VERDICT } };
        Some(Judged { verdict, trigger, due, due_by, done, excuse })
    }
}

const VERDICT: Shape = Shape::set(6);

/// The verdict on what must not happen: missed where it has; otherwise met once the deadline has passed, and open until then.
fn forbidden_verdict(of: VerdictOf) -> Expr {
    let choice = |verdict: Verdict| Expr { op: Op::Choice(verdict as u8), shape: VERDICT };
    let either = |test: Expr, then: Expr, otherwise: Expr| Expr {
        op: Op::If(Box::new(test), Box::new(then), Box::new(otherwise)),
        shape: VERDICT,
    };
    let without = either(of.passed, choice(Verdict::Met), choice(Verdict::Open));
    let judged = either(of.happened, choice(Verdict::Missed), without);
    let never_excused = matches!(of.excused.op, Op::Constant(0));
    let judged = if never_excused { judged } else { either(of.excused, choice(Verdict::Excused), judged) };
    either(of.applies, judged, choice(Verdict::NotApplicable))
}
