//! Code lists: written in the rule, or read from a file beside it; sorted and made part of the logic.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::List;
use crate::plan::fingerprint::hex;
use crate::syntax::tree::{self, Path};
use crate::text::Span;
use crate::types::builder::reader::Reader;
use crate::values::codes::pack;
use sha2::{Digest as _, Sha256};

/// The most codes of one list.
const MOST: usize = 100_000;

impl Reader<'_> {
    /// Builds every code list of the package.
    pub(in crate::types) fn code_lists(&mut self) -> Vec<List> {
        let unbuilt = |tree: &tree::Codes| List { name: tree.name.node.clone(), values: Vec::new(), file: None };
        self.names().codes.iter().map(|tree| self.code_list(tree).unwrap_or_else(|| unbuilt(tree))).collect()
    }

    fn code_list(&mut self, tree: &tree::Codes) -> Option<List> {
        let mut values = Vec::new();
        for code in &tree.codes {
            values.push(self.code(&code.node, code.span)?);
        }
        let mut from = None;
        if let Some(file) = &tree.file {
            let text = self.context.beside(&file.node);
            let Some(text) = text else {
                let title = format!("there is no file `{}` beside the rule", file.node);
                let fault = Diagnostic::error(codes::E0314, file.span, title, "not found");
                return self.fault(fault.help(
                    "put the list beside the rule file: one code per line, or a CSV with the codes in its first column",
                ));
            };
            for (number, line) in text.lines().enumerate() {
                let code = line.split(',').next().unwrap_or_default().trim().trim_matches('"');
                if code.is_empty() || code.starts_with('#') || (number == 0 && code.eq_ignore_ascii_case("code")) {
                    continue;
                }
                let Some(value) = pack(code) else {
                    let title = format!("line {} of `{}` is not a code", number + 1, file.node);
                    return self.error(codes::E0315, file.span, title, "digits, or up to 11 letters and digits");
                };
                values.push(value);
            }
            from = Some((file.node.clone(), hex(&Sha256::digest(text.as_bytes()))));
        }
        values.sort_unstable();
        values.dedup();
        if values.is_empty() || values.len() > MOST {
            let title = format!(
                "the code list `{}` has {} codes; it must have between 1 and 100,000",
                tree.name.node,
                values.len()
            );
            return self.error(codes::E0315, tree.name.span, title, "empty, or too long");
        }
        Some(List { name: tree.name.node.clone(), values, file: from })
    }

    /// A code as written.
    pub(in crate::types) fn code(&mut self, code: &str, span: Span) -> Option<i64> {
        match pack(code) {
            Some(value) => Some(value),
            None => {
                let fault = Diagnostic::error(codes::E0315, span, format!("`{code}` cannot be a code"), "not a code");
                self.fault(
                    fault.help("a code is a number of up to 18 digits, or up to 11 letters, digits, `.`, `-` and `_`"),
                )
            }
        }
    }

    /// A code list that nothing here is called: of this package or of one that it uses.
    pub(in crate::types) fn no_list<T>(&mut self, path: &Path) -> Option<T> {
        let name = path.text();
        let known = self.names().codes.iter().map(|c| c.name.node.as_str());
        let near = crate::syntax::spelling::nearest(&name, known).map(str::to_owned);
        let fault =
            Diagnostic::error(codes::E0303, path.span, format!("there is no code list `{name}`"), "not declared");
        self.fault(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")).edit(path.span, near),
            None => fault.help("declare it: `codes name from \"file.csv\"`, or `codes name { \"30\", \"31\" }`"),
        })
    }
}
