//! Where everything lies in a module's memory, and what of a plan has to be there at all.

mod data;
mod layout;
mod map;
mod reads;
mod rooms;

pub(crate) use data::{Data, group_values, unset};
pub(crate) use layout::layout_of;
pub(crate) use map::{LIST_ROOM, Lists, MOST_STAGED_COLUMNS, Map, SET_MARK, STAGED_BYTES};
pub(crate) use reads::{Reads, fields_at, fields_of, takes_values};
pub(crate) use rooms::{NEEDS_WIDTH, PRESENCE_WIDTH, Room};
