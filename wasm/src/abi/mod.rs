//! The binary interface of a module as plain data: where everything lies, what a status says, what its manifest tells a host.
//!
//! `wasm/ABI.md` says the same in words. The compiler fills it in, the host in [`crate::run`] reads it, and whatever makes a host in
//! another language needs nothing else.

mod carried;
mod identity;
mod layout;
mod manifest;
mod packed;
mod roles;
mod slots;
mod status;
mod version;
mod widths;

pub use carried::{Carried, Golden, MANIFEST_SECTION, VECTORS_SECTION, carried, digest, short};
pub(crate) use carried::{DIGEST_PRIME, DIGEST_START};
pub use identity::{Identity, claim_in_words};
pub use layout::{Column, JudgedColumn, Layout, Output};
pub use manifest::{
    AnswerParts, Event, Fact, Field, Form, Holidays, List, Manifest, ObligationParts, Row, Rows, Setting,
};
pub(crate) use packed::{
    APART_DOWN, APART_UP, CURVE_BITS, CURVE_RATE, CURVE_START, DIGEST, KEY_BITS, KEY_BYTES, KINDS, KNOWN_BITS, LONG,
    ODDS_BITS, OFTEN, OTHER, OTHER_LEAST, RIGHT, SHIFT_BITS, SHIFTS, STEP, TABLE_BITS, VIEWS, WEIGHT, WEIGHT_BITS,
    WEIGHT_RATE,
};
pub use packed::{pack, unpack};
pub use roles::Role;
pub use slots::{
    BOUNDS_FACTS, BOUNDS_WHICH, COLUMNS_AS_OF, COLUMNS_AS_OF_EACH, COLUMNS_BOUNDS_FACT, COLUMNS_BOUNDS_HIGH,
    COLUMNS_FACTS, COLUMNS_NOT_SUPPLIED, COLUMNS_NOT_SUPPLIED_EACH, EVENT_BOUNDS_FIELDS, EVENT_BOUNDS_TIMES, IN_AS_OF,
    IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED, OUT_COLUMNS, OUT_DETAIL, OUT_DETAIL_ROOM, OUT_STATUS,
};
pub use status::{
    JSON_ANSWERED, JSON_BROKEN, JSON_LIMIT, JSON_REFUSED, STATUS_BROKEN, STATUS_GENERAL, STATUS_NO_WORKSPACE,
};
pub use version::{ABI_VERSION, MAX_PAGES, WORKSPACE_EVENTS};
pub use widths::{TIME_BETWEEN, TIME_UNKNOWN, between_of, bytes_of, missing_of, none_of};
