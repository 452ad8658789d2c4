//! `concord test --coverage` and `--suggest`: what the cases of a package reach of its rules.

use concord_engine::compile::{Wanted, again};
use concord_engine::coverage::{Aspect, CaseTexts, Point, coverage, suggestions};
use concord_engine::plan::library::Example;
use concord_engine::text::{Span, line_and_column};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output::Output;
use crate::project::Project;

/// What counts for `--coverage-min`: what the rules say. Sides of thresholds and unknowns are told besides.
const COUNTED: [Aspect; 5] = [Aspect::Row, Aspect::Branch, Aspect::Verdict, Aspect::Line, Aspect::Stage];

/// The points of a package, and how the text goes on from there.
pub struct Reach {
    /// In the order of the text.
    pub points: Vec<Point>,
    /// The missing cases as Markdown.
    pub missing: String,
}

/// What the examples of a package reach, by its place in the project; nothing where it does not compile.
#[must_use]
pub fn reach(project: &Project, place: usize, examples: &[&Example]) -> Option<Reach> {
    let Project { texts, units, .. } = project;
    again(texts, units, place, |compile| {
        let of = compile(&[], Wanted { questions: true, ..Wanted::default() })?;
        let points = coverage(&of, examples);
        let cases = CaseTexts { texts, examples: texts.examples(units.get(place)?) };
        let missing = suggestions(&points, &cases);
        Some(Reach { points, missing })
    })
    .flatten()
}

impl Reach {
    /// How many points of some aspects there are, and how many are reached.
    fn of(&self, aspects: &[Aspect]) -> (usize, usize) {
        let points = self.points.iter().filter(|point| aspects.contains(&point.aspect));
        points.fold((0, 0), |(reached, all), point| (reached + usize::from(point.reached), all + 1))
    }

    /// How much is reached of what counts, in whole percent, never rounded up; all of nothing is 100.
    #[must_use]
    pub fn percent(&self) -> usize {
        let (reached, all) = self.of(&COUNTED);
        (reached * 100).checked_div(all).unwrap_or(100)
    }

    /// What is reached of each aspect that the package has: `rows 43 of 43`.
    fn totals(&self) -> String {
        let each = Aspect::ALL.into_iter().map(|aspect| (aspect, self.of(&[aspect])));
        let each = each.filter(|(_, (_, all))| *all > 0);
        let each: Vec<String> =
            each.map(|(aspect, (reached, all))| format!("{} {reached} of {all}", aspect.plural())).collect();
        each.join(", ")
    }

    /// Says what is reached and what is not.
    pub fn tell(&self, project: &Project, package: &str, output: &Output) -> Result<(), Exit> {
        let mut text = format!("{package}  {} %: {}\n", self.percent(), self.totals());
        for point in self.points.iter().filter(|point| !point.reached) {
            let (file, line) = place(project, point.at);
            text.push_str(&format!("  {file}:{line}: {}\n", point.missed()));
        }
        output.data(&text)
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self, project: &Project, package: &str) -> Value {
        let totals: serde_json::Map<String, Value> = Aspect::ALL
            .into_iter()
            .map(|aspect| (aspect, self.of(&[aspect])))
            .map(|(aspect, (reached, all))| (aspect.plural().to_owned(), json!({ "reached": reached, "all": all })))
            .collect();
        let missed: Vec<Value> = self
            .points
            .iter()
            .filter(|point| !point.reached)
            .map(|point| {
                let (file, line) = place(project, point.at);
                json!({
                    "of": point.aspect.plural(), "what": point.what, "side": point.side, "value": point.value,
                    "file": file, "line": line, "says": point.missed(),
                })
            })
            .collect();
        json!({ "package": package, "coverage": { "percent": self.percent(), "totals": totals, "missed": missed } })
    }
}

/// File and line of a place.
pub fn place(project: &Project, span: Span) -> (&str, usize) {
    let source = project.sources().get(span.source as usize);
    source.map_or(("", 0), |source| (source.name.as_str(), line_and_column(&source.text, span.start).0))
}
