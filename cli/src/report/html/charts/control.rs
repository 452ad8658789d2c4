//! The control chart: rate by period with mean, limits and target, and special causes by shape.

use maud::{Markup, html};

use super::frame::{Area, Picture, Scale, number_range, path, proportion_range, px, spaced};
use super::icons::Cause;
use crate::results::{ChartPoint, ControlChart, Gap, PointLimits, Shown, Target};
use crate::words;

const WIDTH: f64 = 800.0;
const AREA: Area = Area { left: 62.0, right: 664.0, top: 26.0, bottom: 300.0 };

/// About the width of a letter in the names of levels, and in those of ticks.
const LETTER: (f64, f64) = (7.0, 8.0);

/// What is left beside the names of levels and ticks, which are long where lengths of time are.
fn area(chart: &ControlChart, named: &[Level<'_>], y: &Scale) -> Area {
    let longest =
        |names: &mut dyn Iterator<Item = String>| names.map(|name| name.chars().count()).max().unwrap_or(0) as f64;
    let levels = longest(&mut named.iter().map(|level| level.said(&chart.shown)));
    let ticks = longest(&mut y.ticks_as(&chart.shown).into_iter().map(|tick| chart.shown.tick(tick)));
    let right = AREA.right.min(WIDTH - 8.0 - LETTER.0 * levels);
    Area { left: AREA.left.max(12.0 + LETTER.1 * ticks), right, ..AREA }
}

/// A line across the chart, with its name.
struct Level<'a> {
    class: &'a str,
    value: f64,
    name: &'a str,
}

impl Level<'_> {
    fn said(&self, shown: &Shown) -> String {
        format!("{} {}", self.name, shown.say(self.value))
    }
}

/// What a point says.
pub fn cause(point: &ChartPoint) -> Cause {
    match (&point.special_cause, &point.direction) {
        (None, _) => Cause::Common,
        (Some(_), Some(direction)) if Cause::of(direction) != Cause::Common => Cause::of(direction),
        (Some(_), _) => Cause::Neutral,
    }
}

/// Where each point stands on the time axis, one period a step; periods without a rate keep their place.
pub fn positions(chart: &ControlChart) -> Vec<f64> {
    let before =
        |place: usize| -> u64 { chart.gaps.iter().filter(|gap| gap.after <= place).map(|gap| gap.periods).sum() };
    (0..chart.points.len()).map(|place| place as f64 + before(place) as f64).collect()
}

/// The last place of the time axis: that of the last point, or of a gap after it.
pub fn end(chart: &ControlChart) -> f64 {
    let gaps: u64 = chart.gaps.iter().map(|gap| gap.periods).sum();
    (chart.points.len() as f64 + gaps as f64 - 1.0).max(1.0)
}

/// The line through the points, lifted where a period is missing.
pub fn trace(at: &[f64], points: &[ChartPoint], x: &Scale, y: &Scale) -> String {
    let mut line = Vec::with_capacity(points.len());
    let mut before = f64::NEG_INFINITY;
    for (at, point) in at.iter().zip(points) {
        if at - before > 1.5 && before.is_finite() {
            line.push(None);
        }
        before = *at;
        line.push(Some((x.at(*at), y.at(point.value))));
    }
    path(&line)
}

/// The range of a chart: its points, its limits within 0 and 1, and the target, unless the target is
/// so far away that the rest would shrink to less than a fifth of the height.
pub fn range(chart: &ControlChart, target: Option<&Target>) -> (f64, f64) {
    let own = chart.points.iter().filter_map(|point| point.limits);
    let own = own.flat_map(|limits| [limits.lower, limits.upper, Some(limits.mean)].into_iter().flatten());
    let values = chart.points.iter().map(|point| point.value).chain(own);
    let (least, most) = if chart.shown == Shown::Share { (0.0, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) };
    let limits =
        [chart.lower, chart.upper, Some(chart.mean)].into_iter().flatten().map(|limit| limit.clamp(least, most));
    let within: fn(&mut dyn Iterator<Item = f64>) -> (f64, f64) =
        if chart.shown == Shown::Share { proportion_range } else { number_range };
    let without = within(&mut values.chain(limits));
    let Some(target) = drawn_target(chart, target) else { return without };
    let with = within(&mut [without.0, without.1, target.value].into_iter());
    if (without.1 - without.0) * 5.0 < with.1 - with.0 { without } else { with }
}

/// The target, where it counts for a point of the chart.
pub fn drawn_target<'a>(chart: &ControlChart, target: Option<&'a Target>) -> Option<&'a Target> {
    target.filter(|_| !chart.held().is_empty())
}

