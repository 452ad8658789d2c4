//! Code lists: written in the rule, read from a file beside it, or joined of others; sorted and made part of the logic.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::List;
use crate::plan::fingerprint::hex;
use crate::syntax::tree::{self, Path};
use crate::text::{Span, Spanned};
use crate::types::builder::reader::Reader;
use crate::values::codes::pack;
use crate::values::nhs_number::{self, NotOne};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The most codes of one list.
const MOST: usize = 100_000;

/// The first column of a file with its line, from 1, without comments and a first line `code`. A byte order mark is no part of it.
fn codes_of(text: &str) -> Vec<(usize, &str)> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    let codes =
        lines.map(|(number, line)| (number + 1, line.split(',').next().unwrap_or_default().trim().trim_matches('"')));
    codes
        .filter(|(line, code)| {
            let heading = *line == 1 && code.eq_ignore_ascii_case("code");
            !(heading || code.is_empty() || code.starts_with('#'))
        })
        .collect()
}

/// A first line that names what follows: a code system, or a word without a digit above codes that all have one.
fn heading<'a>(codes: &[(usize, &'a str)]) -> Option<&'a str> {
    const SYSTEMS: [&str; 6] = ["icd", "opcs", "snomed", "ctv3", "dmd", "concept"];
    let ((_, first), others) = codes.split_first()?;
    let lower: String = first.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let digit = |code: &str| code.bytes().any(|b| b.is_ascii_digit());
    let apart = !others.is_empty() && !digit(first) && others.iter().all(|(_, code)| digit(code));
    (apart || SYSTEMS.iter().any(|system| lower.starts_with(system))).then_some(first)
}

/// The lists built so far, by place; nothing where one could not be built, which has been said.
type Found = BTreeMap<usize, Option<List>>;

impl Reader<'_> {
    /// Builds every code list of the package.
    pub(in crate::types) fn code_lists(&mut self) -> Vec<List> {
        let unbuilt = |tree: &tree::Codes| List { name: tree.name.node.clone(), values: Vec::new(), file: None };
        let mut found = BTreeMap::new();
        let trees = self.names().codes.iter().enumerate();
        trees
            .map(|(place, tree)| self.list_at(place, &mut found, &mut Vec::new()).unwrap_or_else(|| unbuilt(tree)))
            .collect()
    }

    /// The list declared at a place; `above` are those that are joined of it.
    fn list_at(&mut self, place: usize, found: &mut Found, above: &mut Vec<usize>) -> Option<List> {
        if let Some(known) = found.get(&place) {
            return known.clone();
        }
        let tree = *self.names().codes.get(place)?;
        if above.contains(&place) {
            let title = format!("the code list `{}` is joined of itself", tree.name.node);
            return self.error(codes::E0304, tree.name.span, title, "this list contains itself");
        }
        above.push(place);
        let list = if tree.of.is_empty() { self.code_list(tree) } else { self.joined(tree, found, above) };
        above.pop();
        found.insert(place, list.clone());
        list
    }

    /// `anticoagulants = warfarin + shared.heparins`
    fn joined(&mut self, tree: &tree::Codes, found: &mut Found, above: &mut Vec<usize>) -> Option<List> {
        let mut values = Vec::new();
        for path in &tree.of {
            values.extend(self.codes_joined(path, found, above)?);
        }
        self.list_of(tree, values, None)
    }

    /// The codes of a list that another is joined of: of this package or of one that it uses.
    fn codes_joined(&mut self, path: &Path, found: &mut Found, above: &mut Vec<usize>) -> Option<Vec<i64>> {
        match path.parts.as_slice() {
            [name] => match self.names().get(&name.node) {
                Some(Symbol::Codes(place)) => self.list_at(place, found, above).map(|list| list.values),
                _ => self.no_list(path),
            },
            [alias, name] => match self.context.import_called(&alias.node) {
                Some(import) => {
                    // Where the package cannot be used, that is said at the `use`.
                    let used = self.context.package(import.package?)?;
                    match used.names.get(&name.node) {
                        Some(Symbol::Codes(place)) => used.lists.get(place).map(|list| list.values.clone()),
                        _ => self.no_list(path),
                    }
                }
                None => self.no_list(path),
            },
            _ => self.no_list(path),
        }
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
            let written = codes_of(text);
            if let Some(heading) = heading(&written) {
                let title = format!("line 1 of `{}` looks like a heading: `{heading}`", file.node);
                let fault = Diagnostic::error(codes::E0315, file.span, title, "not a code");
                return self.fault(fault.help("take the heading out of the file, or call the column `code`; a code without digits may stand further down"));
            }
            for (number, code) in written {
                let Some(value) = pack(code) else {
                    return self.not_a_code(number, code, file);
                };
                values.push(value);
            }
            from = Some((file.node.clone(), hex(&Sha256::digest(text.as_bytes()))));
        }
        self.list_of(tree, values, from)
    }

    fn list_of(&mut self, tree: &tree::Codes, mut values: Vec<i64>, from: Option<(String, String)>) -> Option<List> {
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

    fn not_a_code(&mut self, line: usize, code: &str, file: &Spanned<String>) -> Option<List> {
        const SIGNS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "upright strokes")];
        let Some((_, signs)) = SIGNS.iter().find(|(sign, _)| code.contains(*sign)) else {
            let title = format!("line {line} of `{}` is not a code", file.node);
            return self.error(codes::E0315, file.span, title, "digits, or up to 11 letters and digits");
        };
        let title = format!("line {line} of `{}` is separated by {signs}", file.node);
        let fault = Diagnostic::error(codes::E0315, file.span, title, "a code list has commas");
        self.fault(fault.help("save it with commas between the columns, or as one code a line"))
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

    /// An NHS number as written.
    pub(in crate::types) fn nhs_number(&mut self, text: &str, span: Span) -> Option<i64> {
        let (title, help) = match nhs_number::read(text) {
            Ok(number) => return Some(number),
            Err(NotOne::Form) => {
                ("this is not an NHS number", "an NHS number has ten digits: `\"9990000018\"` or `\"999 000 0018\"`")
            }
            Err(NotOne::Check) => (
                "this NHS number does not check: its last digit does not fit the others",
                "a digit is wrong, or two are exchanged; numbers for tests begin with 999",
            ),
        };
        let fault = Diagnostic::error(codes::E0616, span, title, "no such number");
        self.fault(fault.help(help))
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
