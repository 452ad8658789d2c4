//! The events of a case of which something may be missing, one after the other; and what is possible of their fields.
//!
//! The events supplied come first, then one of each kind that the export may have left out.

use concord_engine::plan::{Class, Input, ORDER_BITS, after, before};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use crate::abi::{EVENT_BOUNDS_FIELDS, EVENT_BOUNDS_TIMES, TIME_BETWEEN, TIME_UNKNOWN};
use crate::emit::assembler::{Bin, Code, Node, POINTER, SLOT, Ty, Width, int, long};
use crate::emit::memory::{
    AS_OF, AT_LEAST, AT_MOST, FIELD_NEEDS, FIRST_EVENT, GREATEST, KIND, NOT_SUPPLIED, ORDER, ORDER_LEAST, ORDER_MOST,
    PRESENCE, RECORD, SUPPLIED, TIMED, TIMED_EVENTS,
};
use crate::emit::runtime::{Helper, Helpers};

const BYTE: Width = Width::unsigned(1);

/// In which order events are come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventOrder {
    /// Those whose instants are known, from the first or from the last; then the others, from the first or from the last.
    TimedFirst { from_the_first: bool, others_from_the_last: bool },
    /// Those that may be left out, numbered from −1 down; those whose instants are not known; the others.
    TimedLast,
}

/// The function that comes to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NextEvent {
    pub(crate) order: EventOrder,
    /// Whether what certainly came after the instant asked about is no event.
    pub(crate) by_now: bool,
    /// Where in a record in the events start, and the pointer to their bounds stands.
    pub(crate) events: u32,
    pub(crate) bounds: u32,
}

/// The function that reads a field of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldOfEvent {
    /// Where in a record in the pointer to the first column of fields, and that to the bounds of events stands.
    pub(crate) columns: u32,
    pub(crate) bounds: u32,
}

impl NextEvent {
    /// `(kinds, number) → 1 where the event of this number is of none of the kinds, or none is missing`
    pub(super) fn build(self) -> Code {
        let mut code = Code::new(&[Ty::I64, Ty::I32]);
        let (kinds, number) = (code.parameter(0), code.parameter(1));
        let (left_out, kind) = match self.order {
            EventOrder::TimedFirst { .. } => (number.bin(Bin::GeS, &SUPPLIED), number.sub(&SUPPLIED)),
            EventOrder::TimedLast => (number.bin(Bin::LtS, &int(0)), int(-1).sub(&number)),
        };
        code.set(&ORDER, &int(-1));
        code.set(&KIND, &kind);
        let at = code.variable(&long(TIME_UNKNOWN));
        let place = code.local(Ty::I32);
        code.when(&left_out);
        finish_when(&mut code, &has_bit(&NOT_SUPPLIED, &KIND).not());
        code.otherwise();
        code.set(&ORDER, &self.place(&number));
        code.set(&place, &FIRST_EVENT.add(&ORDER));
        let column = |place: u32| RECORD.load(POINTER, self.events + 8 * place);
        code.set(&KIND, &column(2).add(&place).load(BYTE, 0));
        code.set(&at, &column(3).add(&place.shl(3)).load(SLOT, 0));
        code.end();
        finish_when(&mut code, &has_bit(&kinds, &KIND).not());
        code.set(&TIMED, &at.bin(Bin::GtS, &long(TIME_BETWEEN)));
        for (end, open) in [(&AT_LEAST, FIRST_INSTANT), (&AT_MOST, LAST_INSTANT)] {
            code.set(end, &at.when(&TIMED, &long(open)));
        }
        code.when(&at.eq(&long(TIME_BETWEEN)));
        for (end, pointer) in [(&AT_LEAST, EVENT_BOUNDS_TIMES), (&AT_MOST, EVENT_BOUNDS_TIMES + 8)] {
            let bounds = RECORD.load(POINTER, self.bounds).load(POINTER, pointer);
            code.set(end, &bounds.add(&place.shl(3)).load(SLOT, 0));
        }
        code.end();
        let place = ORDER.to(Ty::I64);
        for (end, at, open) in [(&ORDER_LEAST, AT_LEAST, before(0)), (&ORDER_MOST, AT_MOST, after(0))] {
            code.set(end, &at.shl(ORDER_BITS).add(&place.when(&TIMED, &long(open))));
        }
        code.push(&if self.by_now { AT_LEAST.bin(Bin::GtS, &AS_OF) } else { int(0) });
        code
    }

    /// The place in the case of an event supplied.
    fn place(self, number: &Node) -> Node {
        match self.order {
            EventOrder::TimedFirst { from_the_first, others_from_the_last } => {
                let last = |count: &Node| count.sub(&int(1)).sub(number);
                let timed = if from_the_first { number.clone() } else { last(&TIMED_EVENTS) };
                let other = if others_from_the_last { last(&SUPPLIED).add(&TIMED_EVENTS) } else { number.clone() };
                if from_the_first && !others_from_the_last {
                    return timed;
                }
                timed.when(&number.bin(Bin::LtS, &TIMED_EVENTS), &other)
            }
            EventOrder::TimedLast => {
                let others = SUPPLIED.sub(&TIMED_EVENTS);
                let place = TIMED_EVENTS.add(number);
                place.when(&number.bin(Bin::LtS, &others), &number.sub(&others))
            }
        }
    }
}

