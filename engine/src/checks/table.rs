//! Tables are checked, not trusted: gaps, overlaps, rows that cannot be reached and claims that are false, each with a patient.

use super::grid::{ClassOfValues, Classes, TooLarge};
use super::patient::{Reachable, reachable};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::case::Datum;
use crate::plan::{Expr, Op, Plan};
use crate::types::{Grid, GridColumn, GridRow, Region};
use crate::values::types::Type;

/// How many faults of one kind are reported for one table.
const MOST: usize = 5;

pub(super) fn check(plan: &Plan, grid: &Grid, faults: &mut Vec<Diagnostic>) {
    let before = faults.len();
    empty_cells(grid, faults);
    if faults.len() > before {
        return;
    }
    if grid.first {
        shadowed(grid, faults)
    } else {
        overlaps(plan, grid, faults)
    }
    if faults.len() > before {
        return;
    }
    let classes = Classes::of(grid);
    let gap = if grid.first { classes.gap_of_first(grid.rows.len()) } else { classes.gap(grid.rows.len()) };
    match gap {
        Ok(None) => reachability(plan, grid, faults),
        Ok(Some(gap)) => faults.push(gap_fault(plan, grid, &gap)),
        Err(TooLarge) => faults.push(too_large(grid)),
    }
}

fn too_large(grid: &Grid) -> Diagnostic {
    let title = format!("`{}` is too large to prove complete", grid.name);
    Diagnostic::error(codes::E0414, grid.name_span, title, "too many combinations")
        .help("split the table: decide some of the columns in a table of their own, and use its answer here")
}

fn empty_cells(grid: &Grid, faults: &mut Vec<Diagnostic>) {
    for row in &grid.rows {
        for ((region, column), span) in row.regions.iter().zip(&grid.columns).zip(&row.cells) {
            if region.is_empty() {
                let (low, high) = (column.ty.show(column.shape.low), column.ty.show(column.shape.high));
                let title = format!("no patient can reach this row of `{}`", grid.name);
                let label = format!("`{}` is between {low} and {high}", column.title);
                let fault = Diagnostic::error(codes::E0405, *span, title, label);
                faults.push(
                    fault.help(
                        "correct the figure, or widen the declared range of the fact if such values are recorded",
                    ),
                );
            }
        }
    }
}

/// Values that both rows let through, one a column.
fn common(a: &GridRow, b: &GridRow) -> Option<Vec<Option<i64>>> {
    a.regions.iter().zip(&b.regions).map(|(a, b)| a.common(b)).collect()
}

fn overlaps(plan: &Plan, grid: &Grid, faults: &mut Vec<Diagnostic>) {
    let mut found = 0;
    for (index, later) in grid.rows.iter().enumerate() {
        for earlier in grid.rows.iter().take(index) {
            let Some(values) = common(earlier, later) else {
                continue;
            };
            found += 1;
            if found > MOST {
                return;
            }
            let title = format!("two rows of `{}` answer for the same patient", grid.name);
            let label = format!("this row also answers for {}", combination(grid, &values));
            let mut fault =
                Diagnostic::error(codes::E0410, later.span, title, label).because(earlier.span, "as does this one");
            if let Some(patient) = patient(plan, grid, &values) {
                fault = fault.note(patient);
            }
            faults.push(
                fault.help("narrow one of the rows; if the first that fits should answer, write `table … first`"),
            );
        }
    }
}

/// In a `first` table, a row that an earlier one covers altogether is never reached.
fn shadowed(grid: &Grid, faults: &mut Vec<Diagnostic>) {
    for (index, later) in grid.rows.iter().enumerate() {
        let hides = |earlier: &&GridRow| earlier.regions.iter().zip(&later.regions).all(|(a, b)| a.union(b) == *a);
        if let Some(earlier) = grid.rows.iter().take(index).find(hides) {
            let title = format!("this row of `{}` is never reached", grid.name);
            let fault = Diagnostic::error(codes::E0411, later.span, title, "an earlier row answers first");
            faults.push(
                fault.because(earlier.span, "this row answers for all its patients").help("remove it, or move it up"),
            );
        }
    }
}

fn gap_fault(plan: &Plan, grid: &Grid, gap: &[ClassOfValues]) -> Diagnostic {
    let values: Vec<Option<i64>> =
        gap.iter().map(|class| if let ClassOfValues::Range(from, _) = class { Some(*from) } else { None }).collect();
    let title = format!("`{}` is not decided for every patient", grid.name);
    let label = format!("no row answers for {}", combination(grid, &values));
    let (above, below) = neighbours(grid, gap);
    let at = below.map_or(grid.name_span, |(row, _)| row.span);
    let mut fault = Diagnostic::error(codes::E0409, at, title, label);
    if let Some((row, column)) = above {
        fault = fault.because(row.span, format!("this row stops {}", stop(grid, row, column, gap)));
    }
    fault = match patient(plan, grid, &values) {
        Some(patient) => fault.note(patient),
        None => fault.note(
            "no patient was found who has these values together; if there can be none, say so with an `impossible` row",
        ),
    };
    match (below, gap) {
        (Some((row, column)), _) => {
            let start =
                gap.get(column).and_then(|c| if let ClassOfValues::Range(from, _) = c { Some(*from) } else { None });
            let shown = start.zip(grid.columns.get(column)).map(|(v, c)| c.ty.show_bare(v)).unwrap_or_default();
            let next = row.regions.get(column).and_then(|r| r.ranges.iter().find(|(low, _)| Some(*low) > start));
            let next = next.zip(grid.columns.get(column)).map(|((low, _), c)| c.ty.show_bare(*low)).unwrap_or_default();
            fault.help(format!("if {shown} belongs with {next}, start that row at {shown}; otherwise add a row for it"))
        }
        _ => fault.help("add a row for these values, or widen the row they belong to"),
    }
}

