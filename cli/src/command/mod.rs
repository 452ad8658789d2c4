//! One command, one file.

pub mod audit;
pub mod bindings;
pub mod build;
pub mod cases;
pub mod check;
pub mod completions;
pub mod eval;
pub mod explain;
pub mod fmt;
pub mod inspect;
pub mod keygen;
pub mod man;
pub mod map;
pub mod merge;
pub mod new;
pub mod packs;
pub mod profile;
pub mod replay;
pub mod report;
pub mod serve;
pub mod sign;
pub mod test;
pub mod verify;
pub mod version;
pub mod waits;
pub mod wanted;
