//! And, or, `if`, `else`: what follows from values of which not everything is known.

use super::at_hand::AtHand;
use super::{Machine, Value};
use crate::plan::{Class, Expr, Shape};

impl Machine<'_> {
    /// Where the condition is unknown, whatever either branch allows.
    pub(super) fn choose(&self, condition: Value, [then, otherwise]: [&Expr; 2], class: Class, event: AtHand) -> Value {
        match (condition.is_yes(), condition.may_be_yes()) {
            (true, _) => self.eval(then, event),
            (_, false) => self.eval(otherwise, event),
            _ => {
                let either = self.eval(then, event).or_else(self.eval(otherwise, event), class);
                Value { needs: either.needs | condition.needs, ..either }.settled(class)
            }
        }
    }

    /// The value where the condition may hold, and nothing where it cannot: one of the other ways is taken then. What settles those settles
    /// this one.
    pub(super) fn rest(&self, condition: &Expr, value: &Expr, event: AtHand) -> Value {
        if self.eval(condition, event).may_be_yes() { self.eval(value, event) } else { Value::nothing() }
    }

    pub(super) fn all(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut certain, mut possible, mut needs) = (true, true, 0);
        for item in items {
            let value = self.eval(item, event);
            certain &= value.is_yes();
            possible &= value.may_be_yes();
            needs |= value.needs;
        }
        Value::test(certain, possible, needs)
    }

    pub(super) fn any(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut certain, mut possible, mut needs) = (false, false, 0);
        for item in items {
            let value = self.eval(item, event);
            certain |= value.is_yes();
            possible |= value.may_be_yes();
            needs |= value.needs;
        }
        Value::test(certain, possible, needs)
    }

    /// Drops the possibility of none; what is certainly none could then be anything, and depends on nothing.
    pub(super) fn assume(&self, x: &Expr, shape: Shape, event: AtHand) -> Value {
        let value = self.eval(x, event);
        if value.may_be_some {
            return Value { may_be_none: false, ..value }.settled(shape.class);
        }
        Value::anything(Shape { optional: false, ..shape }, 0)
    }

    pub(super) fn otherwise(&self, class: Class, x: Value, y: &Expr, event: AtHand) -> Value {
        if !x.may_be_none {
            return x;
        }
        let y = self.eval(y, event);
        if !x.may_be_some {
            return y;
        }
        let some = Value { may_be_none: false, ..x };
        some.or_else(y, class)
    }

    pub(super) fn first_yes(&self, items: &[Expr], event: AtHand) -> Value {
        let (mut mask, mut needs, mut stopped) = (0_i64, 0, false);
        for (index, item) in items.iter().enumerate() {
            let value = self.eval(item, event);
            if value.may_be_yes() && !stopped {
                mask |= 1_i64 << index;
                needs |= value.needs;
                stopped = value.is_yes();
            }
        }
        if !stopped {
            mask |= 1_i64 << items.len();
        }
        Value { low: mask, high: mask, may_be_some: true, may_be_none: false, needs }.settled(Class::Set)
    }
}
