//! What whoever has all tables works out: counts known within bounds, the sums between them, and what these leave of each.

use concord_engine::variation::disclosure::MOST_SUPPRESSED;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The least and the most that a count may be.
pub(super) type Bounds = (u64, u64);

/// More than any count.
pub(super) const ANY: u64 = 1 << 50;

/// A count of 1 to 7 is to leave at least so many numbers that it may be.
const LEAST_LEFT: u64 = 3;

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
    /// The sums that fit nothing, as they do not hold.
    void: BTreeSet<usize>,
    /// The ends of what a count may be that fell when they were tried, each because of which bounds.
    fallen: BTreeMap<(Place, Side), BTreeSet<(Place, Side)>>,
}

/// A bound that a sum narrowed, and what it was before.
pub(super) struct Step {
    pub(super) at: (Place, Side),
    pub(super) sum: usize,
    before: u64,
}

/// Why nothing more is worked out.
pub(super) enum Stop {
    /// A sum tells a bound of a count that its other bound does not allow.
    FitsNothing(usize, (Place, Side)),
    TooLong,
}

/// Sums that are to be taken, each once.
pub(super) struct Waiting {
    line: VecDeque<usize>,
    waits: Vec<bool>,
}

impl Waiting {
    fn of(sums: usize) -> Waiting {
        Waiting { line: (0..sums).collect(), waits: vec![true; sums] }
    }

    pub(super) fn push(&mut self, sum: usize) {
        if let Some(waits) = self.waits.get_mut(sum).filter(|waits| !**waits) {
            *waits = true;
            self.line.push_back(sum);
        }
    }

    fn pop(&mut self) -> Option<usize> {
        let sum = self.line.pop_front()?;
        self.waits.iter_mut().skip(sum).take(1).for_each(|waits| *waits = false);
        Some(sum)
    }

    pub(super) fn clear(&mut self) {
        while self.pop().is_some() {}
    }
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
    pub(super) fn now(&self, place: Place) -> Bounds {
        self.counts.get(place).map_or((0, ANY), |count| count.now)
    }

    /// Takes every sum until none tells anything more; then tries the ends of what is small.
    pub(super) fn work_out(&mut self) {
        let mut waiting = Waiting::of(self.sums.len());
        self.settle(&mut waiting);
        // What is given away without trying is withheld first.
        if self.given_away().next().is_none() {
            self.try_ends(&mut waiting);
        }
    }

    /// Takes the sums that wait until none tells anything more. What fits nothing is told by no sum that holds, and is left.
    pub(super) fn settle(&mut self, waiting: &mut Waiting) {
        let (mut steps, mut allowed) = (Vec::new(), usize::MAX);
        while let Err(Stop::FitsNothing(sum, _)) = self.follow(waiting, &mut steps, &mut allowed) {
            self.void.insert(sum);
        }
    }

    /// Takes the sums that wait, and those of every count that one narrows; so many counts are seen at most.
    pub(super) fn follow(
        &mut self,
        waiting: &mut Waiting,
        steps: &mut Vec<Step>,
        allowed: &mut usize,
    ) -> Result<(), Stop> {
        while let Some(sum) = waiting.pop() {
            let done = steps.len();
            let Some((whole, parts)) = self.sums.get_mut(sum).map(std::mem::take) else { continue };
            let seen = parts.len() + 1;
            let taken = if self.void.contains(&sum) { Ok(()) } else { self.take(sum, (whole, &parts), steps) };
            if let Some(slot) = self.sums.get_mut(sum) {
                *slot = (whole, parts);
            }
            for step in steps.get(done..).into_iter().flatten() {
                let sums = self.counts.get(step.at.0).map_or(&[][..], |count| &count.sums);
                sums.iter().for_each(|sum| waiting.push(*sum));
            }
            taken.map_err(|at| Stop::FitsNothing(sum, at))?;
            *allowed = allowed.checked_sub(seen).ok_or(Stop::TooLong)?;
        }
        Ok(())
    }

    /// Takes one sum; the bound that it tells and that cannot be, where there is one.
    fn take(
        &mut self,
        sum: usize,
        (whole, parts): (Place, &[Place]),
        steps: &mut Vec<Step>,
    ) -> Result<(), (Place, Side)> {
        let of_parts = self.summed(parts);
        self.narrow(whole, of_parts, sum, steps)?;
        for part in parts {
            let bounds = left(self.now(whole), of_parts, self.now(*part));
            // What is narrowed narrows the rest of its sum when that is taken again.
            self.narrow(*part, bounds, sum, steps)?;
        }
        Ok(())
    }

    fn summed(&self, parts: &[Place]) -> Bounds {
        let bounds = parts.iter().map(|part| self.now(*part));
        bounds.fold((0, 0), |(least, most), (low, high)| (least + low, most + high))
    }

    /// Takes bounds that tell more of a count; refused where they leave nothing.
    fn narrow(
        &mut self,
        place: Place,
        (least, most): Bounds,
        sum: usize,
        steps: &mut Vec<Step>,
    ) -> Result<(), (Place, Side)> {
        let now = self.now(place);
        if least > now.1 {
            return Err((place, Side::Least));
        }
        if most < now.0 {
            return Err((place, Side::Most));
        }
        if least > now.0 {
            self.set((place, Side::Least), least, sum, steps);
        }
        if most < now.1 {
            self.set((place, Side::Most), most, sum, steps);
        }
        Ok(())
    }

    /// Takes a bound, by a sum, and remembers what it was.
    pub(super) fn set(&mut self, at: (Place, Side), bound: u64, sum: usize, steps: &mut Vec<Step>) {
        let before = at.1.of(self.now(at.0));
        steps.push(Step { at, sum, before });
        self.put(at, bound);
    }

