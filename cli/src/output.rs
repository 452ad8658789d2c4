//! Where words go: data to standard output, the rest to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use clap::ColorChoice;

use crate::exit::Exit;
use crate::words::visible;

/// How to speak to the user.
#[derive(Clone, Debug)]
pub struct Output {
    /// Colour on standard error.
    pub colour: bool,
    /// Only what is wrong.
    pub quiet: bool,
    /// Progress even without a terminal.
    pub verbose: bool,
    /// Standard error is a terminal.
    pub terminal: bool,
    /// Lines for standard error that wait until they are said.
    waiting: Option<Arc<Mutex<Vec<String>>>>,
}

impl Output {
    /// Follows the flag, then `NO_COLOR`, then whether standard error is a terminal.
    #[must_use]
    pub fn new(choice: ColorChoice, quiet: bool, verbose: bool) -> Output {
        let terminal = io::stderr().is_terminal();
        let colour = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Output { colour, quiet, verbose, terminal, waiting: None }
    }

    /// Only what is wrong, without colour.
    #[must_use]
    pub const fn quiet() -> Output {
        Output { colour: false, quiet: true, verbose: false, terminal: false, waiting: None }
    }

    /// The same whose lines wait until they are said: those of work beside other work.
    #[must_use]
    pub fn waiting(&self) -> Output {
        Output { waiting: Some(Arc::default()), ..self.clone() }
    }

    /// Says the lines that wait in another.
    pub fn say(&self, other: &Output) {
        let Some(waiting) = &other.waiting else { return };
        // What a lock holds is whole also where a thread has stopped while having it.
        let lines = std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner));
        lines.iter().for_each(|line| self.drawn(line));
    }

    /// Data, to standard output. A reader that has gone away ends the command quietly.
    pub fn data(&self, text: &str) -> Result<(), Exit> {
        let mut out = io::stdout().lock();
        let written = out.write_all(visible(text).as_bytes()).and_then(|()| out.flush());
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Exit::Fine),
            Err(error) => {
                self.error(&format!("standard output could not be written: {error}"), None);
                Err(Exit::Limit)
            }
        }
    }

    /// Something worth knowing, to standard error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Something that is wrong, with what to do about it.
    pub fn error(&self, text: &str, help: Option<&str>) {
        let (on, bold, off) = if self.colour { ("\u{1b}[1;31m", "\u{1b}[1m", "\u{1b}[0m") } else { ("", "", "") };
        self.drawn(&format!("{on}error{off}{bold}: {}{off}", visible(text)));
        if let Some(help) = help {
            self.line(&format!("  help: {help}"));
        }
    }

    /// Something that may make what follows wrong.
    pub fn warning(&self, text: &str) {
        let (on, off) = if self.colour { ("\u{1b}[1;33m", "\u{1b}[0m") } else { ("", "") };
        self.drawn(&format!("{on}warning{off}: {}", visible(text)));
    }

    /// A line to standard error, whatever the settings. Nothing in it can act on the terminal.
    pub fn line(&self, text: &str) {
        self.drawn(&visible(text));
    }

    /// A text with colours of our own, in which what others wrote has been made visible already.
    pub fn drawn(&self, text: &str) {
        match &self.waiting {
            // As above.
            Some(waiting) => waiting.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned()),
            None => drop(writeln!(io::stderr().lock(), "{text}")),
        }
    }
}

/// Shows what clap has to say: help is data, a mistake is usage.
pub fn clap_error(error: &clap::Error) -> Exit {
    let _ = error.print();
    match error.kind() {
        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion => Exit::Fine,
        _ => Exit::Usage,
    }
}
