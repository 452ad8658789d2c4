//! One package: read, checked and proved.

use std::collections::BTreeMap;

use super::graph::Link;
use super::texts::{Parsed, Texts};
use super::{Compiled, Unit, follows};
use crate::checks;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::names::{Names, Whole};
use crate::plan::bound::most_events;
use crate::plan::{library, merge_rows};
use crate::syntax::tree;
use crate::text::Span;
use crate::types::{self, AsRead, Coded, Elaborated, Import, Used};

/// A package with its names, before its plan is worked out.
#[derive(Debug)]
pub(super) struct ReadPackage<'a> {
    unit: &'a Unit,
    rule: &'a Parsed,
    names: Names<'a>,
    /// What it uses.
    pub links: &'a [Link],
    /// Whether another package of the run uses it.
    used: bool,
    /// What is wrong with its names.
    pub faults: Vec<Diagnostic>,
}

impl<'a> ReadPackage<'a> {
    pub fn read(
        unit: &'a Unit,
        links: &'a [Link],
        used: bool,
        (texts, whole): (&'a Texts, Option<&'a Whole>),
    ) -> ReadPackage<'a> {
        let rule = texts.parsed(unit.rule);
        let mut faults = Vec::new();
        let names = Names::collect(&rule.file, whole, &mut faults);
        ReadPackage { unit, rule, names, links, used, faults }
    }

    /// How much text it has, with its cases.
    pub fn bytes(&self, texts: &Texts) -> usize {
        let Unit { rule, cases, .. } = self.unit;
        [rule].into_iter().chain(cases).map(|place| texts.source(*place).text.len()).sum()
    }

    /// Its plan, where nothing is wrong, and its code lists; `told` is what is wrong with its names and with what it uses.
    pub fn compile(
        &self,
        texts: &Texts,
        imports: &[Import],
        packages: &BTreeMap<usize, Used<'_>>,
        told: Vec<Diagnostic>,
    ) -> (Compiled, Coded) {
        let Unit { rule, cases, members, .. } = self.unit;
        let places: Vec<u32> = [*rule].iter().chain(cases).chain(members).copied().collect();
        let mut diagnostics: Vec<Diagnostic> =
            places.iter().flat_map(|place| texts.parsed(*place).faults.iter().cloned()).collect();
        let unread: Vec<Span> = diagnostics.iter().map(|d| d.primary.span).collect();
        let too_large = diagnostics.iter().any(|d| d.code == codes::E0106);
        let header = if too_large { None } else { types::header(&self.rule.file, *rule, &mut diagnostics) };
        let elaborated = header.map(|header| {
            diagnostics.extend(told);
            let mut elaborated = self.elaborate(texts, imports, packages, header, &mut diagnostics);
            checks::check(&elaborated, &unread, &mut diagnostics);
            // Where something is wrong, a name that stands idle may only have been misspelt where it is used.
            let wrong = diagnostics.iter().any(|d| d.severity == Severity::Error);
            if !wrong && !self.used {
                checks::unused(&self.rule.file, *rule, texts.source(*rule), &mut diagnostics);
            }
            let plan = &mut elaborated.package.plan;
            merge_rows(plan);
            plan.fewer_events = most_events(plan);
            elaborated
        });
        follows::leave_out(&mut diagnostics, texts, (*rule, self.header()), &unread);
        let rank = |d: &Diagnostic| places.iter().position(|place| *place == d.primary.span.source);
        diagnostics.sort_by_key(|d| (rank(d), d.primary.span.start, d.code));
        diagnostics.dedup();
        follows::unanswered_once(&mut diagnostics);
        let sound = diagnostics.iter().all(|d| d.severity < Severity::Error);
        let Some(Elaborated { package, cases, seen, .. }) = elaborated else {
            return (Compiled { diagnostics, ..Compiled::default() }, Coded::default());
        };
        let coded = Coded { lists: package.plan.lists.to_vec(), codes: package.plan.codes.clone() };
        (Compiled { package: Some(package).filter(|_| sound), cases, diagnostics, seen }, coded)
    }

    fn elaborate(
        &self,
        texts: &Texts,
        imports: &[Import],
        packages: &BTreeMap<usize, Used<'_>>,
        credentials: library::Credentials,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Elaborated {
        let Unit { rule, cases, members, files, .. } = self.unit;
        let cases: Vec<&[tree::Example]> = cases.iter().map(|place| texts.parsed(*place).cases.as_slice()).collect();
        let members: Vec<&tree::File> = members.iter().map(|place| &texts.parsed(*place).file).collect();
        let read = AsRead {
            asked: false,
            file: &self.rule.file,
            source: texts.source(*rule),
            sources: texts.sources(),
            names: &self.names,
            credentials,
            cases: &cases,
            members: &members,
            files,
            imports,
            packages,
        };
        types::elaborate(read, diagnostics)
    }

    /// What is wrong with the package itself, whatever its cases and members' settings say.
    pub fn first_error<'d>(&self, compiled: &'d Compiled) -> Option<&'d Diagnostic> {
        let own = |d: &&Diagnostic| d.severity == Severity::Error && d.primary.span.source == self.unit.rule;
        compiled.diagnostics.iter().find(own)
    }

    /// The package as others use it.
    pub fn as_used(&'a self, texts: &'a Texts, imports: Vec<Import>, coded: Coded) -> Used<'a> {
        let path = texts.path(self.unit.rule).unwrap_or_default();
        Used::new(path, texts.source(self.unit.rule), &self.names, imports, coded)
    }

    fn header(&self) -> Option<Span> {
        self.rule.file.package.as_ref().map(|header| header.span)
    }
}
