//! Names, paths of names, and citations of sources.

use crate::text::{Span, Spanned};

/// An identifier as written.
pub type Name = Spanned<String>;

/// `clinical.news2` or `news2.total`: one or more names joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// At least one part.
    pub parts: Vec<Name>,
    /// The whole path.
    pub span: Span,
}

impl Path {
    /// As written, without white space: `news2.total`.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.node.as_str()).collect::<Vec<_>>().join(".")
    }
}

/// `source rcp "table 3"`
#[derive(Clone, Debug)]
pub struct Citation {
    /// The id given in the package header.
    pub id: Name,
    /// Where in the source.
    pub place: Option<String>,
    /// `unverified`
    pub unverified: bool,
}
