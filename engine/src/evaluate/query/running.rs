//! Running queries: the answers at all events in one pass over those whose instants are known.
//!
//! What has been gathered up to an event is kept for the next, and the events that may stand anywhere are taken in besides, at each anew.
//! At an event that may itself stand anywhere the whole query is asked.

use super::super::at_hand::{AtHand, Event};
use super::super::{Machine, Value};
use super::Gathered;
use crate::plan::{Function, Kinds, Limit, Query, Running, Shape};

/// The events whose instants are known, in the direction in which they are taken in, and the others.
struct Way {
    timed: Vec<usize>,
    others: Vec<Event>,
}

impl Machine<'_> {
    /// What a running query comes to at each of these events, which are in the order of the case.
    pub(in crate::evaluate) fn running(
        &self,
        (running, query): (&Running, &Query),
        shape: Shape,
        current: Vec<Event>,
    ) -> Vec<(Event, Value)> {
        let anew = |event: Event| (event, self.query(query, shape, AtHand::default().with(event)));
        let nothing = Gathered::new(query, shape.class, running.renews(query.function));
        let Some(mut gathered) = nothing.filter(|_| self.is_in_order()) else {
            return current.into_iter().map(anew).collect();
        };
        let way = self.way(running, query);
        let (mut timed, others): (Vec<Event>, Vec<Event>) = current.into_iter().partition(|e| self.is_timed(*e));
        if !running.before {
            timed.reverse();
        }
        let mut next = way.timed.iter().copied().peekable();
        let mut values = Vec::new();
        for event in timed {
            let at_hand = AtHand::default().with(event);
            while let Some(other) = next.next_if(|other| self.is_within(running, *other, event)) {
                self.take(query, Event::Supplied(other), at_hand, &mut gathered);
            }
            let mut all = gathered.clone();
            way.others.iter().for_each(|other| self.take(query, *other, at_hand, &mut all));
            values.push((event, all.value(shape)));
        }
        values.extend(others.into_iter().map(anew));
        values
    }

    fn way(&self, running: &Running, query: &Query) -> Way {
        let supplied = (0..self.case.events.len()).map(Event::Supplied);
        let (timed, mut others): (Vec<Event>, Vec<Event>) = supplied.partition(|event| self.is_timed(*event));
        others.extend(self.left_out_of(query));
        if query.function == Function::Last {
            others.reverse();
        }
        let asked = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        let of_kind = |event: &Event| self.kind(*event).is_some_and(|kind| asked.contain(kind));
        let place = |event: Event| if let Event::Supplied(place) = event { Some(place) } else { None };
        let mut timed: Vec<usize> = timed.into_iter().filter(of_kind).filter_map(place).collect();
        if !running.before {
            timed.reverse();
        }
        Way { timed, others }
    }

    /// Whether the events are listed by their instants, as far as these are known, and those of the others come last.
    fn is_in_order(&self) -> bool {
        let at = |place: usize| self.when(Event::Supplied(place)).known();
        (0..self.case.events.len()).is_sorted_by_key(|place| at(place).map_or((true, 0), |at| (false, at)))
    }

    /// Whether an event at a known instant is one of those asked about at another.
    fn is_within(&self, running: &Running, other: usize, current: Event) -> bool {
        let Event::Supplied(current) = current else { return false };
        let at = |place: usize| self.when(Event::Supplied(place)).known();
        let ((later, earlier), (later_at, earlier_at)) = if running.before {
            ((current, other), (at(current), at(other)))
        } else {
            ((other, current), (at(other), at(current)))
        };
        running.limits.iter().all(|limit| match limit {
            Limit::Place => earlier < later,
            Limit::UpToPlace => earlier <= later,
            Limit::Time => earlier_at < later_at,
            Limit::UpToTime => earlier_at <= later_at,
        })
    }

    fn take(&self, query: &Query, event: Event, at_hand: AtHand, gathered: &mut Gathered) {
        let mut members = Vec::new();
        self.members_of(query, event, at_hand, &mut members);
        gathered.take(&members);
    }
}
