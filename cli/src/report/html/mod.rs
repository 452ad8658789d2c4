//! The report as one HTML file: no network, no script, for a board to read and a clinician to challenge.

pub mod charts;

mod across;
mod begin;
mod budget;
mod causes;
mod control;
mod data;
mod figure;
mod front;
mod glance;
mod logic;
mod measure;
mod member;
mod method;
mod obligation;
mod organisations;
mod outline;
mod parts;
mod strata;
mod why;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::results::{Audit, Results};
use crate::words::visible;
use budget::Budget;
use outline::{Outline, Section};

const STYLE: &str = include_str!("style.css");

/// Nothing may be fetched and nothing may run: the browser itself holds the page to that.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole report.
pub fn page(results: &Results) -> String {
    let outline = Outline::of(results);
    let budget = Budget::of(results);
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            (head(&results.run.title))
            body {
                a class="skip" href="#main" { "Skip to main content" }
                (sprite())
                header class="banner" role="banner" {
                    div class="width" { span class="service" { "Concord" } span class="kind" { "Audit report" } }
                }
                main class="width" id="main" tabindex="-1" {
                    (front::title(results, &outline))
                    (begin::begin(results, &outline))
                    (front::headlines(results, &outline))
                    (why::why(results, &outline))
                    (glance::glance(results, &outline))
                    (front::contents(&outline))
                    @for (audit, section) in results.audits.iter().zip(&outline.audits) {
                        (audit_section(audit, section, outline.is_long().then(|| front::chapter(section)), budget))
                    }
                    (method::method(results))
                    (method::glossary())
                }
                footer class="foot" role="contentinfo" { div class="width" { (front::foot(results)) } }
            }
        }
    };
    // What a name, a title or a file could do to what shows it is written out.
    visible(&page.into_string()).into_owned()
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="generator" content="concord";
            title { (title) " – Concord audit report" }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Patterns and signs, drawn once and used by reference.
fn sprite() -> Markup {
    html! {
        svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false" {
            title { "Patterns and signs" }
            defs { (charts::verdict_bar::patterns()) (charts::icons::symbols()) }
        }
    }
}

fn audit_section(audit: &Audit, section: &Section, contents: Option<Markup>, budget: Budget) -> Markup {
    let obligations = audit.obligations.iter().zip(&section.obligations);
    let measures = audit.measures.iter().zip(&section.measures);
    let figures = audit.figures.iter().zip(&section.figures);
    html! {
        section class="audit" aria-labelledby=(section.heading_id()) {
            h2 id=(section.id) { span id=(section.heading_id()) { (section.number) ". " (section.title) } }
            @if let Some(contents) = contents { (contents) }
            (logic::logic(&audit.logic, section))
            (data::data(&audit.data, section))
            @for (obligation, heading) in obligations { (obligation::obligation(obligation, heading, audit, budget)) }
            @for (measure, heading) in measures { (measure::measure(measure, heading, budget)) }
            @for (figure, heading) in figures { (figure::figure(figure, heading, budget)) }
            (member::members(audit, section))
        }
    }
}
