//! Running queries when times, fields or whole kinds may be missing.
//!
//! The events whose instants are known are gone through once: at each, what was gathered at the one before is gone on with. Then come,
//! at each anew, those that may stand anywhere: the events whose instants are not known and one of each kind that an export may have left
//! out. For an event that may itself stand anywhere everything is gathered anew. All of this is one loop inside another, so that the code of the query is
//! written once.

use std::collections::BTreeMap;

use concord_engine::plan::{Function, Id, Kinds, Query, Running, Shape};

use super::General;
use super::events::{EventStep, FoundEvent, is_timed};
use super::gather::Gathered;
use super::running_state::State;
use crate::abi::TIME_UNKNOWN;
use crate::emit::assembler::{Bin, EmitError, Label, Node, Turns, Ty, Width, count, flag, int, long};
use crate::emit::memory::Room;
use crate::emit::walk::{EventSource, is_beyond};

/// The way of a running query along the events.
struct Way<'r, 'p> {
    running: &'r Running,
    query: &'p Query,
    source: EventSource,
    /// How many events there are of which the instants are known, and how many in all.
    timed: Node,
    supplied: Node,
    /// The kinds asked about.
    kinds: Vec<Node>,
    gathered: Gathered,
    state: State,
    /// How many events were gone through whose instants are known.
    next: Node,
}

impl Way<'_, '_> {
    /// The place among the events of all cases of one whose instant is known, by its number along the way.
    fn timed_place(&self, number: &Node) -> Node {
        if self.running.before { self.source.first.add(number) } else { self.source.placed.sub(&int(1)).sub(number) }
    }

    /// The place of any event that is supplied, those whose instants are not known in the order in which they are gathered.
    fn place(&self, number: &Node, backwards: bool) -> Node {
        let other = if backwards {
            self.source.last.sub(&int(1)).sub(&number.sub(&self.timed))
        } else {
            self.source.first.add(number)
        };
        self.timed_place(number).when(&number.bin(Bin::LtS, &self.timed), &other)
    }
}

