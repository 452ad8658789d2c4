//! Parameters, and what members may do with them.

use super::{Citation, Dated, Expr, Name, TypeExpr};
use crate::text::Span;

/// `parameter antibiotics_within : duration = 1 h  local 15 min..1 h "reason"`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// The group's value; a locally required parameter has none. Several with dates of effect.
    pub values: Vec<Dated<Expr>>,
    /// Who may set it; fixed when absent.
    pub local: Option<Local>,
    /// `unverified` written after the value.
    pub unverified: bool,
    /// `source ID ["place"]`
    pub source: Option<Citation>,
    /// Whole declaration.
    pub span: Span,
}

/// A parameter's contract with members.
#[derive(Clone, Debug)]
pub struct Local {
    /// What is allowed.
    pub kind: LocalKind,
    /// `for full, associate`: the tiers that may set it; empty: all.
    pub tiers: Vec<Name>,
    /// The reason shown to members.
    pub reason: Option<String>,
    /// Where.
    pub span: Span,
}

/// What a member may do with a parameter.
#[derive(Clone, Debug)]
pub enum LocalKind {
    /// `local 15 min..1 h`, `local 07:00..10:00`
    Range(Expr, Expr),
    /// `local stricter lower` or `local stricter higher`: only in that direction from the group's value
    Stricter(Name),
    /// `local required`
    Required,
    /// `local any`: any value of its type
    Any,
}
