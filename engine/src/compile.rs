//! The front door: rule text in, checked plan and messages out.

use crate::checks;
use crate::diagnostics::{Diagnostic, Severity};
use crate::names::Names;
use crate::plan::Plan;
use crate::plan::library::Example;
use crate::syntax;
use crate::text::Source;
use crate::types;

/// What came of compiling one package.
#[derive(Debug)]
pub struct Compiled {
    /// The plan, if nothing was wrong.
    pub plan: Option<Plan>,
    /// Examples from the cases beside the rule, in order.
    pub cases: Vec<Example>,
    /// All messages, in order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A text with cases beside a rule: a Markdown file whose `case` blocks are example bodies.
#[derive(Clone, Copy, Debug)]
pub struct CaseFile<'a> {
    /// Its place in the list of sources.
    pub index: u32,
    /// The text.
    pub source: &'a Source,
}

/// Compiles a package file, together with the case files beside it.
///
/// `index` is the package file's place in the caller's list of sources; spans refer to it.
#[must_use]
pub fn compile(index: u32, source: &Source, case_files: &[CaseFile<'_>]) -> Compiled {
    compile_with(index, source, &Beside { cases: case_files, files: &[] })
}

/// What stands beside a rule file.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Files of cases.
    pub cases: &'a [CaseFile<'a>],
    /// Other files that the rule may name, such as code lists: name and text.
    pub files: &'a [(String, String)],
}

/// The same, with the files that the rule may name.
#[must_use]
pub fn compile_with(index: u32, source: &Source, beside: &Beside<'_>) -> Compiled {
    let (mut file, mut diagnostics) = syntax::parse(index, &source.text);
    let from_file = file
        .items
        .iter()
        .filter(|i| matches!(i, syntax::tree::Item::Example(_)))
        .count();
    for cases in beside.cases {
        let (examples, faults) = syntax::parse_cases(cases.index, &cases.source.text);
        file.items
            .extend(examples.into_iter().map(syntax::tree::Item::Example));
        diagnostics.extend(faults);
    }
    let readable = diagnostics.iter().all(|d| d.severity < Severity::Error);
    let package = types::header(&file, &mut diagnostics);
    let mut plan = None;
    let mut cases = Vec::new();
    if let Some(package) = package {
        let names = Names::collect(&file, &mut diagnostics);
        let elaborated = types::elaborate(&file, source, &names, package, beside.files, &mut diagnostics);
        checks::check(&elaborated, &mut diagnostics);
        let mut built = elaborated.plan;
        cases = built
            .examples
            .split_off(from_file.min(built.examples.len()));
        plan = Some(built);
    }
    diagnostics.sort_by_key(|d| (d.primary.span.source, d.primary.span.start, d.code));
    diagnostics.dedup();
    let sound = readable && diagnostics.iter().all(|d| d.severity < Severity::Error);
    Compiled {
        plan: plan.filter(|_| sound),
        cases,
        diagnostics,
    }
}
