//! A member's own script over a row, where a declaration is not enough: `fn row(r)`, sandboxed and limited.
//!
//! The script gets a map from column to text and returns the map to use, or `()` or a reason (a string) to leave the row
//! out. It has no files, no clock and no state from row to row, and it stops at fixed limits.

use rhai::packages::{Package, StandardPackage};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, FLOAT, INT, Map, Position, Scope};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most operations a row may take.
const MAX_OPERATIONS: u64 = 100_000;
/// The most elements of a list or a map: what they hold is counted again at each operation.
const MAX_ELEMENTS: usize = 2_000;
/// The longest text, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// A script, compiled.
pub struct RowScript {
    engine: Engine,
    ast: AST,
    /// What the row has taken so far.
    operations: Arc<AtomicU64>,
}

/// What a script says of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptAnswer {
    /// Use this row.
    Row(BTreeMap<String, String>),
    /// Leave it out, for this reason.
    LeftOut(String),
}

/// Why a script gives no answer. What it was working on is never part of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptFault {
    /// It took too long, or too much.
    Limit,
    /// It failed.
    Failed,
    /// What it returned is no answer.
    NoAnswer,
}

impl ScriptFault {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            ScriptFault::Limit => "the mapping's script reached a limit on the row",
            ScriptFault::Failed => "the mapping's script failed on the row",
            ScriptFault::NoAnswer => "the mapping's script returned neither a map, nor a reason, nor ()",
        }
    }
}

impl RowScript {
    /// Compiles a script.
    ///
    /// # Errors
    /// What the compiler says, with line and column.
    pub fn compile(text: &str) -> Result<RowScript, String> {
        let mut engine = Engine::new_raw();
        StandardPackage::new().register_into_engine(&mut engine);
        without_sleep(&mut engine);
        let operations = Arc::new(AtomicU64::new(0));
        let so_far = operations.clone();
        // The engine begins to count anew in each call of a function from within `map`, `filter`, `sort` and their like.
        engine.on_progress(move |_| {
            let is_more = so_far.fetch_add(1, Ordering::Relaxed) >= MAX_OPERATIONS;
            is_more.then_some(Dynamic::UNIT)
        });
        engine
            .set_max_operations(MAX_OPERATIONS)
            .set_max_call_levels(16)
            .set_max_expr_depths(64, 32)
            .set_max_string_size(MAX_TEXT)
            .set_max_array_size(MAX_ELEMENTS)
            .set_max_map_size(MAX_ELEMENTS)
            .set_max_variables(1_000)
            .set_max_functions(200)
            .disable_symbol("eval")
            .set_strict_variables(true);
        let ast = engine.compile(text).map_err(|error| error.to_string())?;
        let has_row = ast.iter_functions().any(|f| f.name == "row" && f.params.len() == 1);
        if has_row {
            Ok(RowScript { engine, ast, operations })
        } else {
            Err("the script has no `fn row(r)`".to_owned())
        }
    }

    /// Asks the script about a row.
    ///
    /// # Errors
    /// The kind of failure; never the row's values.
    pub fn row(&self, columns: &[String], values: &[String]) -> Result<ScriptAnswer, ScriptFault> {
        let pairs = columns.iter().zip(values);
        let map: Map = pairs.map(|(column, value)| (column.as_str().into(), value.clone().into())).collect();
        let options = CallFnOptions::new().eval_ast(false);
        self.operations.store(0, Ordering::Relaxed);
        let answer: Dynamic = self
            .engine
            .call_fn_with_options(options, &mut Scope::new(), &self.ast, "row", (map,))
            .map_err(|error| fault(&error))?;
        if answer.is_unit() {
            return Ok(ScriptAnswer::LeftOut("left out by the mapping's script".to_owned()));
        }
        if answer.is_string() {
            // It is a string, as was just asked.
            return Ok(ScriptAnswer::LeftOut(answer.into_string().unwrap_or_default()));
        }
        let map = answer.try_cast::<Map>().ok_or(ScriptFault::NoAnswer)?;
        let texts = map.into_iter().map(|(column, value)| (column.to_string(), value.to_string()));
        Ok(ScriptAnswer::Row(texts.collect()))
    }
}

/// Takes `sleep` away, which costs time and no operations.
fn without_sleep(engine: &mut Engine) {
    fn none() -> Result<(), Box<EvalAltResult>> {
        Err(EvalAltResult::ErrorFunctionNotFound("sleep".to_owned(), Position::NONE).into())
    }
    engine.register_fn("sleep", |_: INT| none()).register_fn("sleep", |_: FLOAT| none());
}

/// Whether a failure is a limit that was reached.
fn fault(error: &EvalAltResult) -> ScriptFault {
    match error.unwrap_inner() {
        EvalAltResult::ErrorTooManyOperations(_)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorDataTooLarge(..)
        | EvalAltResult::ErrorStackOverflow(_)
        | EvalAltResult::ErrorTerminated(..) => ScriptFault::Limit,
        _ => ScriptFault::Failed,
    }
}
