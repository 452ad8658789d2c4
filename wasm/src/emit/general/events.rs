//! An event of a loop over possible events: what is possible of its time, its order and its fields.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::{Class, EventKind, FieldId, Id, KindId, Kinds, MAX_EVENTS, ORDER_BITS, after, before};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::value::Possible;
use super::{Bounds, General, PossibleEvent};
use crate::abi::{
    EVENT_BOUNDS_FIELDS, EVENT_BOUNDS_TIMES, TIME_BETWEEN, TIME_UNKNOWN, between_of, missing_of, none_of,
};
use crate::emit::assembler::{
    Bin, EmitError, Label, Node, POINTER, SLOT, Turns, Ty, Width, address, count, flag, int, long,
};
use crate::emit::runtime::need;
use crate::emit::walk::{EventSource, is_of};

/// Fields as they lie in their columns, by kind and field.
pub(super) type RawFields = BTreeMap<(KindId, FieldId), RawField>;

/// A field as it lies in its columns.
pub(super) struct RawField {
    value: Node,
    /// The bytes of its column.
    bytes: u8,
    /// Of a value between two, these.
    low: Node,
    high: Node,
}

impl RawField {
    fn constant(&self, of: i64) -> Node {
        Node::Const(self.value.ty(), of)
    }

    fn is_between(&self) -> Node {
        self.value.eq(&self.constant(between_of(self.bytes)))
    }
}

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
    /// Its place in the columns of events, where it was supplied.
    pub(super) place: Node,
    pub(super) at: Node,
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
    pub(super) timed: Node,
    /// Whether an earlier alternative took it in.
    pub(super) again: Node,
    pub(super) order: Node,
    /// See [`PossibleEvent::slot`].
    pub(super) slot: Node,
    /// Leaves the alternatives.
    pub(super) done: Label,
}

