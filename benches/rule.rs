//! Rule files, compiled: NEWS2 as the library has it, and others.

use concord_engine::compile::compile;
use concord_engine::plan::Plan;
use concord_engine::text::Source;

/// The rule file's plan.
///
/// # Errors
/// With the messages of the compiler, one a line.
pub fn news2_plan() -> Result<Plan, String> {
    compiled("news2.concord", include_str!("../rules/clinical/news2/news2.concord"))
}

/// The plan of a rule file.
///
/// # Errors
/// With the messages of the compiler, one a line.
pub fn compiled(name: &str, text: &str) -> Result<Plan, String> {
    let compiled = compile(&Source { name: name.to_owned(), text: text.to_owned() });
    let diagnostics = compiled.diagnostics;
    let messages = || diagnostics.iter().map(|d| format!("{}: {}\n", d.code.0, d.title)).collect();
    compiled.package.map(|package| package.plan).ok_or_else(messages)
}
