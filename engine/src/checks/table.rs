//! Tables are checked, not trusted: gaps, overlaps, rows that cannot be reached and claims that are false, each with a patient.

use super::grid::{ClassOfValues, Classes, TooLarge};
use super::patient::{Reachable, reachable};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::case::Datum;
use crate::plan::{Expr, Op, Plan, Region, Table, TableColumn, TableRow};
use crate::types::{Placed, TablePlaces};
use crate::values::codes::OF_PACKAGE;
use crate::values::types::Type;

/// How many faults of one kind are reported for one table.
const MOST: usize = 5;

/// A table, the plan it belongs to and where it is written.
#[derive(Clone, Copy)]
pub(super) struct Checked<'a> {
    pub plan: &'a Plan,
    pub table: &'a Table,
    pub places: &'a TablePlaces,
}

pub(super) fn check(of: Checked<'_>, faults: &mut Vec<Diagnostic>) {
    let table = of.table;
    let before = faults.len();
    empty_cells(of, faults);
    if faults.len() > before {
        return;
    }
    if table.first && !of.places.any {
        shadowed(table, faults)
    } else {
        overlaps(of, faults)
    }
    if faults.len() > before {
        return;
    }
    let classes = Classes::of(table);
    let gap = if table.first { classes.gap_of_first(table.rows.len()) } else { classes.gap(table.rows.len()) };
    match gap {
        Ok(None) => reachability(of, faults),
        Ok(Some(gap)) => faults.push(gap_fault(of, &gap)),
        Err(TooLarge) => faults.push(too_large(of)),
    }
}

fn too_large(of: Checked<'_>) -> Diagnostic {
    let title = format!("`{}` is too large to prove complete", of.table.name);
    Diagnostic::error(codes::E0414, of.places.name, title, "too many combinations")
        .help("split the table: decide some of the columns in a table of their own, and use its answer here")
}

