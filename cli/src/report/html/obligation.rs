//! An obligation: its verdicts, the readings side by side, how long it took, and the cases to look at.

use maud::{Markup, html};

use super::budget::Budget;
use super::charts::{histogram, interval, verdict_bar};
use super::outline::Heading;
use super::parts::{self, Column};
use crate::results::{Audit, CaseToLookAt, Delay, ObligationResult, Quantile, Reading, Verdicts};
use crate::words;

/// The section of an obligation.
pub fn obligation(result: &ObligationResult, heading: &Heading, audit: &Audit, budget: Budget) -> Markup {
    html! {
        section class="part-of" aria-labelledby=(heading.id) {
            h3 id=(heading.id) { (heading.number) " " (heading.title) }
            p class="small" { "Obligation " (parts::code(&result.name)) ", from " (result.source) }
            @if audit.logic.unverified { p class="small" { (parts::tag("warn", "Unverified")) " This package has a figure that has not been checked against its source." } }
            (verdicts(result, heading, budget))
            (readings(result, heading))
            @if let Some(delay) = &result.delay { (delays(delay, heading)) }
            (why_unknown(result, heading))
            (cases(&result.cases))
        }
    }
}

fn verdicts(result: &ObligationResult, heading: &Heading, budget: Budget) -> Markup {
    let v = &result.verdicts;
    let parts_of_all = verdict_bar::parts_where(v, result.forbidden);
    let all = verdict_bar::total(v);
    let applies = all.saturating_sub(v.not_applicable);
    let applicable: Vec<_> =
        verdict_bar::parts_where(v, result.forbidden).into_iter().filter(|part| part.key != "none").collect();
    let hidden = v.hidden != 0;
    let split = v.not_applicable > 0 && applies > 0 && applies < all - all / 50;
    let everyone = match hidden {
        true if all == 0 => "How many, is not shown".to_owned(),
        true => format!(
            "About {} (rounded; counts that {} are not drawn)",
            words::counted(all, "case", "cases"),
            if v.hidden & words::WITHHELD == 0 { "are 1 to 7, and suppressed," } else { "are not shown" }
        ),
        false => format!("All {}", words::counted(all, "case", "cases")),
    };
    let narrowed = format!("The {} to which the rule applies", words::counted(applies, "case", "cases"));
    html! {
        h4 { "Verdicts" }
        p class="bar-name" { (everyone) }
        (verdict_bar::bar(&format!("{}-all", heading.id), &everyone, &parts_of_all))
        @if split {
            p class="bar-name" { (narrowed) }
            (verdict_bar::bar(&format!("{}-applies", heading.id), &narrowed, &applicable))
        }
        (verdict_table(&parts_of_all, all, applies, heading))
        @if !result.organisations.is_empty() {
            @if budget.organisations {
                (verdicts_by_organisation(result, heading))
            } @else {
                (parts::elsewhere("The verdicts by organisation are", "verdicts.csv"))
            }
        }
    }
}

fn verdict_table(parts_of_all: &[verdict_bar::Part], all: u64, applies: u64, heading: &Heading) -> Markup {
    let rows = html! {
        @for part in parts_of_all {
            tr {
                th scope="row" { span class="signed" { (verdict_bar::swatch(part.key, part.name)) span { (part.name) } } }
                td class="number" { (part.count()) }
                td class="number" { (part.share(all)) }
                td class="number" { @if part.key == "none" { "–" } @else { (part.share(applies)) } }
                td { (words::sentence(part.meaning)) }
            }
        }
        tr class="sum" {
            th scope="row" { "All" @if parts_of_all.iter().any(|part| part.hidden.is_some()) { " but what is not shown" } }
            td class="number" { (words::count(all)) }
            td class="number" { (words::share(all, all)) }
            td class="number" { "of " (words::count(applies)) }
            td {}
        }
    };
    let columns = [
        Column::Text("Verdict"),
        Column::Number("Cases"),
        Column::Number("Of all"),
        Column::Number("Of those it applies to"),
        Column::Text("Meaning"),
    ];
    parts::table(&format!("{} Verdicts", heading.number), "Cases by verdict", &columns, &rows)
}

