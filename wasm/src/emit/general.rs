//! The general lowering: possible values, exactly as the interpreter has them.
//!
//! Parts that are known when compiling (a value that cannot be none, a need of nothing) are constants and cost no code.

use std::collections::BTreeMap;

use concord_engine::plan::{Class, Expr, Op, Query, Shape, Step, Verdict};

use super::EmitError;
use super::code::Code;
use super::helpers::{Helper, need};
use super::layout::{IN_FACTS, IN_MISSING, IN_NONE, is_yes_no};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::{Possible, Union, ends, test};
use super::shared::{EventSource, Shared};
use super::walk::{Arithmetic, Comparison, Domain, else_branch, then_branch, walk};

/// The event at hand.
#[derive(Clone)]
pub(super) struct PossibleEvent {
    pub(super) order: Possible,
    pub(super) at: Possible,
    pub(super) fields: BTreeMap<(usize, usize), Possible>,
}

/// See the module.
pub(super) struct General<'a, 'p> {
    pub(super) code: &'a mut Code,
    pub(super) shared: &'a mut Shared<'p>,
    pub(super) record: Node,
    pub(super) as_of: Node,
    pub(super) not_supplied: Node,
    pub(super) events: Option<EventSource>,
    pub(super) event: Option<PossibleEvent>,
    /// The number of the first broken claim, or −1.
    pub(super) broken: Node,
    inputs: Vec<Option<Possible>>,
    cells: Vec<Option<Possible>>,
    guards: Vec<&'p Expr>,
}

impl<'a, 'p> General<'a, 'p> {
    pub(super) fn new(
        code: &'a mut Code,
        shared: &'a mut Shared<'p>,
        record: Node,
        [as_of, not_supplied]: [Node; 2],
        events: Option<EventSource>,
    ) -> General<'a, 'p> {
        let broken = code.variable(&int(-1));
        let cells = vec![None; shared.plan.cells.len()];
        General { code, shared, record, as_of, not_supplied, events, event: None, broken, inputs: Vec::new(), cells, guards: Vec::new() }
    }

    /// Emits every step that something looks at.
    pub(super) fn run(&mut self) -> Result<(), EmitError> {
        self.read_inputs();
        let plan = self.shared.plan;
        for (number, step) in plan.steps.iter().enumerate() {
            match step {
                Step::Value { cell, expr } => {
                    if self.shared.is_wanted(*cell) {
                        let value = walk(self, expr)?;
                        self.fill(*cell, &value)?;
                    }
                }
                Step::Table(table) => self.table(number, table)?,
            }
        }
        Ok(())
    }

    pub(super) fn fill(&mut self, cell: usize, value: &Possible) -> Result<(), EmitError> {
        let class = self.shape(cell)?.class;
        let value = value.shared(self.code, class);
        let place = self.cells.get_mut(cell).ok_or(EmitError::NoSuch("cell", cell))?;
        *place = Some(value);
        Ok(())
    }

    /// A cell filled before.
    pub(super) fn cell(&self, cell: usize) -> Result<Possible, EmitError> {
        self.cells.get(cell).cloned().flatten().ok_or(EmitError::NoSuch("cell", cell))
    }

    pub(super) fn shape(&self, cell: usize) -> Result<Shape, EmitError> {
        self.shared.plan.cells.get(cell).copied().ok_or(EmitError::NoSuch("cell", cell))
    }

    pub(super) fn min(&mut self, a: &Node, b: &Node) -> Node {
        self.shared.helpers.call(Helper::Min, vec![a.to(Ty::I64), b.to(Ty::I64)])
    }

    pub(super) fn max(&mut self, a: &Node, b: &Node) -> Node {
        self.shared.helpers.call(Helper::Max, vec![a.to(Ty::I64), b.to(Ty::I64)])
    }

    fn read_inputs(&mut self) {
        let plan = self.shared.plan;
        let slot = |offset: u32| self.record.load(Width::signed(8), offset);
        let (missing, none) = (slot(IN_MISSING), slot(IN_NONE));
        let missing = self.code.share(&missing);
        let none = self.code.share(&none);
        for (index, input) in plan.subject.inputs.iter().enumerate() {
            let value = (self.shared.used.inputs >> index & 1 == 1).then(|| {
                let raw = self.record.load(Width::signed(8), IN_FACTS + 8 * u32::try_from(index).unwrap_or(0));
                let bit = |mask: &Node| mask.bin(Bin::And, &need(u8::try_from(index).unwrap_or(63))).ne(&long(0));
                let is_missing = self.code.share(&bit(&missing));
                let is_none = if input.shape.optional { bit(&none).both(&is_missing.not()) } else { flag(false) };
                self.supplied(&raw, &is_missing, &is_none, input.shape, &need(input.unknown))
            });
            self.inputs.push(value);
        }
    }

