//! Change over time: the control chart of all together, and a small one for each organisation.

use maud::{Markup, html};

use super::budget::Budget;
use super::charts::icons::Cause;
use super::charts::{control, sparkline};
use super::glance::{assurance, variation};
use super::outline::Heading;
use super::parts::{self, Column};
use crate::results::{Better, ChartPoint, ControlChart, Shown, Target};
use crate::words;

/// A rate of fewer cases than this is not shown by itself.
const FEW: u64 = 10;

/// The chart of all organisations together.
pub fn overall(chart: &ControlChart, target: Option<&Target>, heading: &Heading) -> Markup {
    let id = format!("{}-control", heading.id);
    let (noun, title) = (chart.noun(), format!("Control chart by {}: {}", chart.noun(), heading.title));
    html! {
        h4 id=(format!("{}-change", heading.id)) { "Change over time" }
        div class="verdicts-of-chart" {
            p { span class="of" { "Variation, latest " (noun) } br; (variation(&chart.variation)) }
            @if let Some(words) = &chart.assurance { p { span class="of" { "Against the target" } br; (assurance(words)) } }
        }
        p { (in_words(chart, target)) }
        (parts::figure(&format!("{} Control chart", heading.number), &control::chart(&id, &title, chart, target)))
        (key(chart, target))
        p class="small" { (words::stopped(&chart.method)) @if chart.trial_limits { " Few points: the limits are trial limits." } }
        (parts::details("The same as a table", &points_table(chart, heading)))
    }
}

fn in_words(chart: &ControlChart, target: Option<&Target>) -> Markup {
    let special = chart.points.iter().filter(|point| point.special_cause.is_some()).count() as u64;
    let (mean, of) = chart.mean_of();
    let noun = chart.noun();
    html! {
        "Mean " strong { (mean) } " " (of)
        @match (&chart.not_judged, chart.lower.zip(chart.upper)) {
            (Some(why), _) => { ". The process is not judged: " (why) "." },
            (None, None) => { "." },
            (None, Some(_)) if chart.unstable().is_some() => {
                ". " (words::count(special)) " of these show special-cause variation" @if chart.rounded { ", whatever was rounded" }
                ": the process is not stable, and its limits do not say where the next " (noun) " will lie."
            },
            (None, Some((lower, upper))) => {
                "; if nothing changes, a " (noun) " " @if chart.rebased.is_empty() && control::varies(chart) { "as large as the latest " }
                "will lie between " (chart.limit(lower)) " and " (chart.limit(upper)) ". "
                @match (special, chart.rounded) {
                    (0, false) => { "No " (noun) " shows special-cause variation." },
                    (1, false) => { "One " (noun) " shows special-cause variation." },
                    (n, false) => { (words::count(n)) " " (noun) "s show special-cause variation." },
                    (0, true) => { "As counts are rounded, no " (noun) " is sure to show special-cause variation." },
                    (1, true) => { "One " (noun) " shows special-cause variation, whatever was rounded; others may." },
                    (n, true) => { (words::count(n)) " " (noun) "s show special-cause variation, whatever was rounded; others may." },
                }
            },
        }
        @if let Some(missing) = chart.missing_periods() {
            " No rate in " strong { (missing) } ": no run and no moving range goes across that."
        }
        @if let Some(said) = chart.left_out() { " " (said) }
        @for (from, because) in &chart.rebased { " Limits set anew from " strong { (words::period(from)) } ": " (words::stopped(because)) }
        @if let Some(target) = target { " Target: " (target.text) "." }
    }
}

fn key(chart: &ControlChart, target: Option<&Target>) -> Markup {
    let seen = |cause| chart.points.iter().any(|point| control::cause(point) == cause);
    let on_chart = target.is_some_and(|target| control::shows(chart, target));
    let drawn = |body: Markup, text: &str| {
        html! { span class="signed" { svg class="picture key-mark" width="34" height="18" viewBox="0 0 34 18" aria-hidden="true" focusable="false" { title { (text) } (body) } span { (text) } } }
    };
    html! {
        p class="key" {
            (drawn(html! { path class="trace" d="M0 9H34" {} circle class="c-common" cx="17" cy="9" r="4" {} }, "common cause"))
            @if seen(Cause::Improvement) { (drawn(html! { path class="c-improvement" d="M17 2l7 7l-7 7l-7-7Z" {} }, "special cause, improvement")) }
            @if seen(Cause::Concern) { (drawn(html! { path class="c-concern" d="M11.5 3.5h11v11h-11Z" {} }, "special cause, concern")) }
            @if seen(Cause::Neutral) { (drawn(html! { path class="c-neutral" d="M17 2l6.5 12h-13Z" {} }, "special cause, neither better nor worse")) }
            (drawn(html! { path class="centre" d="M0 9H34" {} }, "mean"))
            @if chart.lower.is_some() { (drawn(html! { path class="process" d="M0 9H34" {} }, "limits")) }
            @if on_chart { (drawn(html! { path class="target" d="M0 9H34" {} }, "target")) }
        }
    }
}

