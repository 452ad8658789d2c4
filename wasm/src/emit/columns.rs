//! Columns: what is worked out once for each event and looked up by the questions after it.
//!
//! Each column has room of its own: a place for every event in the order of the case, and one more for each kind of event that an
//! export may have left out. The strict code keeps the value and whether it is none there, the general code all parts of a possible
//! value; neither reads what the other left.

use std::collections::BTreeSet;

use concord_engine::plan::{Class, Column, Expr, Kinds, Plan, Shape};

use super::EmitError;
use super::code::{Code, Label};
use super::general::General;
use super::general_events::Turn;
use super::layout::{TIME_UNKNOWN, bytes_of, is_yes_no};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::Possible;
use super::shared::{EventSource, LIST};
use super::strict::{Known, Strict, strict_type};
use super::strict_events::is_of;
use super::used::{Used, fields_at};
use super::walk::{inside, walk};

/// The most bytes that all columns of a module may take.
const MOST: u64 = 512 << 20;

const NEEDS: Width = Width::signed(8);
const PRESENCE: Width = Width::unsigned(1);

/// Where the values of one column stand: the first address of each part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    shape: Shape,
    low: u32,
    high: u32,
    presence: u32,
    needs: u32,
}

/// Room for the columns that something looks at, from an address on; and the address after it.
pub(super) fn rooms(plan: &Plan, used: &Used, start: u32) -> Result<(Vec<Option<Room>>, u32), EmitError> {
    let mut end = u64::from(start).next_multiple_of(8);
    let mut take = |bytes: u8| {
        let address = end;
        end += (u64::from(bytes) * u64::from(LIST)).next_multiple_of(8);
        u32::try_from(address).unwrap_or(u32::MAX)
    };
    let mut room = |column: &Column| {
        let shape = column.shape;
        let width = width(shape).bytes;
        let low = take(width);
        let high = if shape.class == Class::Set { low } else { take(width) };
        let presence = if shape.optional { take(PRESENCE.bytes) } else { 0 };
        Room { shape, low, high, presence, needs: take(NEEDS.bytes) }
    };
    let columns = plan.columns.iter().enumerate();
    let rooms = columns.map(|(number, column)| used.columns.contains(&number).then(|| room(column))).collect();
    if end > u64::from(start) + MOST {
        return Err(EmitError::TooLarge("more is worked out for each event than fits in memory"));
    }
    Ok((rooms, u32::try_from(end).map_err(|_| EmitError::TooLarge("no memory is left"))?))
}

/// Numbers in the least width that holds them; sets as a mask.
fn width(shape: Shape) -> Width {
    match shape.class {
        Class::Range => Width::signed(bytes_of(Shape { optional: false, ..shape }, 0)),
        Class::Set => Width::signed(8),
    }
}

impl Room {
    fn part(slot: &Node, width: Width, address: u32) -> Node {
        slot.shl(width.log2()).load(width, address)
    }

    fn put(code: &mut Code, slot: &Node, width: Width, address: u32, value: &Node) {
        code.store(&slot.shl(width.log2()), address, value, width);
    }

    fn known(&self, code: &mut Code, slot: &Node) -> Known {
        let value = Room::part(slot, width(self.shape), self.low).to(strict_type(self.shape));
        let none = if self.shape.optional { Room::part(slot, PRESENCE, self.presence) } else { flag(false) };
        Known { value: code.share(&value), none: code.share(&none) }
    }

    fn put_known(&self, code: &mut Code, slot: &Node, value: &Known) {
        Room::put(code, slot, width(self.shape), self.low, &value.value);
        if self.shape.optional {
            Room::put(code, slot, PRESENCE, self.presence, &value.none);
        }
    }

    fn possible(&self, code: &mut Code, slot: &Node) -> Possible {
        let ty = if is_yes_no(self.shape) { Ty::I32 } else { Ty::I64 };
        let end = |address: u32| Room::part(slot, width(self.shape), address).to(ty);
        let presence = Room::part(slot, PRESENCE, self.presence);
        let (some, none) = if self.shape.optional {
            let presence = code.share(&presence);
            (presence.bin(Bin::And, &int(1)), presence.bin(Bin::ShrU, &int(1)))
        } else {
            (flag(true), flag(false))
        };
        let needs = Room::part(slot, NEEDS, self.needs);
        Possible { low: end(self.low), high: end(self.high), some, none, needs }.shared(code, self.shape.class)
    }

    fn put_possible(&self, code: &mut Code, slot: &Node, value: &Possible) {
        Room::put(code, slot, width(self.shape), self.low, &value.low);
        if self.shape.class == Class::Range {
            Room::put(code, slot, width(self.shape), self.high, &value.high);
        }
        if self.shape.optional {
            let presence = value.some.bin(Bin::Or, &value.none.shl(1));
            Room::put(code, slot, PRESENCE, self.presence, &presence);
        }
        Room::put(code, slot, NEEDS, self.needs, &value.needs);
    }
}

