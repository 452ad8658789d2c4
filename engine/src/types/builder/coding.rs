//! The codes of a package while its text is read, and those of the example that is being read.

use crate::plan::List;
use crate::values::codes::{Codebook, Codes};

/// Where the codes go that do not pack.
#[derive(Debug, Default)]
pub(in crate::types) struct Coding {
    /// Those that the package names.
    pub package: Codes,
    /// Those that only the example brings; nothing while it is the package that is read.
    pub example: Option<Codes>,
}

impl Coding {
    /// The number of a code; none where it is no code.
    pub fn number(&mut self, code: &str) -> Option<i64> {
        match &mut self.example {
            Some(case) => Codebook { package: &self.package, case }.number(code),
            None => self.package.number(code),
        }
    }

    /// The values of another package's list, in this package's numbers.
    pub fn taken_over(&mut self, list: &List, codes: &Codes) -> Vec<i64> {
        let number = |value: &i64| codes.text(*value).and_then(|code| self.package.number(code)).unwrap_or(*value);
        let mut values: Vec<i64> = list.values.iter().map(number).collect();
        values.sort_unstable();
        values
    }
}
