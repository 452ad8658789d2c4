//! A compiled module.

use std::sync::{Arc, OnceLock};

use concord_engine::evaluate::Outcome;
use concord_engine::plan::Plan;
use sha2::{Digest, Sha256};
use wasmtime::Module;

use super::deadline::{Calls, Code, compiled};
use super::error::RunError;
use super::verdict_columns;
use crate::abi::{Carried, Identity, Layout};
use crate::emit::{Limits, emit_carrying, emit_for_batches, emit_named};

/// A compiled module, ready to make instances.
#[derive(Clone)]
pub struct Program {
    inner: Arc<Inner>,
}

struct Inner {
    plan: Plan,
    layout: Layout,
    bytes: Vec<u8>,
    code: Code,
    /// Once it is compiled.
    module: OnceLock<Module>,
    by_lanes: bool,
}

impl Program {
    /// Compiles a plan.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn compile(plan: &Plan) -> Result<Program, RunError> {
        Program::within(plan, Limits::ENGINES)
    }

    /// Compiles a plan to functions within other limits than those of the engines known: other bytes, and the same answers.
    ///
    /// # Errors
    /// When the plan has no module, or none so small.
    pub fn within(plan: &Plan, limits: Limits) -> Result<Program, RunError> {
        let module = emit_named(plan, None, limits)?;
        Program::load(plan, module.bytes, module.layout, Calls::Many)
    }

    /// Compiles a plan to a module that answers cases in JSON as well, unless no name is given or its subject cannot be read so.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn compile_named(plan: &Plan, identity: Option<&Identity>, calls: Calls) -> Result<Program, RunError> {
        Program::compile_carrying(plan, identity, None, calls)
    }

    /// The same of a module that carries its manifest, and golden cases where it answers in JSON.
    ///
    /// # Errors
    /// As before.
    pub fn compile_carrying(
        plan: &Plan,
        identity: Option<&Identity>,
        carried: Option<Carried<'_>>,
        calls: Calls,
    ) -> Result<Program, RunError> {
        let program = Program::written(plan, identity, carried, calls)?;
        program.module()?;
        Ok(program)
    }

    /// The same of a module of which only the bytes may be asked for: it is compiled with its first instance.
    ///
    /// # Errors
    /// As before.
    pub fn written(
        plan: &Plan,
        identity: Option<&Identity>,
        carried: Option<Carried<'_>>,
        calls: Calls,
    ) -> Result<Program, RunError> {
        let module = emit_carrying(plan, identity, carried, Limits::ENGINES)?;
        Ok(Program::of(plan, (module.bytes, module.layout), calls.into(), false))
    }

    /// Compiles a plan, without JSON, for a few cases: soon written, and longer than the module that members embed.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn tried(plan: &Plan) -> Result<Program, RunError> {
        let module = emit_named(plan, None, Limits::TRIED)?;
        Program::load(plan, module.bytes, module.layout, Calls::Few)
    }

    /// Compiles a plan to a module for batches.
    ///
    /// # Errors
    /// When the plan has no module.
    pub fn for_batches(plan: &Plan) -> Result<Program, RunError> {
        Program::for_batches_within(plan, Limits::COMPILED)
    }

    /// The same in functions within other limits.
    ///
    /// # Errors
    /// When the plan has no module, or none so small.
    pub fn for_batches_within(plan: &Plan, limits: Limits) -> Result<Program, RunError> {
        let module = emit_for_batches(plan, limits)?;
        let code = if module.simd { Code::Lanes } else { Code::RunsOn };
        let by_lanes = module.by_lanes;
        Program::start(plan, (module.bytes, module.layout), code, by_lanes)
    }

    pub(super) fn load(plan: &Plan, bytes: Vec<u8>, layout: Layout, calls: Calls) -> Result<Program, RunError> {
        Program::start(plan, (bytes, layout), calls.into(), false)
    }

    fn start(plan: &Plan, (bytes, layout): (Vec<u8>, Layout), code: Code, by_lanes: bool) -> Result<Program, RunError> {
        let program = Program::of(plan, (bytes, layout), code, by_lanes);
        program.module()?;
        Ok(program)
    }

    fn of(plan: &Plan, (bytes, layout): (Vec<u8>, Layout), code: Code, by_lanes: bool) -> Program {
        let inner = Inner { plan: plan.clone(), layout, bytes, code, module: OnceLock::new(), by_lanes };
        Program { inner: Arc::new(inner) }
    }

    /// An outcome of the interpreter with only the cells that come out of a module.
    #[must_use]
    pub fn visible(&self, outcome: &Outcome) -> Outcome {
        verdict_columns::visible(&self.inner.layout, outcome)
    }

    /// The module as the engine has it.
    pub(super) fn module(&self) -> Result<&Module, RunError> {
        if let Some(module) = self.inner.module.get() {
            return Ok(module);
        }
        let module = compiled(self.inner.code, &self.inner.bytes)?;
        if module.imports().next().is_some() {
            return Err(RunError::Module("it has imports".to_owned()));
        }
        Ok(self.inner.module.get_or_init(|| module))
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    /// Where everything lies.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.inner.layout
    }

    /// Whether it needs an engine with `simd128`.
    #[must_use]
    pub fn needs_simd(&self) -> bool {
        self.inner.code == Code::Lanes
    }

    /// Whether it works out sixteen rows of a batch at once.
    #[must_use]
    pub fn by_lanes(&self) -> bool {
        self.inner.by_lanes
    }

    /// The module's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// The SHA-256 of the module's bytes.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.inner.bytes).into()
    }
}