    /// A value from its integer and whether it is missing or recorded as none.
    pub(super) fn supplied(&mut self, raw: &Node, missing: &Node, none: &Node, shape: Shape, needs: &Node) -> Possible {
        let none = self.code.share(none);
        let some = none.not();
        let (least, most) = ends(shape);
        let zero = Node::Const(least.ty(), 0);
        let raw = match shape.class {
            Class::Set => long(1).bin(Bin::Shl, &raw.to(Ty::I64)),
            Class::Range => raw.to(least.ty()),
        };
        let raw = self.code.share(&raw.when(&some, &zero));
        let low = least.when(missing, &raw);
        let high = if shape.class == Class::Set { low.clone() } else { most.when(missing, &raw) };
        let one = if shape.class == Class::Set { shape.high == 0 } else { shape.low == shape.high };
        let needs = if one && !shape.optional { long(0) } else { needs.when(missing, &long(0)) };
        let may_be_none = if shape.optional { none.either(missing) } else { flag(false) };
        Possible { low, high, some, none: may_be_none, needs }.shared(self.code, shape.class)
    }

    fn parameter(&mut self, index: usize) -> Result<Possible, EmitError> {
        let plan = self.shared.plan;
        let parameter = plan.parameters.get(index).ok_or(EmitError::NoSuch("parameter", index))?;
        let value = self.shared.parameter(index);
        let missing = match (parameter.value, self.shared.parameters_missing()) {
            (None, Some(missing)) => missing.bin(Bin::And, &need(u8::try_from(index).unwrap_or(63))).ne(&long(0)),
            _ => flag(false),
        };
        let missing = self.code.share(&missing);
        Ok(self.supplied(&value, &missing, &flag(false), parameter.shape, &need(parameter.unknown)))
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

impl<'p> Domain<'p> for General<'_, 'p> {
    type Value = Possible;

    fn shared(&self) -> &Shared<'p> {
        self.shared
    }

    fn guards(&mut self) -> &mut Vec<&'p Expr> {
        &mut self.guards
    }

    fn number(&mut self, value: i64) -> Possible {
        Possible::known(long(value))
    }

    fn choice(&mut self, variant: u8) -> Possible {
        Possible::known(need(variant))
    }

    fn none(&mut self) -> Possible {
        Possible::none()
    }

    fn leaf(&mut self, op: &Op) -> Result<Possible, EmitError> {
        let event = self.event.as_ref();
        match op {
            Op::Input(index) => self.inputs.get(*index).cloned().flatten().ok_or(EmitError::NoSuch("fact", *index)),
            Op::Cell(cell) => self.cell(*cell),
            Op::Parameter(index) => self.parameter(*index),
            Op::AsOf => Ok(Possible::known(self.as_of.clone())),
            Op::At => event.map(|event| event.at.clone()).ok_or(EmitError::NoEvent),
            Op::Order => event.map(|event| event.order.clone()).ok_or(EmitError::NoEvent),
            Op::Field(kind, field) => {
                event.and_then(|event| event.fields.get(&(*kind, *field)).cloned()).ok_or(EmitError::NoEvent)
            }
            _ => Err(EmitError::NoEvent),
        }
    }

    fn negate(&mut self, x: Possible) -> Possible {
        let zero = Possible::known(long(0));
        self.arithmetic(Arithmetic::Subtract, zero, x, Shape::YES_NO)
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Possible, b: Possible, _shape: Shape) -> Possible {
        let (low, high) = self.ends_of(op, &a, &b);
        let stays = a.is_there() && b.is_there() && matches!(op, Arithmetic::Add | Arithmetic::Subtract);
        let value = Possible {
            low,
            high,
            some: a.some.both(&b.some),
            none: a.none.either(&b.none),
            needs: a.needs.bin(Bin::Or, &b.needs),
        };
        if stays { value.shared(self.code, Class::Range) } else { value.settled(self.code, Class::Range) }
    }

