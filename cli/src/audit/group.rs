//! Where a case stands in a split.

use serde::{Deserialize, Serialize};

/// The place of a case, in the order in which groups are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    /// A text.
    Named(String),
    /// A band, a variant, a weekday or a value.
    At(i64),
    /// Known, and in none of the bands; or recorded as none.
    Outside,
    /// In one of several that are put together, as each is of few cases.
    Few,
    /// Not known.
    Unknown,
    /// In two splits at once.
    Both(Box<(Group, Group)>),
}
