//! What whoever has all tables works out: counts known within bounds, the sums between them, and what these leave of each.

use std::collections::{BTreeSet, VecDeque};

/// The least and the most that a count may be.
pub(super) type Bounds = (u64, u64);

/// More than any count.
pub(super) const ANY: u64 = 1 << 50;

/// A count of 1 to 7 is to leave at least so many numbers that it may be.
pub(super) const LEAST_LEFT: u64 = 3;
/// What is small.
const SMALL: u64 = 7;

/// Where a count stands that nobody has to protect.
pub(super) const NOWHERE: usize = usize::MAX;

/// A count, by the order in which it was told.
pub(super) type Place = usize;

/// A count as it is told, and as it is once all sums are taken.
struct Known {
    told: Bounds,
    now: Bounds,
    /// In which of the things told it stands.
    of: usize,
    sums: Vec<usize>,
}

/// Counts, and sums between them.
#[derive(Default)]
pub(super) struct Sums {
    counts: Vec<Known>,
    /// Each a whole and its parts.
    sums: Vec<(Place, Vec<Place>)>,
}

impl Sums {
    /// One more count, and in what it stands.
    pub(super) fn count(&mut self, told: Bounds, of: usize) -> Place {
        self.counts.push(Known { told, now: told, of, sums: Vec::new() });
        self.counts.len() - 1
    }

    /// A whole is the sum of its parts.
    pub(super) fn add(&mut self, whole: Place, parts: Vec<Place>) {
        let number = self.sums.len();
        for place in parts.iter().chain([&whole]) {
            self.counts.get_mut(*place).into_iter().for_each(|count| count.sums.push(number));
        }
        self.sums.push((whole, parts));
    }

    /// What a count may be.
    fn now(&self, place: Place) -> Bounds {
        self.counts.get(place).map_or((0, ANY), |count| count.now)
    }

    /// Takes every sum until none tells anything more.
    pub(super) fn work_out(&mut self) {
        let mut waiting: VecDeque<usize> = (0..self.sums.len()).collect();
        let mut waits = vec![true; self.sums.len()];
        while let Some(number) = waiting.pop_front() {
            waits.iter_mut().skip(number).take(1).for_each(|waits| *waits = false);
            for narrowed in self.take(number) {
                let sums = self.counts.get(narrowed).map_or(&[][..], |count| &count.sums);
                for sum in sums {
                    if let Some(waits) = waits.get_mut(*sum).filter(|waits| !**waits) {
                        *waits = true;
                        waiting.push_back(*sum);
                    }
                }
            }
        }
    }

    /// Takes one sum; gives the counts of which it tells more than was known.
    fn take(&mut self, number: usize) -> Vec<Place> {
        let Some((whole, parts)) = self.sums.get(number).cloned() else { return Vec::new() };
        let of_parts = self.summed(&parts);
        let mut narrowed = Vec::new();
        narrowed.extend(self.narrow(whole, of_parts).then_some(whole));
        for part in &parts {
            let bounds = left(self.now(whole), of_parts, self.now(*part));
            narrowed.extend(self.narrow(*part, bounds).then_some(*part));
        }
        // What is narrowed narrows the rest of its sum when that is taken again.
        narrowed
    }

    fn summed(&self, parts: &[Place]) -> Bounds {
        let bounds = parts.iter().map(|part| self.now(*part));
        bounds.fold((0, 0), |(least, most), (low, high)| (least + low, most + high))
    }

    /// Whether bounds tell more of a count. What fits nothing is told by no sum that holds, and is left.
    fn narrow(&mut self, place: Place, (least, most): Bounds) -> bool {
        let Some(count) = self.counts.get_mut(place) else { return false };
        let new = (count.now.0.max(least), count.now.1.min(most));
        let narrower = new.0 <= new.1 && new != count.now;
        if narrower {
            count.now = new;
        }
        narrower
    }

    /// The counts that may be one of 1 to 7 and are known nearly, or exactly.
    pub(super) fn given_away(&self) -> impl Iterator<Item = Place> {
        let all = self.counts.iter().enumerate();
        all.filter(|(_, count)| {
            let (least, most) = count.now;
            count.of != NOWHERE && most > 0 && least <= SMALL && most - least + 1 < LEAST_LEFT
        })
        .map(|(place, _)| place)
    }

    /// In what those counts stand whose bounds, as they are told, lead to the bounds of one.
    pub(super) fn tellers(&self, place: Place) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([(place, Side::Least), (place, Side::Most)]);
        let mut waiting: Vec<(Place, Side)> = seen.iter().copied().collect();
        while let Some((place, side)) = waiting.pop() {
            let Some(count) = self.counts.get(place) else { continue };
            if side.of(count.told) == side.of(count.now) {
                found.extend(side.says(count.now).then_some(count.of));
                continue;
            }
            let because = count.sums.iter().flat_map(|sum| self.because(*sum, (place, side)));
            waiting.extend(because.filter(|next| seen.insert(*next)));
        }
        found
    }

    /// The bounds by which a sum tells a bound of one of its counts; none where it does not.
    fn because(&self, sum: usize, (place, side): (Place, Side)) -> Vec<(Place, Side)> {
        let Some((whole, parts)) = self.sums.get(sum) else { return Vec::new() };
        let (of_parts, own) = (self.summed(parts), self.now(place));
        let (bounds, of_others) =
            if *whole == place { (of_parts, side) } else { (left(self.now(*whole), of_parts, own), side.other()) };
        if side.of(bounds) != side.of(own) {
            return Vec::new();
        }
        let others = parts.iter().filter(|part| **part != place).map(|part| (*part, of_others));
        let whole = (*whole != place).then_some((*whole, side));
        others.chain(whole).filter(|(place, side)| side.says(self.now(*place))).collect()
    }
}

/// The one bound or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Least,
    Most,
}

impl Side {
    fn other(self) -> Side {
        if self == Side::Least { Side::Most } else { Side::Least }
    }

    fn of(self, (least, most): Bounds) -> u64 {
        if self == Side::Least { least } else { most }
    }

    /// Whether a bound says anything.
    fn says(self, (least, most): Bounds) -> bool {
        if self == Side::Least { least > 0 } else { most < ANY }
    }
}

/// What a whole leaves of one of its parts.
fn left(whole: Bounds, of_parts: Bounds, own: Bounds) -> Bounds {
    let others = (of_parts.0.saturating_sub(own.0), of_parts.1.saturating_sub(own.1));
    let most = if whole.1 < ANY { whole.1.saturating_sub(others.0) } else { ANY };
    (whole.0.saturating_sub(others.1), most)
}

/// Whether a whole and its parts, as they are told, leave each part of 1 to 7 open.
pub(super) fn keep(whole: Bounds, parts: impl Iterator<Item = Bounds>) -> bool {
    let mut sums = Sums::default();
    let parts: Vec<Place> = parts.map(|part| sums.count(part, 0)).collect();
    let whole = sums.count(whole, 0);
    sums.add(whole, parts);
    sums.work_out();
    sums.given_away().next().is_none()
}
