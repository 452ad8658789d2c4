//! Running queries: which events are asked about at another.

use concord_engine::plan::{Limit, Running};

use super::events::EventSource;
use crate::emit::assembler::{Bin, Node, Width, flag};

/// Whether an event is not one of those that a running query asks about at another; both by their places among the events of all cases.
pub(crate) fn is_beyond(running: &Running, source: &EventSource, other: &Node, current: &Node) -> Node {
    let time = |place: &Node| source.times.add(&place.shl(3)).load(Width::signed(8), 0);
    let (later, earlier) = if running.before { (current, other) } else { (other, current) };
    let beyond = running.limits.iter().map(|limit| match limit {
        Limit::Place => earlier.bin(Bin::GeS, later),
        Limit::UpToPlace => earlier.bin(Bin::GtS, later),
        Limit::Time => time(earlier).bin(Bin::GeS, &time(later)),
        Limit::UpToTime => time(earlier).bin(Bin::GtS, &time(later)),
    });
    beyond.fold(flag(false), |beyond, one| beyond.either(&one))
}
