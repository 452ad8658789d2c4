//! Answers. A `match` tells the four kinds apart; none has a value that stands for the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What people read of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// The answer in words.
    pub text: String,
    /// Why it is so, a sentence each, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Vec<String>>,
    /// The citation, where it was asked for and the rule has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", try_from = "Said")]
pub enum Answer {
    /// It is known: yes/no, a number, or a text (choices, codes, instants, dates, lengths of time).
    Value {
        /// What it is.
        value: Value,
        /// In words.
        #[serde(flatten)]
        words: Words,
    },
    /// It is known that there is none: recorded as absent, or the rule gives no value.
    None {
        /// Always null.
        value: (),
        /// In words.
        #[serde(flatten)]
        words: Words,
    },
    /// Something is missing.
    Unknown {
        /// What it may still be.
        possible: Possible,
        /// What would settle it.
        needs: Vec<Need>,
        /// In words.
        #[serde(flatten)]
        words: Words,
    },
    /// On an obligation.
    Verdict {
        /// What it is, due when, and so on.
        #[serde(flatten)]
        verdict: Verdict,
        /// In words.
        #[serde(flatten)]
        words: Words,
    },
}

/// What an unknown answer may still be: between two values or one of some, or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Possible {
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// The choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
    /// Whether it may be none.
    pub or_none: bool,
}

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// `fact`, `field`, `time`, `events`, `parameter` or `decision`.
    pub kind: String,
    /// The fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The kind of event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The field of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The obligation that is still open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Until when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// In words.
    pub text: String,
}

/// A verdict on an obligation. Instants are in UTC, as RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `not applicable`, `excused`, `met`, `late`, `missed`, `open` or `unknown`.
    pub verdict: String,
    /// The verdicts that are still possible, where it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possible: Option<Vec<String>>,
    /// What would settle it, where it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Vec<Need>>,
    /// Since when the time runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The day in London on which it is due, where it is due by a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
    /// How late it is, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by: Option<String>,
    /// How many calendar days late, where it is due by a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by_days: Option<u32>,
    /// How many working days late, where the deadline counts those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by_working_days: Option<u32>,
    /// The reason that excuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excuse: Option<String>,
}

/// An answer as a record has it. It is read so, and then told apart, as a reader that is told the kind first has to keep the rest until then.
#[derive(Deserialize)]
struct Said {
    kind: Kind,
    text: String,
    because: Option<Vec<String>>,
    source: Option<String>,
    value: Option<Value>,
    verdict: Option<String>,
    possible: Option<Open>,
    needs: Option<Vec<Need>>,
    from: Option<String>,
    due: Option<String>,
    due_on: Option<String>,
    done: Option<String>,
    late_by: Option<String>,
    late_by_days: Option<u32>,
    late_by_working_days: Option<u32>,
    excuse: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Value,
    None,
    Unknown,
    Verdict,
}

/// What is possible: of a value, or of a verdict.
#[derive(Deserialize)]
#[serde(untagged)]
enum Open {
    Verdicts(Vec<String>),
    Values(Possible),
}

impl TryFrom<Said> for Answer {
    type Error = String;

    fn try_from(said: Said) -> Result<Answer, String> {
        let Said {
            kind,
            text,
            because,
            source,
            value,
            verdict,
            possible,
            needs,
            from,
            due,
            due_on,
            done,
            late_by,
            late_by_days,
            late_by_working_days,
            excuse,
        } = said;
        let words = Words { text, because, source };
        let missing = |what: &str| format!("an answer without {what}");
        match kind {
            Kind::Value => Ok(Answer::Value { value: value.ok_or_else(|| missing("a value"))?, words }),
            Kind::None => Ok(Answer::None { value: (), words }),
            Kind::Unknown => {
                let Some(Open::Values(possible)) = possible else { return Err(missing("what is possible")) };
                Ok(Answer::Unknown { possible, needs: needs.ok_or_else(|| missing("needs"))?, words })
            }
            Kind::Verdict => {
                let possible = match possible {
                    Some(Open::Verdicts(verdicts)) => Some(verdicts),
                    None => None,
                    Some(Open::Values(_)) => return Err(missing("verdicts")),
                };
                let verdict = verdict.ok_or_else(|| missing("a verdict"))?;
                let verdict = Verdict {
                    verdict,
                    possible,
                    needs,
                    from,
                    due,
                    due_on,
                    done,
                    late_by,
                    late_by_days,
                    late_by_working_days,
                    excuse,
                };
                Ok(Answer::Verdict { verdict, words })
            }
        }
    }
}

impl Answer {
    /// What people read of it.
    #[must_use]
    pub fn words(&self) -> &Words {
        match self {
            Answer::Value { words, .. }
            | Answer::None { words, .. }
            | Answer::Unknown { words, .. }
            | Answer::Verdict { words, .. } => words,
        }
    }

    /// Whether nothing more needs to be known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        match self {
            Answer::Value { .. } | Answer::None { .. } => true,
            Answer::Unknown { .. } => false,
            Answer::Verdict { verdict, .. } => verdict.verdict != "unknown",
        }
    }
}
