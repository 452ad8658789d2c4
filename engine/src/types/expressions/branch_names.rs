//! `if age < 16 then child else adult`: names of answers that nothing declares. A `choose` and a table have such answers, and an `if` has none.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::newcomers::{meant_by, number_in_words};
use crate::syntax::tree::{self, ExprKind};
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// Reports an `if` whose answers are all names that nothing here has.
    pub(super) fn answers_without_enum(
        &mut self,
        condition: &tree::Expr,
        (then, otherwise): (&tree::Expr, &tree::Expr),
        place: Place,
    ) -> Option<()> {
        let (mut lines, mut last) = (vec![(then, condition)], otherwise);
        while let ExprKind::If { condition, then, otherwise } = &last.kind {
            lines.push((then, condition));
            last = otherwise;
        }
        let answers = lines.iter().map(|(answer, _)| *answer).chain([last]);
        if !answers.clone().all(|answer| self.is_new_name(answer, place)) {
            return Some(());
        }
        let words = |tree: &tree::Expr| self.context.words(tree.span);
        let mut written: Vec<String> =
            lines.iter().map(|(answer, condition)| format!("{} when {}", words(answer), words(condition))).collect();
        written.push(format!("{} otherwise", words(last)));
        let first = if lines.len() > 1 { " first" } else { "" };
        let title = format!("nothing here is called `{}`", words(then));
        let fault = Diagnostic::error(codes::E0303, then.span, title, "not declared");
        self.fault(fault.help(format!(
            "answers with names of their own are those of a `choose`, each on a line: `choose name{first} {{ {} }}`; or declare them as an `enum`",
            written.join("  ")
        )))
    }

    /// Whether an expression is a name alone that means nothing here, not even nearly.
    fn is_new_name(&self, tree: &tree::Expr, place: Place) -> bool {
        let ExprKind::Path(path) = &tree.kind else { return false };
        let [name] = path.parts.as_slice() else { return false };
        let name = name.node.as_str();
        let small = name.to_ascii_lowercase();
        let foreign = meant_by(&[name]).is_some() || number_in_words(&small).is_some();
        let known = self.names().get(name).is_some() || self.names().enums_with(name).next().is_some();
        !foreign && !known && !matches!(small.as_str(), "yes" | "no" | "none") && !self.is_at_hand(name, place)
    }
}