fn points_table(chart: &ControlChart, heading: &Heading) -> Markup {
    let gap_after = |points: usize| chart.gaps.iter().find(|gap| gap.after == points);
    let rows = html! {
        @for (place, point) in chart.points.iter().enumerate() {
            tr {
                th scope="row" { (words::period(&point.period)) }
                td class="number strong" { (chart.shown.say(point.value)) }
                td class="number" { (control::cases_of(point, chart)) }
                @if control::varies(chart) { td class="number" { (own_limits(chart, point)) } }
                td { (special(point)) }
            }
            @if let Some(gap) = gap_after(place + 1) {
                tr {
                    th scope="row" { (gap.in_words()) }
                    td class="number" { "no rate" }
                    td class="number" { "–" }
                    @if control::varies(chart) { td class="number" { "–" } }
                    td { (words::counted(gap.periods, "period", "periods")) " without one" }
                }
            }
        }
    };
    let noun = chart.noun();
    let first = words::sentence(noun);
    let mut columns = vec![Column::Text(&first), Column::Number("Rate"), Column::Number("Cases")];
    columns.extend(control::varies(chart).then_some(Column::Number("Limits")));
    columns.push(Column::Text("Special cause"));
    let caption = match limits(chart) {
        _ if control::varies(chart) => format!("By {noun}. Mean of the latest {}", chart.shown.say(chart.mean)),
        Some(limits) => format!("By {noun}. Mean {}, limits {limits}", chart.shown.say(chart.mean)),
        None => format!("By {noun}. Mean {}, no limits", chart.shown.say(chart.mean)),
    };
    parts::table(&format!("{} Table of the control chart", heading.number), &caption, &columns, &rows)
}

/// `84.1% to 91.0%`
fn limits(chart: &ControlChart) -> Option<String> {
    let (lower, upper) = chart.lower.zip(chart.upper)?;
    Some(format!("{} to {}", chart.shown.say(lower), chart.shown.say(upper)))
}

/// The limits of one point, where points have their own.
fn own_limits(chart: &ControlChart, point: &ChartPoint) -> String {
    let limits = point.limits.and_then(|limits| limits.lower.zip(limits.upper));
    limits.map_or_else(
        || "–".to_owned(),
        |(lower, upper)| format!("{} to {}", chart.shown.say(lower), chart.shown.say(upper)),
    )
}

fn special(point: &ChartPoint) -> String {
    match (&point.special_cause, &point.direction) {
        (None, _) => "none".into(),
        (Some(special), None) => special.clone(),
        (Some(special), Some(direction)) => format!("{special}: {direction}"),
    }
}

/// The charts of organisations and what they are held against.
#[derive(Clone, Copy)]
pub struct Each<'a> {
    /// The charts.
    pub charts: &'a [ControlChart],
    /// The target, if there is one.
    pub target: Option<&'a Target>,
    /// Which way is better.
    pub better: Better,
}

/// A small chart for each organisation, in order of code.
pub fn each(of: Each<'_>, heading: &Heading, budget: Budget) -> Markup {
    let target = of.target;
    let mut charts: Vec<&ControlChart> = of.charts.iter().collect();
    charts.sort_by(|a, b| a.organisation.cmp(&b.organisation));
    let all = charts.len() as u64;
    let [common, improvement, concern, neutral] = tally(&charts);
    let not_judged = charts.iter().filter(|chart| chart.not_judged.is_some()).count() as u64;
    let rounded = charts.iter().any(|chart| chart.rounded);
    let months = budget.months.then(|| months_table(&charts, of.better, heading));
    // All are by the same calendar.
    let noun = charts.first().map_or("period", |chart| chart.noun());
    if !budget.all_charts {
        charts.retain(|chart| Cause::of(&chart.variation) != Cause::Common);
    }
    html! {
        p id=(format!("{}-charts", heading.id)) {
            strong { "Organisation by organisation. " }
            "Of " (words::counted(all, "organisation", "organisations")) " with a chart, the latest " (noun) " is special cause "
            @if of.better == Better::Neither {
                "at " strong { (words::count(neutral)) } ", "
            } @else {
                "for concern at " strong { (words::count(concern)) } ", improvement at " strong { (words::count(improvement)) } ", "
            }
            @if not_judged > 0 { "not judged at " strong { (words::count(not_judged)) } ", " }
            @if rounded {
                "and no special cause is sure at " strong { (words::count(common)) } ", as counts are rounded."
            } @else {
                "and common cause at " strong { (words::count(common)) } "."
            }
        }
        (parts::details(&format!("A small control chart for each organisation ({})", words::count(charts.len() as u64)), &chart_table(&charts, target, heading)))
        @if !budget.all_charts { p class="small" { "Only organisations whose latest " (noun) " is special cause are drawn, to keep this file small." } }
        @match months {
            Some(table) => (parts::details(&format!("The {noun}s of each organisation, as a table"), &table)),
            None => (parts::elsewhere(&format!("The {noun}s of each organisation are"), "chart_points.csv")),
        }
    }
}

