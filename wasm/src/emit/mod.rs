//! Plan to module.
//!
//! A [`Plan`] becomes one WebAssembly module of version 1.0, without imports or recursion, and without floats but for
//! published formulas. The parts, in order; each uses those before it and none after it:
//!
//! * `assembler`: WebAssembly as values and blocks, folded as they are built, and functions cut to a size that every engine takes; it
//!   knows no plan.
//! * `memory`: what of a plan the logic reads, every global and every address.
//! * `prepare`: the plan with what it says several times said once.
//! * `runtime`: functions inside the module that more than one place calls, there only if they are called.
//! * `walk`: the one walk over expressions, for any [`walk::Domain`] of values, and what the domains have in common.
//! * `strict`: the domain in which every fact is there. A value is one integer (and a flag where it may be none), the code is
//!   straight arithmetic, tests and `select`; tables are small arrays.
//! * `general`: the domain of possible values (least, greatest, may be some, may be none, needs), each part a constant of the
//!   compiler or a local, so that what is known without looking at the case costs nothing.
//! * `lanes`: the domain in which sixteen rows of a batch are worked out at once. A value is a vector of lanes or several; it is the strict
//!   domain once more, for modules that only batches go to.
//! * `entries`: the functions that hosts call.
//! * `fuel`: how many operators a call executes at most.
//! * `json`: those that take a case as JSON, with all that reads and writes it.
//! * `carried`: the manifest and the golden cases that a module carries.
//!
//! The two domains have the same nine files: `mod`, `operators`, `tables`, `queries`, `running`, `times`, `columns`, `paths`, `formulas`; the strict one has `gathering`, `nearest` and `masks` as well.
//! The strict code runs inline for complete records and rows, and where it is long as a function that both entries call; where it
//! cannot be sure it raises *doubt* and the general function decides. A module that would be too large with it does without. Both build
//! [`assembler::Node`]s and differ only in what a value is.
//!
//! The general code is for the few cases where something is missing. Facts are read and columns copied in loops over what is written in the
//! constant data; which rows of a table may match is looked up in masks there, and only where several may is more worked out. Where there are
//! events it is as short as may be: what it has several times stands in functions (`assembler::outline`), and first and last events are gathered
//! by functions of the runtime.

mod assembler;
mod carried;
mod entries;
mod fuel;
mod general;
mod json;
mod lanes;
mod memory;
mod prepare;
mod runtime;
mod strict;
mod walk;

use std::collections::BTreeMap;

use concord_engine::plan::bound::WorkBound;
use concord_engine::plan::{Plan, Step};

use crate::abi::{ABI_VERSION, Carried, Identity, JudgedColumn, Layout, digest};
use assembler::{Draft, Parts, Ty, assemble, cut, inline, order_by_calls, outline, share_constants, used_globals};
use carried::{Cargo, vectors};
use entries::{Entry, aside, batch, configure, incomplete_row, record, workspace};
use json::{JSON_GLOBALS, JSON_SET, Json};
use memory::{EXPORTED, FIRST, GLOBALS, Reads, Rows, layout_of};
use runtime::Helper;
use walk::{Complete, Context, Grid};

pub use assembler::{EmitError, Limits};

/// A module and how to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The WebAssembly module.
    pub bytes: Vec<u8>,
    /// Whether it works out sixteen rows of a batch at once.
    pub by_lanes: bool,
    /// Whether it needs an engine with `simd128`.
    pub simd: bool,
    /// Where everything lies.
    pub layout: Layout,
}

/// Bytes of room for constants beside those that only texts need. Where it is not enough, there is more.
const ROOM: u32 = 1024;

/// The bytes that a call of what stands in several places saves at least: of what is seldom run, and where all cases take the general code.
const CALL: usize = 4;
const CALL_OF_ALL: usize = 12;

/// How the row of a table is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// looked up in an array
    Grid,
    /// what all columns leave of a mask of the rows
    Masks,
    /// tried one after the other, each with code of its own
    Tried,
}

