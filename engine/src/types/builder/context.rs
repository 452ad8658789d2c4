//! What a package's text gives to go by. Nothing here can be changed while types are worked out.

use crate::plan::Kinds;
use std::collections::BTreeMap;

use crate::names::{Names, Owner};
use crate::syntax::tree;
use crate::text::{Source, Span};
use crate::types::{AsRead, Import, Used};
use crate::values::types::Type;

/// Text, names and what stands beside the package; of another package while its declarations are worked out in place.
#[derive(Clone, Copy, Debug)]
pub(in crate::types) struct Context<'a> {
    file: &'a tree::File,
    source: &'a Source,
    sources: &'a [Source],
    names: &'a Names<'a>,
    enums: &'a [Type],
    /// The packages that this one uses.
    imports: &'a [Import],
    /// All packages that can be used, by place.
    packages: &'a BTreeMap<usize, Used<'a>>,
    files: &'a [(String, String)],
    inlining: Option<Inlining>,
    /// The packages whose subject this one takes over.
    owners: &'a [Owner],
}

/// Where another package's declarations are worked out in place.
#[derive(Clone, Copy, Debug)]
pub(in crate::types) struct Inlining {
    /// Whose they are.
    pub package: usize,
    /// For each event of which kinds; nothing where there is no current event.
    pub kinds: Option<Kinds>,
    /// How many declarations of other packages are being worked out inside one another.
    pub depth: usize,
}

impl<'a> Context<'a> {
    /// A package as read; its enums are given once they are known.
    pub fn new(read: &AsRead<'a>) -> Context<'a> {
        Context {
            file: read.file,
            source: read.source,
            sources: read.sources,
            names: read.names,
            enums: &[],
            imports: read.imports,
            packages: read.packages,
            files: read.files,
            inlining: None,
            owners: read.names.owners,
        }
    }

    /// The same with its enums.
    pub fn with_enums(self, enums: &'a [Type]) -> Context<'a> {
        Context { enums, ..self }
    }

    /// The declarations of another package, for each event of some kinds or for no event.
    pub fn of_package(self, package: usize, kinds: Option<Kinds>) -> Option<Context<'a>> {
        let used = self.package(package)?;
        let depth = self.inlining.map_or(0, |outer| outer.depth);
        let inlining = Some(Inlining { package, kinds, depth });
        let Used { source, names, enums, imports, .. } = used;
        Some(Context { source, names, enums, imports, inlining, ..self })
    }

    /// The same, inside one more declaration of another package.
    pub fn deeper(self) -> Context<'a> {
        let inlining = self.inlining.map(|outer| Inlining { depth: outer.depth + 1, ..outer });
        Context { inlining, ..self }
    }

    /// Whose declarations these are, where they are another package's.
    pub fn inlining(self) -> Option<Inlining> {
        self.inlining
    }

    /// Whether a package's subject is taken over by the one that is compiled, so that its cases are the cases here.
    pub fn takes_over(self, package: usize) -> bool {
        self.owners.iter().any(|owner| owner.package == package)
    }

    /// Whether what is worked out is said of the cases of the package that is compiled: its own declarations, and those of a package whose
    /// subject it takes over.
    pub fn of_this_case(self) -> bool {
        self.inlining.is_none_or(|of| of.kinds.is_none() && self.takes_over(of.package))
    }

    /// The other package whose declarations these are.
    pub fn other(self) -> Option<usize> {
        self.inlining.map(|of| of.package)
    }

    /// Declarations by name.
    pub fn names(self) -> &'a Names<'a> {
        self.names
    }

    /// Enums, in the order of the names.
    pub fn enums(self) -> &'a [Type] {
        self.enums
    }

    /// The package that goes by a name here.
    pub fn import_called(self, alias: &str) -> Option<&'a Import> {
        self.imports.iter().find(|import| import.alias == alias)
    }

    /// A package that can be used.
    pub fn package(self, package: usize) -> Option<&'a Used<'a>> {
        self.packages.get(&package)
    }

    /// The lines of the package header.
    pub fn header(self) -> impl DoubleEndedIterator<Item = &'a tree::Meta> {
        self.file.package.iter().flat_map(|header| &header.entries)
    }

    /// Declarations in the order of the text.
    pub fn items(self) -> &'a [tree::Item] {
        &self.file.items
    }

    /// The text of a file beside the rule.
    pub fn beside(self, name: &str) -> Option<&'a str> {
        self.files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str())
    }

    /// The text into which a span points: that of the rule, or of a file beside it.
    fn text(self, span: Span) -> &'a str {
        let place = usize::try_from(span.source).ok();
        let found = place.and_then(|place| self.sources.get(place));
        found.map_or(self.source.text.as_str(), |source| source.text.as_str())
    }

    /// The source text after a span.
    pub fn after(self, span: Span) -> &'a str {
        self.text(span).get(span.end as usize..).unwrap_or_default()
    }

    /// Whether a span goes over more than one line of the text.
    pub fn has_several_lines(self, span: Span) -> bool {
        let text = self.text(span).get(span.start as usize..span.end as usize);
        text.is_some_and(|text| text.contains('\n'))
    }

    /// The source text of a span on one line, runs of white space folded.
    pub fn words(self, span: Span) -> String {
        self.words_with(span, &[])
    }

    /// The same with more put in at some places, in their order.
    pub fn words_with(self, span: Span, more: &[(u32, &str)]) -> String {
        let (start, end) = (span.start as usize, span.end as usize);
        let mut text = self.text(span).get(start..end).unwrap_or_default().to_owned();
        for (place, said) in more.iter().rev() {
            let at = place.saturating_sub(span.start) as usize;
            if text.is_char_boundary(at) {
                text.insert_str(at, said);
            }
        }
        let text = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
