//! Small changes to a rule, each of which some case should notice: a threshold moved by its smallest step, a row, a clause, a condition or a
//! filter taken out, the first taken for the last.
//!
//! A change is an edit of the text, so that it can be shown as its author would have made it.

use std::collections::BTreeMap;

use super::notes::words;
use crate::compile::Again;
use crate::diagnostics::Edit;
use crate::syntax::tree::{
    Asks, BinaryOp, ClauseKind, Date, Expr, ExprKind, Item, Node, Number, Query, RowOutput, Table,
};
use crate::text::Span;
use crate::values::calendar::{date_from_days, days_from_date};
use crate::values::types::{Type, decimal};

/// A change to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is written there now.
    pub at: Span,
    /// The change in words: "`>= 65` becomes `>= 66`".
    pub words: String,
    /// What is changed of the text.
    pub edits: Vec<Edit>,
}

/// All changes of a package's own rules, in the order of its text.
#[must_use]
pub fn changes(of: &Again) -> Vec<Change> {
    let mut writer = Writer { of, inside: None, changes: BTreeMap::new() };
    of.file.items.iter().for_each(|item| writer.item(item));
    writer.changes.into_values().collect()
}

/// The longest text that is shown for one number in it.
const LONGEST: usize = 70;

struct Writer<'a> {
    of: &'a Again,
    /// What a number stands in, as far as it is short enough to be shown whole.
    inside: Option<Span>,
    changes: BTreeMap<(Span, String), Change>,
}

impl<'a> Writer<'a> {
    fn text(&self, span: Span) -> &'a str {
        // A span lies within its text.
        self.of.source.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn words(&self, span: Span) -> String {
        words(&self.of.source.text, span)
    }

    fn replace(&mut self, span: Span, new: &str, words: String) {
        let edits = vec![Edit { span, replacement: new.to_owned() }];
        self.changes.insert((span, new.to_owned()), Change { at: span, words, edits });
    }

    /// Something becomes something else; shown in what it stands in.
    fn becomes(&mut self, span: Span, new: &str) {
        let inside = self.inside.filter(|inside| inside.covers(span)).unwrap_or(span);
        let before = self.text(Span { end: span.start, ..inside });
        let after = self.text(Span { start: span.end, ..inside });
        let words = format!("`{}` becomes `{}`", self.words(inside), one_line(&format!("{before}{new}{after}")));
        self.replace(span, new, words);
    }

    /// Goes on inside something, which is what is shown where it is not too long.
    fn inside(&mut self, span: Span, go_on: impl FnOnce(&mut Self)) {
        let outside = self.inside;
        if self.words(span).chars().count() <= LONGEST {
            self.inside = Some(span);
        }
        go_on(self);
        self.inside = outside;
    }

    fn leave_out(&mut self, span: Span, of: &str) {
        let words = format!("{of} `{}` is left out", self.words(span));
        self.replace(span, "", words);
    }

    fn item(&mut self, item: &'a Item) {
        match item {
            Item::Table(table) => {
                for row in table.rows.iter().filter(|_| table.rows.len() > 1) {
                    if !matches!(row.outputs, RowOutput::Impossible(_)) {
                        self.leave_out(row.span, "the row");
                    }
                }
                self.table(table);
            }
            Item::Obligation(obligation) => {
                for clause in &obligation.clauses {
                    self.inside(clause.span, |writer| clause.parts().into_iter().for_each(|part| writer.part(part)));
                    if matches!(clause.kind, ClauseKind::Applies(_) | ClauseKind::Excused { .. }) {
                        self.leave_out(clause.span, "the clause");
                    }
                }
            }
            Item::Clock(clock) => clock.edges.iter().for_each(|edge| self.leave_out(edge.span, "the line")),
            Item::Path(path) => path.stages.iter().for_each(|stage| self.leave_out(stage.span, "the stage")),
            Item::Parameter(parameter) => parameter.values.iter().for_each(|dated| {
                self.expr(&dated.value, None);
            }),
            _ => {}
        }
        match item {
            Item::Obligation(_) => {}
            Item::Table(table) => self.parts_of_table(table),
            _ => item.parts().into_iter().for_each(|part| self.part(part)),
        }
    }