impl EventStep {
    /// The event of a step that fills a column.
    pub(super) fn of_slot(slot: &Slot, timed: Node) -> EventStep {
        let Slot { number, event, skip } = slot;
        let (order, slot) = (number.clone(), number.clone());
        EventStep { event: event.clone(), timed, again: flag(false), order, slot, done: *skip }
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
    pub(super) fn raw_fields(
        &mut self,
        source: &EventSource,
        step: &EventStep,
        fields: &BTreeSet<(KindId, FieldId)>,
    ) -> Result<RawFields, EmitError> {
        let mut raw = BTreeMap::new();
        for (kind, field) in fields {
            let column = self.context.layout.event_fields.get(*field).ok_or(EmitError::no_such("field", *field))?;
            let missing = Node::Const(Width::signed(column.bytes).ty(), missing_of(column.bytes));
            let mut part = || self.code.variable(&missing);
            raw.insert((*kind, *field), RawField { value: part(), low: part(), high: part(), bytes: column.bytes });
        }
        if raw.is_empty() {
            return Ok(raw);
        }
        self.code.when(&step.event.left_out.not());
        for ((_, field), raw) in &raw {
            let base = source.fields.get(*field).ok_or(EmitError::no_such("field", *field))?;
            let width = Width::signed(raw.bytes);
            let place = step.event.place.shl(width.log2());
            self.code.set(&raw.value, &base.add(&place).load(width, 0));
            self.code.when(&raw.is_between());
            let bounds = EVENT_BOUNDS_FIELDS + 16 * address(field.place())?;
            for (end, pointer) in [(&raw.low, bounds), (&raw.high, bounds + 8)] {
                self.code.set(end, &source.bounds.load(POINTER, pointer).add(&place).load(width, 0));
            }
            self.code.end();
        }
        self.code.end();
        Ok(raw)
    }

    pub(super) fn possible_event(
        &mut self,
        kinds: Kinds,
        step: &EventStep,
        raw: &RawFields,
    ) -> Result<PossibleEvent, EmitError> {
        let plan = self.context.plan;
        let unsupplied = self.needs_of_kind(kinds, &step.event.kind, |kind| kind.unsupplied)?;
        let untimed = self.needs_of_kind(kinds, &step.event.kind, |kind| kind.untimed)?;
        let time_needs = unsupplied.when(&step.event.left_out, &untimed);
        let time_needs = self.code.share(&long(0).when(&step.timed, &time_needs));
        let (first, last) = self.ends_of_time(&step.event)?;
        let mut timely = |low: Node, high: Node| {
            let value = Possible { low, high, some: flag(true), none: flag(false), needs: time_needs.clone() };
            value.shared(self.code, Class::Range)
        };
        let at = timely(step.event.at.when(&step.timed, &first), step.event.at.when(&step.timed, &last));
        let place = step.order.to(Ty::I64);
        let in_order = |at: &Node, open: i64| {
            at.bin(Bin::Shl, &long(i64::from(ORDER_BITS))).add(&place.when(&step.timed, &long(open)))
        };
        let order = timely(in_order(&at.low, before(0)), in_order(&at.high, after(0)));
        let mut fields = BTreeMap::new();
        for ((kind, field), raw) in raw {
            let input = plan.subject.events.get(*kind).and_then(|kind| kind.fields.get(*field));
            let input = input.ok_or(EmitError::no_such("field", *field))?;
            let is = |mark: i64| raw.value.eq(&raw.constant(mark));
            let between = self.code.share(&raw.is_between());
            let missing = self.code.share(&is(missing_of(raw.bytes)).either(&between));
            let none = if input.shape.optional { is(none_of(raw.bytes)) } else { flag(false) };
            let needs = unsupplied.when(&step.event.left_out, &need(input.unknown));
            let bounds = Bounds { apply: between, low: raw.low.clone(), high: raw.high.clone() };
            let possible = self.supplied(&raw.value, &missing, &none, Some(&bounds), (input.shape, &needs));
            fields.insert((*kind, *field), possible);
        }
        Ok(PossibleEvent { slot: step.slot.clone(), unsupplied, order, at, fields })
    }

    /// The first and the last instant at which an event may have happened whose instant is not known.
    fn ends_of_time(&mut self, event: &FoundEvent) -> Result<(Node, Node), EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let [first, last] = [FIRST_INSTANT, LAST_INSTANT].map(|end| self.code.variable(&long(end)));
        self.code.when(&event.at.eq(&long(TIME_BETWEEN)));
        for (end, pointer) in [(&first, EVENT_BOUNDS_TIMES), (&last, EVENT_BOUNDS_TIMES + 8)] {
            self.code.set(end, &source.bounds.load(POINTER, pointer).add(&event.place.shl(3)).load(SLOT, 0));
        }
        self.code.end();
        Ok((first, last))
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

    /// Does the work for each event of these kinds: for those supplied, then for the one that may be left out of each kind.
    pub(super) fn each_slot(
        &mut self,
        source: &EventSource,
        kinds: Kinds,
        work: impl FnOnce(&mut Self, Slot) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let supplied = self.code.share(&source.last.sub(&source.first));
        let most = count(self.context.plan.subject.events.len())?;
        let all = self.code.share(&supplied.add(&most));
        let number = self.code.variable(&int(0));
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::EventsAndKinds);
        self.code.leave_when(out, &number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let left_out = self.code.share(&number.bin(Bin::GeS, &supplied));
        let place = self.code.share(&source.first.add(&number));
        let beyond = number.sub(&supplied);
        let event = self.event_of_slot(
            source,
            kinds,
            FoundEvent { left_out, kind: beyond, place, at: long(TIME_UNKNOWN) },
            skip,
        )?;
        work(self, Slot { number: number.clone(), event, skip })?;
        self.code.end();
        self.code.set(&number, &number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// The event of this step, given what it is if it is left out; leaves the step where it is of none of the kinds.
    pub(super) fn event_of_slot(
        &mut self,
        source: &EventSource,
        kinds: Kinds,
        FoundEvent { left_out, kind, place, at }: FoundEvent,
        skip: Label,
    ) -> Result<FoundEvent, EmitError> {
        let kind = self.code.variable(&kind);
        let at = self.code.variable(&at);
        self.code.when(&left_out);
        let absent = self.not_supplied.bin(Bin::ShrU, &kind.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        self.code.leave_when(skip, &absent.not());
        self.code.otherwise();
        self.code.set(&kind, &source.kinds.add(&place).load(Width::unsigned(1), 0));
        self.code.set(&at, &source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        self.code.end();
        self.code.leave_when(skip, &is_of(kinds, &kind)?.not());
        Ok(FoundEvent { left_out, kind, place, at })
    }
}