/// An event and its place in columns.
pub(super) struct Slot {
    /// The place.
    pub(super) number: Node,
    /// 1 when it is one left out.
    pub(super) left_out: Node,
    pub(super) kind: Node,
    /// Its place in the columns of events, where it was supplied.
    pub(super) place: Node,
    pub(super) at: Node,
    /// Goes on to the next.
    pub(super) skip: Label,
}

/// The fields that an expression about events of these kinds takes: none where there are several.
fn fields_of(expr: &Expr, kinds: Kinds) -> BTreeSet<(usize, usize)> {
    let mut fields = BTreeSet::new();
    fields_at(expr, 0, &mut fields);
    fields.retain(|(of, _)| kinds.only() == Some(*of));
    fields
}

impl<'p> Strict<'_, 'p> {
    /// What a column holds for the event at a place in the order of the case.
    pub(super) fn of_column(&mut self, column: usize, slot: &Node) -> Result<Known, EmitError> {
        let room = self.shared.room(column)?;
        Ok(room.known(self.code, slot))
    }

    /// Fills a column.
    pub(super) fn column(&mut self, column: usize, kinds: Kinds, expr: &'p Expr) -> Result<(), EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let room = self.shared.room(column)?;
        let place = self.code.variable(&source.first);
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &place.bin(Bin::GeS, &source.last));
        self.event_of_kind(kinds, &fields_of(expr, kinds), &source, &place)?;
        let value = inside(self, |strict| walk(strict, expr));
        self.at_hand.pop();
        room.put_known(self.code, &place.sub(&source.first), &value?);
        self.code.end();
        self.code.set(&place, &place.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }
}

impl<'p> General<'_, 'p> {
    /// What a column holds for the event at a slot.
    pub(super) fn of_column(&mut self, column: usize, slot: &Node) -> Result<Possible, EmitError> {
        let room = self.shared.room(column)?;
        Ok(room.possible(self.code, slot))
    }

    /// Fills a column: for the events supplied, then for the one that may be left out of each kind.
    pub(super) fn column(&mut self, column: usize, kinds: Kinds, expr: &'p Expr) -> Result<(), EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let room = self.shared.room(column)?;
        self.each_slot(&source, kinds, |general, slot| {
            let timed = general.code.share(&slot.at.ne(&long(TIME_UNKNOWN)));
            let turn = Turn::of_slot(&slot, timed);
            let raw = general.raw_fields(&source, &turn, &fields_of(expr, kinds))?;
            let event = general.possible_event(kinds, &turn, &raw)?;
            general.at_hand.push(event);
            let value = inside(general, |general| walk(general, expr));
            general.at_hand.pop();
            room.put_possible(general.code, &slot.number, &value?);
            Ok(())
        })
    }

    /// Does the work for each event of these kinds: for those supplied, then for the one that may be left out of each kind.
    pub(super) fn each_slot(
        &mut self,
        source: &EventSource,
        kinds: Kinds,
        work: impl FnOnce(&mut Self, Slot) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let supplied = self.code.share(&source.last.sub(&source.first));
        let most = i64::try_from(self.shared.plan.subject.events.len()).unwrap_or(0);
        let all = self.code.share(&supplied.add(&int(most)));
        let number = self.code.variable(&int(0));
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let left_out = self.code.share(&number.bin(Bin::GeS, &supplied));
        let place = self.code.share(&source.first.add(&number));
        let (kind, at) = self.event_of_slot(source, kinds, [&left_out, &place, &number.sub(&supplied)], skip);
        work(self, Slot { number: number.clone(), left_out, kind, place, at, skip })?;
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Kind and time of the event of this turn; leaves the turn where it is of none of the kinds.
    fn event_of_slot(
        &mut self,
        source: &EventSource,
        kinds: Kinds,
        [left_out, place, beyond]: [&Node; 3],
        skip: Label,
    ) -> (Node, Node) {
        let kind = self.code.variable(beyond);
        let at = self.code.variable(&long(TIME_UNKNOWN));
        self.code.when(left_out);
        let absent = self.not_supplied.bin(Bin::ShrU, &kind.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        self.code.leave_when(skip, &absent.not());
        self.code.otherwise();
        self.code.set(&kind, &source.kinds.add(place).load(Width::unsigned(1), 0));
        self.code.set(&at, &source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        self.code.end();
        self.code.leave_when(skip, &is_of(kinds, &kind).not());
        (kind, at)
    }
}
