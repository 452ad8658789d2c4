//! What values are: types, exact scaled integers, units, dates and the London clock.
pub mod calendar;
pub mod codes;
pub mod dimension;
pub mod holidays;
pub mod interval;
pub mod legend;
pub mod nhs_number;
pub mod periods;
pub mod real;
pub mod rounding;
pub mod spoilt;
pub mod substances;
pub mod systems;
pub mod types;
pub mod units;
pub mod visible;
pub mod working_days;
