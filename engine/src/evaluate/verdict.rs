//! Verdicts: which of them what is known of an obligation allows.

use super::at_hand::AtHand;
use super::{Machine, Value};
use crate::plan::{Class, Needs, Verdict, VerdictOf};

impl Machine<'_> {
    /// The verdicts that what is known allows.
    pub(super) fn verdict(&self, of: &VerdictOf, event: AtHand) -> Value {
        let applies = self.eval(&of.applies, event);
        let mut possible = Possible { mask: 0, needs: applies.needs };
        possible.allow(Verdict::NotApplicable, !applies.is_yes());
        if applies.may_be_yes() {
            self.verdict_where_it_applies(of, event, &mut possible);
        }
        let mask = possible.mask;
        Value { low: mask, high: mask, may_be_some: true, may_be_none: false, needs: possible.needs }
            .settled(Class::Set)
    }

    fn verdict_where_it_applies(&self, of: &VerdictOf, event: AtHand, possible: &mut Possible) {
        let excused = self.eval(&of.excused, event);
        possible.needs |= excused.needs;
        possible.allow(Verdict::Excused, excused.may_be_yes());
        if excused.is_yes() {
            return;
        }
        let happened = self.eval(&of.happened, event);
        possible.needs |= happened.needs;
        if happened.may_be_yes() {
            let in_time = self.eval(&of.in_time, event);
            possible.needs |= in_time.needs;
            possible.allow(Verdict::Met, in_time.may_be_yes());
            possible.allow(Verdict::Late, !in_time.is_yes());
        }
        if !happened.is_yes() {
            let passed = self.eval(&of.passed, event);
            possible.needs |= passed.needs;
            possible.allow(Verdict::Missed, passed.may_be_yes());
            possible.allow(Verdict::Open, !passed.is_yes());
        }
    }
}

impl Value {
    /// Whether a verdict is in a mask: what is open may still come to be.
    pub(super) fn decided(self, mask: i64, needs: Needs) -> Value {
        let open = self.low & (1 << Verdict::Open as i64);
        let certain = self.may_be_some && !self.may_be_none && self.low & !mask == 0;
        let possible = self.may_be_some && ((self.low & mask) | open) != 0;
        Value::test(certain, possible, if open == 0 { self.needs } else { self.needs | needs })
    }
}

/// The verdicts that are possible so far.
struct Possible {
    mask: i64,
    needs: Needs,
}

impl Possible {
    fn allow(&mut self, verdict: Verdict, possible: bool) {
        if possible {
            self.mask |= 1 << (verdict as i64);
        }
    }
}
