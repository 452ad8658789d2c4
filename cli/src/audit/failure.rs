//! Why there is no audit.

use super::judge::AuditError;
use crate::data::read::ReadError;
use std::fmt;

/// Why there is no audit.
#[derive(Debug)]
pub enum Failure {
    /// The export cannot be read.
    Read(ReadError),
    /// It cannot be meant so: why, and what to do.
    NotMeant(String, &'static str),
    /// The judge failed.
    Audit(AuditError),
    /// The thread that reads could not be started, or ended in a fault.
    Thread,
    /// It is needed no more, as a run before it failed.
    Needless,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read(error) => error.fmt(f),
            Failure::NotMeant(why, _) => f.write_str(why),
            Failure::Audit(error) => error.fmt(f),
            Failure::Needless => f.write_str("a run before it failed"),
            Failure::Thread => f.write_str("no thread could be started to read the export"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Failure {
        Failure::Read(error)
    }
}
