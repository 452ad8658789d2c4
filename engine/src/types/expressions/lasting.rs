//! What a rule says of an event that lasts: its `end` and its `length`.
//!
//! What has not happened by `as of` is not seen, and an end is no exception: an end after `as of` is none, as an end that is recorded as
//! none is. So `end is none` says that it is still going on.

use crate::plan::{Expr, FieldId, Id, KindId, Level, Op, Shape};
use crate::types::expressions::terms::{assume, at_most, constant};
use crate::types::package::lasting::{END, END_PLACE, INSTANT, LENGTH};
use crate::types::{Builder, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// A fact of an event by its name, and the field that it is taken from.
    pub(in crate::types) fn fact_of_event(
        &mut self,
        kind: KindId,
        name: &str,
        level: Level,
    ) -> Option<(FieldId, Typed)> {
        let lasts = self.lasts(kind);
        let recorded = if lasts && name == LENGTH { END } else { name };
        let fields = &self.plan.subject.events.get(kind)?.fields;
        let place = fields.position(|field| field.name == recorded)?;
        let (ty, shape) = fields.get(place).map(|field| (field.ty.clone(), field.shape))?;
        let typed = match name {
            LENGTH if lasts => Typed { expr: self.length_of(kind, level), ty: Type::Duration },
            END if lasts => Typed { expr: self.end_of(kind, level), ty },
            _ => Typed { expr: Expr { op: Op::Field(kind, place, level), shape }, ty },
        };
        Some((place, typed))
    }

    /// When an event is over; none where that is not before `as of`, nor at it.
    fn end_of(&mut self, kind: KindId, level: Level) -> Expr {
        self.until_of(kind, level, Expr { op: Op::None, shape: INSTANT.or_none() })
    }

    /// When an event is over or, while it goes on, something else. What is not known of an end lies from its start to `as of`.
    pub(in crate::types) fn until_of(&mut self, kind: KindId, level: Level, going_on: Expr) -> Expr {
        let end = end_as_recorded(kind, level);
        let as_of = self.as_of().expr;
        let over = at_most(end.clone(), as_of.clone());
        let started = Expr { op: Op::At(level), shape: INSTANT };
        let end = Expr { op: Op::Highest(vec![assume(end), started]), shape: INSTANT };
        let end = Expr { op: Op::Lowest(vec![end, as_of]), shape: INSTANT };
        let shape = Shape { optional: going_on.shape.optional, ..INSTANT };
        Expr { op: Op::If(Box::new(over), Box::new(end), Box::new(going_on)), shape }
    }

    fn length_of(&mut self, kind: KindId, level: Level) -> Expr {
        let as_of = self.as_of().expr;
        let until = self.until_of(kind, level, as_of);
        let started = Expr { op: Op::At(level), shape: INSTANT };
        not_below_0(self.shifted(until, started, false))
    }
}

/// The field that holds an event's end.
pub(in crate::types) fn end_as_recorded(kind: KindId, level: Level) -> Expr {
    Expr { op: Op::Field(kind, FieldId::at(END_PLACE), level), shape: INSTANT.or_none() }
}

/// A length, or nothing where it would run backwards.
pub(in crate::types) fn not_below_0(length: Expr) -> Expr {
    let shape = Shape { low: 0, high: length.shape.high.max(0), ..length.shape };
    Expr { op: Op::Highest(vec![length, constant(0)]), shape }
}
