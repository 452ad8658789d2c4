//! Rows of a table that say the same, put together once the table is proved.
//!
//! Where two rows have the same outputs and differ in one column only, and that column's values lie side by side, they are one row.
//! What tells them apart cannot change the answer, so it is not needed for one, and must not be named as such.
//! Two ranges with other values between them stay two rows: no range of possible values lies in both and not between, so that
//! nothing would be gained, and an explanation names the row that its author wrote.

use super::{Class, Plan, Region, Shape, Step, Table, TableColumn, TableRow};

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
    let (rows, columns) = (&table.rows, &table.columns);
    let pairs = (0..rows.len()).flat_map(|one| (one + 1..rows.len()).map(move |other| (one, other)));
    let found = pairs.into_iter().find_map(|(one, other)| {
        let merged = merged(columns, rows.get(one)?, rows.get(other)?)?;
        Some((one, other, merged))
    });
    let Some((one, other, cells)) = found else { return false };
    let text = table.rows.remove(other).text;
    if let Some(row) = table.rows.get_mut(one) {
        if row.text != text {
            row.text = format!("{}` or `{text}", row.text);
        }
        row.cells = cells;
    }
    true
}

/// The cells of two rows as one, where they can be.
fn merged(columns: &[TableColumn], one: &TableRow, other: &TableRow) -> Option<Vec<Region>> {
    if one.outputs.is_none() || one.outputs != other.outputs {
        return None;
    }
    let apart = |place: &usize| one.cells.get(*place) != other.cells.get(*place);
    let mut places = (0..columns.len()).filter(apart);
    let (place, None) = (places.next()?, places.next()) else { return None };
    let (mine, theirs) = (one.cells.get(place)?, other.cells.get(place)?);
    let shape = columns.get(place)?.expr.shape;
    if !side_by_side(mine, theirs, shape.class) {
        return None;
    }
    let mut cells = one.cells.clone();
    *cells.get_mut(place)? = mine.union(theirs);
    Some(cells)
}

/// Whether no other value lies between those of two regions. The choices of a set have no order, and none is next to everything.
fn side_by_side(one: &Region, other: &Region, class: Class) -> bool {
    class == Class::Set || one.touches(other) || one.ranges.is_empty() || other.ranges.is_empty()
}
