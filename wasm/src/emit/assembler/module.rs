//! Functions, memory, globals and data become one module.

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ExportKind, ExportSection, FunctionSection, GlobalSection,
    GlobalType, MemorySection, MemoryType, Module, Section, TypeSection, ValType,
};
use wasmparser::{Validator, WasmFeatures};

use super::code::Code;
use super::error::EmitError;
use super::limits::Body;
use super::numbers::address;
use super::types::{Ty, truncate};
use crate::abi::MAX_PAGES;

/// Bytes of a page of memory.
const PAGE: u32 = 65_536;

/// A function.
pub(crate) struct Emitted {
    /// The name under which hosts call it, if they do.
    pub(crate) export: Option<&'static str>,
    pub(crate) parameters: Vec<Ty>,
    pub(crate) result: Option<Ty>,
    pub(super) body: Body,
    /// What it was encoded from: its instructions, with how often loops turn.
    pub(super) code: Code,
    /// Whether it is as short as may be.
    pub(super) is_brief: bool,
}

/// What a module is made of.
pub(crate) struct Parts<'a> {
    /// In the order of their numbers.
    pub(crate) functions: Vec<Emitted>,
    /// The globals that hosts read, with their names; the others come after.
    pub(crate) constants: Vec<(&'a str, i32)>,
    /// The globals that functions write, with their first values.
    pub(crate) globals: Vec<(Ty, i32)>,
    /// The globals that stay as they are, after those.
    pub(crate) said: Vec<(Ty, i64)>,
    /// The first address that the host may use.
    pub(crate) heap: u32,
    /// Where the data go, and the data.
    pub(crate) data: (u32, Vec<u8>),
    /// The same of what it carries beside its logic.
    pub(crate) carried: (u32, Vec<u8>),
    /// Which texts packed there have a custom section, which says where they stand: its name, where the text starts among them, its bytes.
    pub(crate) sections: Vec<(&'a str, u32, u32)>,
}

/// Checks that bytes are a module of WebAssembly 1.0, with floats or without; and with vectors or without.
pub(crate) fn validate(bytes: &[u8], floats: bool, vectors: bool) -> Result<(), EmitError> {
    let all = if vectors { WasmFeatures::MVP.union(WasmFeatures::SIMD) } else { WasmFeatures::MVP };
    let features = if floats { all } else { all.difference(WasmFeatures::FLOATS) };
    let mut validator = Validator::new_with_features(features);
    validator.validate_all(bytes).map(|_| ()).map_err(|error| EmitError::Invalid(error.to_string()))
}

/// The module's bytes.
pub(crate) fn assemble(parts: Parts<'_>) -> Result<Vec<u8>, EmitError> {
    let globals = globals(&parts);
    let exports = exports(&parts);
    let (types, functions, code) = functions(parts.functions)?;
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(parts.heap.div_ceil(PAGE)) + 1,
        maximum: Some(MAX_PAGES),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&globals).section(&exports).section(&code);
    let mut data = DataSection::new();
    for (first, bytes) in [&parts.data, &parts.carried].into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
        data.active(0, &ConstExpr::i32_const(first.cast_signed()), bytes.iter().copied());
    }
    if !data.is_empty() {
        module.section(&data);
    }
    let mut bytes = module.finish();
    let carried = address(bytes.len().saturating_sub(parts.carried.1.len()))?;
    let packed = address(parts.carried.1.len())?;
    for (name, first, length) in parts.sections {
        // What is carried ends the last section that came before.
        let said: Vec<u8> = [carried, packed, first, length].into_iter().flat_map(u32::to_le_bytes).collect();
        CustomSection { name: name.into(), data: said.into() }.append_to(&mut bytes);
    }
    Ok(bytes)
}

fn functions(emitted: Vec<Emitted>) -> Result<(TypeSection, FunctionSection, CodeSection), EmitError> {
    let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    let mut known: Vec<(Vec<Ty>, Option<Ty>)> = Vec::new();
    for Emitted { parameters, result, body, .. } in emitted {
        let signature = (parameters, result);
        let number = known.iter().position(|other| *other == signature).unwrap_or_else(|| {
            let parameters = signature.0.iter().copied().map(value_type);
            types.ty().function(parameters, signature.1.map(value_type));
            known.push(signature);
            known.len() - 1
        });
        functions.function(address(number)?);
        code.function(&body.function);
    }
    Ok((types, functions, code))
}

fn globals(parts: &Parts<'_>) -> GlobalSection {
    let mut globals = GlobalSection::new();
    for (_, value) in &parts.constants {
        let ty = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(ty, &ConstExpr::i32_const(*value));
    }
    for (ty, first) in &parts.globals {
        let first = match ty {
            Ty::I32 => ConstExpr::i32_const(*first),
            _ => ConstExpr::i64_const(i64::from(*first)),
        };
        globals.global(GlobalType { val_type: value_type(*ty), mutable: true, shared: false }, &first);
    }
    for (ty, value) in &parts.said {
        let value = match ty {
            Ty::I32 => ConstExpr::i32_const(truncate(*value)),
            _ => ConstExpr::i64_const(*value),
        };
        globals.global(GlobalType { val_type: value_type(*ty), mutable: false, shared: false }, &value);
    }
    globals
}

fn exports(parts: &Parts<'_>) -> ExportSection {
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    for (number, (name, _)) in (0..).zip(&parts.constants) {
        exports.export(name, ExportKind::Global, number);
    }
    for (number, function) in (0..).zip(&parts.functions) {
        if let Some(name) = function.export {
            exports.export(name, ExportKind::Func, number);
        }
    }
    exports
}

/// A type as the encoder names it.
pub(super) fn value_type(ty: Ty) -> ValType {
    match ty {
        Ty::I32 => ValType::I32,
        Ty::I64 => ValType::I64,
        Ty::F64 => ValType::F64,
        Ty::V128 => ValType::V128,
    }
}
