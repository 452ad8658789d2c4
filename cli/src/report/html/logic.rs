//! Which logic ran, and how far to trust it.

use maud::{Markup, html};

use super::outline::Section;
use super::parts::{self, Column};
use crate::results::Logic;

/// The logic of an audit.
pub fn logic(logic: &Logic, section: &Section) -> Markup {
    let draft = logic.status.trim().eq_ignore_ascii_case("draft");
    html! {
        h3 { "The logic" }
        @if draft || logic.unverified { (caution(draft, logic.unverified)) }
        (parts::facts(&[
            ("Package", html! { (parts::code(&logic.package)) " version " (logic.version) }),
            ("Status", html! {
                @if draft { (parts::tag("warn", "Draft")) } @else { (logic.status) }
                @if logic.unverified { " " (parts::tag("warn", "Unverified")) }
            }),
            ("Owner", html! { (logic.owner) }),
            ("Fingerprint of the logic", parts::code(&logic.fingerprint)),
            ("Module that judged, SHA-256", parts::code(&logic.module_sha256)),
        ]))
        @if !logic.sources.is_empty() {
            p { strong { "Sources" } }
            ul { @for source in &logic.sources { li { (source) } } }
        }
        @if !logic.parameters.is_empty() { (parameters(logic, section)) }
    }
}

fn caution(draft: bool, unverified: bool) -> Markup {
    html! {
        div class="callout" {
            p class="callout-name" { strong { "Read with care" } }
            @if draft { p { "This package is a draft: nobody has approved it for use. Its results are for discussion, not for assurance." } }
            @if unverified { p { "At least one figure in this package has not been checked against its source. It is marked “unverified” where it is used." } }
        }
    }
}

fn parameters(logic: &Logic, section: &Section) -> Markup {
    let rows = html! {
        @for parameter in &logic.parameters {
            tr { th scope="row" { (parts::code(&parameter.name)) } td { (parameter.value) } td { (parameter.contract) } }
        }
    };
    let columns = [Column::Text("Parameter"), Column::Text("Value"), Column::Text("What a member may change")];
    let table = parts::table(
        &format!("{} Parameters", section.number),
        "Parameters as they stood in this run",
        &columns,
        &rows,
    );
    parts::details(&format!("Parameters ({})", logic.parameters.len()), &table)
}
