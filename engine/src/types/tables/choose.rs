//! `choose`: a list of conditions as the rows of a table, so that the same prover holds it to answer for everyone, and once.
//!
//! A condition is taken apart at `and`, `or` and `not`. What it tests of something that has a name becomes a cell in the column of
//! that name; any other test is a column of its own, yes or no. `or` makes several rows of one entry.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Class, Expr, Op, Region, Shape, TableColumn};
use crate::syntax::tree::{self, Asks, Policy};
use crate::text::Span;
use crate::types::tables::{Conditions, ConditionsOfRow};
use crate::types::{Builder, Place};
use crate::values::types::Type;

/// The most rows that one condition, or what is left for `otherwise`, may come to.
const MOST_ROWS: usize = 64;

/// What must hold together: of which column, and which values.
type Tests = Vec<(usize, Region)>;
/// One a column: the values that are let through.
type Row = Vec<Region>;

/// The columns that the conditions test, each with the expression as it was found.
#[derive(Default)]
struct Tested {
    found: Vec<Expr>,
    columns: Vec<TableColumn>,
}

impl Builder<'_> {
    /// The entries of a `choose` as rows.
    pub(super) fn choices(&mut self, tree: &tree::Table, place: Place) -> Option<Conditions> {
        let mut tested = Tested::default();
        let (mut entries, mut whole) = (Vec::new(), true);
        for row in &tree.rows {
            match &row.asks {
                Asks::When(when) => {
                    let condition = self.condition(when, place);
                    whole &= condition.is_some();
                    entries.extend(condition.map(|c| Some(self.alternatives(&c, when.span, place, &mut tested))));
                }
                _ => entries.push(None),
            }
        }
        if !whole {
            return None;
        }
        let first = tree.policy == Policy::First;
        let columns = tested.columns;
        let any: Row = columns.iter().map(|column| Region::all(column.expr.shape)).collect();
        let entries: Vec<Option<Vec<Row>>> =
            entries.into_iter().map(|tests| tests.map(|tests| rows_of(&tests, &any, &columns))).collect();
        let mut rows: Vec<ConditionsOfRow> = Vec::new();
        for (number, (entry, row)) in entries.iter().zip(&tree.rows).enumerate() {
            let own = match entry {
                Some(own) if first => reached(own.clone(), &rows),
                Some(own) => self.apart(own, &[], tree, &columns)?,
                None if first => vec![any.clone()],
                None => self.left_over(&any, &entries, tree, &columns, row.span)?,
            };
            let at = match &row.asks {
                Asks::When(when) => when.span,
                Asks::Otherwise(span) => *span,
                Asks::Cells(_) => row.span,
            };
            let spans = vec![at; columns.len()];
            rows.extend(own.into_iter().map(|cells| ConditionsOfRow { row: number, cells, spans: spans.clone() }));
        }
        Some(Conditions { columns, rows })
    }

    /// A condition as alternatives, each of tests that hold together; taken as one test where it would come to too many.
    fn alternatives(&mut self, condition: &Expr, span: Span, place: Place, tested: &mut Tested) -> Vec<Tests> {
        // A part that takes for granted what another proves means nothing without it.
        let parts = parts(condition, true).filter(|_| !takes_for_granted(condition));
        let parts = parts.unwrap_or_else(|| vec![vec![(condition, true)]]);
        let mut alternatives = Vec::new();
        for part in parts {
            alternatives.push(part.into_iter().map(|(test, yes)| self.test(test, yes, span, place, tested)).collect());
        }
        alternatives
    }

    /// A test as a column and the values of it that pass.
    fn test(&mut self, test: &Expr, yes: bool, span: Span, place: Place, tested: &mut Tested) -> (usize, Region) {
        let (of, region) = match region_of(test) {
            Some((of, region)) if self.name_of(of).is_some() => (of, region),
            _ => (test, Region::range(1, 1, Shape::YES_NO)),
        };
        let region = if yes { region } else { region.complement(of.shape) };
        let known = tested.found.iter().position(|found| found == of);
        let column = known.unwrap_or_else(|| {
            let (title, ty) = self.name_of(of).unwrap_or_else(|| (self.context.words(span), Type::YesNo));
            tested.found.push(of.clone());
            let expr = self.kept(of.clone(), place);
            tested.columns.push(TableColumn { title, expr, ty });
            tested.columns.len() - 1
        });
        (column, region)
    }

    /// What something is called, and its type, where it has a name.
    fn name_of(&self, expr: &Expr) -> Option<(String, Type)> {
        match &expr.op {
            Op::Input(input) => {
                self.plan.subject.inputs.get(*input).map(|input| (input.name.clone(), input.ty.clone()))
            }
            Op::Field(kind, field, _) => {
                let field = self.plan.subject.events.get(*kind)?.fields.get(*field)?;
                Some((field.name.clone(), field.ty.clone()))
            }
            Op::Parameter(parameter) => self.plan.parameters.get(*parameter).map(|p| (p.name.clone(), p.ty.clone())),
            Op::Cell(cell) => {
                let defines = self.defines.built().filter(|(_, built)| built.cell == *cell);
                let defines = defines
                    .filter_map(|(place, built)| Some((self.names().defines.get(place)?.name.node.clone(), &built.ty)));
                let outputs = self.tables.outputs.built().filter_map(|(place, built)| {
                    let column = built.iter().position(|output| output.cell == *cell)?;
                    let table = self.names().tables.get(place)?;
                    let name = if built.len() == 1 { &table.name } else { table.outputs.get(column)? };
                    Some((name.node.clone(), &built.get(column)?.ty))
                });
                defines.chain(outputs).map(|(name, ty)| (name, ty.clone())).next()
            }
            _ => None,
        }
    }

    /// Rows made disjoint from one another and from others, so that each case is let through once.
    fn apart(&mut self, rows: &[Row], others: &[Row], tree: &tree::Table, columns: &[TableColumn]) -> Option<Vec<Row>> {
        let mut apart: Vec<Row> = Vec::new();
        for row in rows {
            let mut left = vec![row.clone()];
            let before: Vec<Row> = others.iter().chain(&apart).cloned().collect();
            for other in &before {
                left = left.iter().flat_map(|row| without(row, other, columns)).collect();
                if left.len() > MOST_ROWS {
                    return self.too_many(tree);
                }
            }
            apart.extend(left);
        }
        if apart.len() > MOST_ROWS { self.too_many(tree) } else { Some(apart) }
    }

    /// What no other entry answers for.
    fn left_over(
        &mut self,
        any: &Row,
        entries: &[Option<Vec<Row>>],
        tree: &tree::Table,
        columns: &[TableColumn],
        span: Span,
    ) -> Option<Vec<Row>> {
        let others: Vec<Row> = entries.iter().flatten().flatten().cloned().collect();
        let left = self.apart(std::slice::from_ref(any), &others, tree, columns)?;
        if left.is_empty() {
            let title = format!("nobody is left for `otherwise` in `{}`", tree.name.node);
            let fault = Diagnostic::error(codes::E0413, span, title, "never reached");
            return self.fault(fault.help("leave it out: the entries answer for everyone"));
        }
        Some(left)
    }

    fn too_many<T>(&mut self, tree: &tree::Table) -> Option<T> {
        let title = format!("`{}` is too large to prove complete", tree.name.node);
        let fault = Diagnostic::error(codes::E0414, tree.name.span, title, "too many combinations");
        self.fault(fault.help(
            "give parts of the conditions a name with `define`, or write `first`: then the first that holds answers",
        ))
    }
}