fn verdicts_by_organisation(result: &ObligationResult, heading: &Heading) -> Markup {
    let mut organisations: Vec<&(String, Verdicts)> = result.organisations.iter().collect();
    organisations.sort_by(|a, b| a.0.cmp(&b.0));
    let rows = html! {
        @for (code, v) in organisations {
            tr {
                th scope="row" { (code) }
                @for part in verdict_bar::parts(v) { td class="number" { (part.count()) } }
                td class="number" { (words::count(verdict_bar::total(v))) @if v.hidden != 0 { " +" } }
            }
        }
    };
    let names = verdict_bar::parts(&Verdicts::default()).map(|part| part.name);
    let columns: Vec<Column<'_>> = std::iter::once(Column::Text("Organisation"))
        .chain(names.into_iter().map(Column::Number))
        .chain(std::iter::once(Column::Number("All")))
        .collect();
    let table = parts::table(
        &format!("{} Verdicts by organisation", heading.number),
        "Cases by organisation and verdict, in order of code",
        &columns,
        &rows,
    );
    let n = result.organisations.len() as u64;
    parts::details(&format!("Verdicts by organisation ({})", words::count(n)), &table)
}

fn readings(result: &ObligationResult, heading: &Heading) -> Markup {
    let asked = |reading: &&Reading| reading.is_the_rule || !result.forbidden;
    let rows = html! { @for reading in result.readings.iter().filter(asked) { (reading_row(reading)) } };
    let columns = [
        Column::Text("Question"),
        Column::Number("Rate"),
        Column::Number("Cases"),
        Column::Number("95% interval"),
        Column::Drawing("0% to 100%"),
    ];
    html! {
        @if !result.readings.is_empty() {
            h4 { "Different questions, different answers" }
            p { "The same cases, counted over different denominators. Only one of them is what the rule asks." }
            (parts::table(&format!("{} Readings", heading.number), "Each question with its own denominator", &columns, &rows))
        }
    }
}

fn reading_row(reading: &Reading) -> Markup {
    html! {
        tr class=[reading.is_the_rule.then_some("the-rule")] {
            th scope="row" {
                (reading.question)
                @if reading.is_the_rule { " " (parts::tag("rule", "The rule asks this")) }
            }
            td class="number strong" { @match &reading.rate { Some(rate) => (words::percent(rate.value)), None if reading.hidden != 0 => (words::missing(reading.hidden)), None => "no rate" } }
            td class="number" { (words::part_of(reading.numerator, reading.denominator, reading.hidden)) }
            @match &reading.rate {
                Some(rate) => {
                    td class="number" { (words::percent(rate.low)) " to " (words::percent(rate.high)) }
                    td class="drawing" { (interval::dot(rate)) }
                },
                None => { td class="number" { "–" } td { @if reading.hidden != 0 { "not drawn" } @else { "no such cases" } } },
            }
        }
    }
}