fn empty_cells(of: Checked<'_>, faults: &mut Vec<Diagnostic>) {
    for (row, spans) in of.table.rows.iter().zip(&of.places.cells) {
        for ((region, column), span) in row.cells.iter().zip(&of.table.columns).zip(spans) {
            if region.is_empty() {
                let shape = column.expr.shape;
                let (low, high) = (column.ty.show(shape.low), column.ty.show(shape.high));
                let title = format!("no patient can reach this row of `{}`", of.table.name);
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
fn common(a: &TableRow, b: &TableRow) -> Option<Vec<Option<i64>>> {
    a.cells.iter().zip(&b.cells).map(|(a, b)| a.common(b)).collect()
}

fn overlaps(of: Checked<'_>, faults: &mut Vec<Diagnostic>) {
    let table = of.table;
    let mut found = 0;
    let mut told = Vec::new();
    for (index, later) in table.rows.iter().enumerate() {
        for earlier in table.rows.iter().take(index) {
            // An entry of a `choose` may be several rows, which are told of as one.
            let pair = (earlier.span, later.span);
            let agree = of.places.any && earlier.outputs == later.outputs;
            let Some(values) = common(earlier, later).filter(|_| !agree && !told.contains(&pair)) else {
                continue;
            };
            told.push(pair);
            found += 1;
            if found > MOST {
                return;
            }
            let title = format!("two rows of `{}` answer for the same patient", table.name);
            let label = format!("this row also answers for {}", combination(of, &values));
            let mut fault =
                Diagnostic::error(codes::E0410, later.span, title, label).because(earlier.span, "as does this one");
            if let Some(patient) = patient(of, &values).0 {
                fault = fault.note(patient);
            }
            faults.push(fault.help(match (of.places.any, agree) {
                (true, _) => "narrow one of the rows; in a table that says `any`, rows that overlap give the same answer",
                (false, true) => "narrow one of the rows; where they give the same answer, as here, they may overlap in `table … any`",
                (false, false) => "narrow one of the rows; if the first that fits should answer, write `table … first`",
            }));
        }
    }
}

/// In a `first` table, a row that an earlier one covers altogether is never reached.
fn shadowed(table: &Table, faults: &mut Vec<Diagnostic>) {
    let mut told = Vec::new();
    for (index, later) in table.rows.iter().enumerate() {
        let hides = |earlier: &&TableRow| earlier.cells.iter().zip(&later.cells).all(|(a, b)| a.union(b) == *a);
        if let Some(earlier) = table.rows.iter().take(index).find(hides).filter(|_| !told.contains(&later.span)) {
            told.push(later.span);
            let title = format!("this row of `{}` is never reached", table.name);
            let fault = Diagnostic::error(codes::E0411, later.span, title, "an earlier row answers first");
            faults.push(
                fault.because(earlier.span, "this row answers for all its patients").help("remove it, or move it up"),
            );
        }
    }
}

fn gap_fault(of: Checked<'_>, gap: &[ClassOfValues]) -> Diagnostic {
    let table = of.table;
    let values: Vec<Option<i64>> =
        gap.iter().map(|class| if let ClassOfValues::Range(from, _) = class { Some(*from) } else { None }).collect();
    let title = format!("`{}` is not decided for every patient", table.name);
    let label = format!("no row answers for {}", combination(of, &values));
    let (above, below) = neighbours(table, gap);
    let in_order = |beside: &(&TableRow, usize)| table.columns.get(beside.1).is_some_and(|column| !column.ty.is_name());
    let (above, below) = (above.filter(in_order), below.filter(in_order));
    let at = below.map_or(of.places.name, |(row, _)| row.span);
    let mut fault = Diagnostic::error(codes::E0409, at, title, label);
    if let Some((row, column)) = above {
        fault = fault.because(row.span, format!("this row stops {}", stop(table, row, column, gap)));
    }
    fault = match patient(of, &values) {
        (Some(patient), _) => fault.note(patient),
        (None, true) => fault.note(
            "no patient was found who has these values together; if there can be none, say so with an `impossible` row",
        ),
        (None, false) => fault,
    };
    match (below, gap) {
        (Some((row, column)), _) => {
            let start =
                gap.get(column).and_then(|c| if let ClassOfValues::Range(from, _) = c { Some(*from) } else { None });
            let shown = start.zip(table.columns.get(column)).map(|(v, c)| c.ty.show_bare(v)).unwrap_or_default();
            let next = row.cells.get(column).and_then(|r| r.ranges.iter().find(|(low, _)| Some(*low) > start));
            let next =
                next.zip(table.columns.get(column)).map(|((low, _), c)| c.ty.show_bare(*low)).unwrap_or_default();
            let flows = |ty: &Type| matches!(ty, Type::TimeOfDay | Type::Duration | Type::Instant);
            let flows = table.columns.get(column).is_some_and(|c| flows(&c.ty));
            match above.filter(|(_, beside)| flows && *beside == column) {
                // Between two times there is always another.
                Some((row, column)) => fault.help(format!(
                    "what lies between {} and {next} belongs to one of the two rows: end the earlier with `< {next}`, or, where its cell has two ends, let the first row that fits answer: `table … first`, in which the one for {next} stands above it",
                    stop(table, row, column, gap).trim_start_matches("at "),
                )),
                None => fault.help(format!(
                    "if {shown} belongs with {next}, start that row at {shown}; otherwise add a row for it"
                )),
            }
        }
        _ => fault.help("add a row for these values, or widen the row they belong to"),
    }
}

fn stop(table: &Table, row: &TableRow, column: usize, gap: &[ClassOfValues]) -> String {
    let Some(ClassOfValues::Range(from, _)) = gap.get(column) else {
        return "before it".to_owned();
    };
    let end = row.cells.get(column).and_then(|r| r.ranges.iter().rev().find(|(_, high)| high < from));
    end.zip(table.columns.get(column)).map_or_else(String::new, |((_, high), c)| format!("at {}", c.ty.show(*high)))
}

type Neighbour<'a> = Option<(&'a TableRow, usize)>;

/// The rows that stop just before the gap and start just after it: those that miss it in one numeric column only.
fn neighbours<'a>(table: &'a Table, gap: &[ClassOfValues]) -> (Neighbour<'a>, Neighbour<'a>) {
    let (mut above, mut below) = (None, None);
    for row in &table.rows {
        let missed: Vec<usize> =
            row.cells.iter().zip(gap).enumerate().filter(|(_, (r, c))| !lets_through(r, **c)).map(|(i, _)| i).collect();
        let [column] = missed.as_slice() else {
            continue;
        };
        // Choices have no order, so none of them is next to another.
        let ordered = |c: &TableColumn| !matches!(c.ty, Type::Enum { .. } | Type::YesNo);
        if !table.columns.get(*column).is_some_and(ordered) {
            continue;
        }
        let (Some(region), Some(ClassOfValues::Range(from, to))) = (row.cells.get(*column), gap.get(*column)) else {
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
        ClassOfValues::Range(from, to) => region.covers(from, to),
    }
}

/// `respiration_rate 12 per min, scale scale_1`
fn combination(of: Checked<'_>, values: &[Option<i64>]) -> String {
    let parts = of.table.columns.iter().zip(values).map(|(column, value)| {
        let value = value.map_or_else(|| "none".to_owned(), |v| shown(of.plan, &column.ty, v));
        format!("{} {value}", column.title)
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// A value; among codes that are listed, one that the package does not name is any other.
fn shown(plan: &Plan, ty: &Type, value: i64) -> String {
    let other = *ty == Type::Code && value <= OF_PACKAGE && plan.codes.text(value).is_none();
    if other { "another code".to_owned() } else { plan.show(ty, value) }
}

/// A case that brings these values about: the facts themselves, or found by trying; where there is none, whether all was tried.
fn patient(of: Checked<'_>, values: &[Option<i64>]) -> (Option<String>, bool) {
    let table = of.table;
    if table.columns.iter().all(|c| matches!(c.expr.op, Op::Input(_))) {
        return (Some(format!("for example a case with {}", combination(of, values))), true);
    }
    let Placed::Step(step) = of.places.table else {
        let fields = table.columns.iter().all(|c| matches!(c.expr.op, Op::Field(..)));
        return (fields.then(|| format!("for example an event with {}", combination(of, values))), false);
    };
    let inputs: Vec<&Expr> = table.columns.iter().map(|c| &c.expr).collect();
    let Reachable { found, exhaustive } = reachable(of.plan, step, &inputs);
    let exact = found.get(values);
    (exact.map(|facts| format!("for example a case with {}", facts_in_words(of.plan, facts))), exhaustive)
}

pub(super) fn facts_in_words(plan: &Plan, facts: &[Datum]) -> String {
    let words = plan.subject.inputs.iter().zip(facts).filter_map(|(input, datum)| match datum {
        Datum::Known(value) => Some(format!("{} {}", input.name, shown(plan, &input.ty, *value))),
        Datum::Between(low, high) => Some(format!("{} {}", input.name, input.ty.show_range(*low, *high))),
        Datum::None => Some(format!("{} none", input.name)),
        Datum::Missing => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Rows over derived inputs: claims of impossibility are tried, and rows that nothing reaches are found.
fn reachability(of: Checked<'_>, faults: &mut Vec<Diagnostic>) {
    let table = of.table;
    let claims = table.rows.iter().any(|row| row.outputs.is_none());
    if table.columns.iter().all(|c| matches!(c.expr.op, Op::Input(_))) && !claims {
        return;
    }
    let Placed::Step(step) = of.places.table else { return };
    let inputs: Vec<&Expr> = table.columns.iter().map(|c| &c.expr).collect();
    let Reachable { found, exhaustive } = reachable(of.plan, step, &inputs);
    let is_reached = |row: &TableRow| found.keys().any(|values| matches_row(row, values));
    let of_its_entry_reached =
        |row: &TableRow| table.rows.iter().any(|other| other.span == row.span && is_reached(other));
    for row in &table.rows {
        let hit = found.iter().find(|(values, _)| matches_row(row, values));
        match (row.outputs.is_none(), hit) {
            (true, Some((values, facts))) => {
                let title = format!("a patient can reach a row of `{}` that claims to be impossible", table.name);
                let fault = Diagnostic::error(
                    codes::E0412,
                    row.span,
                    title,
                    format!("reached with {}", combination(of, values)),
                );
                faults.push(
                    fault
                        .note(format!("for example a case with {}", facts_in_words(of.plan, facts)))
                        .help("say what is to be done for this patient"),
                );
            }
            (false, None) if exhaustive && !of_its_entry_reached(row) => {
                let title = format!("no patient can reach this row of `{}`", table.name);
                let fault = Diagnostic::error(codes::E0413, row.span, title, "never reached");
                faults
                    .push(fault.help("if that is meant, write `impossible` as its answer: the claim is then checked"));
            }
            _ => {}
        }
    }
}

fn matches_row(row: &TableRow, values: &[Option<i64>]) -> bool {
    row.cells.iter().zip(values).all(|(region, value)| region.contains(*value))
}
