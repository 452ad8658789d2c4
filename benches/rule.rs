//! NEWS2 as the library has it: the rule file, compiled.

use concord_engine::compile::compile;
use concord_engine::plan::Plan;
use concord_engine::text::Source;

/// The rule file's plan.
///
/// # Errors
/// With the messages of the compiler, one a line.
pub fn news2_plan() -> Result<Plan, String> {
    let text = include_str!("../rules/clinical/news2/news2.concord").to_owned();
    let compiled = compile(&Source { name: "news2.concord".to_owned(), text });
    let diagnostics = compiled.diagnostics;
    let messages = || diagnostics.iter().map(|d| format!("{}: {}\n", d.code.0, d.title)).collect();
    compiled.package.map(|package| package.plan).ok_or_else(messages)
}