/// Whether the target lies on the chart rather than beyond it.
pub fn shows(chart: &ControlChart, target: &Target) -> bool {
    let (low, high) = range(chart, Some(target));
    (low..=high).contains(&target.value) && !chart.held().is_empty()
}

/// Where the target's line begins: before the first point for which it counts, where it does not count for all.
pub fn target_begins(chart: &ControlChart, at: &[f64], x: &Scale) -> Option<f64> {
    let first = at.get(chart.before_target?)?;
    Some(x.at(first - 0.5))
}

/// The chart.
pub fn chart(id: &str, title: &str, chart: &ControlChart, target: Option<&Target>) -> Markup {
    let at = positions(chart);
    let target = drawn_target(chart, target);
    let y = AREA.y(range(chart, target));
    let named = levels(chart, target, &y);
    let area = area(chart, &named, &y);
    let x = Area { left: area.left + 12.0, right: area.right - 8.0, ..area }.x((0.0, end(chart)));
    let body = html! {
        (area.axis(&y, &chart.shown))
        (time_axis(&at, &chart.points, &x))
        (drawn(&named, &area, chart, (&at, &x), &y))
        (gaps(chart, &at, &x))
        @if let Some(target) = target.filter(|target| !y.holds(target.value)) { (far_target(target, area.left, &y, &chart.shown)) }
        path class="trace" d=(trace(&at, &chart.points, &x, &y)) {}
        @for (at, point) in at.iter().zip(&chart.points) { (mark(x.at(*at), y.at(point.value), point, chart)) }
    };
    Picture { id, title, description: &described(chart), width: WIDTH, height: 346.0 }.draw(&body)
}

/// Where there is no rate, in words at the foot of the chart.
fn gaps(chart: &ControlChart, at: &[f64], x: &Scale) -> Markup {
    let middle = |gap: &Gap| {
        let before = gap.after.checked_sub(1).and_then(|place| at.get(place)).copied().unwrap_or(0.0);
        before + (gap.periods as f64 + 1.0) / 2.0
    };
    html! {
        @for gap in &chart.gaps {
            text class="middle" x=(px(x.at(middle(gap)))) y=(px(AREA.bottom - 8.0)) {
                title { "No rate in " (gap.in_words()) }
                @if x.at(gap.periods as f64) - x.at(0.0) >= 50.0 { "no rate" } @else { "–" }
            }
        }
    }
}

fn described(chart: &ControlChart) -> String {
    let special = chart.points.iter().filter(|point| point.special_cause.is_some()).count();
    let span = match (chart.points.first(), chart.points.last()) {
        (Some(first), Some(last)) => format!("{} to {}", words::period(&first.period), words::period(&last.period)),
        _ => "no periods".into(),
    };
    let limits = match chart.lower.zip(chart.upper) {
        Some((lower, upper)) => {
            format!("limits {} to {}", chart.limit(lower), chart.limit(upper))
        }
        None => "no limits".into(),
    };
    let missing = chart.missing_periods().map(|periods| format!(" No rate in {periods}.")).unwrap_or_default();
    let open = chart.left_out().map(|said| format!(" {said}")).unwrap_or_default();
    format!(
        "{span}, {}. Mean {}, {limits}. {} at {}. Latest: {}.{missing}{open} The figures are in the table that follows.",
        chart.counted(chart.points.len()),
        chart.shown.say(chart.mean),
        if chart.rounded { "Surely special cause" } else { "Special cause" },
        words::counted(special as u64, "point", "points"),
        chart.variation,
    )
}

/// Mean, limits and target.
fn levels(chart: &ControlChart, target: Option<&Target>, y: &Scale) -> Vec<Level<'static>> {
    let mut named = vec![Level { class: "centre", value: chart.mean, name: "mean" }];
    named.extend(chart.lower.map(|value| Level { class: "process", value, name: "lower limit" }));
    named.extend(chart.upper.map(|value| Level { class: "process", value, name: "upper limit" }));
    named.extend(target.map(|target| Level { class: "target", value: target.value, name: "target" }));
    named.retain(|level| y.holds(level.value));
    named
}

