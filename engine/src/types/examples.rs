//! Examples: a case in the author's words, and what must come of it.

use super::names_in_use::verdict_type;
use super::{Builder, Place, Role};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::case::{Case, Datum, Occurrence};
use crate::plan::library::{Example, Expectation, Expected};
use crate::plan::{AnswerKind, Class, Contract, Input, Needs, Op, Plan, Verdict};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, ExprKind, Given, Name, Path};
use crate::text::Span;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn examples(&mut self) {
        for tree in self.names.examples.clone() {
            if let Some(example) = self.example(tree) {
                self.plan.examples.push(example);
            }
        }
    }

    /// Reads one example; also used for the cases beside a rule.
    pub(super) fn example(&mut self, tree: &tree::Example) -> Option<Example> {
        let mut case = Case {
            facts: vec![Datum::Missing; self.plan.subject.inputs.len()],
            labels: vec![None; self.plan.subject.labels.len()],
            ..Case::default()
        };
        let mut settings = Vec::new();
        let mut as_of = None;
        let mut whole = true;
        for given in &tree.given {
            whole &= match given {
                Given::Fact { name, value } => self.given_fact(&mut case, name, value),
                Given::Event { name, at, fields, .. } => self.given_event(&mut case, name, at.as_ref(), fields),
                Given::NotSupplied(name) => self.given_kind(name).map(|kind| case.not_supplied |= 1 << kind),
                Given::AsOf(expr) => self.given_instant(expr).map(|at| as_of = Some(at)),
                Given::Parameter { name, value } => self.given_setting(name, value).map(|s| settings.push(s)),
            }
            .is_some();
        }
        if as_of.is_none() && self.plan.subject.uses_as_of {
            let fault =
                Diagnostic::error(codes::E0910, tree.name.span, "the example does not say as of when", "no `as of`");
            return self.fault(fault.help(
                "add a line such as `as of 2026-01-05 12:00`: an open obligation and a missed one differ only in this",
            ));
        }
        case.as_of = as_of.unwrap_or(0);
        case.sort_events();
        let mut expect = Vec::new();
        for expectation in &tree.expect {
            let read = self.expectation(expectation);
            whole &= read.is_some();
            expect.extend(read);
        }
        whole.then(|| Example { name: tree.name.node.clone(), case, settings, expect, span: tree.span })
    }

    fn given_fact(&mut self, case: &mut Case, name: &Name, value: &tree::Expr) -> Option<()> {
        let Some(Symbol::Fact(index)) = self.names.get(&name.node) else {
            let known = self.names.subject.iter().flat_map(|s| &s.facts).map(|f| f.name.node.as_str());
            let near = nearest(&name.node, known).map(str::to_owned);
            let fault = Diagnostic::error(
                codes::E0303,
                name.span,
                format!("the subject has no fact `{}`", name.node),
                "not declared",
            );
            return self.fault(match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")).edit(name.span, near),
                None => fault,
            });
        };
        match *self.roles.get(index)? {
            Role::Failed => None,
            Role::Label(label) => {
                let text = match &value.kind {
                    ExprKind::Text(text) => text.clone(),
                    ExprKind::Path(path) => path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join("."),
                    _ => {
                        return self.error(codes::E0503, value.span, "text belongs here", "not text");
                    }
                };
                *case.labels.get_mut(label)? = Some(text);
                Some(())
            }
            Role::Input(input) => {
                let declared = self.plan.subject.inputs.get(input)?.clone();
                let datum = self.datum(&declared, value)?;
                *case.facts.get_mut(input)? = datum;
                Some(())
            }
        }
    }

    fn datum(&mut self, input: &Input, value: &tree::Expr) -> Option<Datum> {
        if matches!(value.kind, ExprKind::None) {
            if !input.shape.optional {
                let title = format!("`{}` cannot be recorded as none", input.name);
                let fault = Diagnostic::error(codes::E0508, value.span, title, "never none");
                return self.fault(fault.help("leave the fact out if it was not supplied, or declare it `optional`"));
            }
            return Some(Datum::None);
        }
        let known = self.typed_constant(value, &input.ty)?;
        let shape = input.shape;
        if shape.class == Class::Range && !(shape.low..=shape.high).contains(&known) {
            let title = format!(
                "`{}` is declared between {} and {}",
                input.name,
                input.ty.show(shape.low),
                input.ty.show(shape.high)
            );
            return self.error(codes::E0610, value.span, title, "outside the declared range");
        }
        Some(Datum::Known(known))
    }

    fn typed_constant(&mut self, value: &tree::Expr, ty: &Type) -> Option<i64> {
        let typed = self.expr(value, Some(ty), Place::default())?;
        let typed = self.fit(typed, ty, value.span)?;
        self.constant(&typed, value.span)
    }

    fn given_instant(&mut self, expr: &tree::Expr) -> Option<i64> {
        self.typed_constant(expr, &Type::Instant)
    }

    fn given_kind(&mut self, name: &Name) -> Option<usize> {
        if let Some(Symbol::Event(kind)) = self.names.get(&name.node) {
            return Some(kind);
        }
        let near = nearest(&name.node, self.plan.subject.events.iter().map(|e| e.name.as_str())).map(str::to_owned);
        let fault =
            Diagnostic::error(codes::E0311, name.span, format!("there is no event `{}`", name.node), "not declared");
        self.fault(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")).edit(name.span, near),
            None => fault,
        })
    }

    fn given_event(
        &mut self,
        case: &mut Case,
        name: &Name,
        at: Option<&tree::Expr>,
        given: &[(Name, tree::Expr)],
    ) -> Option<()> {
        let kind = self.given_kind(name)?;
        let at = match at {
            Some(at) => Some(self.given_instant(at)?),
            None => None,
        };
        let declared = self.plan.subject.events.get(kind)?.fields.clone();
        let mut fields = vec![Datum::Missing; declared.len()];
        for (field, value) in given {
            let Some(index) = declared.iter().position(|f| f.name == field.node) else {
                let title = format!("`{}` has no field `{}`", name.node, field.node);
                return self.error(codes::E0303, field.span, title, "not declared");
            };
            *fields.get_mut(index)? = self.datum(declared.get(index)?, value)?;
        }
        case.events.push(Occurrence { kind, at, fields });
        Some(())
    }

    fn given_setting(&mut self, name: &Name, value: &tree::Expr) -> Option<(usize, i64)> {
        let Some(Symbol::Parameter(index)) = self.names.get(&name.node) else {
            return self.error(
                codes::E0303,
                name.span,
                format!("there is no parameter `{}`", name.node),
                "not declared",
            );
        };
        let (ty, contract) = self.plan.parameters.get(index).map(|p| (p.ty.clone(), p.contract))?;
        let set = self.typed_constant(value, &ty)?;
        let allowed = match contract {
            Contract::Fixed => "nobody may set it".to_owned(),
            Contract::Within(low, high) if (low..=high).contains(&set) => return Some((index, set)),
            Contract::Within(low, high) => format!("between {} and {}", ty.show(low), ty.show(high)),
        };
        let title = format!("no member may set `{}` to {}", name.node, ty.show(set));
        self.error(codes::E0804, value.span, title, allowed)
    }

    fn expectation(&mut self, tree: &tree::Expectation) -> Option<Expectation> {
        let name = tree.name.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
        let Some(answer) = answer_named(&self.plan, &name) else {
            if self
                .names
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
                    Some((low, high)) => Some((self.typed_constant(low, ty)?, self.typed_constant(high, ty)?)),
                    None => None,
                };
                let (mask, or_none) = self.possible(ty, one_of)?;
                let yes_no = *ty == Type::YesNo && mask.is_some();
                let range = range.or(mask.filter(|_| yes_no).map(|mask| (i64::from(mask == 2), i64::from(mask != 1))));
                let one_of = mask.filter(|_| !yes_no);
                Some(Expected::Unknown { range, one_of, or_none, needs: self.needs(needs.as_deref())? })
            }
            tree::Expected::Verdict { .. } => self.error(
                codes::E0911,
                span,
                "a verdict is expected of something that is not an obligation",
                "not an obligation",
            ),
        }
    }

    fn expected_verdict(&mut self, tree: &tree::Expected, span: Span) -> Option<Expected> {
        match tree {
            tree::Expected::Unknown { one_of, needs, .. } => {
                let (one_of, _) = self.possible(&verdict_type(), one_of)?;
                Some(Expected::UnknownVerdict { one_of, needs: self.needs(needs.as_deref())? })
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
                (said, _) => {
                    match super::names_in_use::choice(ty, &said.replace(' ', "_")).map(|found| found.expr.op) {
                        Some(Op::Choice(index)) => Some(index),
                        _ => None,
                    }
                }
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
            let name = path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".");
            let place = (0..self.plan.unknowns.len()).find(|place| self.plan.unknown_path(*place) == name);
            let Some(place) = place else {
                return self.error(
                    codes::E0303,
                    path.span,
                    format!("nothing that can be missing is called `{name}`"),
                    "not known",
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
