//! An event of a loop over possible events: what is possible of its time, its order and its fields.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::{Class, EventKind, FieldId, Id, KindId, Kinds, MAX_EVENTS};

use super::value::{Possible, ends};
use super::{General, PossibleEvent};
use crate::abi::TIME_BETWEEN;
use crate::emit::assembler::{Bin, EmitError, Label, Node, Turns, count, flag, int, long};
use crate::emit::memory::{
    AT_LEAST, AT_MOST, FIELD_NEEDS, GREATEST, KIND, ORDER, ORDER_LEAST, ORDER_MOST, PRESENCE, SUPPLIED, TIMED,
};
use crate::emit::runtime::{EventOrder, FieldOfEvent, Helper, NextEvent, need, written_field};

/// Where among the pointers to bounds that of events stands.
const EVENTS_BOUNDS: u32 = 8;

/// Whether an event's instant is known, given what stands in the column of times.
pub(crate) fn is_timed(at: &Node) -> Node {
    at.bin(Bin::GtS, &long(TIME_BETWEEN))
}

/// An event as a loop comes to it.
#[derive(Clone)]
pub(super) struct FoundEvent {
    /// 1 when it is one that may be left out of the export.
    pub(super) left_out: Node,
    pub(super) kind: Node,
    /// Its place in the case, where it was supplied; else −1.
    pub(super) order: Node,
    /// Whether its instant is known.
    pub(super) timed: Node,
    /// Between which two it lies.
    pub(super) low: Node,
    pub(super) high: Node,
    /// Between which two places it stands in the order of all events.
    pub(super) first: Node,
    pub(super) last: Node,
}

/// How a loop comes to its events.
#[derive(Clone, Copy)]
pub(super) struct Coming {
    pub(super) order: EventOrder,
    /// Whether what certainly came after the instant asked about is no event.
    pub(super) by_now: bool,
    /// Whether the loop goes through events once more inside, so that it has to keep what it came to.
    pub(super) keeps: bool,
}

/// An event and its place in columns.
pub(super) struct Slot {
    /// The place.
    pub(super) number: Node,
    pub(super) event: FoundEvent,
    /// Goes on to the next.
    pub(super) skip: Label,
}

/// The event of this step of the loop.
pub(super) struct EventStep {
    pub(super) event: FoundEvent,
    /// Whether an earlier alternative took it in.
    pub(super) again: Node,
    /// See [`PossibleEvent::slot`].
    pub(super) slot: Node,
    /// Leaves the alternatives.
    pub(super) done: Label,
}

impl EventStep {
    /// The event of a step that fills a column.
    pub(super) fn of_slot(slot: &Slot) -> EventStep {
        let Slot { number, event, skip } = slot;
        EventStep { event: event.clone(), again: flag(false), slot: number.clone(), done: *skip }
    }

    /// How many events it stands for at most.
    pub(super) fn many(&self) -> Node {
        long(MAX_EVENTS).when(&self.event.left_out, &long(1))
    }

    /// The same, unless an earlier alternative counted them.
    pub(crate) fn more(&self) -> Node {
        long(0).when(&self.again, &self.many())
    }
}

