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
    AS_OF, AT_LEAST, AT_MOST, CARRIED, CARRIED_BYTES, CARRIED_TEXTS, CERTAIN, EXPORTED, FIELD_NEEDS, FIRST,
    FIRST_EVENT, GLOBALS, GREATEST, HAS_TEXTS, HEAP, KIND, MOST_EVENTS, NEAREST_BOUND, NEAREST_CERTAIN, NEAREST_HIGH,
    NEAREST_IS_LAST, NEAREST_LOW, NEAREST_NEEDS, NEAREST_NONE, NEAREST_REACH, NEAREST_SOME, NEAREST_STOPPED,
    NOT_SUPPLIED, ORDER, ORDER_LEAST, ORDER_MOST, PLACES, PRESENCE, RECORD, SUPPLIED, TIMED, TIMED_EVENTS,
    VERDICT_NEEDS, WORKSPACE, further_global,
};
pub(crate) use layout::layout_of;
pub(crate) use map::{Lists, Map};
pub(crate) use reads::{Reads, asks_for_events, fields_asked, fields_at, fields_of, is_wanted, takes_values};
pub(crate) use rooms::{NEEDS_WIDTH, PRESENCE_WIDTH, Room};
pub(crate) use sizes::{NEAREST_BYTES, ROWS_ASIDE, STAGED_BYTES};
