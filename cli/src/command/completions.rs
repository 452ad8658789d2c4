//! `concord completions SHELL`.

use clap::CommandFactory as _;

use crate::args::{Cli, Completions};
use crate::exit::Exit;
use crate::output::Output;

/// Prints the completion script.
pub fn run(args: &Completions, output: &Output) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "concord", &mut script);
    match output.data(&String::from_utf8_lossy(&script)) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}