/// The tests of a condition: alternatives, each of tests and whether they are to be yes; nothing where there would be too many.
fn parts(expr: &Expr, yes: bool) -> Option<Vec<Vec<(&Expr, bool)>>> {
    match (&expr.op, yes) {
        (Op::Not(inner), _) => parts(inner, !yes),
        (Op::Or(items), true) | (Op::And(items), false) => {
            let mut any = Vec::new();
            for item in items {
                any.extend(parts(item, yes)?);
            }
            (any.len() <= MOST_ROWS).then_some(any)
        }
        (Op::And(items), true) | (Op::Or(items), false) => {
            let mut all = vec![Vec::new()];
            for item in items {
                let more = parts(item, yes)?;
                if all.len() * more.len() > MOST_ROWS {
                    return None;
                }
                all =
                    all.iter().flat_map(|one| more.iter().map(move |other| [one.as_slice(), other].concat())).collect();
            }
            Some(all)
        }
        _ => Some(vec![vec![(expr, yes)]]),
    }
}

fn takes_for_granted(condition: &Expr) -> bool {
    matches!(condition.op, Op::Assume(_) | Op::Rest(..)) || condition.op.operands().into_iter().any(takes_for_granted)
}

/// What a test is about, and the values of it that pass.
fn region_of(test: &Expr) -> Option<(&Expr, Region)> {
    match &test.op {
        Op::Within(x, low, high) => Some((x, Region::range(*low, *high, x.shape))),
        Op::OneOf(x, mask) if x.shape.class == Class::Set => Some((x, Region::of_mask(mask & x.shape.full_mask()))),
        Op::IsNone(x) if x.shape.optional => Some((x, Region::none())),
        Op::Input(_) | Op::Cell(_) | Op::Parameter(_) | Op::Field(..) if test.shape == Shape::YES_NO => {
            Some((test, Region::range(1, 1, Shape::YES_NO)))
        }
        _ => None,
    }
}

