//! Charts over time as a table: one row a period, written as the calendar sorts them, and why one has no rate.

use super::table::{Field, Table, text, which};
use crate::results::{Audit, ChartPoint, ControlChart, Gap, MeasureResult, Results};
use crate::words::year_and_month;
use concord_engine::values::calendar::{date_from_days, days_from_date};
use std::collections::BTreeMap;

/// No gap is written out longer.
const LONGEST: usize = 10_000;
const WEEK_OF: &str = "week of ";

/// The points of all charts of shares, and their periods without a rate.
pub(super) fn chart_points(results: &Results) -> Table {
    let mut table = Table::new(
        "package version measure organisation period numerator denominator rate mean lower upper \
         special_cause direction why",
    );
    let measures = results.audits.iter().flat_map(|audit| audit.measures.iter().map(move |measure| (audit, measure)));
    for (audit, measure) in measures {
        for chart in measure.chart.iter().chain(&measure.charts) {
            // One that is a gap as well is told by what makes it one.
            let gaps = chart.gaps.iter().flat_map(each).map(|period| (period, "no rate"));
            let hardly = chart.hardly.iter().map(|period| (period.clone(), "hardly any cases"));
            let open = chart.unfinished.iter().map(|period| (period.clone(), "not complete"));
            let mut rows: BTreeMap<String, (Option<&ChartPoint>, &str)> =
                gaps.chain(hardly).chain(open).map(|(period, why)| (period, (None, why))).collect();
            rows.extend(chart.points.iter().map(|point| (point.period.clone(), (Some(point), ""))));
            for (period, (point, why)) in rows {
                let mut row = chart_row(audit, measure, chart, (&period, point));
                row.push(text(why));
                table.row(audit, &row);
            }
        }
    }
    table
}

/// A period of a chart; its figures are empty where it has no rate.
fn chart_row(
    audit: &Audit,
    measure: &MeasureResult,
    chart: &ControlChart,
    (period, point): (&str, Option<&ChartPoint>),
) -> Vec<Field> {
    let mut row = which(audit, &measure.name);
    // That of all together is of no organisation.
    row.extend([text(chart.organisation.as_deref().unwrap_or("")), text(period)]);
    let count = |of: fn(&ChartPoint) -> u64| point.map_or(Field::Figure(None), |point| Field::Count(of(point)));
    row.extend([count(|point| point.numerator), count(|point| point.denominator)]);
    let own = point.and_then(|point| point.limits);
    let [mean, lower, upper] = match own {
        Some(limits) => [Some(limits.mean), limits.lower, limits.upper],
        None => [Some(chart.mean), chart.lower, chart.upper],
    };
    row.extend([point.map(|point| point.value), mean, lower, upper].map(Field::Figure));
    // Most points have none.
    row.push(text(point.and_then(|point| point.special_cause.as_deref()).unwrap_or("")));
    row.push(text(point.and_then(|point| point.direction.as_deref()).unwrap_or("")));
    row
}

/// The periods of a gap, one by one.
fn each(gap: &Gap) -> Vec<String> {
    let mut all = vec![gap.first.clone()];
    while all.len() < LONGEST {
        let next = all.last().filter(|last| **last < gap.last).and_then(|last| after(last));
        match next {
            Some(next) => all.push(next),
            None => break,
        }
    }
    all
}

/// The period after one that is written as charts write them.
fn after(period: &str) -> Option<String> {
    if let Some(first) = period.strip_prefix(WEEK_OF) {
        let (month, day) = first.rsplit_once('-')?;
        let (year, month) = year_and_month(month)?;
        let next = days_from_date(i64::from(year), i64::from(month), day.parse().ok()?)? + 7;
        let (year, month, day) = date_from_days(next);
        return Some(format!("{WEEK_OF}{year:04}-{month:02}-{day:02}"));
    }
    if let Some((year, quarter)) = period.split_once(" Q") {
        let (year, quarter): (i32, u32) = (year.parse().ok()?, quarter.parse().ok()?);
        return Some(if quarter < 4 { format!("{year:04} Q{}", quarter + 1) } else { format!("{:04} Q1", year + 1) });
    }
    if let Some((year, month)) = year_and_month(period) {
        return Some(if month < 12 { format!("{year:04}-{:02}", month + 1) } else { format!("{:04}-01", year + 1) });
    }
    let year: i32 = period.parse().ok()?;
    Some(format!("{:04}", year + 1))
}
