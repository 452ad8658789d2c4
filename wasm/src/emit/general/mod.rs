//! The general lowering: possible values, exactly as the interpreter has them.
//!
//! Parts that are known when compiling (a value that cannot be none, a need of nothing) are constants and cost no code.

mod columns;
mod events;
mod facts;
mod formulas;
mod gather;
mod gather_result;
mod member;
mod nearest;
mod operators;
mod paths;
mod queries;
mod record_out;
mod running;
mod running_state;
mod several;
mod tables;
mod tables_long;
mod tables_masks;
mod times;
mod value;

use std::collections::BTreeMap;

use concord_engine::plan::{
    ById, CellId, Class, Expr, FieldId, Id, InputId, KindId, Op, ParameterId, Query, Shape, Step,
};

use crate::emit::assembler::{Bin, Code, EmitError, Node, Ty, bit, flag, int, long};
use crate::emit::runtime::{Helper, need};
use crate::emit::walk::{Arithmetic, Context, EventSource, Work, walk};
pub(crate) use events::is_timed;
pub(crate) use facts::{Staged, stage, stage_known};
pub(crate) use tables_masks::is_masked;
use value::{Possible, ends, is_yes_no, test};

/// The current event.
#[derive(Clone)]
pub(crate) struct PossibleEvent {
    /// Its place in columns: that in the order of the case, or the one after all for the event left out.
    pub(crate) slot: Node,
    /// The bit for "this export does not supply its kind".
    unsupplied: Node,
    pub(crate) order: Possible,
    pub(crate) at: Possible,
    /// The fields that are asked for, by kind and field; of another kind there are none.
    pub(crate) fields: BTreeMap<(KindId, FieldId), Possible>,
}

/// Two values between which a third lies, where they apply.
struct Bounds {
    apply: Node,
    low: Node,
    high: Node,
}

/// A case in memory.
pub(crate) struct CaseSource {
    /// The record in.
    pub(crate) record: Node,
    /// The record out.
    pub(crate) out: Node,
    /// The instant asked about.
    pub(crate) as_of: Node,
    pub(crate) events: Option<EventSource>,
}

/// See the module.
pub(crate) struct General<'a, 'p> {
    pub(crate) code: &'a mut Code,
    pub(crate) context: &'a mut Context<'p>,
    pub(crate) record: Node,
    pub(crate) as_of: Node,
    pub(crate) events: Option<EventSource>,
    /// The current events, the innermost query's last.
    pub(crate) scopes: Vec<PossibleEvent>,
    /// The number of the first broken claim, or −1.
    pub(crate) broken: Node,
    pub(crate) inputs: ById<InputId, Option<Possible>>,
    pub(crate) cells: ById<CellId, Option<Possible>>,
    pub(crate) guards: Vec<&'p Expr>,
    /// The queries for the first or the last of several events that are gathered in memory.
    nearest: Vec<&'p Query>,
    /// What was worked out of the current event.
    remembered: Vec<(&'p Expr, Possible)>,
    /// What values need that were settled, and what they needed before.
    unsettled: Vec<(Node, Node)>,
    /// The record out.
    pub(crate) out: Node,
}

impl<'a, 'p> General<'a, 'p> {
    pub(crate) fn new(code: &'a mut Code, context: &'a mut Context<'p>, case: CaseSource) -> General<'a, 'p> {
        let CaseSource { record, out, as_of, events } = case;
        let broken = code.variable(&int(-1));
        let cells = ById::filled(None, context.plan.cells.len());
        General {
            code,
            context,
            record,
            as_of,
            events,
            scopes: Vec::new(),
            broken,
            inputs: ById::default(),
            cells,
            guards: Vec::new(),
            nearest: Vec::new(),
            remembered: Vec::new(),
            unsettled: Vec::new(),
            out,
        }
    }

    /// Emits every step that something reads.
    pub(crate) fn run(&mut self) -> Result<(), EmitError> {
        self.read_inputs()?;
        for work in self.context.work() {
            match work {
                Work::Columns(kinds, columns) => self.columns(kinds, &columns)?,
                Work::Step(number, Step::Table(table)) => self.table(number, table)?,
                Work::Questions(mut asked) => {
                    asked.retain(|(cell, _)| self.context.is_wanted(*cell));
                    self.questions(&asked)?;
                }
                Work::Step(_, Step::Value { cell, expr }) if self.context.is_wanted(*cell) => {
                    let value = walk(self, expr)?;
                    self.answer(*cell, expr, value)?;
                }
                Work::Step(..) => {}
            }
        }
        Ok(())
    }

