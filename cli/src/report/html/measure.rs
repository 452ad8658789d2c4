//! A measure: result, organisations side by side, spread, and change over time.

use maud::{Markup, html};

use super::budget::Budget;
use super::charts::funnel::{self, Panel};
use super::control;
use super::organisations;
use super::outline::Heading;
use super::parts;
use super::strata;
use crate::results::{Better, Funnel, Judgements, MeasureResult, Spread, Target};
use crate::words;

/// The section of a measure.
pub fn measure(result: &MeasureResult, heading: &Heading, budget: Budget) -> Markup {
    html! {
        section class="part-of" aria-labelledby=(heading.id) {
            h3 id=(heading.id) { (heading.number) " " (heading.title) }
            p class="small" { "Measure " (parts::code(&result.name)) ", from " (result.source) }
            (total(result))
            @if result.funnel.is_some() || !result.organisations.is_empty() {
                h4 { "Organisations side by side" }
                (not_alike(result))
                (suppressed(result))
                @if let Some(funnel) = &result.funnel { (funnels(result, funnel, heading)) }
                (organisations::organisations(result, heading, budget))
                @if let Some(spread) = &result.spread { (how_far_apart(spread, result)) }
            }
            (strata::strata(result, heading))
            @if let Some(chart) = &result.chart { (control::overall(chart, result.target.as_ref(), heading)) }
            @if !result.charts.is_empty() { (control::each(control::Each { charts: &result.charts, target: result.target.as_ref(), better: result.better }, heading, budget)) }
        }
    }
}

/// Those whose counts are suppressed, and what that does to the comparison.
fn suppressed(result: &MeasureResult) -> Markup {
    let count = result.suppressed();
    html! {
        @if count > 0 {
            p {
                "Of " (words::counted(count, "organisation", "organisations")) " the counts are suppressed, and "
                @if count == 1 { "it is" } @else { "they are" } " not compared. "
                @if result.funnel.is_some() { "The group's rate is that of all cases, theirs too." }
                @else if result.total.hidden & words::WITHHELD == 0 { "They have fewer than the others, so that those left are no group to be held against." }
            }
        }
    }
}

fn total(result: &MeasureResult) -> Markup {
    let t = &result.total;
    let (value, interval) = match &t.rate {
        Some(rate) => (
            super::glance::beside_target(result).unwrap_or_else(|| words::percent(rate.value)),
            format!("95% interval {} to {}", words::percent(rate.low), words::percent(rate.high)),
        ),
        None if t.hidden & 3 != 0 => {
            let missing = words::missing(t.hidden);
            (missing.into(), format!("no rate from counts that are {missing}"))
        }
        None if result.nobody_set().is_some() => ("no rate".into(), "nobody is left of whom it could be".into()),
        None if result.undecided() => {
            ("no rate".into(), "no case of it can be decided: what it needs is not in the export".into())
        }
        None => ("no rate".into(), "nothing in the denominator".into()),
    };
    let of = format!("{} ({interval})", words::part_of(t.numerator, t.denominator, t.hidden));
    html! {
        ul class="cards" {
            (parts::figure_card(&value, "Result", &of))
            @match &result.target {
                Some(target) => (target_card(target, result)),
                None if result.better == Better::Neither => {
                    (parts::figure_card("none", "Target", "neither higher nor lower is better"))
                },
                None => (parts::figure_card("none", "Target", "the rule sets none")),
            }
        }
        p { "What is counted: " (words::stopped(&result.basis)) }
        @if let Some(judgements) = &result.judgements { (of_judgements(judgements, result.funnel.is_some())) }
        p {
            "Also " strong { (words::told(t.excluded, t.hidden, 2)) } " excused and "
            strong { (words::told(t.open, t.hidden, 3)) } " not yet due, which are not in the denominator, and "
            strong { (words::told(t.unknown, t.hidden, 4)) } " unknown. " (words::stopped(&result.unknown_policy))
        }
        @if let Some(unset) = &result.unset {
            p { "In no total, month or split are " strong { (unset.words()) } ": what could be decided of them all the same would be decided against them." }
        }
    }
}

fn of_judgements(judgements: &Judgements, in_a_funnel: bool) -> Markup {
    let cases = judgements.cases.map_or_else(|| words::at_most(0), words::count);
    let review = html! {
        ol class="cases" {
            @for event in &judgements.review {
                li { p {
                    strong { (event.case) }
                    @if let Some(organisation) = &event.organisation { " at " (organisation) }
                    ", " (judgements.event) @if let Some(at) = &event.at { " at " (at) }
                    ": " (event.verdict)
                } }
            }
        }
    };
    html! {
        p {
            "One judgement for each " (judgements.event) ", from " strong { (cases) } " cases"
            @if let Some(largest) = judgements.largest { ", at most " (words::count(largest)) " from one" }
            ". Those of one case are not independent"
            @match judgements.design_effect {
                Some(effect) => { ": intervals allow for it (design effect " (words::decimal(effect, 1)) ", Rao and Scott 1992)." },
                None => { "." },
            }
            @if in_a_funnel { " Organisations are held to the limits of as many fewer." }
        }
        @if !judgements.review.is_empty() {
            (parts::details(&format!("{} to review, longest delay first", words::counted(judgements.review.len() as u64, "event", "events")), &review))
        }
    }
}

