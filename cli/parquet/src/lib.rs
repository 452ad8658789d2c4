//! Parquet → rows of texts. Only the columns that are wanted are read, one page of each at a time, so that memory does not grow with the file;
//! a value of a dictionary is turned into text once, however many rows have it.
//!
//! A value becomes the one text of its type: `2026-03-29T07:15:00.5Z` for an instant, the same without `Z` for a time of no zone,
//! `2026-03-29` for a date, `12.50` for a decimal of two places, `true`, `0.1`. What becomes of the text is the mapping's matter.
//!
//! Nothing is believed of a file: each length and each count is held against what is there, pages have limits, and what is not read (lists, a
//! codec, a type) is named. Files in order: `fault`; `thrift`, in which a file describes itself; `footer` and `leaf`, what it says; `codec` unpacks a page with
//! `snappy` and `lz4`; `bits`, `delta` and `values` read what stands in it as `texts`; `page`, `chunk` and `file` put rows together.

mod bits;
mod chunk;
mod codec;
mod delta;
mod fault;
mod file;
mod footer;
mod leaf;
mod lz4;
mod page;
mod snappy;
mod texts;
mod thrift;
mod values;

pub use fault::Fault;
pub use file::{Group, Parquet};
pub use leaf::{Column, Means};
pub use texts::Cell;
