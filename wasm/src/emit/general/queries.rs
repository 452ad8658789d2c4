//! Queries about events when times, fields or whole kinds may be missing: one loop over the events that an export may have
//! left out, one of each kind, and over those supplied. Those whose instant is not known come after the others; of the n-th, before.

use concord_engine::plan::{Alternative, Function, Kinds, Query, Shape};

use super::General;
use super::events::{Coming, EventStep, FoundEvent};
use super::gather::Gathered;
use super::member::Member;
use super::nearest;
use super::value::{Possible, test};
use crate::emit::assembler::{Bin, EmitError, Label, Node, Ty, flag, int, long};
use crate::emit::memory::{Lists, SUPPLIED, asks_for_events, fields_asked, takes_values};
use crate::emit::runtime::EventOrder;
use crate::emit::walk::{inside, is_nearest, is_of, since, walk};

/// The kinds asked about.
pub(super) fn asked(query: &Query) -> Kinds {
    query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds))
}

/// Whether it goes through the events once more for some event.
pub(super) fn asks_again(query: &Query) -> bool {
    query.alternatives.iter().any(|of| asks_for_events(&of.filter) || asks_for_events(&of.value))
}

/// In which order events are come to.
pub(super) fn order_of(function: Function) -> EventOrder {
    match function {
        Function::Last => EventOrder::TimedFirst { from_the_first: false, others_from_the_last: true },
        Function::Nth(_) => EventOrder::TimedLast,
        _ => EventOrder::TimedFirst { from_the_first: true, others_from_the_last: false },
    }
}

/// Whether what is taken of each event is its time.
fn takes_times(query: &Query) -> bool {
    query.alternatives.iter().all(Alternative::takes_time)
}

impl<'p> General<'_, 'p> {
    /// What the query gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape, lists: Option<Lists>) -> Result<Possible, EmitError> {
        if self.events.is_none() {
            return Err(EmitError::NoEvent);
        }
        let kinds = asked(query);
        let order = order_of(query.function);
        if self.context.repeats.nearest > 1
            && let Some(since) = since(query)
            && let Some(found) = self.nearest_of_kind(kinds, since, order)?
        {
            return Ok(found);
        }
        let keeps = asks_again(query);
        let gathered = match query.function {
            Function::First | Function::Last if !keeps && is_nearest(query, shape) => {
                let last = query.function == Function::Last;
                nearest::start(self, last);
                Gathered::Shared { last, time: takes_times(query) }
            }
            _ => Gathered::new(self, query, shape, lists)?,
        };
        let coming = Coming { order, by_now: true, keeps };
        self.each_event(kinds, order, |general, number, skip| {
            let event = general.come_to(kinds, number, coming, skip)?;
            let slot = match order {
                EventOrder::TimedFirst { .. } => number.when(&event.left_out, &event.order),
                EventOrder::TimedLast => SUPPLIED.steady().sub(number).sub(&int(1)).when(&event.left_out, &event.order),
            };
            general.gather_one(query, (event, slot), &gathered, skip)
        })?;
        Ok(gathered.result(self))
    }

    /// Gathers an event that stands at a slot.
    pub(super) fn gather_one(
        &mut self,
        query: &'p Query,
        (event, slot): (FoundEvent, Node),
        gathered: &Gathered,
        skip: Label,
    ) -> Result<(), EmitError> {
        let alternatives = &query.alternatives;
        let counted: u32 = alternatives.iter().map(|a| a.kinds.0.count_ones()).sum();
        let repeated = counted > asked(query).0.count_ones();
        let again = if repeated { self.code.variable(&flag(false)) } else { flag(false) };
        gathered.start(self, &event, skip);
        let done = self.code.block();
        let step = EventStep { event, again, slot, done };
        for number in 0..alternatives.len() {
            self.alternative(query, number, &step, gathered)?;
        }
        self.code.end();
        gathered.finish(self);
        Ok(())
    }

    /// Takes the event in under one alternative, if it may belong.
    fn alternative(
        &mut self,
        query: &'p Query,
        number: usize,
        step: &EventStep,
        gathered: &Gathered,
    ) -> Result<(), EmitError> {
        let Some(alternative) = query.alternatives.get(number) else { return Ok(()) };
        let next = self.code.block();
        if query.alternatives.iter().any(|a| a.kinds != alternative.kinds) {
            self.code.leave_when(next, &is_of(alternative.kinds, &step.event.kind)?.not());
        }
        let mut fields = fields_asked(query, alternative);
        fields.retain(|(kind, _)| alternative.kinds.only() == Some(*kind));
        let event = self.possible_event(alternative.kinds, step, &fields)?;
        gathered.start_alternative(self, step, &event.order, next);
        self.scopes.push(event);
        let member = inside(self, |general| general.member(query, alternative, step, gathered, next));
        self.scopes.pop();
        let certain = member?;
        let mut later = query.alternatives.iter().skip(number + 1);
        if later.any(|a| a.kinds.0 & alternative.kinds.0 != 0) {
            self.code.leave_when(step.done, &certain);
            self.code.set(&step.again, &flag(true));
        }
        self.code.end();
        Ok(())
    }

    /// Gathers the current event, if it may belong; whether it certainly does.
    pub(super) fn member(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        step: &EventStep,
        gathered: &Gathered,
        next: Label,
    ) -> Result<Node, EmitError> {
        let belongs = self.belongs(alternative, step, next)?;
        let time_needs = self.scopes.last().map_or(long(0), |event| event.at.needs.clone());
        let needs = self.code.share(&belongs.needs.bin(Bin::Or, &time_needs));
        let in_play = gathered.start_member(self, step, &belongs);
        let mut value = if takes_values(query) { walk(self, &alternative.value)? } else { Possible::known(long(0)) };
        if alternative.takes_time() && takes_values(query) && !matches!(gathered, Gathered::Shared { time: true, .. }) {
            let by_now = self.min(&value.high, &self.as_of.clone());
            value.high = self.code.share(&by_now);
        }
        let member = Member { certain: belongs.low.clone(), belonging: belongs.needs.clone(), needs, value };
        gathered.take(self, step, &member);
        if in_play {
            self.code.end();
        }
        Ok(belongs.low)
    }

    /// Whether the event belongs: leaves the alternative when it cannot.
    fn belongs(&mut self, alternative: &'p Alternative, step: &EventStep, next: Label) -> Result<Possible, EmitError> {
        let at = self.scopes.last().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        let by_now = self.code.share(&at.high.bin(Bin::LeS, &self.as_of));
        let filter = walk(self, &alternative.filter)?;
        let certain = by_now.both(&filter.low.to(Ty::I32)).both(&step.event.left_out.not());
        let unsupplied = self.scopes.last().map_or(long(0), |event| event.unsupplied.clone());
        let needs = long(0)
            .when(&by_now, &at.needs)
            .bin(Bin::Or, &filter.needs)
            .bin(Bin::Or, &unsupplied.when(&step.event.left_out, &long(0)));
        let belongs = test(self.code, &certain, &filter.high.to(Ty::I32), &needs);
        self.code.leave_when(next, &belongs.high.not());
        Ok(belongs)
    }
}