/// Alternatives as rows. One that contradicts itself is left out unless all do.
fn rows_of(alternatives: &[Tests], any: &Row, columns: &[TableColumn]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for tests in alternatives {
        let mut row = any.clone();
        for (column, region) in tests {
            if let (Some(cell), Some(of)) = (row.get_mut(*column), columns.get(*column)) {
                *cell = cell.both(region, of.expr.shape);
            }
        }
        let possible = |row: &Row| !row.iter().any(Region::is_empty);
        if possible(&row) {
            rows.retain(possible);
        } else if !rows.is_empty() {
            continue;
        }
        if !rows.iter().any(|other| covers(other, &row)) {
            rows.retain(|other| !covers(&row, other));
            rows.push(row);
        }
    }
    while join_two(&mut rows) {}
    rows
}

/// Puts two rows together that differ in one column only.
fn join_two(rows: &mut Vec<Row>) -> bool {
    for one in 0..rows.len() {
        for other in one + 1..rows.len() {
            let (Some(a), Some(b)) = (rows.get(one), rows.get(other)) else { continue };
            let mut apart = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
            let (Some((column, (mine, theirs))), None) = (apart.next(), apart.next()) else { continue };
            let union = mine.union(theirs);
            rows.remove(other);
            if let Some(cell) = rows.get_mut(one).and_then(|row| row.get_mut(column)) {
                *cell = union;
            }
            return true;
        }
    }
    false
}

/// Of the rows of one entry those that no row of an earlier one hides; all where all are hidden, so that it is said.
fn reached(own: Vec<Row>, before: &[ConditionsOfRow]) -> Vec<Row> {
    let hidden = |row: &Row| before.iter().any(|earlier| covers(&earlier.cells, row));
    if own.iter().all(hidden) { own } else { own.into_iter().filter(|row| !hidden(row)).collect() }
}

/// Whether a row lets through all that another does.
fn covers(one: &[Region], other: &[Region]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.union(b) == *a)
}

/// What a row lets through and another does not, as rows that are disjoint.
fn without(row: &Row, other: &Row, columns: &[TableColumn]) -> Vec<Row> {
    if row.iter().zip(other).any(|(a, b)| a.common(b).is_none()) {
        return vec![row.clone()];
    }
    let mut parts = Vec::new();
    let mut left = row.clone();
    for (place, (column, but)) in columns.iter().zip(other).enumerate() {
        let shape = column.expr.shape;
        let Some(cell) = left.get(place).cloned() else { continue };
        let out = cell.both(&but.complement(shape), shape);
        if !out.is_empty() {
            let mut part = left.clone();
            part.splice(place..=place, [out]);
            parts.push(part);
        }
        left.splice(place..=place, [cell.both(but, shape)]);
    }
    parts
}
