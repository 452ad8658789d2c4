//! What values are made of: units, and later numbers, dates and their ranges.
pub mod units;
