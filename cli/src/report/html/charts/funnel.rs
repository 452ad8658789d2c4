//! Funnel plots: each organisation's rate against its size, with 95% and 99.8% limits.

use maud::{Markup, html};

use super::frame::{Area, Picture, Scale, path, proportion_range, px};
use crate::results::{Funnel, Limits, MeasureResult, OrganisationRate};
use crate::words;

const AREA: Area = Area { left: 64.0, right: 548.0, top: 16.0, bottom: 356.0 };
/// No more than this many names in a plot.
const MOST_NAMES: usize = 14;

/// Where an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Within the 95% limits.
    Inside,
    /// Between the 95% and the 99.8% limits.
    Warning,
    /// Beyond the 99.8% limits.
    Outside,
}

/// Where, and whether above, from the words of the results.
pub fn standing(words: &str) -> (Standing, bool) {
    let above = words.contains("above");
    let standing = match () {
        () if words.contains("99.8") => Standing::Outside,
        () if words.contains("95") => Standing::Warning,
        () => Standing::Inside,
    };
    (standing, above)
}

/// Which of the two plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Limits as if nothing but chance made organisations differ.
    Chance,
    /// Limits widened for the usual spread between organisations.
    Adjusted,
}

impl Panel {
    /// Where an organisation stands in this plot, in words.
    pub fn words(self, organisation: &OrganisationRate) -> &str {
        match self {
            Panel::Chance => &organisation.place,
            Panel::Adjusted => &organisation.place_adjusted,
        }
    }

    fn limits(self, funnel: &Funnel) -> &[Limits] {
        match self {
            Panel::Chance => &funnel.limits,
            Panel::Adjusted => &funnel.limits_adjusted,
        }
    }

    fn z(self, organisation: &OrganisationRate) -> f64 {
        let z = match self {
            Panel::Chance => organisation.z,
            Panel::Adjusted => organisation.z_adjusted,
        };
        z.unwrap_or(0.0).abs()
    }

    fn title(self) -> &'static str {
        match self {
            Panel::Chance => "Funnel plot: limits for chance alone",
            Panel::Adjusted => "Funnel plot: limits that allow for the usual spread",
        }
    }

    fn outside(self, funnel: &Funnel) -> [u64; 2] {
        let [chance, adjusted] = funnel.outside;
        match self {
            Panel::Chance => chance,
            Panel::Adjusted => adjusted,
        }
    }
}

struct Point<'a> {
    organisation: &'a OrganisationRate,
    x: f64,
    y: f64,
    standing: Standing,
    above: bool,
}

/// One of the two plots of a measure.
pub fn plot((heading, id): (&str, &str), measure: &MeasureResult, funnel: &Funnel, panel: Panel) -> Markup {
    let (x, y) = scales(measure, funnel);
    let points = points(measure, panel, &x, &y);
    let body = html! {
        (AREA.percent_axis(&y))
        (size_axis(&x))
        @if panel == Panel::Adjusted {
            g id=(field_of(heading)) {
                (lines(panel.limits(funnel), &x, &y))
                @if y.holds(funnel.centre) { (AREA.level("centre", y.at(funnel.centre))) }
                path class="others" d=(dots(&points)) {}
            }
        } @else {
            (lines(panel.limits(funnel), &x, &y))
            @if y.holds(funnel.centre) { (AREA.level("centre", y.at(funnel.centre))) }
        }
        @if let Some(target) = measure.target_of_all().filter(|target| y.holds(target.value)) {
            (AREA.level("target", y.at(target.value)))
            text class="target-name" x=(px(AREA.left + 4.0)) y=(px(y.at(target.value) - 5.0)) { "target" }
        }
        (limit_names(panel.limits(funnel), &x, &y))
        @for point in &points { (mark(point)) }
        (names(&points, panel))
        text class="axis-name" x=(px(f64::midpoint(AREA.left, AREA.right))) y="402" { "cases in the denominator" }
    };
    let [outside95, outside998] = panel.outside(funnel);
    let description = format!(
        "{} by rate and number of cases. Group rate {}. Outside the 95% limits: {outside95}; outside the 99.8% limits: {outside998}. The figures are in the table of organisations.",
        words::counted(points.len() as u64, "organisation", "organisations"),
        words::percent(funnel.centre),
    );
    Picture { id, title: panel.title(), description: &description, width: 588.0, height: 412.0 }.draw(&body)
}

