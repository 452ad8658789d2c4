//! How much detail the page can carry before it is too large to open: the rest is in the CSV files.

use crate::report::model::Results;

/// What to draw for each organisation.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Draw the charts of all organisations; if not, only those with a special cause now.
    pub all_charts: bool,
    /// Write the table of every organisation's months.
    pub months: bool,
}

const MOST_CHARTS: usize = 1_200;
const MOST_MONTHS: usize = 24_000;

impl Budget {
    /// Counted over all measures.
    pub fn of(results: &Results) -> Budget {
        let measures = results.audits.iter().flat_map(|audit| &audit.measures);
        let charts = measures.flat_map(|measure| &measure.charts);
        let (count, points) = charts.fold((0, 0), |(count, points), chart| {
            (count + 1, points + chart.points.len())
        });
        Budget {
            all_charts: count <= MOST_CHARTS,
            months: points <= MOST_MONTHS,
        }
    }
}