    fn compare(&mut self, op: Comparison, a: Possible, b: Possible) -> Possible {
        let (certain, possible) = match op {
            Comparison::LessOrEqual => (a.high.bin(Bin::LeS, &b.low), a.low.bin(Bin::LeS, &b.high)),
            Comparison::Less => (a.high.bin(Bin::LtS, &b.low), a.low.bin(Bin::LtS, &b.high)),
            Comparison::Equal => {
                let known = a.low.eq(&a.high).both(&b.low.eq(&b.high));
                let overlap = a.low.bin(Bin::LeS, &b.high).both(&b.low.bin(Bin::LeS, &a.high));
                (known.both(&a.low.eq(&b.low)), overlap)
            }
            Comparison::SameChoice => {
                let one = a.low.bin(Bin::And, &a.low.sub(&long(1))).eq(&long(0));
                let shared = self.code.share(&a.low.bin(Bin::And, &b.low).ne(&long(0)));
                (a.low.eq(&b.low).both(&one).both(&shared), shared)
            }
        };
        if op != Comparison::SameChoice && a.is_single() && b.is_single() {
            return Possible::known(self.code.share(&certain));
        }
        self.tested(&a, &b, &certain, &possible)
    }

    fn within(&mut self, x: Possible, shape: Shape, low: i64, high: i64) -> Possible {
        if low > high {
            return Possible::known(flag(false));
        }
        let ty = if is_yes_no(shape) { x.low.ty() } else { Ty::I64 };
        let constant = |value: i64| Node::Const(ty, value);
        let x = Possible { low: x.low.to(ty), high: x.high.to(ty), ..x };
        let (mut certain, mut possible) = (flag(true), flag(true));
        if low > shape.low {
            certain = certain.both(&x.low.bin(Bin::GeS, &constant(low)));
            possible = possible.both(&x.high.bin(Bin::GeS, &constant(low)));
        }
        if high < shape.high {
            certain = certain.both(&x.high.bin(Bin::LeS, &constant(high)));
            possible = possible.both(&x.low.bin(Bin::LeS, &constant(high)));
        }
        if x.is_single() {
            return Possible::known(self.code.share(&certain));
        }
        let nothing = Possible::known(long(0));
        self.tested(&x, &nothing, &certain, &possible)
    }

    fn one_of(&mut self, x: Possible, _shape: Shape, mask: u64) -> Possible {
        let mask = mask.cast_signed();
        let certain = x.low.bin(Bin::And, &long(!mask)).eq(&long(0));
        let possible = x.low.bin(Bin::And, &long(mask)).ne(&long(0));
        let certain = certain.both(&x.some).both(&x.none.not());
        let possible = possible.both(&x.some);
        test(self.code, &certain, &possible, &x.needs)
    }

    fn not(&mut self, x: Possible) -> Possible {
        let (low, high) = (x.high.to(Ty::I32).not(), x.low.to(Ty::I32).not());
        Possible { low, high, ..x }.shared(self.code, Class::Range)
    }

    fn all(&mut self, items: &[Possible]) -> Possible {
        let (mut certain, mut possible, mut needs) = (flag(true), flag(true), long(0));
        for item in items {
            certain = certain.both(&item.low.to(Ty::I32));
            possible = possible.both(&item.high.to(Ty::I32));
            needs = needs.bin(Bin::Or, &item.needs);
        }
        test(self.code, &certain, &possible, &needs)
    }

    fn any(&mut self, items: &[Possible]) -> Possible {
        let (mut certain, mut possible, mut needs) = (flag(false), flag(false), long(0));
        for item in items {
            certain = certain.either(&item.low.to(Ty::I32));
            possible = possible.either(&item.high.to(Ty::I32));
            needs = needs.bin(Bin::Or, &item.needs);
        }
        test(self.code, &certain, &possible, &needs)
    }

    fn is_none(&mut self, x: Possible) -> Possible {
        test(self.code, &x.some.not(), &x.none, &x.needs)
    }

    fn assume(&mut self, x: Possible, shape: Shape, _guarded: bool) -> Possible {
        if x.is_there() {
            return x;
        }
        let (least, most) = ends(shape);
        let low = x.low.to(least.ty()).when(&x.some, &least);
        let high = if shape.class == Class::Set { low.clone() } else { x.high.to(most.ty()).when(&x.some, &most) };
        let value = Possible { low, high, some: flag(true), none: flag(false), needs: x.needs };
        value.settled(self.code, shape.class)
    }

