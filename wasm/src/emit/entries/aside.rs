//! The rows that a batch sets aside, and how they are run through the general code: 64 at a time, as their bits stand in one word.

use super::Entry;
use crate::abi::{COLUMNS_FACTS, OUT_COLUMNS};
use crate::emit::assembler::{Bin, Code, EmitError, Node, POINTER, SLOT, Ty, count, int, long};
use crate::emit::memory::{Map, ROWS_ASIDE};
use crate::emit::runtime::each_place;
use crate::emit::walk::Context;

/// Rows of a word.
const WORD: u32 = 64;

/// The rows set aside: a word for each 64.
pub(super) struct Aside {
    pub(super) first: u32,
    /// The row of the first word's first bit.
    from: Node,
    /// Where the next word goes.
    pub(super) next: Node,
    /// The word of these 64 rows.
    pub(super) word: Node,
    /// How many there have been in all.
    pub(super) rows: Node,
}

impl Aside {
    pub(super) fn new(code: &mut Code, map: &Map) -> Aside {
        let (first, from) = (map.aside, code.variable(&int(0)));
        Aside { first, from, next: code.local(Ty::I32), word: code.local(Ty::I64), rows: code.variable(&int(0)) }
    }

    pub(super) fn start(&self, code: &mut Code) {
        code.set(&self.next, &int(i64::from(self.first)));
    }

    pub(super) fn has_room(&self) -> Node {
        self.next.bin(Bin::LtS, &int(i64::from(self.first + ROWS_ASIDE / 8)))
    }

    /// Keeps the word.
    pub(super) fn keep(&self, code: &mut Code) {
        code.store(&self.next, 0, &self.word, SLOT);
        code.set(&self.next, &self.next.add(&int(8)));
    }

    /// Runs all rows set aside.
    pub(super) fn run(&self, code: &mut Code, columns: &Node, out: &Node) {
        let places = vec![columns.clone(), out.clone(), self.from.clone(), self.next.clone(), self.rows.clone()];
        let rows = code.share(&Entry::IncompleteRows.call(places));
        code.when(&rows.bin(Bin::LtS, &int(0)));
        code.finish(&rows);
        code.end();
        code.set(&self.rows, &rows);
        // A bit a row.
        code.set(&self.from, &self.from.add(&self.next.sub(&int(i64::from(self.first))).shl(3)));
    }
}

/// The rows set aside, in order, each with its place among them: `(columns, outputs, the row of the first bit, where the words end, how many
/// came before) -> how many there are then, or what the batch ends with`.
pub(crate) fn incomplete_rows(context: &Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32; 5]);
    let [columns, out, from, end, nth] = [0, 1, 2, 3, 4].map(|index| code.parameter(index));
    let at = code.variable(&int(i64::from(context.map.aside)));
    let words = code.repeat();
    let word = code.share(&at.load(SLOT, 0));
    code.when(&word.ne(&long(0)));
    note_missing(&mut code, context, &columns, &word, &from);
    each_place(&mut code, &word, None, |code, row| {
        let ends = vec![columns.clone(), out.clone(), from.add(row), nth.clone()];
        let ends = code.share(&Entry::IncompleteRow.call(ends));
        code.when(&ends);
        code.finish(&ends);
        code.end();
        code.set(&nth, &nth.add(&int(1)));
    });
    code.end();
    code.set(&from, &from.add(&int(i64::from(WORD))));
    code.set(&at, &at.add(&int(8)));
    code.leave_when(words, &at.bin(Bin::LtS, &end));
    code.end();
    code.push(&nth);
    Ok(code)
}

/// Notes which outputs the host asks for, as words of bits.
pub(super) fn note_wanted(code: &mut Code, context: &Context<'_>, out: &Node) -> Result<(), EmitError> {
    let outputs = context.layout.outputs.len();
    if outputs == 0 {
        return Ok(());
    }
    let (output, wanted) = (code.variable(&int(0)), code.variable(&long(0)));
    let top = code.repeat();
    let is_wanted = out.add(&output.shl(3)).load(POINTER, OUT_COLUMNS).ne(&int(0));
    let bit = is_wanted.to(Ty::I64).bin(Bin::Shl, &output.to(Ty::I64));
    code.set(&wanted, &wanted.bin(Bin::Or, &bit));
    let at = code.share(&output.bin(Bin::ShrU, &int(6)).shl(3));
    code.set(&output, &output.add(&int(1)));
    code.store(&at, context.map.wanted, &wanted, SLOT);
    if outputs > 64 {
        code.set(&wanted, &wanted.when(&output.bin(Bin::And, &int(63)), &long(0)));
    }
    code.leave_when(top, &output.bin(Bin::LtS, &count(outputs)?));
    code.end();
    Ok(())
}

/// Notes for each row of a word which facts it lacks: fact by fact, as most rows lack few.
fn note_missing(code: &mut Code, context: &Context<'_>, columns: &Node, word: &Node, from: &Node) {
    let (used, lacking) = (context.reads.inputs.cast_signed(), context.map.lacking);
    each_place(code, word, None, |code, row| code.store(&row.shl(3), lacking, &long(0), SLOT));
    each_place(code, &long(used), None, |code, fact| {
        let pointers = code.share(&columns.add(&fact.shl(4)));
        let missing = code.variable(word);
        code.when(&pointers.load(POINTER, COLUMNS_FACTS));
        let validity = code.share(&pointers.load(POINTER, COLUMNS_FACTS + 8));
        let there = code.variable(&long(-1));
        code.when(&validity);
        code.set(&there, &validity.add(&from.bin(Bin::ShrU, &int(3))).load(SLOT, 0));
        code.end();
        code.set(&missing, &word.bin(Bin::And, &there.bin(Bin::Xor, &long(-1))));
        code.end();
        let fact = long(1).bin(Bin::Shl, &fact.to(Ty::I64));
        each_place(code, &missing, None, |code, row| {
            let at = code.share(&row.shl(3));
            code.store(&at, lacking, &at.load(SLOT, lacking).bin(Bin::Or, &fact), SLOT);
        });
    });
}

/// Where it is kept what a row lacks.
pub(super) fn lacking(row: &Node, map: &Map) -> Node {
    row.bin(Bin::And, &int(i64::from(WORD) - 1)).shl(3).load(SLOT, map.lacking)
}