/// How each table of a plan finds its row: its name, then the way where every fact is there, and the way where some may be missing.
#[must_use]
pub fn ways(plan: &Plan) -> Vec<(&str, Way, Way)> {
    let tables = plan.steps.iter().filter_map(|step| if let Step::Table(table) = step { Some(table) } else { None });
    let ways = tables.map(|table| {
        let strict = if Grid::of(table).is_some() { Way::Grid } else { Way::Tried };
        let general = if general::is_masked(table) { Way::Masks } else { Way::Tried };
        (table.name.as_str(), strict, general)
    });
    ways.collect()
}

/// Compiles a plan, without JSON.
///
/// # Errors
/// When the plan is malformed or larger than the interface allows.
pub fn emit(plan: &Plan) -> Result<Module, EmitError> {
    emit_named(plan, None, Limits::ENGINES)
}

/// Compiles a plan to functions within other limits: other bytes, and the same answers. A module that bears a name answers cases in JSON as
/// well.
///
/// # Errors
/// When the plan is malformed or larger than the interface allows, or a function cannot be cut so small.
pub fn emit_named(plan: &Plan, identity: Option<&Identity>, limits: Limits) -> Result<Module, EmitError> {
    emit_carrying(plan, identity, None, limits)
}

/// The same, carrying its manifest and golden cases where it answers in JSON.
///
/// # Errors
/// As before.
pub fn emit_carrying(
    plan: &Plan,
    identity: Option<&Identity>,
    carried: Option<Carried<'_>>,
    limits: Limits,
) -> Result<Module, EmitError> {
    // Where nobody keeps it, the code for complete cases need not stand in each entry.
    let complete = if limits.brief { Complete::WrittenOut } else { Complete::Apart };
    let whole = written(plan, identity, carried, limits, (Rows::OneByOne, complete))?;
    if whole.bytes.len() <= limits.module {
        return Ok(whole);
    }
    written(plan, identity, carried, limits, (Rows::OneByOne, Complete::AsOthers))
}

/// Compiles a plan to a module for batches: other bytes and the same answers. Of rules that ask about facts alone it works out sixteen rows
/// at once, of rules about events it takes those of a case as bits, where they are few; both by `simd128`.
///
/// # Errors
/// When the plan is malformed or larger than the interface allows, or a function cannot be cut so small.
pub fn emit_for_batches(plan: &Plan, limits: Limits) -> Result<Module, EmitError> {
    let prepared = prepare::prepared(plan);
    let reads = Reads::of(&prepared);
    let layout = layout_of(&prepared, &reads)?;
    let rows = if lanes::takes(&prepared, &reads, &layout) {
        Rows::ByLanes
    } else if layout.kinds_used != 0 {
        Rows::AsBits
    } else {
        Rows::OneByOne
    };
    let complete = if rows == Rows::AsBits { Complete::Apart } else { Complete::WrittenOut };
    written(plan, None, None, limits, (rows, complete))
}

