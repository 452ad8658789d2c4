//! Percentiles and the columns of a histogram as counts: their edges lie on the limit, so that those up to it are met, and those beyond it late.

use super::piece::Piece;
use super::sums::Place;
use super::tables::{Tables, Wholes};
use crate::audit::disclose::stands_for;
use crate::results::ObligationResult;

impl Tables<'_> {
    /// How many took how long, of those that were done.
    pub(super) fn times(
        &mut self,
        at: usize,
        of: &ObligationResult,
        [_, _, met, late, ..]: [Place; 7],
        wholes: Wholes,
    ) {
        let Some(delay) = &of.delay else { return };
        // Of what nothing is known nothing is taken for granted.
        let known = self.given.times.get(at).copied().unwrap_or_default();
        let of_delay = self.piece(Piece::Delay(at), false);
        let all = self.sums.count(stands_for(delay.n, false), of_delay);
        self.among(wholes.done, vec![all], known.all);
        if let Some(late_by) = &delay.late_by {
            let late_timed = self.sums.count(stands_for(late_by.n, false), of_delay);
            self.among(late, vec![late_timed], known.all_late);
        }
        if delay.bins.is_empty() {
            return;
        }
        let piece = self.piece(Piece::Times(at), false);
        let mut within: Vec<Place> = Vec::new();
        let mut beyond: Vec<Place> = Vec::new();
        for (place, (edge, cases)) in (0..).zip(&delay.bins) {
            let column = self.sums.count(stands_for(*cases, delay.hidden >> place & 1 != 0), piece);
            let is_within = edge.zip(delay.limit).is_some_and(|(edge, limit)| edge <= limit);
            if is_within { within.push(column) } else { beyond.push(column) }
        }
        self.sums.add(all, [within.clone(), beyond.clone()].concat());
        if known.parted && delay.limit.is_some() {
            self.among(met, within, known.all);
            self.among(late, beyond, known.all);
        }
    }

    /// These are all of a whole, or some of it.
    pub(super) fn among(&mut self, whole: Place, mut parts: Vec<Place>, all: bool) {
        if !all {
            parts.push(self.unheard());
        }
        self.sums.add(whole, parts);
    }
}
