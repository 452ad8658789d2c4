//! Where everything lies in a module's memory, and what of a plan has to be there at all.

mod batches;
mod data;
mod globals;
mod layout;
mod map;
mod reads;
mod rooms;
mod sizes;
mod workspace;

pub(crate) use batches::Rows;
pub(crate) use data::{Data, group_values, unset};
pub(crate) use globals::{
    AS_OF, AT_LEAST, AT_MOST, CARRIED, CARRIED_BYTES, CLAIMS, EXPORTED, FIELD_NEEDS, FIRST, FIRST_EVENT, GLOBALS,
    GREATEST, HEAP, KIND, MOST_EVENTS, NEEDS, NOT_SUPPLIED, ORDER, OUT, PLACES, PRESENCE, RECORD, ROW, ROW_NEEDS, ROWS,
    SUPPLIED, TIMED, TIMED_EVENTS, WORKSPACE, further_global,
};
pub(crate) use layout::layout_of;
pub(crate) use map::{Lists, Map};
pub(crate) use reads::{Reads, fields_at, fields_of, takes_values};
pub(crate) use rooms::{NEEDS_WIDTH, PRESENCE_WIDTH, Room};
pub(crate) use sizes::{
    GOLDEN, GOLDEN_CASE, GOLDEN_DIGEST, GOLDEN_SETTINGS, MOST_STAGED_COLUMNS, ROWS_ASIDE, SET_MARK, STAGED_BYTES,
};
