//! What metrics and a decision log are told.

use std::sync::Arc;
use std::time::Duration;

use crate::decision::Decision;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With answers.
    Answered,
    /// The case was refused.
    Refused,
    /// A setting was.
    SettingRefused,
    /// A claim of the rule was broken.
    ClaimBroken,
    /// A limit was reached.
    Limit,
    /// The module stopped.
    Stopped,
}

/// What metrics are told of a call. Nothing of it is of the patient.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The package.
    pub package: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Of the logic.
    pub fingerprint: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
    /// The codes of the faults.
    pub codes: Vec<String>,
    /// How many answers are not known; of a table, of those that were wanted.
    pub unknown: usize,
    /// How many cases it was about: one, or the rows of a table.
    pub cases: usize,
}

/// Is told of a call.
pub(crate) type OnCall = Arc<dyn Fn(&Call<'_>) + Send + Sync>;
/// Is told of an answer, and of the hash of the case's text as it went in.
pub(crate) type OnDecision = Arc<dyn Fn(&Decision, &str) + Send + Sync>;

/// Who is told.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) call: Option<OnCall>,
    pub(crate) decision: Option<OnDecision>,
}
