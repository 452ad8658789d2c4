//! Rule text as samples have it: a fragment, completed to a package and compiled.

use concord_engine::compile::{Beside, CaseFile, Compiled, compile_with};
use concord_engine::diagnostics::render;
use concord_engine::text::{Source, line_and_column};

/// The header that a sample without one is given. It stands at the end, so that lines keep their numbers.
pub const HEADER: &str = "
package sample.rules {
  version   1.0.0
  title     \"Sample\"
  source    nice \"NICE guideline\"
  owner     \"Sample Group\"
  use       audit
  status    draft
  review by 2027-12-31
}
";

/// A sample completed to a package, unless it has a header of its own or a comment `// no package`.
#[must_use]
pub fn whole(sample: &str) -> String {
    if sample.lines().any(|line| line.starts_with("package ") || line.starts_with("// no package")) {
        return sample.to_owned();
    }
    format!("{}\n{HEADER}", sample.trim_end())
}

/// What came of compiling a text, and the sources that messages point into.
pub struct Tried {
    /// The text, then the cases beside it.
    pub sources: Vec<Source>,
    /// What came of it.
    pub compiled: Compiled,
}

impl Tried {
    /// Compiles a text together with a Markdown file whose `case` blocks are examples.
    #[must_use]
    pub fn new(text: String, cases: String) -> Tried {
        Tried::beside(text, cases, &[], &[])
    }

    /// The same with other packages that it may use, and files of members' settings.
    #[must_use]
    pub fn beside(text: String, cases: String, packages: &[&str], members: &[&str]) -> Tried {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        let packages: Vec<Source> = packages.iter().map(|text| source("used.concord", text)).collect();
        let mut sources = vec![source("rule.concord", &text), source("cases.md", &cases)];
        sources.extend(members.iter().map(|text| source("member.concord", text)));
        let files: Vec<CaseFile<'_>> = (0..).zip(&sources).map(|(index, source)| CaseFile { index, source }).collect();
        let compiled = match files.as_slice() {
            [rule, cases, members @ ..] => {
                let cases = std::slice::from_ref(cases);
                compile_with(0, rule.source, &Beside { cases, files: &[], packages: &packages, members })
            }
            _ => Compiled::default(),
        };
        Tried { sources, compiled }
    }

    /// Compiles a sample on its own.
    #[must_use]
    pub fn sample(sample: &str) -> Tried {
        Tried::new(whole(sample), String::new())
    }

    /// All messages as people see them.
    #[must_use]
    pub fn messages(&self) -> String {
        let shown = self.compiled.diagnostics.iter().map(|d| render::human(d, &self.sources, false));
        let shown: Vec<String> = shown.collect();
        let trimmed = shown.join("\n").lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
        trimmed.trim_end().to_owned()
    }

    /// The line of a message's fault, from 1; 0 for one in the cases.
    #[must_use]
    pub fn line(&self, place: usize) -> usize {
        let fault = self.compiled.diagnostics.get(place);
        match (fault, self.sources.first()) {
            (Some(fault), Some(rule)) if fault.primary.span.source == 0 => {
                line_and_column(&rule.text, fault.primary.span.start).0
            }
            _ => 0,
        }
    }
}
