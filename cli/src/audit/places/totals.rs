//! What all organisations have together, and what is usual among them: worked out once, so that holding each of many against the others takes no longer for
//! each than of few.

use super::Place;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Sums over all organisations.
#[derive(Debug, Default)]
pub(in crate::audit) struct Totals {
    /// By first day of the month: cases, and by kind of event those that have one.
    pub(in crate::audit) months: BTreeMap<i64, (u64, Vec<u64>)>,
    /// By obligation and month: met, and of how many decided; exact.
    pub(super) judged: Vec<BTreeMap<i64, [u64; 2]>>,
    /// By obligation and month: still open; exact.
    pub(super) waiting: Vec<BTreeMap<i64, u64>>,
}

impl Totals {
    pub(super) fn of(places: &[Place]) -> Totals {
        let mut all = Totals::default();
        for place in places {
            for (month, of) in &place.months {
                let (cases, with) = all.months.entry(*month).or_default();
                *cases += of.cases;
                with.resize(with.len().max(of.with.len()), 0);
                with.iter_mut().zip(&of.with).for_each(|(sum, own)| *sum += own);
            }
            all.judged.resize_with(all.judged.len().max(place.judged.len()), BTreeMap::new);
            all.waiting.resize_with(all.judged.len(), BTreeMap::new);
            for (sums, judged) in all.waiting.iter_mut().zip(&place.judged) {
                for (month, open) in judged.waiting.counted() {
                    *sums.entry(*month).or_default() += open;
                }
            }
            for (sums, judged) in all.judged.iter_mut().zip(&place.judged) {
                for (month, [met, of]) in judged.months.counted() {
                    let [all_met, all] = sums.entry(*month).or_default();
                    (*all_met, *all) = (*all_met + met.min(of), *all + of);
                }
            }
        }
        all
    }
}

/// What is usual of what: its name, the number of the kind, fact or obligation, and what else tells it apart.
pub(in crate::audit) type What = (&'static str, usize, Option<(i64, i64)>);

/// What was found usual so far.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<BTreeMap<What, Option<f64>>>);

/// What all have of something, in order of size.
#[derive(Debug, Default)]
pub(super) struct Sorted(Mutex<BTreeMap<What, Arc<Vec<f64>>>>);

impl Sorted {
    /// What is known, or else put in order and kept.
    pub(super) fn of(&self, what: What, find: impl FnOnce() -> Vec<f64>) -> Arc<Vec<f64>> {
        let known = self.0.lock().ok().and_then(|known| known.get(&what).cloned());
        known.unwrap_or_else(|| {
            let mut found = find();
            found.sort_unstable_by(f64::total_cmp);
            let found = Arc::new(found);
            // Where it cannot be kept it is found again.
            if let Ok(mut known) = self.0.lock() {
                known.insert(what, Arc::clone(&found));
            }
            found
        })
    }
}

impl Known {
    /// What is known, or else worked out and kept.
    pub(super) fn of(&self, what: What, work_out: impl FnOnce() -> Option<f64>) -> Option<f64> {
        let known = self.0.lock().ok().and_then(|known| known.get(&what).copied());
        known.unwrap_or_else(|| {
            let found = work_out();
            // Where it cannot be kept it is worked out again.
            if let Ok(mut known) = self.0.lock() {
                known.insert(what, found);
            }
            found
        })
    }
}
