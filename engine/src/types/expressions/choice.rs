//! A choice of an enum, called by its name.

use crate::plan::{Expr, Op};
use crate::types::Typed;
use crate::types::builder::seen::Meaning;
use crate::types::package::declared_type::{MOST_CHOICES, choice_shape};
use crate::values::types::Type;

/// A choice of an enum by name.
pub(in crate::types) fn choice(ty: &Type, name: &str) -> Option<(Typed, Meaning)> {
    let Type::Enum { variants, .. } = ty else {
        return None;
    };
    let index = variants.iter().position(|v| v == name)?;
    // Where there are more, that is said once, and of none of them that it does not exist.
    let variant = u8::try_from(index.min(MOST_CHOICES - 1)).ok()?;
    let expr = Expr { op: Op::Choice(variant), shape: choice_shape(ty) };
    Some((Typed { expr, ty: ty.clone() }, Meaning::Choice(variant)))
}
