//! Shares are proved to add up to 1 for every case.
//!
//! Their sum is taken apart into numbers and what they are multiplied with. What cancels out is gone; for what is left, each row of a table
//! and each branch of an `if` is tried. A case in which they come to something else is looked for by trying, and stands in the message.

use super::patient::{Reachable, reachable};
use super::table::facts_in_words;
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::figure::Shared;
use crate::plan::library::Measure;
use crate::plan::{CellId, Class, Expr, Id, Op, Package, Plan, Region, Shape, Step, StepId, Table};
use crate::values::types::decimal;

/// The most expressions taken apart, and the most rows and branches tried, for one measure.
const BUDGET: usize = 20_000;

/// Checks the shares of all measures of a package in which nothing else is wrong.
pub(super) fn check(package: &Package, faults: &mut Vec<Diagnostic>) {
    for measure in &package.measures {
        if let Some(shared) = &measure.shared {
            faults.extend(fault(&package.plan, measure, shared));
        }
    }
}

fn fault(plan: &Plan, measure: &Measure, shared: &Shared) -> Option<Diagnostic> {
    let mut proof = Proof { plan, whole: i128::from(shared.whole), spent: 0, rows: Vec::new() };
    let mut sum = Sum::default();
    for share in &shared.shares {
        proof.take_apart(&cell(plan, share.cell), 1, &mut sum);
    }
    let left = proof.differs(&sum)?;
    let cells: Vec<Expr> = shared.shares.iter().map(|share| cell(plan, share.cell)).collect();
    let Reachable { found, exhaustive } =
        reachable(plan, StepId::at(plan.steps.len()), &cells.iter().collect::<Vec<_>>());
    let total = |values: &[Option<i64>]| values.iter().flatten().map(|value| i128::from(*value)).sum::<i128>();
    let other = found.iter().find(|(values, _)| total(values) != i128::from(shared.whole));
    let shown =
        |value: i128| i64::try_from(value).map_or_else(|_| value.to_string(), |v| decimal(v, places(shared.whole)));
    let help = "let one of the shares be what the others leave, as in `shared by a a_share, b 1.0 - a_share`, or correct the figures";
    let name = &measure.name;
    if let Some((values, facts)) = other {
        let each = shared.shares.iter().zip(values);
        let each: Vec<String> =
            each.map(|(share, value)| format!("{} {}", share.name, shown(i128::from(value.unwrap_or(0))))).collect();
        let title = format!("the shares of `{name}` do not add up to 1");
        let label = format!("{} come to {}", each.join(", "), shown(total(values)));
        let fault = Diagnostic::error(codes::E0924, shared.span, title, label);
        let words = facts_in_words(plan, facts);
        let example =
            if words.is_empty() { "a case without events".to_owned() } else { format!("a case with {words}") };
        return Some(fault.note(format!("for example {example}")).help(help));
    }
    if exhaustive {
        return None;
    }
    let title = format!("the shares of `{name}` are not proved to add up to 1");
    let label = match left {
        Left::Comes(value) => format!("they could come to {}", shown(value)),
        Left::Open => "what they come to is not the same for every case".to_owned(),
    };
    let fault = Diagnostic::error(codes::E0924, shared.span, title, label);
    let fault = proof.rows.iter().fold(fault, |fault, (table, row)| match table.rows.get(*row) {
        Some(row) => fault.because(row.span, format!("with this row of `{}`", table.name)),
        None => fault,
    });
    Some(fault.help(help))
}

fn cell(plan: &Plan, cell: CellId) -> Expr {
    let shape = plan.cells.get(cell).copied();
    Expr { op: Op::Cell(cell), shape: shape.unwrap_or(Shape { class: Class::Range, low: 0, high: 0, optional: true }) }
}

fn places(whole: i64) -> u8 {
    let (mut places, mut left) = (0, whole);
    while left >= 10 {
        (places, left) = (places + 1, left / 10);
    }
    places
}

/// A number, and expressions each so many times.
#[derive(Clone, Default)]
struct Sum {
    number: i128,
    terms: Vec<(Expr, i128)>,
}

impl Sum {
    fn add(&mut self, expr: &Expr, times: i128) {
        match self.terms.iter_mut().find(|(known, _)| known.op == expr.op) {
            Some((_, of)) => *of += times,
            None => self.terms.push((expr.clone(), times)),
        }
        self.terms.retain(|(_, times)| *times != 0);
    }
}

/// What a sum comes to that is not proved to be the whole.
enum Left {
    Comes(i128),
    Open,
}

struct Proof<'a> {
    plan: &'a Plan,
    whole: i128,
    spent: usize,
    /// The rows tried: of which table, and which.
    rows: Vec<(&'a Table, usize)>,
}

