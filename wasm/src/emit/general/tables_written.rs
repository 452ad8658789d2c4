//! Tables whose conditions are written out, over possible values: what is possible of each column is staged in memory, the
//! conditions in the constant data, and one loop tries row after row.

use concord_engine::plan::{Class, Expr, Op, Table};

use super::value::is_yes_no;
use crate::emit::assembler::EmitError;
use crate::emit::memory::MOST_STAGED_COLUMNS;
use crate::emit::walk::{Comparison, as_interval};

/// What a row asks of a column: an interval, or a mask twice.
type Asked = (i64, i64);

/// The conditions of a table, written out.
pub(super) struct Written<'p> {
    pub(crate) columns: Vec<&'p Expr>,
    /// The rows that are impossible, as a mask.
    pub(crate) impossible: i64,
    rows: usize,
    /// Bytes of one end: 1, 2, 4 or 8.
    bytes: u8,
    /// For each row and column, the ends.
    ends: Vec<u8>,
}

impl<'p> Written<'p> {
    /// The conditions of a table, where each is one of these.
    pub(crate) fn of(table: &'p Table) -> Option<Written<'p>> {
        let rows = table.rows.iter().map(|row| row.conditions.iter().map(asked).collect::<Option<Vec<_>>>());
        let rows = rows.collect::<Option<Vec<_>>>()?;
        let mut columns: Vec<&'p Expr> = Vec::new();
        for (expr, _) in rows.iter().flatten() {
            if !columns.contains(expr) {
                columns.push(expr);
            }
        }
        if columns.is_empty() || columns.len() > usize::try_from(MOST_STAGED_COLUMNS).ok()? {
            return None;
        }
        let mut ends = Vec::new();
        for row in &rows {
            for column in &columns {
                let mut found = row.iter().filter(|(expr, _)| expr == column).map(|(_, asked)| *asked);
                ends.push(found.next());
                if found.next().is_some() {
                    return None;
                }
            }
        }
        let shapes = columns.iter().filter(|expr| expr.shape.class == Class::Range).map(|expr| expr.shape);
        let ranges = shapes.flat_map(|shape| [shape.low, shape.high]);
        let asked = ends.iter().flatten().flat_map(|(low, high)| [*low, *high]);
        let asked = asked.filter(|end| *end != i64::MIN && *end != i64::MAX);
        let values: Vec<i64> = ranges.chain(asked).collect();
        let bytes = [1, 2, 4].into_iter().find(|bytes| values.iter().all(|value| fits(*value, *bytes))).unwrap_or(8);
        let sets = columns.iter().map(|expr| expr.shape.class == Class::Set).cycle();
        let ends = ends.iter().zip(sets).flat_map(|(ends, set)| written(*ends, set, bytes)).collect();
        let impossible = table.rows.iter().zip(0_u32..).filter(|(row, _)| row.outputs.is_none());
        let impossible = impossible.fold(0, |mask, (_, number)| mask | 1_i64.wrapping_shl(number));
        Some(Written { columns, impossible, rows: rows.len(), bytes, ends })
    }

    /// The table as [`RowSearchLoop`] reads it, given the places at which its columns are staged.
    pub(super) fn table(&self, places: &[u8]) -> Result<Vec<u8>, EmitError> {
        let small =
            |n: usize| u8::try_from(n).map_err(|_| EmitError::TooLarge("a table of more than 255 rows as one mask"));
        let mut table = vec![small(places.len())?, small(self.rows)?, 64 - 8 * self.bytes];
        table.extend(places);
        table.extend(&self.ends);
        Ok(table)
    }
}

fn asked(condition: &Expr) -> Option<(&Expr, Asked)> {
    let (x, low, high) = match &condition.op {
        Op::OneOf(x, mask) => {
            let plain = x.shape.class == Class::Set && mask.cast_signed() != i64::MIN;
            return plain.then_some((&**x, (mask.cast_signed(), 0)));
        }
        Op::Within(x, low, high) => (&**x, *low, *high),
        Op::LessOrEqual(a, b) => as_interval(Comparison::LessOrEqual, a, b)?,
        Op::Less(a, b) => as_interval(Comparison::Less, a, b)?,
        Op::Equal(a, b) => as_interval(Comparison::Equal, a, b)?,
        Op::Not(x) if is_yes_no(x.shape) => (&**x, 0, 0),
        Op::Input(_) | Op::Cell(_) | Op::Parameter(_) if is_yes_no(condition.shape) => (condition, 1, 1),
        _ => return None,
    };
    let shape = x.shape;
    let low = if low <= shape.low { i64::MIN } else { low };
    let high = if high >= shape.high { i64::MAX } else { high };
    (shape.class == Class::Range).then_some((x, (low, high)))
}

fn fits(value: i64, bytes: u8) -> bool {
    let most = (1_i64 << (8 * u32::from(bytes) - 1)) - 1;
    (-most - 1..=most).contains(&value)
}

/// The bytes of a condition; an end that is open is the least or greatest of the width.
fn written(ends: Option<Asked>, set: bool, bytes: u8) -> Vec<u8> {
    let (low, high) = ends.unwrap_or(if set { (-1, 0) } else { (i64::MIN, i64::MAX) });
    let spare = 64 - 8 * u32::from(bytes);
    let low = if low == i64::MIN { i64::MIN >> spare } else { low };
    let high = if high == i64::MAX { i64::MAX >> spare } else { high };
    let ends = [low, high].map(i64::to_le_bytes);
    ends.iter().flat_map(|end| end.iter().take(usize::from(bytes)).copied()).collect()
}
