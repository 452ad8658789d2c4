//! The first or last event of the case that belongs: found once, for all that is asked of it.

use std::collections::BTreeSet;

use concord_engine::plan::{Alternative, Expr, Function, Op, Query, Shape};

use super::gathering::Gathering;
use super::{Known, Strict, strict_type};
use crate::emit::assembler::{Bin, EmitError, Node, flag, int};
use crate::emit::memory::fields_at;
use crate::emit::walk::{EventSource, inside};

/// The first or last event of the case that belongs.
#[derive(Clone)]
pub(super) struct Nearest {
    /// Its place in the order of the case; any where there is none.
    pub(super) place: Node,
    /// Its bit, where events are taken as bits.
    pub(super) bit: Option<Node>,
    /// Whether there is one.
    pub(super) found: Node,
    /// The bits of the events after it, none after none, where they were worked out.
    pub(super) after: Option<Node>,
}

impl<'p> Strict<'_, 'p> {
    /// What the first or last event of the case that belongs gives. Which it is, is found once for all that is asked of it.
    pub(super) fn nearest(
        &mut self,
        query: &'p Query,
        alternative: &'p Alternative,
        shape: Shape,
        source: &EventSource,
    ) -> Result<Known, EmitError> {
        let nearest = match self.remembered(query) {
            Some(nearest) => nearest.clone(),
            None => {
                let out = self.code.block();
                let none = self.gathering(query, shape, None, out);
                let answer = Gathering { value: self.code.variable(&int(-1)), ..none };
                self.each_event(query, source, &answer)?;
                let found = answer.value.bin(Bin::GeS, &int(0));
                let nearest = Nearest { found, place: answer.value, bit: None, after: None };
                if is_certain(&alternative.filter) {
                    self.found.push((query, nearest.clone()));
                }
                nearest
            }
        };
        self.value_at(alternative, shape, source, (&nearest.place, &nearest.found))
    }

    /// What was found before for all that is asked of the same event.
    pub(super) fn remembered(&self, query: &Query) -> Option<&Nearest> {
        self.found.iter().find_map(|(other, nearest)| is_same_event(other, query).then_some(nearest))
    }

    /// What an alternative says of the event at a place, if one was found.
    pub(super) fn value_at(
        &mut self,
        alternative: &'p Alternative,
        shape: Shape,
        source: &EventSource,
        (place, found): (&Node, &Node),
    ) -> Result<Known, EmitError> {
        let value = self.code.variable(&Node::Const(strict_type(shape), 0));
        let none = self.code.variable(&flag(true));
        self.code.when(found);
        let mut used = BTreeSet::new();
        fields_at(&alternative.value, 0, &mut used);
        self.read_event(alternative.kinds, &used, source, place)?;
        let taken = inside(self, |strict| strict.value_of(alternative));
        self.scopes.pop();
        let taken = taken?;
        self.code.set(&value, &taken.value);
        self.code.set(&none, &taken.none);
        self.code.end();
        Ok(Known { value, none })
    }
}

/// The events among which a query looks for the first or the last, where there is one such set.
pub(super) fn among(query: &Query) -> Option<&Alternative> {
    let [only] = query.alternatives.as_slice() else { return None };
    matches!(query.function, Function::First | Function::Last).then_some(only)
}

/// Whether nothing can be in doubt about a condition, so that it can be tested once for all who ask, whoever of them counts.
pub(super) fn is_certain(expr: &Expr) -> bool {
    match &expr.op {
        Op::Field(..) | Op::Column(..) | Op::Assume(_) | Op::Rest(..) | Op::Query(_) | Op::Path(_) => false,
        op => op.operands().into_iter().all(is_certain),
    }
}

/// Whether two queries for the first or last event of the case find the same.
fn is_same_event(one: &Query, other: &Query) -> bool {
    one.function == other.function
        && matches!((among(one), among(other)), (Some(a), Some(b)) if a.kinds == b.kinds && a.filter == b.filter)
}
