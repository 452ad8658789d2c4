//! The front of the report: title, what stands out, contents, foot.

use maud::{Markup, html};

use super::charts::icons;
use super::outline::{Outline, Section, slug};
use super::parts;
use crate::results::{Headline, Results, place};
use crate::words;

/// Title and how the results came about.
pub fn title(results: &Results, outline: &Outline) -> Markup {
    let run = &results.run;
    html! {
        h1 { (run.title) }
        @if outline.is_long() {
            @let most = results.audits.iter().map(|audit| audit.data.organisations).max().unwrap_or(0);
            p class="lede" {
                (words::counted(results.audits.len() as u64, "standard", "standards"))
                @if most > 0 { " at " (words::counted(most, "organisation", "organisations")) }
                ", with a chapter each."
            }
        }
        @for audit in results.audits.iter().filter(|_| !outline.is_long()) {
            p class="lede" {
                (audit.logic.title) ": " (words::shown_counted(audit.data.cases, audit.data.hides(place::CASES), "case", "cases"))
                @if audit.data.organisations > 0 { " at " (words::counted(audit.data.organisations, "organisation", "organisations")) }
                "."
            }
        }
        p class="small" { "Events count up to " time datetime=(run.as_of) { (words::instant(&run.as_of)) } @if results.audits.len() > 1 { " at the latest" } "." }
        p class="small" { (words::sentence(&run.disclosure)) }
    }
}

/// What stands out, most important first.
pub fn headlines(results: &Results, outline: &Outline) -> Markup {
    html! {
        section class="stands-out" aria-labelledby="stands-out" {
            h2 id="stands-out" { "What stands out" }
            @if results.headlines.is_empty() {
                p { "Nothing stands out by the tests that this report uses. That is a finding too: see the figures below." }
            } @else {
                p { "The most important first. Every obligation and measure is in the tables after this." }
                ol class="headlines" {
                    @for headline in &results.headlines { (headline_item(headline, outline)) }
                }
            }
        }
    }
}

fn headline_item(headline: &Headline, outline: &Outline) -> Markup {
    let key = icons::tone_key(headline.tone);
    html! {
        li class=(key) {
            p class="tone" { (icons::icon(key, 24)) " " strong { (icons::tone_word(headline.tone)) } }
            p class="finding" {
                (headline.text)
                @if let Some((number, title)) = outline.find(&headline.anchor) {
                    " " span class="link" { a href=(format!("#{}", slug(headline.anchor.trim_start_matches('#')))) {
                        "See " (number) " " (title)
                    } }
                    @if let Some(chart) = &headline.chart {
                        " " span class="link" { a href=(format!("#{}-{}", slug(headline.anchor.trim_start_matches('#')), slug(chart))) { "The chart" } }
                    }
                }
            }
        }
    }
}

/// Contents with links; of many standards, each chapter has its own.
pub fn contents(outline: &Outline) -> Markup {
    html! {
        nav class="contents" aria-labelledby="contents" {
            h2 id="contents" { "Contents" }
            ol class=[outline.is_long().then_some("columns")] {
                @for section in &outline.audits {
                    li {
                        a href=(format!("#{}", section.id)) { (section.number) ". " (section.title) }
                        @if !outline.is_long() { (contents_of(section)) }
                    }
                }
                li { a href="#method" { "How it was calculated" } }
                li { a href="#glossary" { "What the words mean" } }
            }
        }
    }
}

fn contents_of(section: &Section) -> Markup {
    html! {
        ol {
            @for heading in section.headings() {
                @let again = section.obligations.iter().any(|of| of.title == heading.title && of.id != heading.id);
                li { a href=(format!("#{}", heading.id)) { (heading.number) " " (heading.title) @if again { ", over time and by organisation" } } }
            }
            @if !section.members.is_empty() { li { a href=(format!("#{}", section.members_id())) { "Organisations one by one" } } }
        }
    }
}

/// The contents of a chapter, in a report of many.
pub fn chapter(section: &Section) -> Markup {
    html! {
        nav class="contents" aria-label=(format!("In chapter {}", section.number)) { (contents_of(section)) }
    }
}

/// Facts of the run, at the foot.
pub fn foot(results: &Results) -> Markup {
    let run = &results.run;
    html! {
        (parts::facts(&[
            ("Made by", html! { "concord " (run.version) }),
            ("As of", html! { (words::instant(&run.as_of)) }),
            ("Results format", html! { (results.format) }),
            ("Small numbers", html! { (run.disclosure) }),
        ]))
        p {
            "Drawn from " code { "results.json" } " alone: the same results give the same page. It loads nothing and runs no script. "
            "Folded sections are not printed: open them first."
        }
    }
}
