//! The table of organisations: in order of code, never ranked.

use maud::{Markup, html};

use super::budget::Budget;
use super::charts::funnel::{self, Standing};
use super::outline::Heading;
use super::parts::{self, Column};
use crate::results::{Limits, MeasureResult, OrganisationRate};
use crate::words;

/// With no more organisations than this the table stands open.
const OPEN_UP_TO: usize = 12;

/// Those that stand apart, then all.
pub fn organisations(result: &MeasureResult, heading: &Heading, budget: Budget) -> Markup {
    let mut all: Vec<&OrganisationRate> = result.organisations.iter().collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    let apart: Vec<_> = all
        .iter()
        .copied()
        .filter(|organisation| funnel::standing(&organisation.place_adjusted).0 == Standing::Outside)
        .collect();
    let n = words::count(all.len() as u64);
    let few = all.len() <= OPEN_UP_TO;
    html! {
        @if result.funnel.is_some() && !apart.is_empty() && !few { (apart_table(&apart, all.len(), heading)) }
        @if few {
            (full_table(&all, heading))
        } @else if budget.organisations {
            (parts::details(&format!("All {n} organisations, in order of code"), &full_table(&all, heading)))
        } @else {
            (parts::elsewhere(&format!("All {n} organisations are"), "organisations.csv"))
        }
        @if let Some(funnel) = &result.funnel {
            (parts::details("The limits that are drawn, as a table", &html! {
                (limits("usual spread allowed for", &funnel.limits_adjusted, heading))
                (limits("chance alone", &funnel.limits, heading))
            }))
        }
    }
}

fn name(organisation: &OrganisationRate) -> Markup {
    html! { (organisation.code) @if let Some(name) = &organisation.name { " " span class="of" { (name) } } }
}

fn interval(organisation: &OrganisationRate) -> String {
    match &organisation.counts.rate {
        Some(rate) => format!("{} to {}", words::percent(rate.low), words::percent(rate.high)),
        None => "–".into(),
    }
}

/// Why there is no rate.
pub fn no_rate(hidden: u8) -> &'static str {
    if hidden & 3 == 0 { "no rate" } else { words::missing(hidden) }
}

fn rate(organisation: &OrganisationRate) -> String {
    organisation
        .counts
        .rate
        .map_or_else(|| no_rate(organisation.counts.hidden).into(), |rate| words::percent(rate.value))
}

fn apart_table(apart: &[&OrganisationRate], all: usize, heading: &Heading) -> Markup {
    let rows = html! {
        @for organisation in apart {
            tr {
                th scope="row" class="organisation" { (name(organisation)) }
                td class="place" { (sign(&organisation.place_adjusted)) (cause(organisation)) }
                td class="number strong" { (rate(organisation)) }
                td class="number" { (gap(organisation)) }
                td class="number" { (words::part_of(organisation.counts.numerator, organisation.counts.denominator, organisation.counts.hidden)) }
                td class="number" { (interval(organisation)) }
                td class="number" { (words::told(organisation.counts.unknown, organisation.counts.hidden, 4)) }
            }
        }
    };
    let columns = [
        Column::Text("Organisation"),
        Column::Text("Position"),
        Column::Number("Rate"),
        Column::Number("Points from the others"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Number("Unknown"),
    ];
    let caption = format!(
        "The {} of {} that stand apart after allowing for the usual spread, in order of code",
        words::count(apart.len() as u64),
        words::count(all as u64)
    );
    parts::table(&format!("{} Organisations that stand apart", heading.number), &caption, &columns, &rows)
}

/// How far it lies from the rate of the others, in percentage points.
fn gap(organisation: &OrganisationRate) -> String {
    organisation.gap.map_or_else(|| "–".into(), |gap| words::signed(gap * 100.0, 1))
}

/// Why it is not flagged, or what in its data explains where it stands.
fn cause(organisation: &OrganisationRate) -> Markup {
    html! {
        @if organisation.few { " " span class="of" { "too few cases to be flagged" } }
        @if let Some(cause) = &organisation.cause { " " span class="of cause" { (words::stopped(cause)) } }
    }
}

/// Where an organisation stands: an arrow and the words.
fn sign(words_of_place: &str) -> Markup {
    let arrow = match funnel::standing(words_of_place) {
        (Standing::Inside, _) => "",
        (_, true) => "▲ ",
        (_, false) => "▼ ",
    };
    html! { @if !arrow.is_empty() { span aria-hidden="true" { (arrow) } } (words_of_place) }
}

fn full_table(all: &[&OrganisationRate], heading: &Heading) -> Markup {
    let rows = html! { @for organisation in all { (full_row(organisation)) } };
    let columns = [
        Column::Text("Organisation"),
        Column::Number("Rate"),
        Column::Number("Points from the others"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Number("Excused"),
        Column::Number("Open"),
        Column::Number("Unknown"),
        Column::Text("Usual spread allowed for"),
        Column::Number("z"),
        Column::Number("p"),
        Column::Number("q"),
        Column::Text("Chance alone"),
        Column::Number("z, chance alone"),
        Column::Number("Rate shrunk to the group"),
        Column::Number("Expected by its groups"),
    ];
    parts::table(
        &format!("{} All organisations", heading.number),
        "Organisations in order of code. z: distance from the group rate in standard errors; p: chance of a distance like this or further; q: p adjusted for comparing many.",
        &columns,
        &rows,
    )
}

fn full_row(organisation: &OrganisationRate) -> Markup {
    let counts = &organisation.counts;
    let decimal = |z: Option<f64>| z.map_or_else(|| "–".into(), |z| words::decimal(z, 2));
    let probability = |p: Option<f64>| p.map_or_else(|| "–".into(), words::probability);
    html! {
        tr {
            th scope="row" class="organisation" { (name(organisation)) }
            td class="number strong" { (rate(organisation)) }
            td class="number" { (gap(organisation)) }
            td class="number" { (words::part_of(counts.numerator, counts.denominator, counts.hidden)) }
            td class="number" { (interval(organisation)) }
            td class="number" { (words::told(counts.excluded, counts.hidden, 2)) }
            td class="number" { (words::told(counts.open, counts.hidden, 3)) }
            td class="number" { (words::told(counts.unknown, counts.hidden, 4)) }
            td class="place" { (sign(&organisation.place_adjusted)) (cause(organisation)) }
            td class="number" { (decimal(organisation.z_adjusted)) }
            td class="number" { (probability(organisation.p)) }
            td class="number" { (probability(organisation.q)) }
            td class="place" { (sign(&organisation.place)) }
            td class="number" { (decimal(organisation.z)) }
            td class="number" { (organisation.shrunken.map_or_else(|| "–".into(), words::percent)) }
            td class="number" { (organisation.expected.map_or_else(|| "–".into(), words::percent)) }
        }
    }
}

fn limits(which: &str, limits: &[Limits], heading: &Heading) -> Markup {
    let rows = html! {
        @for limit in limits {
            tr {
                th scope="row" class="number" { (words::count(limit.n.round().max(0.0) as u64)) }
                @for value in [limit.low998, limit.low95, limit.high95, limit.high998] {
                    td class="number" { (words::percent(value)) }
                }
            }
        }
    };
    let columns = [
        Column::Number("Denominator"),
        Column::Number("Lower 99.8%"),
        Column::Number("Lower 95%"),
        Column::Number("Upper 95%"),
        Column::Number("Upper 99.8%"),
    ];
    parts::table(&format!("{} Limits, {which}", heading.number), &format!("Funnel limits, {which}"), &columns, &rows)
}
