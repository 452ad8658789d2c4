//! Running queries where everything is known: one loop over the events, and in it one that goes on where it stopped.

use std::collections::BTreeSet;

use concord_engine::plan::{Alternative, Function, Kinds, Query, Running, Shape};

use super::gathering::Gathering;
use super::{Known, Strict};
use crate::emit::assembler::{Bin, EmitError, Label, Node, Turns, Ty, int};
use crate::emit::memory::{Room, fields_asked};
use crate::emit::walk::{EventSource, inside, is_beyond, walk};

/// The way along the events.
struct Way<'r> {
    running: &'r Running,
    source: EventSource,
    /// The next event to be taken in.
    next: Node,
}

impl Way<'_> {
    /// The event from which it starts.
    fn start(&self) -> Node {
        if self.running.before { self.source.first.clone() } else { self.source.last.sub(&int(1)) }
    }

    /// Whether a place lies beyond its end.
    fn is_over(&self, place: &Node) -> Node {
        if self.running.before {
            place.bin(Bin::GeS, &self.source.last)
        } else {
            place.bin(Bin::LtS, &self.source.first)
        }
    }

    /// The place after another.
    fn after(&self, place: &Node) -> Node {
        place.add(&int(if self.running.before { 1 } else { -1 }))
    }

    /// Whether the next event, which there is, is not one of those asked about at a current one.
    fn stops(&self, current: &Node) -> Node {
        is_beyond(self.running, &self.source, &self.next, current)
    }
}

impl<'p> Strict<'_, 'p> {
    /// Fills a column with what a running query comes to at each event of some kinds.
    pub(super) fn running(
        &mut self,
        (running, query): (&Running, &'p Query),
        shape: Shape,
        kinds: Kinds,
        room: Room,
    ) -> Result<(), EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let way = Way { running, next: self.code.local(Ty::I32), source };
        self.code.set(&way.next, &way.start());
        let current = self.code.variable(&way.start());
        let out = self.code.block();
        let answer = self.gathering(query, shape, None, out);
        let top = self.code.repeat_for(Turns::Events);
        self.code.leave_when(out, &way.is_over(&current));
        self.event_of_kind(kinds, &BTreeSet::new(), &way.source, &current)?;
        let taken_in = inside(self, |strict| strict.take_in(&way, query, &current, &answer));
        self.scopes.pop();
        taken_in?;
        let value = self.answered(query, &answer, shape);
        room.put_known(self.code, &current.sub(&way.source.first), &value);
        self.code.end();
        self.code.set(&current, &way.after(&current));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Takes in the events asked about at the current one that were not asked about before.
    fn take_in(
        &mut self,
        way: &Way<'_>,
        query: &'p Query,
        current: &Node,
        answer: &Gathering,
    ) -> Result<(), EmitError> {
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::GoesOn);
        self.code.leave_when(out, &way.is_over(&way.next));
        self.code.leave_when(out, &way.stops(current));
        let next = self.code.block();
        for (number, alternative) in query.alternatives.iter().enumerate() {
            let mut later = query.alternatives.iter().skip(number + 1);
            let taken = later.any(|a| a.kinds.meet(alternative.kinds)).then_some(next);
            let used = fields_asked(query, alternative);
            self.event_of_kind(alternative.kinds, &used, &way.source, &way.next)?;
            let renews = way.running.renews(query.function);
            let asked = inside(self, |strict| strict.take_further(query, alternative, answer, (renews, taken)));
            self.scopes.pop();
            asked?;
            self.code.end();
        }
        self.code.end();
        self.code.set(&way.next, &way.after(&way.next));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Takes account of the event asked about, if it belongs. Of `first` or `last` the nearest counts, which is the last found where they are
    /// taken in from far to near, and else the first.
    fn take_further(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        answer: &Gathering,
        (renews, taken): (bool, Option<Label>),
    ) -> Result<(), EmitError> {
        let at = self.scopes.last().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        let by_now = at.bin(Bin::LeS, &self.as_of);
        let filter = walk(self, &alternative.filter)?;
        let belongs = by_now.both(&filter.value.to(Ty::I32));
        self.code.when(&belongs);
        match query.function {
            Function::Count => self.code.set(&answer.value, &answer.value.add(&Node::Const(answer.value.ty(), 1))),
            Function::Any => self.code.set(&answer.value, &int(1)),
            Function::First | Function::Last => {
                if !renews {
                    self.code.when(&answer.count.not());
                    self.code.set(&answer.count, &int(1));
                }
                let value = self.value_of(alternative)?;
                self.code.set(&answer.value, &value.value);
                self.code.set(&answer.none, &value.none);
                if !renews {
                    self.code.end();
                }
            }
            function => {
                let value: Known = self.value_of(alternative)?;
                self.code.when(&value.none.not());
                self.add_value(function, &value.value, answer);
                self.code.end();
            }
        }
        if let Some(taken) = taken {
            self.code.leave(taken);
        }
        self.code.end();
        Ok(())
    }
}
