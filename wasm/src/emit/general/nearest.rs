//! The first or the last of several events, gathered by functions that all such queries call: in globals ([`Helper::StartNearest`]) where
//! the loop over the events asks nothing else and has no other inside, else in memory ([`Helper::StartKept`]).

use concord_engine::plan::{Class, Expr, Function, Kinds, Query, Shape};

use super::General;
use super::events::{EventStep, FoundEvent};
use super::member::Member;
use super::value::Possible;
use crate::emit::assembler::{Bin, EmitError, Label, Node, Ty, address, flag, int, long};
use crate::emit::memory::{NEAREST_BYTES, NEAREST_HIGH, NEAREST_NEEDS, NEAREST_NONE, NEAREST_SOME};
use crate::emit::runtime::{EventOrder, Helper, kept, need};
use crate::emit::walk::walk;

/// Before the loop.
pub(super) fn start(general: &mut General<'_, '_>, last: bool) {
    run(general, Helper::StartNearest, vec![flag(last)]);
}

/// Takes in the time of the current event, given what would settle that it belongs, and when.
pub(super) fn take_time(general: &mut General<'_, '_>, certain: &Node, needs: &Node) {
    run(general, Helper::TakeNearest, vec![certain.clone(), needs.clone()]);
}

/// Takes in a value of it.
pub(super) fn take_value(general: &mut General<'_, '_>, certain: &Node, needs: &Node, value: &Possible) {
    let needs = needs.bin(Bin::Or, &value.needs);
    let parts = [certain, &needs, &value.low, &value.high, &value.some, &value.none];
    run(general, Helper::TakeNearestValue, parts.map(Node::clone).to_vec());
}

/// After the loop.
pub(super) fn result(general: &mut General<'_, '_>) -> Possible {
    let low = general.context.helpers.call(Helper::Nearest, Vec::new());
    found(general, &low)
}

fn found(general: &mut General<'_, '_>, low: &Node) -> Possible {
    let low = general.code.variable(low);
    let rest = [NEAREST_HIGH, NEAREST_SOME, NEAREST_NONE, NEAREST_NEEDS];
    let [high, some, none, needs] = rest.map(|part| general.code.variable(&part));
    Possible { low, high, some, none, needs }
}

impl<'p> General<'_, 'p> {
    /// The time of the first or the last event of one kind by a function that goes through the events, from an instant on, if one is given; none
    /// where that may be none.
    pub(super) fn nearest_of_kind(
        &mut self,
        kinds: Kinds,
        since: Option<&'p Expr>,
        order: EventOrder,
    ) -> Result<Option<Possible>, EmitError> {
        let kind = kinds.only().and_then(|kind| self.context.plan.subject.events.get(kind));
        let kind = kind.ok_or(EmitError::NoEvent)?;
        let always = Possible::known(long(i64::MIN));
        let since = since.map_or(Ok(always), |since| walk(self, since))?;
        if !since.is_there() {
            return Ok(None);
        }
        let next = self.next_event(order, true);
        let operands = vec![
            long(kinds.0.cast_signed()),
            int(i64::from(u64::BITS - kinds.0.leading_zeros())),
            need(kind.unsupplied),
            need(kind.untimed),
            since.low.to(Ty::I64),
            since.high.to(Ty::I64),
            since.needs,
        ];
        let low = self.context.helpers.call(Helper::NearestOfKind(next), operands);
        Ok(Some(found(self, &low)))
    }
}

/// The first or the last gathered at an address.
pub(super) struct Kept {
    at: Node,
    /// Where what was gathered is kept for the next of the events that it is asked for.
    before: Node,
    class: Class,
    mode: u32,
}

