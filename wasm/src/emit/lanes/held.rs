//! Values of sixteen rows at once, each in the least width that holds it.

use crate::emit::assembler::{Code, Lane, Node, Vector};

/// How many rows are worked out at once: the lanes of a byte.
pub(crate) const ROWS: u32 = 16;

/// Yes or no in each row.
#[derive(Clone)]
pub(crate) enum Flag {
    /// the same in all
    Always(bool),
    /// all bits of a row's byte for yes, none for no
    Of(Node),
}

/// Sixteen values.
#[derive(Clone)]
pub(crate) enum Held {
    /// the same number in every row
    Same(i64),
    /// yes or no
    Flags(Node),
    /// numbers: as many vectors as a lane has bytes, the first rows first
    Numbers(Lane, Vec<Node>),
}

/// Sixteen known values, any of which may be none.
#[derive(Clone)]
pub(crate) struct Laned {
    /// Anything at all where it is none.
    pub(crate) value: Held,
    pub(crate) none: Flag,
}

impl Laned {
    pub(crate) fn some(value: Held) -> Laned {
        Laned { value, none: Flag::Always(false) }
    }
}

/// An operation on one, two or three vectors, worked out once.
pub(super) fn op(code: &mut Code, op: Vector, operands: &[&Node]) -> Node {
    let node = Node::vector(op, operands.iter().map(|operand| (*operand).clone()).collect());
    code.share(&node)
}

/// The same bytes in every row.
pub(super) fn bytes(value: i64) -> Node {
    same(Lane::I8, value)
}

/// The same number in every lane.
pub(super) fn same(lane: Lane, value: i64) -> Node {
    let from = value.to_le_bytes();
    let each = from.get(..lane.bytes()).unwrap_or(&from);
    let mut all = [0; 16];
    all.iter_mut().zip(each.iter().cycle()).for_each(|(to, from)| *to = *from);
    Node::vector(Vector::Const(all), Vec::new())
}

impl Flag {
    /// A byte for each row.
    pub(crate) fn node(&self) -> Node {
        match self {
            Flag::Always(flag) => bytes(-i64::from(*flag)),
            Flag::Of(node) => node.clone(),
        }
    }

    pub(super) fn both(&self, code: &mut Code, other: &Flag) -> Flag {
        match (self, other) {
            (Flag::Always(false), _) | (_, Flag::Always(false)) => Flag::Always(false),
            (Flag::Always(true), flag) | (flag, Flag::Always(true)) => flag.clone(),
            (Flag::Of(a), Flag::Of(b)) => Flag::Of(op(code, Vector::And, &[a, b])),
        }
    }

    pub(super) fn either(&self, code: &mut Code, other: &Flag) -> Flag {
        match (self, other) {
            (Flag::Always(true), _) | (_, Flag::Always(true)) => Flag::Always(true),
            (Flag::Always(false), flag) | (flag, Flag::Always(false)) => flag.clone(),
            (Flag::Of(a), Flag::Of(b)) => Flag::Of(op(code, Vector::Or, &[a, b])),
        }
    }

    pub(super) fn not(&self, code: &mut Code) -> Flag {
        match self {
            Flag::Always(flag) => Flag::Always(!flag),
            Flag::Of(node) => Flag::Of(op(code, Vector::Not, &[node])),
        }
    }

    /// `a` where it is yes, else `b`.
    pub(super) fn choose(&self, code: &mut Code, a: &Flag, b: &Flag) -> Flag {
        match (self, a, b) {
            (Flag::Always(true), a, _) => a.clone(),
            (Flag::Always(false), _, b) => b.clone(),
            (_, Flag::Always(a), Flag::Always(b)) if a == b => Flag::Always(*a),
            (flag, a, Flag::Always(false)) => flag.both(code, a),
            (flag, Flag::Always(true), b) => flag.either(code, b),
            (Flag::Of(flag), a, b) => Flag::Of(op(code, Vector::Select, &[&a.node(), &b.node(), flag])),
        }
    }
}