fn has_bit(mask: &Node, bit: &Node) -> Node {
    mask.bin(Bin::ShrU, &bit.to(Ty::I64)).bin(Bin::And, &long(1)).to(Ty::I32)
}

fn finish_when(code: &mut Code, condition: &Node) {
    code.when(condition);
    code.finish(&int(1));
    code.end();
}

/// Offsets in what is written of a field: its number; the bytes of its column; whether its values stand as a set;
/// whether it may be none; whether anything would settle it, and what: where its event is supplied, and where it may be left out; its
/// least value, and its greatest.
const BYTES: u32 = 1;
const IS_SET: u32 = 2;
const OPTIONAL: u32 = 3;
const NEEDS: u32 = 4;
const OWN_NEED: u32 = 5;
const KIND_NEED: u32 = 6;
const LEAST: u32 = 7;
const MOST: u32 = 15;

/// What is written of a field, of its number in a record and the bytes of its column.
pub(crate) fn written_field(input: &Input, unsupplied: u8, (number, bytes): (u8, u8)) -> Vec<u8> {
    let shape = input.shape;
    let is_set = shape.class == Class::Set;
    let is_one = if is_set { shape.high == 0 } else { shape.low == shape.high };
    let (least, most) = if is_set {
        let all = shape.full_mask().cast_signed();
        (all, all)
    } else {
        (shape.low, shape.high)
    };
    let head = [
        number,
        bytes,
        u8::from(is_set),
        u8::from(shape.optional),
        u8::from(shape.optional || !is_one),
        input.unknown,
        unsupplied,
    ];
    [head.as_slice(), &least.to_le_bytes(), &most.to_le_bytes()].concat()
}

impl FieldOfEvent {
    /// `(place in the case or −1, what is written of the field) → the least value`; the greatest, the presence and the needs in globals
    pub(super) fn build(self, helpers: &mut Helpers) -> Code {
        let mut code = Code::new(&[Ty::I32, Ty::I32]);
        let (order, written) = (code.parameter(0), code.parameter(1));
        let byte = |offset: u32| written.load(BYTE, offset);
        let (low, high) = (code.variable(&written.load(SLOT, LEAST)), code.variable(&written.load(SLOT, MOST)));
        let need = code.variable(&byte(KIND_NEED));
        let [missing, open] = [(); 2].map(|()| code.variable(&int(1)));
        let none = code.local(Ty::I32);
        code.when(&order.bin(Bin::GeS, &int(0)));
        code.set(&need, &byte(OWN_NEED));
        let shift = code.share(&byte(BYTES).ctz());
        let place = code.share(&FIRST_EVENT.add(&order).bin(Bin::Shl, &shift));
        let mut value = |code: &mut Code, column: &Node| {
            let value = helpers.call(Helper::Wide, vec![column.add(&place), shift.clone()]);
            code.variable(&value)
        };
        let number = code.share(&byte(0));
        let raw = value(&mut code, &RECORD.add(&number.shl(3)).load(POINTER, self.columns));
        // The least integer of the width is none, the next one missing, the next one between two others.
        let least = long(-1).bin(Bin::Shl, &int(8).bin(Bin::Shl, &shift).sub(&int(1)).to(Ty::I64));
        let above = code.share(&raw.sub(&least));
        code.set(&none, &above.eq(&long(0)).both(&byte(OPTIONAL)));
        let between = code.share(&above.eq(&long(2)));
        code.set(&missing, &above.eq(&long(1)).either(&between));
        let has_bounds = code.share(&between.both(&byte(IS_SET).not()));
        code.set(&open, &missing.both(&has_bounds.not()));
        code.when(&has_bounds);
        let ends = code.share(&RECORD.load(POINTER, self.bounds).add(&number.shl(4)));
        for (end, pointer) in [(&low, EVENT_BOUNDS_FIELDS), (&high, EVENT_BOUNDS_FIELDS + 8)] {
            let bound = value(&mut code, &ends.load(POINTER, pointer));
            code.set(end, &bound);
        }
        code.end();
        code.when(&missing.not());
        let one = long(1).bin(Bin::Shl, &raw).when(&byte(IS_SET), &raw);
        code.set(&low, &long(0).when(&none, &one));
        code.set(&high, &low);
        code.end();
        code.end();
        code.set(&GREATEST, &high);
        let may_be_none = byte(OPTIONAL).both(&none.either(&open));
        code.set(&PRESENCE, &none.not().bin(Bin::Or, &may_be_none.shl(1)));
        let needs = byte(NEEDS).to(Ty::I64).bin(Bin::Shl, &need.to(Ty::I64));
        code.set(&FIELD_NEEDS, &needs.when(&missing, &long(0)));
        code.push(&low);
        code
    }
}

/// `(address, shift) → the integer of 1, 2, 4 or 8 bytes there`
pub(super) fn wide(code: &mut Code, at: &Node, shift: &Node) {
    for (log, bytes) in [(0, 1), (1, 2), (2, 4)] {
        code.when(&shift.eq(&int(log)));
        code.finish(&at.load(Width::signed(bytes), 0).to(Ty::I64));
        code.end();
    }
    code.push(&at.load(SLOT, 0));
}
