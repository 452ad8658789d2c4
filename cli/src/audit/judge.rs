//! Who judges: handed in, so that an audit runs the same compiled module that the members embed, and a test may run another.

use super::members::AsRun;
use crate::results::Logic;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::AnswerId;
use concord_engine::plan::case::Case;
use std::fmt;

/// A judge of cases by one package.
pub trait Judge {
    /// By which logic it judges.
    fn logic(&self) -> Logic;

    /// Judges a batch: one outcome a case, in their order.
    ///
    /// # Errors
    /// Why it could not, in words.
    fn judge(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String>;

    /// The same in the place of outcomes that it gave before and that nobody needs any more, where it can use their memory again.
    ///
    /// # Errors
    /// Why it could not, in words.
    fn judge_again(&mut self, cases: &[Case], _spent: Vec<Outcome>) -> Result<Vec<Outcome>, String> {
        self.judge(cases)
    }

    /// Judges cases of one member by the settings and the version that it ran, and by what most members set where each has to set it for itself;
    /// nothing where all this is as the audit judges.
    ///
    /// # Errors
    /// Why it could not, in words.
    fn as_run(&mut self, _code: &str, _cases: &[Case]) -> Result<Option<Vec<AsRun>>, String> {
        Ok(None)
    }

    /// As many others that judge as it does, each for a thread of its own; none where there is no other.
    fn others(&mut self, _count: usize) -> Vec<Box<dyn Judge + Send + '_>> {
        Vec::new()
    }

    /// Explains an answer for a case, a line each.
    fn explain(&mut self, answer: AnswerId, case: &Case) -> Vec<String>;
}

/// Why an audit stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditError {
    /// The judge failed.
    Judge(String),
    /// The file of cases could not be written.
    Cases(String),
    /// The judge gave another number of outcomes than it got cases.
    Outcomes {
        /// Cases it was given.
        cases: usize,
        /// Outcomes it gave.
        outcomes: usize,
    },
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditError::Judge(why) => write!(f, "the rules could not be run: {why}"),
            AuditError::Cases(why) => write!(f, "the file of cases could not be written: {why}"),
            AuditError::Outcomes { cases, outcomes } => {
                write!(f, "a fault in Concord: {cases} cases were judged with {outcomes} outcomes")
            }
        }
    }
}

impl std::error::Error for AuditError {}
