//! Possible values while emitting: what the interpreter's `Value` is, with each part a constant or a local.

use concord_engine::plan::{Class, Shape};

use crate::emit::assembler::{Bin, Code, Node, Ty, flag, int, long};
use crate::emit::runtime::{Helper, Helpers};

/// What is possible. Yes/no that is never none travels as `I32`, everything else as `I64`.
#[derive(Clone)]
pub(crate) struct Possible {
    /// Least value; for a set, the mask.
    pub(crate) low: Node,
    /// Greatest value; for a set, the same mask.
    pub(crate) high: Node,
    /// It may be a value.
    pub(crate) some: Node,
    /// It may be none.
    pub(crate) none: Node,
    /// What would settle it.
    pub(crate) needs: Node,
}

impl Possible {
    /// A value that is certainly this.
    pub(crate) fn known(value: Node) -> Possible {
        Possible { low: value.clone(), high: value, some: flag(true), none: flag(false), needs: long(0) }
    }

    /// Certainly none.
    pub(crate) fn none() -> Possible {
        Possible { low: long(0), high: long(0), some: flag(false), none: flag(true), needs: long(0) }
    }

    /// Anything of a shape, depending on nothing.
    pub(super) fn anything(shape: Shape) -> Possible {
        let (low, high) = ends(shape);
        Possible { low, high, some: flag(true), none: flag(shape.optional), needs: long(0) }
    }

    /// What is worked out of two values, from `low` to `high`: none where either is, and depending on both.
    pub(super) fn of_both(a: &Possible, b: &Possible, low: Node, high: Node) -> Possible {
        Possible {
            low,
            high,
            some: a.some.both(&b.some),
            none: a.none.either(&b.none),
            needs: a.needs.bin(Bin::Or, &b.needs),
        }
    }

    /// What is worked out of several values: the same.
    pub(super) fn of_all(operands: &[Possible], low: Node, high: Node) -> Possible {
        let (mut some, mut none, mut needs) = (flag(true), flag(false), long(0));
        for operand in operands {
            some = some.both(&operand.some);
            none = none.either(&operand.none);
            needs = needs.bin(Bin::Or, &operand.needs);
        }
        Possible { low, high, some, none, needs }
    }

    /// Whether it is certainly a value, known when compiling to be so.
    pub(super) fn is_there(&self) -> bool {
        self.some.is(1) && self.none.is(0)
    }

    /// Whether it is known when compiling to be one value, whichever.
    pub(super) fn is_single(&self) -> bool {
        self.is_there() && self.low.eq(&self.high).is(1)
    }

    /// Each part a constant or a local.
    pub(crate) fn shared(&self, code: &mut Code, class: Class) -> Possible {
        let low = code.share(&self.low);
        let one = class == Class::Set || self.is_single();
        Possible {
            high: if one { low.clone() } else { code.share(&self.high) },
            low,
            some: code.share(&self.some),
            none: code.share(&self.none),
            needs: code.share(&self.needs),
        }
    }

    /// In its one form: what is known needs nothing, and none carries no range.
    pub(super) fn settled(self, code: &mut Code, class: Class) -> Possible {
        let mut value = self.shared(code, class);
        if !value.some.is(1) {
            let zero = Node::Const(value.low.ty(), 0);
            value.low = code.share(&value.low.when(&value.some, &zero));
            value.high =
                if class == Class::Set { value.low.clone() } else { code.share(&value.high.when(&value.some, &zero)) };
        }
        if value.needs.is(0) {
            return value;
        }
        // Of what is certainly none both ends are 0.
        let known = is_one(&value.low, &value.high, class).both(&value.some.both(&value.none).not());
        value.needs = code.share(&long(0).when(&known, &value.needs));
        value
    }

    /// Whether it is one value, or certainly none.
    pub(super) fn is_known(&self, class: Class) -> Node {
        let one = is_one(&self.low, &self.high, class);
        let known = one.when(&self.some, &flag(true)).both(&self.none.not());
        known.either(&self.some.not())
    }
}

/// The ends of a shape as nodes of the type in which its values travel.
pub(crate) fn ends(shape: Shape) -> (Node, Node) {
    match shape.class {
        Class::Set => {
            let mask = long(shape.full_mask().cast_signed());
            (mask.clone(), mask)
        }
        Class::Range if is_yes_no(shape) => (int(shape.low), int(shape.high)),
        Class::Range => (long(shape.low), long(shape.high)),
    }
}

/// The ends between which there is nothing.
fn ends_of_none(shape: Shape) -> (Node, Node) {
    if is_yes_no(shape) { (int(1), int(0)) } else { (long(i64::MAX), long(i64::MIN)) }
}

/// Whether exactly one value is possible, given that one is.
fn is_one(low: &Node, high: &Node, class: Class) -> Node {
    match class {
        Class::Range => low.eq(high),
        Class::Set => low.without_lowest().eq(&long(0)),
    }
}

/// A yes/no from "certainly" and "possibly".
pub(crate) fn test(code: &mut Code, certain: &Node, possible: &Node, needs: &Node) -> Possible {
    let certain = code.share(certain);
    let possible = code.share(possible);
    // Both are flags, and what is certain is possible.
    let open = if possible.is(1) { certain.not() } else { certain.ne(&possible) };
    let needs = if needs.is(0) { long(0) } else { code.share(&needs.when(&open, &long(0))) };
    Possible { low: certain, high: possible, some: flag(true), none: flag(false), needs }
}

