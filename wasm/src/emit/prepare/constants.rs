//! Of what depends on a condition that does not matter, the one branch; and of conditions that come to the same constant one after the other,
//! the first of all. What queries ask stays as it was written: that the time of an event is taken, and of which events, goes by that.

use concord_engine::plan::{Expr, Op, Plan, Shape};

use super::exprs_mut;
use crate::emit::memory::asks_for_events;

pub(super) fn fold(plan: &mut Plan) {
    plan.steps.iter_mut().flat_map(exprs_mut).for_each(branch);
}

fn branch(expr: &mut Expr) {
    expr.op.operands_mut().into_iter().for_each(branch);
    if asks_for_events(expr) {
        return;
    }
    let Op::If(condition, then, otherwise) = &mut expr.op else { return };
    let known = match condition.op {
        Op::Constant(known) => Some(known != 0),
        _ => (is_constant(then) && then.op == otherwise.op).then_some(true),
    };
    if let Some(known) = known {
        *expr = taken(if known { then } else { otherwise });
        return;
    }
    if !is_constant(then) {
        return;
    }
    match &mut otherwise.op {
        Op::If(next, same, rest) if same.op == then.op => {
            **condition = either(condition, next);
            **otherwise = taken(rest);
        }
        Op::Rest(next, same) if same.op == then.op => {
            expr.op = Op::Rest(Box::new(either(condition, next)), Box::new(taken(same)));
        }
        _ => {}
    }
}

fn either(one: &mut Expr, other: &mut Expr) -> Expr {
    let conditions = [taken(one), taken(other)].into_iter().flat_map(|condition| match condition.op {
        Op::Or(conditions) => conditions,
        op => vec![Expr { op, ..condition }],
    });
    Expr { op: Op::Or(conditions.collect()), shape: Shape::YES_NO }
}

/// Whether an expression comes to the same in every case. A condition between two that do leaves nothing open.
fn is_constant(expr: &Expr) -> bool {
    matches!(expr.op, Op::Constant(_) | Op::Choice(_) | Op::None)
}

/// The expression, out of its place.
fn taken(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr { op: Op::None, shape: Shape::YES_NO })
}
