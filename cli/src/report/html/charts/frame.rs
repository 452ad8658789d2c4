//! What all charts share: the SVG element, scales, ticks and axes.

use crate::results::Shown;
use maud::{Markup, html};

/// An SVG image with its title and description, in a coordinate box of its own.
pub struct Picture<'a> {
    /// Unique in the page: names the title and description.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What there is to see in it, in words.
    pub description: &'a str,
    /// Width of the coordinate box.
    pub width: f64,
    /// Height of the coordinate box.
    pub height: f64,
}

impl Picture<'_> {
    /// The picture with what is drawn in it.
    pub fn draw(&self, body: &Markup) -> Markup {
        let (title, description) = (format!("{}-t", self.id), format!("{}-d", self.id));
        html! {
            svg class="picture" role="img" viewBox=(format!("0 0 {} {}", self.width, self.height))
                aria-labelledby=(title) aria-describedby=(description) {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                (body)
            }
        }
    }
}

/// A straight scale from data to drawing.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Data range to drawing range. An empty data range is widened.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Scale {
        let from = if from.1 - from.0 > 0.0 { from } else { (from.0, from.0 + 1.0) };
        Scale { from, to }
    }

    /// Where a value is drawn, held within the drawing range.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.from.0) / (self.from.1 - self.from.0);
        self.to.0 + share.clamp(0.0, 1.0) * (self.to.1 - self.to.0)
    }

    /// Whether a value lies in the data range.
    pub fn holds(&self, value: f64) -> bool {
        value >= self.from.0 && value <= self.from.1
    }

    /// Round values across the data range, about `wanted` of them.
    pub fn ticks(&self, wanted: u32) -> Vec<f64> {
        self.by(round_step((self.from.1 - self.from.0) / f64::from(wanted.max(1))))
    }

    /// Values across the data range that are round where they are written so.
    pub fn ticks_as(&self, shown: &Shown) -> Vec<f64> {
        let rough = (self.from.1 - self.from.0) / TICKS;
        let step = if *shown == Shown::Duration { STEPS.into_iter().find(|step| *step >= rough) } else { None };
        self.by(step.unwrap_or_else(|| round_step(rough)))
    }

    fn by(&self, step: f64) -> Vec<f64> {
        // There is a 0 below 0, which would be written with its sign.
        let first = (self.from.0 / step - 1e-9).ceil() + 0.0;
        let mut ticks = Vec::new();
        let mut k = first;
        while k * step <= self.from.1 + step * 1e-9 && ticks.len() < 50 {
            ticks.push(k * step);
            k += 1.0;
        }
        ticks
    }
}

/// About so many ticks on an axis.
const TICKS: f64 = 5.0;

const SECOND: f64 = 1_000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Lengths of time that are round, in milliseconds.
const STEPS: [f64; 18] = [
    SECOND,
    5.0 * SECOND,
    15.0 * SECOND,
    30.0 * SECOND,
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    6.0 * HOUR,
    12.0 * HOUR,
    DAY,
    2.0 * DAY,
    7.0 * DAY,
    14.0 * DAY,
];

/// The next of 1, 2 or 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    if !rough.is_finite() || rough <= 0.0 {
        return 1.0;
    }
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    while power > rough {
        power /= 10.0;
    }
    let next = [1.0, 2.0, 5.0].into_iter().find(|m| m * power >= rough * 0.999_999);
    next.unwrap_or(10.0) * power
}

