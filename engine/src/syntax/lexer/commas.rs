//! A comma with a digit on each side: `£1,335` and `38,5` are numbers of other countries and of people, and `16,17` is a list in
//! a hurry. Which of them is meant cannot be told, so it is never read as a list.

use super::Lexer;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;

impl Lexer<'_> {
    /// Steps over `,335` and the like after the digits of a number that began at `start`, and reports it.
    pub(super) fn digits_after_a_comma(&mut self, start: usize, pounds: bool) {
        let before = self.at;
        while self.comma_and_digit() {
            self.at += 1;
            self.at += self.run_of(|c| c.is_ascii_digit() || c == '_').len();
            let rest = self.rest();
            if rest.starts_with('.') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
                self.at += self.run_of(|c| c.is_ascii_digit()).len();
            }
        }
        if self.at == before {
            return;
        }
        let said = self.text.get(start..self.at).unwrap_or("");
        let span = self.span(start);
        let fault =
            Diagnostic::error(codes::E0107, span, "a comma cannot stand inside a number", "one number, or several?");
        let apart = said.replace(',', ", ");
        let fault = match (grouped(said), decimal(said)) {
            (Some(one), _) if pounds => {
                fault.help(format!("write `{one}`; a comma begins a second value")).edit(span, one)
            }
            (Some(one), _) => fault.help(format!("one number is written `{one}`, and two values `{apart}`")),
            (None, Some(one)) => fault.help(format!("one number is written `{one}`, and two values `{apart}`")),
            (None, None) => fault.help(format!("several values are written with a blank after each comma: `{apart}`")),
        };
        self.report(fault);
    }

    /// A comma between two dates or times, with a digit directly after it.
    pub(super) fn comma(&mut self, start: usize) {
        let literal =
            |kind: Kind| matches!(kind, Kind::Date(_) | Kind::DateTime { .. } | Kind::Time(_) | Kind::Ordinal(_));
        let glued = self.text.get(..start).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        let after = self.peek().is_some_and(|c| c.is_ascii_digit());
        if glued && after && self.out.tokens.last().is_some_and(|last| literal(last.kind)) {
            let span = self.span(start);
            let title = "a comma between two values has a blank after it";
            let fault = Diagnostic::error(codes::E0107, span, title, "no blank follows");
            self.report(fault.help("put a blank after the comma").edit(span, ", "));
        }
    }

    fn comma_and_digit(&self) -> bool {
        self.rest().strip_prefix(',').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    }
}

/// `1,335` as one number: groups of three digits after the first.
fn grouped(said: &str) -> Option<String> {
    let mut groups = said.split(',');
    let first = groups.next()?.trim_start_matches('£');
    let rest: Vec<&str> = groups.collect();
    let (last, before) = rest.split_last()?;
    let whole = last.split('.').next().unwrap_or("");
    let three = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    let small = (1..=3).contains(&first.len()) && !first.starts_with('0') && first.bytes().all(|b| b.is_ascii_digit());
    (small && before.iter().all(|group| three(group)) && three(whole)).then(|| said.replace(',', "_"))
}

/// `38,5` as one number.
fn decimal(said: &str) -> Option<String> {
    (said.matches(',').count() == 1 && !said.contains('.')).then(|| said.replace(',', "."))
}
