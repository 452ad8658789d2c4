//! Rows of tables: each answers in some case; and where two rows part, a value on either side.

use super::notes::{Notes, events_of, kind_named};
use super::thresholds::{differs, number_of, side, step};
use super::{Aspect, Differs, Point};
use crate::evaluate::{Evaluated, Known};
use crate::plan::{Class, Kinds, Op, Region, Step, Table, TableColumn, TableRow};
use crate::syntax::tree::{self, Item};
use crate::text::Span;
use crate::types::{Placed, TablePlaces};
use crate::values::types::Type;

/// How the rows of a table answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    /// one does for the case
    Once,
    /// one does for each event of some kinds
    OfEach(Kinds),
    /// all do that fit
    Together,
}

/// Every table of a package, with the tree of it.
fn tables<'n>(notes: &'n Notes<'_>) -> Vec<(&'n Table, Answers, Option<&'n TablePlaces>)> {
    let of = notes.of;
    let own = |table: &Table| trees(&of.file.items).any(|tree| tree.span == table.span);
    let mut all = Vec::new();
    for places in &of.tables {
        let table = match &places.table {
            Placed::Step(step) => match of.package.plan.steps.get(*step) {
                Some(Step::Table(table)) => table,
                _ => continue,
            },
            Placed::OfEvent(table) => table,
        };
        let tree = trees(&of.file.items).find(|tree| tree.span == table.span);
        let Some(tree) = tree else { continue };
        let kinds = tree.of.as_ref().map(|kind| kind_named(of, &kind.text()));
        all.push((table, kinds.map_or(Answers::Once, Answers::OfEach), Some(places)));
    }
    let collected = notes.questions().collected.iter().filter(|table| own(table));
    all.extend(collected.map(|table| (table, Answers::Together, None)));
    all
}

fn trees(items: &[Item]) -> impl Iterator<Item = &tree::Table> {
    items.iter().filter_map(|item| if let Item::Table(table) = item { Some(table) } else { None })
}

/// Notes the rows of every table, and where they part.
pub(super) fn declare(notes: &mut Notes<'_>) {
    let (mut found, mut exact) = (Vec::new(), Vec::new());
    for (table, _, places) in tables(notes) {
        let choice = trees(&notes.of.file.items).any(|tree| tree.span == table.span && tree.is_choice());
        for row in table.rows.iter().filter(|row| row.outputs.is_some()) {
            let what = format!("{}` of `{}", row.text, table.name);
            let by = by_facts(notes, table, row);
            found.push((String::new(), Point { by, ..Point::of(Aspect::Row, row.span, what) }));
        }
        for (number, column) in table.columns.iter().enumerate().filter(|(_, column)| !choice && is_measured(column)) {
            for (cut, at) in cuts(table, number, places) {
                let value = |value: i64| notes.of.package.plan.show(&column.ty, value);
                let (from, below) = notes.possible.beside(&column.expr, cut, step(&column.ty, &column.expr));
                for (side, at_value) in [("just below", below), ("at", from)] {
                    let Some(at_value) = at_value else { continue };
                    exact.push((at, format!("{side} {cut}"), at_value));
                    let value = value(at_value);
                    let by = differs(notes, &column.expr, Some(value.clone()));
                    let what = format!("{}` of `{}", column.title, table.name);
                    let point = Point { side, value: Some(value), by, ..Point::of(Aspect::Side, at, what) };
                    found.push((format!("{side} {cut}"), point));
                }
            }
        }
    }
    found.into_iter().for_each(|(which, point)| notes.declare(which, point));
    exact.into_iter().for_each(|(at, which, value)| notes.declare_exact(at, which, value));
}

/// Whether the values of a column have an order that rows part.
fn is_measured(column: &TableColumn) -> bool {
    column.expr.shape.class == Class::Range && column.ty != Type::YesNo && !column.ty.is_name()
}

