//! `concord test --mutate`: small changes to the rules, and those that no case notices.

use concord_engine::compile::{Wanted, again};
use concord_engine::coverage::{Change, Found, Trials, changes};
use concord_engine::plan::library::Example;
use serde_json::{Value, json};

use super::reach::place;
use crate::exit::Exit;
use crate::output::Output;
use crate::parallel::in_order;
use crate::project::Project;

/// What came of the changes to a package.
#[derive(Default)]
pub struct Mutated {
    noticed: usize,
    same: usize,
    refused: usize,
    unnoticed: Vec<Change>,
}

/// Makes every change to the package at a place of the project, and tries its examples.
fn of_package(project: &Project, place: usize, examples: &[&Example]) -> Option<Mutated> {
    again(&project.texts, &project.units, place, |compile| {
        let of = compile(&[], Wanted { questions: true, ..Wanted::default() })?;
        let mut trials = Trials::new(compile, examples)?;
        let mut mutated = Mutated::default();
        for change in changes(&of) {
            match trials.attempt(&change) {
                Found::Noticed => mutated.noticed += 1,
                Found::Same => mutated.same += 1,
                Found::Refused => mutated.refused += 1,
                Found::Unnoticed => mutated.unnoticed.push(change),
            }
        }
        Some(mutated)
    })
    .flatten()
}

/// The same for several packages; nothing for those that do not compile.
///
/// # Errors
/// Where no thread could be started.
pub fn of_packages(project: &Project, places: &[(usize, Vec<&Example>)]) -> Result<Vec<Option<Mutated>>, Exit> {
    let weights: Vec<usize> = places.iter().map(|(_, examples)| examples.len()).collect();
    in_order(&weights, |at| places.get(at).and_then(|(place, examples)| of_package(project, *place, examples)))
}

impl Mutated {
    /// Says what came of the changes, and names those that no case notices.
    pub fn tell(&self, project: &Project, package: &str, output: &Output) -> Result<(), Exit> {
        let Mutated { noticed, same, refused, unnoticed } = self;
        let tried = noticed + unnoticed.len();
        let beside = match (same, refused) {
            (0, 0) => String::new(),
            (same, refused) => format!(" (besides, {same} change nothing and {refused} do not build)"),
        };
        let mut text = format!("{package}  {noticed} of {tried} changes noticed{beside}\n");
        for change in unnoticed {
            let (file, line) = place(project, change.at);
            text.push_str(&format!("  {file}:{line}: no case notices that {}\n", change.words));
        }
        output.data(&text)
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self, project: &Project, package: &str) -> Value {
        let unnoticed: Vec<Value> = self
            .unnoticed
            .iter()
            .map(|change| {
                let (file, line) = place(project, change.at);
                json!({ "change": change.words, "file": file, "line": line })
            })
            .collect();
        json!({ "package": package, "changes": {
            "noticed": self.noticed, "unnoticed": unnoticed, "same": self.same, "refused": self.refused,
        } })
    }
}