    /// Everything in a table but its cells, each in the row that it stands in.
    fn parts_of_table(&mut self, table: &'a Table) {
        for part in table.parts() {
            let row = table.rows.iter().find(|row| row.span.covers(part.span)).map_or(part.span, |row| row.span);
            self.inside(row, |writer| writer.expr(part, None));
        }
    }

    fn part(&mut self, part: Node<'a>) {
        match part {
            Node::Expr(expr) => self.expr(expr, None),
            Node::Query(query) => self.query(query),
        }
    }

    /// Where the rows of a table part: a number is moved wherever its column has it, with those beside it, so that the rows still meet.
    fn table(&mut self, table: &'a Table) {
        for row in &table.rows {
            let Asks::Cells(cells) = &row.asks else { continue };
            for part in cells.iter().flat_map(|cell| cell.test.parts()) {
                if !matches!(part.kind, ExprKind::Number(_)) {
                    self.inside(row.span, |writer| writer.expr(part, None));
                }
            }
        }
        for (place, column) in table.inputs.iter().enumerate() {
            let mut numbers: BTreeMap<i64, Vec<&Number>> = BTreeMap::new();
            let places = self.places_of(&column.expr);
            for row in &table.rows {
                let Asks::Cells(cells) = &row.asks else { continue };
                for part in cells.get(place).into_iter().flat_map(|cell| cell.test.parts()) {
                    if let ExprKind::Number(number) = &part.kind
                        && let Some(digits) = digits_at(number, places)
                    {
                        numbers.entry(digits).or_default().push(number);
                    }
                }
            }
            for (digits, own) in &numbers {
                let beside = numbers.get(&(digits + 1));
                if beside.is_none() && numbers.contains_key(&(digits - 1)) {
                    continue; // moved with the one before it
                }
                self.cut(&format!("{}` of `{}", column.title, table.name.node), (own, beside), places);
            }
        }
    }

    /// Moves a number wherever a column has it, and the one after it.
    fn cut(&mut self, of: &str, (own, beside): (&[&Number], Option<&Vec<&Number>>), places: u8) {
        let Some(first) = own.first() else { return };
        for by in [-1, 1] {
            let moved = |number: &&Number| {
                let replacement = self.moved(number, places, by)?;
                Some(Edit { span: number.span, replacement })
            };
            let edits: Option<Vec<Edit>> = own.iter().chain(beside.into_iter().flatten()).map(moved).collect();
            let Some(edits) = edits else { continue };
            let new = edits.first().map_or_else(String::new, |edit| edit.replacement.clone());
            let words = format!("`{of}` parts at `{new}`, not at `{}`", self.words(first.span));
            self.changes.insert((first.span, new), Change { at: first.span, words, edits });
        }
    }

    /// An expression; `beside` is what it is compared with.
    fn expr(&mut self, expr: &'a Expr, beside: Option<&'a Expr>) {
        match &expr.kind {
            ExprKind::Number(number) => self.number(number, beside.or(Some(expr))),
            ExprKind::Date(date) => self.date(*date, expr.span),
            ExprKind::TimeOfDay(ms) => self.time_of_day(*ms, expr.span),
            ExprKind::Not(x) => {
                let new = format!("({})", self.text(x.span));
                self.becomes(expr.span, &new);
            }
            ExprKind::Binary { op, left, right } if matches!(op.node, BinaryOp::And | BinaryOp::Or) => {
                for (kept, left_out) in [(left, right), (right, left)] {
                    let new = format!("({})", self.text(kept.span));
                    let words = format!("the condition `{}` is left out", self.words(left_out.span));
                    self.replace(expr.span, &new, words);
                }
            }
            ExprKind::Compare { left, right, .. } => {
                return self.inside(expr.span, |writer| {
                    writer.expr(left, Some(right));
                    writer.expr(right, Some(left));
                });
            }
            ExprKind::InRange { value, low, high } => {
                return self.inside(expr.span, |writer| {
                    writer.expr(value, None);
                    [low, high].into_iter().for_each(|end| writer.expr(end, Some(value)));
                });
            }
            ExprKind::Query(query) => return self.query(query),
            _ => {}
        }
        expr.parts().into_iter().for_each(|part| self.expr(part, None));
    }

