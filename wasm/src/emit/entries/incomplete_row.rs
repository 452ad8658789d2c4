//! One row of a batch through the general code: `row(columns, out, row, nth) -> 0, or what the batch ends with`.
//!
//! The row is copied into a record, and its answers from the record out into their columns, in loops over the columns:
//! their widths stand in the constant data.

use super::Entry;
use super::aside::lacking;
use super::record::open_workspace;
use crate::abi::{
    BOUNDS_FACTS, BOUNDS_WHICH, COLUMNS_AS_OF, COLUMNS_AS_OF_EACH, COLUMNS_BOUNDS_FACT, COLUMNS_BOUNDS_HIGH,
    COLUMNS_FACTS, COLUMNS_NOT_SUPPLIED, COLUMNS_NOT_SUPPLIED_EACH, IN_AS_OF, IN_FACTS, IN_MISSING, IN_NONE,
    IN_NOT_SUPPLIED, OUT_COLUMNS, OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS, none_of,
};
use crate::emit::assembler::{Bin, Code, EmitError, Node, POINTER, SLOT, Ty, Width, int, long};
use crate::emit::general::{Staged, stage};
use crate::emit::memory::Rows;
use crate::emit::runtime::{Helper, each_place, next_row};
use crate::emit::walk::{Complete, Context};

/// The most columns of one width that are gone through one by one.
const MOST_ONE_BY_ONE: u32 = 32;

/// The function.
pub(crate) fn incomplete_row(context: &mut Context<'_>) -> Result<Code, EmitError> {
    let mut code = Code::new(&[Ty::I32; 4]);
    let [columns, out, row, nth] = [0, 1, 2, 3].map(|index| code.parameter(index));
    let target = code.variable(&int(i64::from(context.map.record_out)));
    let detail = code.share(&out.load(POINTER, OUT_DETAIL));
    code.when(&detail);
    code.when(&nth.bin(Bin::GeS, &out.load(POINTER, OUT_DETAIL_ROOM)));
    code.finish(&int(-1));
    code.end();
    code.set(&target, &detail.add(&nth.bin(Bin::Mul, &int(i64::from(context.layout.record_out)))));
    code.end();
    let record = int(i64::from(context.map.record));
    copy_facts(&mut code, context, &columns, &row, &record)?;
    copy_bounds(&mut code, context, &columns, &row, &record)?;
    if context.reads.as_of {
        let value = each_or_all(&mut code, &columns, &row, COLUMNS_AS_OF_EACH, COLUMNS_AS_OF);
        code.store(&record, IN_AS_OF, &value, SLOT);
    }
    if context.layout.has_events {
        let value = each_or_all(&mut code, &columns, &row, COLUMNS_NOT_SUPPLIED_EACH, COLUMNS_NOT_SUPPLIED);
        code.store(&record, IN_NOT_SUPPLIED, &value, SLOT);
        copy_events(&mut code, context, &columns, &row, &record);
        let count = record.load(POINTER, context.layout.record_in_events + 8);
        open_workspace(&mut code, context, &count, |code| code.finish(&int(-2)));
    }
    let status = Entry::General.call(vec![record, target.clone()]);
    let status = code.share(&status);
    code.store(&target, 4, &row, POINTER);
    write_status(&mut code, &out, &row, &status);
    if context.complete == Complete::Apart {
        code.push(&Entry::Outputs.call(vec![out, row, target]));
    } else {
        write_outputs(&mut code, context, &out, &row, &target);
        code.push(&int(0));
    }
    Ok(code)
}

/// The function that writes answers into columns, where both ways of a row call it.
pub(crate) fn outputs(context: &Context<'_>) -> Code {
    let mut code = Code::new(&[Ty::I32; 3]);
    let [out, row, target] = [0, 1, 2].map(|index| code.parameter(index));
    write_outputs(&mut code, context, &out, &row, &target);
    code.push(&int(0));
    code
}

/// Writes a row's status, where the host asks for it.
pub(super) fn write_status(code: &mut Code, out: &Node, row: &Node, status: &Node) {
    let pointer = code.share(&out.load(POINTER, OUT_STATUS));
    code.when(&pointer);
    code.store(&pointer.add(&row.shl(2)), 0, status, POINTER);
    code.end();
}

/// One value a case, or one for all.
pub(super) fn each_or_all(code: &mut Code, columns: &Node, row: &Node, each: u32, all: u32) -> Node {
    let place = code.local(Ty::I64);
    let pointer = code.share(&columns.load(POINTER, each));
    code.when(&pointer);
    code.set(&place, &pointer.add(&row.shl(3)).load(SLOT, 0));
    code.otherwise();
    code.set(&place, &columns.load(SLOT, all));
    code.end();
    place
}

