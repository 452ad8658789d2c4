//! Plan to module.
//!
//! A [`Plan`] becomes one WebAssembly module of version 1.0, without imports or recursion, and without floats but for
//! published formulas ([`formulas`]). Its expressions are walked once by [`walk`], over two domains:
//!
//! * `strict`: every fact is there. A value is one integer (and a flag where it may be none), the code is straight
//!   arithmetic, tests and `select`; tables are small arrays ([`grid`]).
//! * `general`: possible values (least, greatest, may be some, may be none, needs), each part a constant of the compiler
//!   or a local, so what is known without looking at the case costs nothing.
//!
//! The strict code runs inline for complete records and rows; where it cannot be sure it raises *doubt* and the general
//! function decides. Both build [`node::Node`]s and differ only in what a value is. A `simd128` batch is a third domain
//! beside `strict`: a value is a vector of lanes and a mask, `select` is `bitselect`, the classes of a grid are sums of
//! lane tests as they are here, and arrays of at most 16 rows are `swizzle`; nothing in the strict walk branches on a
//! value (but for loops over events), so no operator has to be thought of again.
//!
//! The general code is for the few cases where something is missing, so it is kept short rather than fast: facts are read
//! ([`facts`]), rows of tables tried ([`written_table`]) and columns copied ([`incomplete`]) in loops over what is written in the constant data.
//!
//! Memory, from 0: nothing (a pointer of 0 is absent); a record in and a record out for the batch entry; what is possible of
//! facts and of columns of tables; room for the values of medians and of columns of events, where there are any; the
//! parameters; constant arrays; then, from [`Layout::heap`], whatever the host puts there. `wasm/ABI.md` says the rest.

mod batch;
mod calendar;
mod code;
mod columns;
mod configure;
mod facts;
mod formulas;
mod gather;
mod gathered;
mod general;
mod general_events;
mod general_operators;
mod general_table;
mod general_times;
mod grid;
mod helpers;
mod incomplete;
pub mod layout;
mod limits;
mod masked_table;
mod node;
mod paths;
mod possible;
mod real;
mod record;
mod routines;
mod search;
mod shared;
mod strict;
mod strict_events;
mod strict_table;
mod strict_times;
mod used;
mod walk;
mod written_table;

use std::fmt;

use concord_engine::plan::Plan;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, MemorySection, MemoryType, TypeSection, ValType,
};
use wasmparser::{Validator, WasmFeatures};

use layout::MAX_PAGES;
pub use layout::{ABI_VERSION, Layout};
use node::Ty;
use shared::Shared;
use used::Used;

/// A module and how to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The WebAssembly module.
    pub bytes: Vec<u8>,
    /// Where everything lies.
    pub layout: Layout,
}

/// Why a plan has no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The plan refers to something that is not there, or not yet: what, and its number.
    NoSuch(&'static str, usize),
    /// The plan speaks of an event where none is at hand.
    NoEvent,
    /// The plan is larger than the binary interface allows.
    TooLarge(&'static str),
    /// The module is not valid WebAssembly 1.0; a fault of this compiler.
    Invalid(String),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::NoSuch(what, number) => {
                write!(f, "the plan refers to {what} {number}, which is not there")
            }
            EmitError::NoEvent => write!(f, "the plan speaks of an event where none is at hand"),
            EmitError::TooLarge(what) => write!(f, "this package is too large to compile: {what}"),
            EmitError::Invalid(why) => write!(f, "the module is not valid: {why}"),
        }
    }
}

impl std::error::Error for EmitError {}

/// A function: its parameters, its result if it has one, its body.
type Emitted = (Vec<Ty>, Option<Ty>, Function);

/// Compiles a plan.
///
/// # Errors
/// When the plan is malformed or larger than the interface allows.
pub fn emit(plan: &Plan) -> Result<Module, EmitError> {
    let mut shared = Shared::new(plan)?;
    let status = Some(Ty::I32);
    let two = || vec![Ty::I32, Ty::I32];
    let mut functions: Vec<Emitted> = vec![
        (vec![Ty::I32, Ty::I64], status, configure::configure(&mut shared)),
        (vec![Ty::I32], status, configure::unconfigure(&mut shared)),
        (two(), status, record::evaluate_record(&mut shared)?),
        (vec![Ty::I32; 3], status, batch::evaluate_batch(&mut shared)?),
        (two(), status, record::general(&mut shared)?),
        (vec![Ty::I32; 4], status, incomplete::incomplete_row(&mut shared)),
    ];
    let helpers = shared.helpers.functions();
    functions.extend(helpers);
    shared.layout.heap = shared.data.end().next_multiple_of(64);
    functions.iter().try_for_each(|(parameters, _, body)| limits::check(parameters.len(), body))?;
    let bytes = assemble(&shared, functions);
    validate(&bytes, plan)?;
    Ok(Module { bytes, layout: shared.layout })
}

/// Checks that bytes are a module of WebAssembly 1.0, without floats unless the plan has a published formula.
///
/// # Errors
/// With the validator's reason.
pub fn validate(bytes: &[u8], plan: &Plan) -> Result<(), EmitError> {
    let all = WasmFeatures::MVP;
    let features = if Used::of(plan).formulas { all } else { all.difference(WasmFeatures::FLOATS) };
    let mut validator = Validator::new_with_features(features);
    validator.validate_all(bytes).map(|_| ()).map_err(|error| EmitError::Invalid(error.to_string()))
}

fn value_type(ty: Ty) -> ValType {
    match ty {
        Ty::I32 => ValType::I32,
        Ty::I64 => ValType::I64,
        Ty::F64 => ValType::F64,
    }
}

fn assemble(shared: &Shared<'_>, emitted: Vec<Emitted>) -> Vec<u8> {
    let mut types = TypeSection::new();
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut known: Vec<(Vec<Ty>, Option<Ty>)> = Vec::new();
    for (parameters, result, body) in emitted {
        let signature = (parameters, result);
        let place = known.iter().position(|other| *other == signature).unwrap_or_else(|| {
            let parameters = signature.0.iter().copied().map(value_type);
            types.ty().function(parameters, signature.1.map(value_type));
            known.push(signature);
            known.len() - 1
        });
        functions.function(u32::try_from(place).unwrap_or(0));
        code.function(&body);
    }
    let heap = shared.layout.heap;
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(heap).div_ceil(65_536) + 1,
        maximum: Some(MAX_PAGES),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for value in [ABI_VERSION, i32::try_from(heap).unwrap_or(0)] {
        let ty = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(ty, &ConstExpr::i32_const(value));
    }
    for ty in helpers::GLOBALS {
        let zero = match ty {
            Ty::I32 => ConstExpr::i32_const(0),
            _ => ConstExpr::i64_const(0),
        };
        globals.global(GlobalType { val_type: value_type(ty), mutable: true, shared: false }, &zero);
    }
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("abi_version", ExportKind::Global, 0);
    exports.export("heap", ExportKind::Global, 1);
    let names = ["configure", "unconfigure", "evaluate_record", "evaluate_batch"];
    for (number, name) in (0..).zip(names) {
        exports.export(name, ExportKind::Func, number);
    }
    let mut data = DataSection::new();
    let (at, bytes) = shared.data.segment();
    if !bytes.is_empty() {
        data.active(0, &ConstExpr::i32_const(at), bytes.iter().copied());
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&functions).section(&memories).section(&globals).section(&exports).section(&code);
    if !bytes.is_empty() {
        module.section(&data);
    }
    module.finish()
}