/// The name of what the small plots of organisations share with the large one.
fn field_of(heading: &str) -> String {
    format!("{heading}-field")
}

/// All organisations as one line of dots.
fn dots(points: &[Point<'_>]) -> String {
    points.iter().map(|point| format!("M{} {}h0", px(point.x), px(point.y))).collect()
}

/// Its rate and where it stands among the others, in words.
pub fn stands(organisation: &OrganisationRate) -> String {
    let rate = organisation.counts.rate.map(|rate| words::percent(rate.value)).unwrap_or_default();
    let of = words::count(organisation.counts.denominator);
    let place = match standing(&organisation.place_adjusted) {
        _ if organisation.place_adjusted == "not compared" => "not compared".to_owned(),
        (Standing::Inside, _) => "within the limits".to_owned(),
        _ => format!(
            "{} limits",
            organisation.place_adjusted.replace("above ", "above the ").replace("below ", "below the ")
        ),
    };
    format!("{rate} of {of}, {place}")
}

/// The plot of a measure once more, small, with one organisation marked; limits and others are those of the large one. None where it has no
/// rate.
pub fn own(heading: &str, measure: &MeasureResult, funnel: &Funnel, code: &str) -> Option<Markup> {
    let (x, y) = scales(measure, funnel);
    let points = points(measure, Panel::Adjusted, &x, &y);
    let own = points.iter().find(|point| point.organisation.code == code)?;
    let words = format!("{}: {}", own.organisation.code, stands(own.organisation));
    let (px_x, px_y) = (px(own.x), px(own.y));
    Some(html! {
        svg class="own-funnel" role="img" viewBox="0 0 588 372" width="236" height="150" aria-label=(words) {
            use href=(format!("#{}", field_of(heading))) {}
            path class="own" d=(format!("M{px_x} {px_y}m0-13l13 13l-13 13l-13-13Z")) {}
        }
    })
}

/// The same scales for both plots, so that they can be compared by eye.
fn scales(measure: &MeasureResult, funnel: &Funnel) -> (Scale, Scale) {
    let rates = measure.organisations.iter().filter_map(|o| o.counts.rate).map(|rate| rate.value);
    let largest = measure.organisations.iter().map(|o| o.counts.denominator).max().unwrap_or(1);
    // Limits at the smallest sizes may span everything: the range follows the organisations and
    // the limits from a twentieth of the largest on.
    let from = largest as f64 / 20.0;
    let limits = funnel.limits_adjusted.iter().filter(|limit| limit.n >= from);
    let limits = limits.flat_map(|limit| [limit.low998, limit.high998]);
    let target = measure.target_of_all().map(|target| target.value).into_iter();
    let range = proportion_range(&mut rates.chain(limits).chain(target).chain([funnel.centre]));
    (AREA.x((0.0, largest.max(1) as f64 * 1.04)), AREA.y(range))
}

fn points<'a>(measure: &'a MeasureResult, panel: Panel, x: &Scale, y: &Scale) -> Vec<Point<'a>> {
    let mut points: Vec<_> = measure
        .organisations
        .iter()
        .filter_map(|organisation| {
            let rate = organisation.counts.rate?;
            let (standing, above) = standing(panel.words(organisation));
            let (x, y) = (x.at(organisation.counts.denominator as f64), y.at(rate.value));
            Some(Point { organisation, x, y, standing, above })
        })
        .collect();
    points.sort_by_key(|point| point.standing);
    points
}

fn size_axis(x: &Scale) -> Markup {
    html! {
        @for tick in x.ticks(5) {
            path class="axis" d=(format!("M{} {}v6", px(x.at(tick)), px(AREA.bottom))) {}
            text class="middle" x=(px(x.at(tick))) y=(px(AREA.bottom + 22.0)) { (words::count(tick.round() as u64)) }
        }
    }
}

