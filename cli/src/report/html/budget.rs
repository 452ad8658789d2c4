//! How much detail the page can carry before it is too large to open: the rest is in the CSV files.

use crate::results::Results;

/// What to draw for each organisation.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Draw the charts of all organisations; if not, only those with a special cause now.
    pub all_charts: bool,
    /// Write the table of every organisation's months.
    pub months: bool,
    /// Write the tables of all organisations; if not, only those that stand apart.
    pub organisations: bool,
}

const MOST_CHARTS: usize = 1_200;
const MOST_MONTHS: usize = 24_000;
const MOST_ORGANISATIONS: usize = 8_000;

impl Budget {
    /// Counted over the whole report.
    pub fn of(results: &Results) -> Budget {
        let (mut charts, mut months, mut organisations) = (0, 0, 0);
        for audit in &results.audits {
            for measure in &audit.measures {
                charts += measure.charts.len();
                months += measure.charts.iter().map(|chart| chart.points.len()).sum::<usize>();
                organisations += measure.organisations.len();
            }
            organisations += audit.obligations.iter().map(|o| o.organisations.len()).sum::<usize>();
        }
        Budget {
            all_charts: charts <= MOST_CHARTS,
            months: months <= MOST_MONTHS,
            organisations: organisations <= MOST_ORGANISATIONS,
        }
    }
}
