//! The strict lowering: every fact is there, so every value is one integer and, where it may be none, a flag.
//!
//! Sets are the variant's place. Where the meaning is not one known value after all (a broken claim, or an
//! [`Op::Assume`] of what is none, unguarded), a flag is raised and the caller falls back to the general lowering.
//! Nothing here branches on a value except the loops over events, so the same walk can drive lanes of `v128`:
//! a [`Node`] per operator, `select` as `bitselect`, table classes as sums of lane tests.

mod columns;
mod formulas;
mod gathering;
mod masks;
mod nearest;
mod operators;
mod paths;
mod queries;
mod running;
mod tables;
mod times;

use std::collections::BTreeMap;

use concord_engine::plan::{
    ById, CellId, Class, ColumnId, Expr, FieldId, InputId, KindId, Level, ParameterId, Query, Shape, Step,
};

use crate::abi::none_of;
use crate::emit::assembler::{Bin, Code, EmitError, Node, Ty, Width, flag, int, long};
use crate::emit::walk::{Context, Dependence, EventSource, Work, walk};
pub(crate) use masks::{MOST as MOST_AS_BITS, Masks};
use nearest::Nearest;

/// One known value, or none.
#[derive(Clone)]
pub(crate) struct Known {
    /// The integer, or the variant's place; anything at all where it is none.
    pub(crate) value: Node,
    /// Whether it is none.
    pub(crate) none: Node,
}

impl Known {
    pub(crate) fn some(value: Node) -> Known {
        Known { value, none: flag(false) }
    }

    pub(crate) fn constant(value: i64) -> Known {
        Known::some(Node::Const(Ty::holding(value, value), value))
    }
}

/// Bits of what is not there, where no wanted answer depends on it: what is worked out from it does not count, nor does doubt about it.
pub(crate) struct Ignored {
    pub(crate) facts: Node,
    pub(crate) kinds: Node,
    pub(crate) parameters: Node,
}

impl Ignored {
    /// Whether what depends on this depends on none of it.
    pub(crate) fn leaves(&self, of: Dependence) -> Node {
        let parts = [(&self.facts, of.facts), (&self.kinds, of.kinds), (&self.parameters, of.parameters)];
        let met = parts.map(|(ignored, of)| ignored.bin(Bin::And, &long(of.cast_signed())));
        // What is known to be there when compiling leaves nothing to test.
        met.iter().fold(long(0), |all, met| all.bin(Bin::Or, met)).eq(&long(0))
    }
}

/// The current event.
#[derive(Clone)]
pub(crate) struct EventScope {
    /// Its place in the order of the case.
    pub(crate) order: Node,
    pub(crate) at: Node,
    /// The fields that are asked for, by kind and field; of another kind there are none.
    pub(crate) fields: BTreeMap<(KindId, FieldId), Known>,
}