/// A limit line: its CSS class and how its value is read.
type LimitLine = (&'static str, fn(&Limits) -> f64);

fn lines(limits: &[Limits], x: &Scale, y: &Scale) -> Markup {
    let series: [LimitLine; 4] =
        [("limit998", |l| l.low998), ("limit95", |l| l.low95), ("limit95", |l| l.high95), ("limit998", |l| l.high998)];
    html! {
        @for (class, read) in series {
            @let points: Vec<_> = limits.iter().map(|l| {
                let value = read(l);
                (y.holds(value) && x.holds(l.n)).then(|| (x.at(l.n), y.at(value)))
            }).collect();
            path class=(class) d=(path(&points)) {}
        }
    }
}

/// The names of the upper limits at their right end, where the two are far enough apart.
fn limit_names(limits: &[Limits], x: &Scale, y: &Scale) -> Markup {
    let last = limits.iter().rfind(|limit| x.holds(limit.n));
    let heights =
        last.map(|last| (y.at(last.high998), y.at(last.high95))).filter(|(outer, inner)| inner - outer > 16.0);
    html! {
        @if let Some((outer, inner)) = heights {
            text class="limit-name" x=(px(AREA.right)) y=(px(outer - 5.0)) { "99.8%" }
            text class="limit-name" x=(px(AREA.right)) y=(px(inner - 5.0)) { "95%" }
        }
    }
}

fn mark(point: &Point<'_>) -> Markup {
    let class = match point.standing {
        Standing::Inside => "p-inside",
        Standing::Warning => "p-warning",
        Standing::Outside => "p-outside",
    };
    let (x, y) = (point.x, point.y);
    let tip = if point.above { -6.5 } else { 6.5 };
    html! {
        @if point.standing == Standing::Inside {
            circle class=(class) cx=(px(x)) cy=(px(y)) r="3.5" { title { (tooltip(point)) } }
        } @else {
            path class=(class) d=(format!("M{} {}l5.5 {}h-11Z", px(x), px(y + tip), px(-1.7 * tip))) { title { (tooltip(point)) } }
        }
    }
}

fn tooltip(point: &Point<'_>) -> String {
    let organisation = point.organisation;
    let counts = &organisation.counts;
    let name = organisation.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let rate = counts.rate.map(|rate| words::percent(rate.value)).unwrap_or_default();
    format!(
        "{}{name}: {rate}, {} of {}",
        organisation.code,
        words::count(counts.numerator),
        words::count(counts.denominator)
    )
}

/// Codes beside the organisations furthest beyond the outer limits, where there is room.
fn names(points: &[Point<'_>], panel: Panel) -> Markup {
    let mut far: Vec<_> = points.iter().filter(|point| point.standing == Standing::Outside).collect();
    far.sort_by(|a, b| panel.z(b.organisation).total_cmp(&panel.z(a.organisation)));
    let mut taken: Vec<Label<'_>> = Vec::new();
    for point in far {
        let free = [true, false].into_iter().map(|right| Label::beside(point, right)).find(|label| {
            let clash = taken.iter().any(|other| label.touches(other));
            let covers = points.iter().any(|other| !std::ptr::eq(other, point) && label.covers(other));
            label.left >= AREA.left && label.left + label.width <= AREA.right + 8.0 && !clash && !covers
        });
        if let Some(label) = free.filter(|_| taken.len() < MOST_NAMES) {
            taken.push(label);
        }
    }
    html! {
        @for label in &taken { text class="name" x=(px(label.left)) y=(px(label.middle + 4.5)) { (label.code) } }
    }
}

/// A code's place in the plot.
struct Label<'a> {
    code: &'a str,
    left: f64,
    width: f64,
    middle: f64,
}

impl<'a> Label<'a> {
    fn beside(point: &Point<'a>, right: bool) -> Label<'a> {
        let code = point.organisation.code.as_str();
        let width = 9.5 * code.chars().count() as f64;
        let left = if right { point.x + 9.0 } else { point.x - 9.0 - width };
        Label { code, left, width, middle: point.y }
    }

    fn touches(&self, other: &Label<'_>) -> bool {
        let across = self.left < other.left + other.width && other.left < self.left + self.width;
        across && (self.middle - other.middle).abs() < 14.0
    }

    fn covers(&self, point: &Point<'_>) -> bool {
        let across = point.x > self.left - 4.0 && point.x < self.left + self.width + 4.0;
        across && (self.middle - point.y).abs() < 10.0
    }
}