fn tally(charts: &[&ControlChart]) -> [u64; 4] {
    let judged = || charts.iter().filter(|chart| chart.not_judged.is_none());
    let of = |cause| judged().filter(|chart| Cause::of(&chart.variation) == cause).count() as u64;
    [of(Cause::Common), of(Cause::Improvement), of(Cause::Concern), of(Cause::Neutral)]
}

fn chart_table(charts: &[&ControlChart], target: Option<&Target>, heading: &Heading) -> Markup {
    let rows = html! { @for chart in charts { (chart_row(chart, target)) } };
    let drawn = format!("Rate by {}", charts.first().map_or("period", |chart| chart.noun())); // then nothing is drawn
    let columns = [
        Column::Text("Organisation"),
        Column::Drawing(&drawn),
        Column::Number("Latest"),
        Column::Number("Mean"),
        Column::Number("Limits"),
        Column::Text("Variation"),
        Column::Text("Against the target"),
    ];
    let caption = "Each with its own scale: compare shapes, not heights. Dashed: limits; thin: mean; dotted: target.";
    parts::table(&format!("{} Small control charts", heading.number), caption, &columns, &rows)
}

fn chart_row(chart: &ControlChart, target: Option<&Target>) -> Markup {
    let code = chart.organisation.as_deref().unwrap_or("All");
    let latest = chart.points.last();
    html! {
        tr {
            th scope="row" { (code) }
            td class="drawing" { (sparkline::sparkline(&format!("{code}: {}", chart.variation), chart, target)) }
            td class="number" {
                @match latest {
                    Some(point) => {
                        @if chart.shown == Shown::Share && point.denominator < FEW { "too few" } @else { (chart.shown.say(point.value)) } br;
                        span class="of" { (control::cases_of(point, chart)) }
                    },
                    None => "–",
                }
            }
            td class="number" { (chart.shown.say(chart.mean)) }
            td class="number" { (limits(chart).as_deref().unwrap_or("–")) }
            td {
                (variation(&chart.variation))
                @if let Some(why) = &chart.not_judged { " " span class="of" { (why) } }
                @if let Some(missing) = chart.missing_periods() { " " span class="of" { "no rate in " (missing) } }
            }
            td { @match &chart.assurance { Some(words) => (assurance(words)), None => "not judged" } }
        }
    }
}

/// Every period of every organisation: numerator over denominator, marked where special.
fn months_table(charts: &[&ControlChart], better: Better, heading: &Heading) -> Markup {
    let mut periods: Vec<&str> =
        charts.iter().flat_map(|chart| &chart.points).map(|point| point.period.as_str()).collect();
    periods.sort_unstable();
    periods.dedup();
    let rows = html! {
        @for chart in charts {
            tr {
                th scope="row" { (chart.organisation.as_deref().unwrap_or("All")) }
                @for period in &periods { (month_cell(chart, period)) }
            }
        }
    };
    let heads: Vec<String> = periods.iter().map(|period| words::period(period)).collect();
    let columns: Vec<Column<'_>> =
        std::iter::once(Column::Text("Organisation")).chain(heads.iter().map(|head| Column::Number(head))).collect();
    let signs = match better {
        Better::Neither => "▲ special cause, higher or lower",
        _ => "◆ special cause, improvement; ■ concern",
    };
    let noun = charts.first().map_or("period", |chart| chart.noun()); // then the table is empty
    let caption = format!("Numerator of denominator in each {noun}. {signs}.");
    parts::table(
        &format!("{} {}s of each organisation", heading.number, words::sentence(noun)),
        &caption,
        &columns,
        &rows,
    )
}

fn month_cell(chart: &ControlChart, period: &str) -> Markup {
    let point = chart.points.iter().find(|point| point.period == period);
    html! {
        td class="number" {
            @match point {
                Some(point) => {
                    (control::cases_of(point, chart))
                    @match control::cause(point) {
                        Cause::Common => "",
                        Cause::Improvement => " ◆",
                        Cause::Concern => " ■",
                        Cause::Neutral => " ▲",
                    }
                },
                None => "–",
            }
        }
    }
}
