//! The test suite as one binary: one module for each part of the project.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::disallowed_methods,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod audit;
mod audit_splits;
mod beside;
mod bindings;
mod bound;
mod bundles;
mod by_mistake;
mod case_json;
mod case_ranges;
mod cases_of_language;
mod cases_of_trial;
mod charts_over_time;
mod cli;
mod clock_sentences;
mod codes;
mod completions;
mod coverage;
mod covered;
mod data_doubts;
mod dated_clocks;
mod days;
mod declare;
mod demo;
mod described;
mod differential;
mod due;
pub mod endless;
mod engines;
mod eval;
mod explained;
mod fhir;
mod figures;
mod figures_over_time;
mod flat;
mod formats;
mod fuel;
mod fuzz;
mod generate;
mod grammar_page;
mod hostile;
mod identity;
mod in_days;
mod json_in_module;
mod known;
mod language_page;
mod leaks;
mod library;
mod limits;
mod line_ends;
mod made_plans;
mod many_cases;
mod mapping;
mod meaning;
mod measures;
mod members;
mod misread;
mod modules;
mod mutations;
mod nested;
mod nhs_numbers;
mod not_so;
mod others;
mod own_settings;
mod packages;
mod packing;
mod paths;
mod planted;
mod possible;
mod profiled;
mod real;
mod recorded;
mod records;
mod replay;
mod report;
mod running;
mod seen;
mod sentences;
mod serve;
mod set_apart;
mod sets;
mod settings_apart;
mod settings_in_module;
mod side_by_side;
mod signing;
mod spans;
mod stopped;
mod summer_time;
mod syntax;
mod tables;
mod target_dates;
mod tidy;
mod transcripts;
mod true_sentences;
mod typed;
mod uses;
mod variation;
mod while_reading;
mod whole_modules;