fn target_card(target: &Target, result: &MeasureResult) -> Markup {
    let since = result.standing.since.as_ref();
    let held = since.unwrap_or(&result.total);
    let rate = held.rate.map(|rate| rate.value);
    let standing = match (rate, result.standing.reached) {
        (None, _) => "no rate to compare",
        (Some(_), Some(true)) => "reached",
        (Some(_), Some(false)) => "not reached",
        (Some(_), None) if held.is_unfinished() => "not decided yet, as cases are still open",
        (Some(_), None) => "too near to be told from rounded counts",
    };
    let gap = rate.map(|rate| (rate - target.value).abs() * 100.0);
    let footing = match gap {
        Some(gap) => format!("{standing}; {} percentage points away", words::decimal(gap, 1)),
        None => standing.to_string(),
    };
    let footing = match since {
        Some(since) => {
            let of = words::part_of(since.numerator, since.denominator, since.hidden);
            format!("{footing}, since it came into force ({of})")
        }
        None => footing,
    };
    let name = if target.unverified { "Target (unverified)" } else { "Target" };
    parts::figure_card(&target.text, name, &footing)
}

fn funnels(result: &MeasureResult, funnel: &Funnel, heading: &Heading) -> Markup {
    let plot = |panel: Panel, name: &str| {
        let id = format!("{}-{name}", heading.id);
        parts::figure(
            &format!("{} Funnel plot, {name}", heading.number),
            &funnel::plot((&heading.id, &id), result, funnel, panel),
        )
    };
    html! {
        p { (dispersion(result, funnel)) }
        div class="panels" id=(format!("{}-funnel", heading.id)) {
            div { p class="panel-name" { "Allowing for the usual spread" } (plot(Panel::Adjusted, "usual spread allowed for")) }
            div { p class="panel-name" { "Chance alone" } (plot(Panel::Chance, "chance alone")) }
        }
        (funnel_key(result))
        (outside_table(funnel, result, heading))
        p class="small" { (funnel.method) }
    }
}

fn dispersion(result: &MeasureResult, funnel: &Funnel) -> Markup {
    let [[_, chance998], [_, adjusted998]] = funnel.outside;
    let compared = result.organisations.iter().filter(|organisation| organisation.z.is_some());
    let (n, few) = compared.fold((0_u64, 0_u64), |(n, few), o| (n + 1, few + u64::from(o.few)));
    let (of, ratio) = (words::count(n), phi(funnel.phi));
    html! {
        @match funnel.differ {
            Some(p) if p >= 0.05 && chance998 > 0 => {
                "But for what lies beyond the outer limits, organisations do not differ more than by chance (test of heterogeneity, p " (words::probability(p)) "). "
            },
            Some(p) if p >= 0.05 => {
                "Organisations do not differ more than by chance (test of heterogeneity, p " (words::probability(p)) "). "
            },
            Some(p) => {
                "Organisations differ more than by chance (test of heterogeneity, p " (words::probability(p)) "). "
            },
            None if funnel.differ_untold => { "Whether organisations differ more than by chance cannot be told from rounded counts (test of heterogeneity). " },
            None if chance998 > 0 => { "There are too few cases to test all of them together; each is held to exact limits of its own. " },
            None => { "There are too few cases to tell whether organisations differ more than by chance. " },
        }
        "With the outermost tenths pulled in, their dispersion ratio is φ " (ratio) "; 1 would be chance alone. If chance alone made them differ, about 2 in 1,000 would lie outside the outer limits: " strong { (words::count(chance998)) " of " (of) } " do. "
        @if funnel.tau2 > 0.0 {
            "Allowing for the usual spread between organisations (τ² " (words::small(funnel.tau2)) ") "
            strong { (words::count(adjusted998)) " of " (of) } @if adjusted998 == 1 { " stands apart: the one to ask about first. " } @else if adjusted998 == 0 { " stand apart. " } @else { " stand apart: the ones to ask about first. " }
        }
        @if !funnel.widened_by.is_empty() {
            "Most of the spread comes from "
            (funnel.widened_by.iter().map(|(code, part)| format!("{code} ({} of the squared distances)", words::percent(*part))).collect::<Vec<_>>().join(", ")) ". "
        }
        @if !funnel.apart.is_empty() {
            (funnel.apart.join(", ")) " " @if funnel.apart.len() == 1 { "takes" } @else { "take" } " no part in the group's rate and spread: data or rules explain where " @if funnel.apart.len() == 1 { "it stands. " } @else { "they stand. " }
        }
        @if few > 0 {
            (words::counted(few, "organisation has", "organisations have")) " fewer than 10 cases and " @if few == 1 { "is" } @else { "are" } " shown and not flagged."
        }
    }
}