/// Where the pointers of a fact stand, less [`COLUMNS_FACTS`]: of the first of a mask.
pub(super) fn fact_of(columns: &Node, facts: &Node) -> Node {
    columns.add(&facts.ctz().to(Ty::I32).shl(4))
}

/// The widths of columns, as powers of two: those there are, and where that of each column stands.
struct Widths {
    known: Vec<u8>,
    address: u32,
}

impl Widths {
    fn of(context: &mut Context<'_>, bytes: &[u8]) -> Result<Widths, EmitError> {
        let mut known = bytes.to_vec();
        known.sort_unstable();
        known.dedup();
        let powers: Vec<u8> = bytes.iter().map(|bytes| bytes.ilog2() as u8).collect();
        let address = if known.len() > 1 { context.constant(&powers)? } else { 0 };
        Ok(Widths { known, address })
    }

    /// Emits something for the width of a column, whichever it is.
    fn each(&self, code: &mut Code, column: &Node, what: impl Fn(&mut Code, Width)) {
        let Some((last, others)) = self.known.split_last() else {
            return;
        };
        let power = (!others.is_empty()).then(|| code.share(&column.load(Width::unsigned(1), self.address)));
        for bytes in others {
            let width = Width::signed(*bytes);
            if let Some(power) = &power {
                code.when(&power.eq(&int(i64::from(width.log2()))));
                what(code, width);
                code.otherwise();
            }
        }
        what(code, Width::signed(*last));
        others.iter().for_each(|_| code.end());
    }
}

/// Does something for each place of a mask of columns, of which it has none but these: in a loop, or in a module by lanes, where speed is all,
/// one by one.
fn each_of(code: &mut Code, context: &Context<'_>, mask: &Node, all: i64, mut what: impl FnMut(&mut Code, &Node)) {
    if context.rows != Rows::ByLanes || all.count_ones() > MOST_ONE_BY_ONE {
        each_place(code, mask, None, what);
        return;
    }
    let mask = code.share(mask);
    for place in (0..i64::BITS).filter(|place| all >> place & 1 == 1) {
        code.when(&mask.bin(Bin::And, &long(1_i64 << place)).ne(&long(0)));
        what(code, &int(i64::from(place)));
        code.end();
    }
}

/// What stands at a place of a list whose entries are so wide, as a power of two.
fn at_place(list: &Node, place: &Node, wide: u32, (width, first): (Width, u32)) -> Node {
    match place.constant().and_then(|place| u32::try_from(place).ok()) {
        Some(place) => list.load(width, first + (place << wide)),
        None => list.add(&place.shl(wide)).load(width, first),
    }
}

/// Brings the facts that are used to where the general code reads them, and says which are missing or none.
fn copy_facts(
    code: &mut Code,
    context: &mut Context<'_>,
    columns: &Node,
    row: &Node,
    record: &Node,
) -> Result<(), EmitError> {
    let used = context.reads.inputs.cast_signed();
    if used == 0 {
        return Ok(());
    }
    let missing = code.share(&lacking(row, &context.map));
    code.store(record, IN_MISSING, &missing, SLOT);
    let is_there = code.share(&missing.bin(Bin::Xor, &long(-1)));
    let values = |place: &Node| at_place(columns, place, 4, (POINTER, COLUMNS_FACTS));
    let (Staged { ranges, sets }, staged) = (Staged::of(context), context.map.staged);
    let facts = context.layout.inputs.clone();
    for (mask, is_set) in [(ranges, false), (sets, true)] {
        for bytes in [1, 2, 4, 8] {
            let so_wide = (0_u32..).zip(&facts).filter(|(_, fact)| fact.bytes == bytes);
            let so_wide = so_wide.fold(0, |all, (number, _)| all | mask & 1_i64.wrapping_shl(number));
            each_of(code, context, &is_there.bin(Bin::And, &long(so_wide)), so_wide, |code, place| {
                let width = Width::signed(bytes);
                let value = values(place).add(&row.shl(width.log2())).load(width, 0).to(Ty::I64);
                let value = code.share(&if is_set { long(1).bin(Bin::Shl, &value) } else { value });
                stage(code, staged, place, [&value, &value]);
            });
        }
    }
    let others = used & !(ranges | sets);
    if others == 0 {
        return Ok(());
    }
    let widths = Widths::of(context, &facts.iter().map(|fact| fact.bytes).collect::<Vec<_>>())?;
    let (none, value) = (code.variable(&long(0)), code.local(Ty::I64));
    each_place(code, &is_there.bin(Bin::And, &long(others)), None, |code, place| {
        let values = code.share(&values(place));
        widths.each(code, place, |code, width| {
            code.set(&value, &values.add(&row.shl(width.log2())).load(width, 0));
            code.when(&value.eq(&long(none_of(width.bytes))));
            code.set(&none, &none.bin(Bin::Or, &long(1).bin(Bin::Shl, &place.to(Ty::I64))));
            code.end();
        });
        code.store(&record.add(&place.shl(3)), IN_FACTS, &value, SLOT);
    });
    let optional = (0_u32..).zip(&facts).filter(|(_, fact)| fact.optional);
    let optional = optional.fold(0, |all, (number, _)| all | others & 1_i64.wrapping_shl(number));
    code.store(record, IN_NONE, &none.bin(Bin::And, &long(optional)), SLOT);
    Ok(())
}