    fn first_yes(&mut self, items: &[Possible]) -> Possible {
        let mask = self.code.variable(&long(0));
        let needs = self.code.variable(&long(0));
        let mut live = flag(true);
        for (place, item) in items.iter().enumerate() {
            let here = self.code.share(&item.high.to(Ty::I32).both(&live));
            let bit = here.to(Ty::I64).shl(u32::try_from(place).unwrap_or(0));
            self.code.set(&mask, &mask.bin(Bin::Or, &bit));
            if !item.needs.is(0) {
                self.code.set(&needs, &needs.bin(Bin::Or, &item.needs.when(&here, &long(0))));
            }
            live = self.code.share(&live.both(&item.low.to(Ty::I32).not()));
        }
        let last = live.to(Ty::I64).shl(u32::try_from(items.len()).unwrap_or(0));
        self.code.set(&mask, &mask.bin(Bin::Or, &last));
        Possible { low: mask.clone(), high: mask, some: flag(true), none: flag(false), needs }.settled(self.code, Class::Set)
    }

    fn verdict(&mut self, [applies, excused, happened, in_time, passed]: [Possible; 5]) -> Possible {
        let yes = |x: &Possible| x.low.to(Ty::I32);
        let may = |x: &Possible| x.high.to(Ty::I32);
        let applying = may(&applies);
        let due = self.code.share(&applying.both(&yes(&excused).not()));
        let done = self.code.share(&due.both(&may(&happened)));
        let not_done = self.code.share(&due.both(&yes(&happened).not()));
        let mask = [
            (Verdict::NotApplicable, yes(&applies).not()),
            (Verdict::Excused, applying.both(&may(&excused))),
            (Verdict::Met, done.both(&may(&in_time))),
            (Verdict::Late, done.both(&yes(&in_time).not())),
            (Verdict::Missed, not_done.both(&may(&passed))),
            (Verdict::Open, not_done.both(&yes(&passed).not())),
        ];
        let mask = mask.iter().fold(int(0), |sum, (verdict, possible)| {
            sum.bin(Bin::Or, &possible.shl(u32::try_from(*verdict as i64).unwrap_or(0)))
        });
        let mask = self.code.share(&mask.to(Ty::I64));
        let when = |flag: &Node, needs: &Node| needs.when(flag, &long(0));
        let needs = applies.needs
            .bin(Bin::Or, &when(&applying, &excused.needs))
            .bin(Bin::Or, &when(&due, &happened.needs))
            .bin(Bin::Or, &when(&done, &in_time.needs))
            .bin(Bin::Or, &when(&not_done, &passed.needs));
        Possible { low: mask.clone(), high: mask, some: flag(true), none: flag(false), needs }.settled(self.code, Class::Set)
    }

    fn otherwise(&mut self, x: Possible, y: &'p Expr, shape: Shape) -> Result<Possible, EmitError> {
        if x.none.is(0) {
            return Ok(x);
        }
        let union = Union::new(self.code, shape.or_none());
        union.join(self.code, &mut self.shared.helpers, &Possible { none: flag(false), ..x.clone() });
        self.code.when(&x.none);
        let y = walk(self, y)?;
        union.join(self.code, &mut self.shared.helpers, &y);
        self.code.end();
        let value = union.value(self.code);
        Ok(self.narrowed(value, shape))
    }

    fn choose(&mut self, condition: Possible, [asked, then, otherwise]: [&'p Expr; 3], shape: Shape) -> Result<Possible, EmitError> {
        let union = Union::new(self.code, shape);
        self.code.when(&condition.high.to(Ty::I32));
        let value = then_branch(self, asked, then)?;
        union.join(self.code, &mut self.shared.helpers, &value);
        self.code.end();
        self.code.when(&condition.low.to(Ty::I32).not());
        let value = else_branch(self, asked, otherwise)?;
        union.join(self.code, &mut self.shared.helpers, &value);
        self.code.end();
        union.need(self.code, &condition.needs);
        Ok(union.value(self.code))
    }

    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Possible, EmitError> {
        self.ask(query, shape)
    }
}

impl General<'_, '_> {
    /// A gathered value as one of its shape: a shape that is never none leaves the flags out.
    fn narrowed(&mut self, value: Possible, shape: Shape) -> Possible {
        if shape.optional {
            return value;
        }
        let (low, high) = if is_yes_no(shape) { (value.low.to(Ty::I32), value.high.to(Ty::I32)) } else { (value.low, value.high) };
        Possible { low, high, some: flag(true), none: flag(false), needs: value.needs }.shared(self.code, shape.class)
    }
}
