//! Members and their settings.

use super::{Date, Expr, Name, Path};
use crate::text::{Span, Spanned};

/// A member's settings.
#[derive(Clone, Debug)]
pub struct Member {
    /// The organisation code, `RRF`.
    pub code: Spanned<String>,
    /// Its name.
    pub title: String,
    /// `membership associate`
    pub tier: Option<Name>,
    /// The settings.
    pub settings: Vec<Setting>,
    /// Whole declaration.
    pub span: Span,
}

/// `acute.sepsis.antibiotics_within = 45 min because "…" approved by "…" on DATE until DATE`
#[derive(Clone, Debug)]
pub struct Setting {
    /// Package path and the parameter's name.
    pub target: Path,
    /// The value.
    pub value: Expr,
    /// Required.
    pub because: Option<String>,
    /// Required.
    pub approved_by: Option<(String, Spanned<Date>)>,
    /// When the approval ends.
    pub until: Option<Spanned<Date>>,
    /// Whole setting.
    pub span: Span,
}
