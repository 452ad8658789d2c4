//! The first or the last of several events, gathered by functions that all such queries call ([`Helper::StartNearest`]): shorter than code
//! for each of them, where the loop over the events has no other inside.

use concord_engine::plan::{Expr, Kinds};

use super::General;
use super::value::Possible;
use crate::emit::assembler::{Bin, EmitError, Node, Ty, flag, int, long};
use crate::emit::memory::{NEAREST_HIGH, NEAREST_NEEDS, NEAREST_NONE, NEAREST_SOME};
use crate::emit::runtime::{EventOrder, Helper, need};
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

fn run(general: &mut General<'_, '_>, helper: Helper, operands: Vec<Node>) {
    let call = general.context.helpers.call(helper, operands);
    general.code.push(&call);
}
