//! Whether a value lies in a range, is one of several, stands in a code list, or is none.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{Expr, Id, ListId, Op};
use crate::syntax::tree::{self, Comparison, Name, Path};
use crate::text::Span;
use crate::types::expressions::terms::{not, yes_no};
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    pub(super) fn in_range(
        &mut self,
        value: &tree::Expr,
        low: &tree::Expr,
        high: &tree::Expr,
        place: Place,
    ) -> Option<Typed> {
        let from = self.compare(Comparison::GreaterOrEqual, value, low, place)?;
        let to = self.compare(Comparison::LessOrEqual, value, high, place)?;
        let expr = match (from.expr.op, to.expr.op) {
            (Op::Within(x, from, _), Op::Within(_, _, to)) => yes_no(Op::Within(x, from, to)),
            (a, b) => yes_no(Op::And(vec![yes_no(a), yes_no(b)])),
        };
        Some(Typed { expr, ty: Type::YesNo })
    }

    pub(super) fn one_of(&mut self, value: &tree::Expr, options: &[tree::Expr], place: Place) -> Option<Typed> {
        let mut items = Vec::new();
        for option in options {
            items.push(self.compare(Comparison::Equal, value, option, place)?.expr);
        }
        let masks: Option<u64> =
            items.iter().map(|e| if let Op::OneOf(_, mask) = e.op { Some(mask) } else { None }).sum();
        if let (Some(_), Some(Expr { op: Op::OneOf(x, _), .. })) = (masks, items.first()) {
            let mask = items.iter().fold(0, |mask, e| if let Op::OneOf(_, m) = e.op { mask | m } else { mask });
            return Some(Typed { expr: yes_no(Op::OneOf(x.clone(), mask)), ty: Type::YesNo });
        }
        Some(Typed { expr: yes_no(Op::Or(items)), ty: Type::YesNo })
    }

    pub(in crate::types) fn is_none(&mut self, value: &tree::Expr, negated: bool, place: Place) -> Option<Typed> {
        let typed = self.expr(value, None, place)?;
        if !typed.expr.shape.optional {
            let fault = Diagnostic::error(codes::E0508, value.span, "this can never be none", "always has a value");
            return self.fault(fault.help("declare the fact `optional` if it can be recorded as none; a fact that is merely missing is unknown, not none"));
        }
        let is_none = yes_no(Op::IsNone(Box::new(typed.expr)));
        Some(Typed { expr: if negated { not(is_none) } else { is_none }, ty: Type::YesNo })
    }

    /// A code list by its name.
    pub(in crate::types) fn list_called(&mut self, path: &Path) -> Option<ListId> {
        let list = match (path.parts.as_slice(), self.context.inlining()) {
            ([name], Some(within)) => self.imported_list(within.package, &name.node),
            ([name], None) => self.own_list(name, path.span),
            ([alias, name], _) => match self.context.import_called(&alias.node) {
                // Where the package cannot be used, that is said at the `use`.
                Some(import) => self.imported_list(import.package?, &name.node),
                None => None,
            },
            _ => None,
        };
        list.or_else(|| self.reader().no_list(path))
    }

    fn own_list(&mut self, name: &Name, span: Span) -> Option<ListId> {
        let Some(symbol @ Symbol::Codes(list)) = self.names().get(&name.node) else { return None };
        self.mention(span, symbol);
        Some(ListId::at(list))
    }

    /// `x in code_list`
    pub(super) fn in_list(&mut self, value: &tree::Expr, path: &Path, place: Place) -> Option<Typed> {
        let typed = self.expr(value, Some(&Type::Code), place)?;
        let list = self.list_called(path)?;
        if typed.ty != Type::Code {
            return self.wrong_type(&typed.ty, &Type::Code, value.span);
        }
        Some(Typed { expr: yes_no(Op::InList(Box::new(typed.expr), list)), ty: Type::YesNo })
    }
}
