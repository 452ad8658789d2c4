//! Why there is no answer.

use std::fmt;
use std::io;
use std::path::Path;

use concord_wasm::run::RunError;
use serde::{Deserialize, Serialize};

/// One thing that is wrong with a case or a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What `concord explain` explains, such as `D08`.
    pub code: String,
    /// Where, as a JSON pointer.
    pub at: String,
    /// What belongs there, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// What was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The deadline passed.
    Deadline,
    /// There is no room.
    Room,
}

/// Why there is no answer. No message repeats a value of the case.
#[derive(Debug)]
pub enum Error {
    /// The case is faulty.
    CaseRefused(Vec<Fault>),
    /// A setting is outside the contract, or there is no such parameter or member.
    SettingRefused(Vec<Fault>),
    /// The module is not to be trusted: `sha256`, `module`, `interface`, `json`, `fingerprint`, `draft`, `self_test`, `twice`, or `stopped`; and why, in words.
    RuleRefused(&'static str, String),
    /// The case reaches what the rule claims to be impossible.
    ClaimBroken(String),
    /// A limit was reached.
    LimitReached(Limit),
    /// A name that there is not: of an answer, a rule or a column.
    Unnamed(String),
    /// A file cannot be read.
    File(io::Error),
}

impl Error {
    /// A module stopped, or said what its interface excludes.
    pub(crate) fn stopped(why: impl fmt::Display) -> Error {
        Error::RuleRefused("stopped", why.to_string())
    }
}

impl Error {
    /// A file or a folder cannot be read.
    pub(crate) fn unread(path: &Path, error: &io::Error) -> Error {
        Error::File(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// A file of a folder is refused: which one.
    pub(crate) fn of(self, path: &Path) -> Error {
        match self {
            Error::RuleRefused(code, why) => Error::RuleRefused(code, format!("{}: {why}", path.display())),
            other => other,
        }
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Error {
        match error {
            RunError::Deadline => Error::LimitReached(Limit::Deadline),
            RunError::Room => Error::LimitReached(Limit::Room),
            error => Error::stopped(error),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.at.is_empty() {
            write!(f, " at {}", self.at)?;
        }
        self.expected.as_ref().map_or(Ok(()), |expected| write!(f, ": expected {expected}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |faults: &[Fault]| faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ");
        match self {
            Error::CaseRefused(faults) => write!(f, "the case is refused: {}", list(faults)),
            Error::SettingRefused(faults) => write!(f, "a setting is refused: {}", list(faults)),
            Error::RuleRefused(code, why) => write!(f, "the rule is refused ({code}): {why}"),
            Error::ClaimBroken(claim) => write!(f, "the case breaks a claim of the rule: {claim}"),
            Error::LimitReached(Limit::Deadline) => write!(f, "a limit was reached: deadline"),
            Error::LimitReached(Limit::Room) => write!(f, "a limit was reached: room"),
            Error::Unnamed(what) => write!(f, "there is no {what}"),
            Error::File(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::File(error)
    }
}
