//! What a rule says of one case.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::error::Error;

/// A rule's answers to one case, and what is needed to judge it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// `draft` or `approved`.
    pub status: String,
    /// Whether a figure of the rule is marked as unverified.
    pub unverified: bool,
    /// Of the logic.
    pub fingerprint: String,
    /// The instant judged at.
    pub as_of: Option<String>,
    /// The member's settings in force, as a case has them.
    pub settings: Map<String, Value>,
    /// The hash of the module.
    pub sha256: String,
    /// The member whose settings were asked for.
    pub member: Option<String>,
    /// Those of its settings that are not approved on the day.
    pub not_applied: Vec<NotApplied>,
    /// The record as the module wrote it, to the byte.
    pub json: String,
    answers: Listed,
}

/// Answers by name, in the order of the rule.
#[derive(Clone, Debug, PartialEq)]
struct Listed(Vec<(String, Answer)>);

/// A member's setting that is not approved on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// Which.
    pub parameter: String,
    /// The first day of its approval.
    pub approved_on: String,
    /// The last.
    pub until: Option<String>,
}

#[derive(Deserialize)]
struct Record {
    package: String,
    version: String,
    status: String,
    unverified: bool,
    fingerprint: String,
    as_of: Option<String>,
    settings: Map<String, Value>,
    answers: Listed,
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Listed, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Listed;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("answers by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listed, A::Error> {
                let mut answers = Vec::new();
                while let Some(one) = map.next_entry()? {
                    answers.push(one);
                }
                Ok(Listed(answers))
            }
        }
        from.deserialize_map(Reader)
    }
}

impl Decision {
    /// One answer.
    ///
    /// # Errors
    /// When the rule has no answer of this name.
    pub fn answer(&self, name: &str) -> Result<&Answer, Error> {
        let found = self.answers().find(|(of, _)| *of == name).map(|(_, answer)| answer);
        found.ok_or_else(|| Error::Unnamed(format!("answer `{name}` of {}", self.package)))
    }

    /// All answers, in the order of the rule.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.answers.0.iter().map(|(name, answer)| (name.as_str(), answer))
    }

    /// Reads a record.
    pub(crate) fn read(json: Vec<u8>) -> Result<Decision, Error> {
        let record: Record = serde_json::from_slice(&json).map_err(Error::stopped)?;
        Ok(Decision {
            package: record.package,
            version: record.version,
            status: record.status,
            unverified: record.unverified,
            fingerprint: record.fingerprint,
            as_of: record.as_of,
            settings: record.settings,
            sha256: String::new(),
            member: None,
            not_applied: Vec::new(),
            json: String::from_utf8(json).map_err(Error::stopped)?,
            answers: record.answers,
        })
    }
}
