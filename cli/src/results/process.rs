//! What a chart says of the process behind it: whether it is stable, and from which period on to say how it went.

use super::chart::{ChartPoint, ControlChart};

/// Where one in so many periods is special cause, limits foretell nothing: they do so of a process that is stable, and of no other (Shewhart 1939,
/// "Statistical Method from the Viewpoint of Quality Control").
const ONE_IN: usize = 3;

impl ControlChart {
    /// How many of its periods are special cause, where they are so many that nothing follows for the next one.
    #[must_use]
    pub fn unstable(&self) -> Option<usize> {
        let special = self.points.iter().filter(|point| point.special_cause.is_some()).count();
        (special > 0 && special * ONE_IN >= self.points.len()).then_some(special)
    }

    /// The earliest and the latest period, in between which something may have changed: of the same month of the year where there are two such, as many
    /// rates rise and fall with the seasons.
    #[must_use]
    pub fn ends(&self) -> Option<(&ChartPoint, &ChartPoint)> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        let same = last.month().and_then(|month| self.points.iter().find(|point| point.month() == Some(month)));
        Some((same.filter(|same| same.period != last.period).unwrap_or(first), last))
    }
}

impl ChartPoint {
    /// The month of the year, where its period is a month.
    fn month(&self) -> Option<&str> {
        let (_, month) = self.period.split_once('-')?;
        Some(month).filter(|month| month.len() == 2 && month.bytes().all(|digit| digit.is_ascii_digit()))
    }
}
