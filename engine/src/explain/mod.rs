//! Everything explains itself: answers in the author's words, with the rule, the row, the facts and the source.
//!
//! An explanation is made from the plan, the case and the values that the module (or the interpreter) gave. It decides
//! nothing: an author never writes a reason twice, and a reason cannot differ from the rule. What reasons are made of is a [`Template`] of the plan; what fills it
//! in are the values of a case.

mod because;
mod bundle;
mod due;
pub mod expect;
pub mod in_a_case;
mod names;
mod path;
mod template;

use crate::evaluate::{Known, Outcome, Value};
use crate::plan::case::{Case, Settings};
use crate::plan::{Answer, AnswerKind, CellId, Class, DueBy, Obligation, Plan, Verdict};
use crate::values::legend::Legend;
use crate::values::types::Type;

pub use because::MANY;
pub use bundle::WORST_FIRST;
pub use due::{DaysLate, Lateness, due_in_words, due_on};
pub use names::{Need, needs, unknown_name};
pub use template::{MemberTemplate, Part, PathTemplate, Template};

/// One answer with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The answer's name.
    pub name: String,
    /// For people.
    pub label: Option<String>,
    /// What came out.
    pub result: Answered,
    /// Why, a sentence each.
    pub because: Vec<String>,
    /// Citation.
    pub source: Option<String>,
}

/// What came out for one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// A value.
    Known {
        /// The scaled integer or variant.
        value: i64,
        /// Its type.
        ty: Type,
        /// In words.
        text: String,
    },
    /// Recorded as none, or answered with none.
    None,
    /// Not decided.
    Unknown {
        /// What is possible.
        value: Value,
        /// Its type.
        ty: Type,
        /// What is possible, in words: `0..3`, `low or medium`.
        possible: String,
        /// What would settle it.
        needs: Vec<Need>,
    },
    /// An obligation.
    Verdict(Judged),
}

/// A verdict with its times.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The verdict; none when it is unknown.
    pub verdict: Option<Verdict>,
    /// When unknown: the verdicts that are possible.
    pub possible: Vec<Verdict>,
    /// When unknown: what would settle it.
    pub needs: Vec<Need>,
    /// The trigger's instant.
    pub trigger: Option<i64>,
    /// There is certainly no trigger: it did not happen, or what began with it was taken back.
    pub no_trigger: bool,
    /// The deadline.
    pub due: Option<i64>,
    /// What it falls on, an instant or a day.
    pub due_by: DueBy,
    /// When it was done.
    pub done: Option<i64>,
    /// How late.
    pub late_by: Option<Lateness>,
    /// Which excuse.
    pub excuse: Option<String>,
}

impl Answered {
    /// In words: `20`, `none`, `unknown 0..3`, `late by 2 h 5 min`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Answered::Known { text, .. } => text.clone(),
            Answered::None => "none".to_owned(),
            Answered::Unknown { possible, .. } => format!("unknown, {possible}"),
            Answered::Verdict(judged) => judged.text(),
        }
    }

    /// What would settle it; empty when it is settled.
    #[must_use]
    pub fn needs(&self) -> &[Need] {
        match self {
            Answered::Unknown { needs, .. } => needs,
            Answered::Verdict(judged) => &judged.needs,
            _ => &[],
        }
    }
}

impl Judged {
    /// The day, since 1970, on which it is due; none where that is an instant.
    #[must_use]
    pub fn due_on(&self) -> Option<i64> {
        due_on(self.due_by, self.due?)
    }

    /// The deadline in words: `2026-01-05 11:00`, `29 January 2026`.
    #[must_use]
    pub fn due_text(&self) -> Option<String> {
        self.due.map(|due| due_in_words(self.due_by, due))
    }

    /// In words, which a case may use: `met`, `late by 2 h 5 min`, `late by 1 calendar day`, `open due 2026-01-05 11:00`.
    #[must_use]
    pub fn text(&self) -> String {
        match (self.verdict, self.late_by, self.due_text()) {
            (Some(Verdict::Late), Some(by), _) => format!("late by {}", by.text()),
            (Some(Verdict::Open), _, Some(due)) => format!("open due {due}"),
            (Some(Verdict::Excused), ..) => match &self.excuse {
                Some(reason) => format!("excused because \"{reason}\""),
                None => "excused".to_owned(),
            },
            (Some(verdict), ..) => verdict.name().to_owned(),
            (None, ..) => {
                let possible: Vec<&str> = self.possible.iter().map(|v| v.name()).collect();
                format!("unknown, {}", or(&possible))
            }
        }
    }
}

/// What the reasons of each answer are made of.
#[must_use]
pub fn templates(plan: &Plan) -> Vec<Template> {
    plan.answers.iter().map(|answer| Template::of(plan, answer)).collect()
}

