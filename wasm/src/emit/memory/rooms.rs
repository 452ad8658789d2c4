//! Where columns stand in the workspace: each has room of its own, a place for every event in the order of the case, and one more for
//! each kind of event that an export may have left out.
//!
//! The strict code keeps the value and whether it is none there, the general code all parts of a possible value; neither reads what
//! the other left.

use concord_engine::plan::{ById, Class, Column, ColumnId, Plan, Shape};

use super::reads::Reads;
use super::workspace::Workspace;
use crate::abi::{JudgedColumn, bytes_of};
use crate::emit::assembler::{Code, EmitError, Node, SLOT, Width};

/// Needs, as they stand in a column.
pub(crate) const NEEDS_WIDTH: Width = SLOT;
/// Whether a value may be some or none, as it stands in a column.
pub(crate) const PRESENCE_WIDTH: Width = Width::unsigned(1);

/// Where the values of one column stand: for each part, how many bytes of every place stand before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) shape: Shape,
    pub(crate) low: u32,
    /// The same as the low of a set.
    pub(crate) high: u32,
    /// Of a value that may be none.
    pub(crate) presence: Option<u32>,
    pub(crate) needs: u32,
}

/// Room for the columns that something reads; and the bytes of every place that they take.
pub(super) fn rooms(plan: &Plan, reads: &Reads) -> Result<(ById<ColumnId, Option<Room>>, u32), EmitError> {
    let mut end = 0;
    let mut rooms = ById::default();
    for (number, column) in plan.columns.placed() {
        rooms.push(if reads.columns.contains(&number) { Some(room(column, &mut end)?) } else { None });
    }
    Ok((rooms, end))
}

fn room(column: &Column, end: &mut u32) -> Result<Room, EmitError> {
    let shape = column.shape;
    let mut take = |width: Width| {
        let first = *end;
        let after = first.checked_add(u32::from(width.bytes));
        *end = after.ok_or(EmitError::TooLarge("more is worked out for each event than fits in memory"))?;
        Ok(first)
    };
    let width = width(shape);
    let low = take(width)?;
    let high = if shape.class == Class::Set { low } else { take(width)? };
    let presence = if shape.optional { Some(take(PRESENCE_WIDTH)?) } else { None };
    Ok(Room { shape, low, high, presence, needs: take(NEEDS_WIDTH)? })
}

/// Numbers in the least width that holds them; sets as a mask.
fn width(shape: Shape) -> Width {
    match shape.class {
        Class::Range => Width::signed(bytes_of(Shape { optional: false, ..shape }, 0)),
        Class::Set => Width::signed(8),
    }
}

impl Room {
    /// For the host.
    pub(crate) fn judged(&self) -> JudgedColumn {
        let Room { shape, low, high, presence, needs } = *self;
        JudgedColumn { shape, bytes: self.width().bytes, low, high, presence, needs }
    }

    /// The width of a value.
    pub(crate) fn width(&self) -> Width {
        width(self.shape)
    }

    fn address(slot: &Node, width: Width, before: u32) -> Node {
        Workspace::part(before).add(&slot.shl(width.log2()))
    }

    /// What stands in one part for an event.
    pub(crate) fn part(slot: &Node, width: Width, before: u32) -> Node {
        Room::address(slot, width, before).load(width, 0)
    }

    /// Writes one part.
    pub(crate) fn put(code: &mut Code, slot: &Node, width: Width, before: u32, value: &Node) {
        code.store(&Room::address(slot, width, before), 0, value, width);
    }
}
