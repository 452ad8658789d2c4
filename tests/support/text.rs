//! Rule text as samples have it: a fragment, completed to a package and compiled.

use concord_engine::compile::{Compiled, Texts, Unit, packages};
use concord_engine::diagnostics::{Diagnostic, render};
use concord_engine::text::{Source, line_and_column};

use crate::sections::{Section, USED};

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

/// The same with a header of its own path, for a package that others use.
#[must_use]
pub fn whole_as(path: &str, sample: &str) -> String {
    whole(sample).replacen("package sample.rules {", &format!("package {path} {{"), 1)
}

/// What came of compiling a text, and the sources that messages point into.
pub struct Tried {
    /// The text, the cases beside it, the packages it may use, the files of members' settings.
    pub sources: Vec<Source>,
    /// What came of it.
    pub compiled: Compiled,
    /// The packages that it may use: the place of each among the sources, and what came of it.
    pub used: Vec<(usize, Compiled)>,
}

impl Tried {
    /// Compiles a text together with a Markdown file whose `case` blocks are examples.
    #[must_use]
    pub fn new(text: String, cases: String) -> Tried {
        Tried::beside(text, cases, &[], &[])
    }

    /// The same with other packages that it and they may use, and files of members' settings.
    #[must_use]
    pub fn beside(text: String, cases: String, used: &[String], members: &[&str]) -> Tried {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        let mut texts = Texts::default();
        let rule = texts.rules(source("rule.concord", &text));
        let cases = vec![texts.cases(source("cases.md", &cases))];
        let mut units = vec![Unit { rule, cases, ..Unit::default() }];
        for text in used {
            let rule = texts.rules(source(&format!("used_{}.concord", units.len()), text));
            units.push(Unit { rule, ..Unit::default() });
        }
        let members: Vec<u32> = members.iter().map(|text| texts.rules(source("member.concord", text))).collect();
        let all: Vec<usize> = (0..units.len()).collect();
        units.iter_mut().for_each(|unit| unit.uses.clone_from(&all));
        units.iter_mut().take(1).for_each(|unit| unit.members.clone_from(&members));
        let mut compiled = packages(&texts, &units).into_iter();
        let own = compiled.next().unwrap_or_default();
        let used = units.iter().skip(1).map(|unit| unit.rule as usize).zip(compiled).collect();
        Tried { sources: texts.into_sources(), compiled: own, used }
    }

    /// The rule of a section, with what its cases say and the packages it may use.
    #[must_use]
    pub fn of(section: &Section) -> (String, Tried) {
        let rule: String = section.blocks("concord").collect();
        let bodies = section.blocks("case").map(|body| format!("# {}\n```case\n{body}```\n", section.name));
        let cases = bodies.chain(section.blocks("cases").map(str::to_owned)).collect();
        let used: Vec<String> = section.blocks_of(USED).map(|(path, text)| whole_as(path, text)).collect();
        let tried = Tried::beside(whole(&rule), cases, &used, &[]);
        (rule, tried)
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

    /// The messages about the text, or about a package that it may use, each with the line of its fault, from 1; 0 for one in
    /// another file.
    #[must_use]
    pub fn told(&self, used: Option<usize>) -> Vec<(usize, &Diagnostic)> {
        let (file, compiled) = match used.and_then(|used| self.used.get(used)) {
            Some((file, compiled)) => (*file, compiled),
            None => (0, &self.compiled),
        };
        let line = |fault: &Diagnostic| match self.sources.get(file) {
            Some(source) if fault.primary.span.source as usize == file => {
                line_and_column(&source.text, fault.primary.span.start).0
            }
            _ => 0,
        };
        compiled.diagnostics.iter().map(|fault| (line(fault), fault)).collect()
    }
}
