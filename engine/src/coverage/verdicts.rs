//! Verdicts: each that an obligation can have at all comes in some case; and what was done is at its deadline, just before and just after.

use super::notes::Notes;
use super::thresholds::{MINUTE, side};
use super::{Aspect, Point};
use crate::compile::Again;
use crate::evaluate::{Evaluated, Known, evaluate};
use crate::plan::case::{Case, Datum};
use crate::plan::{AnswerKind, CellId, Class, DueBy, Obligation, Plan, Verdict};
use crate::syntax::tree::{Clause, ClauseKind, Item};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT, local_date};

/// Notes the verdicts of every obligation.
pub(super) fn declare(notes: &mut Notes<'_>) {
    let of = notes.of;
    let plan = &of.package.plan;
    let nothing = nothing_known(plan);
    for (answer, obligation) in obligations(plan) {
        let mut possible = [false; 6];
        for case in &nothing {
            let outcome = evaluate(plan, case, &vec![None; plan.parameters.len()]);
            let verdict = outcome.cells.get(obligation.verdict);
            for (place, possible) in possible.iter_mut().enumerate() {
                let counted = obligation.counts.and_then(|counts| outcome.cells.get(*counts.get(place)?));
                *possible |= match counted {
                    Some(count) => count.high > 0,
                    None => verdict.is_some_and(|verdict| verdict.low >> place & 1 == 1),
                };
            }
        }
        let never_open = judged_when_over(of, &answer.name);
        for (verdict, _) in Verdict::ALL.iter().zip(possible).filter(|(_, possible)| *possible) {
            if never_open && *verdict == Verdict::Open {
                continue;
            }
            let point = Point::of(Aspect::Verdict, answer.span, answer.name.clone());
            notes.declare(verdict.name(), Point { side: verdict.name(), ..point });
        }
        let falls_due = plan.cells.get(obligation.due).is_some_and(|due| due.low < due.high);
        if falls_due && obligation.counts.is_none() && possible.get(Verdict::Late as usize).is_some_and(|late| *late) {
            for (word, _) in DEADLINE {
                let point = Point::of(Aspect::Side, answer.span, answer.name.clone());
                notes.declare(word, Point { side: word, ..point });
            }
        }
    }
}

/// Whole days are judged when they are over, so that none is ever open.
fn judged_when_over(of: &Again, name: &str) -> bool {
    let whole_days = |clause: &Clause| matches!(clause.kind, ClauseKind::ForEachDay { whole: true, .. });
    let item = |item: &Item| matches!(item, Item::Obligation(one) if one.name.node == name && one.clauses.iter().any(whole_days));
    of.file.items.iter().any(item)
}

/// What the sides of a deadline are called.
const DEADLINE: [(&str, &str); 3] =
    [("just before the deadline", "just below"), ("at the deadline", "at"), ("just after the deadline", "just above")];

/// On which side of its deadline something was done; of a deadline that is a day, on that day, the day before or the day after.
fn near(done: i64, due: i64, due_by: DueBy) -> Option<&'static str> {
    match due_by {
        DueBy::Day | DueBy::WorkingDay => side(local_date(done), local_date(due), 1),
        DueBy::Instant | DueBy::Part => side(done, due, MINUTE),
    }
}

fn obligations(plan: &Plan) -> impl Iterator<Item = (&crate::plan::Answer, &Obligation)> {
    plan.answers.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Obligation(obligation) => Some((answer, obligation)),
        _ => None,
    })
}

/// Cases of which nothing is known, at the first and at the last instant: what is possible of them is possible.
fn nothing_known(plan: &Plan) -> Vec<Case> {
    let subject = &plan.subject;
    let at = |as_of: i64| Case {
        as_of,
        facts: vec![Datum::Missing; subject.inputs.len()],
        labels: vec![None; subject.labels.len()],
        events: Vec::new(),
        not_supplied: u64::MAX,
        ..Case::default()
    };
    [FIRST_INSTANT, 0, LAST_INSTANT].into_iter().map(at).collect()
}

/// Marks the verdicts that a case has.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>) {
    let of = notes.of;
    for (answer, obligation) in obligations(&of.package.plan) {
        let verdict = evaluated.cell(obligation.verdict).only(Class::Set).and_then(Known::place);
        for (place, verdict_of) in Verdict::ALL.iter().enumerate() {
            let counted = obligation.counts.and_then(|counts| counts.get(place).copied());
            let counted = counted.is_some_and(|count| evaluated.cell(count).low > 0);
            if counted || verdict == Some(place) {
                notes.mark(Aspect::Verdict, answer.span, verdict_of.name());
            }
        }
        let number = |cell: CellId| evaluated.cell(cell).only(Class::Range).and_then(Known::value);
        if let Some((done, due)) = number(obligation.done).zip(number(obligation.due))
            && let Some(near) = near(done, due, obligation.due_by)
            && let Some((word, _)) = DEADLINE.iter().find(|(_, side)| *side == near)
        {
            notes.mark(Aspect::Side, answer.span, *word);
        }
    }
}
