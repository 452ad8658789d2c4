//! The files of a run: each is parsed once, however many packages have it beside them or use it.

use super::Unit;
use crate::diagnostics::Diagnostic;
use crate::syntax::{self, tree};
use crate::text::{Source, Span, with_line_ends};

/// The files read in a run. A file is known by its place in the list of sources; spans refer to it.
#[derive(Debug, Default)]
pub struct Texts {
    sources: Vec<Source>,
    parsed: Vec<Parsed>,
    /// What stands for a file that was never read.
    nothing: (Source, Parsed),
}

/// What was read of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Parsed {
    /// Whether it is a file of cases.
    of_cases: bool,
    /// Its declarations, if it holds rules or members' settings.
    pub file: tree::File,
    /// Its examples, if it holds cases.
    pub cases: Vec<tree::Example>,
    /// What could not be read.
    pub faults: Vec<Diagnostic>,
}

/// What was read of a file of cases that was kept to be read later.
#[derive(Debug)]
pub struct CasesRead {
    index: u32,
    parsed: Parsed,
}

impl Parsed {
    pub fn rules(index: u32, text: &str) -> Parsed {
        let (file, faults) = syntax::parse(index, text);
        Parsed { of_cases: false, file, cases: Vec::new(), faults }
    }

    fn cases(index: u32, text: &str) -> Parsed {
        let (cases, faults) = syntax::parse_cases(index, text);
        Parsed { of_cases: true, file: tree::File::default(), cases, faults }
    }
}

impl Texts {
    /// Reads a file of rules or of members' settings.
    pub fn rules(&mut self, source: Source) -> u32 {
        let source = read_by_lines(source);
        let parsed = Parsed::rules(self.next(), &source.text);
        self.keep(source, parsed)
    }

    /// Reads a file of cases: Markdown whose `case` blocks are the bodies of examples.
    pub fn cases(&mut self, source: Source) -> u32 {
        let source = read_by_lines(source);
        let parsed = Parsed::cases(self.next(), &source.text);
        self.keep(source, parsed)
    }

    /// Keeps a file of cases to be read later, by [`Texts::read_cases`]: such files need nothing of each other.
    pub fn cases_later(&mut self, source: Source) -> u32 {
        self.keep(read_by_lines(source), Parsed { of_cases: true, ..Parsed::default() })
    }

    /// Reads a file of cases.
    #[must_use]
    pub fn read_cases(&self, index: u32) -> CasesRead {
        CasesRead { index, parsed: Parsed::cases(index, &self.source(index).text) }
    }

    /// Takes what was read of it.
    pub fn take_cases(&mut self, CasesRead { index, parsed }: CasesRead) {
        if let Some(place) = usize::try_from(index).ok().and_then(|index| self.parsed.get_mut(index)) {
            *place = parsed;
        }
    }

    /// All files, for showing messages.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The same, when nothing more is compiled.
    #[must_use]
    pub fn into_sources(self) -> Vec<Source> {
        self.sources
    }

    /// The package that a file declares: `clinical.news2`.
    #[must_use]
    pub fn path(&self, index: u32) -> Option<String> {
        self.parsed(index).file.package.as_ref().map(|package| package.path.text())
    }

    /// The packages that a file uses.
    pub fn uses(&self, index: u32) -> impl Iterator<Item = String> {
        self.parsed(index).file.uses.iter().map(|one| one.path.text())
    }

    /// The packages of which members set something in a file, and where each is named.
    pub fn set_by_members(&self, index: u32) -> impl Iterator<Item = (String, Span)> {
        let settings = self.parsed(index).file.items.iter().flat_map(|item| match item {
            tree::Item::Member(member) => member.settings.as_slice(),
            _ => &[],
        });
        settings.filter_map(|setting| {
            let (_, package) = setting.target.parts.split_last()?;
            let path: Vec<&str> = package.iter().map(|part| part.node.as_str()).collect();
            (!path.is_empty()).then(|| (path.join("."), setting.target.span))
        })
    }

    /// Whether a file holds what members set and is no package: it says nothing by itself.
    #[must_use]
    pub fn holds_settings(&self, index: u32) -> bool {
        let file = &self.parsed(index).file;
        file.package.is_none() && file.items.iter().any(|item| matches!(item, tree::Item::Member(_)))
    }

    /// The files that the code lists of a rule come from, as the rule names them.
    pub fn code_files(&self, index: u32) -> impl Iterator<Item = &str> {
        self.parsed(index).file.items.iter().filter_map(|item| match item {
            tree::Item::Codes(codes) => codes.file.as_ref().map(|file| file.node.as_str()),
            _ => None,
        })
    }

    /// The examples of a package as written, those of its rule file first, then the cases beside it.
    #[must_use]
    pub fn examples(&self, unit: &Unit) -> Vec<&tree::Example> {
        let own = self.parsed(unit.rule).file.items.iter().filter_map(|item| match item {
            tree::Item::Example(example) => Some(example),
            _ => None,
        });
        own.chain(unit.cases.iter().flat_map(|place| &self.parsed(*place).cases)).collect()
    }

    pub(super) fn parsed(&self, index: u32) -> &Parsed {
        usize::try_from(index).ok().and_then(|index| self.parsed.get(index)).unwrap_or(&self.nothing.1)
    }

    /// A file.
    #[must_use]
    pub fn source(&self, index: u32) -> &Source {
        usize::try_from(index).ok().and_then(|index| self.sources.get(index)).unwrap_or(&self.nothing.0)
    }

    /// The same files, one of them with another text.
    pub(super) fn with(&self, index: u32, source: Source) -> Texts {
        let mut texts = Texts { sources: self.sources.clone(), parsed: self.parsed.clone(), ..Texts::default() };
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        if let (Some(old), Some(parsed)) = (texts.sources.get_mut(place), texts.parsed.get_mut(place)) {
            let read = if parsed.of_cases { Parsed::cases } else { Parsed::rules };
            *parsed = read(index, &source.text);
            *old = source;
        }
        texts
    }

    fn next(&self) -> u32 {
        u32::try_from(self.sources.len()).unwrap_or(u32::MAX)
    }

    fn keep(&mut self, source: Source, parsed: Parsed) -> u32 {
        let index = self.next();
        self.sources.push(source);
        self.parsed.push(parsed);
        index
    }
}

fn read_by_lines(source: Source) -> Source {
    Source { text: with_line_ends(source.text), ..source }
}
