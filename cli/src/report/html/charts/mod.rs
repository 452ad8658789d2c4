//! Charts as pure functions from results to SVG.
//!
//! Each carries its own title and description, reads in black and white, and names no outside
//! resource. The page puts a table beside each: see [`super::parts::figure`].

pub mod control;
pub mod frame;
pub mod funnel;
pub mod histogram;
pub mod icons;
pub mod interval;
pub mod sparkline;
pub mod verdict_bar;
pub mod waterfall;