fn funnel_key(result: &MeasureResult) -> Markup {
    let drawn = |body: Markup, text: &str| {
        html! { span class="signed" { svg class="picture key-mark" width="34" height="18" viewBox="0 0 34 18" aria-hidden="true" focusable="false" { title { (text) } (body) } span { (text) } } }
    };
    html! {
        p class="key" {
            (drawn(html! { circle class="p-inside" cx="17" cy="9" r="4" {} }, "inside the limits"))
            (drawn(html! { path class="p-warning" d="M17 3l5.5 11h-11Z" {} }, "outside 95%, pointing up if above and down if below"))
            (drawn(html! { path class="p-outside" d="M17 3l5.5 11h-11Z" {} }, "outside 99.8%"))
            (drawn(html! { path class="centre" d="M0 9H34" {} }, "group rate"))
            (drawn(html! { path class="limit95" d="M0 9H34" {} }, "95% limits"))
            (drawn(html! { path class="limit998" d="M0 9H34" {} }, "99.8% limits"))
            @if result.target_of_all().is_some() { (drawn(html! { path class="target" d="M0 9H34" {} }, "target")) }
        }
    }
}

fn outside_table(funnel: &Funnel, result: &MeasureResult, heading: &Heading) -> Markup {
    let [chance, adjusted] = funnel.outside;
    let n = result.organisations.iter().filter(|of| of.z.is_some()).count() as u64;
    let row = |name: &str, [outside95, outside998]: [u64; 2]| {
        html! {
            tr {
                th scope="row" { (name) }
                td class="number" { (words::count(outside95)) " of " (words::count(n)) }
                td class="number" { (words::count(outside998)) " of " (words::count(n)) }
            }
        }
    };
    let rows = html! {
        (row("Allowing for the usual spread", adjusted))
        (row("Chance alone", chance))
    };
    let columns =
        [parts::Column::Text("Limits"), parts::Column::Number("Outside 95%"), parts::Column::Number("Outside 99.8%")];
    let caption = format!("Organisations outside the limits; group rate {}", words::percent(funnel.centre));
    let table =
        parts::table(&format!("{} Organisations outside the limits", heading.number), &caption, &columns, &rows);
    html! { div class="narrow" { (table) } }
}

/// Limits compare like with like only where organisations have much the same shares of the groups that the rule declares.
fn not_alike(result: &MeasureResult) -> Markup {
    html! {
        @if let Some(unlike) = result.unlike() {
            div class="callout" {
                p class="callout-name" { strong { "Not like with like" } }
                p {
                    "By " (unlike.title) @if result.counts_unknown_against() && result.total.unknown > 0 { ", of the cases that can be decided," } " the rate runs from " strong { (words::percent(unlike.low.1)) } " (" (unlike.low.0) ") to "
                    strong { (words::percent(unlike.high.1)) } " (" (unlike.high.0)
                    "), and organisations have different shares of these: with the rates of the others in each, "
                    (unlike.least.0) " would have " strong { (words::percent(unlike.least.1)) } " and " (unlike.most.0) " " strong { (words::percent(unlike.most.1)) }
                    ". The limits and the spread below compare like with like only within one such group; use them here as a picture, not as a judgement."
                }
            }
        }
        @for title in &result.nested {
            p { "By " (title) " nothing can be told of case mix: nearly every group is at one organisation, and nobody else has such cases." }
        }
    }
}

/// The dispersion ratio; a large one needs no decimals.
fn phi(phi: f64) -> String {
    if phi < 100.0 { words::decimal(phi, 2) } else { words::count(phi.round() as u64) }
}

fn how_far_apart(spread: &Spread, result: &MeasureResult) -> Markup {
    let alike = result.unlike().is_none();
    let one = if result.better == Better::Neither { "the one with the higher rate" } else { "the better one" };
    html! {
        p {
            strong { "How far apart. " }
            @if alike { "Take two similar cases" } @else { "Take two cases, similar or not," } " at two organisations picked at random: the odds at " (one) " are, at the median, "
            strong { (words::decimal(spread.median_odds_ratio, 2)) " times" } " those at the other (median odds ratio; 1 would be no difference). "
            "Of all variation between cases, " strong { (words::percent(spread.icc)) } " lies between organisations rather than within them (intra-class correlation)."
        }
    }
}
