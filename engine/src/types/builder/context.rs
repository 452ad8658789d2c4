//! What a package's text gives to go by. Nothing here can be changed while types are worked out.

use crate::names::Names;
use crate::syntax::tree;
use crate::text::{Source, Span};
use crate::types::{AsRead, Import};
use crate::values::types::Type;

/// Text, names and what stands beside the package; of another package while its declarations are worked out in place.
#[derive(Clone, Copy, Debug)]
pub(in crate::types) struct Context<'a> {
    file: &'a tree::File,
    source: &'a Source,
    names: &'a Names<'a>,
    enums: &'a [Type],
    imports: &'a [Import<'a>],
    /// The enums of each of the packages used.
    imported_enums: &'a [Vec<Type>],
    files: &'a [(String, String)],
    import: Option<usize>,
}

impl<'a> Context<'a> {
    /// A package as read; its enums are given once they are known.
    pub fn new(read: &AsRead<'a>) -> Context<'a> {
        Context {
            file: read.file,
            source: read.source,
            names: read.names,
            enums: &[],
            imports: read.imports,
            imported_enums: &[],
            files: read.files,
            import: None,
        }
    }

    /// The same with enums: its own, and those of the packages it uses.
    pub fn with_enums(self, enums: &'a [Type], imported_enums: &'a [Vec<Type>]) -> Context<'a> {
        Context { enums, imported_enums, ..self }
    }

    /// The declarations of a package that this one uses.
    pub fn of_import(self, import: usize) -> Option<Context<'a>> {
        let names = self.imports.get(import)?.names;
        let enums = self.imported_enums.get(import)?;
        Some(Context { names, enums, import: Some(import), ..self })
    }

    /// The package whose declarations these are, where it is another.
    pub fn import(self) -> Option<usize> {
        self.import
    }

    /// Declarations by name.
    pub fn names(self) -> &'a Names<'a> {
        self.names
    }

    /// Enums, in the order of the names.
    pub fn enums(self) -> &'a [Type] {
        self.enums
    }

    /// Packages that this one uses.
    pub fn imports(self) -> &'a [Import<'a>] {
        self.imports
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

    /// The source text of a span on one line, runs of white space folded.
    pub fn words(self, span: Span) -> String {
        let (start, end) = (span.start as usize, span.end as usize);
        let text = self.source.text.get(start..end).unwrap_or_default();
        let text = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
