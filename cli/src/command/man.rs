//! `concord man`: the manual page, made from the same flags.

use clap::CommandFactory as _;

use crate::args::Cli;
use crate::exit::Exit;
use crate::output::Output;

/// Prints the manual page in roff.
pub fn run(output: &Output) -> Exit {
    let mut page = Vec::new();
    if let Err(error) = clap_mangen::Man::new(Cli::command()).render(&mut page) {
        output.error(&format!("the manual page could not be made: {error}"), None);
        return Exit::Internal;
    }
    match output.data(&String::from_utf8_lossy(&page)) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}
