//! The Concord command line as a library: one file or folder per command.
//!
//! Data goes to standard output, everything else to standard error; a broken pipe ends quietly.

pub mod args;
pub mod audit;
pub mod command;
pub mod data;
pub mod description;
pub mod exit;
pub mod files;
pub mod golden;
pub mod judge;
pub mod manifest;
pub mod module;
pub mod output;
pub mod parallel;
pub mod progress;
pub mod project;
pub mod report;
pub mod results;
pub mod settings;
pub mod signing;
pub mod words;

use std::ffi::OsString;

use clap::Parser as _;

use args::{Cli, Command};
use exit::Exit;
use output::Output;

/// Runs the command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return output::clap_error(&error),
    };
    let output = Output::new(cli.color, cli.quiet, cli.verbose);
    match cli.command {
        Command::New(args) => command::new::run(&args, &output),
        Command::Check(args) => command::check::run(&args, &output),
        Command::Fmt(args) => command::fmt::run(&args, &output),
        Command::Test(args) => command::test::run(&args, &output),
        Command::Packs(args) => command::packs::run(&args, &output),
        Command::Eval(args) => command::eval::run(&args, &output),
        Command::Build(args) => command::build::run(&args, &output),
        Command::Keygen(args) => command::keygen::run(&args, &output),
        Command::Sign(args) => command::sign::run(&args, &output),
        Command::Verify(args) => command::verify::run(&args, &output),
        Command::Replay(args) => command::replay::run(&args, &output),
        Command::Inspect(args) => command::inspect::run(&args, &output),
        Command::Serve(args) => command::serve::run(&args, &output),
        Command::Bindings(args) => command::bindings::run(&args, &output),
        Command::Audit(args) => command::audit::run(&args, &output),
        Command::Report(args) => command::report::run(&args, &output),
        Command::Profile(args) => command::profile::run(&args, &output),
        Command::Map(args) => command::map::run(&args, &output),
        Command::Merge(args) => command::merge::run(&args, &output),
        Command::Cases(args) => command::cases::run(&args, &output),
        Command::Waits(args) => command::waits::run(&args, &output),
        Command::Explain(args) => command::explain::run(&args, &output),
        Command::Completions(args) => command::completions::run(&args, &output),
        Command::Man => command::man::run(&output),
        Command::Version(args) => command::version::run(&args, &output),
    }
}
