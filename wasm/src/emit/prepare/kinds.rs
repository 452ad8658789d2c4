//! A column is filled for each kind of event by a step of its own. Where it holds the same for several, one step does for all of them.

use std::collections::BTreeSet;

use concord_engine::plan::operators::outermost;
use concord_engine::plan::{Expr, Op, Plan, Step};

use crate::emit::memory::fields_at;

pub(super) fn join(plan: &mut Plan) {
    let mut steps: Vec<Step> = Vec::with_capacity(plan.steps.len());
    for step in plan.steps.iter() {
        let joined = match step {
            Step::Column { column, kinds, expr } if is_of_any_kind(expr) => steps.iter_mut().rev().any(|before| {
                let Step::Column { column: other, kinds: others, expr: same } = before else { return false };
                let joins = other == column && same == expr;
                if joins {
                    *others = others.and(*kinds);
                }
                joins
            }),
            _ => false,
        };
        if !joined {
            steps.push(step.clone());
        }
    }
    plan.steps = steps.into();
}

/// Whether an expression says nothing of an event but when it was, so that it does not matter of which kind it is, nor which columns were
/// filled before.
fn is_of_any_kind(expr: &Expr) -> bool {
    let mut fields = BTreeSet::new();
    fields_at(expr, 0, &mut fields);
    fields.is_empty() && !reads_columns(expr)
}

fn reads_columns(expr: &Expr) -> bool {
    match &expr.op {
        Op::Column(..) | Op::Path(_) => true,
        // What is asked in a query of its own may be any, as it was filled before either.
        Op::Query(_) => outermost(expr).is_some(),
        op => op.operands().into_iter().any(reads_columns),
    }
}
