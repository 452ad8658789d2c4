//! Functions inside the module that more than one place calls; only those called are there.

use std::rc::Rc;

use concord_engine::plan::formula::Formula;

use super::events::{FieldOfEvent, NextEvent};
use super::routines::Routine;
use super::verdicts::PARTS;
use crate::emit::assembler::{EmitError, Node, Ty, Width};

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (the block of columns moved on to a fact, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
    /// (address, low, high, needs): writes an output of a record out that is never none, so many bytes between the parts
    Put(u32),
    /// (address, low, high, needs, whether it may be some, and none, the bits of its width less one): one that may be none
    PutOptional(u32),
    /// (address of the masks of a column, so wide; a mask of classes) → the rows that let any of them through; those that let through all in
    /// a global
    Meet(Width),
    /// The same, and what it comes to where all classes are possible: (…, all classes, the rows that let any through, those that let through all)
    MeetOrAll(Width),
    /// (where the cuts between classes start and end, each so wide; a value) → its class
    Class(Width),
    /// (rows, address of an array of values so wide) → the least, the greatest and the presence in globals; 0 where there is none
    Least(Width),
    /// Where no value is none, and what it comes to of all rows: (…, all rows, the least, the greatest)
    LeastOrAll(Width),
    /// (rows, address of an array of variants) → the mask; the presence in a global
    Variants,
    /// (kinds, number) → whether there is no such event; see [`super::events`]
    Event(NextEvent),
    /// (place in the case or −1, what is written of a field) → the least; the rest in globals
    Field(FieldOfEvent),
    /// (whether it is the last), (whether an event certainly belongs, needs), the same with (low, high, whether it may be some, and none) of
    /// something else than its time, () → the least: see [`super::nearest`]
    StartNearest,
    TakeNearest,
    TakeNearestValue,
    Nearest,
    /// (address, what is asked for), (address, whether its instant is known, between which places it stands) → whether the event is past, (address, all of
    /// the event), (address, another), (address) → the least, or the choices: see [`super::kept`]
    StartKept,
    PastKept,
    TakeKept,
    CopyKept,
    Kept,
    /// (kinds, how many numbers there are beyond the events supplied, what would settle whether they are all, and when, from when on it may be
    /// and certainly is, what would settle that) → the least of the time of the first or the last of one kind; the rest in globals
    NearestOfKind(NextEvent),
    /// (whether it certainly is, whether it may be, what would settle that, of each of five) → the mask of a verdict: see [`super::verdicts`]
    Verdict,
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
            Helper::Put(_) => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64],
            Helper::PutOptional(_) => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64, Ty::I32, Ty::I32, Ty::I32],
            Helper::Meet(_) => vec![Ty::I32, Ty::I64],
            Helper::Class(_) => vec![Ty::I32, Ty::I32, Ty::I64],
            Helper::MeetOrAll(_) => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64, Ty::I64],
            Helper::Least(_) => vec![Ty::I64, Ty::I32],
            Helper::LeastOrAll(_) => vec![Ty::I64, Ty::I32, Ty::I64, Ty::I64, Ty::I64],
            Helper::Variants | Helper::Event(_) => vec![Ty::I64, Ty::I32],
            Helper::StartNearest => vec![Ty::I32],
            Helper::TakeNearest => vec![Ty::I32, Ty::I64],
            Helper::TakeNearestValue => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64, Ty::I32, Ty::I32],
            Helper::Nearest => Vec::new(),
            Helper::StartKept | Helper::CopyKept => vec![Ty::I32, Ty::I32],
            Helper::PastKept => vec![Ty::I32, Ty::I32, Ty::I64, Ty::I64],
            Helper::TakeKept => [[Ty::I32; 2].as_slice(), &[Ty::I64; 3], &[Ty::I32; 3], &[Ty::I64; 2]].concat(),
            Helper::Kept => vec![Ty::I32],
            Helper::NearestOfKind(_) => vec![Ty::I64, Ty::I32, Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::I64],
            Helper::Verdict => [Ty::I32, Ty::I32, Ty::I64].repeat(PARTS),
            Helper::Field(_) | Helper::Wide => vec![Ty::I32, Ty::I32],
            Helper::Routine(routine) => routine.parameters(),
            Helper::Codec(codec) => codec.parameters.to_vec(),
        }
    }

    /// Whether what counts is how short it is: it is called for events of which something may be missing, or for the calendar. The others are called for
    /// every row in which something is missing.
    pub(super) fn is_brief(self) -> bool {
        let fact = matches!(
            self,
            Helper::Valid
                | Helper::Put(_)
                | Helper::PutOptional(_)
                | Helper::Meet(_)
                | Helper::MeetOrAll(_)
                | Helper::Class(_)
                | Helper::Least(_)
                | Helper::LeastOrAll(_)
                | Helper::Variants
        );
        !fact && !matches!(self, Helper::Min | Helper::Max | Helper::Wide)
    }

    /// Whether calls count for nothing in it either: it is called where something may be missing, and never for the calendar or a path.
    pub(super) fn is_seldom(self) -> bool {
        self.is_brief() && !matches!(self, Helper::Routine(_))
    }

    pub(super) fn result(self) -> Option<Ty> {
        match self {
            Helper::Event(_) | Helper::PastKept => Some(Ty::I32),
            Helper::Routine(routine) => Some(routine.result()),
            Helper::Codec(codec) => codec.result,
            Helper::Put(_) | Helper::PutOptional(_) | Helper::StartNearest => None,
            Helper::TakeNearest | Helper::TakeNearestValue => None,
            Helper::StartKept | Helper::TakeKept | Helper::CopyKept => None,
            _ => Some(Ty::I64),
        }
    }
}
