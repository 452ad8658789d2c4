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

/// The place of the one that stands: of each other it is known that it is earlier, or the same in what it says, of which each has a number here. Where
/// several do, the first of them.
///
/// A sender may give thousands of versions, so that they are not all held against each other: of two that say different things at most one stands.
pub fn standing(versions: &[&Version], says: &[usize]) -> Option<usize> {
    let all = || versions.iter().copied().zip(says.iter().copied()).enumerate();
    let mut left: Vec<(usize, &Version, usize)> = Vec::new();
    for (place, (version, says)) in all() {
        let mut is_beaten = false;
        while let Some((_, other, _)) = left.last().filter(|(.., own)| !is_beaten && *own != says) {
            let (is_after, is_before) = (version.is_after(other), other.is_after(version));
            is_beaten = !is_after;
            if !is_before {
                left.pop();
            }
        }
        if !is_beaten {
            left.push((place, version, says));
        }
    }
    // Those that are left say the same, so that the others are the same for all of them.
    let (.., own) = left.first()?;
    let latest = Latest::of(all().filter(|(_, (_, says))| says != own).map(|(_, (version, _))| version));
    left.iter().find(|(_, version, _)| latest.are_before(version)).map(|(place, ..)| *place)
}

/// Of some versions those that stand for all: whatever is after these is after each.
#[derive(Default)]
struct Latest<'v> {
    /// One that says nothing of itself.
    unsaid: Option<&'v Version>,
    /// By number and then by time, of those that have a number, and the other way round of those that have a time.
    numbered: [Option<&'v Version>; 2],
    timed: [Option<&'v Version>; 2],
}

impl<'v> Latest<'v> {
    fn of(versions: impl Iterator<Item = &'v Version>) -> Latest<'v> {
        let mut latest = Latest::default();
        for version in versions {
            let Version { number, updated } = version;
            let both = usize::from(number.is_some() && updated.is_some());
            if number.is_none() && updated.is_none() {
                latest.unsaid = Some(version);
            }
            let by_number = latest.numbered.get_mut(both).filter(|_| number.is_some());
            if let Some(slot) = by_number {
                let is_later = slot.is_none_or(|known| (known.number, known.updated) < (*number, *updated));
                *slot = if is_later { Some(version) } else { *slot };
            }
            let by_time = latest.timed.get_mut(both).filter(|_| updated.is_some());
            if let Some(slot) = by_time {
                let is_later = slot.is_none_or(|known| (known.updated, known.number) < (*updated, *number));
                *slot = if is_later { Some(version) } else { *slot };
            }
        }
        latest
    }

    /// Whether a version is known to be later than all.
    fn are_before(&self, version: &Version) -> bool {
        let all = self.numbered.iter().chain(&self.timed).chain([&self.unsaid]);
        all.flatten().all(|other| version.is_after(other))
    }
}
