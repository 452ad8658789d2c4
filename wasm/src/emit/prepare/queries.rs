//! What is asked of a case in several places is asked once, before the first of them, and kept in a cell.

use concord_engine::plan::operators::outermost;
use concord_engine::plan::{CellId, Expr, Op, Plan, Step};

use super::{exprs, exprs_mut, parts_mut};

pub(super) fn share(plan: &mut Plan) {
    let mut asked: Vec<(Expr, u32)> = Vec::new();
    plan.steps.iter().flat_map(exprs).for_each(|expr| count(expr, &mut asked));
    asked.retain(|(_, times)| *times > 1);
    let mut kept: Vec<(Expr, Option<CellId>)> = asked.into_iter().map(|(query, _)| (query, None)).collect();
    let mut steps: Vec<Step> = Vec::with_capacity(plan.steps.len() + kept.len());
    for mut step in std::mem::take(&mut plan.steps).iter().cloned() {
        let mut first = Vec::new();
        for expr in exprs_mut(&mut step) {
            put_in(expr, &mut |query| {
                let (query, cell) = kept.iter_mut().find(|(kept, _)| kept == query)?;
                Some(*cell.get_or_insert_with(|| {
                    let cell = plan.cells.push(query.shape);
                    first.push(Step::Value { cell, expr: query.clone() });
                    cell
                }))
            });
        }
        steps.extend(first);
        steps.push(step);
    }
    plan.steps = steps.into();
}

/// Whether an expression is a question about the case: it speaks of no event outside of it, and takes nothing for granted that something outside
/// of it says.
fn is_shared(expr: &Expr) -> bool {
    matches!(expr.op, Op::Query(_) | Op::Path(_)) && outermost(expr).is_none() && !takes_for_granted(expr)
}

fn takes_for_granted(expr: &Expr) -> bool {
    let inside = match &expr.op {
        Op::Assume(_) | Op::Rest(..) => return true,
        Op::Query(query) => query.alternatives.iter().flat_map(|of| [&of.filter, &of.value]).collect(),
        op => op.operands(),
    };
    inside.into_iter().any(takes_for_granted)
}

/// Counts questions; those inside a question are asked with it.
fn count(expr: &Expr, asked: &mut Vec<(Expr, u32)>) {
    if is_shared(expr) {
        match asked.iter_mut().find(|(query, _)| query == expr) {
            Some((_, times)) => *times += 1,
            None => asked.push((expr.clone(), 1)),
        }
        return;
    }
    let inside = match &expr.op {
        Op::Query(query) => query.alternatives.iter().flat_map(|of| [&of.filter, &of.value]).collect(),
        op => op.operands(),
    };
    inside.into_iter().for_each(|expr| count(expr, asked));
}

/// Puts cells in place of questions that have one.
fn put_in(expr: &mut Expr, cell: &mut impl FnMut(&Expr) -> Option<CellId>) {
    if is_shared(expr) {
        if let Some(cell) = cell(expr) {
            expr.op = Op::Cell(cell);
        }
        return;
    }
    for part in parts_mut(expr) {
        put_in(part, cell);
    }
}
