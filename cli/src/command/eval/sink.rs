//! Where answers go: to standard output as each is known, or to a file that takes its place when all are.

use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::files::Growing;
use crate::output::Output;

/// Standard output, or a file in the making.
pub struct Sink<'a> {
    file: Option<Growing>,
    output: &'a Output,
}

impl<'a> Sink<'a> {
    /// A file at `place`; standard output where there is none, or it is `-`.
    ///
    /// # Errors
    /// Where the file cannot be created.
    pub fn new(place: Option<&Path>, output: &'a Output) -> Result<Sink<'a>, Exit> {
        let place = place.filter(|place| place.as_os_str() != "-");
        let file = place.map(|place| Growing::new(place, output)).transpose()?;
        Ok(Sink { file, output })
    }

    /// The files that are there until it is whole.
    pub fn begun(&self) -> Vec<PathBuf> {
        self.file.as_ref().map(Growing::begun).unwrap_or_default()
    }

    /// Adds a text and the end of its line.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn line(&mut self, text: &str) -> Result<(), Exit> {
        let line = format!("{text}\n");
        match &mut self.file {
            Some(file) => file.add(line.as_bytes(), self.output),
            None => self.output.data(&line),
        }
    }

    /// All is written.
    ///
    /// # Errors
    /// Where the file cannot take its place.
    pub fn finish(self) -> Result<(), Exit> {
        self.file.map_or(Ok(()), |file| file.finish(self.output))
    }
}
