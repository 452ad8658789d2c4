//! `28 days`, or `2 weeks`, where it becomes a deadline or a window: to the minute, or to the end of a day? Whoever writes it says which, also
//! where it is written elsewhere and only named here: a parameter, a definition, the answer of a table, of another package too.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Id, ParameterId};
use crate::syntax::tree::{self, ExprKind, LocalKind, Number, Path, RowOutput};
use crate::text::Span;
use crate::types::expressions::fit::figure;
use crate::types::{Builder, Place};

/// How far a name is followed.
const FARTHEST: u8 = 16;

/// A length that is followed to where it is written.
#[derive(Clone, Copy)]
struct Followed {
    /// What it is used as.
    used: Used,
    /// Where.
    at: Span,
    /// The place of the names in it.
    place: Place,
    /// Whether it is written as a parameter's value.
    setting: bool,
    left: u8,
}

/// What becomes of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::types) enum Used {
    /// The length of a deadline or a window.
    Length,
    /// What an instant is moved by.
    Moved,
}

impl Builder<'_> {
    /// Refuses several days in a deadline or a window that do not say which days they are.
    pub(in crate::types) fn one_kind_of_days(&mut self, length: &tree::Expr, used: Used, place: Place) -> Option<()> {
        self.days_in(length, Followed { used, at: length.span, place, setting: false, left: FARTHEST })
    }

    /// The same of a value that a member or a case sets, where the parameter is such a length.
    pub(in crate::types) fn one_kind_of_days_set(&mut self, parameter: ParameterId, value: &tree::Expr) -> Option<()> {
        let Some((used, at)) = self.settings.length(parameter) else { return Some(()) };
        self.days_in(value, Followed { used, at, place: Place::default(), setting: true, left: FARTHEST })
    }

    fn days_in(&mut self, length: &tree::Expr, from: Followed) -> Option<()> {
        match &length.kind {
            ExprKind::Number(number) => self.one_kind(number, length.span, from),
            ExprKind::If { then: a, otherwise: b, .. }
            | ExprKind::Else { value: a, otherwise: b }
            | ExprKind::Binary { left: a, right: b, .. } => {
                self.days_in(a, from)?;
                self.days_in(b, from)
            }
            ExprKind::Negate(inner) => self.days_in(inner, from),
            ExprKind::Fold { items, .. } => items.iter().try_for_each(|item| self.days_in(item, from).ok_or(())).ok(),
            ExprKind::Path(path) if from.left > 0 => self.days_named(path, Followed { left: from.left - 1, ..from }),
            _ => Some(()),
        }
    }

    fn days_named(&mut self, path: &Path, from: Followed) -> Option<()> {
        match path.parts.as_slice() {
            [name] if self.meaning_at_hand(name, from.place).is_some() => Some(()),
            [name] => {
                let symbol = self.names().get(&name.node);
                symbol.map_or(Some(()), |symbol| self.days_declared(symbol, from))
            }
            [first, name] => match (self.names().get(&first.node), self.context.import_called(&first.node)) {
                (Some(Symbol::Table(table)), _) => {
                    let outputs = self.names().tables.get(table).map(|tree| tree.outputs.as_slice())?;
                    let output = outputs.iter().position(|output| output.node == name.node);
                    output.map_or(Some(()), |output| self.days_declared(Symbol::Output(table, output), from))
                }
                (_, Some(import)) => {
                    import.package.map_or(Some(()), |package| self.days_of_another(package, &name.node, from))
                }
                _ => Some(()),
            },
            _ => Some(()),
        }
    }

    fn days_declared(&mut self, symbol: Symbol, from: Followed) -> Option<()> {
        let names = self.names();
        let from = Followed { place: Place::default(), ..from };
        match symbol {
            Symbol::Define(define) => names.defines.get(define).map_or(Some(()), |tree| self.days_in(&tree.expr, from)),
            Symbol::Parameter(place) => {
                let Some(tree) = names.parameters.get(place) else { return Some(()) };
                if self.context.inlining().is_none() {
                    self.settings.becomes_length(ParameterId::at(place), from.used, from.at);
                }
                let ends = tree.local.as_ref().map(|local| &local.kind);
                let ends = if let Some(LocalKind::Range(low, high)) = ends { vec![low, high] } else { Vec::new() };
                let values = tree.values.iter().map(|dated| &dated.value).chain(ends);
                let from = Followed { setting: true, ..from };
                values.into_iter().try_for_each(|value| self.days_in(value, from).ok_or(())).ok()
            }
            Symbol::Table(table) => self.days_declared(Symbol::Output(table, 0), from),
            Symbol::Output(table, output) => {
                let Some(tree) = names.tables.get(table) else { return Some(()) };
                let values = tree.rows.iter().filter_map(|row| match &row.outputs {
                    RowOutput::Values(values) => values.get(output),
                    RowOutput::Impossible(_) => None,
                });
                values.into_iter().try_for_each(|value| self.days_in(value, from).ok_or(())).ok()
            }
            _ => Some(()),
        }
    }

    /// What another package says is told where it is used: by itself it does not know of the deadline.
    fn days_of_another(&mut self, package: usize, name: &str, from: Followed) -> Option<()> {
        let Some(other) = self.context.of_package(package, None) else { return Some(()) };
        let own = std::mem::replace(&mut self.context, other);
        let mark = self.faults.mark();
        let done = self.names().get(name).map_or(Some(()), |symbol| self.days_declared(symbol, from));
        self.context = own;
        let path = self.context.package(package).map_or("", |used| used.path.as_str());
        for mut fault in self.faults.take_out(mark) {
            fault.primary.span = from.at;
            fault.reasons.clear();
            self.faults.push(fault.note(format!("the package `{path}` says so")));
        }
        done
    }

    fn one_kind(&mut self, number: &Number, span: Span, from: Followed) -> Option<()> {
        let unit = number.unit.as_ref().map_or("", |unit| unit.text.as_str());
        let days: i64 = match unit {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => return Some(()),
        };
        let one = 10_i64.checked_pow(u32::from(number.places)).unwrap_or(i64::MAX);
        let counted = |by: i64| number.digits.checked_mul(by).filter(|all| all % one == 0).map(|all| all / one);
        if number.digits.unsigned_abs().saturating_mul(days.unsigned_abs()) <= one.unsigned_abs() {
            return Some(());
        }
        if !self.settings.first_said_of(span) {
            return None;
        }
        let title = format!("`{} {unit}` can be counted in two ways", figure(number));
        let mut fault = Diagnostic::error(codes::E0909, span, title, "to the minute, or to the end of the day?");
        if span != from.at {
            let what = if from.used == Used::Length {
                "it is the length of a deadline or a window"
            } else {
                "a time is moved by it"
            };
            fault = fault.because(from.at, format!("{what} here"));
        }
        let hours = counted(24 * days).map_or_else(|| "hours".to_owned(), |hours| format!("`{hours} h`"));
        let whole = counted(days);
        let days = whole.map_or_else(|| figure(number), |days| days.to_string());
        let working = if unit.starts_with("day") { format!(", `{days} working days`") } else { String::new() };
        self.fault(fault.help(match (from.used, from.setting) {
            (Used::Moved, _) => format!(
                "write {hours} (to the minute), or move the date: `date of x + {days} days` is a date, and `within {days} calendar days` a deadline to the end of the day"
            ),
            (Used::Length, true) => format!(
                "write {hours} (to the minute), or declare a number of days, `integer 0..{days} calendar days` or `working days` (day 0 is the day it starts, and the whole last day counts), and set `{days}`"
            ),
            (Used::Length, false) => format!(
                "write `{days} calendar days` (day 0 is the day it starts, and the whole last day counts){working}, or {hours} (to the minute)"
            ),
        }))
    }
}
