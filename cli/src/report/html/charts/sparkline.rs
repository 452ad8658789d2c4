//! A control chart small enough for a table's row.

use maud::{Markup, html};

use super::control::{cause, drawn_target, end, positions, range, steps, target_begins, trace, varies};
use super::frame::{Area, px};
use super::icons::Cause;
use crate::results::{ControlChart, Target};

const AREA: Area = Area { left: 4.0, right: 216.0, top: 5.0, bottom: 43.0 };

/// The line, its mean and limits, and its special causes. The row beside it holds the words.
pub fn sparkline(title: &str, chart: &ControlChart, target: Option<&Target>) -> Markup {
    let at = positions(chart);
    let target = drawn_target(chart, target);
    let (x, y) = (AREA.x((0.0, end(chart))), AREA.y(range(chart, target)));
    let across = |value: f64| format!("M4 {}H216", px(y.at(value)));
    let special = at.iter().zip(&chart.points);
    let special = special.filter_map(|(at, point)| {
        let cause = cause(point);
        (cause != Cause::Common).then(|| (small_shape(cause, &px(x.at(*at)), &px(y.at(point.value))), cause))
    });
    html! {
        svg class="spark" role="img" viewBox="0 0 220 48" width="220" height="48" {
            title { (title) }
            @if varies(chart) {
                (steps(chart, &at, &x, &y))
            } @else {
                @if let Some((lower, upper)) = chart.lower.zip(chart.upper) {
                    path class="process" d=(format!("{}{}", across(lower), across(upper))) {}
                }
                path class="centre" d=(across(chart.mean)) {}
            }
            @if let Some(target) = target.filter(|target| y.holds(target.value)) {
                @let begins = target_begins(chart, &at, &x).map_or_else(|| "4".to_owned(), px);
                path class="target" d=(format!("M{begins} {}H216", px(y.at(target.value)))) {}
            }
            path class="trace" d=(trace(&at, &chart.points, &x, &y)) {}
            @for (d, cause) in special { path class=(format!("c-{}", cause.key())) d=(d) {} }
        }
    }
}

fn small_shape(cause: Cause, x: &str, y: &str) -> String {
    match cause {
        Cause::Improvement => format!("M{x} {y}m0-4l4 4l-4 4l-4-4Z"),
        Cause::Concern => format!("M{x} {y}m-3-3h6v6h-6Z"),
        _ => format!("M{x} {y}m0-4l4 7h-8Z"),
    }
}