impl<'p> General<'_, 'p> {
    /// Fills a column with what a running query comes to at each event of some kinds.
    pub(super) fn running(
        &mut self,
        (running, query): (&Running, &'p Query),
        shape: Shape,
        kinds: Kinds,
        room: Room,
    ) -> Result<(), EmitError> {
        let way = self.way(running, query, shape)?;
        let most = count(self.context.plan.subject.events.len())?;
        let all = self.code.share(&way.supplied.add(&most));
        let number = self.code.variable(&int(0));
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::EventsAndKinds);
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let left_out = self.code.share(&number.bin(Bin::GeS, &way.supplied));
        let place = self.code.share(&way.place(&number, false));
        let event = FoundEvent { left_out, kind: number.sub(&way.supplied), place, at: long(TIME_UNKNOWN) };
        let event = self.event_of_slot(&way.source, kinds, event, skip)?;
        let slot = number.when(&event.left_out, &event.place.sub(&way.source.first));
        let slot = self.code.share(&slot);
        let timed = self.code.share(&is_timed(&event.at));
        let current = EventStep {
            event,
            timed: timed.clone(),
            again: flag(false),
            order: slot.clone(),
            slot: slot.clone(),
            done: skip,
        };
        let scope = self.possible_event(kinds, &current, &BTreeMap::new())?;
        self.scopes.push(scope);
        let gathered = self.gather_further(&way, &current);
        self.scopes.pop();
        gathered?;
        let value = way.gathered.result(self);
        room.put_possible(self.code, &slot, &value);
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    fn way<'r>(&mut self, running: &'r Running, query: &'p Query, shape: Shape) -> Result<Way<'r, 'p>, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let asked = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        let kinds = asked.places().map(|kind| count(kind.place())).collect::<Result<_, _>>()?;
        let gathered = Gathered::new(self, query, shape, None)?.renewing(running.renews(query.function));
        let state = State::of(self, &gathered);
        let timed = self.code.share(&source.placed.sub(&source.first));
        let supplied = self.code.share(&source.last.sub(&source.first));
        Ok(Way { running, query, source, timed, supplied, kinds, gathered, state, next: self.code.variable(&int(0)) })
    }

    /// Gathers the events asked about at the current one: from where it stopped, or from the start where that one may stand anywhere.
    fn gather_further(&mut self, way: &Way<'_, 'p>, current: &EventStep) -> Result<(), EmitError> {
        self.code.when(&current.timed.not());
        way.state.forget(self);
        self.code.set(&way.next, &int(0));
        self.code.end();
        way.state.resume(self);
        let number = self.code.variable(&way.next);
        let anywhere = self.code.variable(&flag(false));
        let all = self.code.share(&way.supplied.add(&count(way.kinds.len())?));
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::GoesOnAnywhere);
        self.code.when(&anywhere.not());
        self.leave_the_timed(way, current, &number, &anywhere);
        self.code.end();
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let event = self.event_on_the_way(way, &number, skip)?;
        self.gather_one(way, event, skip)?;
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Where the next event whose instant is known is none of those asked about: keeps what is gathered, and goes on to the events that may stand anywhere.
    fn leave_the_timed(&mut self, way: &Way<'_, 'p>, current: &EventStep, number: &Node, anywhere: &Node) {
        let over = number.bin(Bin::GeS, &way.timed);
        self.code.set(anywhere, &over);
        self.code.when(&anywhere.not().both(&current.timed));
        let other = way.timed_place(number);
        let other = self.code.share(&other);
        let beyond = is_beyond(way.running, &way.source, &other, &current.event.place);
        self.code.set(anywhere, &beyond);
        self.code.end();
        self.code.when(anywhere);
        way.state.keep(self);
        self.code.set(&way.next, number);
        self.code.set(number, &way.timed);
        self.code.end();
    }

    /// The event of this step.
    fn event_on_the_way(&mut self, way: &Way<'_, 'p>, number: &Node, skip: Label) -> Result<FoundEvent, EmitError> {
        let left_out = self.code.share(&number.bin(Bin::GeS, &way.supplied));
        let kind = self.code.variable(&int(-1));
        let at = self.code.variable(&long(TIME_UNKNOWN));
        let place = self.code.variable(&way.source.first);
        self.code.when(&left_out);
        let beyond = number.sub(&way.supplied);
        let kinds = (0_i64..).zip(&way.kinds);
        let missing = kinds.fold(int(0), |other, (number, kind)| kind.when(&beyond.eq(&int(number)), &other));
        self.code.set(&kind, &missing);
        let absent = self.not_supplied.bin(Bin::ShrU, &kind.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        self.code.leave_when(skip, &absent.not());
        self.code.otherwise();
        self.code.set(&place, &way.place(number, way.query.function == Function::Last));
        self.code.set(&kind, &way.source.kinds.add(&place).load(Width::unsigned(1), 0));
        let other = way.kinds.iter().fold(flag(true), |other, wanted| other.both(&kind.ne(wanted)));
        self.code.leave_when(skip, &other);
        self.code.set(&at, &way.source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        self.code.end();
        Ok(FoundEvent { left_out, kind, place, at })
    }

    /// Gathers an event.
    fn gather_one(&mut self, way: &Way<'_, 'p>, event: FoundEvent, skip: Label) -> Result<(), EmitError> {
        let timed = self.code.share(&is_timed(&event.at));
        let late = event.at.bin(Bin::GtS, &self.as_of).both(&timed);
        self.code.leave_when(skip, &late);
        let alternatives = &way.query.alternatives;
        let counted: u32 = alternatives.iter().map(|a| a.kinds.0.count_ones()).sum();
        let asked = alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        let repeated = counted > asked.0.count_ones();
        let again = if repeated { self.code.variable(&flag(false)) } else { flag(false) };
        way.gathered.start(self, &timed, skip);
        let order = event.place.sub(&way.source.first);
        let slot = way.supplied.add(&event.kind).when(&event.left_out, &order);
        let done = self.code.block();
        let step = EventStep { event, timed, again, order, slot, done };
        for number in 0..alternatives.len() {
            self.alternative(way.query, number, &way.source, &step, &way.gathered)?;
        }
        self.code.end();
        way.gathered.finish(self);
        Ok(())
    }
}
