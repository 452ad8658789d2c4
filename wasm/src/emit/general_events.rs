//! Questions about events when times, fields or whole kinds may be missing: one loop over the events that an export may have
//! left out, one of each kind, and over those supplied. Of the n-th, those at unknown times come before those at known ones.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::{Alternative, Class, EventKind, Function, Kinds, MAX_EVENTS, ORDER, Query, Shape};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::EmitError;
use super::code::Label;
use super::columns::Slot;
use super::gather::{Gathered, Member};
use super::general::{General, PossibleEvent};
use super::helpers::need;
use super::layout::{TIME_UNKNOWN, missing_of, none_of};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::{Possible, test};
use super::shared::EventSource;
use super::strict_events::is_of;
use super::used::{fields_at, takes_values};
use super::walk::{inside, walk};

/// Fields as they lie in their columns, by kind and field, with the bytes of the column.
pub(super) type RawFields = BTreeMap<(usize, usize), (Node, u8)>;

/// The event of this turn of the loop.
pub(super) struct Turn {
    /// 1 when it is one left out.
    pub(super) left_out: Node,
    pub(super) timed: Node,
    /// Whether an earlier alternative took it in.
    again: Node,
    kind: Node,
    place: Node,
    at: Node,
    order: Node,
    /// See [`PossibleEvent::slot`].
    slot: Node,
    /// Leaves the alternatives.
    done: Label,
}

impl Turn {
    /// The event of a turn that fills a column.
    pub(super) fn of_slot(slot: &Slot, timed: Node) -> Turn {
        let Slot { number, left_out, kind, place, at, skip } = slot;
        let (left_out, kind, place, at) = (left_out.clone(), kind.clone(), place.clone(), at.clone());
        let (order, slot) = (number.clone(), number.clone());
        Turn { left_out, timed, again: flag(false), kind, place, at, order, slot, done: *skip }
    }

    /// How many events it stands for at most.
    pub(super) fn many(&self) -> Node {
        long(MAX_EVENTS).when(&self.left_out, &long(1))
    }

    /// The same, unless an earlier alternative counted them.
    pub(super) fn more(&self) -> Node {
        long(0).when(&self.again, &self.many())
    }
}

/// What the turns of a question are made of.
struct Turns {
    /// The kinds asked about, none twice.
    kinds: Vec<usize>,
    number: Node,
    supplied: Node,
}

