//! The parts that pages are made of: tables that scroll by themselves, details, tags, facts.

use maud::{Markup, html};

use crate::words::at_most;

/// Something wide in a box that scrolls by itself, by keyboard too. The label must be unique in the page.
pub fn scroll(label: &str, body: &Markup) -> Markup {
    html! { div class="scroll" tabindex="0" role="region" aria-label=(label) { (body) } }
}

/// A chart in its scrolling box.
pub fn figure(label: &str, chart: &Markup) -> Markup {
    html! { div class="scroll chart" tabindex="0" role="region" aria-label=(label) { (chart) } }
}

/// A column of a table.
#[derive(Clone, Copy)]
pub enum Column<'a> {
    /// Words.
    Text(&'a str),
    /// Figures, to the right.
    Number(&'a str),
    /// A drawing.
    Drawing(&'a str),
}

impl Column<'_> {
    fn name(&self) -> &str {
        match self {
            Column::Text(name) | Column::Number(name) | Column::Drawing(name) => name,
        }
    }

    fn class(self) -> Option<&'static str> {
        match self {
            Column::Text(_) => None,
            Column::Number(_) => Some("number"),
            Column::Drawing(_) => Some("drawing"),
        }
    }
}

/// A table with caption and column heads; rows are `<tr>`s. It scrolls in its own box.
pub fn table(label: &str, caption: &str, columns: &[Column<'_>], rows: &Markup) -> Markup {
    scroll(
        label,
        &html! {
            table {
                caption { span { (caption) } }
                thead { tr { @for column in columns { th scope="col" class=[column.class()] { (column.name()) } } } }
                tbody { (rows) }
            }
        },
    )
}

/// A narrow table of words and counts.
pub fn counts(label: &str, caption: &str, what: &str, unit: &str, rows: &[(String, u64)]) -> Markup {
    let body = html! {
        @for (name, n) in rows {
            tr { th scope="row" { (name) } td class="number" { (at_most(*n)) } }
        }
    };
    let columns = [Column::Text(what), Column::Number(unit)];
    html! { div class="narrow" { (table(label, caption, &columns, &body)) } }
}

/// What a reader may open.
pub fn details(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { span { (summary) } } div class="inside" { (body) } } }
}

/// Words that lead to a place of the page, where there is one.
pub fn leading(to: Option<&str>, words: &Markup) -> Markup {
    html! { @match to { Some(anchor) => a href=(format!("#{anchor}")) { (words) }, None => (words) } }
}

/// What would make the page too large, and the file that holds it.
pub fn elsewhere(what: &str, file: &str) -> Markup {
    html! { p class="small" { (what) " in " (code(file)) " beside this report, to keep this page small enough to open." } }
}

/// A short word in a box.
pub fn tag(kind: &str, text: &str) -> Markup {
    html! { strong class=(format!("tag tag-{kind}")) { (text) } }
}

/// Facts: a term and what it is.
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        dl class="facts" {
            @for (term, value) in rows { div { dt { (term) } dd { (value) } } }
        }
    }
}

/// A hash or a code, that may break anywhere.
pub fn code(text: &str) -> Markup {
    html! { code { (text) } }
}

/// A large figure with what it is and its footing.
pub fn figure_card(value: &str, name: &str, footing: &str) -> Markup {
    html! {
        li { span class="name" { (name) } span class="value" { (value) } span class="footing" { (footing) } }
    }
}
