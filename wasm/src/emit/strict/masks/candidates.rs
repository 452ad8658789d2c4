//! The events about which a query asks, as far as bits tell: by their kinds, and after or before another event.

use std::collections::BTreeMap;

use concord_engine::plan::operators::outermost;
use concord_engine::plan::{Alternative, Expr, Function, Op};

use super::{MOST, Masks};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, int, long};
use crate::emit::strict::nearest::Nearest;
use crate::emit::strict::{EventScope, Known, Strict};
use crate::emit::walk::{inside, walk};

/// The events about which a query asks, as far as bits tell.
pub(super) struct Candidates {
    pub(super) mask: Node,
    /// No later than these.
    pub(super) until: Vec<Node>,
    /// No earlier than these.
    pub(super) since: Vec<Node>,
    /// Whether that is all that is asked.
    pub(super) complete: bool,
}

impl Candidates {
    /// What is asked of a candidate's time.
    pub(super) fn limits(&self) -> Vec<(Bin, Node)> {
        let until = self.until.iter().map(|limit| (Bin::LeS, limit.clone()));
        until.chain(self.since.iter().map(|limit| (Bin::GeS, limit.clone()))).collect()
    }
}

impl<'p> Strict<'_, 'p> {
    /// The events that bits tell apart.
    pub(super) fn candidates_of(
        &mut self,
        masks: &Masks,
        alternative: &'p Alternative,
    ) -> Result<Candidates, EmitError> {
        let mask = masks.of_kinds(alternative.kinds);
        let mut found = Candidates { mask, until: Vec::new(), since: Vec::new(), complete: true };
        let mut conditions = Vec::new();
        conditions_of(&alternative.filter, &mut conditions);
        // What stands on the other side speaks of the events around the query, as it is said inside.
        self.scopes.push(EventScope { order: int(0), at: long(0), fields: BTreeMap::new() });
        let told = inside(self, |strict| conditions.into_iter().try_for_each(|one| strict.tell(one, &mut found)));
        self.scopes.pop();
        told?;
        found.mask = self.code.share(&found.mask);
        Ok(found)
    }

    /// Takes account of one condition.
    fn tell(&mut self, condition: &'p Expr, found: &mut Candidates) -> Result<(), EmitError> {
        let (a, b) = match &condition.op {
            Op::Constant(1) => return Ok(()),
            Op::Less(a, b) | Op::LessOrEqual(a, b) => (&**a, &**b),
            _ => {
                found.complete = false;
                return Ok(());
            }
        };
        let strictly = matches!(condition.op, Op::Less(..));
        match (&a.op, &b.op) {
            (Op::Order(0), _) if strictly && self.is_place(b) => {
                let place = self.place(b)?;
                found.mask = found.mask.bin(Bin::And, &before(&place));
            }
            (_, Op::Order(0)) if strictly && self.is_place(a) => {
                let after = match self.nearest_in(a).and_then(|nearest| nearest.after.clone()) {
                    Some(after) => after,
                    None => after(&self.place(a)?),
                };
                found.mask = found.mask.bin(Bin::And, &after);
            }
            (Op::At(0), _) if is_outside(b) => {
                let limit = self.limit(b, if strictly { -1 } else { 0 }, found)?;
                found.until.push(limit);
            }
            (_, Op::At(0)) if is_outside(a) => {
                let limit = self.limit(a, if strictly { 1 } else { 0 }, found)?;
                found.since.push(limit);
            }
            _ => found.complete = false,
        }
        Ok(())
    }

    /// An instant that limits the candidates; none are left where it is none.
    fn limit(&mut self, expr: &'p Expr, moved: i64, found: &mut Candidates) -> Result<Node, EmitError> {
        let known = walk(self, expr)?;
        found.mask = long(0).when(&known.none, &found.mask);
        Ok(self.code.share(&known.value.to(Ty::I64).add(&long(moved))))
    }

    /// Whether an expression is the place of an event in the order of the case.
    fn is_place(&self, expr: &Expr) -> bool {
        match &expr.op {
            Op::Order(level) => *level > 0,
            Op::Cell(cell) => self.context.definition(*cell).is_some_and(|definition| {
                let Op::Query(query) = &definition.op else { return false };
                matches!(query.function, Function::First | Function::Last)
                    && query.alternatives.iter().all(|alternative| matches!(alternative.value.op, Op::Order(0)))
            }),
            _ => false,
        }
    }

    /// The bit of an event in the order of the case: 64 and none is of none.
    fn place(&mut self, expr: &'p Expr) -> Result<Known, EmitError> {
        if let Op::Order(level) = &expr.op {
            return Ok(Known::some(self.event(*level)?.order.to(Ty::I64)));
        }
        if let Some(Nearest { bit: Some(bit), found, .. }) = self.nearest_in(expr) {
            return Ok(Known { value: bit.clone(), none: found.not() });
        }
        let known = walk(self, expr)?;
        let place = known.value.to(Ty::I64).bin(Bin::And, &long(MOST - 1));
        Ok(Known { value: self.code.share(&place), none: known.none })
    }

    /// What was found for the query that fills a cell.
    fn nearest_in(&self, expr: &Expr) -> Option<&Nearest> {
        let Op::Cell(cell) = &expr.op else { return None };
        let Op::Query(query) = &self.context.definition(*cell)?.op else { return None };
        self.remembered(query)
    }
}

/// The events after a place, none after none.
fn after(place: &Known) -> Node {
    long(0).when(&place.none, &long(-2).bin(Bin::Shl, &place.value))
}

/// The events before a place, none before none.
fn before(place: &Known) -> Node {
    long(0).when(&place.none, &long(1).bin(Bin::Shl, &place.value).sub(&long(1)))
}

/// Whether an expression speaks of no event of the query in which it stands, and takes nothing for granted.
fn is_outside(expr: &Expr) -> bool {
    match &expr.op {
        Op::At(level) | Op::Order(level) | Op::Field(_, _, level) | Op::Column(_, level) => *level > 0,
        Op::Query(_) => outermost(expr).is_none(),
        Op::Path(_) | Op::Assume(_) | Op::Rest(..) => false,
        op => op.operands().into_iter().all(is_outside),
    }
}

/// The conditions that must all hold for one to.
fn conditions_of<'e>(condition: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &condition.op {
        Op::And(items) => items.iter().for_each(|item| conditions_of(item, found)),
        _ => found.push(condition),
    }
}
