//! Queries about events, all of them timed and supplied: one loop over the events of the case.

use std::collections::{BTreeMap, BTreeSet};

use concord_engine::plan::{Alternative, Expr, FieldId, Function, KindId, Kinds, Level, Op, Query, Shape};

use super::gathering::Gathering;
use super::nearest::among;
use super::{EventScope, Known, Strict, strict_type};
use crate::abi::{between_of, missing_of, none_of};
use crate::emit::assembler::{Bin, EmitError, Label, Node, Turns, Ty, Width, flag, int, long};
use crate::emit::memory::{Lists, PLACES, fields_asked};
use crate::emit::runtime::Routine;
use crate::emit::walk::{EventSource, guarded, guards_of, inside, is_of, walk};

impl<'p> Strict<'_, 'p> {
    /// What the query gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape, lists: Option<Lists>) -> Result<Known, EmitError> {
        if let Some(masks) = self.masks.clone() {
            return self.ask_masks(&masks, query, shape, lists);
        }
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        if let Some(alternative) = among(query).filter(|_| self.scopes.is_empty()) {
            return self.nearest(query, alternative, shape, &source);
        }
        let out = self.code.block();
        let answer = self.gathering(query, shape, lists, out);
        self.each_event(query, &source, &answer)?;
        Ok(self.answered(query, &answer, shape))
    }

    /// Goes through the events that may belong.
    pub(super) fn each_event(
        &mut self,
        query: &'p Query,
        source: &EventSource,
        answer: &Gathering,
    ) -> Result<(), EmitError> {
        let backwards = query.function == Function::Last;
        let (first, last) = self.candidates(query, source)?;
        let start = if backwards { last.sub(&int(1)) } else { first.clone() };
        let place = self.code.variable(&start);
        let top = self.code.repeat_for(Turns::Events);
        let over = if backwards { place.bin(Bin::LtS, &first) } else { place.bin(Bin::GeS, &last) };
        self.code.leave_when(answer.out, &over);
        self.ask_event(query, source, &place, answer)?;
        let next = place.add(&int(if backwards { -1 } else { 1 }));
        self.code.set(&place, &next);
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Asks one event.
    pub(super) fn ask_event(
        &mut self,
        query: &'p Query,
        source: &EventSource,
        place: &Node,
        answer: &Gathering,
    ) -> Result<(), EmitError> {
        let next = self.code.block();
        for (number, alternative) in query.alternatives.iter().enumerate() {
            let mut later = query.alternatives.iter().skip(number + 1);
            let taken = later.any(|a| a.kinds.meet(alternative.kinds)).then_some(next);
            let used = fields_asked(query, alternative);
            self.event_of_kind(alternative.kinds, &used, source, place)?;
            let asked = inside(self, |strict| {
                let belongs = strict.belongs(alternative)?;
                strict.take_event(query, alternative, answer, (place, &belongs, taken))
            });
            self.scopes.pop();
            asked?;
            self.code.end();
        }
        self.code.end();
        Ok(())
    }

    /// Whether the current event belongs.
    fn belongs(&mut self, alternative: &'p Alternative) -> Result<Node, EmitError> {
        let at = self.event(0)?.at.clone();
        let by_now = at.bin(Bin::LeS, &self.as_of);
        let filter = walk(self, &alternative.filter)?;
        Ok(by_now.both(&filter.value.to(Ty::I32)))
    }

    /// Nothing gathered yet.
    pub(super) fn gathering(&mut self, query: &Query, shape: Shape, lists: Option<Lists>, out: Label) -> Gathering {
        let sum = query.function == Function::Sum;
        let ty = if sum { Ty::I64 } else { strict_type(shape) };
        let value = self.code.variable(&Node::Const(ty, 0));
        let total = matches!(query.function, Function::Count | Function::Any | Function::Sum);
        let none = if total { flag(false) } else { self.code.variable(&flag(true)) };
        let count = self.code.variable(&int(0));
        Gathering { value, none, count, list: lists.map(|lists| lists.least), out }
    }

    /// The places of the first event that may belong and of the one after the last: a filter that holds events to come before or
    /// after a current one in the order of the case, or not before it in time, leaves the others out of the loop.
    fn candidates(&mut self, query: &Query, source: &EventSource) -> Result<(Node, Node), EmitError> {
        let (mut first, mut last) = (source.first.clone(), source.last.clone());
        if let Some(level) = level_in_all(query, comes_after) {
            let order = self.event(level - 1)?.order.clone();
            first = self.code.share(&source.first.add(&order).add(&int(1)));
        } else if let Some(level) = level_in_all(query, is_not_before) {
            first = self.first_not_before(level - 1, source)?;
        }
        if let Some(level) = level_in_all(query, comes_before) {
            let order = self.event(level - 1)?.order.clone();
            last = self.code.share(&source.first.add(&order));
        }
        Ok((first, last))
    }

    /// The place of the first event that is at the time of a current one.
    fn first_not_before(&mut self, level: Level, source: &EventSource) -> Result<Node, EmitError> {
        let event = self.event(level)?;
        let (order, at) = (event.order.clone(), event.at.clone());
        let place = self.code.variable(&source.first.add(&order));
        let out = self.code.block();
        let top = self.code.repeat_for(Turns::Events);
        self.code.leave_when(out, &place.bin(Bin::LeS, &source.first));
        let previous = place.sub(&int(1));
        let time = source.times.add(&previous.shl(3)).load(Width::signed(8), 0);
        self.code.leave_when(out, &time.bin(Bin::LtS, &at));
        self.code.set(&place, &previous);
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(place)
    }

    pub(super) fn answered(&mut self, query: &Query, answer: &Gathering, shape: Shape) -> Known {
        let none = answer.none.clone();
        if let Some(list) = &answer.list {
            let median = self.context.helpers.call(Routine::Median, vec![list.clone(), answer.count.clone()]);
            return Known { value: self.code.share(&median.to(strict_type(shape))), none };
        }
        if query.function == Function::Sum {
            let least = long(shape.low);
            let most = long(shape.high);
            let sum = self.code.share(&least.when(&answer.value.bin(Bin::LtS, &least), &answer.value));
            let sum = self.code.share(&most.when(&sum.bin(Bin::GtS, &most), &sum));
            return Known { value: self.code.share(&sum.to(strict_type(shape))), none };
        }
        Known { value: answer.value.clone(), none }
    }

    /// Opens the block of what is done for an event of the kinds, and reads the event.
    pub(super) fn event_of_kind(
        &mut self,
        kinds: Kinds,
        used: &BTreeSet<(KindId, FieldId)>,
        source: &EventSource,
        place: &Node,
    ) -> Result<(), EmitError> {
        let found = source.kinds.add(place).load(Width::unsigned(1), 0);
        let wanted = is_of(kinds, &found)?;
        self.code.when(&wanted);
        self.read_event(kinds, used, source, place)
    }

    /// Reads an event of the kinds.
    pub(super) fn read_event(
        &mut self,
        kinds: Kinds,
        used: &BTreeSet<(KindId, FieldId)>,
        source: &EventSource,
        place: &Node,
    ) -> Result<(), EmitError> {
        let at = source.times.add(&place.shl(3)).load(Width::signed(8), 0);
        let at = self.code.share(&at);
        let order = place.sub(&source.first);
        let mut fields = BTreeMap::new();
        for (kind, field) in used.iter().filter(|(kind, _)| kinds.only() == Some(*kind)) {
            let value = self.event_field(source, place, *kind, *field)?;
            fields.insert((*kind, *field), value);
        }
        self.scopes.push(EventScope { order, at, fields });
        Ok(())
    }

    fn event_field(
        &mut self,
        source: &EventSource,
        place: &Node,
        kind: KindId,
        field: FieldId,
    ) -> Result<Known, EmitError> {
        let input = self.context.plan.subject.events.get(kind).and_then(|kind| kind.fields.get(field));
        let shape = input.ok_or(EmitError::no_such("field", field))?.shape;
        let column = *self.context.layout.event_fields.get(field).ok_or(EmitError::no_such("field", field))?;
        let base = source.fields.get(field).ok_or(EmitError::no_such("field", field))?;
        let width = Width::signed(column.bytes);
        let raw = base.add(&place.shl(width.log2())).load(width, 0);
        let raw = self.code.share(&raw);
        let constant = |of: i64| Node::Const(width.ty(), of);
        let not_known = if shape.optional {
            raw.sub(&constant(missing_of(column.bytes))).bin(Bin::LeU, &constant(1))
        } else {
            raw.bin(Bin::LeS, &constant(between_of(column.bytes)))
        };
        self.raise(&not_known);
        let none = if shape.optional { raw.eq(&constant(none_of(column.bytes))) } else { flag(false) };
        Ok(Known { value: raw, none: self.code.share(&none) })
    }

    /// Takes account of the current event, if it belongs; of several alternatives the first counts.
    pub(super) fn take_event(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        answer: &Gathering,
        (place, belongs, taken): (&Node, &Node, Option<Label>),
    ) -> Result<(), EmitError> {
        if query.function == Function::Count && taken.is_none() {
            let count = answer.value.add(&belongs.to(answer.value.ty()));
            self.code.set(&answer.value, &count);
            return Ok(());
        }
        self.code.when(belongs);
        match query.function {
            Function::Count => self.code.set(&answer.value, &answer.value.add(&Node::Const(answer.value.ty(), 1))),
            Function::Any => {
                self.code.set(&answer.value, &int(1));
                self.code.leave(answer.out);
            }
            Function::First | Function::Last
                if self.scopes.len() == 1 && self.masks.is_none() && among(query).is_some() =>
            {
                self.code.set(&answer.value, place);
                self.code.leave(answer.out);
            }
            Function::First | Function::Last => self.take_value(alternative, answer)?,
            Function::Nth(n) => {
                self.code.set(&answer.count, &answer.count.add(&int(1)));
                self.code.when(&answer.count.eq(&int(i64::from(n))));
                self.take_value(alternative, answer)?;
                self.code.end();
            }
            function => {
                let value = self.value_of(alternative)?;
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

    pub(super) fn value_of(&mut self, alternative: &'p Alternative) -> Result<Known, EmitError> {
        let guards = guards_of(self, std::slice::from_ref(&alternative.filter));
        guarded(self, guards, |strict| walk(strict, &alternative.value))
    }

    /// Takes the value, and looks no further.
    fn take_value(&mut self, alternative: &'p Alternative, answer: &Gathering) -> Result<(), EmitError> {
        let value = self.value_of(alternative)?;
        self.code.set(&answer.value, &value.value);
        self.code.set(&answer.none, &value.none);
        self.code.leave(answer.out);
        Ok(())
    }

    /// Adds a value that is there to a figure.
    pub(super) fn add_value(&mut self, function: Function, value: &Node, answer: &Gathering) {
        if function == Function::Sum {
            self.code.set(&answer.value, &answer.value.add(&value.to(Ty::I64)));
            return;
        }
        if let Some(list) = &answer.list {
            self.code.when(&answer.count.bin(Bin::LtS, &PLACES));
            self.code.store(&list.add(&answer.count.shl(3)), 0, &value.to(Ty::I64), Width::signed(8));
            self.code.set(&answer.count, &answer.count.add(&int(1)));
            self.code.end();
        } else {
            let value = self.code.share(&value.to(answer.value.ty()));
            let test = if function == Function::Lowest { Bin::LtS } else { Bin::GtS };
            let better = answer.none.either(&value.bin(test, &answer.value));
            self.code.set(&answer.value, &value.when(&better, &answer.value));
        }
        self.code.set(&answer.none, &flag(false));
    }
}

/// The level of an event in the order of the case after which the event asked about comes.
fn comes_after(condition: &Op) -> Option<Level> {
    let Op::Less(a, b) = condition else { return None };
    if let (Op::Order(level), Op::Order(0)) = (&a.op, &b.op) { Some(*level) } else { None }
}

/// The level of an event in the order of the case before which the event asked about comes.
fn comes_before(condition: &Op) -> Option<Level> {
    let Op::Less(a, b) = condition else { return None };
    if let (Op::Order(0), Op::Order(level)) = (&a.op, &b.op) { Some(*level) } else { None }
}

/// The level of an event that is no later than the event asked about.
fn is_not_before(condition: &Op) -> Option<Level> {
    let Op::LessOrEqual(a, b) = condition else { return None };
    if let (Op::At(level), Op::At(0)) = (&a.op, &b.op) { Some(*level) } else { None }
}

/// The level of an event outside the query that `pick` finds in a condition of every alternative.
fn level_in_all(query: &Query, pick: impl Fn(&Op) -> Option<Level>) -> Option<Level> {
    let mut levels = query.alternatives.iter().map(|alternative| {
        let mut found = Vec::new();
        conditions(&alternative.filter, &mut found);
        found.into_iter().filter_map(&pick).filter(|level| *level > 0).collect::<Vec<_>>()
    });
    let first = levels.next()?;
    let others: Vec<Vec<Level>> = levels.collect();
    first.into_iter().find(|level| others.iter().all(|other| other.contains(level)))
}

/// The conditions that must all hold for one to.
fn conditions<'e>(condition: &'e Expr, found: &mut Vec<&'e Op>) {
    match &condition.op {
        Op::And(items) => items.iter().for_each(|item| conditions(item, found)),
        op => found.push(op),
    }
}
