//! Rows of a table that say the same, put together once the table is proved.
//!
//! Where two rows have the same outputs and differ in one column only, and that column's values lie side by side, they are one row.
//! What tells them apart cannot change the answer, so it is not needed for one, and must not be named as such.

use super::{Expr, Op, Plan, Row, Shape, Step, Table};

/// Longer tables are left as they are.
const MOST_ROWS: usize = 256;

/// Puts together what can be in every unique table of a plan.
pub fn merge_rows(plan: &mut Plan) {
    for step in &mut plan.steps {
        let Step::Table(table) = step else { continue };
        if table.first || table.rows.len() > MOST_ROWS {
            continue;
        }
        while merge_one(table) {}
        let last = i64::try_from(table.rows.len()).unwrap_or(i64::MAX) - 1;
        if let Some(shape) = plan.cells.get_mut(table.row_cell) {
            *shape = Shape::range(0, last);
        }
    }
}

/// Puts the first two rows together that can be; whether there were any.
fn merge_one(table: &mut Table) -> bool {
    let rows = &table.rows;
    let pairs = (0..rows.len()).flat_map(|one| (one + 1..rows.len()).map(move |other| (one, other)));
    let found = pairs.into_iter().find_map(|(one, other)| {
        let merged = merged(rows.get(one)?, rows.get(other)?)?;
        Some((one, other, merged))
    });
    let Some((one, other, conditions)) = found else { return false };
    let text = table.rows.remove(other).text;
    if let Some(row) = table.rows.get_mut(one) {
        row.text = format!("{}` or `{text}", row.text);
        row.conditions = conditions;
    }
    true
}

/// The conditions of two rows as one, where they can be.
fn merged(one: &Row, other: &Row) -> Option<Vec<Expr>> {
    if one.outputs.is_none() || one.outputs != other.outputs {
        return None;
    }
    let only_here = |row: &Row, than: &Row| -> Vec<Expr> {
        row.conditions.iter().filter(|c| !than.conditions.contains(c)).cloned().collect()
    };
    let (mine, theirs) = (only_here(one, other), only_here(other, one));
    let ([mine], [theirs]) = (mine.as_slice(), theirs.as_slice()) else { return None };
    let either = either(mine, theirs)?;
    let rest = one.conditions.iter().filter(|c| *c != mine).cloned();
    Some(rest.chain(either).collect())
}

/// One condition for two on the same value: nothing where it always holds.
fn either(one: &Expr, other: &Expr) -> Option<Option<Expr>> {
    match (&one.op, &other.op) {
        (Op::Within(x, a, b), Op::Within(y, c, d)) if x == y => {
            let (low, high) = (*a.min(c), *b.max(d));
            let side_by_side = *b.min(d) == a.max(c).checked_sub(1)?;
            let all = !x.shape.optional && low <= x.shape.low && high >= x.shape.high;
            let within = Expr { op: Op::Within(x.clone(), low, high), shape: one.shape };
            side_by_side.then_some((!all).then_some(within))
        }
        (Op::OneOf(x, mask), Op::OneOf(y, more)) if x == y => {
            let all = !x.shape.optional && mask | more == x.shape.full_mask();
            let one_of = Expr { op: Op::OneOf(x.clone(), mask | more), shape: one.shape };
            Some((!all).then_some(one_of))
        }
        _ => None,
    }
}
