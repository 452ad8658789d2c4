//! Questions about events when times, fields or whole kinds may be missing: one loop, and one more turn for the event
//! that an export may have left out.

use std::collections::BTreeMap;

use concord_engine::plan::{Class, Function, MAX_EVENTS, Query, Shape};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::EmitError;
use super::code::Label;
use super::general::{General, PossibleEvent};
use super::helpers::need;
use super::layout::{TIME_UNKNOWN, missing_of, none_of};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::{Possible, Union, test};
use super::shared::EventSource;
use super::used::Used;
use super::walk::walk;

/// What a question gathers while it looks at events.
enum Gathered {
    Nearest { union: Union, certain: Node, stopped: Node },
    Count { low: Node, high: Node, needs: Node },
    Any { certain: Node, possible: Node, needs: Node },
}

/// The event of this turn of the loop.
struct Turn {
    /// 1 when it is the one left out.
    left_out: Node,
    timed: Node,
    skip: Label,
}

impl<'p> General<'_, 'p> {
    /// What the question gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape) -> Result<Possible, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let kind = u32::try_from(query.event).unwrap_or(63);
        let supplied = self.code.share(&source.last.sub(&source.first));
        let left_out = self.not_supplied.bin(Bin::ShrU, &long(i64::from(kind))).to(Ty::I32).bin(Bin::And, &int(1));
        let turns = self.code.share(&supplied.add(&left_out));
        let gathered = self.gathered(query.function, shape);
        let turn = self.code.variable(&int(0));
        let out = self.code.block();
        let top = self.code.repeat();
        self.code.leave_when(out, &turn.bin(Bin::GeS, &turns));
        let skip = self.code.block();
        let before = self.event.take();
        let taken = self
            .turn(query, &source, &[turn.clone(), supplied], skip)
            .and_then(|turn| self.take_event(query, &turn, &gathered));
        self.event = before;
        taken?;
        self.code.end();
        self.code.set(&turn, &turn.add(&int(1)));
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(self.result(gathered))
    }

    fn gathered(&mut self, function: Function, shape: Shape) -> Gathered {
        match function {
            Function::First | Function::Last => Gathered::Nearest {
                union: Union::new(self.code, shape.or_none()),
                certain: self.code.variable(&flag(false)),
                stopped: self.code.variable(&flag(false)),
            },
            Function::Count => Gathered::Count {
                low: self.code.variable(&long(0)),
                high: self.code.variable(&long(0)),
                needs: self.code.variable(&long(0)),
            },
            Function::Any => Gathered::Any {
                certain: self.code.variable(&flag(false)),
                possible: self.code.variable(&flag(false)),
                needs: self.code.variable(&long(0)),
            },
        }
    }

    /// Reads the event of this turn.
    fn turn(
        &mut self,
        query: &'p Query,
        source: &EventSource,
        [turn, supplied]: &[Node; 2],
        skip: Label,
    ) -> Result<Turn, EmitError> {
        let backwards = query.function == Function::Last;
        let left_out = self.code.share(&turn.eq(supplied));
        let place = if backwards { source.last.sub(&int(1)).sub(turn) } else { source.first.add(turn) };
        let place = self.code.share(&place);
        let raw_at = self.code.variable(&long(TIME_UNKNOWN));
        let mut used = Used::default();
        used.visit(&query.filter);
        if matches!(query.function, Function::First | Function::Last) {
            used.visit(&query.value);
        }
        let mut raw = BTreeMap::new();
        for (kind, field) in &used.fields {
            let column = self.shared.layout.event_fields.get(*field).ok_or(EmitError::NoSuch("field", *field))?;
            let missing = Node::Const(Width::signed(column.bytes).ty(), missing_of(column.bytes));
            raw.insert((*kind, *field), (self.code.variable(&missing), column.bytes));
        }
        self.code.when(&left_out.not());
        let kind = source.kinds.add(&place).load(Width::unsigned(1), 0);
        let other = kind.ne(&int(i64::try_from(query.event).unwrap_or(-1)));
        self.code.leave_when(skip, &other);
        self.code.set(&raw_at, &source.times.add(&place.shl(3)).load(Width::signed(8), 0));
        for ((_, field), (value, bytes)) in &raw {
            let base = source.fields.get(*field).ok_or(EmitError::NoSuch("field", *field))?;
            let width = Width::signed(*bytes);
            self.code.set(value, &base.add(&place.shl(width.log2())).load(width, 0));
        }
        self.code.end();
        let timed = self.code.share(&raw_at.ne(&long(TIME_UNKNOWN)));
        let order = if backwards { supplied.sub(&int(1)).sub(turn) } else { turn.clone() };
        self.event = Some(self.possible_event(query, &raw_at, &order, [&timed, &left_out], &raw)?);
        Ok(Turn { left_out, timed, skip })
    }

    fn possible_event(
        &mut self,
        query: &Query,
        raw_at: &Node,
        order: &Node,
        [timed, left_out]: [&Node; 2],
        raw: &BTreeMap<(usize, usize), (Node, u8)>,
    ) -> Result<PossibleEvent, EmitError> {
        let plan = self.shared.plan;
        let kind = plan.subject.events.get(query.event).ok_or(EmitError::NoSuch("kind of event", query.event))?;
        let unsupplied = need(kind.unsupplied);
        let time_needs = unsupplied.when(left_out, &need(kind.untimed));
        let time_needs = self.code.share(&long(0).when(timed, &time_needs));
        let mut timely = |value: &Node, low: i64, high: i64| {
            let value = Possible {
                low: value.when(timed, &long(low)),
                high: value.when(timed, &long(high)),
                some: flag(true),
                none: flag(false),
                needs: time_needs.clone(),
            };
            value.shared(self.code, Class::Range)
        };
        let at = timely(raw_at, FIRST_INSTANT, LAST_INSTANT);
        let order = timely(&order.to(Ty::I64), 0, MAX_EVENTS);
        let mut fields = BTreeMap::new();
        for ((kind, field), (value, bytes)) in raw {
            let input = plan.subject.events.get(*kind).and_then(|kind| kind.fields.get(*field));
            let input = input.ok_or(EmitError::NoSuch("field", *field))?;
            let constant = |of: i64| Node::Const(value.ty(), of);
            let missing = self.code.share(&value.eq(&constant(missing_of(*bytes))));
            let none = if input.shape.optional { value.eq(&constant(none_of(*bytes))) } else { flag(false) };
            let needs = unsupplied.when(left_out, &need(input.unknown));
            let possible = self.supplied(value, &missing, &none, input.shape, &needs);
            fields.insert((*kind, *field), possible);
        }
        Ok(PossibleEvent { order, at, fields })
    }

    /// Whether the event belongs: leaves the turn when it cannot.
    fn belongs(&mut self, query: &'p Query, turn: &Turn) -> Result<Possible, EmitError> {
        let at = self.event.as_ref().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        self.code.leave_when(turn.skip, &at.low.bin(Bin::GtS, &self.as_of));
        let by_now = self.code.share(&at.high.bin(Bin::LeS, &self.as_of));
        let filter = walk(self, &query.filter)?;
        let certain = by_now.both(&filter.low.to(Ty::I32)).both(&turn.left_out.not());
        let kind = self.shared.plan.subject.events.get(query.event);
        let unsupplied = need(kind.map_or(0, |kind| kind.unsupplied));
        let needs = long(0)
            .when(&by_now, &at.needs)
            .bin(Bin::Or, &filter.needs)
            .bin(Bin::Or, &unsupplied.when(&turn.left_out, &long(0)));
        let belongs = test(self.code, &certain, &filter.high.to(Ty::I32), &needs);
        self.code.leave_when(turn.skip, &belongs.high.not());
        Ok(belongs)
    }

    /// Takes account of the event at hand, if it may belong.
    fn take_event(&mut self, query: &'p Query, turn: &Turn, gathered: &Gathered) -> Result<(), EmitError> {
        match gathered {
            Gathered::Nearest { union, certain, stopped } => {
                let over = turn.timed.both(stopped);
                self.code.leave_when(turn.skip, &over);
                let belongs = self.belongs(query, turn)?;
                let value = walk(self, &query.value)?;
                union.join(self.code, &mut self.shared.helpers, &value);
                union.need(self.code, &belongs.needs);
                let time_needs = self.event.as_ref().map_or(long(0), |event| event.at.needs.clone());
                union.need(self.code, &time_needs);
                self.code.set(certain, &certain.either(&belongs.low));
                self.code.set(stopped, &stopped.either(&turn.timed.both(&belongs.low)));
            }
            Gathered::Count { low, high, needs } => {
                let belongs = self.belongs(query, turn)?;
                let many = long(MAX_EVENTS).when(&turn.left_out, &long(1));
                self.code.set(low, &low.add(&belongs.low.to(Ty::I64)));
                self.code.set(high, &high.add(&many));
                self.code.set(needs, &needs.bin(Bin::Or, &belongs.needs));
            }
            Gathered::Any { certain, possible, needs } => {
                let belongs = self.belongs(query, turn)?;
                self.code.set(certain, &certain.either(&belongs.low));
                self.code.set(possible, &flag(true));
                self.code.set(needs, &needs.bin(Bin::Or, &belongs.needs));
            }
        }
        Ok(())
    }

    fn result(&mut self, gathered: Gathered) -> Possible {
        match gathered {
            Gathered::Nearest { union, certain, .. } => {
                union.allow_none(self.code, &certain.not());
                union.value(self.code, &mut self.shared.helpers)
            }
            Gathered::Count { low, high, needs } => {
                let high = self.min(&high, &long(MAX_EVENTS));
                Possible { low, high, some: flag(true), none: flag(false), needs }.settled(
                    self.code,
                    &mut self.shared.helpers,
                    Class::Range,
                )
            }
            Gathered::Any { certain, possible, needs } => test(self.code, &certain, &possible, &needs),
        }
    }
}
