//! The functions inside the module that the walk calls, each built once if it is called at all.

mod arrays;
mod calendar;
mod classes;
mod events;
mod formulas;
pub(crate) mod kept;
mod lists;
mod masks;
mod nearest;
mod numbers;
mod paths;
mod periods;
mod real;
mod records;
mod registry;
mod routines;
mod verdicts;

use crate::emit::assembler::{Bin, Code, Draft, EmitError};
use crate::emit::memory::{CERTAIN, GREATEST};
use arrays::{ends, known_of_all, least, variants};
use calendar::{Period, Window};
use masks::{class, meet};
use paths::{Automaton, Ways};
use records::{put, put_optional, valid};

pub(crate) use arrays::{each_place, next_row};
pub(crate) use calendar::weekday;
pub(crate) use classes::class_of;
pub(crate) use events::{EventOrder, FieldOfEvent, NextEvent, written_field};
pub(crate) use formulas::formula_call;
pub(crate) use lists::{DAY, Days, List};
pub(crate) use numbers::{floor, need};
pub(crate) use paths::STATE;
pub(crate) use real::Writer;
pub(crate) use registry::{Codec, Helper, Helpers};
pub(crate) use routines::Routine;
pub(crate) use verdicts::{Part, verdict};

/// The function of a helper; it may call others.
pub(crate) fn function(helper: Helper, helpers: &mut Helpers) -> Result<Draft, EmitError> {
    let code = match helper {
        Helper::Routine(routine) => build_routine(routine, helpers)?,
        Helper::Event(next) => next.build(),
        Helper::Field(field) => field.build(helpers),
        Helper::NearestOfKind(next) => nearest::of_kind(next, helpers),
        _ => build_helper(helper),
    };
    let (parameters, result) = (helper.parameters(), helper.result());
    Ok(Draft {
        export: None,
        parameters,
        result,
        code,
        as_written: None,
        is_brief: helper.is_brief(),
        is_seldom: helper.is_seldom(),
    })
}

fn build_helper(helper: Helper) -> Code {
    let mut code = Code::new(&helper.parameters());
    let [a, b] = [0, 1].map(|index| code.parameter(index));
    match helper {
        Helper::Min => code.push(&a.when(&a.bin(Bin::LtS, &b), &b)),
        Helper::Max => code.push(&a.when(&a.bin(Bin::GtS, &b), &b)),
        Helper::Valid => valid(&mut code, &a, &b),
        Helper::Put(parts) => put(&mut code, parts),
        Helper::PutOptional(parts) => put_optional(&mut code, parts),
        Helper::Meet(width) => meet(&mut code, width),
        Helper::MeetOrAll(width) => {
            known_of_all(&mut code, &b, &CERTAIN);
            meet(&mut code, width);
        }
        Helper::Class(width) => class(&mut code, width),
        Helper::Least(width) => least(&mut code, width),
        Helper::LeastOrAll(width) => {
            known_of_all(&mut code, &a, &GREATEST);
            ends(&mut code, width);
        }
        Helper::Variants => variants(&mut code),
        Helper::StartNearest => nearest::start(&mut code),
        Helper::TakeNearest => nearest::take(&mut code),
        Helper::TakeNearestValue => nearest::take_value(&mut code),
        Helper::Nearest => nearest::result(&mut code),
        Helper::StartKept => kept::start(&mut code),
        Helper::PastKept => kept::past(&mut code),
        Helper::TakeKept => kept::take(&mut code),
        Helper::CopyKept => kept::copy(&mut code),
        Helper::Kept => kept::result(&mut code),
        Helper::Verdict => verdicts::function(&mut code),
        Helper::Wide => events::wide(&mut code, &a, &b),
        Helper::Routine(_) | Helper::Event(_) | Helper::Field(_) | Helper::NearestOfKind(_) | Helper::Codec(_) => {}
    }
    code
}

/// The function; it may call others.
fn build_routine(routine: Routine, helpers: &mut Helpers) -> Result<Code, EmitError> {
    let mut code = Code::new(&routine.parameters());
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| code.parameter(index));
    match routine {
        Routine::Quotient(how) => numbers::quotient(&mut code, &a, &b, how),
        Routine::Below => lists::below(&mut code, &a, &b, &c),
        Routine::Sort => lists::sort(&mut code, &a, &b),
        Routine::Median => lists::median(&mut code, helpers, &a, &b),
        Routine::Civil => calendar::civil(&mut code, &a),
        Routine::Summer => calendar::summer(&mut code, helpers, &a),
        Routine::Local => calendar::local(&mut code, helpers, &a),
        Routine::Call(call) => calendar::call(&mut code, helpers, call, [&a, &b]),
        Routine::Ends(call) => periods::ends(&mut code, helpers, call, &a, &b),
        Routine::WorkingDays => {
            calendar::working_days(&mut code, &a, &b, &Days { address: c, length: d });
        }
        Routine::Real(function) => formulas::function(&mut code, helpers, function),
        Routine::Formula(number, operands) => formulas::point(&mut code, helpers, number, operands)?,
        Routine::Overlap => {
            let (period, window) = (Period { start: &a, end: &b }, Window { from: &c, until: &d });
            calendar::overlap(&mut code, helpers, &period, &window);
        }
        Routine::PathStep => paths::step(&mut code, &Automaton { next: &a, symbols: &b }, &c, &d),
        Routine::PathReach => {
            let left = code.parameter(4);
            let ways = Ways { states: &c, symbols: &d, left: &left };
            paths::reach(&mut code, helpers, &Automaton { next: &a, symbols: &b }, &ways);
        }
    }
    Ok(code)
}
