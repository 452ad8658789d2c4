//! NEWS2 under mutation: a row taken out of a table, or widened, is found, and the message names a patient.

use concord_engine::compile::compile;
use concord_engine::diagnostics::Diagnostic;
use concord_engine::syntax::parse;
use concord_engine::syntax::tree::{Asks, Item, Row, Table};
use concord_engine::text::{Source, Span};

const NEWS2: &str = include_str!("../../rules/clinical/news2/news2.concord");

/// Rows of all tables.
const ROWS: usize = 43;

/// Widenings that are caught, and those after which every patient still meets the same row.
const WIDENINGS: (usize, usize) = (86, 0);

fn messages(text: String) -> Vec<Diagnostic> {
    compile(&Source { name: "news2.concord".to_owned(), text }).diagnostics
}

fn tables() -> Vec<Table> {
    let items = parse(0, NEWS2).0.items.into_iter();
    items.filter_map(|item| if let Item::Table(table) = item { Some(table) } else { None }).collect()
}

fn text_of(span: Span) -> &'static str {
    &NEWS2[span.start as usize..span.end as usize]
}

fn with(span: Span, new: &str) -> String {
    format!("{}{new}{}", &NEWS2[..span.start as usize], &NEWS2[span.end as usize..])
}

/// Whether a message of the tables' family names a case by its values.
fn names_a_patient(faults: &[Diagnostic]) -> bool {
    let named = |text: &String| {
        ["for example a case with", "answers for ", "reached with "]
            .iter()
            .any(|words| text.split(words).nth(1).is_some_and(|values| values.trim().contains(' ')))
    };
    faults
        .iter()
        .any(|fault| fault.code.0.starts_with("E04") && (named(&fault.primary.text) || fault.notes.iter().any(named)))
}

fn step(number: &str, by: i64) -> String {
    let digits: i64 = number.replace('.', "").parse().unwrap();
    let moved = digits + by;
    if number.contains('.') { format!("{}.{}", moved / 10, moved % 10) } else { moved.to_string() }
}

/// The ways of widening a cell by one step or to any choice.
fn wider(cell: &str) -> Vec<String> {
    if let Some((low, high)) = cell.split_once("..") {
        return vec![format!("{}..{high}", step(low, -1)), format!("{low}..{}", step(high, 1))];
    }
    if let Some(bound) = cell.strip_prefix("<= ") {
        return vec![format!("<= {}", step(bound, 1))];
    }
    if let Some(bound) = cell.strip_prefix(">= ") {
        return vec![format!(">= {}", step(bound, -1))];
    }
    match cell.parse::<i64>() {
        Ok(0) => vec!["0..1".to_owned()],
        Ok(value) => vec![format!("{}..{value}", value - 1), format!("{value}..{}", value + 1)],
        Err(_) if cell == "any" => Vec::new(),
        Err(_) => vec!["any".to_owned()],
    }
}

fn each_row(mut f: impl FnMut(&Table, &Row)) -> usize {
    let tables = tables();
    tables.iter().for_each(|table| table.rows.iter().for_each(|row| f(table, row)));
    tables.iter().map(|table| table.rows.len()).sum()
}

#[test]
fn every_row_of_news2_is_missed_when_it_is_gone() {
    assert_eq!(messages(NEWS2.to_owned()), Vec::new());
    let rows = each_row(|_, row| {
        let faults = messages(with(row.span, ""));
        assert!(names_a_patient(&faults), "without `{}`: {faults:#?}", text_of(row.span));
    });
    assert_eq!(rows, ROWS);
}

#[test]
fn every_row_of_news2_is_caught_when_it_is_wider() {
    let (mut caught, mut same) = (0, Vec::new());
    each_row(|table, row| {
        let Asks::Cells(cells) = &row.asks else { return };
        for cell in cells {
            for wide in wider(text_of(cell.span)) {
                let faults = messages(with(cell.span, &wide));
                let what = format!("{}: `{}` with `{wide}`", table.name.node, text_of(row.span));
                if faults.is_empty() {
                    same.push(what);
                    continue;
                }
                assert!(names_a_patient(&faults), "{what}: {faults:#?}");
                caught += 1;
            }
        }
    });
    assert_eq!((caught, same.len()), WIDENINGS, "these change nothing: {same:#?}");
}
