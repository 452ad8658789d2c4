//! How far a case has come along a path, when symbols may be unknown and events may be anywhere.
//!
//! The states that are possible are a mask, and each event moves all of them. Once only one is possible, and the path cannot have
//! been left before, what was missing so far no longer matters.

use super::at_hand::Event;
use super::{Machine, Value};
use crate::plan::{Class, Kinds, Needs, PathGives, PathOf};
use crate::values::calendar::FIRST_INSTANT;

/// Symbols of events that may have come at any place.
struct Anywhere {
    symbols: u64,
    needs: Needs,
}

/// Where a case may be.
struct Way<'a> {
    path: &'a PathOf,
    /// The states on the path that are possible.
    live: u64,
    /// The states of having left it that are possible.
    left: u64,
    /// When it may have left, at the earliest and at the latest.
    low: i64,
    high: i64,
    needs: Needs,
}

impl Way<'_> {
    /// What may have come between two instants.
    fn between(&mut self, anywhere: &Anywhere, from: i64, to: i64) {
        let reached = self.path.reach(self.live, anywhere.symbols);
        if reached != self.live {
            self.needs |= anywhere.needs;
        }
        self.go(reached, from, to);
    }

    /// An event.
    fn event(&mut self, symbol: Value, at: i64) {
        let moved = if symbol.may_be_some { self.path.step(self.live, symbol.low.cast_unsigned()) } else { 0 };
        let stayed = if symbol.may_be_none { self.live } else { 0 };
        self.needs |= symbol.needs;
        self.go(moved | stayed, at, at);
        if self.left == 0 && self.live.count_ones() == 1 {
            self.needs = 0;
        }
    }

    fn go(&mut self, states: u64, from: i64, to: i64) {
        let left = states & self.path.left;
        if left != 0 {
            (self.low, self.high) = (self.low.min(from), self.high.max(to));
        }
        self.left |= left;
        self.live = states & !self.path.left;
    }
}

impl Machine<'_> {
    pub(super) fn path(&self, path: &PathOf) -> Value {
        let anywhere = self.anywhere(path);
        let mut way = Way { path, live: 1, left: 0, low: i64::MAX, high: i64::MIN, needs: 0 };
        let mut before = FIRST_INSTANT;
        let of_kind = self.case.events.iter().enumerate().filter(|(_, event)| path.kinds.contain(event.kind));
        let timed = of_kind.filter_map(|(index, event)| Some((index, event.at.known()?)));
        for (index, at) in timed.filter(|(_, at)| *at <= self.case.as_of) {
            way.between(&anywhere, before, at);
            if way.live == 0 {
                break;
            }
            way.event(self.of_column(path.column, Some(Event::Supplied(index))), at);
            before = at;
        }
        way.between(&anywhere, before, self.case.as_of);
        let Way { live, left, low, high, needs, .. } = way;
        match path.gives {
            PathGives::State => {
                let mask = (live | left).cast_signed();
                Value { low: mask, high: mask, may_be_some: true, may_be_none: false, needs }.settled(Class::Set)
            }
            PathGives::LeftAt => {
                Value { low, high, may_be_some: left != 0, may_be_none: live != 0, needs }.settled(Class::Range)
            }
        }
    }

    /// What the events at unknown times, and those that an export may have left out, may be.
    fn anywhere(&self, path: &PathOf) -> Anywhere {
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        let left_out =
            path.kinds.places().filter(|kind| Kinds(self.case.not_supplied).contain(*kind)).map(Event::LeftOut);
        let mut anywhere = Anywhere { symbols: 0, needs: 0 };
        for event in supplied.chain(left_out) {
            if self.is_timed(event) || !self.kind(event).is_some_and(|kind| path.kinds.contain(kind)) {
                continue;
            }
            let symbol = self.of_column(path.column, Some(event));
            if symbol.may_be_some {
                anywhere.symbols |= symbol.low.cast_unsigned();
                anywhere.needs |= symbol.needs | self.time_bit(event);
            }
        }
        anywhere
    }
}
