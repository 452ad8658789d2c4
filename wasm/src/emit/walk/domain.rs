//! What values are while emitting.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Call, Expr, Level, Needs, Op, PathOf, Query, Region, Shape};

use super::context::Context;
use super::operators::{Arithmetic, Comparison, TimeOp};
use crate::emit::assembler::EmitError;

/// What a verdict is made of.
pub(crate) struct VerdictParts<V> {
    pub(crate) applies: V,
    pub(crate) excused: V,
    pub(crate) happened: V,
    pub(crate) in_time: V,
    pub(crate) passed: V,
}

/// A condition and what stands on either side of it.
pub(crate) struct Choice<'p> {
    pub(crate) condition: &'p Expr,
    pub(crate) then: &'p Expr,
    pub(crate) otherwise: &'p Expr,
}

/// What values are while emitting, and what each operator does with them.
pub(crate) trait Domain<'p> {
    /// A value under way.
    type Value: Clone;

    fn context(&self) -> &Context<'p>;
    fn context_mut(&mut self) -> &mut Context<'p>;
    fn guards(&mut self) -> &mut Vec<&'p Expr>;
    /// What was worked out before of the place where the walk stands.
    fn remembered(&mut self) -> &mut Vec<(&'p Expr, Self::Value)>;
    /// The value, worked out once.
    fn kept(&mut self, value: Self::Value, shape: Shape) -> Self::Value;

    fn number(&mut self, value: i64) -> Self::Value;
    fn choice(&mut self, variant: u8) -> Self::Value;
    fn none(&mut self) -> Self::Value;
    /// A fact, parameter, cell, or something of the current event; and the instant asked about.
    fn leaf(&mut self, op: &Op) -> Result<Self::Value, EmitError>;
    /// The opposite, which `shape` holds.
    fn negate(&mut self, x: Self::Value, shape: Shape) -> Self::Value;
    fn arithmetic(&mut self, op: Arithmetic, a: Self::Value, b: Self::Value, shape: Shape) -> Self::Value;
    fn compare(&mut self, op: Comparison, a: Self::Value, b: Self::Value) -> Self::Value;
    /// The times or the places of the events in scope at two levels, compared: where it is one event, they are the same, known or not.
    fn of_one_event(
        &mut self,
        _op: Comparison,
        _levels: (Level, Level),
        compared: Self::Value,
    ) -> Result<Self::Value, EmitError> {
        Ok(compared)
    }
    /// The value lies in `low ..= high`, ends clipped to the operand's shape.
    fn within(&mut self, x: Self::Value, shape: Shape, low: i64, high: i64) -> Self::Value;
    fn one_of(&mut self, x: Self::Value, shape: Shape, mask: u64) -> Self::Value;
    /// The verdict is in the mask; where it may be open, that is not known yet.
    fn decided(&mut self, x: Self::Value, shape: Shape, mask: u64, needs: Needs) -> Self::Value;
    /// A cell of a table lets the value of its column through; those there are tested by [`super::is_among`].
    fn lets_through(&mut self, region: &Region, x: &Self::Value, shape: Shape) -> Self::Value;
    fn time_op(&mut self, op: TimeOp, a: Self::Value, b: Self::Value, shape: Shape) -> Result<Self::Value, EmitError>;
    /// A function of whole numbers and times, see [`Call`].
    fn call(&mut self, call: Call, operands: &[Self::Value], shape: Shape) -> Result<Self::Value, EmitError>;
    fn formula(
        &mut self,
        formula: &'p Formula,
        operands: &[Self::Value],
        shape: Shape,
    ) -> Result<Self::Value, EmitError>;
    fn weekday(&mut self, x: Self::Value) -> Result<Self::Value, EmitError>;
    /// The value is in the sorted list.
    fn in_list(&mut self, x: Self::Value, values: &[i64]) -> Result<Self::Value, EmitError>;
    fn not(&mut self, x: Self::Value) -> Self::Value;
    fn all(&mut self, items: &[Self::Value]) -> Self::Value;
    fn any(&mut self, items: &[Self::Value]) -> Self::Value;
    fn is_none(&mut self, x: Self::Value) -> Self::Value;
    fn assume(&mut self, x: Self::Value, shape: Shape, guarded: bool) -> Self::Value;
    /// The place of the first that is yes, or how many there are.
    fn first_yes(&mut self, items: &[Self::Value]) -> Result<Self::Value, EmitError>;
    fn verdict(&mut self, parts: VerdictParts<Self::Value>) -> Self::Value;
    /// `x`, or what `y` walks to where `x` is none.
    fn otherwise(&mut self, x: Self::Value, y: &'p Expr, shape: Shape) -> Result<Self::Value, EmitError>;
    /// The branches are walked by [`super::then_branch`] and [`super::else_branch`].
    fn choose(&mut self, condition: Self::Value, of: Choice<'p>, shape: Shape) -> Result<Self::Value, EmitError>;
    /// What `value` walks to where the condition may hold, and nothing where it cannot: it holds where all is there.
    fn rest(&mut self, condition: &'p Expr, value: &'p Expr, shape: Shape) -> Result<Self::Value, EmitError>;
    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Self::Value, EmitError>;
    fn path(&mut self, path: &'p PathOf, shape: Shape) -> Result<Self::Value, EmitError>;
}