impl Held {
    /// The least width in which it is held.
    pub(super) fn lane(&self) -> Lane {
        match self {
            Held::Same(value) => Lane::holding(*value, *value),
            Held::Flags(_) => Lane::I8,
            Held::Numbers(lane, _) => *lane,
        }
    }

    /// As yes or no: of 1 and 0.
    pub(super) fn flag(&self, code: &mut Code) -> Flag {
        match self {
            Held::Same(value) => Flag::Always(*value != 0),
            Held::Flags(node) => Flag::Of(node.clone()),
            Held::Numbers(..) => {
                let numbers = self.numbers(code, Lane::I8);
                numbers.first().map_or(Flag::Always(false), |byte| {
                    Flag::Of(op(code, Vector::Greater(Lane::I8), &[byte, &bytes(0)]))
                })
            }
        }
    }

    /// Whether each is this number.
    pub(crate) fn is_same(&self, code: &mut Code, value: i64) -> Flag {
        match self {
            Held::Same(same) => Flag::Always(*same == value),
            Held::Flags(_) if value == 1 => self.flag(code),
            Held::Flags(_) if value == 0 => self.flag(code).not(code),
            _ => test(code, Vector::Eq, self, &Held::Same(value)),
        }
    }

    /// As numbers of a width, in which they must fit.
    pub(super) fn numbers(&self, code: &mut Code, lane: Lane) -> Vec<Node> {
        match self {
            Held::Same(value) => vec![same(lane, *value); lane.bytes()],
            Held::Flags(node) => {
                let ones = op(code, Vector::Sub(Lane::I8), &[&bytes(0), node]);
                resized(code, vec![ones], Lane::I8, lane)
            }
            Held::Numbers(from, parts) => resized(code, parts.clone(), *from, lane),
        }
    }
}

impl From<Flag> for Held {
    fn from(flag: Flag) -> Held {
        match flag {
            Flag::Always(flag) => Held::Same(i64::from(flag)),
            Flag::Of(node) => Held::Flags(node),
        }
    }
}

/// The same numbers in other lanes.
pub(super) fn resized(code: &mut Code, mut parts: Vec<Node>, mut from: Lane, to: Lane) -> Vec<Node> {
    while from < to {
        parts = parts
            .iter()
            .flat_map(|part| [op(code, Vector::Low(from), &[part]), op(code, Vector::High(from), &[part])])
            .collect();
        from = from.wider();
    }
    while from > to {
        parts = halved(code, &parts, from);
        from = from.narrower();
    }
    parts
}

/// The lower halves of lanes of 64 bits.
const LOWER_HALVES: [u8; 16] = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

/// Numbers in lanes half as wide.
pub(super) fn halved(code: &mut Code, parts: &[Node], from: Lane) -> Vec<Node> {
    let how = if from == Lane::I64 { Vector::Shuffle(LOWER_HALVES) } else { Vector::Narrow(from) };
    parts.chunks(2).filter_map(|pair| Some(op(code, how, &[pair.first()?, pair.last()?]))).collect()
}

/// What tests left in lanes of any width, as a byte for each row.
pub(super) fn flag_of(code: &mut Code, parts: Vec<Node>, lane: Lane) -> Flag {
    let bytes = resized(code, parts, lane, Lane::I8);
    bytes.into_iter().next().map_or(Flag::Always(false), Flag::Of)
}

/// A flag in lanes of another width: all bits of a lane, or none.
pub(super) fn spread(code: &mut Code, flag: &Node, lane: Lane) -> Vec<Node> {
    resized(code, vec![flag.clone()], Lane::I8, lane)
}

/// A test of two values, lane by lane.
pub(super) fn test(code: &mut Code, how: fn(Lane) -> Vector, a: &Held, b: &Held) -> Flag {
    let lane = a.lane().max(b.lane());
    let (a, b) = (a.numbers(code, lane), b.numbers(code, lane));
    let parts = a.iter().zip(&b).map(|(a, b)| op(code, how(lane), &[a, b])).collect();
    flag_of(code, parts, lane)
}
