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
use crate::values::spoilt;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most codes of one list.
const MOST: usize = 100_000;

/// A code of a file.
struct Written<'a> {
    /// Its line, from 1.
    line: usize,
    code: Cow<'a, str>,
    /// Whether it stands in quotation marks.
    quoted: bool,
}

/// The first column of a file, without comments and a first line `code`. A byte order mark is no part of it.
fn codes_of(text: &str) -> Vec<Written<'_>> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    let codes = lines.map(|(place, line)| {
        let (code, quoted) = first_column(line.trim());
        Written { line: place + 1, code, quoted }
    });
    codes
        .filter(|Written { line, code, quoted }| {
            let heading = *line == 1 && code.eq_ignore_ascii_case("code");
            !(heading || code.is_empty() || (code.starts_with('#') && !quoted))
        })
        .collect()
}

/// The first column of a line, and whether it is in quotation marks; one within them is doubled.
fn first_column(line: &str) -> (Cow<'_, str>, bool) {
    if let Some(rest) = line.strip_prefix('"') {
        let mut ends = rest.match_indices('"').map(|(place, _)| place).peekable();
        while let Some(end) = ends.next() {
            if ends.next_if_eq(&(end + 1)).is_none() {
                let code = rest.get(..end).unwrap_or_default().trim();
                return (Cow::Owned(code.replace("\"\"", "\"")), true);
            }
        }
    }
    (Cow::Borrowed(line.split(',').next().unwrap_or_default().trim().trim_matches('"')), false)
}

/// A first line that names what follows: a code system, or a word without a digit above codes that all have one.
fn heading<'a>(codes: &'a [Written<'_>]) -> Option<&'a str> {
    const SYSTEMS: [&str; 6] = ["icd", "opcs", "snomed", "ctv3", "dmd", "concept"];
    let (Written { code: first, .. }, others) = codes.split_first()?;
    let lower: String = first.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let digit = |code: &str| code.bytes().any(|b| b.is_ascii_digit());
    let apart = !others.is_empty() && !digit(first) && others.iter().all(|other| digit(&other.code));
    (apart || SYSTEMS.iter().any(|system| lower.starts_with(system))).then_some(&**first)
}

const DESCRIBED: &str =
    "data bring the code alone, which would be another; keep the description if the system's codes have one";

/// What is said of a code that is cut short, and what to do.
const CUT_SHORT: (&str, &str) = (
    "its last digit does not check the others",
    "copy it from its source again, into a column that is formatted as text",
);
const SPOILT: &str = "keep the codes as text in the spreadsheet: format the column as text before anything is put into it, and copy the codes from their source again";

/// Whether a first line names a column of codes, and not its first.
fn has_codes_further_on(text: &str) -> bool {
    let first = text.strip_prefix('\u{feff}').unwrap_or(text).lines().next().unwrap_or_default();
    let is_code = |column: &str| column.trim().trim_matches('"').eq_ignore_ascii_case("code");
    first.split([',', ';', '\t']).position(is_code).is_some_and(|place| place > 0)
}

/// The code at the head of a text that goes on with words: `A40` of `A40 streptococcal sepsis`.
fn described(text: &str) -> Option<&str> {
    let (code, rest) = text.split_once(' ')?;
    let is_word = |word: &str| word.chars().count() > 3 && word.chars().all(char::is_alphabetic);
    let is_one = pack(code).is_some() && code.bytes().any(|b| b.is_ascii_digit());
    (is_one && rest.split_whitespace().any(is_word)).then_some(code)
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
                        Some(Symbol::Codes(place)) => {
                            let list = used.coded.lists.get(place)?;
                            Some(self.coding.taken_over(list, &used.coded.codes))
                        }
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
            if has_codes_further_on(text) {
                let title = format!("in `{}` the codes are not in the first column", file.node);
                let fault = Diagnostic::error(codes::E0315, file.span, title, "a code list has its codes first");
                return self.fault(fault.help("put the column `code` before the others"));
            }
            if let Some(heading) = heading(&written) {
                let title = format!("line 1 of `{}` looks like a heading: `{heading}`", file.node);
                let fault = Diagnostic::error(codes::E0315, file.span, title, "not a code");
                return self.fault(fault.help("take the heading out of the file, or call the column `code`; a code without digits may stand further down"));
            }
            for code in &written {
                values.push(self.code_of_file(code, file)?);
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

    /// A code in a file. A sign that may stand between columns is part of a code only in quotation marks.
    fn code_of_file(&mut self, written: &Written<'_>, file: &Spanned<String>) -> Option<i64> {
        const SIGNS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "upright strokes")];
        let Written { line, code, quoted } = written;
        if let Some((_, signs)) = SIGNS.iter().find(|(sign, _)| !quoted && code.contains(*sign)) {
            let title = format!("line {line} of `{}` is separated by {signs}", file.node);
            let fault = Diagnostic::error(codes::E0315, file.span, title, "a code list has commas");
            return self.fault(fault.help("save it with commas between the columns, or as one code a line; a code with such a sign in it stands in quotation marks"));
        }
        if spoilt::is_written_as_number(code) || (!quoted && code.starts_with('<')) {
            let title = format!("line {line} of `{}` is `{code}`, and no code", file.node);
            let fault = Diagnostic::error(codes::E0315, file.span, title, "as a spreadsheet or a page writes it");
            return self.fault(fault.help(SPOILT));
        }
        if spoilt::is_cut_short(code) {
            let title =
                format!("line {line} of `{}`, `{code}`, is a code of which a spreadsheet kept 15 digits", file.node);
            let fault = Diagnostic::warning(codes::W0603, file.span, title, CUT_SHORT.0);
            self.faults.push(fault.help(CUT_SHORT.1));
        }
        if let Some(only) = described(code) {
            let title = format!("line {line} of `{}` has a description after the code `{only}`", file.node);
            self.faults
                .push(Diagnostic::warning(codes::W0602, file.span, title, "part of the code here").help(DESCRIBED));
        }
        match self.coding.number(code) {
            Some(value) => Some(value),
            None => {
                let title = format!("line {line} of `{}` is not a code", file.node);
                self.error(codes::E0315, file.span, title, "1 to 40 characters that are seen")
            }
        }
    }

    /// A code as written.
    pub(in crate::types) fn code(&mut self, code: &str, span: Span) -> Option<i64> {
        if spoilt::is_written_as_number(code) {
            let title = format!("`{code}` is how a spreadsheet writes a number or a text, and no code");
            return self.fault(Diagnostic::error(codes::E0315, span, title, "not a code").help(SPOILT));
        }
        if spoilt::is_cut_short(code) {
            let title = format!("`{code}` is a code of which a spreadsheet kept 15 digits");
            self.faults.push(Diagnostic::warning(codes::W0603, span, title, CUT_SHORT.0).help(CUT_SHORT.1));
        }
        if let Some(only) = described(code) {
            let title = format!("`{code}` has a description after the code `{only}`");
            let fault = Diagnostic::warning(codes::W0602, span, title, "part of the code here").help(DESCRIBED);
            self.faults.push(fault.edit(span, format!("\"{only}\"")));
        }
        match self.coding.number(code) {
            Some(value) => Some(value),
            None => {
                let fault = Diagnostic::error(codes::E0315, span, format!("`{code}` cannot be a code"), "not a code");
                self.fault(fault.help("a code has 1 to 40 characters that are seen, and no blank at its ends"))
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
