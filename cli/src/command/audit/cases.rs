//! The file of all cases: patient data, refused while small numbers are protected.

use std::path::{Path, PathBuf};

use crate::audit::Disclosure;
use crate::audit::cases::{COLUMNS, Sink};
use crate::audit::definition::Definition;
use crate::exit::Exit;
use crate::files::Growing;
use crate::output::Output;
use crate::words::{no_formula, visible};

/// Endings of what this does not write.
const OTHER_FORMS: [&str; 12] =
    ["parquet", "arrow", "feather", "xlsx", "xls", "ods", "json", "jsonl", "ndjson", "gz", "zst", "zip"];

/// The file in the making, and the package whose cases come next.
pub struct CaseFile<'a> {
    pub package: String,
    file: Growing,
    output: &'a Output,
}

impl<'a> CaseFile<'a> {
    /// Starts the file.
    ///
    /// # Errors
    /// Where it is named as something else than CSV, a run protects small numbers, or the file cannot be created: said on standard error.
    pub fn new(place: &Path, definition: &Definition, output: &'a Output) -> Result<CaseFile<'a>, Exit> {
        let ending = place.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        if let Some(ending) = ending.filter(|ending| OTHER_FORMS.contains(&ending.as_str())) {
            let help =
                "name it .csv: a spreadsheet, R, Python and DuckDB read it, and DuckDB makes a Parquet file of it";
            output.error(&format!("--cases: this writes CSV, and nothing could read that as `.{ending}`"), Some(help));
            return Err(Exit::Usage);
        }
        if definition.runs.iter().any(|run| run.disclosure == Disclosure::On) {
            let help = "switch it off with a reason: disclosure = \"off\" and because = \"…\", or --no-disclosure-control REASON";
            output.error("--cases: single cases are not written while small numbers are protected", Some(help));
            return Err(Exit::Disclosure);
        }
        let mut file = CaseFile { package: String::new(), file: Growing::new(place, output)?, output };
        file.line(std::iter::once("package").chain(COLUMNS)).map_err(|_| Exit::Limit)?;
        Ok(file)
    }

    fn line<'f>(&mut self, fields: impl Iterator<Item = &'f str>) -> Result<(), String> {
        let mut line = csv::Writer::from_writer(Vec::new());
        let fields: Vec<String> = fields.map(|field| no_formula(&visible(field)).into_owned()).collect();
        line.write_record(&fields).map_err(|error| error.to_string())?;
        let bytes = line.into_inner().map_err(|error| error.to_string())?;
        self.file.add(&bytes, self.output).map_err(|_| "see above".to_owned())
    }

    /// The files that are there until it is whole.
    pub fn begun(&self) -> Vec<PathBuf> {
        self.file.begun()
    }

    /// All is written.
    ///
    /// # Errors
    /// Where the file cannot take its place: said on standard error.
    pub fn finish(self) -> Result<(), Exit> {
        self.file.finish(self.output)
    }
}

impl Sink for CaseFile<'_> {
    fn row(&mut self, fields: [String; 11]) -> Result<(), String> {
        let package = self.package.clone();
        self.line(std::iter::once(package.as_str()).chain(fields.iter().map(String::as_str)))
    }
}