    fn query(&mut self, query: &'a Query) {
        let other = |word: &str| match word {
            "first" => Some("last"),
            "last" => Some("first"),
            "lowest" => Some("highest"),
            "highest" => Some("lowest"),
            _ => None,
        };
        if let Some(name) = &query.function
            && let Some(new) = other(&name.node)
        {
            let words = format!("`{}` asks for the {new}", self.words(query.span));
            self.replace(name.span, new, words);
        }
        if let Some(filter) = &query.filter
            && let Some(start) = self.text(Span { end: filter.span.start, ..query.span }).rfind("where")
        {
            let start = query.span.start + u32::try_from(start).unwrap_or(0); // it was found in a text of less than 4 GB
            self.leave_out(Span { start, end: filter.span.end, ..filter.span }, "the filter");
        }
        query.windows.iter().for_each(|window| {
            if window.if_any.is_none() {
                self.leave_out(window.span, "the window");
            }
        });
        query.parts().into_iter().for_each(|part| self.expr(part, None));
    }

    /// One step down and one up, in the last digit that is written or that the value beside it has.
    fn number(&mut self, number: &Number, beside: Option<&Expr>) {
        let places = beside.map_or(0, |beside| self.places_of(beside));
        for by in [-1, 1] {
            if let Some(new) = self.moved(number, places, by) {
                self.becomes(number.span, &new);
            }
        }
    }

    /// A number as written, moved by so many of its last digits; of hours by minutes.
    fn moved(&self, number: &Number, places: u8, by: i64) -> Option<String> {
        let places = places.max(number.places);
        let text = self.text(number.span);
        if number.places == 0 && number.unit.as_ref().is_some_and(|unit| unit.text == "h") {
            return Some(format!("{} min", number.digits.checked_mul(60)?.checked_add(by)?));
        }
        let digits = digits_at(number, places)?.checked_add(by)?;
        let pounds = if text.contains('£') { "£" } else { "" };
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '£' | '.' | '_'));
        Some(format!("{pounds}{}{unit}", decimal(digits, places)))
    }

    /// How many digits after the point a value has.
    fn places_of(&self, expr: &Expr) -> u8 {
        let asked = self.of.seen.questions().and_then(|questions| questions.expressions.get(&expr.span)?.first());
        match asked.map(|asked| &asked.ty) {
            Some(Type::Number { places, .. }) => *places,
            _ => 0,
        }
    }

    fn date(&mut self, date: Date, span: Span) {
        let Some(day) = days_from_date(i64::from(date.year), i64::from(date.month), i64::from(date.day)) else {
            return;
        };
        for by in [-1, 1] {
            let (year, month, day) = date_from_days(day + by);
            self.becomes(span, &format!("{year:04}-{month:02}-{day:02}"));
        }
    }

    fn time_of_day(&mut self, ms: i64, span: Span) {
        for by in [-1, 1] {
            let minutes = ms / 60_000 + by;
            if (0..24 * 60).contains(&minutes) {
                self.becomes(span, &format!("{:02}:{:02}", minutes / 60, minutes % 60));
            }
        }
    }
}

/// The digits of a number with so many places, which are no fewer than it has.
fn digits_at(number: &Number, places: u8) -> Option<i64> {
    let finer = places.saturating_sub(number.places);
    10_i64.checked_pow(u32::from(finer)).and_then(|ten| number.digits.checked_mul(ten))
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
