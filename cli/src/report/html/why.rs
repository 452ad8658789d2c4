//! Why organisations differ: by standard where there are few, all together where there are many.

use maud::{Markup, html};

use super::outline::Outline;
use super::{across, causes};
use crate::results::Results;

/// Organisations by what has to be done about them.
pub fn why(results: &Results, outline: &Outline) -> Markup {
    let some = results.audits.iter().any(|audit| !audit.members.is_empty());
    html! {
        @if some {
            section class="why" aria-labelledby="why" {
                h2 id="why" { "Why organisations differ" }
                @if outline.is_long() {
                    (across::causes(results, outline))
                } @else {
                    @for (audit, section) in results.audits.iter().zip(&outline.audits) {
                        @if !audit.members.is_empty() {
                            @if results.audits.len() > 1 { h3 { (section.title) } }
                            (causes::of_audit(audit, section))
                        }
                    }
                }
            }
        }
    }
}