/// Copies the bounds of the facts that are used, where the host gives any.
fn copy_bounds(
    code: &mut Code,
    context: &mut Context<'_>,
    columns: &Node,
    row: &Node,
    record: &Node,
) -> Result<(), EmitError> {
    let (from, to) = (context.layout.columns_bounds, context.layout.record_in_bounds);
    let used = context.reads.inputs.cast_signed();
    if context.layout.has_events {
        code.store(record, to + 8, &columns.load(POINTER, from + 8), POINTER);
    }
    if used == 0 {
        return Ok(());
    }
    let bytes: Vec<u8> = context.layout.inputs.iter().map(|fact| fact.bytes).collect();
    let widths = Widths::of(context, &bytes)?;
    let bounds = int(i64::from(context.map.bounds));
    code.store(record, to, &int(0), POINTER);
    let pointers = code.share(&columns.load(POINTER, from));
    code.when(&pointers);
    code.store(record, to, &bounds, POINTER);
    let (which, rest) = (code.variable(&long(0)), code.variable(&long(used)));
    let top = code.repeat();
    let fact = code.share(&rest.ctz().to(Ty::I32));
    let of_fact = code.share(&pointers.add(&fact.bin(Bin::Mul, &int(i64::from(COLUMNS_BOUNDS_FACT)))));
    let low_and_which = of_fact.sub(&int(i64::from(COLUMNS_FACTS)));
    let has = context.helpers.call(Helper::Valid, vec![low_and_which, row.clone()]);
    code.when(&has.to(Ty::I32).bin(Bin::And, &int(1)));
    code.set(&which, &which.bin(Bin::Or, &long(1).bin(Bin::Shl, &rest.ctz())));
    let target = code.share(&bounds.add(&fact.shl(4)));
    widths.each(code, &fact, |code, width| {
        for (end, pointer) in [(0, 0), (8, COLUMNS_BOUNDS_HIGH)] {
            let value = of_fact.load(POINTER, pointer).add(&row.shl(width.log2())).load(width, 0);
            code.store(&target, BOUNDS_FACTS + end, &value.to(Ty::I64), SLOT);
        }
    });
    code.end();
    next_row(code, &rest, top);
    code.store(&bounds, BOUNDS_WHICH, &which, SLOT);
    code.end();
    Ok(())
}

fn copy_events(code: &mut Code, context: &Context<'_>, columns: &Node, row: &Node, record: &Node) {
    let (from, to) = (context.layout.columns_events, context.layout.record_in_events);
    let offsets = code.share(&columns.load(POINTER, from).add(&row.shl(2)));
    let first = code.share(&offsets.load(POINTER, 0));
    code.store(record, to, &first, POINTER);
    code.store(record, to + 8, &offsets.load(POINTER, 4).sub(&first), POINTER);
    let kinds_and_times = [(to + 16, from + 8), (to + 24, from + 16)];
    let fields = context.layout.event_fields.iter().map(|field| (field.slot, field.pointer));
    for (slot, pointer) in kinds_and_times.into_iter().chain(fields) {
        code.store(record, slot, &columns.load(POINTER, pointer), POINTER);
    }
}

/// Writes the answers into those columns that the host asks for.
fn write_outputs(code: &mut Code, context: &Context<'_>, out: &Node, row: &Node, target: &Node) {
    let Some(first) = context.layout.outputs.first().map(|output| output.slot) else { return };
    for (word, outputs) in (0_u32..).zip(context.layout.outputs.chunks(64)) {
        let before = word * 64 * 8;
        let wanted = code.share(&int(0).load(SLOT, context.map.wanted + 8 * word));
        for bytes in [1, 2, 4, 8] {
            let so_wide = (0_u32..).zip(outputs).filter(|(_, output)| output.bytes == bytes);
            let so_wide = so_wide.fold(0, |all, (number, _)| all | 1_i64.wrapping_shl(number));
            each_of(code, context, &wanted.bin(Bin::And, &long(so_wide)), so_wide, |code, place| {
                let width = Width::signed(bytes);
                let pointer = at_place(out, place, 3, (POINTER, OUT_COLUMNS + before));
                let low = at_place(target, place, 3, (width, first + before));
                code.store(&pointer.add(&row.shl(width.log2())), 0, &low, width);
            });
        }
    }
}
