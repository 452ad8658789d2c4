//! An event of a loop over possible events: what is possible of its time, its order and its fields.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::{Class, EventKind, FieldId, Id, KindId, Kinds, MAX_EVENTS, ORDER};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::value::Possible;
use super::{General, PossibleEvent};
use crate::abi::{TIME_UNKNOWN, missing_of, none_of};
use crate::emit::assembler::{Bin, EmitError, Label, Node, Ty, Width, count, flag, int, long};
use crate::emit::runtime::need;
use crate::emit::walk::{EventSource, is_of};

/// Fields as they lie in their columns, by kind and field, with the bytes of the column.
pub(super) type RawFields = BTreeMap<(KindId, FieldId), (Node, u8)>;

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
            raw.insert((*kind, *field), (self.code.variable(&missing), column.bytes));
        }
        if raw.is_empty() {
            return Ok(raw);
        }
        self.code.when(&step.event.left_out.not());
        for ((_, field), (value, bytes)) in &raw {
            let base = source.fields.get(*field).ok_or(EmitError::no_such("field", *field))?;
            let width = Width::signed(*bytes);
            self.code.set(value, &base.add(&step.event.place.shl(width.log2())).load(width, 0));
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
        let mut timely = |value: &Node, low: i64, high: i64| {
            let value = Possible {
                low: value.when(&step.timed, &long(low)),
                high: value.when(&step.timed, &long(high)),
                some: flag(true),
                none: flag(false),
                needs: time_needs.clone(),
            };
            value.shared(self.code, Class::Range)
        };
        let at = timely(&step.event.at, FIRST_INSTANT, LAST_INSTANT);
        let order = timely(&step.order.to(Ty::I64), ORDER.low, ORDER.high);
        let mut fields = BTreeMap::new();
        for ((kind, field), (value, bytes)) in raw {
            let input = plan.subject.events.get(*kind).and_then(|kind| kind.fields.get(*field));
            let input = input.ok_or(EmitError::no_such("field", *field))?;
            let constant = |of: i64| Node::Const(value.ty(), of);
            let missing = self.code.share(&value.eq(&constant(missing_of(*bytes))));
            let none = if input.shape.optional { value.eq(&constant(none_of(*bytes))) } else { flag(false) };
            let needs = unsupplied.when(&step.event.left_out, &need(input.unknown));
            let possible = self.supplied(value, &missing, &none, input.shape, &needs);
            fields.insert((*kind, *field), possible);
        }
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
        let top = self.code.repeat();
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
    fn event_of_slot(
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
