//! Exit codes: the contract between `concord` and the scripts that call it.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Success; an audit that finds breaches is one.
    Fine = 0,
    /// Findings at or above `--fail-on`: a rule file with errors, a failing example.
    Findings = 1,
    /// The command line was not understood.
    Usage = 2,
    /// Input data refused.
    Data = 3,
    /// A rule or module refused.
    Rule = 4,
    /// A limit was reached: memory, disk, size, time.
    Limit = 5,
    /// Refused by disclosure control.
    Disclosure = 6,
    /// An internal error.
    Internal = 70,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// What `--help` says of them.
pub const HELP: &str = "Exit codes: 0 success; 1 findings (errors in rules, failing examples); 2 wrong usage; 3 input data refused; \
4 rule or module refused; 5 a limit was reached; 6 refused by disclosure control; 70 internal error; 130 interrupted.";
