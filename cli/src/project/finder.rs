//! Which files belong together: what stands beside a rule, and the packages it uses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use concord_engine::compile::{Texts, Unit};

use crate::exit::Exit;
use crate::output::Output;
use crate::project::folders::{cases_beside, files_beside, member_files, read, rules_below, shown, whole};

/// The most rule files that are read in a run.
const MOST: usize = 1_000;

/// What has been read and found so far.
pub(super) struct Finder<'o> {
    output: &'o Output,
    /// What was read.
    pub texts: Texts,
    /// Files read, by their path from the root: the place among the texts.
    read: BTreeMap<PathBuf, u32>,
    /// How many of them are rule files.
    rules: usize,
    /// The packages, each with its rule file's place among the texts: those asked for, then those that they use.
    pub found: Vec<(PathBuf, u32)>,
}

impl<'o> Finder<'o> {
    pub fn new(output: &'o Output) -> Finder<'o> {
        Finder { output, texts: Texts::default(), read: BTreeMap::new(), rules: 0, found: Vec::new() }
    }

    /// A file of rules or settings, read when first asked for.
    pub fn rules(&mut self, path: &Path) -> Result<u32, Exit> {
        let whole = whole(path);
        if let Some(known) = self.read.get(&whole) {
            return Ok(*known);
        }
        if self.rules == MOST {
            let why = format!("{}: more than {MOST} rule files in one run", path.display());
            self.output.error(&why, Some("name fewer folders at a time"));
            return Err(Exit::Limit);
        }
        self.rules += 1;
        let place = self.texts.rules(read(path, self.output)?);
        self.read.insert(whole, place);
        Ok(place)
    }

    /// The place of a rule file among the packages.
    pub fn package(&mut self, rule: u32, path: &Path) -> usize {
        let known = self.found.iter().position(|(_, found)| *found == rule);
        known.unwrap_or_else(|| {
            self.found.push((path.to_path_buf(), rule));
            self.found.len() - 1
        })
    }

    /// A package with what belongs to it; cases and members' settings where it was asked for.
    pub fn unit(&mut self, path: &Path, rule: u32, asked_for: bool) -> Result<Unit, Exit> {
        let mut unit =
            Unit { rule, files: files_beside(path, self.texts.code_files(rule), self.output)?, ..Unit::default() };
        if asked_for && let Some(cases) = cases_beside(path, self.output)? {
            unit.cases.push(self.texts.cases_later(read(&cases, self.output)?));
        }
        for file in member_files(path).into_iter().filter(|_| asked_for) {
            unit.members.push(self.rules(&shown(&file))?);
        }
        for used in self.texts.uses(rule).collect::<Vec<_>>() {
            unit.uses.extend(self.used(path, &used)?);
        }
        Ok(unit)
    }

    /// The packages of a path: clinical.news2 is looked for in clinical/news2 of the user's own folders, the nearest first.
    fn used(&mut self, user: &Path, path: &str) -> Result<Vec<usize>, Exit> {
        let below: PathBuf = path.split('.').collect();
        for folder in whole(user).ancestors().skip(1).map(|above| above.join(&below)) {
            let mut found = Vec::new();
            for file in rules_below(&folder, 1) {
                let rule = self.rules(&shown(&file))?;
                if self.texts.path(rule).is_some_and(|declared| declared == path) {
                    found.push(self.package(rule, &shown(&file)));
                }
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}