fn stop(grid: &Grid, row: &GridRow, column: usize, gap: &[ClassOfValues]) -> String {
    let Some(ClassOfValues::Range(from, _)) = gap.get(column) else {
        return "before it".to_owned();
    };
    let end = row.regions.get(column).and_then(|r| r.ranges.iter().rev().find(|(_, high)| high < from));
    end.zip(grid.columns.get(column)).map_or_else(String::new, |((_, high), c)| format!("at {}", c.ty.show(*high)))
}

type Neighbour<'a> = Option<(&'a GridRow, usize)>;

/// The rows that stop just before the gap and start just after it: those that miss it in one numeric column only.
fn neighbours<'a>(grid: &'a Grid, gap: &[ClassOfValues]) -> (Neighbour<'a>, Neighbour<'a>) {
    let (mut above, mut below) = (None, None);
    for row in &grid.rows {
        let missed: Vec<usize> = row
            .regions
            .iter()
            .zip(gap)
            .enumerate()
            .filter(|(_, (r, c))| !lets_through(r, **c))
            .map(|(i, _)| i)
            .collect();
        let [column] = missed.as_slice() else {
            continue;
        };
        // Choices have no order, so none of them is next to another.
        let ordered = |c: &GridColumn| !matches!(c.ty, Type::Enum { .. } | Type::YesNo);
        if !grid.columns.get(*column).is_some_and(ordered) {
            continue;
        }
        let (Some(region), Some(ClassOfValues::Range(from, to))) = (row.regions.get(*column), gap.get(*column)) else {
            continue;
        };
        if region.ranges.iter().any(|(_, high)| high.checked_add(1) == Some(*from)) {
            above = above.or(Some((row, *column)));
        }
        if region.ranges.iter().any(|(low, _)| to.checked_add(1) == Some(*low)) {
            below = below.or(Some((row, *column)));
        }
    }
    (above, below)
}

fn lets_through(region: &Region, class: ClassOfValues) -> bool {
    match class {
        ClassOfValues::None => region.none,
        ClassOfValues::Range(from, to) => region.ranges.iter().any(|(low, high)| *low <= from && to <= *high),
    }
}

/// `respiration_rate 12 per min, scale scale_1`
fn combination(grid: &Grid, values: &[Option<i64>]) -> String {
    let shown = grid.columns.iter().zip(values).map(|(column, value)| {
        let value = value.map_or_else(|| "none".to_owned(), |v| column.ty.show(v));
        format!("{} {value}", column.title)
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// A case that brings these values about: the facts themselves, or found by trying.
fn patient(plan: &Plan, grid: &Grid, values: &[Option<i64>]) -> Option<String> {
    if grid.columns.iter().all(|c| matches!(c.expr.op, Op::Input(_))) {
        return Some(format!("for example a case with {}", combination(grid, values)));
    }
    let inputs: Vec<&Expr> = grid.columns.iter().map(|c| &c.expr).collect();
    let Reachable { found, .. } = reachable(plan, grid.step, &inputs);
    let exact = found.get(values);
    exact.map(|facts| format!("for example a case with {}", facts_in_words(plan, facts)))
}

fn facts_in_words(plan: &Plan, facts: &[Datum]) -> String {
    let words = plan.subject.inputs.iter().zip(facts).filter_map(|(input, datum)| match datum {
        Datum::Known(value) => Some(format!("{} {}", input.name, input.ty.show(*value))),
        Datum::None => Some(format!("{} none", input.name)),
        Datum::Missing => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Rows over derived inputs: claims of impossibility are tried, and rows that nothing reaches are found.
fn reachability(plan: &Plan, grid: &Grid, faults: &mut Vec<Diagnostic>) {
    if grid.columns.iter().all(|c| matches!(c.expr.op, Op::Input(_))) && !grid.rows.iter().any(|r| r.impossible) {
        return;
    }
    let inputs: Vec<&Expr> = grid.columns.iter().map(|c| &c.expr).collect();
    let Reachable { found, exhaustive } = reachable(plan, grid.step, &inputs);
    for row in &grid.rows {
        let hit = found.iter().find(|(values, _)| matches_row(row, values));
        match (row.impossible, hit) {
            (true, Some((values, facts))) => {
                let title = format!("a patient can reach a row of `{}` that claims to be impossible", grid.name);
                let fault = Diagnostic::error(
                    codes::E0412,
                    row.span,
                    title,
                    format!("reached with {}", combination(grid, values)),
                );
                faults.push(
                    fault
                        .note(format!("for example a case with {}", facts_in_words(plan, facts)))
                        .help("say what is to be done for this patient"),
                );
            }
            (false, None) if exhaustive => {
                let title = format!("no patient can reach this row of `{}`", grid.name);
                let fault = Diagnostic::error(codes::E0413, row.span, title, "never reached");
                faults
                    .push(fault.help("if that is meant, write `impossible` as its answer: the claim is then checked"));
            }
            _ => {}
        }
    }
}

fn matches_row(row: &GridRow, values: &[Option<i64>]) -> bool {
    row.regions.iter().zip(values).all(|(region, value)| match value {
        None => region.none,
        Some(v) => region.ranges.iter().any(|(low, high)| (low..=high).contains(&v)),
    })
}