impl<'p> General<'_, 'p> {
    /// What the question gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape) -> Result<Possible, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let asked = query.alternatives.iter().fold(Kinds::default(), |kinds, a| kinds.and(a.kinds));
        let kinds: Vec<usize> = asked.places().collect();
        let supplied = self.code.share(&source.last.sub(&source.first));
        let twice = matches!(query.function, Function::Nth(_));
        let all = supplied.shl(u32::from(twice)).add(&count(kinds.len()));
        let all = self.code.share(&all);
        let gathered = Gathered::new(self, query, shape);
        let turns = Turns { kinds, number: self.code.variable(&int(0)), supplied };
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &turns.number.bin(Bin::GeS, &all));
        let skip = self.code.block();
        let (left_out, kind, place, at) = self.start_turn(query, &source, &turns, skip);
        let timed = self.code.share(&at.ne(&long(TIME_UNKNOWN)));
        let late = at.bin(Bin::GtS, &self.as_of).both(&timed);
        self.code.leave_when(skip, &late);
        let counted: u32 = query.alternatives.iter().map(|a| a.kinds.0.count_ones()).sum();
        let repeated = counted > asked.0.count_ones();
        let again = if repeated { self.code.variable(&flag(false)) } else { flag(false) };
        gathered.start(self, &timed, skip);
        let order = place.sub(&source.first);
        let slot = turns.supplied.add(&kind).when(&left_out, &order);
        let done = self.code.block();
        let turn = Turn { left_out, timed, again, kind, place, at, order, slot, done };
        for number in 0..query.alternatives.len() {
            self.alternative(query, number, &source, &turn, &gathered)?;
        }
        self.code.end();
        gathered.finish(self);
        self.code.end();
        self.code.set(&turns.number, &turns.number.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(gathered.result(self))
    }

    /// Finds the event of this turn: whether it is left out, its kind, place and time.
    fn start_turn(
        &mut self,
        query: &Query,
        source: &EventSource,
        turns: &Turns,
        skip: Label,
    ) -> (Node, Node, Node, Node) {
        let left = count(turns.kinds.len());
        let left_out = self.code.share(&turns.number.bin(Bin::LtS, &left));
        let kind = self.code.variable(&int(-1));
        let at = self.code.variable(&long(TIME_UNKNOWN));
        let place = self.code.variable(&source.first);
        self.code.when(&left_out);
        let missing = turns
            .kinds
            .iter()
            .enumerate()
            .fold(int(0), |other, (number, kind)| count(*kind).when(&turns.number.eq(&count(number)), &other));
        let missing = if let [only] = turns.kinds.as_slice() { count(*only) } else { missing };
        self.code.set(&kind, &missing);
        let absent = self.not_supplied.bin(Bin::ShrU, &missing.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
        self.code.leave_when(skip, &absent.not());
        self.code.otherwise();
        let number = self.code.share(&turns.number.sub(&left));
        let event = match query.function {
            Function::Last => source.last.sub(&int(1)).sub(&number),
            Function::Nth(_) => {
                let first_time = number.bin(Bin::LtS, &turns.supplied);
                source.first.add(&number.when(&first_time, &number.sub(&turns.supplied)))
            }
            _ => source.first.add(&number),
        };
        self.code.set(&place, &event);
        self.code.set(&kind, &source.kinds.add(&place).load(Width::unsigned(1), 0));
        let other = turns.kinds.iter().fold(flag(true), |other, wanted| other.both(&kind.ne(&count(*wanted))));
        self.code.leave_when(skip, &other);
        self.code.set(&at, &source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        if matches!(query.function, Function::Nth(_)) {
            let first_time = number.bin(Bin::LtS, &turns.supplied);
            self.code.leave_when(skip, &at.ne(&long(TIME_UNKNOWN)).eq(&first_time));
        }
        self.code.end();
        (left_out, kind, place, at)
    }

    /// Takes the event in under one alternative, if it may belong.
    fn alternative(
        &mut self,
        query: &'p Query,
        number: usize,
        source: &EventSource,
        turn: &Turn,
        gathered: &Gathered,
    ) -> Result<(), EmitError> {
        let Some(alternative) = query.alternatives.get(number) else { return Ok(()) };
        let next = self.code.block();
        if query.alternatives.iter().any(|a| a.kinds != alternative.kinds) {
            self.code.leave_when(next, &is_of(alternative.kinds, &turn.kind).not());
        }
        let mut fields = BTreeSet::new();
        fields_at(&alternative.filter, 0, &mut fields);
        if takes_values(query) {
            fields_at(&alternative.value, 0, &mut fields);
        }
        fields.retain(|(kind, _)| alternative.kinds.only() == Some(*kind));
        let raw = self.raw_fields(source, turn, &fields)?;
        let event = self.possible_event(alternative.kinds, turn, &raw)?;
        self.at_hand.push(event);
        let member = inside(self, |general| general.member(query, alternative, turn, gathered, next));
        self.at_hand.pop();
        let certain = member?;
        let mut later = query.alternatives.iter().skip(number + 1);
        if later.any(|a| a.kinds.0 & alternative.kinds.0 != 0) {
            self.code.leave_when(turn.done, &certain);
            self.code.set(&turn.again, &flag(true));
        }
        self.code.end();
        Ok(())
    }

    pub(super) fn raw_fields(
        &mut self,
        source: &EventSource,
        turn: &Turn,
        fields: &BTreeSet<(usize, usize)>,
    ) -> Result<RawFields, EmitError> {
        let mut raw = BTreeMap::new();
        for (kind, field) in fields {
            let column = self.shared.layout.event_fields.get(*field).ok_or(EmitError::NoSuch("field", *field))?;
            let missing = Node::Const(Width::signed(column.bytes).ty(), missing_of(column.bytes));
            raw.insert((*kind, *field), (self.code.variable(&missing), column.bytes));
        }
        if raw.is_empty() {
            return Ok(raw);
        }
        self.code.when(&turn.left_out.not());
        for ((_, field), (value, bytes)) in &raw {
            let base = source.fields.get(*field).ok_or(EmitError::NoSuch("field", *field))?;
            let width = Width::signed(*bytes);
            self.code.set(value, &base.add(&turn.place.shl(width.log2())).load(width, 0));
        }
        self.code.end();
        Ok(raw)
    }

    pub(super) fn possible_event(
        &mut self,
        kinds: Kinds,
        turn: &Turn,
        raw: &RawFields,
    ) -> Result<PossibleEvent, EmitError> {
        let plan = self.shared.plan;
        let unsupplied = self.needs_of_kind(kinds, &turn.kind, |kind| kind.unsupplied)?;
        let untimed = self.needs_of_kind(kinds, &turn.kind, |kind| kind.untimed)?;
        let time_needs = unsupplied.when(&turn.left_out, &untimed);
        let time_needs = self.code.share(&long(0).when(&turn.timed, &time_needs));
        let mut timely = |value: &Node, low: i64, high: i64| {
            let value = Possible {
                low: value.when(&turn.timed, &long(low)),
                high: value.when(&turn.timed, &long(high)),
                some: flag(true),
                none: flag(false),
                needs: time_needs.clone(),
            };
            value.shared(self.code, Class::Range)
        };
        let at = timely(&turn.at, FIRST_INSTANT, LAST_INSTANT);
        let order = timely(&turn.order.to(Ty::I64), ORDER.low, ORDER.high);
        let mut fields = BTreeMap::new();
        for ((kind, field), (value, bytes)) in raw {
            let input = plan.subject.events.get(*kind).and_then(|kind| kind.fields.get(*field));
            let input = input.ok_or(EmitError::NoSuch("field", *field))?;
            let constant = |of: i64| Node::Const(value.ty(), of);
            let missing = self.code.share(&value.eq(&constant(missing_of(*bytes))));
            let none = if input.shape.optional { value.eq(&constant(none_of(*bytes))) } else { flag(false) };
            let needs = unsupplied.when(&turn.left_out, &need(input.unknown));
            let possible = self.supplied(value, &missing, &none, input.shape, &needs);
            fields.insert((*kind, *field), possible);
        }
        Ok(PossibleEvent { slot: turn.slot.clone(), unsupplied, order, at, fields })
    }

    /// A bit of [`Needs`](concord_engine::plan::Needs) that hangs on which of the kinds an event is of.
    fn needs_of_kind(&mut self, kinds: Kinds, kind: &Node, bit: impl Fn(&EventKind) -> u8) -> Result<Node, EmitError> {
        let mut needs = None;
        for place in kinds.places() {
            let declared =
                self.shared.plan.subject.events.get(place).ok_or(EmitError::NoSuch("kind of event", place))?;
            let own = need(bit(declared));
            needs = Some(match needs {
                None => own,
                Some(others) => own.when(&kind.eq(&count(place)), &others),
            });
        }
        Ok(self.code.share(&needs.unwrap_or_else(|| long(0))))
    }

    /// Gathers the event at hand, if it may belong; whether it certainly does.
    fn member(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        turn: &Turn,
        gathered: &Gathered,
        next: Label,
    ) -> Result<Node, EmitError> {
        let belongs = self.belongs(alternative, turn, next)?;
        let time_needs = self.at_hand.last().map_or(long(0), |event| event.at.needs.clone());
        let needs = self.code.share(&belongs.needs.bin(Bin::Or, &time_needs));
        let in_play = gathered.start_member(self, turn, &belongs);
        let mut value = if takes_values(query) { walk(self, &alternative.value)? } else { Possible::known(long(0)) };
        if alternative.takes_time() {
            let by_now = self.min(&value.high, &self.as_of.clone());
            value.high = self.code.share(&by_now);
        }
        let member = Member { certain: belongs.low.clone(), belonging: belongs.needs.clone(), needs, value };
        gathered.take(self, turn, &member);
        if in_play {
            self.code.end();
        }
        Ok(belongs.low)
    }

    /// Whether the event belongs: leaves the alternative when it cannot.
    fn belongs(&mut self, alternative: &'p Alternative, turn: &Turn, next: Label) -> Result<Possible, EmitError> {
        let at = self.at_hand.last().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        self.code.leave_when(next, &at.low.bin(Bin::GtS, &self.as_of));
        let by_now = self.code.share(&at.high.bin(Bin::LeS, &self.as_of));
        let filter = walk(self, &alternative.filter)?;
        let certain = by_now.both(&filter.low.to(Ty::I32)).both(&turn.left_out.not());
        let unsupplied = self.at_hand.last().map_or(long(0), |event| event.unsupplied.clone());
        let needs = long(0)
            .when(&by_now, &at.needs)
            .bin(Bin::Or, &filter.needs)
            .bin(Bin::Or, &unsupplied.when(&turn.left_out, &long(0)));
        let belongs = test(self.code, &certain, &filter.high.to(Ty::I32), &needs);
        self.code.leave_when(next, &belongs.high.not());
        Ok(belongs)
    }
}

fn count(number: usize) -> Node {
    int(i64::try_from(number).unwrap_or(0))
}
