//! The plan as it is compiled: what it asks several times is asked once. It means the same as the plan that the interpreter works on.
//!
//! * `constants`: conditions that are known when compiling
//! * `kinds`: what a column holds for events of several kinds, filled in one go where it is the same
//! * `queries`: what is asked of a case in several places, in a cell of its own

mod constants;
mod kinds;
mod queries;

use concord_engine::plan::{Claim, Expr, Op, Plan, Step, StepId, Table};

/// See the module.
pub(super) fn prepared(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    constants::fold(&mut plan);
    kinds::join(&mut plan);
    queries::share(&mut plan);
    plan
}

/// Claims of a prepared plan as those of the plan that it was made of: it has the same tables in the same order, at other places.
pub(super) fn as_written(claims: &[Claim], prepared: &Plan, plan: &Plan) -> Vec<Claim> {
    let tables = |plan: &Plan| -> Vec<StepId> {
        let steps = plan.steps.placed().filter(|(_, step)| matches!(step, Step::Table(_)));
        steps.map(|(number, _)| number).collect()
    };
    let (from, to) = (tables(prepared), tables(plan));
    let said = claims.iter().filter_map(|claim| {
        let place = from.iter().position(|step| *step == claim.step)?;
        Some(Claim { step: *to.get(place)?, ..*claim })
    });
    said.collect()
}

/// The expressions of a step.
fn exprs(step: &Step) -> Vec<&Expr> {
    match step {
        Step::Value { expr, .. } | Step::Column { expr, .. } => vec![expr],
        Step::Table(Table { columns, rows, .. }) => {
            let outputs = rows.iter().flat_map(|row| row.outputs.iter().flatten());
            columns.iter().map(|column| &column.expr).chain(outputs).collect()
        }
    }
}

/// The same, to be changed.
fn exprs_mut(step: &mut Step) -> Vec<&mut Expr> {
    match step {
        Step::Value { expr, .. } | Step::Column { expr, .. } => vec![expr],
        Step::Table(Table { columns, rows, .. }) => {
            let outputs = rows.iter_mut().flat_map(|row| row.outputs.iter_mut().flatten());
            columns.iter_mut().map(|column| &mut column.expr).chain(outputs).collect()
        }
    }
}

/// What an expression is made of, in queries too.
fn parts_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.op {
        Op::Query(query) => query.alternatives.iter_mut().flat_map(|of| [&mut of.filter, &mut of.value]).collect(),
        op => op.operands_mut(),
    }
}
