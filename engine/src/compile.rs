//! The front door: rule text in, checked plan and messages out.

use crate::checks;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::names::Names;
use crate::plan::Plan;
use crate::plan::library::Example;
use crate::syntax;
use crate::text::{Source, Span};
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
    let (mut file, mut diagnostics) = syntax::parse(index, &source.text);
    let from_file = file.items.iter().filter(|i| matches!(i, syntax::tree::Item::Example(_))).count();
    for cases in case_files {
        let (examples, faults) = syntax::parse_cases(cases.index, &cases.source.text);
        file.items.extend(examples.into_iter().map(syntax::tree::Item::Example));
        diagnostics.extend(faults);
    }
    let readable = diagnostics.iter().all(|d| d.severity < Severity::Error);
    if diagnostics.iter().any(|d| d.code == codes::E0106) {
        return Compiled { plan: None, cases: Vec::new(), diagnostics };
    }
    let unread: Vec<Span> = diagnostics.iter().map(|d| d.primary.span).collect();
    let package = types::header(&file, &mut diagnostics);
    let mut plan = None;
    let mut cases = Vec::new();
    if let Some(package) = package {
        let names = Names::collect(&file, &mut diagnostics);
        let elaborated = types::elaborate(&file, source, &names, package, &mut diagnostics);
        checks::check(&elaborated, &unread, &mut diagnostics);
        let mut built = elaborated.plan;
        cases = built.examples.split_off(from_file.min(built.examples.len()));
        plan = Some(built);
    }
    if !readable {
        let header = file.package.as_ref().map(|p| p.span);
        let header_unread = header.is_some_and(|header| unread.iter().any(|u| header.covers(*u)));
        diagnostics.retain(|d| !follows(d, source, header_unread));
    }
    diagnostics.sort_by_key(|d| (d.primary.span.source, d.primary.span.start, d.code));
    diagnostics.dedup();
    let sound = readable && diagnostics.iter().all(|d| d.severity < Severity::Error);
    Compiled { plan: plan.filter(|_| sound), cases, diagnostics }
}

/// Whether a message only says that a declaration is missing which is there and could not be read: that was said already.
fn follows(diagnostic: &Diagnostic, source: &Source, header_unread: bool) -> bool {
    const DECLARE: [&str; 8] = ["define", "table", "enum", "event", "parameter", "obligation", "codes", "clock"];
    if header_unread && [codes::E0701, codes::E0705, codes::E0706].contains(&diagnostic.code) {
        return true;
    }
    if ![codes::E0303, codes::E0307, codes::E0311].contains(&diagnostic.code) {
        return false;
    }
    let span = diagnostic.primary.span;
    let name = source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let words = source.text.split_whitespace();
    words.clone().zip(words.skip(1)).any(|(word, next)| {
        let declared = DECLARE.contains(&word) && next.trim_end_matches(':') == name;
        declared || (next.starts_with(':') && word == name) || word.strip_suffix(':') == Some(name)
    })
}
