//! Columns that are asked for once, of each event that one query of the case asks about: where events are bits they are worked out there,
//! and stand nowhere in memory.

use std::collections::BTreeMap;

use concord_engine::plan::{ColumnId, Expr, Kinds, Op, Plan, Running, Step};

use super::knows;
use crate::emit::memory::fields_of;

/// Where an expression stands.
#[derive(Clone, Copy)]
enum Within {
    /// outside all queries
    Case,
    /// in a query of the case, about events of these kinds
    Query(Kinds),
    Deeper,
}

/// Of each column every place where it is asked for: the kinds of the query's events, where it is one of the case that asks it of them.
type Uses = BTreeMap<ColumnId, Vec<Option<Kinds>>>;

/// The columns, and what each is worked out by.
pub(in crate::emit::strict) fn asked_once(plan: &Plan) -> BTreeMap<ColumnId, &Expr> {
    let mut uses = Uses::new();
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } => visit(expr, Within::Case, &mut uses),
            Step::Column { expr, .. } => visit(expr, Within::Deeper, &mut uses),
            Step::Table(table) => {
                table.columns.iter().for_each(|column| visit(&column.expr, Within::Deeper, &mut uses));
                let outputs = table.rows.iter().flat_map(|row| &row.outputs).flatten();
                outputs.for_each(|output| visit(output, Within::Deeper, &mut uses));
            }
        }
    }
    for column in plan.judged.iter().flat_map(|each| each.columns()) {
        uses.entry(column).or_default().push(None);
    }
    let filled: Vec<(ColumnId, Kinds, &Expr)> = plan.steps.iter().filter_map(filling).collect();
    let only = |column: ColumnId| filled.iter().filter(|(other, ..)| *other == column).count() == 1;
    let asked = |column: ColumnId, kinds: Kinds| matches!(uses.get(&column).map(Vec::as_slice), Some([Some(asked)]) if asked.and(kinds) == kinds);
    let once = filled.iter().filter(|(column, kinds, expr)| {
        only(*column) && asked(*column, *kinds) && knows(*kinds) && is_plain(expr) && fields_of(expr, *kinds).is_empty()
    });
    once.map(|(column, _, expr)| (*column, *expr)).collect()
}

fn filling(step: &Step) -> Option<(ColumnId, Kinds, &Expr)> {
    match step {
        Step::Column { column, kinds, expr } => Some((*column, *kinds, expr)),
        _ => None,
    }
}

/// Whether an expression is a running query without another in it.
fn is_plain(expr: &Expr) -> bool {
    Running::of(expr).is_some_and(|(_, query)| {
        query.alternatives.iter().all(|alternative| !asks(&alternative.filter) && !asks(&alternative.value))
    })
}

fn asks(expr: &Expr) -> bool {
    matches!(expr.op, Op::Query(_) | Op::Path(_)) || expr.op.operands().into_iter().any(asks)
}

fn visit(expr: &Expr, within: Within, uses: &mut Uses) {
    match &expr.op {
        Op::Column(column, level) => {
            let asked = match within {
                Within::Query(kinds) if *level == 0 => Some(kinds),
                _ => None,
            };
            uses.entry(*column).or_default().push(asked);
        }
        Op::Path(path) => uses.entry(path.column).or_default().push(None),
        Op::Query(query) => {
            for alternative in &query.alternatives {
                let within = if let Within::Case = within { Within::Query(alternative.kinds) } else { Within::Deeper };
                visit(&alternative.filter, within, uses);
                visit(&alternative.value, within, uses);
            }
        }
        op => op.operands().into_iter().for_each(|operand| visit(operand, within, uses)),
    }
}
