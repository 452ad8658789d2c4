//! Tables whose conditions are written out, over possible values: the columns are held in memory, the conditions in the
//! constant data, and one loop tries row after row.

use concord_engine::plan::{Class, Expr, Op, Table};
use wasm_encoder::Function;

use super::code::Code;
use super::helpers::{Helper, Helpers, IMPOSSIBLE, ROW};
use super::layout::is_yes_no;
use super::node::{Bin, Node, Ty, Width, int, long};
use super::walk::{Comparison, as_interval};

/// The most columns of such a table.
pub(super) const MOST_COLUMNS: u32 = 16;
/// Bytes of a column in memory: low, high, needs, nothing.
pub(super) const COLUMN: u32 = 32;
/// What stands for the greatest value of a set.
pub(super) const SET: i64 = i64::MIN;

const SLOT: Width = Width::signed(8);

/// What a row asks of a column: an interval, or a mask twice.
type Asked = (i64, i64);

/// The conditions of a table, written out.
pub(super) struct Written<'p> {
    pub(super) columns: Vec<&'p Expr>,
    /// Bytes of one end: 2, 4 or 8.
    pub(super) bytes: u8,
    /// For each row and column, the ends.
    pub(super) data: Vec<u8>,
    /// The rows that are impossible, as a mask.
    pub(super) impossible: i64,
}

impl<'p> Written<'p> {
    /// The conditions of a table, where each is one of these.
    pub(super) fn of(table: &'p Table) -> Option<Written<'p>> {
        let rows = table.rows.iter().map(|row| row.conditions.iter().map(asked).collect::<Option<Vec<_>>>());
        let rows = rows.collect::<Option<Vec<_>>>()?;
        let mut columns: Vec<&'p Expr> = Vec::new();
        for (expr, _) in rows.iter().flatten() {
            if !columns.contains(expr) {
                columns.push(expr);
            }
        }
        if columns.is_empty() || columns.len() > usize::try_from(MOST_COLUMNS).ok()? {
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
        let values = shapes.flat_map(|shape| [shape.low, shape.high]);
        let values = values.chain(ends.iter().flatten().flat_map(|(a, b)| [*a, *b]));
        let values: Vec<i64> = values.filter(|value| *value != i64::MIN && *value != i64::MAX).collect();
        let bytes = [2, 4].into_iter().find(|bytes| values.iter().all(|value| fits(*value, *bytes))).unwrap_or(8);
        let sets = columns.iter().map(|expr| expr.shape.class == Class::Set).cycle();
        let data = ends.iter().zip(sets).flat_map(|(ends, set)| written(*ends, set, bytes)).collect();
        let rows = table.rows.iter().zip(0_u32..).filter(|(row, _)| row.outputs.is_none());
        let impossible = rows.fold(0, |mask, (_, number)| mask | 1_i64.checked_shl(number).unwrap_or(0));
        Some(Written { columns, bytes, data, impossible })
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

/// `(conditions, columns, rows, the impossible ones) → 0`: tries the rows, up to the first that certainly matches.
pub(super) fn build(helpers: &mut Helpers, bytes: u8, kind: u8, at: u32) -> Function {
    let mut code = Code::new(&[Ty::I32, Ty::I32, Ty::I32, Ty::I64]);
    let [address, columns, rows, impossible] = [0, 1, 2, 3].map(|index| code.parameter(index));
    let width = Width::signed(bytes);
    code.discard(&helpers.call(Helper::Start, Vec::new()));
    let top = code.repeat();
    let bits = code.variable(&int(3));
    let column = code.variable(&int(0));
    let next = code.repeat();
    let part = |part: u32| column.load(SLOT, at + 8 * part);
    let (low, high, needs) = (part(0), code.share(&part(1)), part(2));
    let least = address.load(width, 0).to(Ty::I64);
    let most = address.load(width, u32::from(bytes)).to(Ty::I64);
    code.when(&high.eq(&long(SET)));
    let one_of = helpers.call(Helper::OneOf, vec![low.clone(), least.clone(), needs.clone()]);
    code.set(&bits, &bits.bin(Bin::And, &one_of));
    code.otherwise();
    let within = helpers.call(Helper::Within, vec![low, high, least, most, needs]);
    code.set(&bits, &bits.bin(Bin::And, &within));
    code.end();
    code.set(&address, &address.add(&int(i64::from(2 * bytes))));
    code.set(&column, &column.add(&int(i64::from(COLUMN))));
    code.leave_when(next, &column.bin(Bin::LtS, &columns));
    code.end();
    let certain = code.local(Ty::I32);
    code.when(&impossible.bin(Bin::And, &ROW).ne(&long(0)));
    code.set(&certain, &helpers.call(Helper::Row(kind | IMPOSSIBLE), vec![bits.clone()]));
    code.otherwise();
    code.set(&certain, &helpers.call(Helper::Row(kind), vec![bits]));
    code.end();
    code.when(&certain);
    code.finish(&int(0));
    code.end();
    code.set(&rows, &rows.sub(&int(1)));
    code.leave_when(top, &rows);
    code.end();
    code.push(&int(0));
    code.build()
}

/// `(address, low, high, needs) → 0`: writes a column.
pub(super) fn column() -> Function {
    let mut code = Code::new(&[Ty::I32, Ty::I64, Ty::I64, Ty::I64]);
    let [address, low, high, needs] = [0, 1, 2, 3].map(|index| code.parameter(index));
    for (offset, part) in [(0, &low), (8, &high), (16, &needs)] {
        code.store(&address, offset, part, SLOT);
    }
    code.push(&Node::Const(Ty::I32, 0));
    code.build()
}