fn written(
    plan: &Plan,
    identity: Option<&Identity>,
    carried: Option<Carried<'_>>,
    limits: Limits,
    (rows, complete): (Rows, Complete),
) -> Result<Module, EmitError> {
    let (said, plan) = (plan, &prepare::prepared(plan));
    let as_bits = rows == Rows::AsBits;
    let carried = carried.filter(|_| identity.is_some());
    let vectors = carried.map(|carried| (carried, vectors(carried.golden)));
    let of = ((plan, said), identity, vectors.as_ref().map(|(_, text)| text.as_str()));
    let (mut context, mut drafted) = drafted(of, (rows, complete), limits, ROOM)?;
    if let Some(room) = context.data.lacks() {
        (context, drafted) = self::drafted(of, (rows, complete), limits, room.next_power_of_two())?;
    }
    let Drafted { mut functions, joined } = drafted;
    inline(&mut functions, &joined);
    if !limits.brief {
        functions.iter_mut().for_each(Draft::as_long_as_it_is);
    }
    let further = if identity.is_some() { JSON_GLOBALS } else { &[] };
    let written: Vec<Ty> = GLOBALS.iter().chain(further).copied().collect();
    let used = used_globals(&mut functions, EXPORTED.len(), written.len());
    let written: Vec<(usize, Ty)> =
        written.into_iter().enumerate().filter(|(place, _)| used.get(*place) == Some(&true)).collect();
    let globals: Vec<Ty> = EXPORTED.iter().map(|_| Ty::I32).chain(written.iter().map(|(_, ty)| *ty)).collect();
    if !as_bits {
        outline(&mut functions, &globals, if complete == Complete::AsOthers { CALL_OF_ALL } else { CALL });
    }
    let mut functions = cut(functions, &globals, context.data.end()?.next_multiple_of(8), limits)?;
    order_by_calls(&mut functions.all);
    let hoisted = share_constants(&mut functions.all, globals.len());
    // A module for batches alone has no case by itself to bound.
    let operators = if as_bits { WorkBound::default() } else { fuel::fuel(plan, &functions.all, "evaluate_record")? };
    let space = context.map.workspace;
    let own = space.own();
    let from = functions.end.next_multiple_of(8);
    let judged = judged(plan, &context)?;
    let (workspace_each, workspace_beyond) = (space.each, space.beyond());
    let claims = prepare::as_written(&context.layout.claims, plan, said);
    let layout = Layout { judged, workspace_each, workspace_beyond, operators, claims, ..context.layout };
    let whole = |end: u32| {
        let heap = end.saturating_add(own).next_multiple_of(64);
        Layout { heap, workspace: heap - own, ..layout.clone() }
    };
    let cargo = Cargo::of(context.data.texts(), vectors, from, whole)?;
    let layout = whole(cargo.end);
    let constants = EXPORTED.into_iter().zip([ABI_VERSION, layout.heap.cast_signed()]).collect();
    let texts = assembler::address(context.data.texts().len())?;
    let first = [layout.workspace, space.own_events(), from, texts, cargo.manifest_bytes];
    let first = FIRST.into_iter().zip(first).collect::<BTreeMap<_, _>>();
    // All others are 0 until something is put there.
    let first = |place: usize| first.get(&place).map_or(0, |first| first.cast_signed());
    let globals = written.iter().map(|(place, ty)| (*ty, first(*place))).collect();
    let bytes = assemble(Parts {
        functions: functions.all,
        constants,
        globals,
        said: hoisted,
        heap: layout.heap,
        data: context.data.segment(),
        carried: (from, cargo.bytes),
        sections: cargo.sections,
    })?;
    assembler::validate(&bytes, context.reads.formulas, rows != Rows::OneByOne)?;
    Ok(Module { bytes, layout, by_lanes: rows == Rows::ByLanes, simd: rows != Rows::OneByOne })
}

/// What a module is made of: the plan as it is compiled and as it was written, its name, and the golden cases that it carries, if any.
type Of<'p, 'i> = ((&'p Plan, &'p Plan), Option<&'i Identity>, Option<&'i str>);

/// The functions of a module.
struct Drafted {
    functions: Vec<Draft>,
    /// Which of them read and write texts, or run rows set aside.
    joined: Vec<bool>,
}

/// All functions that a module has, with room for so many bytes of constants beside those of texts.
fn drafted<'p>(
    of: Of<'p, '_>,
    (rows, complete): (Rows, Complete),
    limits: Limits,
    room: u32,
) -> Result<(Context<'p>, Drafted), EmitError> {
    let (mut context, mut json) = context(of, (complete, rows), room)?;
    let mut functions = entries(&mut context, json.as_ref())?;
    // Both entries have the strict code inline, which is the fastest, as long as it is short. Where it goes through events a call is little
    // beside that, so that it is long sooner.
    let short = if context.layout.kinds_used == 0 { limits } else { Limits { bytes: limits.bytes / 4, ..limits } };
    let written_out = complete == Complete::WrittenOut;
    if written_out && !functions.iter().filter(|entry| entry.export.is_some()).all(|entry| entry.fits(short)) {
        (context, json) = self::context(of, (Complete::Apart, rows), room)?;
        functions = entries(&mut context, json.as_ref())?;
    }
    let joined = called(&mut context, json.as_ref(), &mut functions)?;
    Ok((context, Drafted { functions, joined }))
}