fn delays(delay: &Delay, heading: &Heading) -> Markup {
    let interval = |q: &Quantile| match (q.low, q.high) {
        (Some(low), Some(high)) => {
            format!("95% interval {} to {}", delay.words(low), delay.words(high))
        }
        _ => "too few cases for an interval".into(),
    };
    html! {
        h4 id=(format!("{}-delays", heading.id)) { @if delay.is_order() { "Before or after" } @else { "How long it took" } }
        p { "Over the " (words::counted(delay.n, "case", "cases")) " where both ends are known."
            @if delay.is_order() {
                " The rule asks for an order, not for a time."
            } @else if let Some(limit) = histogram::limit(delay) {
                " The rule allows " strong { (limit) } "."
            }
        }
        @if delay.is_order() {
            @if let Some(late) = &delay.late_by {
                ul class="cards" {
                    (parts::figure_card(&words::count(late.n), "In the wrong order", &format!("of {}", words::counted(delay.n, "case", "cases"))))
                    (parts::figure_card(&words::duration(late.median.value), "Of these, half were late by no more than", &interval(&late.median)))
                    (parts::figure_card(&words::duration(late.p90.value), "90% were late by no more than", &interval(&late.p90)))
                }
            }
        } @else { ul class="cards" {
            (parts::figure_card(&delay.words(delay.median.value), "Half took no longer than (median)", &interval(&delay.median)))
            (parts::figure_card(&delay.words(delay.p90.value), "90% took no longer than", &interval(&delay.p90)))
            (parts::figure_card(&delay.words(delay.p95.value), "95% took no longer than", &interval(&delay.p95)))
        } }
        @if !delay.bins.is_empty() {
            (parts::figure(&format!("{} Chart of how long it took", heading.number), &histogram::histogram(&format!("{}-delay", heading.id), delay)))
            @if delay.limit.is_some() { p class="key" {
                span class="signed" { (verdict_bar::swatch("met", if delay.is_order() { "in order" } else { "within the limit" })) span { @if delay.is_order() { "in the order that the rule asks for" } @else { "within the limit" } } }
                span class="signed" { (verdict_bar::swatch("late", if delay.is_order() { "in the wrong order" } else { "beyond the limit" })) span { @if delay.is_order() { "in the wrong order" } @else { "beyond the limit" } } }
            } }
            p class="small" { @if delay.days.is_some() { "Its deadline is a day, so days are counted, whatever the hour." } @else { "The columns cover unequal spans of time: compare their heights with the edges below them in mind." } @if delay.hidden != 0 { " Columns of 1 to 7 cases are suppressed and not drawn." } }
            (bin_table(delay, heading))
        }
    }
}

fn bin_table(delay: &Delay, heading: &Heading) -> Markup {
    let rows = html! {
        @for bin in histogram::bins(delay) {
            tr {
                th scope="row" { (words::sentence(&bin.words())) }
                td class="number" { (words::shown(bin.cases, bin.hidden)) }
                td class="number" { @if bin.hidden { "suppressed" } @else { (words::share(bin.cases, delay.n)) } }
            }
        }
    };
    let columns = [Column::Text("Time taken"), Column::Number("Cases"), Column::Number("Share")];
    let caption = format!("Cases by time taken, of {}", words::count(delay.n));
    let table = parts::table(&format!("{} Table of how long it took", heading.number), &caption, &columns, &rows);
    parts::details("The same as a table", &table)
}

fn why_unknown(result: &ObligationResult, heading: &Heading) -> Markup {
    html! {
        @if !result.needs.is_empty() {
            h4 { "What would settle the unknown cases" }
            p { "For " (words::told_counted(result.verdicts.unknown, result.verdicts.hidden, 6, "case", "cases")) " that cannot be decided. A case may lack more than one thing." }
            (parts::counts(&format!("{} What is missing", heading.number), "What is missing", "Fact or event", "Cases", &result.needs))
        }
        @if !result.excuses.is_empty() {
            h4 { "Excuses" }
            p { "Reasons that the rule accepts, for " (words::told_counted(result.verdicts.excused, result.verdicts.hidden, 1, "excused case", "excused cases")) "." }
            (parts::counts(&format!("{} Excuses", heading.number), "Excused cases by reason", "Reason", "Cases", &result.excuses))
        }
    }
}

fn cases(cases: &[CaseToLookAt]) -> Markup {
    let list = html! {
        ol class="cases" {
            @for case in cases {
                li {
                    p {
                        strong { (case.case) }
                        @if let Some(organisation) = &case.organisation { " at " (organisation) }
                        ": " (case.verdict)
                    }
                    ul class="because" { @for line in &case.because { li { (line) } } }
                }
            }
        }
    };
    html! {
        @if !cases.is_empty() {
            h4 { "Cases to review" }
            (parts::details(&format!("{}, longest delay first, each with its explanation", words::counted(cases.len() as u64, "case", "cases")), &list))
        }
    }
}
