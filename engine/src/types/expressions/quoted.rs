//! Choices, numbers and days in quotes, as other languages have them: here they stand without.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// Text where a value belongs, given the type that is expected of it.
    pub(in crate::types) fn quoted<T>(&mut self, text: &str, span: Span, expected: Option<&Type>) -> Option<T> {
        self.all_quoted(&[(text, span)], expected)
    }

    /// One message for all texts among the values of a list, where the first of them was refused since a mark.
    pub(super) fn quoted_options(
        &mut self,
        mark: usize,
        value: &tree::Expr,
        options: &[tree::Expr],
        place: Place,
    ) -> Option<Typed> {
        let texts: Vec<(&str, Span)> = options.iter().filter_map(text_of).collect();
        let found = self.faults.take_out(mark);
        let refused = found.iter().any(|fault| texts.iter().any(|(_, span)| fault.primary.span == *span));
        if !refused {
            found.into_iter().for_each(|fault| self.faults.push(fault));
            return None;
        }
        let ty = self.expr(value, None, place)?.ty;
        self.all_quoted(&texts, Some(&ty))
    }

    /// Reports the answers of a column that are in quotes; nothing where none is, or where they may be codes.
    pub(in crate::types) fn quoted_answers(&mut self, cells: &[&tree::Expr]) -> Option<()> {
        let texts: Vec<(&str, Span)> = cells.iter().filter_map(|cell| text_of(cell)).collect();
        let plain = cells.iter().all(|cell| match &cell.kind {
            ExprKind::Text(_) | ExprKind::None => true,
            ExprKind::Path(path) => self.names().get(&path.text()).is_none(),
            _ => false,
        });
        if texts.is_empty() || !plain { Some(()) } else { self.all_quoted(&texts, None) }
    }

    /// One message for texts that stand for values of one type.
    fn all_quoted<T>(&mut self, texts: &[(&str, Span)], expected: Option<&Type>) -> Option<T> {
        let (first, span) = texts.first()?;
        let written = self.unquoted(first, expected);
        let mut fault = Diagnostic::error(codes::E0506, *span, "rules cannot use text", "text");
        if let Some((written, what)) = written {
            let unknown = what == "a choice" && expected.is_none() && texts.len() == 1 && !self.is_choice(&written);
            let more = if unknown {
                format!("; an `enum` declares it, as in `enum Risk {{ {written}, other }}`")
            } else {
                String::new()
            };
            fault = fault.help(format!("{what} is written without quotes: `{written}`{more}"));
        }
        for (text, span) in texts {
            if let Some((written, _)) = self.unquoted(text, expected) {
                fault = fault.edit(*span, written);
            }
        }
        self.fault(fault)
    }

    fn is_choice(&self, name: &str) -> bool {
        self.names().enums_with(name).next().is_some()
    }

    /// What is meant by a text, as it is written here, and what that is called.
    fn unquoted(&self, text: &str, expected: Option<&Type>) -> Option<(String, &'static str)> {
        let text = text.trim();
        let small = text.to_ascii_lowercase();
        if let Some(Type::Enum { variants, .. }) = expected {
            let plain = |said: &str| said.replace(['_', ' ', '-'], "").to_ascii_lowercase();
            let meant = variants.iter().find(|choice| plain(choice) == plain(text))?;
            return Some((meant.clone(), "a choice"));
        }
        if matches!(small.as_str(), "yes" | "no") {
            return Some((small, "yes or no"));
        }
        let figures = text.starts_with(|c: char| c.is_ascii_digit());
        if figures && text.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return Some((text.to_owned(), "a number"));
        }
        if figures && text.chars().all(|c| c.is_ascii_digit() || "-: ".contains(c)) {
            return Some((text.to_owned(), "a date or a time"));
        }
        let name = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|part| !part.is_empty());
        let name = name.collect::<Vec<_>>().join("_");
        let name = if name == text { name } else { name.to_ascii_lowercase() };
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= 60;
        (begins && expected.is_none()).then_some((name, "a choice"))
    }
}

fn text_of(tree: &tree::Expr) -> Option<(&str, Span)> {
    if let ExprKind::Text(text) = &tree.kind { Some((text, tree.span)) } else { None }
}
