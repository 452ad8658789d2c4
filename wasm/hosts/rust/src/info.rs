//! What a module says of itself: its manifest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whose answers they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Info {
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// `draft` or `approved`.
    pub status: String,
    /// Whether a figure of it is marked as unverified.
    pub unverified: bool,
    /// Of the logic.
    pub fingerprint: String,
    /// The hash of the module.
    #[serde(default)]
    pub sha256: String,
    /// The publications that it states.
    pub sources: Vec<String>,
    /// The members, and what each has set otherwise than the group.
    pub members: Vec<Member>,
}

/// An organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    /// Its code.
    pub code: String,
    /// Its name, where it has set something.
    pub title: Option<String>,
    /// Of the network, likewise.
    pub tier: Option<String>,
    /// What it has set otherwise.
    pub differs: Vec<Differs>,
}

/// What a member has set otherwise than the group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Differs {
    /// Which parameter.
    pub parameter: String,
    /// The group's value, in words.
    pub group: Option<String>,
    /// The member's, in words.
    pub member: String,
    /// The member's, as settings take it.
    pub value: Value,
    /// Why.
    pub because: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The first day on which it holds.
    pub approved_on: String,
    /// The last.
    pub until: Option<String>,
}

/// What a case may hold, and an answer may be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schema {
    /// The facts.
    pub facts: Vec<Fact>,
    /// The kinds of event.
    pub events: Vec<Event>,
    /// What members may set, and what the standard fixes.
    pub parameters: Vec<Parameter>,
    /// The answers.
    pub answers: Vec<Given>,
}

/// Of a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Type {
    /// `number`, `yes_no`, `enum`, `duration`, `instant`, `date`, `time_of_day` or `code`.
    pub kind: String,
    /// Decimal places of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
    /// Unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<String>>,
}

/// A fact, or a field of an event. `from` and `to` are integers of the binary interface.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub of: Type,
    /// The least that it may be.
    pub from: Value,
    /// The greatest.
    pub to: Value,
    /// Whether it may be recorded as absent.
    #[serde(default)]
    pub may_be_none: bool,
}

/// A kind of event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Fact>,
}

/// A parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub of: Type,
    /// The group's value, an integer of the binary interface.
    pub value: Option<Value>,
    /// From what to what members may set it; none where it is fixed.
    pub members_may_set: Option<Value>,
}

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// One that can stand in a program.
    pub identifier: String,
    /// Its type; an obligation has none, and is judged by a verdict.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Type>,
}

/// The manifest.
#[derive(Deserialize)]
pub(crate) struct Manifest {
    pub(crate) module: Module,
    pub(crate) logic: Info,
    pub(crate) layout: Schema,
}

/// What it says of the file.
#[derive(Deserialize)]
pub(crate) struct Module {
    #[serde(default)]
    pub(crate) json: bool,
    #[serde(default)]
    pub(crate) sha256: String,
}
