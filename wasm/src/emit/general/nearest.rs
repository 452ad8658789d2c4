//! The first or the last of several events, gathered by functions that all such queries call ([`Helper::StartNearest`]): shorter than code
//! for each of them, where the loop over the events has no other inside.

use super::General;
use super::value::Possible;
use crate::emit::assembler::{Bin, Node, flag};
use crate::emit::memory::{NEAREST_HIGH, NEAREST_NEEDS, NEAREST_NONE, NEAREST_SOME};
use crate::emit::runtime::Helper;

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
    let low = general.code.variable(&low);
    let rest = [NEAREST_HIGH, NEAREST_SOME, NEAREST_NONE, NEAREST_NEEDS];
    let [high, some, none, needs] = rest.map(|part| general.code.variable(&part));
    Possible { low, high, some, none, needs }
}

fn run(general: &mut General<'_, '_>, helper: Helper, operands: Vec<Node>) {
    let call = general.context.helpers.call(helper, operands);
    general.code.push(&call);
}
