//! Counts by period and organisation while cases go by: in so little room that those of all organisations stay near the processor, as each case
//! asks for those of another.

use super::adds::Sums;

/// Counts that are small as yet.
type Small = [u16; 5];

/// So many wait to be added: they are fetched side by side then, and not each when its case comes.
const WAITING: usize = 128;

/// Counts, each by its period and its place in it.
#[derive(Clone, Default)]
pub(super) struct Cells {
    /// What was added last, by period and place.
    waiting: Vec<(usize, usize, Small)>,
    /// What was added before, as long as it is small.
    near: Vec<Vec<Small>>,
    /// What grew too large for those; none of one that has not come up.
    far: Vec<Vec<Option<Sums>>>,
}

impl Cells {
    /// Adds what one case adds, which is something.
    #[inline]
    pub(super) fn add(&mut self, period: usize, place: usize, sums: Sums) {
        let Some(small) = small(sums) else { return self.add_many(period, place, sums) };
        self.waiting.push((period, place, small));
        if self.waiting.len() >= WAITING {
            self.add_waiting();
        }
    }

    fn add_waiting(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for (period, place, sums) in waiting.drain(..) {
            let Some(near) = slot(&mut self.near, period, place) else { continue };
            let mut now = *near;
            let fits = now.iter_mut().zip(sums).all(|(all, own)| all.checked_add(own).map(|sum| *all = sum).is_some());
            if fits {
                *near = now;
            } else {
                let before = std::mem::replace(near, sums).map(u64::from);
                self.add_many(period, place, before);
            }
        }
        self.waiting = waiting;
    }

    /// Adds what many cases add, or none.
    pub(super) fn add_many(&mut self, period: usize, place: usize, sums: Sums) {
        let own = slot(&mut self.far, period, place).map(Option::get_or_insert_default);
        own.into_iter().flatten().zip(sums).for_each(|(all, own)| *all += own);
    }

    /// The counts; none of one that has not come up.
    pub(super) fn get(&self, period: usize, place: usize) -> Option<Sums> {
        let near = self.near.get(period).and_then(|near| near.get(place)).filter(|near| **near != Small::default());
        let waiting = self.waiting.iter().filter(|(of, at, _)| (*of, *at) == (period, place)).map(|(_, _, sums)| sums);
        let far = self.far.get(period).and_then(|far| far.get(place)).copied().flatten();
        let mut added = near.into_iter().chain(waiting).peekable();
        if added.peek().is_none() {
            return far;
        }
        // What has not grown too large is all there is.
        let mut all = far.unwrap_or_default();
        added.for_each(|sums| all.iter_mut().zip(sums).for_each(|(all, own)| *all += u64::from(*own)));
        Some(all)
    }
}

/// Counts that are small.
#[inline]
fn small(sums: Sums) -> Option<Small> {
    let all = sums.iter().fold(0, |all, sum| all | sum);
    // None of them has a bit that does not fit, then.
    (all <= u16::MAX.into()).then(|| sums.map(|sum| u16::try_from(sum).unwrap_or(u16::MAX)))
}

/// A place of a period; made where it is new.
#[inline]
fn slot<T: Clone + Default>(all: &mut Vec<Vec<T>>, period: usize, place: usize) -> Option<&mut T> {
    if all.len() <= period {
        all.resize_with(period + 1, Vec::new);
    }
    let own = all.get_mut(period)?;
    if own.len() <= place {
        own.resize(place + 1, T::default());
    }
    own.get_mut(place)
}
