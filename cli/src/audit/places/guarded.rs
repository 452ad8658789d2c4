//! Counts that know how they may be told: exactly, or as small-number control has them.

use crate::audit::disclose::Disclosure;

/// What is counted exactly while cases go by, and told afterwards.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Guarded<T> {
    exact: T,
    protected: bool,
}

impl<T> Guarded<T> {
    /// Those that were counted; exact, as whoever counts on needs them.
    pub(in crate::audit) fn counted(&self) -> &T {
        &self.exact
    }

    /// The same, to be counted on.
    #[inline]
    pub(in crate::audit) fn counting(&mut self) -> &mut T {
        &mut self.exact
    }

    /// From now on they are told as small-number control has them: a share made of exact counts would tell them.
    pub(super) fn protect(&mut self) {
        self.protected = true;
    }

    /// Counts that are made of them, as they may be told, or what stands for one that is suppressed.
    pub(in crate::audit) fn told<const N: usize>(&self, made: impl FnOnce(&T) -> [u64; N]) -> [u64; N] {
        let exact = made(&self.exact);
        if self.protected { exact.map(|exact| Disclosure::On.stand_in(exact)) } else { exact }
    }
}

impl<T> From<T> for Guarded<T> {
    fn from(exact: T) -> Self {
        Guarded { exact, protected: false }
    }
}
