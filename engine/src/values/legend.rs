//! What the numbers of codes in a case stand for.

use super::codes::{Codes, unpack};
use super::types::Type;

/// The codes that are listed.
#[derive(Clone, Copy, Debug)]
pub struct Legend<'a> {
    /// By the package.
    pub package: &'a Codes,
    /// By the case.
    pub case: &'a Codes,
}

impl Legend<'_> {
    /// The code of a number.
    #[must_use]
    pub fn code(&self, value: i64) -> String {
        let listed = self.package.text(value).or_else(|| self.case.text_of_case(value));
        listed.map_or_else(|| unpack(value), str::to_owned)
    }

    /// A value of any type, as [`Type::show`] has it.
    #[must_use]
    pub fn show(&self, ty: &Type, value: i64) -> String {
        if *ty == Type::Code { self.code(value) } else { ty.show(value) }
    }
}
