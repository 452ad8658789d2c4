//! Where everything lies in a module's memory, and what of a plan has to be there at all.

mod data;
mod globals;
mod layout;
mod map;
mod reads;
mod rooms;
mod sizes;
mod workspace;

pub(crate) use data::{Data, group_values, unset};
pub(crate) use globals::{
    CLAIMS, EXPORTED, FIRST_WORKSPACE, GLOBALS, GREATEST, HEAP, MOST_EVENTS, NEEDS, OUT, PLACES, PRESENCE, ROW,
    ROW_NEEDS, ROWS, WORKSPACE, further_global,
};
pub(crate) use layout::layout_of;
pub(crate) use map::{Lists, Map};
pub(crate) use reads::{Reads, fields_at, fields_of, takes_values};
pub(crate) use rooms::{NEEDS_WIDTH, PRESENCE_WIDTH, Room};
pub(crate) use sizes::{MOST_STAGED_COLUMNS, ROWS_ASIDE, SET_MARK, STAGED_BYTES};
