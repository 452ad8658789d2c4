//! A rate and its interval as a dot on a line from 0% to 100%, for a table's cell.

use maud::{Markup, html};

use crate::results::Rate;
use crate::words;

/// The dot and its interval. The cell beside it holds the figures.
pub fn dot(rate: &Rate) -> Markup {
    let at = |p: f64| format!("{:.2}%", 2.0 + p.clamp(0.0, 1.0) * 96.0);
    html! {
        svg class="interval" width="100%" height="28" aria-hidden="true" focusable="false" {
            title { (words::percent(rate.value)) }
            line class="grid" x1=(at(0.0)) x2=(at(1.0)) y1="14" y2="14" {}
            @for quarter in [0.0, 0.25, 0.5, 0.75, 1.0] {
                line class="grid" x1=(at(quarter)) x2=(at(quarter)) y1="10" y2="18" {}
            }
            line class="whisker" x1=(at(rate.low)) x2=(at(rate.high)) y1="14" y2="14" {}
            circle class="dot" cx=(at(rate.value)) cy="14" r="6" {}
        }
    }
}

/// A part of a whole as a filled length, for a table's cell.
pub fn filled(part: u64, whole: u64) -> Markup {
    let width = if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    html! {
        svg class="filled" width="100%" height="16" aria-hidden="true" focusable="false" {
            title { (words::share(part, whole)) }
            rect class="track" x="0" y="1" width="100%" height="14" {}
            rect class="fill" x="0" y="1" width=(format!("{width:.2}%")) height="14" {}
        }
    }
}
