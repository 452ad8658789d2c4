//! A measure whose figure is a number or a share by value: result, organisations side by side, groups, change over time.

use maud::{Markup, html};

use super::budget::Budget;
use super::control;
use super::outline::Heading;
use super::parts::{self, Column};
use crate::results::{Estimate, FigureResult, FigureValue, OrganisationFigure, Shown, Target};
use crate::words;

/// The section of such a measure.
pub fn figure(result: &FigureResult, heading: &Heading, budget: Budget) -> Markup {
    let target = result.target.as_ref();
    html! {
        section class="part-of" aria-labelledby=(heading.id) {
            h3 id=(heading.id) { (heading.number) " " (heading.title) }
            p class="small" { "Measure " (parts::code(&result.name)) @if !result.source.is_empty() { ", from " (result.source) } }
            (total(result))
            @if let Some(unset) = &result.unset { p { "In no total, month or split are " strong { (unset.words()) } "." } }
            @if !result.organisations.is_empty() {
                h4 { "Organisations side by side" }
                (compared(result))
                @if budget.organisations { (organisations(result, heading)) } @else { (parts::elsewhere("The organisations are", "figures.csv")) }
            }
            @if !result.strata.is_empty() {
                h4 { "Split by group" }
                @for (title, groups) in &result.strata { (split(title, groups, result, heading)) }
            }
            @if let Some(chart) = &result.chart { (control::overall(chart, target, heading)) }
            @if !result.charts.is_empty() {
                (control::each(control::Each { charts: &result.charts, target, better: result.better }, heading, budget))
            }
        }
    }
}

fn interval(value: &FigureValue, shown: &Shown) -> String {
    match value.estimate.and_then(|estimate| estimate.interval) {
        Some((low, high)) => {
            let open = value.estimate.is_some_and(|estimate| estimate.upper_at_least);
            let least = if open { "at least " } else { "" };
            if open && low >= high {
                return format!("at least {}", shown.say(high));
            }
            format!("{} to {least}{}", shown.say(low), shown.say(high))
        }
        None => "–".into(),
    }
}

fn cases(value: &FigureValue) -> String {
    words::told(value.cases, value.hidden, 0)
}

fn counted(value: &FigureValue) -> String {
    words::shown_counted(value.cases, value.hidden & 1 != 0, "case", "cases")
}

fn total(result: &FigureResult) -> Markup {
    let total = &result.total;
    let of = match total.estimate.and_then(|estimate| estimate.interval) {
        Some(_) => format!("of {} (95% interval {})", counted(total), interval(total, &result.shown)),
        None => format!("of {}", counted(total)),
    };
    html! {
        ul class="cards" {
            (parts::figure_card(&result.beside_target(total), "Result", &of))
            @match &result.target {
                Some(target) => (target_card(target, result)),
                None => (parts::figure_card("none", "Target", "the rule sets none")),
            }
        }
        p { "What it is: " (words::stopped(&result.basis)) " " (words::stopped(&result.method)) }
        p {
            "Also " strong { (words::told(total.excluded, total.hidden, 1)) } " excused, "
            strong { (words::told(total.open, total.hidden, 2)) } " not yet due and "
            strong { (words::told(total.unknown, total.hidden, 3)) } " unknown."
            @if let Some(without) = result.without() { " " (without) }
        }
    }
}

fn target_card(target: &Target, result: &FigureResult) -> Markup {
    let standing = match (result.held().estimate, result.reached()) {
        (None, _) => "no figure to compare",
        (_, Some(true)) => "reached",
        (_, Some(false)) => "not reached",
        (Some(Estimate { at_least: true, .. }), None) => {
            "how much more it is than that nobody knows, so that it may be either"
        }
        (_, None) => "rounded, it may be either",
    };
    let over = match &result.since {
        Some(since) => format!("{standing}: {} since it came into force", result.beside_target(since)),
        None => standing.to_owned(),
    };
    parts::figure_card(&target.text, if target.unverified { "Target (unverified)" } else { "Target" }, &over)
}

fn compared(result: &FigureResult) -> Markup {
    html! {
        p {
            @if result.compared.is_empty() { "Sums grow with the number of cases, so organisations are listed and not compared." } @else {
                "Compared by " (words::stopped(&result.compared))
                " The usual spread between organisations is allowed for as an additive variance (Spiegelhalter 2012)"
                @if let Some(phi) = result.phi { "; dispersion ratio φ " (words::decimal(phi, 2)) ", where 1 is chance alone" } "."
                " Organisations with fewer than 30 cases are not compared, unless events are counted."
            }
        }
    }
}

fn organisations(result: &FigureResult, heading: &Heading) -> Markup {
    let rows = html! { @for organisation in &result.organisations { (row(organisation, &result.shown)) } };
    let columns = [
        Column::Text("Organisation"),
        Column::Number("Figure"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Number("Unknown"),
        Column::Text("Usual spread allowed for"),
        Column::Number("z"),
        Column::Number("q"),
        Column::Text("Chance alone"),
    ];
    let caption = "Organisations in order of code. z: distance from the group in standard errors; q: chance of a distance like this or further, adjusted for comparing many.";
    parts::table(&format!("{} All organisations", heading.number), caption, &columns, &rows)
}

fn row(organisation: &OrganisationFigure, shown: &Shown) -> Markup {
    let value = &organisation.value;
    html! {
        tr {
            th scope="row" class="organisation" { (organisation.code) @if let Some(name) = &organisation.name { " " span class="of" { (name) } } }
            td class="number strong" { (value.said(shown)) }
            td class="number" { (cases(value)) }
            td class="number" { (interval(value, shown)) }
            td class="number" { (words::told(value.unknown, value.hidden, 3)) }
            td class="place" { (organisation.place_adjusted) @if let Some(cause) = &organisation.cause { br; span class="of" { (cause) } } }
            td class="number" { (organisation.z_adjusted.map_or_else(|| "–".into(), |z| words::decimal(z, 2))) }
            td class="number" { (organisation.q.map_or_else(|| "–".into(), words::probability)) }
            td class="place" { (organisation.place) }
        }
    }
}

fn split(title: &str, groups: &[(String, FigureValue)], result: &FigureResult, heading: &Heading) -> Markup {
    let rows = html! {
        @for (name, value) in groups {
            tr {
                th scope="row" { (words::sentence(name)) }
                td class="number strong" { (value.said(&result.shown)) }
                td class="number" { (cases(value)) }
                td class="number" { (interval(value, &result.shown)) }
                td class="number" { (words::told(value.unknown, value.hidden, 3)) }
            }
        }
    };
    let columns = [
        Column::Text("Group"),
        Column::Number("Figure"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Number("Unknown"),
    ];
    parts::table(&format!("{} By {title}", heading.number), &format!("By {title}"), &columns, &rows)
}