impl<'a> Proof<'a> {
    fn take_apart(&mut self, expr: &Expr, times: i128, sum: &mut Sum) {
        self.spent += 1;
        if self.spent > BUDGET {
            return sum.add(expr, times);
        }
        match &expr.op {
            Op::Constant(value) => sum.number += i128::from(*value) * times,
            Op::Negate(x) => self.take_apart(x, -times, sum),
            Op::Assume(x) | Op::Rest(_, x) => self.take_apart(x, times, sum),
            Op::Add(a, b) => {
                self.take_apart(a, times, sum);
                self.take_apart(b, times, sum);
            }
            Op::Subtract(a, b) => {
                self.take_apart(a, times, sum);
                self.take_apart(b, -times, sum);
            }
            Op::Multiply(a, b) => match (&a.op, &b.op) {
                (Op::Constant(n), _) if small(*n, times) => self.take_apart(b, times * i128::from(*n), sum),
                (_, Op::Constant(n)) if small(*n, times) => self.take_apart(a, times * i128::from(*n), sum),
                _ => sum.add(expr, times),
            },
            Op::Cell(cell) => match self.value(*cell) {
                Some(value) => self.take_apart(value, times, sum),
                None => sum.add(expr, times),
            },
            _ => sum.add(expr, times),
        }
    }

    /// What a cell is worth, where no table fills it.
    fn value(&self, of: CellId) -> Option<&'a Expr> {
        self.plan.steps.iter().find_map(|step| match step {
            Step::Value { cell, expr } if *cell == of => Some(expr),
            _ => None,
        })
    }

    /// The table that fills a cell.
    fn table(&self, of: CellId) -> Option<&'a Table> {
        self.plan.steps.iter().find_map(|step| match step {
            Step::Table(table) if table.output_cells.contains(&of) => Some(table),
            _ => None,
        })
    }

    /// Nothing where the sum is the whole for every case; otherwise what else it could come to, with the rows that lead to it.
    fn differs(&mut self, sum: &Sum) -> Option<Left> {
        self.spent += 1;
        if sum.terms.is_empty() {
            return (sum.number != self.whole).then_some(Left::Comes(sum.number));
        }
        if self.spent > BUDGET {
            return Some(Left::Open);
        }
        for (term, _) in &sum.terms {
            match &term.op {
                Op::Cell(cell) => {
                    if let Some(table) = self.table(*cell) {
                        return self.by_rows(table, sum);
                    }
                }
                Op::If(condition, ..) => return self.by_branches(condition, sum),
                _ => {}
            }
        }
        Some(Left::Open)
    }

    fn by_rows(&mut self, table: &'a Table, sum: &Sum) -> Option<Left> {
        for (place, row) in table.rows.iter().enumerate() {
            let Some(outputs) = &row.outputs else { continue };
            if !self.together(table, place) {
                continue;
            }
            let mut of_row = Sum { number: sum.number, terms: Vec::new() };
            for (term, times) in &sum.terms {
                let output = match &term.op {
                    Op::Cell(cell) => table.output_cells.iter().position(|output| output == cell),
                    _ => None,
                };
                self.take_apart(output.and_then(|output| outputs.get(output)).unwrap_or(term), *times, &mut of_row);
            }
            self.rows.push((table, place));
            if let Some(left) = self.differs(&of_row) {
                return Some(left);
            }
            self.rows.pop();
        }
        None
    }

    /// Whether a row can answer beside those tried already: what two tables test alike, they find alike.
    fn together(&self, table: &Table, place: usize) -> bool {
        let Some(row) = table.rows.get(place) else { return false };
        self.rows.iter().all(|(other, at)| {
            let theirs = other.rows.get(*at).map_or(&[][..], |row| &row.cells);
            let tested = |column: usize| other.columns.get(column).map(|column| &column.expr.op);
            let apart = |(column, region): (usize, &Region)| {
                let own = table.columns.get(column).map(|column| &column.expr.op);
                theirs.iter().enumerate().any(|(place, of)| tested(place) == own && region.common(of).is_none())
            };
            !row.cells.iter().enumerate().any(apart)
        })
    }

    fn by_branches(&mut self, condition: &Expr, sum: &Sum) -> Option<Left> {
        for first in [true, false] {
            let mut branch = Sum { number: sum.number, terms: Vec::new() };
            for (term, times) in &sum.terms {
                let taken = match &term.op {
                    Op::If(other, yes, no) if other.op == condition.op => {
                        if first {
                            yes
                        } else {
                            no
                        }
                    }
                    _ => term,
                };
                self.take_apart(taken, *times, &mut branch);
            }
            if let Some(left) = self.differs(&branch) {
                return Some(left);
            }
        }
        None
    }
}

/// Whether a product stays far from what does not fit.
fn small(number: i64, times: i128) -> bool {
    number.unsigned_abs() <= 1_000_000 && times.unsigned_abs() <= 1_000_000_000_000
}
