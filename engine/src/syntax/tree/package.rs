//! The package header.

use super::{Date, Expr, Name, Path};
use crate::text::{Span, Spanned};

/// The package header.
#[derive(Clone, Debug)]
pub struct Package {
    /// Text of the `///` lines above it.
    pub doc: String,
    /// `clinical.news2`.
    pub path: Path,
    /// Its entries in order.
    pub entries: Vec<Meta>,
    /// From `package` to the closing brace.
    pub span: Span,
}

/// One entry of the package header; each keeps its span for the checks of governance metadata.
#[derive(Clone, Debug)]
pub struct Meta {
    /// What it says.
    pub kind: MetaKind,
    /// Where.
    pub span: Span,
}

/// The entries a header can have.
#[derive(Clone, Debug)]
pub enum MetaKind {
    /// `version 1.0.0`
    Version(String),
    /// `title "…"`
    Title(String),
    /// `source rcp "…" [unverified]`
    Source { id: Name, citation: String, unverified: bool },
    /// `owner "…"`
    Owner(String),
    /// `use audit | operational | advisory`
    Use(Name),
    /// `status draft`
    StatusDraft,
    /// `status approved by "…" on 2026-04-01`
    StatusApproved { by: String, on: Spanned<Date> },
    /// `in force from DATE [until DATE]`
    InForce { from: Spanned<Date>, until: Option<Spanned<Date>> },
    /// `review by DATE`
    ReviewBy(Spanned<Date>),
    /// `hazard "H-02" "missing observation scored as 0"`
    Hazard { id: String, text: String },
    /// `judged on first Referral`: the instant or date that says which dated figures hold for a case
    JudgedOn(Expr),
    /// `supersedes clinical.news`
    Supersedes(Path),
}