/// The union of what is possible in several ways, gathered in locals as the ways are found.
pub(super) struct Union {
    shape: Shape,
    pub(crate) low: Node,
    pub(crate) high: Node,
    some: Node,
    none: Node,
    pub(crate) needs: Node,
}

impl Union {
    /// Nothing yet.
    pub(crate) fn new(code: &mut Code, shape: Shape) -> Union {
        Union::needing(code, shape, &long(0))
    }

    /// Nothing yet, which needs something all the same.
    pub(super) fn needing(code: &mut Code, shape: Shape, needs: &Node) -> Union {
        let mut variable = |value: Node| code.variable(&value);
        let (low, high) = if shape.class == Class::Set {
            let mask = variable(long(0));
            (mask.clone(), mask)
        } else if is_yes_no(shape) {
            (variable(int(1)), variable(int(0)))
        } else {
            (variable(long(i64::MAX)), variable(long(i64::MIN)))
        };
        let dynamic = shape.optional;
        Union {
            shape,
            low,
            high,
            some: if dynamic { variable(flag(false)) } else { flag(true) },
            none: if dynamic { variable(flag(false)) } else { flag(false) },
            needs: variable(needs.clone()),
        }
    }

    /// The locals in which it is gathered; the ends of a set are one.
    pub(super) fn parts(&self) -> Vec<&Node> {
        let ends = if self.shape.class == Class::Set { vec![&self.low] } else { vec![&self.low, &self.high] };
        [ends, vec![&self.some, &self.none, &self.needs]].concat()
    }

    /// One way, which others may join.
    pub(crate) fn of(code: &mut Code, shape: Shape, value: &Possible) -> Union {
        let (least, greatest) = ends_of_none(shape);
        let end = |end: &Node, nothing: Node| end.to(nothing.ty()).when(&value.some, &nothing);
        let mut variable = |value: Node| code.variable(&value);
        let low = variable(if shape.class == Class::Set { value.low.clone() } else { end(&value.low, least) });
        let high = if shape.class == Class::Set { low.clone() } else { variable(end(&value.high, greatest)) };
        let dynamic = shape.optional;
        Union {
            shape,
            low,
            high,
            some: if dynamic { variable(value.some.clone()) } else { flag(true) },
            none: if dynamic { variable(value.none.clone()) } else { flag(false) },
            needs: variable(value.needs.clone()),
        }
    }

    /// Forgets what was gathered.
    pub(super) fn clear(&self, code: &mut Code) {
        if self.shape.class == Class::Set {
            code.set(&self.low, &long(0));
        } else if is_yes_no(self.shape) {
            code.set(&self.low, &int(1));
            code.set(&self.high, &int(0));
        } else {
            code.set(&self.low, &long(i64::MAX));
            code.set(&self.high, &long(i64::MIN));
        }
        for part in [&self.some, &self.none] {
            code.set(part, &flag(false));
        }
        code.set(&self.needs, &long(0));
    }

    /// Adds one way.
    pub(super) fn join(&self, code: &mut Code, helpers: &mut Helpers, value: &Possible) {
        if self.shape.class == Class::Set {
            let low = self.low.bin(Bin::Or, &value.low);
            code.set(&self.low, &low);
        } else if is_yes_no(self.shape) {
            let (low, high) = (self.low.both(&value.low.to(Ty::I32)), self.high.either(&value.high.to(Ty::I32)));
            code.set(&self.low, &low);
            code.set(&self.high, &high);
        } else if !value.some.is(0) {
            let low = value.low.to(Ty::I64).when(&value.some, &long(i64::MAX));
            let high = value.high.to(Ty::I64).when(&value.some, &long(i64::MIN));
            code.set(&self.low, &helpers.call(Helper::Min, vec![self.low.clone(), low]));
            code.set(&self.high, &helpers.call(Helper::Max, vec![self.high.clone(), high]));
        }
        code.set(&self.some, &self.some.either(&value.some));
        code.set(&self.none, &self.none.either(&value.none));
        self.need(code, &value.needs);
    }

    /// Adds to what would settle it.
    pub(crate) fn need(&self, code: &mut Code, needs: &Node) {
        if !needs.is(0) {
            code.set(&self.needs, &self.needs.bin(Bin::Or, needs));
        }
    }

    /// Allows none where the flag is set.
    pub(super) fn allow_none(&self, code: &mut Code, possible: &Node) {
        code.set(&self.none, &self.none.either(possible));
    }

    /// What was gathered.
    pub(crate) fn value(&self, code: &mut Code) -> Possible {
        let value = Possible {
            low: self.low.clone(),
            high: self.high.clone(),
            some: self.some.clone(),
            none: self.none.clone(),
            needs: self.needs.clone(),
        };
        value.settled(code, self.shape.class)
    }
}

/// Whether a value of this shape travels as a 32-bit flag in the general lowering.
pub(super) fn is_yes_no(shape: Shape) -> bool {
    shape.class == Class::Range && !shape.optional && shape.low >= 0 && shape.high <= 1
}
