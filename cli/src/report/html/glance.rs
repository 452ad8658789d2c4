//! Everything on one screen: each measure and each obligation in a row.

use maud::{Markup, html};

use super::charts::funnel::{self, Standing};
use super::charts::icons::{self, Cause};
use super::organisations::no_rate;
use super::outline::{Heading, Outline};
use super::parts::{self, Column};
use crate::results::{Delay, FigureResult, LateBy, MeasureResult, NOT_SURE, ObligationResult, Results};
use crate::words;

/// The tables at a glance.
pub fn glance(results: &Results, outline: &Outline) -> Markup {
    let measures: Vec<_> = results
        .audits
        .iter()
        .zip(&outline.audits)
        .flat_map(|(audit, section)| audit.measures.iter().zip(&section.measures))
        .collect();
    let figures: Vec<_> = results
        .audits
        .iter()
        .zip(&outline.audits)
        .flat_map(|(audit, section)| audit.figures.iter().zip(&section.figures))
        .collect();
    let obligations: Vec<_> = results
        .audits
        .iter()
        .zip(&outline.audits)
        .flat_map(|(audit, section)| audit.obligations.iter().zip(&section.obligations))
        .collect();
    let folded = |of: &str, rows: usize, table: Markup| {
        if outline.is_long() { parts::details(&format!("{of} ({rows})"), &table) } else { table }
    };
    html! {
        @if !measures.is_empty() || !figures.is_empty() || !obligations.is_empty() {
            section aria-labelledby="glance" {
                h2 id="glance" { "At a glance" }
                @if !measures.is_empty() { (folded("Measures", measures.len(), measure_table(&measures))) }
                @if !figures.is_empty() { (folded("Figures", figures.len(), figure_table(&figures))) }
                @if !obligations.is_empty() { (folded("Obligations", obligations.len(), obligation_table(&obligations))) }
            }
        }
    }
}

fn measure_table(measures: &[(&MeasureResult, &Heading)]) -> Markup {
    let rows = html! { @for (measure, heading) in measures { (measure_row(measure, heading)) } };
    let columns = [
        Column::Text("Measure"),
        Column::Number("Rate"),
        Column::Text("Target"),
        Column::Text("Latest change"),
        Column::Text("Against the target"),
        Column::Number("Organisations that differ"),
    ];
    parts::table("Measures at a glance", "Measures", &columns, &rows)
}

fn figure_table(figures: &[(&FigureResult, &Heading)]) -> Markup {
    let rows = html! { @for (figure, heading) in figures { (figure_row(figure, heading)) } };
    let columns = [
        Column::Text("Measure"),
        Column::Number("Figure"),
        Column::Text("Target"),
        Column::Text("Latest change"),
        Column::Text("Against the target"),
    ];
    parts::table("Figures at a glance", "Figures", &columns, &rows)
}

fn figure_row(figure: &FigureResult, heading: &Heading) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", heading.id)) { (heading.number) " " (heading.title) } }
            td class="number" {
                span class="rate" { (figure.total.said(&figure.shown)) }
                br;
                span class="of" { "of " (words::told(figure.total.cases, figure.total.hidden, 0)) " cases" }
            }
            td {
                @match &figure.target {
                    Some(target) => { (target.text) @if target.unverified { " " (parts::tag("warn", "unverified")) } },
                    None => "none set",
                }
            }
            td { @match &figure.chart { Some(chart) => (variation(&chart.variation)), None => "no chart" } }
            td { @match figure.chart.as_ref().and_then(|chart| chart.assurance.as_deref()) {
                Some(words) => (assurance(words)),
                None => "not judged",
            } }
        }
    }
}

fn measure_row(measure: &MeasureResult, heading: &Heading) -> Markup {
    let total = &measure.total;
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", heading.id)) { (heading.number) " " (heading.title) } }
            td class="number" {
                (rate_and_counts(beside_target(measure), total.numerator, total.denominator, total.hidden))
                @if let Some(unset) = &measure.unset { br; span class="of" { "without " (unset.words()) } }
            }
            td {
                @match &measure.target {
                    Some(target) => { (target.text) @if target.unverified { " " (parts::tag("warn", "unverified")) } },
                    None => "none set",
                }
            }
            td { @match &measure.chart { Some(chart) => (variation(&chart.variation)), None => "no chart" } }
            td { @match measure.chart.as_ref().and_then(|chart| chart.assurance.as_deref()) {
                Some(words) => (assurance(words)),
                None => "not judged",
            } }
            td class="number" { (differing(measure)) }
        }
    }
}

