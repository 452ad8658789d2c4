//! Running queries when times, fields or whole kinds may be missing.
//!
//! The events whose instants are known are gone through once: at each, what was gathered at the one before is gone on with. Then come,
//! at each anew, those that may stand anywhere: the events whose instants are not known and one of each kind that an export may have left
//! out. For an event that may itself stand anywhere everything is gathered anew. All of this is one loop inside another, so that the code of the query is
//! written once.

use std::collections::BTreeSet;

use concord_engine::plan::{Function, Kinds, Query, Running, Shape};

use super::General;
use super::events::{Coming, EventStep};
use super::gather::Gathered;
use super::queries::{asked, asks_again};
use super::running_state::State;
use super::several::Asked;
use crate::emit::assembler::{Bin, EmitError, Node, Turns, flag, int};
use crate::emit::memory::{Room, SUPPLIED, TIMED_EVENTS};
use crate::emit::runtime::EventOrder;
use crate::emit::walk::{EventSource, is_beyond};

/// The way of running queries along the events.
struct Way<'r, 'p> {
    running: &'r Running,
    /// They ask about the same events.
    all: Vec<Asked<'p>>,
    source: EventSource,
    /// The kinds asked about.
    kinds: Kinds,
    states: Vec<State>,
    /// Whether each goes through the events once more.
    again: bool,
    last: bool,
    /// How many events were gone through whose instants are known.
    next: Node,
}

impl Way<'_, '_> {
    /// The place among the events of all cases of one whose instant is known, by its number along the way.
    fn timed_place(&self, number: &Node) -> Node {
        if self.running.before { self.source.first.add(number) } else { self.source.placed.sub(&int(1)).sub(number) }
    }

    /// In which order events are come to.
    fn order(&self, others_from_the_last: bool) -> EventOrder {
        EventOrder::TimedFirst { from_the_first: self.running.before, others_from_the_last }
    }
}

impl<'p> General<'_, 'p> {
    /// Fills columns with what running queries about the same events come to at each event of some kinds.
    pub(super) fn running(
        &mut self,
        running: &Running,
        columns: &[(&'p Query, Shape, Room)],
        kinds: Kinds,
    ) -> Result<(), EmitError> {
        let way = self.way(running, columns)?;
        let order = way.order(false);
        self.each_event(kinds, order, |general, number, skip| {
            let event = general.come_to(kinds, number, Coming { order, by_now: false, keeps: true }, skip)?;
            let slot = general.code.share(&number.when(&event.left_out, &event.order));
            let current = EventStep { event, again: flag(false), slot: slot.clone(), done: skip };
            let scope = general.possible_event(kinds, &current, &BTreeSet::new())?;
            general.scopes.push(scope);
            let gathered = general.gather_further(&way, &current);
            general.scopes.pop();
            gathered?;
            for (asked, (_, _, room)) in way.all.iter().zip(columns) {
                let value = asked.gathered.result(general);
                room.put_possible(general.code, &slot, &value);
            }
            Ok(())
        })
    }

    fn way<'r>(
        &mut self,
        running: &'r Running,
        columns: &[(&'p Query, Shape, Room)],
    ) -> Result<Way<'r, 'p>, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let all = columns.iter().map(|(query, shape, _)| {
            let gathered = Gathered::running(self, query, *shape, running.renews(query.function))?;
            Ok(Asked { query, gathered })
        });
        let all = all.collect::<Result<Vec<_>, EmitError>>()?;
        let states = all.iter().map(|asked| State::of(self, &asked.gathered)).collect();
        let kinds = all.iter().fold(Kinds::default(), |kinds, each| kinds.and(asked(each.query)));
        let again = all.iter().any(|each| asks_again(each.query));
        let last = all.iter().any(|each| each.query.function == Function::Last);
        Ok(Way { running, all, source, kinds, states, again, last, next: self.code.variable(&int(0)) })
    }

    /// Gathers the events asked about at the current one: from where it stopped, or from the start where that one may stand anywhere.
    fn gather_further(&mut self, way: &Way<'_, 'p>, current: &EventStep) -> Result<(), EmitError> {
        self.code.when(&current.event.timed.not());
        way.all.iter().zip(&way.states).for_each(|(asked, state)| state.forget(self, &asked.gathered));
        self.code.set(&way.next, &int(0));
        self.code.end();
        way.all.iter().zip(&way.states).for_each(|(asked, state)| state.resume(self, &asked.gathered));
        let number = self.code.variable(&way.next);
        let anywhere = self.code.variable(&flag(false));
        let most = u64::BITS - way.kinds.0.leading_zeros();
        let all = SUPPLIED.steady().add(&int(i64::from(most)));
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::GoesOnAnywhere);
        self.code.when(&anywhere.not());
        self.leave_the_timed(way, current, &number, &anywhere);
        self.code.end();
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let order = way.order(way.last);
        let coming = Coming { order, by_now: true, keeps: way.again };
        let event = self.come_to(way.kinds, &number, coming, skip)?;
        let slot = number.when(&event.left_out, &event.order);
        self.gather_several(&way.all, (event, slot), skip)?;
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Where the next event whose instant is known is none of those asked about: keeps what is gathered, and goes on to the events that may stand anywhere.
    fn leave_the_timed(&mut self, way: &Way<'_, 'p>, current: &EventStep, number: &Node, anywhere: &Node) {
        let over = number.bin(Bin::GeS, &TIMED_EVENTS.steady());
        self.code.set(anywhere, &over);
        self.code.when(&anywhere.not().both(&current.event.timed));
        let other = way.timed_place(number);
        let other = self.code.share(&other);
        let place = self.code.share(&way.source.first.add(&current.event.order));
        let beyond = is_beyond(way.running, &way.source, &other, &place);
        self.code.set(anywhere, &beyond);
        self.code.end();
        self.code.when(anywhere);
        way.all.iter().zip(&way.states).for_each(|(asked, state)| state.keep(self, &asked.gathered));
        self.code.set(&way.next, number);
        self.code.set(number, &TIMED_EVENTS.steady());
        self.code.end();
    }
}
