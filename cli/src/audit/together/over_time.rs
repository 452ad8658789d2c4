//! The points of charts over time as counts: those of all periods add up to what is told of all.

use super::known::Periods;
use super::piece::Piece;
use super::sums::Place;
use super::tables::Tables;
use crate::audit::disclose::stands_for;
use crate::results::ControlChart;

impl Tables<'_> {
    /// The points of a chart, and the periods that it does not show, of which each has hardly anybody in its numerator.
    pub(super) fn over_time(&mut self, piece: Piece, chart: &ControlChart, (whole, periods): (&[Place; 6], &Periods)) {
        if chart.points.is_empty() {
            return;
        }
        let piece = self.piece(piece, false);
        let mut columns: [Vec<Place>; 3] = Default::default();
        let mut row =
            |of: [Option<Place>; 3]| columns.iter_mut().zip(of).for_each(|(column, count)| column.extend(count));
        for point in &chart.points {
            let counts = [point.numerator, point.denominator];
            let [numerator, denominator] = counts.map(|count| self.sums.count(stands_for(count, false), piece));
            let rest = self.untold();
            self.sums.add(denominator, vec![numerator, rest]);
            row([numerator, denominator, rest].map(Some));
        }
        for (name, [met, all, not]) in periods {
            match name {
                Some(name) if chart.points.iter().any(|point| point.period == *name) => {}
                // One that is not complete, or has hardly a case beside the others, is no point, however many it has.
                Some(name) if chart.unfinished.contains(name) || chart.hardly.contains(name) => {
                    row([met, all, not].map(|any| any.then(|| self.untold())))
                }
                Some(_) => {
                    let numerator = met.then(|| self.sums.count((0, stands_for(0, true).1), piece));
                    let [denominator, rest] = [all, not].map(|any| any.then(|| self.untold()));
                    if let Some(denominator) = denominator {
                        self.sums.add(denominator, numerator.into_iter().chain(rest).collect());
                    }
                    row([numerator, denominator, rest]);
                }
                None => row([met, all, not].map(|any| any.then(|| self.unheard()))),
            }
        }
        let [numerator, denominator, .., rest] = *whole;
        for (whole, parts) in [numerator, denominator, rest].into_iter().zip(columns) {
            self.sums.add(whole, parts);
        }
    }
}
