//! A choice of an enum, called by its name.

use crate::plan::{Expr, Op, Shape};
use crate::types::Typed;
use crate::types::builder::seen::Meaning;
use crate::values::types::Type;

/// A choice of an enum by name.
pub(in crate::types) fn choice(ty: &Type, name: &str) -> Option<(Typed, Meaning)> {
    let Type::Enum { variants, .. } = ty else {
        return None;
    };
    let index = variants.iter().position(|v| v == name)?;
    let variant = u8::try_from(index).ok()?;
    let shape = Shape::set(i64::try_from(variants.len()).unwrap_or(63));
    Some((Typed { expr: Expr { op: Op::Choice(variant), shape }, ty: ty.clone() }, Meaning::Choice(variant)))
}