    pub(super) fn put(&mut self, (place, side): (Place, Side), bound: u64) {
        let Some(count) = self.counts.get_mut(place) else { return };
        match side {
            Side::Least => count.now.0 = bound,
            Side::Most => count.now.1 = bound,
        }
    }

    /// Takes back what was narrowed.
    pub(super) fn undo(&mut self, steps: &[Step]) {
        steps.iter().rev().for_each(|step| self.put(step.at, step.before));
    }

    /// The sums of a count.
    pub(super) fn sums_of(&self, place: Place) -> &[usize] {
        self.counts.get(place).map_or(&[], |count| &count.sums)
    }

    /// The counts that may be one of 1 to 7, and are of some protected thing, and may be few numbers but several.
    pub(super) fn doubtful(&self) -> Vec<Place> {
        let all = self.counts.iter().enumerate();
        let doubtful = all.filter(|(_, count)| {
            let (least, most) = count.now;
            count.of != NOWHERE && least <= MOST_SUPPRESSED && least < most && most <= 2 * MOST_SUPPRESSED
        });
        doubtful.map(|(place, _)| place).collect()
    }

    /// An end of what a count may be falls, because of these bounds.
    pub(super) fn fell(&mut self, at: (Place, Side), because: BTreeSet<(Place, Side)>) {
        let (place, side) = at;
        let own = because.contains(&at);
        let mut all = because;
        if own {
            let told: Vec<(Place, Side)> = self.sums_of(place).iter().flat_map(|sum| self.because(*sum, at)).collect();
            all.extend(told);
        }
        self.fallen.entry(at).or_default().extend(all);
        let end = side.of(self.now(place));
        self.put(at, if side == Side::Least { end + 1 } else { end.saturating_sub(1) });
    }

    /// The counts that may be one of 1 to 7 and are known nearly, or exactly.
    pub(super) fn given_away(&self) -> impl Iterator<Item = Place> {
        let all = self.counts.iter().enumerate();
        all.filter(|(_, count)| {
            let (least, most) = count.now;
            count.of != NOWHERE && most > 0 && least <= MOST_SUPPRESSED && most - least + 1 < LEAST_LEFT
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
            let fallen = self.fallen.get(&(place, side));
            // An end that fell after another had, or from what was told.
            found.extend(fallen.is_some_and(|of| of.contains(&(place, side))).then_some(count.of));
            let because = count.sums.iter().flat_map(|sum| self.because(*sum, (place, side)));
            let because = because.chain(fallen.into_iter().flatten().copied());
            waiting.extend(because.filter(|next| seen.insert(*next)));
        }
        found
    }

    /// The bounds by which a sum tells a bound of one of its counts; none where it does not.
    fn because(&self, sum: usize, (place, side): (Place, Side)) -> Vec<(Place, Side)> {
        let Some((whole, parts)) = self.sums.get(sum).filter(|_| !self.void.contains(&sum)) else { return Vec::new() };
        let (of_parts, own) = (self.summed(parts), self.now(place));
        let bounds = if *whole == place { of_parts } else { left(self.now(*whole), of_parts, own) };
        if side.of(bounds) != side.of(own) {
            return Vec::new();
        }
        self.used(sum, (place, side)).filter(|(place, side)| side.says(self.now(*place))).collect()
    }

    /// The bounds by which a sum tells a bound of one of its counts, where it does.
    pub(super) fn used(&self, sum: usize, (place, side): (Place, Side)) -> impl Iterator<Item = (Place, Side)> {
        let found = self.sums.get(sum);
        let of_others = if found.is_some_and(|(whole, _)| *whole == place) { side } else { side.other() };
        let parts = found.into_iter().flat_map(|(_, parts)| parts);
        let others = parts.filter(move |part| **part != place).map(move |part| (*part, of_others));
        others.chain(found.map(|(whole, _)| (*whole, side)).filter(move |(whole, _)| *whole != place))
    }

    /// In what counts stand that a count is summed with, near and far: the nearest of which some is among those asked for.
    pub(super) fn near(&self, place: Place, is: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let (mut seen, mut edge) = (BTreeSet::from([place]), vec![place]);
        while !edge.is_empty() {
            let here = edge.iter().filter_map(|place| self.counts.get(*place)).map(|count| count.of);
            let here: BTreeSet<usize> = here.filter(|of| is(*of)).collect();
            if !here.is_empty() {
                return here;
            }
            let sums: BTreeSet<usize> = edge.iter().flat_map(|place| self.sums_of(*place)).copied().collect();
            let next = sums.iter().filter_map(|sum| self.sums.get(*sum));
            let next = next.flat_map(|(whole, parts)| parts.iter().chain([whole])).copied();
            edge = next.filter(|place| seen.insert(*place)).collect();
        }
        BTreeSet::new()
    }
}

/// The one bound or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Least,
    Most,
}

impl Side {
    pub(super) fn other(self) -> Side {
        if self == Side::Least { Side::Most } else { Side::Least }
    }

    pub(super) fn of(self, (least, most): Bounds) -> u64 {
        if self == Side::Least { least } else { most }
    }

    /// Whether a bound says anything.
    pub(super) fn says(self, (least, most): Bounds) -> bool {
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
pub(in crate::audit) fn keep(whole: Bounds, parts: impl Iterator<Item = Bounds>) -> bool {
    let mut sums = Sums::default();
    let parts: Vec<Place> = parts.map(|part| sums.count(part, 0)).collect();
    let whole = sums.count(whole, 0);
    sums.add(whole, parts);
    sums.work_out();
    sums.given_away().next().is_none()
}
