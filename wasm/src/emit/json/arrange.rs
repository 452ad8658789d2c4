//! The events of a case, put in order of time and into columns.

use concord_engine::values::calendar::FIRST_INSTANT;

use super::body::{BYTE, Body, WORD, Written};
use super::events::row_bytes;
use super::frame::{BASE, BETWEEN, EVENT_BOUNDS, EVENTS, ROW, ROWS};
use crate::abi::{EVENT_BOUNDS_FIELDS, TIME_BETWEEN, TIME_UNKNOWN};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, Width, int, long};
use crate::emit::runtime::Routine as Lists;

/// Bits of a place among the events, below those of a time.
const PLACE_BITS: u32 = 16;
/// Bits of a time since the first.
const TIME_BITS: i64 = 44;

/// Where the columns of a case stand.
struct Columns {
    times: [Node; 3],
    fields: Vec<[Node; 3]>,
    kinds: Node,
}

/// See [`Routine::Arrange`]: the address after the columns comes back.
pub(super) fn arrange(b: &mut Body<'_, '_>) -> Written {
    let bytes = row_bytes(b)?;
    let order = b.local(&ROWS.add(&EVENTS.bin(Bin::Mul, &int(i64::from(bytes)))));
    put_in_order(b, &order, bytes)?;
    let next = b.local(&order.add(&EVENTS.shl(3)));
    let take = |b: &mut Body<'_, '_>, bytes: u8| {
        let first = b.local(&next);
        b.set(&next, &next.add(&EVENTS.shl(Width::signed(bytes).log2())));
        first
    };
    let widths: Vec<u8> = b.context.layout.event_fields.iter().map(|field| field.bytes).collect();
    let times = [(); 3].map(|()| take(b, 8));
    let fields: Vec<[Node; 3]> = widths.iter().map(|bytes| [(); 3].map(|()| take(b, *bytes))).collect();
    let kinds = take(b, 1);
    let columns = Columns { times, fields, kinds };
    fill(b, &order, bytes, &columns, &widths)?;
    point(b, &columns);
    b.code.push(&next);
    Ok(())
}

/// The events by time as supplied, those of unknown instant last: one integer each, which ends in the place of the row.
fn put_in_order(b: &mut Body<'_, '_>, order: &Node, bytes: u32) -> Written {
    let (place, in_order, before) = (b.local(&int(0)), b.local(&int(1)), b.local(&long(-1)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&EVENTS));
        let row = b.local(&ROWS.add(&place.bin(Bin::Mul, &int(i64::from(bytes)))));
        let stands = b.local(&row.load(SLOT, 0));
        let unplaced = b.local(&stands.bin(Bin::LeS, &long(TIME_BETWEEN)));
        let since = row.load(SLOT, 8).when(&unplaced, &stands).sub(&long(FIRST_INSTANT));
        let since = long((1 << TIME_BITS) - 1).when(&stands.eq(&long(TIME_UNKNOWN)), &since);
        let key = unplaced.to(Ty::I64).shl(60).add(&since.shl(PLACE_BITS)).add(&place.to(Ty::I64));
        let key = b.local(&key);
        b.set(&in_order, &in_order.both(&key.bin(Bin::GtS, &before)));
        b.set(&before, &key);
        b.code.store(&order.add(&place.shl(3)), 0, &key, SLOT);
        b.advance(&place, 1);
        Ok(())
    })?;
    b.when(&in_order.not(), |b| {
        b.help(Lists::Sort, &[order, &EVENTS]);
        Ok(())
    })
}

fn fill(b: &mut Body<'_, '_>, order: &Node, bytes: u32, columns: &Columns, widths: &[u8]) -> Written {
    let place = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&EVENTS));
        let from = order.add(&place.shl(3)).load(SLOT, 0).to(Ty::I32).bin(Bin::And, &int((1 << PLACE_BITS) - 1));
        let row = b.local(&ROWS.add(&from.bin(Bin::Mul, &int(i64::from(bytes)))));
        b.code.store(&columns.kinds.add(&place), 0, &row.load(WORD, 24), BYTE);
        for (offset, column) in (0..).step_by(8).zip(&columns.times) {
            b.code.store(&column.add(&place.shl(3)), 0, &row.load(SLOT, offset), SLOT);
        }
        for ((start, parts), bytes) in (ROW..).step_by(24).zip(&columns.fields).zip(widths) {
            let width = Width::signed(*bytes);
            for (offset, column) in (start..).step_by(8).zip(parts) {
                b.code.store(&column.add(&place.shl(width.log2())), 0, &row.load(SLOT, offset), width);
            }
        }
        b.advance(&place, 1);
        Ok(())
    })
}

/// Writes the pointers of a record in.
fn point(b: &mut Body<'_, '_>, columns: &Columns) {
    let layout = b.context.layout.clone();
    let record = int(i64::from(b.context.map.record));
    let bounds = b.local(&BASE.add(&int(i64::from(EVENT_BOUNDS))));
    let slots = [&int(0), &EVENTS, &columns.kinds, &columns.times[0]].map(Node::clone);
    let fields = columns.fields.iter().map(|[column, ..]| column.clone());
    for (offset, slot) in (layout.record_in_events..).step_by(8).zip(slots.into_iter().chain(fields)) {
        b.code.store(&record, offset, &slot.to(Ty::I64), SLOT);
    }
    let ends = std::iter::once(&columns.times).chain(&columns.fields);
    for (offset, [_, low, high]) in (0..).step_by(16).zip(ends) {
        b.code.store(&bounds, offset, &low.to(Ty::I64), SLOT);
        b.code.store(&bounds, offset + 8, &high.to(Ty::I64), SLOT);
    }
    const { assert!(EVENT_BOUNDS_FIELDS == 16) };
    let pointer = bounds.when(&BETWEEN, &int(0));
    b.code.store(&record, layout.record_in_bounds + 8, &pointer.to(Ty::I64), SLOT);
}