/// The levels, named at the right without touching each other.
fn drawn(named: &[Level<'_>], area: &Area, chart: &ControlChart, (at, x): (&[f64], &Scale), y: &Scale) -> Markup {
    let wanted = named.iter().enumerate().map(|(i, level)| (y.at(level.value) + 4.5, i)).collect();
    html! {
        @for level in named {
            @match target_begins(chart, at, x).filter(|_| level.class == "target") {
                Some(begins) => { path class="target" d=(format!("M{} {}H{}", px(begins), px(y.at(level.value)), px(area.right))) {} },
                None => { @if level.class == "target" || !varies(chart) { (area.level(level.class, y.at(level.value))) } },
            }
        }
        (steps(chart, at, x, y))
        @for (height, i) in spaced(wanted, 15.0) {
            @if let Some(level) = named.get(i) {
                text class="level-name" x=(px(area.right + 6.0)) y=(px(height)) { (level.said(&chart.shown)) }
            }
        }
    }
}

/// Whether points have limits of their own.
pub fn varies(chart: &ControlChart) -> bool {
    chart.points.iter().any(|point| point.limits.is_some())
}

/// Mean and limits where they are not the same for all points: a step for each, half way to the next.
pub fn steps(chart: &ControlChart, at: &[f64], x: &Scale, y: &Scale) -> Markup {
    let line = |of: fn(&PointLimits) -> Option<f64>| -> String {
        let (mut line, mut before) = (String::new(), None);
        for (at, point) in at.iter().zip(&chart.points) {
            let height = point.limits.as_ref().and_then(of).map(|value| px(y.at(value)));
            if let Some(height) = height.as_ref().filter(|height| Some(*height) != before.as_ref()) {
                // A line that goes on at another height does so where the two points meet.
                let begin =
                    if before.is_some() { format!("V{height}") } else { format!("M{} {height}", px(x.at(at - 0.5))) };
                line.push_str(&begin);
            }
            if height.is_some() {
                line.push_str(&format!("H{}", px(x.at(at + 0.5))));
            }
            before = height;
        }
        line
    };
    html! {
        @if varies(chart) {
            path class="centre" d=(line(|limits| Some(limits.mean))) {}
            path class="process" d=(format!("{}{}", line(|limits| limits.lower), line(|limits| limits.upper))) {}
        }
    }
}

/// A target beyond the chart: which way, and where it is.
fn far_target(target: &Target, left: f64, y: &Scale, shown: &Shown) -> Markup {
    let above = y.at(target.value) < f64::midpoint(AREA.top, AREA.bottom);
    let (height, arrow, side) =
        if above { (AREA.top - 10.0, "↑", "above") } else { (AREA.bottom - 8.0, "↓", "below") };
    html! {
        text class="target-name" x=(px(left + 4.0)) y=(px(height)) {
            (arrow) " target " (shown.say(target.value)) " lies " (side) " this chart"
        }
    }
}

/// Periods under the chart, thinned so that they do not touch.
fn time_axis(at: &[f64], points: &[ChartPoint], x: &Scale) -> Markup {
    let last = at.iter().copied().fold(0.0, f64::max);
    let every = [1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0]
        .into_iter()
        .find(|every| (x.at(*every) - x.at(0.0)) >= 74.0 || last < *every)
        .unwrap_or(120.0);
    html! {
        @for (at, point) in at.iter().zip(points) {
            @if (at / every).fract().abs() < 1e-9 {
                path class="axis" d=(format!("M{} {}v6", px(x.at(*at)), px(AREA.bottom))) {}
                text class="middle" x=(px(x.at(*at))) y=(px(AREA.bottom + 24.0)) { (words::period(&point.period)) }
            }
        }
    }
}

fn mark(x: f64, y: f64, point: &ChartPoint, chart: &ControlChart) -> Markup {
    let (x, y) = (px(x), px(y));
    let cause = cause(point);
    let class = format!("c-{}", cause.key());
    let tip = html! {
        title {
            (words::period(&point.period)) ": " (chart.shown.say(point.value)) ", " (cases_of(point, chart))
            @if let Some(special) = &point.special_cause { "; " (special) }
        }
    };
    html! {
        @match cause {
            Cause::Common => circle class=(class) cx=(x) cy=(y) r="3.8" { (tip) },
            _ => path class=(class) d=(shape(cause, &x, &y)) { (tip) },
        }
    }
}

/// The cases behind a point: a part of a whole or, of a number and of a share of what they weigh, how many.
pub fn cases_of(point: &ChartPoint, chart: &ControlChart) -> String {
    match chart.shown {
        Shown::Share if !chart.weighed => {
            format!("{} of {}", words::count(point.numerator), words::count(point.denominator))
        }
        _ => words::counted(point.denominator, "case", "cases"),
    }
}

/// Diamond for improvement, square for concern, triangle for neither: the same as in the signs.
fn shape(cause: Cause, x: &str, y: &str) -> String {
    match cause {
        Cause::Improvement => format!("M{x} {y}m0 -7l7 7l-7 7l-7 -7Z"),
        Cause::Concern => format!("M{x} {y}m-5.5 -5.5h11v11h-11Z"),
        _ => format!("M{x} {y}m0 -7l6.5 12h-13Z"),
    }
}
