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
#[derive(Debug, Default)]
pub struct Compiled {
    /// The plan, if nothing was wrong.
    pub plan: Option<Plan>,
    /// Examples from the cases beside the rule, in order.
    pub cases: Vec<Example>,
    /// All messages, in order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What is at each place of the text: types, ranges and what names mean.
    pub seen: types::SideTable,
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
    compile_with(index, source, &Beside { cases: case_files, files: &[], packages: &[], members: &[] })
}

/// What stands beside a rule file.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Files of cases.
    pub cases: &'a [CaseFile<'a>],
    /// Other files that the rule may name, such as code lists: name and text.
    pub files: &'a [(String, String)],
    /// Other packages that the rule may use.
    pub packages: &'a [Source],
    /// Files of members' settings: each with its place in the caller's list of sources.
    pub members: &'a [CaseFile<'a>],
}

/// The same, with the files that the rule may name.
#[must_use]
pub fn compile_with(index: u32, source: &Source, beside: &Beside<'_>) -> Compiled {
    let (mut file, mut diagnostics) = syntax::parse(index, &source.text);
    let from_file = file.items.iter().filter(|i| matches!(i, syntax::tree::Item::Example(_))).count();
    for cases in beside.cases {
        let (examples, faults) = syntax::parse_cases(cases.index, &cases.source.text);
        file.items.extend(examples.into_iter().map(syntax::tree::Item::Example));
        diagnostics.extend(faults);
    }
    for members in beside.members {
        let (settings, faults) = syntax::parse(members.index, &members.source.text);
        file.items.extend(settings.items.into_iter().filter(|i| matches!(i, syntax::tree::Item::Member(_))));
        diagnostics.extend(faults);
    }
    let readable = diagnostics.iter().all(|d| d.severity < Severity::Error);
    if diagnostics.iter().any(|d| d.code == codes::E0106) {
        return Compiled { diagnostics, ..Compiled::default() };
    }
    let unread: Vec<Span> = diagnostics.iter().map(|d| d.primary.span).collect();
    let package = types::header(&file, &mut diagnostics);
    let mut plan = None;
    let mut cases = Vec::new();
    let mut seen = types::SideTable::default();
    if let Some(package) = package {
        let names = Names::collect(&file, &mut diagnostics);
        let used = used_files(&file, beside.packages, &mut diagnostics);
        let mut ignored = Vec::new();
        let used_names: Vec<(String, Names<'_>)> =
            used.iter().map(|(alias, file)| (alias.clone(), Names::collect(file, &mut ignored))).collect();
        let imports: Vec<types::Import<'_>> =
            used_names.iter().map(|(alias, names)| types::Import { alias: alias.clone(), names }).collect();
        let read =
            types::AsRead { file: &file, source, names: &names, package, files: beside.files, imports: &imports };
        let elaborated = types::elaborate(read, &mut diagnostics);
        checks::check(&elaborated, &unread, &mut diagnostics);
        seen = elaborated.seen;
        let mut built = elaborated.plan;
        crate::plan::merge_rows(&mut built);
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
    Compiled { plan: plan.filter(|_| sound), cases, diagnostics, seen }
}

/// Whether a message only says that a declaration is missing which is there and could not be read: that was said already.
fn follows(diagnostic: &Diagnostic, source: &Source, header_unread: bool) -> bool {
    const DECLARE: [&str; 9] =
        ["define", "table", "enum", "event", "parameter", "obligation", "codes", "clock", "path"];
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

/// The packages named by `use`, read; one that is not there, or that has errors of its own, is reported.
fn used_files(
    file: &syntax::tree::File,
    packages: &[Source],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, syntax::tree::File)> {
    let mut used = Vec::new();
    for one in &file.uses {
        let path = dotted(&one.path);
        let found = packages.iter().find_map(|source| {
            let (file, faults) = syntax::parse(0, &source.text);
            let is_it = file.package.as_ref().is_some_and(|p| dotted(&p.path) == path);
            is_it.then_some((source, file, faults))
        });
        let sound = found
            .as_ref()
            .is_some_and(|(source, _, faults)| faults.is_empty() && compile(0, source, &[]).plan.is_some());
        if !sound {
            let label = if found.is_some() { "has errors of its own" } else { "not found" };
            let fault =
                Diagnostic::error(codes::E0317, one.span, format!("the package `{path}` cannot be used"), label);
            diagnostics.push(fault.help("a package is found in the folders of its path: clinical.news2 in clinical/news2; `concord check` says what is wrong with it"));
            continue;
        }
        let alias = one.alias.as_ref().or(one.path.parts.last()).map(|n| n.node.clone()).unwrap_or_default();
        used.extend(found.map(|(_, file, _)| (alias, file)));
    }
    used
}

fn dotted(path: &syntax::tree::Path) -> String {
    path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".")
}
