//! Which rules lanes take: those that ask about facts alone, by tests, tables and whole numbers.

use concord_engine::plan::{Expr, Op, Plan, Step};

use crate::abi::Layout;
use crate::emit::memory::{Reads, is_wanted};

/// The most rows of a table that is no array, and which each lane therefore tries.
const MOST_TRIED: usize = 64;

/// Whether everything that something reads can be worked out in lanes.
pub(crate) fn takes(plan: &Plan, reads: &Reads, layout: &Layout) -> bool {
    plan.steps.iter().all(|step| match step {
        Step::Value { cell, expr } => !is_wanted(*cell, reads, layout) || takes_expr(expr),
        Step::Column { column, .. } => !reads.columns.contains(column),
        Step::Table(table) => {
            let outputs = table.rows.iter().flat_map(|row| &row.outputs).flatten();
            table.rows.len() <= MOST_TRIED
                && table.tested().all(|(_, column)| takes_expr(&column.expr))
                && outputs.into_iter().all(takes_expr)
        }
    })
}

fn takes_expr(expr: &Expr) -> bool {
    let of_events = matches!(
        expr.op,
        Op::Field(..) | Op::At(_) | Op::Order(_) | Op::Column(..) | Op::AsOf | Op::Query(_) | Op::Path(_)
    );
    let of_times = matches!(expr.op, Op::AddWorkingDays(..) | Op::Weekday(_) | Op::Overlap(_) | Op::Call(..));
    let of_others = matches!(expr.op, Op::Divide(..) | Op::Formula(_) | Op::InList(..));
    !(of_events || of_times || of_others) && expr.op.operands().into_iter().all(takes_expr)
}
