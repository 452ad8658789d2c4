//! An audit definition: several runs in one file, so that an audit can be repeated to the letter.
//!
//! ```toml
//! title  = "Emergency care"
//! output = "report"
//!
//! [[run]]
//! rules         = "../../rules/acute/sepsis"
//! data          = ["sepsis/sepsis.csv"]
//! map           = "sepsis/sepsis.map.toml"
//! as_of         = "2015-12-31T00:00:00+01:00"
//! organisations = "names.csv"
//! split         = ["imd_quintile", "ethnicity"]
//! disclosure    = "off"
//! because       = "published research data without identities"
//! ```
//!
//! Paths are relative to the file's folder. `organisations` is a CSV file with the columns `code` and `name`.

use super::Disclosure;
use concord_engine::values::calendar::read_instant;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A definition, with its paths resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Title of the report.
    pub title: String,
    /// Folder of the report, if the file names one.
    pub output: Option<PathBuf>,
    /// The runs, in order.
    pub runs: Vec<RunDefinition>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDefinition {
    /// Folder or file of the package.
    pub rules: PathBuf,
    /// Files of the export.
    pub data: Vec<PathBuf>,
    /// The mapping.
    pub map: PathBuf,
    /// The instant up to which events count, milliseconds UTC.
    pub as_of: i64,
    /// Names of organisations.
    pub organisations: Option<PathBuf>,
    /// Facts by whose value every measure is split.
    pub split: Vec<String>,
    /// Small-number control.
    pub disclosure: Disclosure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionFile {
    title: String,
    output: Option<PathBuf>,
    run: Vec<RunFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile {
    rules: PathBuf,
    data: Vec<PathBuf>,
    map: PathBuf,
    as_of: String,
    organisations: Option<PathBuf>,
    #[serde(default)]
    split: Vec<String>,
    disclosure: Option<Switch>,
    because: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

/// Loads a definition.
///
/// # Errors
/// A sentence that names the file, the line where it is known, and what is wrong.
pub fn load_definition(path: &Path) -> Result<Definition, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read `{name}`: {error}"))?;
    read_definition(&text, path.parent().unwrap_or(Path::new(""))).map_err(|why| format!("`{name}`: {why}"))
}

/// Reads a definition whose paths are relative to `folder`.
///
/// # Errors
/// A sentence that says what is wrong, and in which line where it is known.
pub fn read_definition(text: &str, folder: &Path) -> Result<Definition, String> {
    let file: DefinitionFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| crate::data::mapping::file::line_of(text, span.start));
        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        format!("{line}{}", error.message())
    })?;
    if file.run.is_empty() {
        return Err("the definition has no [[run]]".to_owned());
    }
    let runs = file
        .run
        .into_iter()
        .enumerate()
        .map(|(place, run)| resolve(run, folder).map_err(|why| format!("run {}: {why}", place + 1)));
    Ok(Definition {
        title: file.title,
        output: file.output.map(|output| folder.join(output)),
        runs: runs.collect::<Result<_, _>>()?,
    })
}

fn resolve(run: RunFile, folder: &Path) -> Result<RunDefinition, String> {
    let disclosure = match (run.disclosure, run.because) {
        (Some(Switch::Off), Some(because)) if !because.trim().is_empty() => Disclosure::Off(because),
        (Some(Switch::Off), _) => {
            return Err("`disclosure = \"off\"` needs `because = \"…\"`, which the report prints".to_owned());
        }
        (None | Some(Switch::On), None) => Disclosure::On,
        (None | Some(Switch::On), Some(_)) => {
            return Err("`because` goes only with `disclosure = \"off\"`".to_owned());
        }
    };
    if run.data.is_empty() {
        return Err("`data` names no file".to_owned());
    }
    Ok(RunDefinition {
        rules: folder.join(run.rules),
        data: run.data.into_iter().map(|file| folder.join(file)).collect(),
        map: folder.join(run.map),
        as_of: read_instant(&run.as_of).map_err(|why| format!("`as_of`: {why}"))?,
        organisations: run.organisations.map(|file| folder.join(file)),
        split: run.split,
        disclosure,
    })
}

/// Loads names of organisations: a CSV file with the columns `code` and `name`.
///
/// # Errors
/// A sentence that names the file and says what is wrong.
pub fn load_organisations(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let failed = |error: csv::Error| format!("cannot read `{}`: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let column = |name: &str| {
        let place = header.iter().position(|column| column == name);
        place.ok_or_else(|| format!("`{}` has no column `{name}`", path.display()))
    };
    let (code, name) = (column("code")?, column("name")?);
    let mut names = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        if let (Some(code), Some(name)) = (record.get(code), record.get(name)) {
            names.insert(code.to_owned(), name.to_owned());
        }
    }
    Ok(names)
}
