//! Functions that are too large for some engine, cut into several.
//!
//! A compiler of Java's virtual machine gives up above 8,000 bytes of its code, an interpreter in C above 2,000 values; and every
//! compiler is slow with what is long. So a function above [`Limits::ENGINES`] is cut: runs of statements become functions of
//! their own, of about 3 KB, each measured when it is written, and cut smaller where it came out too large.
//!
//! What is worked out has a *home*: a local where only one of the functions names it, else a place in memory below the heap.
//! The homes of a function are its own, and there is no recursion, so that none is written while another call needs it.
//!
//! * `effects`: what an instruction does to the stack
//! * `spill`: long expressions in parts, so that there is a place to cut
//! * `statements`: where a function can be cut
//! * `regions`: where it is
//! * `assigned`: which locals a part may read before it writes them
//! * `homes`: where each local lives
//! * `write`: the parts, as functions
//!
//! None of this knows what the code is for: whatever writes functions with [`Code`] may write them as long as it likes.

mod assigned;
mod effects;
mod homes;
mod regions;
mod spill;
mod statements;
mod write;

use super::code::Code;
use super::error::EmitError;
use super::limits::Limits;
use super::module::Emitted;
use super::numbers::address;
use super::types::Ty;
pub(super) use effects::{Shape, Types, plain};
use homes::{Homes, parts};
use regions::Size;
use write::{Whole, exits, targets};

/// How often parts are made smaller, by a third, before a function is given up.
const TRIES: usize = 8;

/// A function of any size.
#[derive(Clone)]
pub(crate) struct Draft {
    /// The name under which hosts call it, if they do.
    pub(crate) export: Option<&'static str>,
    pub(crate) parameters: Vec<Ty>,
    pub(crate) result: Option<Ty>,
    pub(crate) code: Code,
    /// The same as it was written, where anything was moved since.
    pub(crate) as_written: Option<Code>,
    /// Whether it is as short as may be, rather than as engines make the most of it.
    pub(crate) is_brief: bool,
    /// Whether calls count for nothing in it either, so that what stands in several places may stand in a function of its own.
    pub(crate) is_seldom: bool,
}

impl Draft {
    /// It is not made shorter.
    pub(crate) fn as_long_as_it_is(&mut self) {
        self.is_brief = false;
        self.is_seldom = false;
    }

    /// Whether it is within the limits as it is.
    pub(crate) fn fits(&self, limits: Limits) -> bool {
        let holds = |code: &Code| limits.hold(&code.encode(), self.parameters.len());
        // It only becomes shorter when it is tidied.
        holds(&self.code) || {
            let mut code = self.code.clone();
            code.tidy();
            holds(&code)
        }
    }
}

/// Functions within the limits.
pub(crate) struct Functions {
    /// Those drafted, in order, then their parts.
    pub(crate) all: Vec<Emitted>,
    /// The address after the last home.
    pub(crate) end: u32,
}

/// Cuts what is too large; homes stand from an address on. The globals are all there are.
pub(crate) fn cut(drafts: Vec<Draft>, globals: &[Ty], homes: u32, limits: Limits) -> Result<Functions, EmitError> {
    let shapes: Vec<Shape> = drafts.iter().map(|draft| (draft.parameters.clone(), draft.result)).collect();
    let (mut all, mut others, mut end) = (Vec::new(), Vec::new(), homes);
    for Draft { export, parameters, result, mut code, as_written, is_brief, .. } in drafts {
        let mut apart = as_written.unwrap_or_else(|| code.clone());
        code.tidy();
        let mut settled = code.clone();
        if is_brief {
            settled.shorten_all(&shapes, globals);
        }
        let body = settled.encode();
        let whole = if limits.hold(&body, parameters.len()) {
            Emitted { export, parameters, result, body, code: settled, is_brief }
        } else {
            let first = address(shapes.len() + others.len())?;
            let module = Types { functions: &shapes, globals, locals: &code.locals };
            let parts = |code: &Code| parts_within((limits, is_brief), code, &parameters, &module, (first, end));
            let found = parts(&code);
            // What was moved to where it is used may be too long to be cut; where it stood before, it can be.
            let found = found.or_else(|_| {
                apart.tidy_in_place();
                parts(&apart)
            })?;
            end = found.end;
            let mut found = found.all.into_iter();
            let Emitted { body, code, .. } = found.next().ok_or_else(|| limits.refused(&body))?;
            others.extend(found);
            Emitted { export, parameters, result, body, code, is_brief }
        };
        all.push(whole);
    }
    all.extend(others);
    Ok(Functions { all, end })
}

/// A function as one that calls its parts, and the parts.
fn parts_within(
    (limits, is_brief): (Limits, bool),
    code: &Code,
    parameters: &[Ty],
    module: &Types<'_>,
    (first, homes): (u32, u32),
) -> Result<Functions, EmitError> {
    // What goes to and from memory is not counted yet.
    let mut size = Size { bytes: limits.bytes / 2, locals: limits.locals * 3 / 4 };
    for _ in 0..TRIES {
        let found = in_parts((code, is_brief), parameters, module, (first, homes), size)?;
        if found.all.iter().all(|part| limits.hold(&part.body, part.parameters.len())) {
            return Ok(found);
        }
        size = Size { bytes: size.bytes * 2 / 3, locals: size.locals * 2 / 3 };
    }
    Err(limits.refused(&code.encode()))
}

fn in_parts(
    (code, is_brief): (&Code, bool),
    parameters: &[Ty],
    module: &Types<'_>,
    (first, homes): (u32, u32),
    size: Size,
) -> Result<Functions, EmitError> {
    let (body, locals) = spill::spill(code.body.clone(), module, size.bytes / 4)?;
    let types = Types { locals: &locals, ..*module };
    let statements = statements::statements(&body, &types)?;
    let parts = parts(&body, regions::regions(&body, &statements, size), locals.len());
    let homes = Homes::of(&body, &parts, &locals, homes)?;
    let targets = targets(&body);
    let exits = exits(&targets, &parts);
    let whole = Whole {
        body: &body,
        locals: &locals,
        parameters,
        parts: &parts,
        homes: &homes,
        first,
        targets: &targets,
        exits: &exits,
    };
    let mut all = Vec::new();
    for number in 0..parts.len() {
        let mut code = write::write(&whole, number)?;
        code.tidy();
        if is_brief {
            code.shorten_all(module.functions, module.globals);
        }
        let goes_on = exits.get(number).is_none_or(Vec::is_empty);
        let (parameters, result) =
            if number == 0 { (parameters.to_vec(), None) } else { (Vec::new(), (!goes_on).then_some(Ty::I32)) };
        all.push(Emitted { export: None, parameters, result, body: code.encode(), code, is_brief });
    }
    Ok(Functions { all, end: homes.end })
}
