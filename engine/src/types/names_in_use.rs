//! Names where they are used: what a path means at a place.

use super::{Builder, Place, Role, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{AnswerKind, Expr, Op, Shape, Verdict};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::Path;
use crate::text::Span;
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn path(&mut self, path: &Path, expected: Option<&Type>, place: Place) -> Option<Typed> {
        match path.parts.as_slice() {
            [name] => self.name(&name.node, path.span, expected, place),
            [first, second, rest @ ..] => match self.of_alias(&first.node, &second.node, place) {
                Some(typed) if rest.is_empty() => Some(typed),
                _ => match self.imported(path, place) {
                    Some(typed) => typed,
                    None if !rest.is_empty() => self.unknown_name(&text(path), path.span, place),
                    None if self.inlining.is_some() => self.inlined_member(path, place),
                    None => self.member(&first.node, &second.node, path, place),
                },
            },
            [] => None,
        }
    }

    fn name(&mut self, name: &str, span: Span, expected: Option<&Type>, place: Place) -> Option<Typed> {
        // Inside another package its facts come from the event, but a name means there what it means in the package alone.
        if self.inlining.is_none()
            && let Some(typed) = self.at_hand(name, place)
        {
            return Some(typed);
        }
        if let Some(variant) = expected.and_then(|ty| choice(ty, name)) {
            return Some(variant);
        }
        if let Some(symbol) = self.names.get(name) {
            return match (symbol, self.inlining) {
                (Symbol::Fact(_), Some(_)) => match self.at_hand(name, place) {
                    Some(fact) => Some(fact),
                    None => self.inlined(symbol, name, span, place),
                },
                (_, Some(_)) => self.inlined(symbol, name, span, place),
                (_, None) => self.symbol(symbol, name, span),
            };
        }
        let enums: Vec<usize> = self.names.enums_with(name).collect();
        if let [only] = enums.as_slice()
            && !matches!(expected, Some(Type::Enum { .. }))
        {
            return self.enums.get(*only).and_then(|ty| choice(ty, name));
        }
        if let Some(Type::Enum { name: wanted, variants, .. }) = expected {
            let near = nearest(name, variants.iter().map(String::as_str)).map(str::to_owned);
            let title = format!("`{name}` is not one of the choices of `{wanted}`");
            let choices = variants.join(", ");
            let mut fault =
                Diagnostic::error(codes::E0303, span, title, "not a choice").note(format!("the choices are {choices}"));
            if let Some(near) = near {
                fault = fault.help(format!("did you mean `{near}`?")).edit(span, near);
            }
            return self.fault(fault);
        }
        self.unknown_name(name, span, place)
    }

    pub(super) fn is_bare_variant(&self, path: &Path, place: Place) -> bool {
        let [name] = path.parts.as_slice() else {
            return false;
        };
        self.names.get(&name.node).is_none() && self.at_hand(&name.node, place).is_none()
    }

    fn symbol(&mut self, symbol: Symbol, name: &str, span: Span) -> Option<Typed> {
        match symbol {
            Symbol::Fact(index) => self.fact_value(index, name, span),
            Symbol::Parameter(index) if self.unbuilt_parameters.contains(&index) => None,
            Symbol::Parameter(index) if self.dated.contains_key(&index) => self.dated.get(&index).cloned(),
            Symbol::Parameter(index) => {
                let parameter = self.plan.parameters.get(index)?;
                Some(Typed {
                    expr: Expr { op: Op::Parameter(index), shape: parameter.shape },
                    ty: parameter.ty.clone(),
                })
            }
            Symbol::Define(index) => {
                let built = self.define(index, span)?;
                Some(Typed { expr: self.load(built.cell), ty: built.ty })
            }
            Symbol::Table(index) => {
                let outputs = self.table(index, span)?;
                let [only] = outputs.as_slice() else {
                    let table = self.names.tables.get(index)?;
                    let names: Vec<String> = table.outputs.iter().map(|o| format!("`{name}.{}`", o.node)).collect();
                    let fault =
                        Diagnostic::error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                    return self.fault(fault.help(format!("write {}", names.join(" or "))));
                };
                Some(Typed { expr: self.load(only.cell), ty: only.ty.clone() })
            }
            Symbol::Output(table, column) => {
                let outputs = self.table(table, span)?;
                let built = outputs.get(column)?;
                Some(Typed { expr: self.load(built.cell), ty: built.ty.clone() })
            }
            Symbol::Obligation(index) => self.verdict_of(index, span),
            Symbol::Event(_) => {
                let fault =
                    Diagnostic::error(codes::E0309, span, format!("`{name}` is an event, not a value"), "an event");
                self.fault(
                    fault.help(format!("ask something of it: `first {name}`, `count {name}`, `any {name} where …`")),
                )
            }
            Symbol::Enum(_) | Symbol::Measure(_) | Symbol::Clock(_) | Symbol::Path(_) | Symbol::Codes(_) => {
                let title = format!("`{name}` is {}, not a value", symbol.kind());
                self.error(codes::E0309, span, title, symbol.kind())
            }
        }
    }

    fn fact_value(&mut self, index: usize, name: &str, span: Span) -> Option<Typed> {
        match self.roles.get(index)? {
            Role::Input(place) => {
                let input = self.plan.subject.inputs.get(*place)?;
                Some(Typed { expr: Expr { op: Op::Input(*place), shape: input.shape }, ty: input.ty.clone() })
            }
            Role::Label(_) => {
                let title = format!("`{name}` labels the case; a rule does not look at it");
                self.error(codes::E0506, span, title, "text or organisation")
            }
            Role::Failed => None,
        }
    }

    /// The verdict of an obligation as a choice.
    fn verdict_of(&mut self, index: usize, span: Span) -> Option<Typed> {
        let answer = self.obligation(index, span)?;
        let AnswerKind::Obligation(obligation) = &self.plan.answers.get(answer)?.kind else {
            return None;
        };
        let expr = self.load(obligation.verdict);
        Some(Typed { expr, ty: verdict_type() })
    }

    fn member(&mut self, first: &str, second: &str, path: &Path, place: Place) -> Option<Typed> {
        match self.names.get(first) {
            Some(Symbol::Table(index))
                if self.table(index, path.span).is_some() && self.collected_cell(index, second).is_some() =>
            {
                let built = self.collected_cell(index, second)?;
                Some(Typed { expr: self.load(built.cell), ty: built.ty })
            }
            Some(Symbol::Table(index)) => {
                let tree = self.names.tables.get(index)?;
                let Some(column) = tree.outputs.iter().position(|o| o.node == second) else {
                    let near = nearest(second, tree.outputs.iter().map(|o| o.node.as_str()));
                    let title = format!("the table `{first}` has no output `{second}`");
                    let fault = Diagnostic::error(codes::E0303, path.span, title, "not an output");
                    return self.fault(match near {
                        Some(near) => fault.help(format!("did you mean `{first}.{near}`?")),
                        None => fault,
                    });
                };
                let built = self.table(index, path.span)?.get(column)?.clone();
                Some(Typed { expr: self.load(built.cell), ty: built.ty })
            }
            Some(Symbol::Clock(index)) => self.clock_value(index, second, path.span),
            Some(Symbol::Path(index)) => self.path_value(index, second, path.span),
            Some(Symbol::Enum(index)) => {
                let ty = self.enums.get(index)?.clone();
                match choice(&ty, second) {
                    Some(variant) => Some(variant),
                    None => self.error(
                        codes::E0303,
                        path.span,
                        format!("`{first}` has no choice `{second}`"),
                        "not a choice",
                    ),
                }
            }
            _ => self.unknown_name(&text(path), path.span, place),
        }
    }

    fn unknown_name(&mut self, name: &str, span: Span, place: Place) -> Option<Typed> {
        if self.kinds_from(place).any(|kind| self.carries_unread(kind)) {
            return None; // may be a fact of a package that cannot be used, which is said where it is used
        }
        let fields = self.names_at_hand(place);
        let variants = self.names.enums.iter().flat_map(|e| &e.variants).map(|(name, _)| name.node.as_str());
        let near =
            nearest(name, self.names.all().chain(fields.iter().map(String::as_str)).chain(variants)).map(str::to_owned);
        let mut fault =
            Diagnostic::error(codes::E0303, span, format!("nothing here is called `{name}`"), "not declared");
        if let Some(near) = near {
            fault = fault.help(format!("did you mean `{near}`?")).edit(span, near);
        } else {
            fault = fault.help("declare it as a fact, a define, a table or a parameter, or correct the name");
        }
        self.fault(fault)
    }

    pub(super) fn circle<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let fault = Diagnostic::error(
            codes::E0304,
            span,
            format!("`{name}` hangs on itself"),
            "asked for while it is being worked out",
        );
        self.fault(fault.help("follow the names from here: one of them leads back; break the circle"))
    }

    pub(super) fn define(&mut self, index: usize, asked_at: Span) -> Option<super::BuiltCell> {
        let tree = *self.names.defines.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(
            |b| &mut b.defines,
            index,
            at,
            |b| {
                let typed = b.expr(&tree.expr, None, Place::default())?;
                Some(super::BuiltCell { cell: b.store(typed.expr), ty: typed.ty })
            },
        )
    }
}

/// A choice of an enum by name.
pub(super) fn choice(ty: &Type, name: &str) -> Option<Typed> {
    let Type::Enum { variants, .. } = ty else {
        return None;
    };
    let index = variants.iter().position(|v| v == name)?;
    let variant = u8::try_from(index).ok()?;
    let shape = Shape::set(i64::try_from(variants.len()).unwrap_or(63));
    Some(Typed { expr: Expr { op: Op::Choice(variant), shape }, ty: ty.clone() })
}

/// The verdicts as an enum, so that rules can speak of them.
pub(super) fn verdict_type() -> Type {
    let variants: Vec<String> = Verdict::ALL.iter().map(|v| v.name().replace(' ', "_")).collect();
    let labels = vec![None; variants.len()];
    Type::Enum { name: "verdict".to_owned(), variants, labels }
}

fn text(path: &Path) -> String {
    path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join(".")
}
