//! What follows by trying: a count that may be few numbers is supposed to be the least of them, or the most; where that fits nothing, it is not.

use super::sums::{Place, Side, Step, Stop, Sums, Waiting};
use std::collections::{BTreeMap, BTreeSet};

/// One supposition sees so many counts at most, and all of them together so many: what would take longer is taken for known, so that rather
/// more is withheld.
const MOST_SEEN: usize = 2_000_000;
const MOST_SEEN_IN_ALL: usize = 400_000_000;
/// What a supposition narrows is told by no sum.
const SUPPOSED: usize = usize::MAX;

impl Sums {
    /// Tries the ends of every count that is small and not known, until none falls.
    pub(super) fn try_ends(&mut self, waiting: &mut Waiting) {
        let (mut left, mut again) = (MOST_SEEN_IN_ALL, true);
        while again {
            again = false;
            for place in self.doubtful() {
                for side in [Side::Least, Side::Most] {
                    while self.falls((place, side), waiting, &mut left) {
                        again = true;
                    }
                }
            }
        }
    }

    /// Whether an end of what a count may be fits nothing; then it falls, with all that follows.
    fn falls(&mut self, at: (Place, Side), waiting: &mut Waiting, left: &mut usize) -> bool {
        let (place, side) = at;
        let now = self.now(place);
        if now.0 >= now.1 {
            return false;
        }
        let mut steps = Vec::new();
        self.set((place, side.other()), side.of(now), SUPPOSED, &mut steps);
        self.sums_of(place).to_vec().into_iter().for_each(|sum| waiting.push(sum));
        let allowed = MOST_SEEN.min(*left);
        let mut unused = allowed;
        let found = self.follow(waiting, &mut steps, &mut unused);
        waiting.clear();
        *left -= allowed - unused;
        let because = match found {
            Ok(()) => None,
            Err(Stop::FitsNothing(sum, told)) => Some(self.reasons(sum, told, &steps)),
            Err(Stop::TooLong) => {
                let beside = self.sums_of(place).iter().flat_map(|sum| self.used(*sum, at));
                Some(beside.chain([at]).collect())
            }
        };
        self.undo(&steps);
        let Some(because) = because else { return false };
        self.fell(at, because);
        self.sums_of(place).to_vec().into_iter().for_each(|sum| waiting.push(sum));
        self.settle(waiting);
        true
    }

    /// The bounds, as they were before anything was supposed, by which a sum tells a bound that cannot be.
    fn reasons(&self, sum: usize, told: (Place, Side), steps: &[Step]) -> BTreeSet<(Place, Side)> {
        let mut of: BTreeMap<(Place, Side), Vec<usize>> = BTreeMap::new();
        steps.iter().enumerate().for_each(|(number, step)| of.entry(step.at).or_default().push(number));
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        // Each bound, as it was after so many steps.
        let used = self.used(sum, told).chain([(told.0, told.1.other())]);
        let mut open: Vec<((Place, Side), usize)> = used.map(|at| (at, steps.len())).collect();
        while let Some((at, after)) = open.pop() {
            let last = of.get(&at).and_then(|numbers| numbers.iter().rev().find(|number| **number < after));
            let Some((number, step)) = last.and_then(|number| Some((*number, steps.get(*number)?))) else {
                found.extend(at.1.says(self.now(at.0)).then_some(at));
                continue;
            };
            if step.sum != SUPPOSED && seen.insert(number) {
                open.extend(self.used(step.sum, at).map(|at| (at, number)));
            }
        }
        found
    }
}
