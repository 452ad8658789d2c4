//! The `concord` binary: everything is in the library, so that it can be tested.

use std::process::ExitCode;

/// Bytes of stack: rules that lead on to one another as deep as they may have room, whatever the machine gives its first thread.
const STACK: usize = 32 << 20;

fn main() -> ExitCode {
    let work = || concord_cli::run(std::env::args_os());
    let done = std::thread::Builder::new().stack_size(STACK).spawn(work).map(std::thread::JoinHandle::join);
    match done {
        Ok(Ok(exit)) => exit.into(),
        // A thread that cannot be had, or that ended in a fault of ours, is told as one.
        Ok(Err(_)) | Err(_) => concord_cli::exit::Exit::Internal.into(),
    }
}
