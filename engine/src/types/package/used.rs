//! Packages as others see them.

use crate::names::Names;
use crate::plan::List;
use crate::text::Source;
use crate::types::package::subject::enum_types;
use crate::values::codes::Codes;
use crate::values::types::Type;

/// A package under the name that another gives it.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is called there.
    pub alias: String,
    /// Its place among all packages; nothing where it cannot be used, which is said at the `use`.
    pub package: Option<usize>,
}

/// A package that is sound by itself, so that others can use it.
#[derive(Debug)]
pub struct Used<'a> {
    /// `clinical.news2`
    pub path: String,
    /// Its text.
    pub source: &'a Source,
    /// Its declarations.
    pub names: &'a Names<'a>,
    /// Its enums.
    pub enums: Vec<Type>,
    /// The packages that it uses itself.
    pub imports: Vec<Import>,
    /// Its code lists.
    pub coded: Coded,
}

/// The code lists of a package.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// In the order of its declarations.
    pub lists: Vec<List>,
    /// The codes that it numbers by its own list.
    pub codes: Codes,
}

impl<'a> Used<'a> {
    /// A package with the names that it gives to others, and its code lists as its plan has them.
    #[must_use]
    pub fn new(path: String, source: &'a Source, names: &'a Names<'a>, imports: Vec<Import>, coded: Coded) -> Used<'a> {
        Used { path, source, names, enums: enum_types(names), imports, coded }
    }
}
