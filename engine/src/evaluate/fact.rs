//! Facts and parameters: as supplied, a range where that is what was supplied, or else anything their declared range allows.

use super::{Machine, Value};
use crate::plan::case::Datum;
use crate::plan::{Class, Id, InputId, Needs, ParameterId, Shape};

impl Machine<'_> {
    pub(super) fn supplied(datum: Datum, shape: Shape, unknown: u8) -> Value {
        match (datum, shape.class) {
            (Datum::Known(value), Class::Range) => Value::known(value),
            (Datum::Known(value), Class::Set) => Value::choice(value),
            (Datum::Between(low, high), Class::Range) => Value::between(low, high, bit(unknown)),
            (Datum::None, _) => Value::none(),
            (Datum::Missing | Datum::Between(..), _) => Value::anything(shape, bit(unknown)),
        }
    }

    pub(super) fn input(&self, index: InputId) -> Value {
        let Some(input) = self.plan.subject.inputs.get(index) else {
            return Value::none();
        };
        // A fact that the case does not hold is missing.
        let datum = self.case.facts.get(index.place()).copied().unwrap_or_default();
        Self::supplied(datum, input.shape, input.unknown)
    }

    pub(super) fn parameter(&self, index: ParameterId) -> Value {
        let Some(parameter) = self.plan.parameters.get(index) else {
            return Value::none();
        };
        let setting = self.settings.get(index.place()).copied().flatten().or(parameter.value);
        Self::supplied(setting.map_or(Datum::Missing, Datum::Known), parameter.shape, parameter.unknown)
    }
}

pub(super) fn bit(unknown: u8) -> Needs {
    // What can be missing has a bit each, 64 at most.
    1_u64.checked_shl(u32::from(unknown)).unwrap_or(0)
}
