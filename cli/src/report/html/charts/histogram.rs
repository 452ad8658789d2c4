//! How long it took, as columns, with the limit marked.

use maud::{Markup, html};

use super::frame::{Area, Picture, Scale, px};
use crate::results::{Days, Delay};
use crate::words;
use concord_engine::values::calendar::DAY;

const AREA: Area = Area { left: 64.0, right: 740.0, top: 34.0, bottom: 280.0 };
const WIDTH: f64 = 760.0;

/// A column: its edges and how many cases.
pub struct Bin {
    /// Lower edge, milliseconds; none in the first.
    pub from: Option<i64>,
    /// Upper edge, milliseconds; none in the last.
    pub to: Option<i64>,
    /// Cases.
    pub cases: u64,
    /// Suppressed: 1 to 7, and 0 in `cases`.
    pub hidden: bool,
    /// The days in which it is counted, if it is.
    pub days: Option<Days>,
}

impl Bin {
    /// The column's edges in words.
    pub fn words(&self) -> String {
        if let Some(days) = self.days {
            return self.of_days(days);
        }
        match (self.from, self.to) {
            (None, Some(-1)) => "earlier, before it was asked for".into(),
            (None, Some(to)) if to < 0 => format!("more than {} before", words::duration(-to)),
            (Some(from), Some(0)) if from < -1 => format!("up to {} before", words::duration(-from)),
            (Some(from), Some(to)) if to < 0 => {
                format!("{} to {} before", words::duration(-to), words::duration(-from))
            }
            (Some(-1), Some(to)) => format!("up to {}", words::duration(to)),
            (None, Some(to)) => format!("up to {}", words::duration(to)),
            (Some(from), Some(to)) => {
                format!("{} to {}", words::duration(from), words::duration(to))
            }
            (Some(from), None) => format!("over {}", words::duration(from)),
            (None, None) => "any time".into(),
        }
    }

    fn of_days(&self, days: Days) -> String {
        match (self.from.map(|from| from + DAY), self.to) {
            (_, Some(to)) if to < 0 => "on an earlier day".into(),
            (None | Some(0), Some(0)) => "the same day".into(),
            (Some(from), Some(to)) if from == to => days.words(to),
            // The first begins with the day itself.
            (from, Some(to)) => format!("{} to {}", from.unwrap_or(0) / DAY, days.words(to)),
            (Some(from), None) => format!("{} or more", days.words(from)),
            (None, None) => "any time".into(),
        }
    }

    /// What stands below the column: `3`, `7–13`; none in the first of earlier days, and in the last.
    fn below(&self) -> Option<String> {
        let to = self.to.filter(|to| *to >= 0)? / DAY;
        // As above.
        let from = self.from.map_or(0, |from| from / DAY + 1);
        Some(if from == to { to.to_string() } else { format!("{from}–{to}") })
    }

    /// Whether all of it lies beyond the limit.
    fn beyond(&self, limit: Option<i64>) -> bool {
        matches!((self.from, limit), (Some(from), Some(limit)) if from >= limit)
    }
}

/// The columns with both edges.
pub fn bins(delay: &Delay) -> Vec<Bin> {
    let mut from = None;
    delay
        .bins
        .iter()
        .enumerate()
        .map(|(place, (to, cases))| {
            let hidden = delay.hidden >> place & 1 != 0;
            let bin = Bin { hidden, from, to: *to, cases: *cases, days: delay.days };
            from = *to;
            bin
        })
        .collect()
}

/// The histogram: columns of equal width, an interval each.
pub fn histogram(id: &str, delay: &Delay) -> Markup {
    let bins = bins(delay);
    let most = bins.iter().map(|bin| bin.cases).max().unwrap_or(0).max(1);
    let y = AREA.y((0.0, most as f64 * 1.05));
    let width = (AREA.right - AREA.left) / bins.len().max(1) as f64;
    let body = html! {
        (axis(&y, most))
        @for (i, bin) in bins.iter().enumerate() {
            (column(bin, AREA.left + i as f64 * width, width, &y, delay.limit))
        }
        (AREA.base())
        @if delay.days.is_some() { (days(&bins, width)) } @else { (edges(&bins, width)) }
        @if let (Some(at), Some(words)) = (delay.limit, limit(delay)) {
            (limit_line(&bins, width, at, &if delay.is_order() { "too late from here".into() } else { format!("limit {words}") }))
        }
        text class="axis-name" x=(px(f64::midpoint(AREA.left, AREA.right))) y="330" { @if delay.is_order() { "time from the one to the other; below 0 is before" } @else { (taken(delay)) } }
        text class="axis-name end" x=(px(AREA.left)) y="18" { "cases" }
    };
    Picture { id, title: "How long it took", description: &described(&bins, delay), width: WIDTH, height: 338.0 }
        .draw(&body)
}