/// The first values of rows of a column, but for its least; each with the cell that first says so.
fn cuts(table: &Table, column: usize, places: Option<&TablePlaces>) -> Vec<(i64, Span)> {
    let mut cuts: Vec<(i64, Span)> = Vec::new();
    let Some(shape) = table.columns.get(column).map(|column| column.expr.shape) else { return cuts };
    for (number, row) in table.rows.iter().enumerate() {
        let cell = places.and_then(|places| places.cells.get(number)?.get(column)).copied().unwrap_or(row.span);
        let ranges = row.cells.get(column).map_or(&[][..], |region| region.ranges.as_slice());
        // The end of a range is the value before the next that another row takes.
        let ends = ranges.iter().flat_map(|(low, high)| [*low, high.saturating_add(1)]);
        for cut in ends.filter(|cut| shape.low < *cut && *cut <= shape.high) {
            if !cuts.iter().any(|(known, _)| *known == cut) {
                cuts.push((cut, cell));
            }
        }
    }
    cuts
}

/// The facts that a case needs to be answered by a row, where it asks for nothing else.
fn by_facts(notes: &Notes<'_>, table: &Table, row: &TableRow) -> Option<Differs> {
    let mut facts = Vec::new();
    for (column, region) in table.columns.iter().zip(&row.cells) {
        if region.is_all(column.expr.shape) {
            continue;
        }
        let Op::Input(input) = &column.expr.op else { return None };
        let input = notes.of.package.plan.subject.inputs.get(*input)?;
        let value = match region.ranges.first() {
            Some((low, _)) => notes.of.package.plan.show(&column.ty, *low),
            None => "none".to_owned(),
        };
        facts.push((input.name.clone(), value));
    }
    (!facts.is_empty()).then_some(Differs::Facts(facts))
}

/// Marks the rows that answer for a case, and the values near to where they part.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>) {
    let mut shown: Vec<(Aspect, Span, String)> = Vec::new();
    for (table, answers, places) in tables(notes) {
        let scopes: Vec<Vec<usize>> = match answers {
            Answers::OfEach(kinds) => events_of(evaluated, kinds).into_iter().map(|event| vec![event]).collect(),
            Answers::Once | Answers::Together => vec![Vec::new()],
        };
        for events in &scopes {
            for row in answering(table, answers, evaluated, events) {
                shown.push((Aspect::Row, row.span, String::new()));
            }
            for (number, column) in table.columns.iter().enumerate().filter(|(_, column)| is_measured(column)) {
                let Some(value) = number_of(evaluated, &column.expr, events) else { continue };
                let step = step(&column.ty, &column.expr);
                let near = cuts(table, number, places).into_iter();
                let near = near.flat_map(|(cut, at)| ["just below", "at"].map(|side| (cut, at, side)));
                let near = near.filter_map(|(cut, at, on)| {
                    let which = format!("{on} {cut}");
                    let shows = side(value, cut, step) == Some(on) || notes.is_exact(at, &which, value);
                    shows.then_some((at, which))
                });
                shown.extend(near.map(|(at, which)| (Aspect::Side, at, which)));
            }
        }
    }
    shown.into_iter().for_each(|(aspect, at, which)| notes.mark(aspect, at, which));
}

/// The rows that certainly answer.
fn answering<'t>(table: &'t Table, answers: Answers, evaluated: &Evaluated<'_>, events: &[usize]) -> Vec<&'t TableRow> {
    if answers == Answers::Once {
        let row = evaluated.cell(table.row_cell).only(Class::Range).and_then(Known::place);
        return row.and_then(|row| table.rows.get(row)).into_iter().collect();
    }
    let seen: Vec<Option<Known>> =
        table.columns.iter().map(|column| evaluated.ask(&column.expr, events).only(column.expr.shape.class)).collect();
    let fits = |region: &Region, value: &Option<Known>, column: &TableColumn| {
        region.is_all(column.expr.shape) || value.is_some_and(|value| region.contains(value.value()))
    };
    let all = |row: &&TableRow| {
        row.cells.iter().zip(&seen).zip(&table.columns).all(|((region, value), column)| fits(region, value, column))
    };
    let fitting = table.rows.iter().filter(all);
    if answers == Answers::Together { fitting.collect() } else { fitting.take(1).collect() }
}