/// Explains every answer of a case.
#[must_use]
pub fn explain(plan: &Plan, case: &Case, settings: &Settings, outcome: &Outcome) -> Vec<Explained> {
    explain_by(plan, &templates(plan), case, settings, outcome)
}

/// The same by the [`templates`] of the plan, which are the same for every case.
#[must_use]
pub fn explain_by(
    plan: &Plan,
    templates: &[Template],
    case: &Case,
    settings: &Settings,
    outcome: &Outcome,
) -> Vec<Explained> {
    let reasons = because::Reasons { plan, case, settings, outcome };
    plan.answers.iter().zip(templates).map(|(answer, template)| one(&reasons, answer, template)).collect()
}

/// Explains one answer.
#[must_use]
pub fn explain_one(plan: &Plan, case: &Case, settings: &Settings, outcome: &Outcome, answer: &Answer) -> Explained {
    one(&because::Reasons { plan, case, settings, outcome }, answer, &Template::of(plan, answer))
}

fn one(reasons: &because::Reasons<'_>, answer: &Answer, template: &Template) -> Explained {
    let because::Reasons { plan, case, outcome, .. } = reasons;
    let (result, because) = match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            (value(plan, case, outcome, *cell, ty), reasons.of(template, None))
        }
        AnswerKind::Obligation(obligation) => {
            let judged = judged(plan, outcome, obligation);
            let because = reasons.of(template, Some(&judged));
            (Answered::Verdict(judged), because)
        }
    };
    Explained { name: answer.name.clone(), label: answer.label.clone(), result, because, source: answer.source.clone() }
}

fn cell(outcome: &Outcome, cell: CellId) -> Value {
    outcome.cells.get(cell).copied().unwrap_or_else(Value::none)
}

fn value(plan: &Plan, case: &Case, outcome: &Outcome, index: CellId, ty: &Type) -> Answered {
    let value = cell(outcome, index);
    let class = plan.cells.get(index).map_or(Class::Range, |s| s.class);
    let legend = plan.legend(case);
    match value.only(class) {
        Some(Known::Value(value)) => Answered::Known { value, ty: ty.clone(), text: legend.show(ty, value) },
        Some(Known::None) => Answered::None,
        None => Answered::Unknown {
            value,
            ty: ty.clone(),
            possible: possible(&value, class, ty, legend),
            needs: needs(plan, outcome, value.needs),
        },
    }
}

/// What is possible, in words: `0..3`, `low or medium`, `1 h..12 h or none`.
#[must_use]
pub fn possible(value: &Value, class: Class, ty: &Type, legend: Legend<'_>) -> String {
    let mut parts = Vec::new();
    if value.may_be_some {
        match (class, ty) {
            (Class::Set, _) => parts.extend((0..63).filter(|v| value.low >> v & 1 == 1).map(|v| ty.show(v))),
            (Class::Range, Type::YesNo) => parts.extend((value.low..=value.high).rev().map(|v| ty.show(v))),
            (Class::Range, _) if value.low == value.high => parts.push(legend.show(ty, value.low)),
            (Class::Range, Type::Code) => parts.push("a code".to_owned()),
            (Class::Range, Type::Number { .. }) => {
                parts.push(format!("{}..{}", ty.show_bare(value.low), ty.show(value.high)))
            }
            (Class::Range, _) => parts.push(format!("{}..{}", ty.show(value.low), ty.show(value.high))),
        }
    }
    if value.may_be_none {
        parts.push("none".to_owned());
    }
    or(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

fn or(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Reads the cells of an obligation.
#[must_use]
pub fn judged(plan: &Plan, outcome: &Outcome, obligation: &Obligation) -> Judged {
    let verdict = cell(outcome, obligation.verdict);
    let possible: Vec<Verdict> = Verdict::ALL.into_iter().filter(|v| verdict.low >> (*v as i64) & 1 == 1).collect();
    let instant = |index: CellId| outcome.only(plan, index)?.value();
    let (trigger, due, done) = (instant(obligation.trigger), instant(obligation.due), instant(obligation.done));
    let only = outcome.verdict(plan, obligation);
    let due_by = due::due_by(plan, outcome, obligation);
    let late_by = due.filter(|_| only == Some(Verdict::Late)).and_then(|due| match done {
        Some(done) => Some(Lateness::of(due_by, due, done, &plan.holidays)),
        None => Lateness::of_day(due_by, due, &cell(outcome, obligation.done), &plan.holidays),
    });
    let excuse = outcome.only(plan, obligation.excuse).filter(|_| only == Some(Verdict::Excused));
    Judged {
        verdict: only,
        possible: if only.is_some() { Vec::new() } else { possible },
        needs: needs(plan, outcome, verdict.needs),
        trigger,
        no_trigger: outcome.only(plan, obligation.trigger) == Some(Known::None),
        due,
        due_by,
        done,
        late_by,
        excuse: excuse.and_then(|e| obligation.excuses.get(e.place()?).cloned()),
    }
}
