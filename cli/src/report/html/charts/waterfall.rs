//! How far a rate lies from that of the others, step by step: a small drawing for a table's cell. The cells beside it hold the figures.

use maud::{Markup, html};

use super::frame::{Scale, px};
use crate::results::{PartKind, Why};
use crate::words;

const WIDTH: f64 = 220.0;
const ROW: f64 = 11.0;

/// The parts of a gap from the rate of the others, at 0, to the organisation's, in steps from above to below; `reach` is the furthest that any lies.
pub fn waterfall(why: &Why, reach: f64) -> Markup {
    let scale = Scale::new((-reach, reach), (4.0, WIDTH - 4.0));
    let mut at = 0.0;
    let mut steps = Vec::new();
    for part in &why.parts {
        let next = at + part.size;
        steps.push((part.kind, at, next));
        at = next;
    }
    let height = ROW * (steps.len() as f64 + 1.0) + 4.0;
    html! {
        svg class="waterfall" viewBox=(format!("0 0 {WIDTH} {}", px(height))) width=(WIDTH) height=(px(height)) aria-hidden="true" focusable="false" {
            title { (words::signed(why.gap * 100.0, 1)) " points" }
            line class="axis" x1=(px(scale.at(0.0))) x2=(px(scale.at(0.0))) y1="0" y2=(px(height)) {}
            @for (place, (kind, from, to)) in steps.iter().enumerate() {
                @let y = 2.0 + ROW * place as f64;
                rect class=(class(*kind)) x=(px(scale.at(from.min(*to)))) y=(px(y)) width=(px((scale.at(*to) - scale.at(*from)).abs().max(1.0))) height=(px(ROW - 3.0)) {}
                line class="join" x1=(px(scale.at(*to))) x2=(px(scale.at(*to))) y1=(px(y)) y2=(px(y + ROW)) {}
            }
            circle class="dot" cx=(px(scale.at(why.gap))) cy=(px(height - ROW / 2.0 - 2.0)) r="4" {}
        }
    }
}

fn class(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Practice => "step practice",
        _ => "step",
    }
}
