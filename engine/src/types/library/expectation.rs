//! What an example expects: a value, a verdict, or what is missing.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Expectation, Expected};
use crate::plan::{AnswerKind, Needs, Op, Plan, Unknown, Verdict};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, ExprKind, Path};
use crate::text::Span;
use crate::types::expressions::declared::verdict_type;
use crate::types::expressions::name::choice;
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn expectation(&mut self, tree: &tree::Expectation) -> Option<Expectation> {
        let name = tree.name.text();
        let Some(answer) = answer_named(&self.plan, &name) else {
            if self
                .names()
                .get(&name)
                .is_some_and(|known| matches!(known, Symbol::Define(_) | Symbol::Table(_) | Symbol::Obligation(_)))
            {
                return None; // declared and faulty: said where it is declared
            }
            let near = nearest(&name, self.plan.answers.iter().map(|a| a.name.as_str())).map(str::to_owned);
            let fault = Diagnostic::error(
                codes::E0303,
                tree.name.span,
                format!("there is no answer `{name}`"),
                "not an answer",
            );
            return self.fault(match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")).edit(tree.name.span, near),
                None => fault,
            });
        };
        let kind = self.plan.answers.get(answer)?.kind.clone();
        let kind = match &kind {
            AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => {
                self.expected_value(&tree.kind, ty, tree.span)?
            }
            AnswerKind::Obligation(_) => self.expected_verdict(&tree.kind, tree.span)?,
        };
        Some(Expectation { answer, kind, span: tree.span })
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
                let mut mask = 0;
                for name in one_of {
                    let Some((variant, _)) = choice(ty, &name.node) else {
                        return self.error(
                            codes::E0303,
                            name.span,
                            format!("`{}` is not a choice here", name.node),
                            "not a choice",
                        );
                    };
                    if let Op::Choice(index) = variant.expr.op {
                        mask |= 1 << index;
                    }
                }
                let one_of = (!one_of.is_empty()).then_some(mask);
                Some(Expected::Unknown { range, one_of, needs: self.needs(needs.as_deref())? })
            }
            tree::Expected::Verdict { .. } => {
                self.error(codes::E0911, span, "only an obligation has a verdict", "not an obligation")
            }
        }
    }

    fn range_of_constants(&mut self, low: &tree::Expr, high: &tree::Expr, ty: &Type) -> Option<(i64, i64)> {
        let (from, to) = (self.typed_constant(low, ty)?, self.typed_constant(high, ty)?);
        if from > to {
            let span = low.span.to(high.span);
            let fault = Diagnostic::error(codes::E0603, span, "the range ends below its start", "no value lies in it");
            return self.fault(fault.help("write the lower end first"));
        }
        Some((from, to))
    }

    fn expected_verdict(&mut self, tree: &tree::Expected, span: Span) -> Option<Expected> {
        match tree {
            tree::Expected::Unknown { needs, .. } => {
                Some(Expected::UnknownVerdict { needs: self.needs(needs.as_deref())? })
            }
            tree::Expected::Verdict { verdict, by, due, because } => {
                let Some(found) = Verdict::ALL.into_iter().find(|v| v.name() == verdict.node.replace('_', " ")) else {
                    return self.error(
                        codes::E0911,
                        verdict.span,
                        format!("`{}` is not a verdict", verdict.node),
                        "not a verdict",
                    );
                };
                let by = match by {
                    Some(by) => Some(self.typed_constant(by, &Type::Duration)?),
                    None => None,
                };
                let due = match due {
                    Some(due) => Some(self.given_instant(due)?),
                    None => None,
                };
                Some(Expected::Verdict { verdict: found, by, due, because: because.clone() })
            }
            tree::Expected::Value(expr) => {
                let typed = self.expr(expr, Some(&verdict_type()), Place::default())?;
                let variant = self.constant(&typed, span)?;
                let verdict = usize::try_from(variant).ok().and_then(|v| Verdict::ALL.get(v).copied())?;
                Some(Expected::Verdict { verdict, by: None, due: None, because: None })
            }
        }
    }

    fn needs(&mut self, paths: Option<&[Path]>) -> Option<Option<Needs>> {
        let Some(paths) = paths else {
            return Some(None);
        };
        let mut needs = 0;
        for path in paths {
            let name = path.text();
            let place = (0..self.plan.unknowns.len()).find(|place| unknown_path(&self.plan, *place) == name);
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
fn answer_named(plan: &Plan, name: &str) -> Option<usize> {
    let exact = plan.answers.iter().position(|a| a.name == name);
    exact.or_else(|| {
        let (table, output) = name.split_once('.')?;
        plan.answers.iter().position(|a| match &a.kind {
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

/// How an example names what is missing: `spo2`, `Antibiotics.route`, `Antibiotics.at`, `Antibiotics`.
fn unknown_path(plan: &Plan, place: usize) -> String {
    let event = |kind: usize| plan.subject.events.get(kind).map_or(String::new(), |e| e.name.clone());
    match plan.unknowns.get(place) {
        Some(Unknown::Fact(index)) => plan.subject.inputs.get(*index).map_or(String::new(), |i| i.name.clone()),
        Some(Unknown::Field(kind, field)) => {
            let field = plan.subject.events.get(*kind).and_then(|e| e.fields.get(*field));
            format!("{}.{}", event(*kind), field.map_or("", |f| &f.name))
        }
        Some(Unknown::Time(kind)) => format!("{}.at", event(*kind)),
        Some(Unknown::Events(kind)) => event(*kind),
        Some(Unknown::Parameter(index)) => plan.parameters.get(*index).map_or(String::new(), |p| p.name.clone()),
        None => String::new(),
    }
}