    /// Fills a cell with what an expression comes to.
    fn answer(&mut self, cell: CellId, expr: &Expr, value: Possible) -> Result<(), EmitError> {
        let settles = is_unsettled(expr, &value) && self.context.layout.output_of(cell).is_some();
        let value = if settles { value.settled(self.code, self.shape(cell)?.class) } else { value };
        self.fill(cell, &value)
    }

    pub(crate) fn fill(&mut self, cell: CellId, value: &Possible) -> Result<(), EmitError> {
        let class = self.shape(cell)?.class;
        let value =
            if self.context.reads.cells.contains(&cell) { value.shared(self.code, class) } else { value.clone() };
        self.put(cell, &value);
        let place = self.cells.get_mut(cell).ok_or(EmitError::no_such("cell", cell))?;
        *place = Some(value);
        Ok(())
    }

    /// A cell filled before.
    pub(crate) fn cell(&self, cell: CellId) -> Result<Possible, EmitError> {
        self.cells.get(cell).cloned().flatten().ok_or(EmitError::no_such("cell", cell))
    }

    pub(crate) fn shape(&self, cell: CellId) -> Result<Shape, EmitError> {
        self.context.plan.cells.get(cell).copied().ok_or(EmitError::no_such("cell", cell))
    }

    pub(crate) fn min(&mut self, a: &Node, b: &Node) -> Node {
        self.context.helpers.call(Helper::Min, vec![a.to(Ty::I64), b.to(Ty::I64)])
    }

    pub(crate) fn max(&mut self, a: &Node, b: &Node) -> Node {
        self.context.helpers.call(Helper::Max, vec![a.to(Ty::I64), b.to(Ty::I64)])
    }

    /// A value from its integer and whether it is missing or recorded as none; of one that is missing, bounds may be known.
    fn supplied(
        &mut self,
        raw: &Node,
        missing: &Node,
        none: &Node,
        bounds: Option<&Bounds>,
        (shape, needs): (Shape, &Node),
    ) -> Possible {
        let bounds = bounds.filter(|_| shape.class == Class::Range);
        let none = self.code.share(none);
        let some = none.not();
        let (least, most) = ends(shape);
        let zero = Node::Const(least.ty(), 0);
        let raw = match shape.class {
            Class::Set => long(1).bin(Bin::Shl, &raw.to(Ty::I64)),
            Class::Range => raw.to(least.ty()),
        };
        let raw = self.code.share(&raw.when(&some, &zero));
        let within = |end: Node, bound: fn(&Bounds) -> &Node| match bounds {
            Some(bounds) => bound(bounds).to(end.ty()).when(&bounds.apply, &end),
            None => end,
        };
        let low = within(least.when(missing, &raw), |bounds| &bounds.low);
        let high = match shape.class {
            Class::Set => low.clone(),
            Class::Range => within(most.when(missing, &raw), |bounds| &bounds.high),
        };
        let one = if shape.class == Class::Set { shape.high == 0 } else { shape.low == shape.high };
        let needs = if one && !shape.optional { long(0) } else { needs.when(missing, &long(0)) };
        let open = bounds.map_or_else(|| missing.clone(), |bounds| missing.both(&bounds.apply.not()));
        let may_be_none = if shape.optional { none.either(&open) } else { flag(false) };
        Possible { low, high, some, none: may_be_none, needs }.shared(self.code, shape.class)
    }

    pub(crate) fn parameter(&mut self, index: ParameterId) -> Result<Possible, EmitError> {
        let plan = self.context.plan;
        let parameter = plan.parameters.get(index).ok_or(EmitError::no_such("parameter", index))?;
        let value = self.context.parameter(index)?;
        let missing = match (parameter.value, self.context.parameters_missing()?) {
            (None, Some(missing)) => missing.bin(Bin::And, &long(bit(index.place())?.cast_signed())).ne(&long(0)),
            _ => flag(false),
        };
        let missing = self.code.share(&missing);
        Ok(self.supplied(&value, &missing, &flag(false), None, (parameter.shape, &need(parameter.unknown))))
    }

