//! Whether the day of an export lies an hour earlier in summer than in winter, as one does that is written in UTC: its cases are counted by the
//! hour at which each begins. All events of a case come at about one time, so that they say it once.

use super::column::Column;
use super::roles::Roles;
use super::source::Source;
use super::times::{Zones, read};
use crate::data::marks::{Marks, mark_of};
use crate::data::names::tidy;
use crate::data::read::ReadError;
use concord_engine::variation::shifted::{Days, an_hour_early_of_its_own};

/// Cases of each season without which that is not asked.
const LEAST: u64 = 200;
/// Standard errors from which on chance made it hardly in any of many exports.
const LEAST_ERRORS: f64 = 4.0;
/// An hour, give or take.
const ABOUT_AN_HOUR: std::ops::Range<f64> = 0.5..2.0;

/// Reads the rows once more, where a column has times of a clock whose zone nobody names.
pub(super) fn settle(source: &Source, columns: &mut [Column], roles: &Roles) -> Result<(), ReadError> {
    let case = roles.case.as_ref().and_then(|name| columns.iter().position(|column| column.name == *name));
    let mut asked: Vec<(usize, usize, &'static str, Days)> = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let forms = column.times.iter().enumerate().filter(|(_, form)| form.zone == Zones::London);
        asked.extend(forms.map(|(nth, form)| (place, nth, form.format, [[0; 24]; 2])));
    }
    // Rows of which nobody knows whose they are may be many of one case.
    if asked.is_empty() || (roles.rows_are_events() && case.is_none()) {
        return Ok(());
    }
    let mut met = Marks::default();
    source.each(&mut |row| {
        let name = case.and_then(|case| row.get(case)).map(tidy).filter(|name| !name.is_empty());
        // Two names have one mark hardly ever, and then a case is not counted.
        if case.is_some() && !name.is_some_and(|name| met.add(mark_of(&name))) {
            return;
        }
        for (place, _, format, days) in &mut asked {
            let Some(at) = row.get(*place).and_then(|text| read(format, &tidy(text))) else { continue };
            let hour = usize::try_from(at.hour()).unwrap_or_default(); // 0 to 23
            let season = days.iter_mut().skip(usize::from((4..=10).contains(&at.month()))).take(1);
            season.flatten().skip(hour).take(1).for_each(|count| *count += 1);
        }
    })?;
    for (place, nth, _, days) in asked {
        let enough = days.iter().all(|hours| hours.iter().sum::<u64>() >= LEAST);
        let early = an_hour_early_of_its_own(&days).filter(|_| enough);
        if early.is_some_and(|early| early.z >= LEAST_ERRORS && ABOUT_AN_HOUR.contains(&early.hours())) {
            let form = columns.get_mut(place).and_then(|column| column.times.get_mut(nth));
            form.into_iter().for_each(|form| form.zone = Zones::PerhapsUtc);
        }
    }
    Ok(())
}
