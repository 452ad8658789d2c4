//! Questions about events, all of them timed and supplied: one loop over the events of the case.

use std::collections::BTreeMap;

use concord_engine::plan::{Function, Query, Shape};

use super::EmitError;
use super::code::Label;
use super::layout::{missing_of, none_of};
use super::node::{Bin, Node, Ty, Width, flag, int};
use super::shared::EventSource;
use super::strict::{EventAtHand, Known, Strict, strict_type};
use super::used::Used;
use super::walk::{guarded, guards_of, walk};

impl<'p> Strict<'_, 'p> {
    /// What the question gives.
    pub(super) fn ask(&mut self, query: &'p Query, shape: Shape) -> Result<Known, EmitError> {
        let source = self.events.clone().ok_or(EmitError::NoEvent)?;
        let backwards = query.function == Function::Last;
        let nearest = matches!(query.function, Function::First | Function::Last);
        let result = self.code.variable(&Node::Const(strict_type(shape), 0));
        let none = if nearest { self.code.variable(&flag(true)) } else { flag(false) };
        let start = if backwards { source.last.sub(&int(1)) } else { source.first.clone() };
        let place = self.code.variable(&start);
        let out = self.code.block();
        let top = self.code.repeat();
        let over = if backwards { place.bin(Bin::LtS, &source.first) } else { place.bin(Bin::GeS, &source.last) };
        self.code.leave_when(out, &over);
        let before = self.event.take();
        self.event_of_kind(query, &source, &place)?;
        let asked = self.take_event(query, &result, &none, out);
        self.event = before;
        asked?;
        self.code.end();
        let next = place.add(&int(if backwards { -1 } else { 1 }));
        self.code.set(&place, &next);
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(Known { value: result, none })
    }

    /// Opens the block of what is done for an event of the kind, and reads the event.
    fn event_of_kind(&mut self, query: &'p Query, source: &EventSource, place: &Node) -> Result<(), EmitError> {
        let kind = source.kinds.add(place).load(Width::unsigned(1), 0);
        let wanted = kind.eq(&int(i64::try_from(query.event).unwrap_or(-1)));
        self.code.when(&wanted);
        let at = source.times.add(&place.shl(3)).load(Width::signed(8), 0);
        let at = self.code.share(&at);
        let order = place.sub(&source.first);
        let mut used = Used::default();
        used.visit(&query.filter);
        if matches!(query.function, Function::First | Function::Last) {
            used.visit(&query.value);
        }
        let mut fields = BTreeMap::new();
        for (kind, field) in used.fields {
            let value = self.event_field(source, place, kind, field)?;
            fields.insert((kind, field), value);
        }
        self.event = Some(EventAtHand { order, at, fields });
        Ok(())
    }

    fn event_field(
        &mut self,
        source: &EventSource,
        place: &Node,
        kind: usize,
        field: usize,
    ) -> Result<Known, EmitError> {
        let input = self.shared.plan.subject.events.get(kind).and_then(|kind| kind.fields.get(field));
        let shape = input.ok_or(EmitError::NoSuch("field", field))?.shape;
        let column = *self.shared.layout.event_fields.get(field).ok_or(EmitError::NoSuch("field", field))?;
        let base = source.fields.get(field).ok_or(EmitError::NoSuch("field", field))?;
        let width = Width::signed(column.bytes);
        let raw = base.add(&place.shl(width.log2())).load(width, 0);
        let raw = self.code.share(&raw);
        let missing = raw.eq(&Node::Const(width.ty(), missing_of(column.bytes)));
        self.raise(&missing);
        let none = if shape.optional { raw.eq(&Node::Const(width.ty(), none_of(column.bytes))) } else { flag(false) };
        Ok(Known { value: raw, none: self.code.share(&none) })
    }

    /// Takes account of the event at hand, if it belongs.
    fn take_event(&mut self, query: &'p Query, result: &Node, none: &Node, out: Label) -> Result<(), EmitError> {
        let at = self.event.as_ref().map(|event| event.at.clone()).ok_or(EmitError::NoEvent)?;
        let by_now = at.bin(Bin::LeS, &self.as_of);
        let filter = walk(self, &query.filter)?;
        let belongs = by_now.both(&filter.value.to(Ty::I32));
        match query.function {
            Function::Count => {
                let count = result.add(&belongs.to(result.ty()));
                self.code.set(result, &count);
            }
            Function::Any => {
                self.code.when(&belongs);
                self.code.set(result, &int(1));
                self.code.leave(out);
                self.code.end();
            }
            Function::First | Function::Last => {
                self.code.when(&belongs);
                let guards = guards_of(self, std::slice::from_ref(&query.filter));
                let value = guarded(self, guards, |strict| walk(strict, &query.value))?;
                self.code.set(result, &value.value);
                self.code.set(none, &value.none);
                self.code.leave(out);
                self.code.end();
            }
        }
        Ok(())
    }
}
