//! Of what depends on a condition that is known when compiling, the one branch.

use concord_engine::plan::{Expr, Op, Plan};

use super::{exprs_mut, parts_mut};

pub(super) fn fold(plan: &mut Plan) {
    plan.steps.iter_mut().flat_map(exprs_mut).for_each(branch);
}

fn branch(expr: &mut Expr) {
    while let Op::If(condition, then, otherwise) = &mut expr.op {
        let Op::Constant(known) = condition.op else { break };
        let taken = if known == 0 { otherwise } else { then };
        let taken = std::mem::replace(&mut **taken, Expr { op: Op::None, shape: expr.shape });
        *expr = taken;
    }
    parts_mut(expr).into_iter().for_each(branch);
}
