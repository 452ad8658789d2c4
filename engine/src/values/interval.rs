//! What is known of a value only to lie in a range: a result at the edge of the assay, an instant known to the day.

use super::calendar::{DAY, instant_on};

/// Which side of a value another lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Edge {
    /// The sign at the beginning of a text as laboratories write it, and what stands after it.
    #[must_use]
    pub fn read(text: &str) -> Option<(Edge, &str)> {
        const SIGNS: [(&str, Edge); 6] = [
            ("<=", Edge::AtMost),
            ("≤", Edge::AtMost),
            (">=", Edge::AtLeast),
            ("≥", Edge::AtLeast),
            ("<", Edge::Below),
            (">", Edge::Above),
        ];
        SIGNS.into_iter().find_map(|(sign, edge)| Some((edge, text.strip_prefix(sign)?.trim_ascii_start())))
    }

    /// The same side, the value itself included.
    fn or_equal(self) -> Edge {
        match self {
            Edge::Below | Edge::AtMost => Edge::AtMost,
            Edge::Above | Edge::AtLeast => Edge::AtLeast,
        }
    }

    /// The declared values on this side of one that lies from `first` to `last`; none where there is no such value.
    #[must_use]
    pub fn within(self, (low, high): (i64, i64), (first, last): (i64, i64)) -> Option<(i64, i64)> {
        let (low, high) = match self {
            Edge::Below => (low, high.min(first.saturating_sub(1))),
            Edge::AtMost => (low, high.min(last)),
            Edge::Above => (low.max(last.saturating_add(1)), high),
            Edge::AtLeast => (low.max(first), high),
        };
        (low <= high).then_some((low, high))
    }

    /// The same of a number in another unit, which lies from `first` to `last`: what falls between two declared values may be either of
    /// them. None where no number on this side lies between two of them.
    #[must_use]
    pub fn within_converted(self, (low, high): (i64, i64), (first, last): (i64, i64)) -> Option<(i64, i64)> {
        // What is next to a declared value, and not that value, lies between it and its neighbour.
        let next = i64::from(first == last && self != self.or_equal());
        let any = match self {
            Edge::Below | Edge::AtMost => low <= first.saturating_sub(next),
            Edge::Above | Edge::AtLeast => last.saturating_add(next) <= high,
        };
        self.or_equal().within((low, high), (first, last)).filter(|_| any)
    }
}

/// The first and the last millisecond of a day in London.
#[must_use]
pub fn day(date: i64) -> (i64, i64) {
    (instant_on(date, 0), instant_on(date, DAY) - 1)
}
