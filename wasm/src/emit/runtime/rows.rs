//! The rows of a table, tried one after the other over possible values.

use super::conditions::{Ends, Test, is_certain, one_of, within};
use crate::emit::assembler::{Bin, Code, Node, SLOT, Turns, Ty, Width, int, long};
use crate::emit::memory::{CLAIMS, NEEDS, ROW, ROW_NEEDS, ROWS};
use crate::emit::memory::{SET_MARK, STAGED_BYTES};

/// Bytes of a table as written before the places of its columns: how many columns, how many rows, how many bits of 64 an end
/// leaves.
const WRITTEN_HEADER: u32 = 3;

/// What is gathered while rows are tried.
pub(super) struct RowSearch {
    pub(crate) rows: Node,
    pub(crate) needs: Node,
    pub(crate) claims: Node,
    pub(crate) row: Node,
    row_needs: Node,
}

/// Gathered in globals, where each row is a call.
pub(super) const IN_GLOBALS: RowSearch =
    RowSearch { rows: ROWS, needs: NEEDS, claims: CLAIMS, row: ROW, row_needs: ROW_NEEDS };

impl RowSearch {
    /// Gathered in locals.
    pub(crate) fn new(code: &mut Code) -> RowSearch {
        let [rows, needs, claims, row_needs] = [0; 4].map(|_| code.local(Ty::I64));
        RowSearch { rows, needs, claims, row: code.variable(&long(1)), row_needs }
    }

    /// Before the first row; after a row it needs nothing.
    pub(crate) fn start(&self, code: &mut Code) {
        for mask in [&self.rows, &self.needs, &self.claims] {
            code.set(mask, &long(0));
        }
        code.set(&self.row, &long(1));
    }

    /// A row that may match joins the others; one that certainly does replaces them in a unique table.
    pub(crate) fn take(&self, code: &mut Code, condition: &Node, unique: bool, impossible: &Node) {
        code.when(&condition.bin(Bin::And, &int(1)));
        code.set(&self.needs, &self.needs.bin(Bin::Or, &self.row_needs));
        if unique {
            code.when(&is_certain(condition));
            code.set(&self.rows, &long(0));
            code.set(&self.needs, &long(0));
            code.end();
        }
        code.when(impossible);
        code.set(&self.claims, &self.claims.bin(Bin::Or, &self.row));
        code.otherwise();
        code.set(&self.rows, &self.rows.bin(Bin::Or, &self.row));
        code.end();
        code.end();
        code.set(&self.row, &self.row.shl(1));
        code.set(&self.row_needs, &long(0));
    }
}

/// The function that tries the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowSearchLoop {
    /// Whether the table is a unique one.
    pub(crate) unique: bool,
    /// Where columns are staged.
    pub(crate) staged: u32,
}

/// Where the next end stands, how many bytes it takes, and how many bits of 64 that leaves.
struct WrittenEnds {
    address: Node,
    bytes: Node,
    spare: Node,
}

impl RowSearchLoop {
    /// `(the table as written, its impossible rows) → the rows that may match`: tries one after the other, up to the first
    /// that certainly matches.
    pub(crate) fn build(self) -> Code {
        let mut code = Code::new(&[Ty::I32, Ty::I64]);
        let (table, impossible) = (code.parameter(0), code.parameter(1));
        let mut byte = |offset: u32| code.share(&table.load(Width::unsigned(1), offset));
        let (columns, rows, spare) = (byte(0), byte(1), byte(2));
        let bytes = code.share(&int(8).sub(&spare.bin(Bin::ShrU, &int(3))));
        let spare = code.share(&spare.to(Ty::I64));
        let address = code.variable(&table.add(&columns));
        let written = WrittenEnds { address, bytes, spare };
        let search = RowSearch::new(&mut code);
        let (bits, column) = (code.local(Ty::I32), code.local(Ty::I32));
        let done = code.block();
        let top = code.repeat_for(Turns::Rows);
        code.set(&bits, &int(3));
        code.set(&column, &int(0));
        let next = code.repeat_for(Turns::Columns);
        let place =
            table.add(&column).load(Width::unsigned(1), WRITTEN_HEADER).bin(Bin::Mul, &int(i64::from(STAGED_BYTES)));
        let place = code.share(&place);
        self.condition(&mut code, &place, &written, &bits, &search.row_needs);
        code.set(&column, &column.add(&int(1)));
        code.leave_when(next, &column.bin(Bin::LtS, &columns));
        code.end();
        let is_impossible = impossible.bin(Bin::And, &search.row).ne(&long(0));
        search.take(&mut code, &bits, self.unique, &is_impossible);
        code.leave_when(done, &is_certain(&bits));
        code.set(&rows, &rows.sub(&int(1)));
        code.leave_when(top, &rows);
        code.end();
        code.end();
        code.set(&NEEDS, &search.needs);
        code.set(&CLAIMS, &search.claims);
        code.push(&search.rows);
        code
    }

    /// One condition of a row: takes from the bits those that do not hold, and goes on to the next.
    fn condition(self, code: &mut Code, place: &Node, written: &WrittenEnds, bits: &Node, row_needs: &Node) {
        let WrittenEnds { address, bytes, spare } = written;
        let part = |part: u32| place.load(SLOT, self.staged + 8 * part);
        let mut end = || {
            let value = address.load(SLOT, WRITTEN_HEADER).bin(Bin::Shl, spare).bin(Bin::ShrS, spare);
            let value = code.share(&value);
            code.set(address, &address.add(bytes));
            value
        };
        let (least, most) = (end(), end());
        let (low, high) = (code.share(&part(0)), code.share(&part(1)));
        let [certain, possible] = [code.local(Ty::I32), code.local(Ty::I32)];
        let set = |code: &mut Code, test: Test| {
            code.set(&certain, &test.certain);
            code.set(&possible, &test.possible);
        };
        code.when(&high.eq(&long(SET_MARK)));
        set(code, one_of(&low, &least));
        code.otherwise();
        set(code, within(&Ends { low: &low, high: &high }, &Ends { low: &least, high: &most }));
        code.end();
        code.when(&certain.ne(&possible));
        code.set(row_needs, &row_needs.bin(Bin::Or, &part(2)));
        code.end();
        code.set(bits, &bits.bin(Bin::And, &possible.bin(Bin::Or, &certain.shl(1))));
    }
}
