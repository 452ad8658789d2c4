//! Which of several versions of a resource stands: the one that is later than all others by what each says of itself.

use std::cmp::Ordering;

use serde_json::Value;

use crate::time::Moment;

/// What a resource says of its version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    number: Option<u64>,
    updated: Option<i64>,
}

impl Version {
    /// By the `meta` of a resource.
    pub fn of(meta: Option<&Value>) -> Version {
        let text = |name: &str| meta?.get(name)?.as_str();
        Version::said(text("versionId"), text("lastUpdated"))
    }

    /// By its number, as text, and the time of its last change.
    pub fn said(number: Option<&str>, updated: Option<&str>) -> Version {
        let number = number.map(|text| text.trim_start_matches("W/").trim_matches('"'));
        let updated = updated.and_then(Moment::read).and_then(|(moment, _)| match moment {
            Moment::At(instant) => Some(instant),
            _ => None,
        });
        Version { number: number.and_then(|text| text.parse().ok()), updated }
    }

    /// Whether there may have been another before it: nothing says that it is the first.
    pub fn may_be_later(&self) -> bool {
        self.number.map_or(self.updated.is_some(), |number| number > 1)
    }

    /// When it was changed last.
    pub fn updated(&self) -> Option<i64> {
        self.updated
    }

    /// Which of two is later; none where it cannot be told, as nothing is said of both, or one thing and its contrary.
    pub fn compare(&self, other: &Version) -> Option<Ordering> {
        let number = self.number.zip(other.number).map(|(own, other)| own.cmp(&other));
        let updated = self.updated.zip(other.updated).map(|(own, other)| own.cmp(&other));
        match (number, updated) {
            (Some(Ordering::Equal) | None, Some(order)) | (Some(order), Some(Ordering::Equal) | None) => Some(order),
            (Some(one), Some(other)) => (one == other).then_some(one),
            (None, None) => None,
        }
    }

    /// Whether it is known to be later.
    pub fn is_after(&self, other: &Version) -> bool {
        self.compare(other) == Some(Ordering::Greater)
    }
}

/// The place of the one that stands: of each other it is known that it is earlier, or the same in what it says.
pub fn standing(versions: &[&Version], same: impl Fn(usize, usize) -> bool) -> Option<usize> {
    let stands = |(place, version): (usize, &&Version)| {
        let mut others = versions.iter().enumerate().filter(|(other, _)| *other != place);
        others.all(|(at, other)| version.is_after(other) || same(place, at)).then_some(place)
    };
    versions.iter().enumerate().find_map(stands)
}
