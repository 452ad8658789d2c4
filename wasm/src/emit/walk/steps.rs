//! The steps of a plan as they are worked on. What is worked out for the same events stands in one loop, as long as nothing between fills what
//! the later ones read: columns that look at no other event, running queries about the same others, and questions about the case.

use std::collections::BTreeSet;

use concord_engine::plan::{
    Alternative, CellId, ColumnId, Expr, Function, Kinds, Op, Plan, Query, Running, Step, StepId, Table,
};

use super::repeats::{is_nearest, since};
use crate::emit::memory::{Reads, asks_for_events};

/// See the module.
pub(crate) enum Work<'p> {
    /// A step that fills cells.
    Step(StepId, &'p Step),
    /// Columns for events of these kinds: plain ones, one that asks for other events, or running queries about the same others.
    Columns(Kinds, Vec<(ColumnId, &'p Expr)>),
    /// Cells that hold what questions about the same events of the case come to.
    Questions(Vec<(CellId, &'p Expr)>),
}

/// What is to be done, without columns that nothing reads.
pub(super) fn work<'p>(plan: &'p Plan, reads: &Reads) -> Vec<Work<'p>> {
    let mut all = Vec::new();
    for (number, step) in plan.steps.placed() {
        match step {
            Step::Column { column, .. } if !reads.columns.contains(column) => {}
            Step::Column { column, kinds, expr } => {
                let joins = |work: &Work<'_>| matches!(work, Work::Columns(same, columns) if same == kinds && join_columns(columns, expr));
                match joined(&mut all, expr, joins) {
                    Some(Work::Columns(_, columns)) => columns.push((*column, expr)),
                    _ => all.push(Work::Columns(*kinds, vec![(*column, expr)])),
                }
            }
            Step::Value { cell, expr } if is_question(expr) => {
                let joins = |work: &Work<'_>| matches!(work, Work::Questions(asked) if join_questions(asked, expr));
                match joined(&mut all, expr, joins) {
                    Some(Work::Questions(asked)) => asked.push((*cell, expr)),
                    _ => all.push(Work::Questions(vec![(*cell, expr)])),
                }
            }
            Step::Value { .. } | Step::Table(_) => all.push(Work::Step(number, step)),
        }
    }
    all
}

/// The last work that an expression joins, with nothing after it that the expression reads.
fn joined<'w, 'p>(all: &'w mut [Work<'p>], expr: &Expr, joins: impl Fn(&Work<'p>) -> bool) -> Option<&'w mut Work<'p>> {
    let (mut cells, mut columns) = (BTreeSet::new(), BTreeSet::new());
    reads(expr, &mut cells, &mut columns);
    let fills = |work: &Work<'_>| match work {
        Work::Columns(_, filled) => filled.iter().any(|(column, _)| columns.contains(column)),
        Work::Questions(asked) => asked.iter().any(|(cell, _)| cells.contains(cell)),
        Work::Step(_, Step::Value { cell, .. }) => cells.contains(cell),
        Work::Step(_, Step::Table(Table { row_cell, output_cells, .. })) => {
            output_cells.iter().chain([row_cell]).any(|cell| cells.contains(cell))
        }
        Work::Step(_, Step::Column { column, .. }) => columns.contains(column),
    };
    let mut at = all.len();
    loop {
        at = at.checked_sub(1)?;
        let work = all.get(at)?;
        // What joins plain columns may read those before it.
        if joins(work) {
            return all.get_mut(at);
        }
        if fills(work) {
            return None;
        }
    }
}

/// The cells and the columns that an expression reads.
fn reads(expr: &Expr, cells: &mut BTreeSet<CellId>, columns: &mut BTreeSet<ColumnId>) {
    match &expr.op {
        Op::Cell(cell) => drop(cells.insert(*cell)),
        Op::Column(column, _) => drop(columns.insert(*column)),
        Op::Path(path) => drop(columns.insert(path.column)),
        Op::Query(query) => {
            for Alternative { filter, value, .. } in &query.alternatives {
                reads(filter, cells, columns);
                reads(value, cells, columns);
            }
        }
        _ => {}
    }
    expr.op.operands().into_iter().for_each(|operand| reads(operand, cells, columns));
}

/// Whether one more column can be filled with others: all only look at the event that they are filled for, or all ask about the same others.
fn join_columns(columns: &[(ColumnId, &Expr)], expr: &Expr) -> bool {
    if !columns.iter().map(|(_, expr)| *expr).chain([expr]).any(asks_for_events) {
        return true;
    }
    let Some((running, query)) = Running::of(expr) else { return false };
    columns.iter().all(|(column, other)| {
        let mut read = BTreeSet::new();
        reads(expr, &mut BTreeSet::new(), &mut read);
        let apart = !read.contains(column);
        apart && Running::of(other).is_some_and(|(others, other)| others == running && ask_alike(other, query))
    })
}

/// Whether questions ask about the same events.
fn join_questions(asked: &[(CellId, &Expr)], expr: &Expr) -> bool {
    let mut cells = BTreeSet::new();
    reads(expr, &mut cells, &mut BTreeSet::new());
    let Op::Query(query) = &expr.op else { return false };
    asked.iter().all(|(cell, other)| {
        let alike = matches!(&other.op, Op::Query(other) if ask_alike(other, query));
        alike && !cells.contains(cell)
    })
}

/// Whether two queries go through the same events in the same order, without a look at others.
fn ask_alike(one: &Query, other: &Query) -> bool {
    let ([a], [b]) = (one.alternatives.as_slice(), other.alternatives.as_slice()) else { return false };
    let plain = |of: &Alternative| !asks_for_events(&of.filter) && !asks_for_events(&of.value);
    let last = |query: &Query| query.function == Function::Last;
    a.kinds == b.kinds && last(one) == last(other) && plain(a) && plain(b)
}

/// Whether an expression is a event query that may be asked with others.
fn is_question(expr: &Expr) -> bool {
    let Op::Query(query) = &expr.op else { return false };
    let gathered = match query.function {
        Function::Nth(_) | Function::MedianDoubled => false,
        // Those that are shorter alone: a function of the runtime gathers them.
        Function::First | Function::Last => !is_nearest(query, expr.shape),
        _ => true,
    };
    gathered && query.alternatives.len() == 1 && since(query).is_none()
}