/// See the module.
pub(crate) struct Strict<'a, 'p> {
    pub(crate) code: &'a mut Code,
    pub(crate) context: &'a mut Context<'p>,
    pub(crate) inputs: ById<InputId, Option<Known>>,
    pub(crate) as_of: Node,
    pub(crate) events: Option<EventSource>,
    /// The current events, the innermost query's last.
    pub(crate) scopes: Vec<EventScope>,
    pub(crate) cells: ById<CellId, Option<Known>>,
    /// Raised when the general lowering must decide.
    pub(crate) doubt: Node,
    /// What nobody who is asked depends on, and which may therefore not be there.
    ignored: Option<Ignored>,
    /// Whether what is being worked out depends on none of it, where that is not certain.
    counts: Option<Node>,
    guards: Vec<&'p Expr>,
    /// What was worked out of the current event.
    remembered: Vec<(&'p Expr, Known)>,
    /// The events as bits, where they are few.
    masks: Option<Masks>,
    /// What is asked for in one place, where events are bits: these columns are worked out there.
    once: BTreeMap<ColumnId, &'p Expr>,
    /// The first or last events of the case that queries found.
    found: Vec<(&'p Query, Nearest)>,
}

impl<'a, 'p> Strict<'a, 'p> {
    pub(crate) fn new(
        code: &'a mut Code,
        context: &'a mut Context<'p>,
        inputs: ById<InputId, Option<Known>>,
        as_of: Node,
        events: Option<EventSource>,
    ) -> Strict<'a, 'p> {
        let doubt = code.variable(&int(0));
        let cells = ById::filled(None, context.plan.cells.len());
        Strict {
            code,
            context,
            inputs,
            as_of,
            events,
            scopes: Vec::new(),
            cells,
            doubt,
            ignored: None,
            counts: None,
            guards: Vec::new(),
            remembered: Vec::new(),
            masks: None,
            once: BTreeMap::new(),
            found: Vec::new(),
        }
    }

    /// The same where something may not be there that nobody who is asked depends on.
    pub(crate) fn ignoring(self, ignored: Ignored) -> Strict<'a, 'p> {
        Strict { ignored: Some(ignored), ..self }
    }

    /// The same where the events of the case are known as bits.
    pub(crate) fn of_bits(self, masks: Masks) -> Strict<'a, 'p> {
        let once = masks::asked_once(self.context.plan);
        Strict { masks: Some(masks), once, ..self }
    }

    /// Emits every step that something reads.
    pub(crate) fn run(&mut self) -> Result<(), EmitError> {
        for work in self.context.work() {
            match work {
                Work::Columns(kinds, mut columns) => {
                    columns.retain(|(column, _)| !self.once.contains_key(column));
                    if !columns.is_empty() {
                        self.columns(kinds, &columns)?;
                    }
                }
                Work::Step(_, Step::Table(table)) => self.table(table)?,
                Work::Questions(mut asked) => {
                    asked.retain(|(cell, _)| self.context.is_wanted(*cell));
                    for (cell, expr) in asked {
                        self.about(self.context.dependence.cell(cell));
                        let value = walk(self, expr)?;
                        self.fill(cell, value)?;
                    }
                }
                Work::Step(_, Step::Value { cell, expr }) if self.context.is_wanted(*cell) => {
                    self.about(self.context.dependence.cell(*cell));
                    let value = walk(self, expr)?;
                    self.fill(*cell, value)?;
                }
                Work::Step(..) => {}
            }
        }
        Ok(())
    }

    /// What comes next depends on this: doubt about it counts unless it is about what nobody asks.
    pub(super) fn about(&mut self, of: Dependence) {
        self.about_any(vec![of]);
    }

    /// The same for what comes next of several things at once, of which any may be asked for.
    pub(super) fn about_any(&mut self, mut of: Vec<Dependence>) {
        of.dedup();
        let leaves = |ignored: &Ignored| of.iter().fold(flag(false), |any, of| any.either(&ignored.leaves(*of)));
        self.counts = self.ignored.as_ref().map(leaves);
    }

    pub(crate) fn fill(&mut self, cell: CellId, value: Known) -> Result<(), EmitError> {
        let value = self.shared_value(&value);
        let place = self.cells.get_mut(cell).ok_or(EmitError::no_such("cell", cell))?;
        *place = Some(value);
        Ok(())
    }

    fn shared_value(&mut self, value: &Known) -> Known {
        Known { value: self.code.share(&value.value), none: self.code.share(&value.none) }
    }

    /// A cell as it goes out: the integer, or the least of its width where it is none.
    pub(crate) fn outgoing(&self, cell: CellId, bytes: u8) -> Result<Node, EmitError> {
        let value = self.cells.get(cell).and_then(Option::as_ref).ok_or(EmitError::no_such("cell", cell))?;
        let ty = Width::signed(bytes).ty();
        Ok(Node::Const(ty, none_of(bytes)).when(&value.none, &value.value.to(ty)))
    }

    pub(crate) fn raise(&mut self, doubt: &Node) {
        let doubt = &self.counts.as_ref().map_or_else(|| doubt.clone(), |counts| doubt.both(counts));
        if !doubt.is(0) {
            let raised = self.doubt.either(doubt);
            let place = self.doubt.clone();
            self.code.set(&place, &raised);
        }
    }

    pub(crate) fn parameter(&mut self, index: ParameterId) -> Result<Known, EmitError> {
        let parameter = self.context.plan.parameters.get(index).ok_or(EmitError::no_such("parameter", index))?;
        let ty = Ty::holding(parameter.shape.low, parameter.shape.high);
        Ok(Known::some(self.context.parameter(index)?.to(ty)))
    }

    pub(crate) fn event(&self, level: Level) -> Result<&EventScope, EmitError> {
        self.scopes.iter().rev().nth(usize::from(level)).ok_or(EmitError::NoEvent)
    }
}

/// The type that holds a known value of a shape.
pub(crate) fn strict_type(shape: Shape) -> Ty {
    match shape.class {
        Class::Range => Ty::holding(shape.low, shape.high),
        Class::Set => Ty::I32,
    }
}