/// The rate of all with as many decimals as tell it from its target.
pub fn beside_target(measure: &MeasureResult) -> Option<String> {
    let rate = measure.total.rate?.value;
    let target = measure.target.as_ref();
    Some(target.map_or_else(|| words::percent(rate), |target| words::percent_beside(rate, target.value)))
}

/// A rate over its counts.
fn rate_and_counts(rate: Option<String>, numerator: u64, denominator: u64, hidden: u8) -> Markup {
    html! {
        span class="rate" { @match rate { Some(rate) => (rate), None => (no_rate(hidden)) } }
        br;
        span class="of" { (words::part_of(numerator, denominator, hidden)) }
    }
}

/// The variation sign with its words; what is not judged, or not sure, has no sign.
pub fn variation(text: &str) -> Markup {
    if text == "not judged" || text == NOT_SURE {
        return html! { (text) };
    }
    html! { span class="signed" { (icons::icon(Cause::of(text).key(), 28)) span { (words::sentence(text)) } } }
}

/// The assurance sign with its words.
pub fn assurance(text: &str) -> Markup {
    html! { span class="signed" { (icons::icon(icons::assurance_key(text), 28)) span { (words::sentence(text)) } } }
}

fn differing(measure: &MeasureResult) -> Markup {
    let outside = |above: bool| {
        let organisations = measure.organisations.iter();
        organisations.filter(|o| funnel::standing(&o.place_adjusted) == (Standing::Outside, above)).count()
    };
    html! {
        @if measure.funnel.is_some() {
            (outside(false)) " below, " (outside(true)) " above"
            br;
            span class="of" { "of " (words::count(measure.organisations.iter().filter(|of| of.z.is_some()).count() as u64)) }
        } @else { "not compared" }
    }
}

fn obligation_table(obligations: &[(&ObligationResult, &Heading)]) -> Markup {
    let rows = html! { @for (obligation, heading) in obligations { (obligation_row(obligation, heading)) } };
    let columns = [
        Column::Text("Obligation"),
        Column::Number("Late or missed, as the rule asks"),
        Column::Number("Half took no longer than"),
        Column::Number("90% took no longer than"),
        Column::Number("Unknown"),
    ];
    parts::table("Obligations at a glance", "Obligations", &columns, &rows)
}

fn obligation_row(obligation: &ObligationResult, heading: &Heading) -> Markup {
    let rule = obligation.readings.iter().find(|reading| reading.is_the_rule);
    let delay = |value: fn(&Delay) -> i64| {
        let footing = |delay: &Delay| {
            html! {
                (delay.words(value(delay))) br;
                span class="of" { "of " (words::counted(delay.n, "case", "cases")) }
            }
        };
        obligation.delay.as_ref().map(footing).unwrap_or_else(|| html! { "–" })
    };
    let all = super::charts::verdict_bar::total(&obligation.verdicts);
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", heading.id)) { (heading.number) " " (heading.title) } }
            td class="number" {
                @match rule {
                    Some(reading) => (rate_and_counts(reading.rate.map(|rate| words::percent(rate.value)), reading.numerator, reading.denominator, reading.hidden)),
                    None => "–",
                }
            }
            @match obligation.delay.as_ref().filter(|delay| delay.is_order()) {
                Some(order) => {
                    td class="number" { (wrong_order(order, |late| late.median.value)) }
                    td class="number" { (wrong_order(order, |late| late.p90.value)) }
                },
                None => {
                    td class="number" { (delay(|delay| delay.median.value)) }
                    td class="number" { (delay(|delay| delay.p90.value)) }
                },
            }
            td class="number" {
                @if obligation.verdicts.hidden & 1 << 6 == 0 { (words::share(obligation.verdicts.unknown, all)) } @else { (words::missing(obligation.verdicts.hidden)) } br;
                span class="of" { (words::told(obligation.verdicts.unknown, obligation.verdicts.hidden, 6)) @if all > 0 { " of " (words::count(all)) } }
            }
        }
    }
}

/// Where the rule asks for an order, how late the late ones were.
fn wrong_order(delay: &Delay, value: fn(&LateBy) -> i64) -> Markup {
    html! {
        @match &delay.late_by {
            Some(late) => {
                (words::duration(value(late))) " too late" br;
                span class="of" { "of " (words::count(late.n)) " in the wrong order" }
            },
            None => "–",
        }
    }
}
