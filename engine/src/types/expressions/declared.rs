//! What a declared name comes to: the declaration is built when it is first asked for.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{AnswerKind, Expr, Id, Op, ParameterId, Verdict};
use crate::syntax::spelling::nearest;
use crate::syntax::tree::{self, Path};
use crate::text::Span;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::choice::choice;
use crate::types::package::subject::Role;
use crate::types::{Builder, BuiltCell, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    pub(in crate::types) fn symbol(&mut self, symbol: Symbol, name: &str, span: Span) -> Option<Typed> {
        match symbol {
            Symbol::Fact(index) => self.fact_value(index, name, span),
            Symbol::Parameter(index) => {
                let index = ParameterId::at(index);
                if self.settings.is_unbuilt(index) {
                    return None;
                }
                if let Some(dated) = self.settings.dated(index) {
                    return Some(dated.clone());
                }
                let parameter = self.plan.parameters.get(index)?;
                Some(Typed {
                    expr: Expr { op: Op::Parameter(index), shape: parameter.shape },
                    ty: parameter.ty.clone(),
                })
            }
            Symbol::Define(index) => {
                let built = self.define(index, span)?;
                Some(Typed { expr: self.plan.load(built.cell), ty: built.ty })
            }
            Symbol::Table(index) => {
                let outputs = self.table(index, span)?;
                let [only] = outputs.as_slice() else {
                    let table = self.names().tables.get(index)?;
                    let names: Vec<String> = table.outputs.iter().map(|o| format!("`{name}.{}`", o.node)).collect();
                    let fault =
                        Diagnostic::error(codes::E0308, span, format!("`{name}` has several outputs"), "which one?");
                    return self.fault(fault.help(format!("write {}", names.join(" or "))));
                };
                Some(Typed { expr: self.plan.load(only.cell), ty: only.ty.clone() })
            }
            Symbol::Output(table, column) => {
                let outputs = self.table(table, span)?;
                let built = outputs.get(column)?;
                Some(Typed { expr: self.plan.load(built.cell), ty: built.ty.clone() })
            }
            Symbol::Obligation(index) => self.verdict_of(index, span),
            Symbol::Event(_) | Symbol::Events(_) => {
                let what = symbol.kind();
                let fault = Diagnostic::error(codes::E0309, span, format!("`{name}` is {what}, not a value"), what);
                self.fault(fault.help(format!("use a query: `first {name}`, `count {name}`, `any {name} where …`")))
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
                let title = format!("`{name}` is a label; rules cannot use labels");
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
        let expr = self.plan.load(obligation.verdict);
        Some(Typed { expr, ty: verdict_type() })
    }

    /// Something that is asked of a declaration: an output of a table, the state of a clock, a choice of an enum.
    pub(super) fn part(&mut self, first: &str, second: &str, path: &Path, place: Place) -> Option<(Typed, Meaning)> {
        let Some(symbol) = self.names().get(first) else {
            return self.unknown_name(&path.text(), path.span, place);
        };
        let typed = match symbol {
            Symbol::Table(index) if self.is_of_event(symbol).is_some() => {
                let tree = self.names().tables.get(index)?;
                let Some(column) = tree.outputs.iter().position(|output| output.node == second) else {
                    let title = format!("the table `{first}` has no output `{second}`");
                    return self.error(codes::E0303, path.span, title, "not an output");
                };
                return self.of_event(Symbol::Output(index, column), (first, path.span), place)?;
            }
            Symbol::Table(index) => return self.output(index, first, second, path),
            Symbol::Clock(index) => self.clock_value(index, second, path.span)?,
            Symbol::Path(index) => self.path_value(index, second, path.span)?,
            Symbol::Enum(index) => {
                let ty = self.context.enums().get(index)?;
                let title = || format!("`{first}` has no choice `{second}`");
                return choice(ty, second).or_else(|| self.error(codes::E0303, path.span, title(), "not a choice"));
            }
            _ => return self.unknown_name(&path.text(), path.span, place),
        };
        Some((typed, Meaning::Declared(symbol)))
    }

    fn output(&mut self, table: usize, first: &str, second: &str, path: &Path) -> Option<(Typed, Meaning)> {
        let outputs = self.table(table, path.span);
        if outputs.is_some()
            && let Some(built) = self.collected_cell(table, second)
        {
            let typed = Typed { expr: self.plan.load(built.cell), ty: built.ty };
            return Some((typed, Meaning::Declared(Symbol::Table(table))));
        }
        let tree = self.names().tables.get(table)?;
        let Some(column) = tree.outputs.iter().position(|o| o.node == second) else {
            let near = nearest(second, tree.outputs.iter().map(|o| o.node.as_str()));
            let title = format!("the table `{first}` has no output `{second}`");
            let fault = Diagnostic::error(codes::E0303, path.span, title, "not an output");
            return self.fault(match near {
                Some(near) => fault.help(format!("did you mean `{first}.{near}`?")),
                None => fault,
            });
        };
        let built = outputs?.get(column)?.clone();
        let typed = Typed { expr: self.plan.load(built.cell), ty: built.ty };
        Some((typed, Meaning::Declared(Symbol::Output(table, column))))
    }

    pub(in crate::types) fn define(&mut self, index: usize, asked_at: Span) -> Option<BuiltCell> {
        let tree = *self.names().defines.get(index)?;
        let at = (tree.name.node.as_str(), asked_at);
        self.once(|b| &mut b.defines, index, at, |b| b.build_define(tree))
    }

    fn build_define(&mut self, tree: &tree::Define) -> Option<BuiltCell> {
        let typed = self.expr(&tree.expr, None, Place::default())?;
        Some(BuiltCell { cell: self.plan.store(typed.expr), ty: typed.ty })
    }
}

/// The verdicts as an enum, so that rules can speak of them.
pub(in crate::types) fn verdict_type() -> Type {
    let variants: Vec<String> = Verdict::ALL.iter().map(|v| v.name().replace(' ', "_")).collect();
    let labels = vec![None; variants.len()];
    Type::Enum { name: "verdict".to_owned(), variants, labels, points: None }
}