impl<'p> General<'_, 'p> {
    /// The event of this number in an order, if there is one and it is of these kinds; leaves the step otherwise.
    pub(super) fn come_to(
        &mut self,
        kinds: Kinds,
        number: &Node,
        Coming { order, by_now, keeps }: Coming,
        skip: Label,
    ) -> Result<FoundEvent, EmitError> {
        let next = self.next_event(order, by_now);
        let asked = vec![long(kinds.0.cast_signed()), number.clone()];
        let none = self.context.helpers.call(Helper::Event(next), asked);
        self.code.leave_when(skip, &none);
        let kind = match kinds.only() {
            Some(only) => count(only.place())?,
            None if keeps => self.code.variable(&KIND),
            None => KIND.steady(),
        };
        let left_out = match order {
            EventOrder::TimedFirst { .. } => number.bin(Bin::GeS, &SUPPLIED.steady()),
            EventOrder::TimedLast => number.bin(Bin::LtS, &int(0)),
        };
        let mut found = |global: &Node| if keeps { self.code.variable(global) } else { global.steady() };
        let (order, timed) = (found(&ORDER), found(&TIMED));
        let [low, high, first, last] = [AT_LEAST, AT_MOST, ORDER_LEAST, ORDER_MOST].map(|end| found(&end));
        Ok(FoundEvent { left_out: self.code.share(&left_out), kind, order, timed, low, high, first, last })
    }

    /// The function that comes to events in an order.
    pub(super) fn next_event(&self, order: EventOrder, by_now: bool) -> NextEvent {
        let layout = &self.context.layout;
        let (events, bounds) = (layout.record_in_events, layout.record_in_bounds + EVENTS_BOUNDS);
        NextEvent { order, by_now, events, bounds }
    }

    /// What is possible of these fields of an event.
    fn fields(
        &mut self,
        step: &EventStep,
        wanted: &BTreeSet<(KindId, FieldId)>,
    ) -> Result<BTreeMap<(KindId, FieldId), Possible>, EmitError> {
        let plan = self.context.plan;
        let mut fields = BTreeMap::new();
        for (kind, field) in wanted {
            let event = plan.subject.events.get(*kind).ok_or(EmitError::no_such("kind of event", *kind))?;
            let input = event.fields.get(*field).ok_or(EmitError::no_such("field", *field))?;
            let layout = &self.context.layout;
            let bytes = layout.event_fields.get(*field).ok_or(EmitError::no_such("field", *field))?.bytes;
            // The field of before is one of these.
            let columns = layout.event_fields.iter().next().map_or(0, |first| first.slot);
            let reader = FieldOfEvent { columns, bounds: layout.record_in_bounds + EVENTS_BOUNDS };
            let number = u8::try_from(field.place()).map_err(|_| EmitError::no_such("field", *field))?;
            let written = self.context.constant(&written_field(input, event.unsupplied, (number, bytes)))?;
            let asked = vec![step.event.order.clone(), int(i64::from(written))];
            let low = self.context.helpers.call(Helper::Field(reader), asked);
            let (shape, ty) = (input.shape, ends(input.shape).0.ty());
            let low = self.code.variable(&low.to(ty));
            let high = match shape.class {
                Class::Set => low.clone(),
                Class::Range => self.code.variable(&GREATEST.to(ty)),
            };
            let (some, none) = if shape.optional {
                let presence = self.code.variable(&PRESENCE);
                let some = self.code.share(&presence.bin(Bin::And, &int(1)));
                (some, self.code.share(&presence.bin(Bin::ShrU, &int(1))))
            } else {
                (flag(true), flag(false))
            };
            let needs = self.code.variable(&FIELD_NEEDS);
            fields.insert((*kind, *field), Possible { low, high, some, none, needs });
        }
        Ok(fields)
    }

    pub(super) fn possible_event(
        &mut self,
        kinds: Kinds,
        step: &EventStep,
        wanted: &BTreeSet<(KindId, FieldId)>,
    ) -> Result<PossibleEvent, EmitError> {
        let fields = self.fields(step, wanted)?;
        let event = &step.event;
        let unsupplied = self.needs_of_kind(kinds, &event.kind, |kind| kind.unsupplied)?;
        let untimed = self.needs_of_kind(kinds, &event.kind, |kind| kind.untimed)?;
        let time_needs = unsupplied.when(&event.left_out, &untimed);
        let time_needs = self.code.share(&long(0).when(&event.timed, &time_needs));
        let mut timely = |low: Node, high: Node| {
            let value = Possible { low, high, some: flag(true), none: flag(false), needs: time_needs.clone() };
            value.shared(self.code, Class::Range)
        };
        let at = timely(event.low.clone(), event.high.clone());
        let order = timely(event.first.clone(), event.last.clone());
        Ok(PossibleEvent { slot: step.slot.clone(), unsupplied, order, at, fields })
    }

    /// A bit of [`Needs`](concord_engine::plan::Needs) that depends on which of the kinds an event is of.
    fn needs_of_kind(&mut self, kinds: Kinds, kind: &Node, bit: impl Fn(&EventKind) -> u8) -> Result<Node, EmitError> {
        let mut needs = None;
        for place in kinds.places() {
            let declared =
                self.context.plan.subject.events.get(place).ok_or(EmitError::no_such("kind of event", place))?;
            let own = need(bit(declared));
            needs = Some(match needs {
                None => own,
                Some(others) => own.when(&kind.eq(&count(place.place())?), &others),
            });
        }
        Ok(self.code.share(&needs.unwrap_or_else(|| long(0))))
    }

    /// Does the work for each event of these kinds: for those supplied, then for the one that may be left out of each kind. What the loop came
    /// to is kept where the work goes through the events once more.
    pub(super) fn each_slot(
        &mut self,
        (kinds, keeps): (Kinds, bool),
        work: impl FnOnce(&mut Self, Slot) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let order = EventOrder::TimedFirst { from_the_first: true, others_from_the_last: false };
        self.each_event(kinds, order, |general, number, skip| {
            let event = general.come_to(kinds, number, Coming { order, by_now: false, keeps }, skip)?;
            work(general, Slot { number: number.clone(), event, skip })
        })
    }

    /// Goes through the numbers that events of these kinds may have in an order; the label goes on with the next.
    pub(super) fn each_event(
        &mut self,
        kinds: Kinds,
        order: EventOrder,
        work: impl FnOnce(&mut Self, &Node, Label) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let most = i64::from(u64::BITS - kinds.0.leading_zeros());
        let (first, all) = match order {
            EventOrder::TimedFirst { .. } => (int(0), SUPPLIED.steady().add(&int(most))),
            EventOrder::TimedLast => (int(-most), SUPPLIED.steady()),
        };
        let number = self.code.variable(&first);
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::EventsAndKinds);
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        work(self, &number, skip)?;
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }
}
