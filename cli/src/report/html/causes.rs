//! Which organisations to visit and which data to settle: on the front of the report, by what has to be done and in order of code.

use maud::{Markup, html};

use super::outline::Section;
use super::parts::{self, Column};
use crate::results::{Answer, Audit, Cause, MemberResult};
use crate::words;

/// What has to be done, in order, with its heading and what it means.
pub const ANSWERS: [(Answer, &str, &str); 5] = [
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
    (Answer::Patients, "To know: other patients, documented reasons, or better since", "No fault of anybody."),
    (Answer::Few, "Too few cases to tell", "Shown, and not flagged for what chance may do."),
];

/// More reasons than this about which nothing is to be done are not all on the front.
const MOST_ROWS: usize = 12;

/// Those of one standard.
pub fn of_audit(audit: &Audit, section: &Section) -> Markup {
    let members = &audit.members;
    let without: Vec<_> = section.pages(audit).filter(|(member, _)| member.causes.is_empty()).collect();
    let (beyond, without): (Vec<_>, Vec<_>) =
        without.into_iter().partition(|(member, _)| audit.has_beyond(&member.code));
    html! {
        @for (answer, heading, meaning) in ANSWERS {
            @let rows: Vec<Row<'_>> = section
                .pages(audit)
                .flat_map(|(member, id)| member.causes.iter().map(move |cause| (member, id, cause)))
                .filter(|(_, _, cause)| cause.kind.answer() == answer)
                .collect();
            @if !rows.is_empty() { (folded(answer, rows.len(), heading, table(&rows, heading, meaning, &section.number))) }
        }
        p { @match without.len() {
            _ if members.len() == 1 => "There is one organisation, and no other to hold it against.",
            0 if beyond.is_empty() => "Of every organisation something was found.",
            0 => {},
            1 => "Of one organisation nothing was found that sets it apart.",
            _ if audit.measures.iter().any(|measure| measure.differ.is_some_and(|p| p < 0.05)) => {
                "They differ, and nothing was found that explains it."
            },
            many => { "Of " (words::count(many as u64)) " organisations nothing was found that sets them apart." },
        } }
        @if !beyond.is_empty() {
            p {
                (words::counted(beyond.len() as u64, "organisation lies", "organisations lie"))
                " beyond the 99.8% limits, and not for the worse in a rate, so that no reason is looked for: "
                @for (at, (member, id)) in beyond.iter().enumerate() {
                    @if at > 0 { ", " }
                    (named(member, *id))
                }
                "."
            }
        }
    }
}

/// A table of reasons; where nothing is to be done about them and they are many, one that a reader may open.
pub fn folded(answer: Answer, rows: usize, heading: &str, table: Markup) -> Markup {
    let is_long = rows > MOST_ROWS && !answer.is_to_do();
    if is_long { parts::details(&format!("{heading} ({})", words::count(rows as u64)), &table) } else { table }
}

/// An organisation, with a link to its page if it has one.
pub fn named(member: &MemberResult, id: Option<&str>) -> Markup {
    html! {
        (parts::leading(id, &html! { (member.code) })) @if let Some(name) = &member.name { " " span class="of" { (name) } }
    }
}

/// An organisation, the anchor of its page, and a reason.
type Row<'a> = (&'a MemberResult, Option<&'a str>, &'a Cause);

fn table(rows: &[Row<'_>], heading: &str, meaning: &str, number: &str) -> Markup {
    let body = html! {
        @for (member, id, cause) in rows {
            tr {
                th scope="row" class="organisation" { (named(member, *id)) }
                td class="place" { (parts::tag("plain", cause.kind.words())) }
                td { (words::stopped(&words::sentence(&cause.text))) }
            }
        }
    };
    let columns = [Column::Text("Organisation"), Column::Text("Why"), Column::Text("What was found")];
    parts::table(&format!("{number} {heading}"), &format!("{heading}. {meaning}"), &columns, &body)
}
