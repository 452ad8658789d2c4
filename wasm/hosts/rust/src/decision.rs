//! What a rule says of one case.

use std::collections::BTreeMap;

use serde::Deserialize;
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
    pub(crate) names: Vec<String>,
    pub(crate) answers: BTreeMap<String, Answer>,
}

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
    answers: Map<String, Value>,
}

impl Decision {
    /// One answer.
    ///
    /// # Errors
    /// When the rule has no answer of this name.
    pub fn answer(&self, name: &str) -> Result<&Answer, Error> {
        self.answers.get(name).ok_or_else(|| Error::Unnamed(format!("answer `{name}` of {}", self.package)))
    }

    /// All answers, in the order of the rule.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.names.iter().filter_map(|name| Some((name.as_str(), self.answers.get(name)?)))
    }

    /// Reads a record.
    pub(crate) fn read(json: Vec<u8>) -> Result<Decision, Error> {
        let record: Record = serde_json::from_slice(&json).map_err(Error::stopped)?;
        let names = record.answers.keys().cloned().collect();
        let read = |(name, of)| Ok((name, serde_json::from_value(of).map_err(Error::stopped)?));
        let answers = record.answers.into_iter().map(read).collect::<Result<_, Error>>()?;
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
            names,
            answers,
        })
    }
}
