//! Splits that an audit asks for, over facts that the subject has, whatever the rule declares: deprivation, ethnicity, a site.

use super::group::Group;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{Class, Id, InputId, LabelId, Plan};
use concord_engine::values::types::Type;

/// A fact of more values than these makes no split: bands belong in the rule.
const MOST_GROUPS: i64 = 100;

/// What every measure of a run is split by, besides what its rule declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The fact's name, for people.
    pub(super) title: String,
    by: By,
}

#[derive(Clone, Debug, PartialEq)]
enum By {
    Label(LabelId),
    Fact(InputId, Type),
}

impl Split {
    /// The split by a fact of this name.
    ///
    /// # Errors
    /// A sentence that says why there is none, and what may be named.
    pub fn named(plan: &Plan, name: &str) -> Result<Split, String> {
        let title = name.replace('_', " ");
        let subject = &plan.subject;
        if let Some((label, _)) = subject.labels.placed().find(|(_, label)| label.name == name) {
            return Ok(Split { title, by: By::Label(label) });
        }
        let Some((fact, input)) = subject.inputs.placed().find(|(_, input)| input.name == name) else {
            let labels = subject.labels.iter().map(|label| label.name.as_str());
            let facts =
                subject.inputs.iter().filter(|input| makes_groups(input.shape)).map(|input| input.name.as_str());
            let known: Vec<&str> = labels.chain(facts).collect();
            return Err(format!(
                "cannot split by `{name}`: the subject `{}` has no fact of that name; it has {}",
                subject.name,
                if known.is_empty() { "none to split by".to_owned() } else { known.join(", ") }
            ));
        };
        if !makes_groups(input.shape) {
            return Err(format!(
                "cannot split by `{name}`: it has more than {MOST_GROUPS} values; give its bands in the rule's measure: `by {name} band ..15, 16..64, 65..`"
            ));
        }
        Ok(Split { title, by: By::Fact(fact, input.ty.clone()) })
    }

    /// The group of a case.
    pub(super) fn group(&self, case: &Case) -> Group {
        match &self.by {
            By::Label(label) => match case.labels.get(label.place()) {
                Some(Some(value)) => Group::Named(value.clone()),
                _ => Group::Unknown,
            },
            By::Fact(fact, _) => match case.facts.get(fact.place()) {
                Some(Datum::Known(value)) => Group::At(*value),
                Some(Datum::None) => Group::Outside,
                Some(Datum::Missing | Datum::Between(..)) | None => Group::Unknown,
            },
        }
    }

    /// The label that it splits by, if it is one.
    pub(super) fn label(&self) -> Option<LabelId> {
        if let By::Label(label) = self.by { Some(label) } else { None }
    }

    /// The type of its values, where they are not texts.
    pub(super) fn ty(&self) -> &Type {
        match &self.by {
            By::Label(_) => &Type::Text,
            By::Fact(_, ty) => ty,
        }
    }
}

fn makes_groups(shape: concord_engine::plan::Shape) -> bool {
    shape.class == Class::Set || shape.high - shape.low < MOST_GROUPS
}
