//! What the cases of a package reach of its rules, and which changes to the rules they would notice.
//!
//! A *point* is something that a case may show: a row that answers, a condition that is yes or no, a verdict, a line of a clock,
//! a side of a threshold, something missing. All points of a package are noted from its text, then each case
//! marks those it reaches: the interpreter works the case out, and is asked what each expression of the text comes to in it.
//! Only what is certain counts: a row that perhaps answers is not reached.

mod changes;
mod conditions;
mod edges;
mod notes;
mod noticed;
mod possible;
mod suggest;
mod tables;
mod thresholds;
mod unknowns;
mod verdicts;

use crate::compile::Again;
use crate::evaluate::Evaluated;
use crate::plan::case::Settings;
use crate::plan::library::Example;
use crate::text::Span;
pub use changes::{Change, changes};
use notes::Notes;
pub use noticed::{Found, Trials};
pub use suggest::{CaseTexts, suggestions};

/// What a case may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// a row of a table, or an entry of a `choose`, answers
    Row,
    /// a condition is yes, or is no
    Branch,
    /// an obligation has a verdict
    Verdict,
    /// an event fits a line of a clock before any other
    Line,
    /// an event belongs to a stage of a path
    Stage,
    /// a value is at a threshold, just below it, or just above it
    Side,
    /// a fact, an event, its time or one of its facts is missing
    Unknown,
}

impl Aspect {
    /// All of them, in the order of a report.
    pub const ALL: [Aspect; 7] =
        [Aspect::Row, Aspect::Branch, Aspect::Verdict, Aspect::Line, Aspect::Stage, Aspect::Side, Aspect::Unknown];

    /// What several are called.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Aspect::Row => "rows",
            Aspect::Branch => "branches",
            Aspect::Verdict => "verdicts",
            Aspect::Line => "lines of clocks",
            Aspect::Stage => "stages",
            Aspect::Side => "sides of thresholds",
            Aspect::Unknown => "unknowns",
        }
    }
}

/// Something that a case may show, and whether one does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What kind of thing.
    pub aspect: Aspect,
    /// Where in the rule.
    pub at: Span,
    /// What it is, in the author's words: `waited <= 126`.
    pub what: String,
    /// What of it: `yes`, `late`, `just below`; nothing where there is nothing more to say.
    pub side: &'static str,
    /// The value of a side of a threshold, where it is known: `125 days`.
    pub value: Option<String>,
    /// How a case that shows it differs from another.
    pub by: Option<Differs>,
    /// Some case shows it.
    pub reached: bool,
}

impl Point {
    fn of(aspect: Aspect, at: Span, what: impl Into<String>) -> Point {
        Point { aspect, at, what: what.into(), side: "", value: None, by: None, reached: false }
    }

    /// That no case shows it, in words: "`waited <= 126` is never no".
    #[must_use]
    pub fn missed(&self) -> String {
        let Point { what, side, value, .. } = self;
        match self.aspect {
            Aspect::Row => format!("no case is answered by the row `{what}`"),
            Aspect::Branch | Aspect::Verdict => format!("`{what}` is never {side}"),
            Aspect::Line => format!("no event is the first to fit `{what}`"),
            Aspect::Stage => format!("no event belongs to `{what}`"),
            Aspect::Side => match value {
                Some(value) if *side == "at" => format!("`{what}` is never tried at {value}"),
                Some(value) => format!("`{what}` is never tried {side}, at {value}"),
                None => format!("`{what}` is never tried {side}"),
            },
            Aspect::Unknown => format!("`{what}` is never {side}"),
        }
    }
}

/// How a case may be made to show a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Differs {
    /// these facts have these values
    Facts(Vec<(String, String)>),
    /// this fact is not given
    Without(String),
    /// the export does not supply this event
    NotSupplied(String),
    /// an event of this kind is at an unknown time
    Untimed(String),
    /// an event of this kind lacks this fact
    WithoutField(String, String),
}

/// The points of a package and whether its examples reach them, in the order of its text.
#[must_use]
pub fn coverage(of: &Again, examples: &[&Example]) -> Vec<Point> {
    let mut notes = Notes::new(of);
    tables::declare(&mut notes);
    conditions::declare(&mut notes);
    verdicts::declare(&mut notes);
    edges::declare(&mut notes);
    unknowns::declare(&mut notes);
    let plan = &of.package.plan;
    for example in examples {
        let settings: Settings = example.settings_for(plan.parameters.len());
        let evaluated = Evaluated::new(plan, &example.case, &settings);
        tables::mark(&mut notes, &evaluated);
        conditions::mark(&mut notes, &evaluated);
        verdicts::mark(&mut notes, &evaluated);
        edges::mark(&mut notes, &evaluated);
        unknowns::mark(&mut notes, &evaluated);
    }
    notes.finish()
}