fn context<'p>(
    (plans, identity, vectors): Of<'p, '_>,
    (complete, rows): (Complete, Rows),
    room: u32,
) -> Result<(Context<'p>, Option<Json>), EmitError> {
    let entries = Entry::of(complete, identity.is_some(), vectors.is_some()).count();
    let mut context = Context::new(plans, assembler::address(entries)?, (complete, rows), room)?;
    context.set = identity.map(|_| JSON_SET);
    context.golden = vectors.map(|text| Ok((assembler::address(text.len())?, digest(text.as_bytes())))).transpose()?;
    let json = identity.map(|identity| Json::of(&mut context, identity)).transpose()?;
    Ok((context, json))
}

/// The functions that are called, in order of their numbers; they may call others, so that the list grows as they are built. Which of all
/// read and write JSON, or run rows set aside, comes back.
fn called(context: &mut Context<'_>, json: Option<&Json>, functions: &mut Vec<Draft>) -> Result<Vec<bool>, EmitError> {
    let mut chosen: Vec<bool> =
        Entry::of(context.complete, json.is_some(), context.golden.is_some()).map(Entry::is_joined).collect();
    for place in 0.. {
        let Some(helper) = context.helpers.called(place) else { break };
        chosen.push(matches!(helper, Helper::Codec(_)));
        functions.push(match (helper, json) {
            (Helper::Codec(codec), Some(json)) => json.function(codec, context)?,
            (helper, _) => runtime::function(helper, &mut context.helpers)?,
        });
    }
    Ok(chosen)
}

/// The functions that every module has.
fn entries(context: &mut Context<'_>, json: Option<&Json>) -> Result<Vec<Draft>, EmitError> {
    let mut functions = Vec::new();
    for entry in Entry::of(context.complete, json.is_some(), context.golden.is_some()) {
        let code = match (entry, json) {
            (entry, Some(json)) if entry.is_json() => json.entry(entry, context)?,
            (Entry::Configure, _) => configure::configure(context)?,
            (Entry::Unconfigure, _) => configure::unconfigure(context)?,
            (Entry::EvaluateRecord, _) => record::evaluate_record(context)?,
            (Entry::Workspace, _) => workspace::workspace(context),
            (Entry::SetWorkspace, _) => workspace::set_workspace(context),
            (Entry::EvaluateBatch, _) => batch::evaluate_batch(context)?,
            (Entry::General, _) => record::general(context)?,
            (Entry::IncompleteRow, _) => incomplete_row::incomplete_row(context)?,
            (Entry::IncompleteRows, _) => aside::incomplete_rows(context)?,
            (Entry::Strict, _) => record::strict(context)?,
            (Entry::Outputs, _) => incomplete_row::outputs(context),
            _ => continue,
        };
        functions.push(Draft {
            export: entry.export(),
            parameters: entry.parameters().to_vec(),
            result: Some(Ty::I32),
            code,
            as_written: None,
            is_brief: entry.is_seldom(context.layout.kinds_used != 0),
            is_seldom: entry.is_seldom(context.layout.kinds_used != 0),
        });
    }
    Ok(functions)
}

/// Where what is worked out about each judged event stands.
fn judged(plan: &Plan, context: &Context<'_>) -> Result<Vec<Vec<JudgedColumn>>, EmitError> {
    let column = |column| context.map.room(column).map(|room| room.judged());
    plan.judged.iter().map(|each| each.columns().into_iter().map(column).collect()).collect()
}

/// Checks that bytes are a module of WebAssembly 1.0, without floats unless the plan has a published formula.
///
/// # Errors
/// With the validator's reason.
pub fn validate(bytes: &[u8], plan: &Plan) -> Result<(), EmitError> {
    assembler::validate(bytes, Reads::of(plan).formulas, false)
}
