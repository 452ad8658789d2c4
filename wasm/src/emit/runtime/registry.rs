//! Functions inside the module that more than one place calls; only those called are there.

use std::rc::Rc;

use concord_engine::plan::formula::Formula;

use super::events::{FieldOfEvent, NextEvent};
use super::routines::Routine;
use super::rows::RowSearchLoop;
use crate::emit::assembler::{Code, EmitError, Node, Ty};

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (the block of columns moved on to a fact, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
    /// (low, high, presence, needs): writes the next output of a record out, so many bytes between the parts; what is known
    /// needs nothing
    Put(u32),
    /// (low, high, least, most, needs) → a table's condition: bit 0 possibly, bit 1 certainly
    Within,
    /// (mask, accepted, needs) → a condition
    OneOf,
    /// (certain, possible, needs) → a condition
    Condition,
    /// () before the first row of a table
    Start,
    /// (low, high, needs) → the needs, or nothing where the ends are the same
    Settle,
    /// (condition, whether the row is `impossible`) → whether the next row, of a unique table or another, certainly matches
    Row(bool),
    /// (address, low, high, needs): writes what is possible of something where [`Helper::Rows`] finds it
    Column,
    /// (the table as written, its impossible rows) → the rows that may match; see [`super::rows`]
    Rows(RowSearchLoop),
    /// (rows, address of an array, how many bits of 64 its values leave) → the least, the greatest and the presence in
    /// globals; 0 where there is none
    Least,
    /// (rows, address of an array of variants) → the mask; the presence in a global
    Variants,
    /// (kinds, number) → whether there is no such event; see [`super::events`]
    Event(NextEvent),
    /// (place in the case or −1, what is written of a field) → the least; the rest in globals
    Field(FieldOfEvent),
    /// (address, shift) → the integer of so many bytes
    Wide,
    /// Arithmetic of its own
    Routine(Routine),
    /// One of those that read and write texts, built elsewhere
    Codec(Codec),
}

/// A function that another part of the compiler builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Codec {
    /// Its number there.
    pub(crate) number: usize,
    pub(crate) parameters: &'static [Ty],
    pub(crate) result: Option<Ty>,
}

impl From<Routine> for Helper {
    fn from(routine: Routine) -> Helper {
        Helper::Routine(routine)
    }
}

/// The helpers called so far.
pub(crate) struct Helpers {
    /// With their numbers among the module's functions.
    called: Vec<(Helper, u32)>,
    next: u32,
    /// The formulas that [`Routine::Formula`] means by their numbers.
    formulas: Vec<Formula>,
}

impl Helpers {
    /// None yet; the first gets this number.
    pub(crate) fn after(functions: u32) -> Helpers {
        Helpers { called: Vec::new(), next: functions, formulas: Vec::new() }
    }

    /// The one that was called first, second, and so on.
    pub(crate) fn called(&self, place: usize) -> Option<Helper> {
        self.called.get(place).map(|(helper, _)| *helper)
    }

    /// The function's number.
    fn number(&mut self, helper: Helper) -> u32 {
        if let Some((_, number)) = self.called.iter().find(|(called, _)| *called == helper) {
            return *number;
        }
        let number = self.next;
        self.called.push((helper, number));
        self.next += 1;
        number
    }

    /// A call, as a value.
    pub(crate) fn call(&mut self, helper: impl Into<Helper>, operands: Vec<Node>) -> Node {
        let helper = helper.into();
        let operands = operands.iter().zip(helper.parameters()).map(|(operand, ty)| operand.to(ty)).collect();
        let result = helper.result().unwrap_or(Ty::I32);
        Node::Call(self.number(helper), result, Rc::new(operands))
    }

    /// Calls one without result.
    pub(crate) fn run(&mut self, code: &mut Code, helper: Helper, operands: Vec<Node>) {
        let call = self.call(helper, operands);
        code.push(&call);
    }

    /// The number of a formula, one that was there before or the next.
    pub(super) fn number_of_formula(&mut self, formula: &Formula) -> usize {
        self.formulas.iter().position(|other| other == formula).unwrap_or_else(|| {
            self.formulas.push(formula.clone());
            self.formulas.len() - 1
        })
    }

    /// The formula of this number.
    pub(super) fn formula(&self, number: usize) -> Result<Formula, EmitError> {
        self.formulas.get(number).cloned().ok_or(EmitError::NoSuch("formula", number))
    }
}

impl Helper {
    pub(super) fn parameters(self) -> Vec<Ty> {
        match self {
            Helper::Min | Helper::Max => vec![Ty::I64, Ty::I64],
            Helper::Valid => vec![Ty::I32, Ty::I32],
            Helper::Put(_) => vec![Ty::I64, Ty::I64, Ty::I32, Ty::I64],
            Helper::Within => vec![Ty::I64; 5],
            Helper::OneOf => vec![Ty::I64; 3],
            Helper::Condition => vec![Ty::I32, Ty::I32, Ty::I64],
            Helper::Start => Vec::new(),
            Helper::Settle => vec![Ty::I64; 3],
            Helper::Row(_) => vec![Ty::I32, Ty::I32],
            Helper::Column => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64],
            Helper::Rows(_) => vec![Ty::I32, Ty::I64],
            Helper::Least => vec![Ty::I64, Ty::I32, Ty::I64],
            Helper::Variants | Helper::Event(_) => vec![Ty::I64, Ty::I32],
            Helper::Field(_) | Helper::Wide => vec![Ty::I32, Ty::I32],
            Helper::Routine(routine) => routine.parameters(),
            Helper::Codec(codec) => codec.parameters.to_vec(),
        }
    }

    pub(super) fn result(self) -> Option<Ty> {
        match self {
            Helper::Put(_) | Helper::Start | Helper::Column => None,
            Helper::Within | Helper::OneOf | Helper::Condition | Helper::Row(_) | Helper::Event(_) => Some(Ty::I32),
            Helper::Routine(routine) => Some(routine.result()),
            Helper::Codec(codec) => codec.result,
            _ => Some(Ty::I64),
        }
    }
}
