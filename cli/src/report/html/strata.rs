//! A measure split by what the rule declares: age bands, kinds of department.

use maud::{Markup, html};

use super::charts::interval;
use super::organisations::no_rate;
use super::outline::Heading;
use super::parts::{self, Column};
use crate::results::{Counts, MeasureResult, StratumResult};
use crate::words;

/// Each split as a table.
pub fn strata(result: &MeasureResult, heading: &Heading) -> Markup {
    html! {
        @if !result.strata.is_empty() {
            h4 { "Split by group" }
            @for stratum in &result.strata { (split(stratum, heading)) }
        }
    }
}

fn split(stratum: &StratumResult, heading: &Heading) -> Markup {
    let rows = html! { @for (name, counts) in &stratum.groups { (row(name, counts)) } };
    let columns = [
        Column::Text("Group"),
        Column::Number("Rate"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Drawing("0% to 100%"),
        Column::Number("Unknown"),
    ];
    parts::table(&format!("{} By {}", heading.number, stratum.title), &format!("By {}", stratum.title), &columns, &rows)
}

fn row(name: &str, counts: &Counts) -> Markup {
    html! {
        tr {
            th scope="row" { (words::sentence(name)) }
            td class="number strong" { @match &counts.rate { Some(rate) => (words::percent(rate.value)), None => (no_rate(counts.hidden)) } }
            td class="number" { (words::part_of(counts.numerator, counts.denominator, counts.hidden)) }
            @match &counts.rate {
                Some(rate) => {
                    td class="number" { (words::percent(rate.low)) " to " (words::percent(rate.high)) }
                    td class="drawing" { (interval::dot(rate)) }
                },
                None => { td class="number" { "–" } td { "not drawn" } },
            }
            td class="number" { (words::told(counts.unknown, counts.hidden, 4)) }
        }
    }
}
