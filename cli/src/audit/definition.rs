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
//! cross         = [["imd quintile", "ethnicity"]]
//! rebase        = [{ from = "2015-06-01", because = "new triage area" }]
//! disclosure    = "off"
//! because       = "published research data without identities"
//! ```
//!
//! Paths are relative to the file's folder. `organisations` is a CSV file with the columns `code` and `name`. A run may name its members,
//! each with the export, the mapping and the version of the rules that it ran:
//!
//! ```toml
//! [[run.member]]
//! code    = "RTF"
//! data    = ["rtf.csv"]
//! map     = "rtf.map.toml"
//! version = "0.9.0"
//! rules   = "../../old/sepsis"
//! from    = "2026-01-01"
//! until   = "2026-06-30"
//! ```

use super::{Disclosure, Rebase};
use concord_engine::values::calendar::{read_date, read_instant};
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
    /// The mapping of these files; empty where only members have files.
    pub map: PathBuf,
    /// The instant up to which events count, milliseconds UTC.
    pub as_of: i64,
    /// Names of organisations.
    pub organisations: Option<PathBuf>,
    /// Facts by whose value every measure is split.
    pub split: Vec<String>,
    /// Splits of which each measure that has both is split by both at once.
    pub cross: Vec<(String, String)>,
    /// From which days on limits of control charts are set anew.
    pub rebase: Vec<Rebase>,
    /// Small-number control.
    pub disclosure: Disclosure,
    /// Members that are named, in order.
    pub members: Vec<MemberDefinition>,
}

/// What is said of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDefinition {
    /// Its code.
    pub code: String,
    /// Its own export; nothing where its cases are in the files of the run.
    pub data: Vec<PathBuf>,
    /// The mapping of its export; that of the run where it has none of its own.
    pub map: Option<PathBuf>,
    /// The version of the rules that it ran.
    pub version: Option<String>,
    /// The package of that version, where its folder is named.
    pub rules: Option<PathBuf>,
    /// The first day on which it ran that version, since 1970.
    pub from: Option<i64>,
    /// The last.
    pub until: Option<i64>,
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
    #[serde(default)]
    data: Vec<PathBuf>,
    map: Option<PathBuf>,
    as_of: String,
    organisations: Option<PathBuf>,
    #[serde(default)]
    split: Vec<String>,
    #[serde(default)]
    cross: Vec<(String, String)>,
    #[serde(default)]
    rebase: Vec<RebaseFile>,
    disclosure: Option<Switch>,
    because: Option<String>,
    #[serde(default)]
    member: Vec<MemberFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RebaseFile {
    from: String,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberFile {
    code: String,
    #[serde(default)]
    data: Vec<PathBuf>,
    map: Option<PathBuf>,
    version: Option<String>,
    rules: Option<PathBuf>,
    from: Option<String>,
    until: Option<String>,
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
    if run.data.is_empty() && run.member.iter().all(|member| member.data.is_empty()) {
        return Err("`data` names no file".to_owned());
    }
    if !run.data.is_empty() && run.map.is_none() {
        return Err("`map` is missing: the mapping of the files in `data`".to_owned());
    }
    let has_map = run.map.is_some();
    let members = run.member.into_iter().map(|member| {
        let code = member.code.clone();
        resolve_member(member, folder, has_map).map_err(|why| format!("member `{code}`: {why}"))
    });
    let members: Vec<MemberDefinition> = members.collect::<Result<_, _>>()?;
    Ok(RunDefinition {
        rules: folder.join(run.rules),
        data: run.data.into_iter().map(|file| folder.join(file)).collect(),
        map: run.map.map(|map| folder.join(map)).unwrap_or_default(),
        as_of: read_instant(&run.as_of).map_err(|why| format!("`as_of`: {why}"))?,
        organisations: run.organisations.map(|file| folder.join(file)),
        split: run.split,
        cross: run.cross,
        rebase: run.rebase.iter().map(resolve_rebase).collect::<Result<_, _>>()?,
        disclosure,
        members,
    })
}

fn resolve_rebase(rebase: &RebaseFile) -> Result<Rebase, String> {
    let from = read_date(&rebase.from).map_err(|why| format!("`rebase`: `from`: {why}"))?;
    if rebase.because.trim().is_empty() {
        return Err(
            "`rebase`: `because` is empty: limits are set anew for a reason, which the report prints".to_owned()
        );
    }
    Ok(Rebase { from, because: rebase.because.clone() })
}

fn resolve_member(member: MemberFile, folder: &Path, has_map: bool) -> Result<MemberDefinition, String> {
    if member.code.trim().is_empty() {
        return Err("`code` is empty".to_owned());
    }
    if !member.data.is_empty() && member.map.is_none() && !has_map {
        return Err("`map` is missing: neither the member nor the run has one".to_owned());
    }
    if member.rules.is_some() && member.version.is_none() {
        return Err("`rules` goes with `version`: which version is it?".to_owned());
    }
    let day = |name: &str, text: Option<String>| {
        text.map(|text| read_date(&text).map_err(|why| format!("`{name}`: {why}"))).transpose()
    };
    let (from, until) = (day("from", member.from)?, day("until", member.until)?);
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        return Err("`until` is before `from`".to_owned());
    }
    Ok(MemberDefinition {
        code: member.code,
        data: member.data.into_iter().map(|file| folder.join(file)).collect(),
        map: member.map.map(|map| folder.join(map)),
        version: member.version,
        rules: member.rules.map(|rules| folder.join(rules)),
        from,
        until,
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
            let before = names.insert(code.to_owned(), name.to_owned());
            if before.is_some_and(|before| before != name) {
                return Err(format!(
                    "`{}` gives `{code}` two names: which of them is meant cannot be told",
                    path.display()
                ));
            }
        }
    }
    Ok(names)
}
