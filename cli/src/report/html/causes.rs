//! Which organisations to visit and which data to settle: on the front of the report, by what has to be done and in order of code.

mod across;

use maud::{Markup, html};

use super::outline::{Outline, Section};
use super::parts::{self, Column};
use crate::results::{Answer, Cause, MemberResult, Results};
use crate::words;

/// What has to be done, in order, with its heading and what it means.
const ANSWERS: [(Answer, &str, &str); 5] = [
    (Answer::Visit, "To visit: practice differs", "Rules, data and patients do not explain it."),
    (
        Answer::Rule,
        "To agree: another rule was run",
        "Cases are judged by the group's standard here, and by what was run beside it.",
    ),
    (
        Answer::Data,
        "To settle first: the data differ",
        "Until then its rate may say more of the record than of the care.",
    ),
    (Answer::Patients, "To know: other patients, or documented reasons", "No fault of anybody."),
    (Answer::Few, "Too few cases to tell", "Shown, and not flagged for what chance may do."),
];

/// Organisations by what has to be done about them.
pub fn causes(results: &Results, outline: &Outline) -> Markup {
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
                            (of_audit(&audit.members, section))
                        }
                    }
                }
            }
        }
    }
}

fn of_audit(members: &[MemberResult], section: &Section) -> Markup {
    let without = members.iter().filter(|member| member.causes.is_empty()).count();
    html! {
        @for (answer, heading, meaning) in ANSWERS {
            @let rows: Vec<Row<'_>> = members
                .iter()
                .zip(&section.members)
                .flat_map(|(member, id)| member.causes.iter().map(move |cause| (member, id.as_str(), cause)))
                .filter(|(_, _, cause)| cause.kind.answer() == answer)
                .collect();
            @if !rows.is_empty() { (table(&rows, heading, meaning, &section.number)) }
        }
        p { @match without {
            0 => "Of every organisation something was found.",
            1 => "Of one organisation nothing was found that sets it apart.",
            many => { "Of " (words::count(many as u64)) " organisations nothing was found that sets them apart." },
        } }
    }
}

/// An organisation, with a link to its page.
fn named(member: &MemberResult, id: &str) -> Markup {
    html! {
        a href=(format!("#{id}")) { (member.code) } @if let Some(name) = &member.name { " " span class="of" { (name) } }
    }
}

/// An organisation, the anchor of its page, and a reason.
type Row<'a> = (&'a MemberResult, &'a str, &'a Cause);

fn table(rows: &[Row<'_>], heading: &str, meaning: &str, number: &str) -> Markup {
    let body = html! {
        @for (member, id, cause) in rows {
            tr {
                th scope="row" class="organisation" { (named(member, id)) }
                td class="place" { (parts::tag("plain", cause.kind.words())) }
                td { (words::stopped(&words::sentence(&cause.text))) }
            }
        }
    };
    let columns = [Column::Text("Organisation"), Column::Text("Why"), Column::Text("What was found")];
    parts::table(&format!("{number} {heading}"), &format!("{heading}. {meaning}"), &columns, &body)
}
