//! The statistics of the audit against figures worked out by hand, published, or
//! computed by other software.
//!
//! Figures marked "oracle" come from `tests/oracle/variation.py` (scipy 1.17.1,
//! statsmodels 0.15.0, numpy 2.4.6), which shares no code with the engine.

mod bounded;
mod control_chart;
mod counts;
mod data;
mod delays;
mod evidence;
mod figures;
mod funnel;
mod funnel_within;
mod robust;
mod shifted;
mod sketch;
mod special_cause;
mod spread;

/// Asserts that two figures agree to a relative (below 1, absolute) tolerance.
#[track_caller]
fn close(found: f64, expected: f64, within: f64) {
    let scale = expected.abs().max(1.0);
    assert!((found - expected).abs() <= within * scale, "found {found}, expected {expected}");
}
