//! Obligations that expect that something does not happen: what is missed of them is what did.

use concord_engine::plan::{Expr, Obligation, Op, Plan, Step, Verdict};

/// Whether an obligation is of what must not happen.
pub(super) fn forbids(plan: &Plan, cells: &Obligation) -> bool {
    plan.steps.iter().any(|step| match step {
        Step::Value { cell, expr } => *cell == cells.verdict && misses_what_happened(expr),
        _ => false,
    })
}

/// Whether somewhere in a verdict what happened is missed, and what did not is met or open by whether the time has passed: that of what must not happen
/// alone, and not the worst of several verdicts.
fn misses_what_happened(expr: &Expr) -> bool {
    let is = |expr: &Expr, verdict: Verdict| matches!(expr.op, Op::Choice(choice) if choice == verdict as u8);
    let Op::If(_, then, otherwise) = &expr.op else { return false };
    let by_time = match &otherwise.op {
        Op::If(_, met, open) => is(met, Verdict::Met) && is(open, Verdict::Open),
        _ => false,
    };
    is(then, Verdict::Missed) && by_time || misses_what_happened(then) || misses_what_happened(otherwise)
}
