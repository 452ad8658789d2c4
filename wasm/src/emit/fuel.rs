//! The most operators of WebAssembly that one case can cost: what a host that counts them allows a call.

use concord_engine::plan::bound::{WorkBound, working_day_turns};
use concord_engine::plan::{Class, Expr, Op, Plan, Shape, Step, Table};

use super::assembler::{EmitError, Emitted, Sizes, Work, address};
use super::walk::cuts;

/// Halvings of the most events that a case may have.
const HALVINGS_OF_EVENTS: u64 = 17;

/// The most bits of a mask of rows, or of classes.
const ROWS: u64 = 64;

/// Of one call of the function of this name.
pub(super) fn fuel(plan: &Plan, functions: &[Emitted], name: &str) -> Result<WorkBound, EmitError> {
    let place = functions.iter().position(|function| function.export == Some(name));
    let place = place.ok_or(EmitError::NoSuch("function", 0))?;
    Work::of(functions, sizes(plan)).call(address(place)?)
}

fn sizes(plan: &Plan) -> Sizes {
    let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    // Of nothing there is nothing to halve.
    let halvings = |count: usize| u64::from(size(count).checked_ilog2().unwrap_or(0)) + 1;
    let lists = plan.lists.iter().map(|list| halvings(list.values.len()));
    let mut sizes = Sizes {
        kinds: size(plan.subject.events.len()),
        halvings: lists.fold(HALVINGS_OF_EVENTS.max(halvings(plan.holidays.len())), u64::max),
        facts: size(plan.subject.inputs.len()),
        working_days: working_day_turns(plan.holidays.len()) / 2,
        ..Sizes::default()
    };
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } | Step::Column { expr, .. } => paths(expr, &mut sizes),
            Step::Table(table) => {
                sizes.rows = sizes.rows.max(size(table.rows.len()).min(ROWS));
                let classes = table.tested().map(|(place, column)| classes(table, place, column.expr.shape));
                sizes.classes = classes.fold(sizes.classes, u64::max);
                table.columns.iter().for_each(|column| paths(&column.expr, &mut sizes));
                let outputs = table.rows.iter().flat_map(|row| row.outputs.iter().flatten());
                outputs.for_each(|expr| paths(expr, &mut sizes));
            }
        }
    }
    sizes
}

/// At most so many classes has a column of a table where they are the bits of a mask, none among them.
fn classes(table: &Table, place: usize, shape: Shape) -> u64 {
    let of_values = match shape.class {
        Class::Set => u64::try_from(shape.high).unwrap_or(u64::MAX),
        Class::Range => u64::try_from(cuts(table, place, shape).len()).unwrap_or(u64::MAX),
    };
    of_values.saturating_add(2).min(ROWS)
}

/// Takes account of the paths that an expression follows.
fn paths(expr: &Expr, sizes: &mut Sizes) {
    match &expr.op {
        Op::Path(path) => {
            let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            sizes.states = sizes.states.max(size(path.states));
            sizes.symbols = sizes.symbols.max(size(path.symbols));
        }
        Op::Query(query) => query.alternatives.iter().for_each(|alternative| {
            paths(&alternative.filter, sizes);
            paths(&alternative.value, sizes);
        }),
        _ => {}
    }
    expr.op.operands().into_iter().for_each(|operand| paths(operand, sizes));
}
