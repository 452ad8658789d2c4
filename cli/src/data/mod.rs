//! From what a member exports to cases: strict JSON for one case, declarative mappings for whole exports.

pub mod answer_json;
pub mod answer_schema;
mod case_events;
pub mod case_json;
pub mod case_out;
mod case_path;
pub mod case_text;
mod case_text_value;
mod case_value;
pub mod decision;
pub mod duration;
pub mod input_error;
mod interval;
mod json_text;
pub mod line;
pub mod mapping;
pub mod marks;
pub mod names;
pub mod number;
pub mod other_unit;
pub mod pages;
pub mod plausible;
pub mod read;
pub mod schema;
pub mod schema_codes;
pub mod settings_json;
pub mod value;
