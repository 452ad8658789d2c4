//! What an example expects: a value, a verdict, or what is missing.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Due, Expectation, Expected, LateBy};
use crate::plan::{AnswerId, AnswerKind, DueBy, Needs, Op, Plan, Verdict};
use crate::syntax::spelling::near;
use crate::syntax::tree::{self, ExprKind, Name, Path};
use crate::text::Span;
use crate::types::events::days::Days;
use crate::types::expressions::choice::choice;
use crate::types::expressions::declared::verdict_type;
use crate::types::expressions::unknown::did_you_mean;
use crate::types::{Builder, Place};
use crate::values::calendar::show_date;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn expectation(&mut self, tree: &tree::Expectation) -> Option<Expectation> {
        let name = tree.name.text();
        let Some(answer) = answer_named(&self.plan, &name) else {
            if let Some(of) = self.names().get(&name).and_then(|symbol| self.is_of_event(symbol)) {
                let title = format!("`{name}` is said of one `{}`, and has no answer for a case", of.text());
                let fault = Diagnostic::error(codes::E0323, tree.name.span, title, "of which one?");
                return self.fault(
                    fault.help("expect something that is asked of the case, such as a definition that uses it"),
                );
            }
            if self.is_faulty(&tree.name) {
                return None; // said where it is declared
            }
            let near = near(&name, self.plan.answers.iter().map(|answer| answer.name.as_str()), 3);
            let title = format!("there is no answer `{name}`");
            let fault = Diagnostic::error(codes::E0303, tree.name.span, title, "not an answer");
            let fault = did_you_mean(fault, &near, tree.name.span);
            return self.fault(fault);
        };
        let kind = self.plan.answers.get(answer)?.kind.clone();
        let kind = match &kind {
            AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => {
                self.expected_value(&tree.kind, ty, tree.span)?
            }
            AnswerKind::Obligation(of) => self.expected_verdict(&tree.kind, (&name, of.due_by), tree.span)?,
        };
        Some(Expectation { answer, kind, span: tree.span })
    }

    /// Whether an answer is declared, and its declaration is faulty: of a clock or a path that is sound something answers.
    fn is_faulty(&self, name: &Path) -> bool {
        let Some(first) = name.parts.first() else { return false };
        let answers =
            |of: &str| of == first.node || of.strip_prefix(first.node.as_str()).is_some_and(|r| r.starts_with('.'));
        let declared = self.names().get(&first.node).is_some_and(|symbol| {
            matches!(
                symbol,
                Symbol::Define(_)
                    | Symbol::Table(_)
                    | Symbol::Output(..)
                    | Symbol::Obligation(_)
                    | Symbol::Clock(_)
                    | Symbol::Path(_)
            )
        });
        declared && !self.plan.answers.iter().any(|answer| answers(&answer.name))
    }

    fn expected_value(&mut self, tree: &tree::Expected, ty: &Type, span: Span) -> Option<Expected> {
        match tree {
            tree::Expected::Value(expr) if matches!(expr.kind, ExprKind::None) => Some(Expected::None),
            tree::Expected::Value(expr) => self.typed_constant(expr, ty).map(Expected::Value),
            tree::Expected::Unknown { range, one_of, needs } => {
                let range = match range {
                    Some((low, high)) => Some(self.range_of_constants(low, high, ty)?),
                    None => None,
                };
                let (mask, or_none) = self.possible(ty, one_of)?;
                let yes_no = *ty == Type::YesNo && mask.is_some();
                let range = range.or(mask.filter(|_| yes_no).map(|mask| (i64::from(mask == 2), i64::from(mask != 1))));
                let one_of = mask.filter(|_| !yes_no);
                Some(Expected::Unknown { range, one_of, or_none, needs: self.needs(needs.as_deref())? })
            }
            // A definition may give a verdict: `define outcome = review`.
            tree::Expected::Verdict { verdict, by: None, due: None, because: None } if *ty == verdict_type() => {
                self.verdict_called(verdict).map(|found| Expected::Value(found as i64))
            }
            tree::Expected::Verdict { .. } => {
                self.error(codes::E0911, span, "only an obligation has a verdict", "not an obligation")
            }
        }
    }

    fn range_of_constants(&mut self, low: &tree::Expr, high: &tree::Expr, ty: &Type) -> Option<(i64, i64)> {
        let (from, to) = (self.typed_constant(low, ty)?, self.typed_constant(high, ty)?);
        if from > to { self.ends_below_start(low.span.to(high.span)) } else { Some((from, to)) }
    }

    fn expected_verdict(&mut self, tree: &tree::Expected, of: (&str, DueBy), span: Span) -> Option<Expected> {
        match tree {
            tree::Expected::Unknown { one_of, needs, .. } => {
                let (one_of, _) = self.possible(&verdict_type(), one_of)?;
                Some(Expected::UnknownVerdict { one_of, needs: self.needs(needs.as_deref())? })
            }
            tree::Expected::Verdict { verdict, by, due, because } => {
                let found = self.verdict_called(verdict)?;
                let by = match by {
                    Some(by) => Some(self.expected_lateness(by, of)?),
                    None => None,
                };
                let due = match due {
                    Some(due) => Some(self.expected_due(due, of)?),
                    None => None,
                };
                Some(Expected::Verdict { verdict: found, by, due, because: because.clone() })
            }
            tree::Expected::Value(expr) => {
                let typed = self.expr(expr, Some(&verdict_type()), Place::default())?;
                if typed.ty != verdict_type() {
                    let title = format!("`{}` is an obligation, and what becomes of one is a verdict", of.0);
                    let fault = Diagnostic::error(codes::E0911, span, title, "not a verdict");
                    return self.fault(fault.help("write `met`, `late by …`, `missed`, `open`, `excused because …`, `not applicable` or `unknown`"));
                }
                let variant = self.constant(&typed, span)?;
                let verdict = usize::try_from(variant).ok().and_then(|v| Verdict::ALL.get(v).copied())?;
                Some(Expected::Verdict { verdict, by: None, due: None, because: None })
            }
        }
    }

    /// `late by 1 h 30 min`, or of what is due by a day `late by 1 calendar day`, `late by 2 working days`.
    fn expected_lateness(&mut self, by: &tree::Expr, (name, due_by): (&str, DueBy)) -> Option<LateBy> {
        let typed = self.expr(by, Some(&Type::Duration), Place::default())?;
        let days = match &typed.ty {
            Type::Number { places: 0, unit: Some(unit) } => Days::of(unit),
            _ => None,
        };
        let (fits, counted): (bool, fn(i64) -> LateBy) = match days {
            Some(Days::Calendar) => (due_by != DueBy::Instant, LateBy::CalendarDays),
            Some(Days::Working) => (matches!(due_by, DueBy::WorkingDay | DueBy::Part), LateBy::WorkingDays),
            Some(Days::Months) | None => {
                let typed = self.fit(typed, &Type::Duration, by.span)?;
                return self.constant(&typed, by.span).map(LateBy::Elapsed);
            }
        };
        let count = self.constant(&typed, by.span)?;
        if fits {
            return Some(counted(count));
        }
        let (title, help) = match due_by {
            DueBy::Instant => (format!("`{name}` is due at an instant, not by a day"), "write `late by 1 h 30 min`"),
            _ => (format!("the deadline of `{name}` does not count working days"), "write `late by 1 calendar day`"),
        };
        self.fault(Diagnostic::error(codes::E0925, by.span, title, "late by days of another kind").help(help))
    }

    /// `due 2026-01-29 10:00`, or of what is due by a day that day.
    fn expected_due(&mut self, due: &tree::Expr, (name, due_by): (&str, DueBy)) -> Option<Due> {
        let ExprKind::Date(_) = due.kind else { return self.given_instant(due).map(Due::At) };
        let day = self.typed_constant(due, &Type::Date)?;
        if due_by != DueBy::Instant {
            return Some(Due::On(day));
        }
        let title = format!("`{name}` is due at an instant, not by a day");
        let fault = Diagnostic::error(codes::E0925, due.span, title, "at which time?");
        self.fault(fault.help(format!("write the time as well: `due {} 10:00`", show_date(day))))
    }

    fn verdict_called(&mut self, name: &Name) -> Option<Verdict> {
        let found = Verdict::ALL.into_iter().find(|verdict| verdict.name() == name.node.replace('_', " "));
        found.or_else(|| {
            let title = format!("`{}` is not a verdict", name.node);
            self.error(codes::E0911, name.span, title, "not a verdict")
        })
    }

    /// The choices named as possible, if any were, and whether none is among them.
    fn possible(&mut self, ty: &Type, names: &[Name]) -> Option<(Option<u64>, bool)> {
        let (mut mask, mut or_none) = (None, false);
        for name in names {
            let bit = match (name.node.as_str(), ty) {
                ("none", _) => {
                    or_none = true;
                    continue;
                }
                ("no", Type::YesNo) => Some(0),
                ("yes", Type::YesNo) => Some(1),
                (said, _) => match choice(ty, &said.replace(' ', "_")).map(|(found, _)| found.expr.op) {
                    Some(Op::Choice(index)) => Some(index),
                    _ => None,
                },
            };
            let Some(bit) = bit else {
                let title = format!("`{}` is not a choice here", name.node);
                return self.error(codes::E0303, name.span, title, "not a choice");
            };
            mask = Some(mask.unwrap_or(0) | 1 << bit);
        }
        Some((mask, or_none))
    }

    fn needs(&mut self, paths: Option<&[Path]>) -> Option<Option<Needs>> {
        let Some(paths) = paths else {
            return Some(None);
        };
        let mut needs = 0;
        for path in paths {
            let name = path.text();
            let place = (0..self.plan.unknowns.len()).find(|place| self.plan.unknown_path(*place) == name);
            let Some(place) = place else {
                return self.error(
                    codes::E0303,
                    path.span,
                    format!("nothing that can be missing is called `{name}`"),
                    "nothing of that name",
                );
            };
            needs |= 1 << place;
        }
        Some(Some(needs))
    }
}

/// The answer of this name; a table with one output answers to `table` and to `table.output`.
fn answer_named(plan: &Plan, name: &str) -> Option<AnswerId> {
    let exact = plan.answers.position(|a| a.name == name);
    exact.or_else(|| {
        let (table, output) = name.split_once('.')?;
        plan.answers.position(|a| match &a.kind {
            AnswerKind::Output { step, cell, .. } => match plan.steps.get(*step) {
                Some(crate::plan::Step::Table(t)) => {
                    let column = t.output_cells.iter().position(|c| c == cell);
                    t.name == table && column.and_then(|c| t.outputs.get(c)).is_some_and(|o| o == output)
                }
                _ => false,
            },
            _ => false,
        })
    })
}
