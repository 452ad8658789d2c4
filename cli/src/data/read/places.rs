//! Where the cases of one name stand: one, or one at each organisation that uses it.

/// The places of the cases of one name.
pub(super) struct Places {
    pub(super) first: usize,
    /// Those of other organisations; hardly ever any.
    pub(super) more: Vec<usize>,
}

impl Places {
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}
