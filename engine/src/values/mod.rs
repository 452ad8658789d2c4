//! What values are: types, exact scaled integers, units, dates and the London clock.
pub mod calendar;
pub mod types;