    /// Tests two values of which `certain` and `possible` are the tests of their ends.
    fn tested(&mut self, a: &Possible, b: &Possible, certain: &Node, possible: &Node) -> Possible {
        let both = a.some.both(&b.some);
        let certain = certain.both(&both).both(&a.none.not()).both(&b.none.not());
        let possible = possible.both(&both);
        test(self.code, &certain, &possible, &a.needs.bin(Bin::Or, &b.needs))
    }

    fn ends_of(&mut self, op: Arithmetic, a: &Possible, b: &Possible) -> (Node, Node) {
        let wide = |node: &Node| node.to(Ty::I64);
        let (al, ah, bl, bh) = (wide(&a.low), wide(&a.high), wide(&b.low), wide(&b.high));
        match op {
            Arithmetic::Add => (al.add(&bl), ah.add(&bh)),
            Arithmetic::Subtract => (al.sub(&bh), ah.sub(&bl)),
            Arithmetic::Lowest => (self.min(&al, &bl), self.min(&ah, &bh)),
            Arithmetic::Highest => (self.max(&al, &bl), self.max(&ah, &bh)),
            Arithmetic::Multiply => {
                if a.is_single() && b.is_single() {
                    let product = self.code.share(&al.bin(Bin::Mul, &bl));
                    return (product.clone(), product);
                }
                // By a constant one end becomes one end.
                for (ends, factor, is_one) in [((&al, &ah), &bl, b.is_single()), ((&bl, &bh), &al, a.is_single())] {
                    let Some(constant) = factor.constant().filter(|_| is_one) else { continue };
                    let (low, high) = if constant < 0 { (ends.1, ends.0) } else { ends };
                    return (low.bin(Bin::Mul, factor), high.bin(Bin::Mul, factor));
                }
                let corners = [(&al, &bl), (&al, &bh), (&ah, &bl), (&ah, &bh)];
                let corners = corners.map(|(x, y)| self.code.share(&x.bin(Bin::Mul, y)));
                let [p, q, r, s] = corners;
                let (least, other) = (self.min(&p, &q), self.min(&r, &s));
                let (most, another) = (self.max(&p, &q), self.max(&r, &s));
                (self.min(&least, &other), self.max(&most, &another))
            }
        }
    }
}

/// Whether a value may come with needs though it is known: what is taken as it is supplied, and sums.
fn is_unsettled(expr: &Expr, value: &Possible) -> bool {
    let supplied =
        matches!(expr.op, Op::Input(_) | Op::Parameter(_) | Op::Field(..) | Op::At(_) | Op::Order(_) | Op::Column(..));
    supplied || (expr.shape.class == Class::Range && value.is_there() && value.low.ty() == Ty::I64)
}

impl General<'_, '_> {
    /// What is worked out of operands and settled. Where but one of them may need something, what comes out is known as soon as that is: then
    /// what that needed before it was settled is all that counts.
    fn settled_from(&mut self, value: Possible, operands: &[&Possible]) -> Possible {
        let mut open = operands.iter().filter(|operand| !(operand.is_single() && operand.needs.is(0)));
        let one = match (open.next(), open.next()) {
            (Some(one), None) => *one,
            _ => return value.settled(self.code, Class::Range),
        };
        let needs = self.unsettled.iter().find(|(settled, _)| settled.is_same(&one.needs));
        let needs = needs.map_or_else(|| one.needs.clone(), |(_, needs)| needs.clone());
        let value = Possible { needs: needs.clone(), ..value }.settled(self.code, Class::Range);
        self.unsettled.push((value.needs.clone(), needs));
        value
    }

    /// A gathered value as one of its shape: a shape that is never none leaves the flags out.
    fn narrowed(&mut self, value: Possible, shape: Shape) -> Possible {
        if shape.optional {
            return value;
        }
        let (low, high) =
            if is_yes_no(shape) { (value.low.to(Ty::I32), value.high.to(Ty::I32)) } else { (value.low, value.high) };
        Possible { low, high, some: flag(true), none: flag(false), needs: value.needs }.shared(self.code, shape.class)
    }
}
