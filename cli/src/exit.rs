//! Exit codes: the contract between `concord` and the scripts that call it.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Fine; an audit that finds breaches is a success.
    Fine = 0,
    /// Findings at or above `--fail-on`: a rule file with errors, a failing example.
    Findings = 1,
    /// The command line was not understood.
    Usage = 2,
    /// Input data rejected.
    Data = 3,
    /// A rule or module refused.
    Rule = 4,
    /// A limit reached: memory, disk, size.
    Limit = 5,
    /// Refused by disclosure control.
    Disclosure = 6,
    /// Our fault.
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
pub const HELP: &str = "Exit codes: 0 fine; 1 findings (errors in rules, failing examples); 2 usage; 3 input data rejected; \
4 rule or module refused; 5 a limit reached; 6 refused by disclosure control; 70 our fault; 130 interrupted.";
