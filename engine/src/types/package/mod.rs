//! What a package says of itself and of its cases: its header, its subject, its code lists. No expression is worked out here.

mod citation;
mod code_list;
pub(in crate::types) mod declared_type;
pub(in crate::types) mod header;
pub(in crate::types) mod lasting;
mod records;
pub(in crate::types) mod subject;
pub(in crate::types) mod used;