/// A coordinate with one decimal, so that files stay small and the same everywhere.
pub fn px(x: f64) -> String {
    // A figure that is none must not break the drawing.
    let x = if x.is_finite() { x } else { 0.0 };
    if let Some(tenths) = tenths(x) {
        let (sign, whole, part) = (if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
        return if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
    }
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

/// The tenths that a number of some size is nearest to, where it is plain which these are: not half-way between two, give or take more than the
/// multiplication rounds, and not a zero, which may have a sign.
#[allow(clippy::cast_possible_truncation, reason = "a whole number of seven digits at most")]
fn tenths(x: f64) -> Option<i64> {
    let exact = x * 10.0;
    let tenths = exact.round();
    let is_plain = exact.abs() < 1e7 && (exact - tenths).abs() < 0.499 && tenths != 0.0;
    is_plain.then_some(tenths as i64)
}

/// The path through points; `None` lifts the pen.
pub fn path(points: &[Option<(f64, f64)>]) -> String {
    let mut out = String::new();
    let mut pen = 'M';
    for point in points {
        match point {
            Some((x, y)) => {
                out.push(pen);
                out.push_str(&px(*x));
                out.push(' ');
                out.push_str(&px(*y));
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    out
}

/// The area a chart draws in.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the four sides")]
pub struct Area {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Area {
    /// Horizontal scale over a data range.
    pub fn x(&self, from: (f64, f64)) -> Scale {
        Scale::new(from, (self.left, self.right))
    }

    /// Vertical scale over a data range, upwards.
    pub fn y(&self, from: (f64, f64)) -> Scale {
        Scale::new(from, (self.bottom, self.top))
    }

    /// A percentage axis at the left with faint lines across.
    pub fn percent_axis(&self, y: &Scale) -> Markup {
        let ticks = y.ticks(5);
        let fine = ticks.windows(2).any(|w| matches!(w, [a, b] if b - a < 0.0099));
        html! {
            @for tick in &ticks {
                path class="grid" d=(format!("M{} {}H{}", px(self.left), px(y.at(*tick)), px(self.right))) {}
                text class="end" x=(px(self.left - 8.0)) y=(px(y.at(*tick) + 5.0)) {
                    @if fine { (format!("{:.1}%", tick * 100.0)) } @else { (format!("{:.0}%", tick * 100.0)) }
                }
            }
            (self.base())
        }
    }

    /// The axis of a chart whose values are written so.
    pub fn axis(&self, y: &Scale, shown: &Shown) -> Markup {
        if *shown == Shown::Share {
            return self.percent_axis(y);
        }
        html! {
            @for tick in &y.ticks_as(shown) {
                path class="grid" d=(format!("M{} {}H{}", px(self.left), px(y.at(*tick)), px(self.right))) {}
                text class="end" x=(px(self.left - 8.0)) y=(px(y.at(*tick) + 5.0)) { (shown.tick(*tick)) }
            }
            (self.base())
        }
    }

    /// The horizontal base line.
    pub fn base(&self) -> Markup {
        html! { path class="axis" d=(format!("M{} {}H{}", px(self.left), px(self.bottom), px(self.right))) {} }
    }

    /// A horizontal line with its name at the right.
    pub fn level(&self, class: &str, y: f64) -> Markup {
        html! { path class=(class) d=(format!("M{} {}H{}", px(self.left), px(y), px(self.right))) {} }
    }
}

/// A range of proportions with room around it, within 0 and 1.
pub fn proportion_range(values: &mut dyn Iterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = ends(values) else { return (0.0, 1.0) };
    let room = ((high - low) * 0.08).max(0.005);
    ((low - room).max(0.0), (high + room).min(1.0))
}

/// A range of numbers with room around it.
pub fn number_range(values: &mut dyn Iterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = ends(values) else { return (0.0, 1.0) };
    let room = ((high - low) * 0.08).max(high.abs() * 0.01).max(1e-6);
    (low - room, high + room)
}

fn ends(values: &mut dyn Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

/// Heights apart from each other, in order, moving each down as little as needed.
pub fn spaced(mut wanted: Vec<(f64, usize)>, apart: f64) -> Vec<(f64, usize)> {
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut last = f64::NEG_INFINITY;
    for place in &mut wanted {
        place.0 = place.0.max(last + apart);
        last = place.0;
    }
    wanted
}
