//! Where the cases came from, and what was refused or left out on the way.

use maud::{Markup, html};

use super::charts::interval;
use super::outline::Section;
use super::parts::{self, Column};
use crate::results::{Completeness, Data, place};
use crate::words;

/// The data of an audit.
pub fn data(data: &Data, section: &Section) -> Markup {
    html! {
        h3 id=(section.data_id()) { "The data" }
        (parts::facts(&[
            ("Judged", html! {
                (words::shown_counted(data.cases, data.hides(place::CASES), "case", "cases"))
                @if data.events > 0 || data.hides(place::EVENTS) {
                    " with " (words::told_counted(data.events, data.hidden, place::EVENTS, "event", "events"))
                }
                " at " (words::counted(data.organisations, "organisation", "organisations"))
            }),
            ("Rows read", html! { (words::told(data.rows, data.hidden, place::ROWS)) }),
            ("Rows used", html! { (of_rows(data, data.rows_used, place::ROWS_USED)) }),
            ("Rows refused", html! { (refused(data)) }),
            ("Values refused", html! { (values_refused(data)) }),
            ("Mapping", html! { (data.mapping) }),
        ]))
        @if !data.warnings.is_empty() {
            div class="callout" {
                p class="callout-name" { strong { "Before you believe a figure" } }
                ul class="notes" { @for warning in &data.warnings { li { (warning) } } }
            }
        }
        @let notes: Vec<&String> = data.notes.iter().filter(|note| !data.warnings.contains(note)).collect();
        @if !notes.is_empty() {
            ul class="notes" { @for note in notes { li { (note) } } }
        }
        @if !data.reject_reasons.is_empty() {
            (parts::counts(&format!("{} Why rows were refused", section.number), "Why rows and values were refused", "Reason", "Rows or values", &data.reject_reasons))
        }
        @if !data.rows_left_out.is_empty() {
            (parts::counts(&format!("{} Rows left out by name", section.number), "Rows that the mapping leaves out by name", "What", "Rows", &data.rows_left_out))
        }
        @if !data.completeness.is_empty() { (completeness(&data.completeness, section)) }
        (files(data, section))
    }
}

/// Rows of all rows, with their share where neither is suppressed.
fn of_rows(data: &Data, rows: u64, at: u8) -> Markup {
    let plain = !data.hides(at) && !data.hides(place::ROWS);
    html! {
        (words::told(rows, data.hidden, at)) " of " (words::told(data.rows, data.hidden, place::ROWS))
        @if plain { " (" (words::share(rows, data.rows)) ")" }
    }
}

fn refused(data: &Data) -> Markup {
    html! {
        (of_rows(data, data.rows_rejected, place::ROWS_REJECTED))
        @if let Some(file) = &data.rejects_file { ", each with its line and reason in " (parts::code(file)) }
    }
}

fn values_refused(data: &Data) -> Markup {
    let hidden = data.hides(place::VALUES_REJECTED);
    html! {
        (words::told(data.values_rejected, data.hidden, place::VALUES_REJECTED))
        @if data.values_rejected > 0 || hidden { " in rows that were used; each counts as missing, and is never guessed" }
    }
}

fn completeness(rows: &[Completeness], section: &Section) -> Markup {
    let body = html! {
        @for row in rows {
            @let whole = row.present.saturating_add(row.missing);
            tr {
                th scope="row" { (row.name) }
                td { (row.kind) }
                @if row.not_supplied {
                    td { (parts::tag("plain", "not in the export")) }
                } @else {
                    td class="drawing" { (interval::filled(row.present, whole)) }
                }
                td class="number" { @if row.hidden != 0 { (words::missing(row.hidden)) } @else { (words::share(row.present, whole)) } }
                td class="number" { (words::told(row.present, row.hidden, 0)) }
                td class="number" { (words::told(row.missing, row.hidden, 1)) }
            }
        }
    };
    let columns = [
        Column::Text("Fact or event"),
        Column::Text("Kind"),
        Column::Drawing("Share of cases"),
        Column::Number("Present, % of cases"),
        Column::Number("Cases with it"),
        Column::Number("Cases without it"),
    ];
    let table = parts::table(
        &format!("{} Completeness", section.number),
        "How many cases have each fact and event. A case may lack an event because it did not happen.",
        &columns,
        &body,
    );
    parts::details(&format!("How complete the data are ({} facts and events)", rows.len()), &table)
}

fn files(data: &Data, section: &Section) -> Markup {
    let rows = html! {
        @for file in &data.files {
            tr {
                th scope="row" { (parts::code(&file.name)) }
                td class="number" { (file.lines.map_or_else(|| "–".to_owned(), words::count)) }
                td class="number" { (words::bytes(file.bytes)) }
                td { (parts::code(&file.sha256)) }
            }
        }
    };
    let columns = [Column::Text("File"), Column::Number("Lines"), Column::Number("Size"), Column::Text("SHA-256")];
    let table = parts::table(&format!("{} Files read", section.number), "Files read", &columns, &rows);
    let body = html! {
        (table)
        p { "Mapping " (data.mapping) ", SHA-256 " (parts::code(&data.mapping_sha256)) }
    };
    parts::details(&format!("Files read ({}) and the mapping", data.files.len()), &body)
}
