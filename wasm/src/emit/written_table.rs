//! Tables whose conditions are written out, over possible values: what is possible of each column is held in memory, the
//! conditions in the constant data, and one loop tries row after row.

use concord_engine::plan::{Class, Expr, Op, Table};
use wasm_encoder::Function;

use super::code::Code;
use super::helpers::{CLAIMS, NEEDS, Trying, is_certain, one_of, within};
use super::layout::is_yes_no;
use super::node::{Bin, Node, Ty, Width, int, long};
use super::walk::{Comparison, as_interval};

/// The most columns of such a table.
pub(super) const MOST_COLUMNS: u32 = 16;
/// Bytes of what is held of a column: low, high, needs, nothing.
pub(super) const COLUMN: u32 = 32;
/// What stands for the greatest value of a set.
pub(super) const SET: i64 = i64::MIN;

/// Bytes of a table before the places of its columns: how many columns, how many rows, how many bits of 64 an end leaves.
const HEADER: u32 = 3;

const SLOT: Width = Width::signed(8);

/// What a row asks of a column: an interval, or a mask twice.
type Asked = (i64, i64);

/// The conditions of a table, written out.
pub(super) struct Written<'p> {
    pub(super) columns: Vec<&'p Expr>,
    /// The rows that are impossible, as a mask.
    pub(super) impossible: i64,
    rows: usize,
    /// Bytes of one end: 1, 2, 4 or 8.
    bytes: u8,
    /// For each row and column, the ends.
    ends: Vec<u8>,
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
        let ranges = shapes.flat_map(|shape| [shape.low, shape.high]);
        let asked = ends.iter().flatten().flat_map(|(low, high)| [*low, *high]);
        let asked = asked.filter(|end| *end != i64::MIN && *end != i64::MAX);
        let values: Vec<i64> = ranges.chain(asked).collect();
        let bytes = [1, 2, 4].into_iter().find(|bytes| values.iter().all(|value| fits(*value, *bytes))).unwrap_or(8);
        let sets = columns.iter().map(|expr| expr.shape.class == Class::Set).cycle();
        let ends = ends.iter().zip(sets).flat_map(|(ends, set)| written(*ends, set, bytes)).collect();
        let impossible = table.rows.iter().zip(0_u32..).filter(|(row, _)| row.outputs.is_none());
        let impossible = impossible.fold(0, |mask, (_, number)| mask | 1_i64.checked_shl(number).unwrap_or(0));
        Some(Written { columns, impossible, rows: rows.len(), bytes, ends })
    }

    /// The table as [`Tries`] reads it, given the places at which its columns are held.
    pub(super) fn table(&self, places: &[u8]) -> Vec<u8> {
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let mut table = vec![small(places.len()), small(self.rows), 64 - 8 * self.bytes];
        table.extend(places);
        table.extend(&self.ends);
        table
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

/// The function that tries the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tries {
    /// Whether the table is a unique one.
    pub(super) unique: bool,
    /// Where columns are held.
    pub(super) held: u32,
}

impl Tries {
    /// `(the table as written, its impossible rows) → the rows that may match`: tries one after the other, up to the first
    /// that certainly matches.
    pub(super) fn build(self) -> Function {
        let mut code = Code::new(&[Ty::I32, Ty::I64]);
        let (table, impossible) = (code.parameter(0), code.parameter(1));
        let mut byte = |offset: u32| code.share(&table.load(Width::unsigned(1), offset));
        let (columns, rows, spare) = (byte(0), byte(1), byte(2));
        let bytes = code.share(&int(8).sub(&spare.bin(Bin::ShrU, &int(3))));
        let spare = code.share(&spare.to(Ty::I64));
        let address = code.variable(&table.add(&columns));
        let trying = Trying::new(&mut code);
        let (bits, column) = (code.local(Ty::I32), code.local(Ty::I32));
        let done = code.block();
        let top = code.repeat();
        code.set(&bits, &int(3));
        code.set(&column, &int(0));
        let next = code.repeat();
        let place = table.add(&column).load(Width::unsigned(1), HEADER).bin(Bin::Mul, &int(i64::from(COLUMN)));
        let place = code.share(&place);
        self.condition(&mut code, &place, [&address, &bytes, &spare], [&bits, &trying.row_needs]);
        code.set(&column, &column.add(&int(1)));
        code.leave_when(next, &column.bin(Bin::LtS, &columns));
        code.end();
        let is_impossible = impossible.bin(Bin::And, &trying.row).ne(&long(0));
        trying.take(&mut code, &bits, self.unique, &is_impossible);
        code.leave_when(done, &is_certain(&bits));
        code.set(&rows, &rows.sub(&int(1)));
        code.leave_when(top, &rows);
        code.end();
        code.end();
        code.set(&NEEDS, &trying.needs);
        code.set(&CLAIMS, &trying.claims);
        code.push(&trying.rows);
        code.build()
    }

    /// One condition of a row: takes from the bits those that do not hold, and goes on to the next.
    fn condition(
        self,
        code: &mut Code,
        place: &Node,
        [address, bytes, spare]: [&Node; 3],
        [bits, row_needs]: [&Node; 2],
    ) {
        let part = |part: u32| place.load(SLOT, self.held + 8 * part);
        let mut end = || {
            let value = address.load(SLOT, HEADER).bin(Bin::Shl, spare).bin(Bin::ShrS, spare);
            let value = code.share(&value);
            code.set(address, &address.add(bytes));
            value
        };
        let (least, most) = (end(), end());
        let (low, high) = (code.share(&part(0)), code.share(&part(1)));
        let [certain, possible] = [code.local(Ty::I32), code.local(Ty::I32)];
        let set = |code: &mut Code, tests: [Node; 2]| {
            for (place, test) in [&certain, &possible].into_iter().zip(&tests) {
                code.set(place, test);
            }
        };
        code.when(&high.eq(&long(SET)));
        set(code, one_of(&low, &least));
        code.otherwise();
        set(code, within([&low, &high], [&least, &most]));
        code.end();
        code.when(&certain.ne(&possible));
        code.set(row_needs, &row_needs.bin(Bin::Or, &part(2)));
        code.end();
        code.set(bits, &bits.bin(Bin::And, &possible.bin(Bin::Or, &certain.shl(1))));
    }
}
