//! Where everything lies in a module's memory, and what of a plan has to be there at all.

mod data;
mod layout;
mod map;
mod reads;
mod rooms;
mod sizes;

pub(crate) use data::{Data, group_values, unset};
pub(crate) use layout::layout_of;
pub(crate) use map::{Lists, Map};
pub(crate) use reads::{Reads, fields_at, fields_of, takes_values};
pub(crate) use rooms::{NEEDS_WIDTH, PRESENCE_WIDTH, Room};
pub(crate) use sizes::{LIST_ROOM, MOST_STAGED_COLUMNS, SET_MARK, STAGED_BYTES};