/// The rule's limit in words, where it is the same for all cases: `1 h`, or of what is due by a day `28 calendar days`.
pub fn limit(delay: &Delay) -> Option<String> {
    delay.limit.map(|limit| delay.words(limit))
}

/// What stands along the axis.
fn taken(delay: &Delay) -> &'static str {
    match delay.days {
        None => "time taken",
        Some(Days::Calendar) => "calendar days taken",
        Some(Days::Working) => "working days taken",
    }
}

/// The days of each column below it, thinned so that they do not touch.
fn days(bins: &[Bin], width: f64) -> Markup {
    let longest = bins.iter().filter_map(Bin::below).map(|words| words.chars().count()).max().unwrap_or(0);
    let every = ((longest as f64 * 8.0 + 12.0) / width).ceil().max(1.0) as usize;
    html! {
        @for (i, bin) in bins.iter().enumerate().step_by(every) {
            @if let Some(words) = bin.below() {
                text class="middle" x=(px(AREA.left + (i as f64 + 0.5) * width)) y=(px(AREA.bottom + 24.0)) { (words) }
            }
        }
    }
}

fn described(bins: &[Bin], delay: &Delay) -> String {
    let peak = bins.iter().max_by_key(|bin| bin.cases).map(Bin::words).unwrap_or_default();
    let limit = match limit(delay).filter(|_| delay.limit.is_some()) {
        Some(limit) => format!(" The limit of {limit} is marked."),
        None => String::new(),
    };
    format!(
        "Columns of {} by time taken; the tallest is {peak}.{limit} The figures are in the table that follows.",
        words::counted(delay.n, "case", "cases")
    )
}

fn axis(y: &Scale, most: u64) -> Markup {
    html! {
        @for tick in y.ticks(4).into_iter().filter(|tick| tick.fract().abs() < 1e-9 || most > 5) {
            path class="grid" d=(format!("M{} {}H{}", px(AREA.left), px(y.at(tick)), px(AREA.right))) {}
            text class="end" x=(px(AREA.left - 8.0)) y=(px(y.at(tick) + 5.0)) { (words::count(tick.round() as u64)) }
        }
    }
}

fn column(bin: &Bin, x: f64, width: f64, y: &Scale, limit: Option<i64>) -> Markup {
    let top = y.at(bin.cases as f64);
    let fill = if bin.beyond(limit) { "url(#v-late)" } else { "url(#v-met)" };
    html! {
        rect class="column" fill=(fill) x=(px(x + 1.5)) y=(px(top)) width=(px((width - 3.0).max(0.5)))
            height=(px(AREA.bottom - top)) {
            title { (bin.words()) ": " (words::shown_counted(bin.cases, bin.hidden, "case", "cases")) }
        }
    }
}

/// Edges under the columns, thinned so that they do not touch.
fn edges(bins: &[Bin], width: f64) -> Markup {
    let every = (72.0 / width).ceil().max(1.0) as usize;
    html! {
        @for (i, bin) in bins.iter().enumerate() {
            @if let Some(to) = bin.to.filter(|to| *to != -1) {
                @let x = AREA.left + (i + 1) as f64 * width;
                path class="axis" d=(format!("M{} {}v6", px(x), px(AREA.bottom))) {}
                @if (i + 1).is_multiple_of(every) {
                    @let words = words::duration(to);
                    @let (class, x) = inside(x, &words);
                    text class=(class) x=(px(x)) y=(px(AREA.bottom + 24.0)) { (words) }
                }
            }
        }
    }
}

/// Where words below the axis stand, and how: about a place or, where the picture ends within them, up to its end.
fn inside(x: f64, words: &str) -> (&'static str, f64) {
    const LETTER: f64 = 8.0;
    let half = words.chars().count() as f64 * LETTER / 2.0;
    if x + half > WIDTH { ("end", WIDTH - 1.0) } else { ("middle", x) }
}

/// The limit: on the edge of the column that it ends, or as far into it as it reaches.
fn limit_line(bins: &[Bin], width: f64, limit: i64, words: &str) -> Markup {
    let mut at = bins.len() as f64;
    for (i, bin) in bins.iter().enumerate() {
        let Some(to) = bin.to.filter(|to| *to >= limit) else {
            continue;
        };
        let from = bin.from.unwrap_or(0).min(limit);
        let span = (to.saturating_sub(from)).max(1) as f64;
        let part = if to == limit { 1.0 } else { limit.saturating_sub(from) as f64 / span };
        at = i as f64 + part;
        break;
    }
    let x = AREA.left + at * width;
    let (class, shift) = if x > f64::midpoint(AREA.left, AREA.right) { ("strong end", -7.0) } else { ("strong", 7.0) };
    html! {
        path class="limit-line" d=(format!("M{} {}V{}", px(x), px(AREA.top - 22.0), px(AREA.bottom))) {}
        text class=(class) x=(px(x + shift)) y=(px(AREA.top - 10.0)) { (words) }
    }
}
