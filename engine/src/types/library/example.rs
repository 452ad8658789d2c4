//! Examples: a case in the author's words, and what must come of it.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::case::{Case, Datum, Occurrence, When};
use crate::plan::library::Example;
use crate::plan::{Contract, Id, KindId, Kinds, ParameterId};
use crate::syntax::spelling::near;
use crate::syntax::tree::{self, ExprKind, Given, Name, Supplied};
use crate::text::Span;
use crate::types::Builder;
use crate::types::expressions::unknown::did_you_mean;
use crate::types::package::subject::Role;
use crate::values::codes::Codes;
use crate::values::types::Type;

impl Builder<'_> {
    /// Reads examples: those of the rule file, or the cases beside it.
    pub(in crate::types) fn examples<'t>(
        &mut self,
        trees: impl IntoIterator<Item = &'t tree::Example>,
    ) -> Vec<Example> {
        let read = |tree: &tree::Example| {
            self.coding.example = Some(Codes::default());
            let example = self.example(tree);
            let codes = self.coding.example.take()?;
            let mut example = example?;
            example.case.codes = codes;
            Some(example)
        };
        trees.into_iter().filter_map(read).collect()
    }

    fn example(&mut self, tree: &tree::Example) -> Option<Example> {
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
                Given::Fact { name, supplied } => self.given_fact(&mut case, name, supplied),
                Given::Event { name, at, fields, .. } => self.given_event(&mut case, name, at.as_ref(), fields),
                Given::NotSupplied(name) => self.given_kind(name).map(|kind| case.not_supplied |= Kinds::one(kind).0),
                Given::Like(_) => Some(()), // written out when the file was read
                Given::AsOf(expr) => self.given_instant(expr).map(|at| as_of = Some(at)),
                Given::Parameter { name, value } => self.given_setting(name, value).map(|s| settings.push(s)),
            }
            .is_some();
        }
        if as_of.is_none() && self.plan.subject.uses_as_of {
            let fault =
                Diagnostic::error(codes::E0910, tree.name.span, "the example does not say as of when", "no `as of`");
            return self.fault(fault.help(
                "add a line such as `as of 2026-01-05 12:00`: only this tells an open obligation from a missed one",
            ));
        }
        case.as_of = as_of.unwrap_or(0);
        case.sort_events(&self.plan.subject);
        let mut expect = Vec::new();
        for expectation in &tree.expect {
            let read = self.expectation(expectation);
            whole &= read.is_some();
            expect.extend(read);
        }
        whole.then(|| Example { name: tree.name.node.clone(), case, settings, expect, span: tree.span })
    }

    fn given_fact(&mut self, case: &mut Case, name: &Name, supplied: &Supplied) -> Option<()> {
        let Some(Symbol::Fact(index)) = self.names().get(&name.node) else {
            let known = self.names().subject.iter().flat_map(|s| &s.facts).map(|f| f.name.node.as_str());
            let near = near(&name.node, known, 3);
            if let Some(Symbol::Event(_)) = self.names().get(&name.node) {
                return self.event_without_at(name, supplied);
            }
            let fault = Diagnostic::error(
                codes::E0303,
                name.span,
                format!("the subject has no fact `{}`", name.node),
                "not declared",
            );
            return self.fault(did_you_mean(fault, &near, name.span));
        };
        self.mention(name.span, Symbol::Fact(index));
        match *self.roles.get(index)? {
            Role::Failed => None,
            Role::Label(label) => {
                let kind = if let Supplied::Value(value) = supplied { Some(&value.kind) } else { None };
                let text = match kind {
                    Some(ExprKind::Text(text)) => text.clone(),
                    Some(ExprKind::Path(path)) => path.text(),
                    _ => return self.error(codes::E0503, supplied.span(), "text belongs here", "not text"),
                };
                *case.labels.get_mut(label.place())? = Some(text);
                Some(())
            }
            Role::Input(input) => {
                let declared = self.plan.subject.inputs.get(input)?.clone();
                let datum = self.datum(&declared, supplied)?;
                *case.facts.get_mut(input.place())? = datum;
                Some(())
            }
        }
    }

    /// `Shift 2026-02-01 10:00`, where the event is written `Shift at …`.
    fn event_without_at(&mut self, name: &Name, supplied: &Supplied) -> Option<()> {
        let event = &name.node;
        let title = format!("`{event}` is an event: when it was stands after `at`");
        let fault = Diagnostic::error(codes::E0303, name.span, title, "no fact");
        let place = supplied.span();
        let moment = matches!(supplied, Supplied::Value(value) if matches!(value.kind, ExprKind::DateTime { .. } | ExprKind::Date(_)));
        self.fault(if moment {
            let before = Span { end: place.start, ..place };
            fault.help(format!("write `{event} at {}`", self.context.words(place))).edit(before, "at ")
        } else {
            fault.help(format!("write `{event} at 2026-02-01 10:00`, or `{event} not supplied` where it was not told"))
        })
    }

    pub(super) fn given_instant(&mut self, expr: &tree::Expr) -> Option<i64> {
        self.typed_constant(expr, &Type::Instant)
    }

    fn given_kind(&mut self, name: &Name) -> Option<KindId> {
        if let Some(symbol @ Symbol::Event(kind)) = self.names().get(&name.node) {
            self.mention(name.span, symbol);
            return Some(KindId::at(kind));
        }
        let events = self.plan.subject.events.iter().map(|event| event.name.as_str());
        let near = near(&name.node, events, 3);
        let title = format!("there is no event `{}`", name.node);
        let fault = did_you_mean(Diagnostic::error(codes::E0311, name.span, title, "not declared"), &near, name.span);
        self.fault(fault)
    }

    fn given_event(
        &mut self,
        case: &mut Case,
        name: &Name,
        at: Option<&Supplied>,
        given: &[(Name, Supplied)],
    ) -> Option<()> {
        let kind = self.given_kind(name)?;
        let at = match at {
            Some(at) => self.when(at)?,
            None => When::Unknown,
        };
        let declared = self.plan.subject.events.get(kind)?.fields.clone();
        let mut fields = vec![Datum::Missing; declared.len()];
        for (field, value) in given {
            let Some(index) = declared.position(|f| f.name == field.node) else {
                if self.carries_unread(kind) || self.is_faulty_field(kind, &field.node) {
                    return None; // said where the package is used
                }
                let title = format!("`{}` has no field `{}`", name.node, field.node);
                return self.error(codes::E0303, field.span, title, "not declared");
            };
            *fields.get_mut(index.place())? = self.datum(declared.get(index)?, value)?;
        }
        self.no_end_before_start(kind, at, &fields, name)?;
        case.events.push(Occurrence { kind, at, fields });
        Some(())
    }

    fn given_setting(&mut self, name: &Name, value: &tree::Expr) -> Option<(ParameterId, i64)> {
        let Some(Symbol::Parameter(index)) = self.names().get(&name.node) else {
            return self.error(
                codes::E0303,
                name.span,
                format!("there is no parameter `{}`", name.node),
                "not declared",
            );
        };
        self.mention(name.span, Symbol::Parameter(index));
        let index = ParameterId::at(index);
        if self.settings.is_unbuilt(index) {
            return None; // said where it is declared
        }
        let (ty, contract) = self.plan.parameters.get(index).map(|p| (p.ty.clone(), p.contract))?;
        let set = self.typed_constant(value, &ty)?;
        self.one_kind_of_days_set(index, value)?;
        let allowed = match contract {
            Contract::Fixed => "nobody may set it".to_owned(),
            Contract::Within(low, high) if (low..=high).contains(&set) => return Some((index, set)),
            Contract::Within(low, high) => format!("between {} and {}", ty.show(low), ty.show(high)),
        };
        let title = format!("no member may set `{}` to {}", name.node, ty.show(set));
        self.error(codes::E0804, value.span, title, allowed)
    }
}