impl Kept {
    /// Of a query, in its own place.
    fn of<'p>(general: &mut General<'_, 'p>, query: &'p Query, shape: Shape) -> Result<Kept, EmitError> {
        let place = general.nearest.iter().position(|known| std::ptr::eq(*known, query)).unwrap_or_else(|| {
            general.nearest.push(query);
            general.nearest.len() - 1
        });
        let place = address(place)?;
        if place >= general.context.reads.nearest {
            return Err(EmitError::NoEvent);
        }
        let first = general.context.map.nearest + 2 * NEAREST_BYTES * place;
        let [at, before] = [first, first + NEAREST_BYTES].map(|at| int(i64::from(at)));
        let bits = [
            (kept::LAST, query.function == Function::Last),
            (kept::CHOICE, shape.class == Class::Set),
            (kept::PLACED, query.is_bounded()),
        ];
        let mode = bits.into_iter().filter(|(_, is_set)| *is_set).fold(0, |mode, (bit, _)| mode | bit);
        Ok(Kept { at, before, class: shape.class, mode })
    }

    /// Nothing is gathered yet.
    pub(super) fn new<'p>(general: &mut General<'_, 'p>, query: &'p Query, shape: Shape) -> Result<Kept, EmitError> {
        let kept = Kept::of(general, query, shape)?;
        kept.start(general, &kept.at);
        Ok(kept)
    }

    /// The same for each of some events in turn, where one that certainly belongs may count instead of all that was gathered before it.
    pub(super) fn running<'p>(
        general: &mut General<'_, 'p>,
        query: &'p Query,
        shape: Shape,
        renews: bool,
    ) -> Result<Kept, EmitError> {
        let kept = Kept::of(general, query, shape)?;
        let kept = Kept { mode: kept.mode | if renews { kept::RENEWS } else { 0 }, ..kept };
        kept.forget(general);
        Ok(kept)
    }

    fn start(&self, general: &mut General<'_, '_>, at: &Node) {
        run(general, Helper::StartKept, vec![at.clone(), int(i64::from(self.mode))]);
    }

    /// Keeps what is gathered.
    pub(super) fn keep(&self, general: &mut General<'_, '_>) {
        run(general, Helper::CopyKept, vec![self.before.clone(), self.at.clone()]);
    }

    /// Goes back to what was kept.
    pub(super) fn resume(&self, general: &mut General<'_, '_>) {
        run(general, Helper::CopyKept, vec![self.at.clone(), self.before.clone()]);
    }

    /// Forgets what was kept.
    pub(super) fn forget(&self, general: &mut General<'_, '_>) {
        self.start(general, &self.before);
    }

    /// Leaves an event that comes after one that certainly belongs.
    pub(super) fn leave_when_past(&self, general: &mut General<'_, '_>, event: &FoundEvent, skip: Label) {
        let event = vec![self.at.clone(), event.timed.clone(), event.first.clone(), event.last.clone()];
        let past = general.context.helpers.call(Helper::PastKept, event);
        general.code.leave_when(skip, &past);
    }

    pub(super) fn take(&self, general: &mut General<'_, '_>, step: &EventStep, member: &Member) {
        let Some(event) = general.scopes.last().cloned() else { return };
        let Possible { low, high, some, none, needs } = &member.value;
        // What its time needs may be what its value needs.
        let needs = if event.at.needs.is_same(needs) { member.needs.clone() } else { member.needs.bin(Bin::Or, needs) };
        let parts = [&self.at, &member.certain, &needs, low, high, some, none, &step.event.timed];
        let parts = parts.into_iter().chain([&event.order.low, &event.order.high]);
        run(general, Helper::TakeKept, parts.cloned().collect());
    }

    pub(super) fn result(&self, general: &mut General<'_, '_>) -> Possible {
        let low = general.context.helpers.call(Helper::Kept, vec![self.at.clone()]);
        let found = found(general, &low);
        if self.class == Class::Set { Possible { high: found.low.clone(), ..found } } else { found }
    }
}

fn run(general: &mut General<'_, '_>, helper: Helper, operands: Vec<Node>) {
    let call = general.context.helpers.call(helper, operands);
    general.code.push(&call);
}
