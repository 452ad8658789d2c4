//! Tables whose conditions are written out, over possible values: what is possible of each column is staged in memory, the
//! conditions in the constant data, and one loop tries row after row.

use concord_engine::plan::{Class, Expr, Region, Shape, Table};

use crate::emit::assembler::EmitError;
use crate::emit::memory::MOST_STAGED_COLUMNS;

/// The most rows that fit one mask.
pub(super) const MOST_ROWS: usize = 64;

/// Whether the rows of a table are tried in one loop.
pub(crate) fn is_written(table: &Table) -> bool {
    table.rows.len() <= MOST_ROWS && Written::of(table).is_some()
}

/// What a cell asks: an interval, of which an end may be open, or a mask and nothing.
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
    /// The cells of a table, where each is one range or one mask and no column may be none.
    pub(super) fn of(table: &'p Table) -> Option<Written<'p>> {
        let (places, columns): (Vec<usize>, Vec<&'p Expr>) =
            table.tested().map(|(place, column)| (place, &column.expr)).unzip();
        let may_be_none = columns.iter().any(|expr| expr.shape.optional);
        if columns.is_empty() || may_be_none || columns.len() > usize::try_from(MOST_STAGED_COLUMNS).ok()? {
            return None;
        }
        let mut ends = Vec::new();
        for row in &table.rows {
            for (place, expr) in places.iter().zip(&columns) {
                ends.push(asked(row.cells.get(*place)?, expr.shape)?);
            }
        }
        let shapes = columns.iter().filter(|expr| expr.shape.class == Class::Range).map(|expr| expr.shape);
        let ranges = shapes.flat_map(|shape| [shape.low, shape.high]);
        let asked = ends.iter().flat_map(|(low, high)| [*low, *high]);
        let asked = asked.filter(|end| *end != i64::MIN && *end != i64::MAX);
        let values: Vec<i64> = ranges.chain(asked).collect();
        let bytes = [1, 2, 4].into_iter().find(|bytes| values.iter().all(|value| fits(*value, *bytes))).unwrap_or(8);
        let ends = ends.iter().flat_map(|ends| written(*ends, bytes)).collect();
        let impossible = table.rows.iter().zip(0_u32..).filter(|(row, _)| row.outputs.is_none());
        let impossible = impossible.fold(0, |mask, (_, number)| mask | 1_i64.wrapping_shl(number));
        Some(Written { columns, impossible, rows: table.rows.len(), bytes, ends })
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

fn asked(region: &Region, shape: Shape) -> Option<Asked> {
    if shape.class == Class::Set {
        let mask = if region.is_all(shape) { -1 } else { region.mask().cast_signed() };
        return (mask != i64::MIN).then_some((mask, 0));
    }
    let [(low, high)] = region.ranges.as_slice() else { return None };
    let low = if *low <= shape.low { i64::MIN } else { *low };
    let high = if *high >= shape.high { i64::MAX } else { *high };
    Some((low, high))
}

fn fits(value: i64, bytes: u8) -> bool {
    let most = (1_i64 << (8 * u32::from(bytes) - 1)) - 1;
    (-most - 1..=most).contains(&value)
}

/// The bytes of a cell; an end that is open is the least or greatest of the width.
fn written((low, high): Asked, bytes: u8) -> Vec<u8> {
    let spare = 64 - 8 * u32::from(bytes);
    let low = if low == i64::MIN { i64::MIN >> spare } else { low };
    let high = if high == i64::MAX { i64::MAX >> spare } else { high };
    let ends = [low, high].map(i64::to_le_bytes);
    ends.iter().flat_map(|end| end.iter().take(usize::from(bytes)).copied()).collect()
}
