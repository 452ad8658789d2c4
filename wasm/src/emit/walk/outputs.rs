//! Outputs of tables that are written out.

use concord_engine::plan::{Expr, Op, TableRow};

use crate::abi::none_of;

/// A place that is none, among constants; no range reaches so low.
pub(crate) const NONE: i64 = i64::MIN;

/// One value a row, and one more for no row.
pub(crate) fn array_of(constants: &[Option<i64>], bytes: u8) -> Vec<u8> {
    let mut array = Vec::new();
    // A row whose output is worked out, or that claims to be impossible, is not looked up here.
    for value in constants.iter().map(|value| value.unwrap_or(0)).chain([0]) {
        let value = if value == NONE { none_of(bytes) } else { value };
        array.extend(value.to_le_bytes().iter().take(usize::from(bytes)));
    }
    array
}

/// What a row says in a column.
pub(crate) fn output_of(row: &TableRow, column: usize) -> Option<&Expr> {
    row.outputs.as_ref().and_then(|outputs| outputs.get(column))
}

/// A constant output: a number, a variant's place, or [`NONE`].
pub(crate) fn constant_of(output: Option<&Expr>) -> Option<i64> {
    match output.map(|expr| &expr.op) {
        Some(Op::Constant(value)) => Some(*value),
        Some(Op::Choice(variant)) => Some(i64::from(*variant)),
        Some(Op::None) => Some(NONE),
        _ => None,
    }
}
